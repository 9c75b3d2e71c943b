//! Leaves of an attribute whose value may not always be used: when it is stale, or nobody has consented to what it is for, it is
//! missing.

use std::sync::Arc;

use super::float::FloatLeaves;
use super::form::{FloatForm, ListForm, MapForm, TextForm, WordForm, WordsForm};
use super::getter::{ReadText, and};
use super::list::ListLeaves;
use super::map::MapLeaves;
use super::program::{Consents, permits};
use super::text::TextLeaves;
use super::word::WordLeaves;
use super::words::WordsLeaves;
use super::{Cx, Get, GetText, Leaves, Next, Test};
use crate::time::Instant;

/// Reads as of when a value is known.
pub type AsOf<R> = Arc<dyn Fn(&R) -> Option<Instant> + Send + Sync>;

/// When a value may be used.
type Holds<R> = Arc<dyn Fn(&R, &Cx<'_>) -> bool + Send + Sync>;

struct Limit<R>(Holds<R>);

impl<R> Clone for Limit<R> {
    fn clone(&self) -> Self {
        Limit(Arc::clone(&self.0))
    }
}

impl<R: 'static> Limit<R> {
    fn holds(&self, r: &R, cx: &Cx<'_>) -> bool {
        (self.0)(r, cx)
    }

    /// What is asked of a value that is known.
    fn known(&self, test: Test<R>) -> Test<R> {
        let limit = self.clone();
        Box::new(move |r, cx| limit.holds(r, cx) && test(r, cx))
    }

    /// Missing, or not to be used.
    fn missing(&self, known: Test<R>, next: Next<R>) -> Test<R> {
        let limit = self.clone();
        and(Box::new(move |r, cx| !(limit.holds(r, cx) && known(r, cx))), next)
    }

    fn get<T: 'static>(&self, get: Get<R, T>) -> Get<R, T> {
        let limit = self.clone();
        Box::new(move |r, cx| if limit.holds(r, cx) { get(r, cx) } else { None })
    }
}

/// The leaves of all values, and when a value may be used.
struct Usable<R, L: ?Sized> {
    limit: Limit<R>,
    leaves: Arc<L>,
}

impl<R: 'static> Leaves<R> {
    /// The same, of values that are known as of an instant within a resolved time.
    pub(crate) fn fresh(self, as_of: AsOf<R>, time: usize) -> Leaves<R> {
        let fresh = move |r: &R, cx: &Cx<'_>| {
            as_of(r).is_some_and(|at| {
                let (low, high) = cx.time(time);
                low <= at.millis() && at.millis() <= high
            })
        };
        limited(self, Limit(Arc::new(fresh)))
    }

    /// The same, of customers who have consented to this purpose.
    pub(crate) fn permitted(self, consents: Consents<R>, purpose: &str) -> Leaves<R> {
        let purpose: Arc<str> = purpose.into();
        limited(self, Limit(Arc::new(move |r, cx| permits(consents(r), &purpose, cx.moment.now))))
    }
}

fn limited<R: 'static>(leaves: Leaves<R>, limit: Limit<R>) -> Leaves<R> {
    match leaves {
        Leaves::Word(leaves) => Leaves::Word(Arc::new(Usable { limit, leaves })),
        Leaves::Float(leaves) => Leaves::Float(Arc::new(Usable { limit, leaves })),
        Leaves::Text(leaves) => Leaves::Text(Arc::new(Usable { limit, leaves })),
        Leaves::List(leaves) => Leaves::List(Arc::new(Usable { limit, leaves })),
        Leaves::Words(leaves) => Leaves::Words(Arc::new(Usable { limit, leaves })),
        Leaves::Map(leaves) => Leaves::Map(Arc::new(Usable { limit, leaves })),
    }
}

/// Being missing is asked the other way round; all else is asked of a value that is known.
macro_rules! usable_test {
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

impl<R: 'static> WordLeaves<R> for Usable<R, dyn WordLeaves<R>> {
    usable_test!(WordForm);

    fn get(&self) -> Get<R, i64> {
        self.limit.get(self.leaves.get())
    }
}

impl<R: 'static> FloatLeaves<R> for Usable<R, dyn FloatLeaves<R>> {
    usable_test!(FloatForm);

    fn get(&self) -> Get<R, f64> {
        self.limit.get(self.leaves.get())
    }
}

impl<R: 'static> TextLeaves<R> for Usable<R, dyn TextLeaves<R>> {
    usable_test!(TextForm);

    fn get(&self) -> GetText<R> {
        Box::new(UsableText { limit: self.limit.clone(), of: self.leaves.get() })
    }
}

struct UsableText<R> {
    limit: Limit<R>,
    of: GetText<R>,
}

impl<R: 'static> ReadText<R> for UsableText<R> {
    fn read<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<&'r str> {
        if self.limit.holds(r, cx) { self.of.read(r, cx) } else { None }
    }
}

impl<R: 'static> ListLeaves<R> for Usable<R, dyn ListLeaves<R>> {
    usable_test!(ListForm);

    fn len(&self) -> Get<R, i64> {
        self.limit.get(self.leaves.len())
    }

    fn each(&self, r: &R, cx: &Cx<'_>, visit: &mut dyn FnMut(&str)) -> bool {
        self.limit.holds(r, cx) && self.leaves.each(r, cx, visit)
    }
}

impl<R: 'static> WordsLeaves<R> for Usable<R, dyn WordsLeaves<R>> {
    usable_test!(WordsForm);

    fn len(&self) -> Get<R, i64> {
        self.limit.get(self.leaves.len())
    }

    fn each(&self, r: &R, cx: &Cx<'_>, visit: &mut dyn FnMut(i64)) -> bool {
        self.limit.holds(r, cx) && self.leaves.each(r, cx, visit)
    }
}

impl<R: 'static> MapLeaves<R> for Usable<R, dyn MapLeaves<R>> {
    usable_test!(MapForm);

    fn len(&self) -> Get<R, i64> {
        self.limit.get(self.leaves.len())
    }

    fn at(&self, key: &str) -> Leaves<R> {
        limited(self.leaves.at(key), self.limit.clone())
    }
}
