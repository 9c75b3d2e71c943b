//! Leaves over lists of texts.

use std::marker::PhantomData;
use std::sync::Arc;

use super::form::ListForm;
use super::getter::and;
use super::matcher::{Matcher, OneOf, same_ignoring_case};
use super::{Cx, Get, Next, Test};

/// What can be built from an accessor of lists whose type is known only here.
pub trait ListLeaves<R>: Send + Sync {
    /// A predicate, and what follows it.
    fn test(&self, form: &ListForm, next: Next<R>) -> Test<R>;
    /// How many items there are.
    fn len(&self) -> Get<R, i64>;
    /// Hands each item to `visit`; `false` where the list is missing.
    fn each(&self, r: &R, cx: &Cx<'_>, visit: &mut dyn FnMut(&str)) -> bool;
}

/// An accessor of lists of `S`.
pub struct ListAccess<F, S> {
    read: Arc<F>,
    item: PhantomData<fn() -> S>,
}

impl<F, S> ListAccess<F, S> {
    /// Wraps an accessor.
    pub fn new(read: F) -> Self {
        ListAccess { read: Arc::new(read), item: PhantomData }
    }
}

impl<R: 'static, F, S> ListLeaves<R> for ListAccess<F, S>
where
    F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r [S]> + Send + Sync + 'static,
    S: AsRef<str> + 'static,
{
    fn test(&self, form: &ListForm, next: Next<R>) -> Test<R> {
        let read = Arc::clone(&self.read);
        let test: Test<R> = match form.clone() {
            ListForm::AnyOf { items, ignoring_case: false, want } => {
                let wanted = OneOf::new(&items);
                let has = move |list: &[S]| list.iter().any(|item| wanted.matches(item.as_ref()));
                Box::new(move |r, cx| read(r, cx).is_some_and(|list| has(list) == want))
            }
            ListForm::AnyOf { items, ignoring_case: true, want } => Box::new(move |r, cx| {
                read(r, cx).is_some_and(|list| items.iter().any(|item| has(list, item, true)) == want)
            }),
            ListForm::AllOf { items, ignoring_case, want } => Box::new(move |r, cx| {
                read(r, cx).is_some_and(|list| items.iter().all(|item| has(list, item, ignoring_case)) == want)
            }),
            ListForm::Empty { want } => Box::new(move |r, cx| read(r, cx).is_some_and(|list| list.is_empty() == want)),
            ListForm::Present { known } => Box::new(move |r, cx| read(r, cx).is_some() == known),
        };
        and(test, next)
    }

    fn len(&self) -> Get<R, i64> {
        let read = Arc::clone(&self.read);
        Box::new(move |r, cx| i64::try_from(read(r, cx)?.len()).ok())
    }

    fn each(&self, r: &R, cx: &Cx<'_>, visit: &mut dyn FnMut(&str)) -> bool {
        let Some(list) = (self.read)(r, cx) else { return false };
        list.iter().for_each(|item| visit(item.as_ref()));
        true
    }
}

fn has<S: AsRef<str>>(list: &[S], item: &str, ignoring_case: bool) -> bool {
    if ignoring_case {
        list.iter().any(|x| same_ignoring_case(x.as_ref(), item))
    } else {
        list.iter().any(|x| x.as_ref() == item)
    }
}
