//! The shapes of what is built.

use super::plan::Place;
use super::{Cx, Held};

/// A predicate over `R`: definitely so, or not.
pub type Test<R> = Box<dyn Fn(&R, &Cx<'_>) -> bool + Send + Sync>;

/// What is asked after a test that holds, in an `and`. A leaf that owns what follows ends in a jump to it: no loop comes
/// back to ask whether to go on.
pub type Next<R> = Option<Test<R>>;

/// Both bodies, with and without something that follows: for the leaves that rules are made of.
pub(crate) fn then<R: 'static>(holds: impl Fn(&R, &Cx<'_>) -> bool + Send + Sync + 'static, next: Next<R>) -> Test<R> {
    match next {
        None => Box::new(holds),
        Some(next) => Box::new(move |r, cx| holds(r, cx) && next(r, cx)),
    }
}

/// The same with one body, called: for the leaves that cost more than a call, or are rare.
pub(crate) fn and<R: 'static>(test: Test<R>, next: Next<R>) -> Test<R> {
    match next {
        None => test,
        Some(next) => Box::new(move |r, cx| test(r, cx) && next(r, cx)),
    }
}

/// A value read from `R`; `None` is missing.
pub type Get<R, T> = Box<dyn Fn(&R, &Cx<'_>) -> Option<T> + Send + Sync>;

/// A text read from `R`, from the evaluation around it, or from the getter itself; `None` is missing.
pub type GetText<R> = Box<dyn ReadText<R>>;

/// Reads a text. Not a plain closure, which could not lend out a text of its own.
pub trait ReadText<R>: Send + Sync {
    /// The text, borrowed from whatever holds it.
    fn read<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<&'r str>;
}

impl<R, F> ReadText<R> for F
where
    F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r str> + Send + Sync,
{
    #[inline]
    fn read<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<&'r str> {
        self(r, cx)
    }
}

/// A constant.
pub(crate) struct ConstantText(pub std::sync::Arc<str>);

impl<R> ReadText<R> for ConstantText {
    fn read<'r>(&'r self, _: &'r R, _: &'r Cx<'_>) -> Option<&'r str> {
        Some(&self.0)
    }
}

/// What the request holds.
pub(crate) struct HeldText(pub Place, pub usize);

impl<R> ReadText<R> for HeldText {
    fn read<'r>(&'r self, _: &'r R, cx: &'r Cx<'_>) -> Option<&'r str> {
        match cx.held(self.0, self.1) {
            Some(Held::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// Always missing.
pub(crate) struct NoText;

impl<R> ReadText<R> for NoText {
    fn read<'r>(&'r self, _: &'r R, _: &'r Cx<'_>) -> Option<&'r str> {
        None
    }
}
