//! Leaves of an attribute that grows stale: outside of its time it is missing.

use std::sync::Arc;

use super::float::FloatLeaves;
use super::form::{FloatForm, ListForm, MapForm, TextForm, WordForm, WordsForm};
use super::getter::{ReadText, and};
use super::list::ListLeaves;
use super::map::MapLeaves;
use super::text::TextLeaves;
use super::word::WordLeaves;
use super::words::WordsLeaves;
use super::{Cx, Get, GetText, Leaves, Next, Test};
use crate::time::Instant;

/// Reads as of when a value is known.
pub type AsOf<R> = Arc<dyn Fn(&R) -> Option<Instant> + Send + Sync>;

/// When a value is fresh.
struct Limit<R> {
    as_of: AsOf<R>,
    /// The time, by number, in which it must have been known.
    time: usize,
}

impl<R> Clone for Limit<R> {
    fn clone(&self) -> Self {
        Limit { as_of: Arc::clone(&self.as_of), time: self.time }
    }
}

impl<R: 'static> Limit<R> {
    fn holds(&self, r: &R, cx: &Cx<'_>) -> bool {
        (self.as_of)(r).is_some_and(|at| {
            let (low, high) = cx.time(self.time);
            low <= at.millis() && at.millis() <= high
        })
    }

    /// What is asked of a value that is known.
    fn known(&self, test: Test<R>) -> Test<R> {
        let limit = self.clone();
        Box::new(move |r, cx| limit.holds(r, cx) && test(r, cx))
    }

    /// Missing, or not fresh.
    fn missing(&self, known: Test<R>, next: Next<R>) -> Test<R> {
        let limit = self.clone();
        and(Box::new(move |r, cx| !(limit.holds(r, cx) && known(r, cx))), next)
    }

    fn get<T: 'static>(&self, get: Get<R, T>) -> Get<R, T> {
        let limit = self.clone();
        Box::new(move |r, cx| if limit.holds(r, cx) { get(r, cx) } else { None })
    }
}

/// The leaves of all values, and when a value is fresh.
struct Fresh<R, L: ?Sized> {
    limit: Limit<R>,
    leaves: Arc<L>,
}

impl<R: 'static> Leaves<R> {
    /// The same, of values that are known as of an instant within a resolved time.
    pub(crate) fn fresh(self, as_of: AsOf<R>, time: usize) -> Leaves<R> {
        limited(self, Limit { as_of, time })
    }
}

fn limited<R: 'static>(leaves: Leaves<R>, limit: Limit<R>) -> Leaves<R> {
    match leaves {
        Leaves::Word(leaves) => Leaves::Word(Arc::new(Fresh { limit, leaves })),
        Leaves::Float(leaves) => Leaves::Float(Arc::new(Fresh { limit, leaves })),
        Leaves::Text(leaves) => Leaves::Text(Arc::new(Fresh { limit, leaves })),
        Leaves::List(leaves) => Leaves::List(Arc::new(Fresh { limit, leaves })),
        Leaves::Words(leaves) => Leaves::Words(Arc::new(Fresh { limit, leaves })),
        Leaves::Map(leaves) => Leaves::Map(Arc::new(Fresh { limit, leaves })),
    }
}

/// Being missing is asked the other way round; all else is asked of a value that is known.
macro_rules! fresh_test {
    ($form:ident) => {
        fn test(&self, form: &$form, next: Next<R>) -> Test<R> {
            match form {
                $form::Present { known: false } => {
                    self.limit.missing(self.leaves.test(&$form::Present { known: true }, None), next)
                }
                form => self.limit.known(self.leaves.test(form, next)),
            }
        }
    };
}

impl<R: 'static> WordLeaves<R> for Fresh<R, dyn WordLeaves<R>> {
    fresh_test!(WordForm);

    fn get(&self) -> Get<R, i64> {
        self.limit.get(self.leaves.get())
    }
}

impl<R: 'static> FloatLeaves<R> for Fresh<R, dyn FloatLeaves<R>> {
    fresh_test!(FloatForm);

    fn get(&self) -> Get<R, f64> {
        self.limit.get(self.leaves.get())
    }
}

impl<R: 'static> TextLeaves<R> for Fresh<R, dyn TextLeaves<R>> {
    fresh_test!(TextForm);

    fn get(&self) -> GetText<R> {
        Box::new(FreshText { limit: self.limit.clone(), of: self.leaves.get() })
    }
}

struct FreshText<R> {
    limit: Limit<R>,
    of: GetText<R>,
}

impl<R: 'static> ReadText<R> for FreshText<R> {
    fn read<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<&'r str> {
        if self.limit.holds(r, cx) { self.of.read(r, cx) } else { None }
    }
}

impl<R: 'static> ListLeaves<R> for Fresh<R, dyn ListLeaves<R>> {
    fresh_test!(ListForm);

    fn len(&self) -> Get<R, i64> {
        self.limit.get(self.leaves.len())
    }

    fn each(&self, r: &R, cx: &Cx<'_>, visit: &mut dyn FnMut(&str)) -> bool {
        self.limit.holds(r, cx) && self.leaves.each(r, cx, visit)
    }
}

impl<R: 'static> WordsLeaves<R> for Fresh<R, dyn WordsLeaves<R>> {
    fresh_test!(WordsForm);

    fn len(&self) -> Get<R, i64> {
        self.limit.get(self.leaves.len())
    }

    fn each(&self, r: &R, cx: &Cx<'_>, visit: &mut dyn FnMut(i64)) -> bool {
        self.limit.holds(r, cx) && self.leaves.each(r, cx, visit)
    }
}

impl<R: 'static> MapLeaves<R> for Fresh<R, dyn MapLeaves<R>> {
    fresh_test!(MapForm);

    fn len(&self) -> Get<R, i64> {
        self.limit.get(self.leaves.len())
    }

    fn at(&self, key: &str) -> Leaves<R> {
        limited(self.leaves.at(key), self.limit.clone())
    }
}
