//! Leaves over lists of words.

use std::marker::PhantomData;
use std::sync::Arc;

use super::form::WordsForm;
use super::getter::and;
use super::{Cx, Get, Next, Test};

/// What can be built from an accessor of lists whose type is known only here.
pub trait WordsLeaves<R>: Send + Sync {
    /// A predicate, and what follows it.
    fn test(&self, form: &WordsForm, next: Next<R>) -> Test<R>;
    /// How many items there are.
    fn len(&self) -> Get<R, i64>;
    /// Hands each item to `visit`; `false` where the list is missing.
    fn each(&self, r: &R, cx: &Cx<'_>, visit: &mut dyn FnMut(i64)) -> bool;
}

/// An accessor of lists of `S`, and how one becomes a word.
pub struct WordsAccess<F, W, S> {
    read: Arc<F>,
    word: W,
    item: PhantomData<fn() -> S>,
}

impl<F, W, S> WordsAccess<F, W, S> {
    /// Wraps an accessor.
    pub fn new(read: F, word: W) -> Self {
        WordsAccess { read: Arc::new(read), word, item: PhantomData }
    }
}

impl<R: 'static, F, W, S> WordsLeaves<R> for WordsAccess<F, W, S>
where
    F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r [S]> + Send + Sync + 'static,
    W: Fn(&S) -> i64 + Copy + Send + Sync + 'static,
    S: 'static,
{
    fn test(&self, form: &WordsForm, next: Next<R>) -> Test<R> {
        let (read, word) = (Arc::clone(&self.read), self.word);
        let test: Test<R> = match form.clone() {
            WordsForm::AnyOf { values, want } => {
                let has = move |list: &[S]| list.iter().any(|item| values.binary_search(&word(item)).is_ok());
                Box::new(move |r, cx| read(r, cx).is_some_and(|list| has(list) == want))
            }
            WordsForm::AllOf { values, want } => {
                let has = move |list: &[S]| values.iter().all(|value| list.iter().any(|item| word(item) == *value));
                Box::new(move |r, cx| read(r, cx).is_some_and(|list| has(list) == want))
            }
            WordsForm::Empty { want } => Box::new(move |r, cx| read(r, cx).is_some_and(|list| list.is_empty() == want)),
            WordsForm::Present { known } => Box::new(move |r, cx| read(r, cx).is_some() == known),
        };
        and(test, next)
    }

    fn len(&self) -> Get<R, i64> {
        let read = Arc::clone(&self.read);
        Box::new(move |r, cx| i64::try_from(read(r, cx)?.len()).ok())
    }

    fn each(&self, r: &R, cx: &Cx<'_>, visit: &mut dyn FnMut(i64)) -> bool {
        let Some(list) = (self.read)(r, cx) else { return false };
        list.iter().for_each(|item| visit((self.word)(item)));
        true
    }
}
