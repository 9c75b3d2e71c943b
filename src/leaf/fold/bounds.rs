//! From when to when an aggregate looks.

use crate::leaf::Cx;
use crate::leaf::build::{self, Builder};
use crate::leaf::getter::Get;
use crate::leaf::plan::{Value, Window};
use crate::leaf::scope::OnCustomer;

/// From when to when.
pub(super) enum Bounds<P> {
    Ever,
    /// A resolved time, by its number.
    Time(usize),
    Between(Get<P, i64>, Get<P, i64>),
}

impl<P: 'static> Bounds<P> {
    pub fn new(builder: &Builder<'_, P>, window: &Window) -> Self {
        match window {
            Window::Ever => Bounds::Ever,
            Window::Time(time) => Bounds::Time(*time),
            Window::Between(ends) => {
                let [low, high] = ends.each_ref().map(|end| build::word(&OnCustomer(builder), end));
                Bounds::Between(low, high)
            }
        }
    }

    /// The first and the last instant; `None` where they are not known.
    #[inline]
    pub fn of(&self, p: &P, cx: &Cx<'_>) -> Option<(i64, i64)> {
        match self {
            Bounds::Ever => Some((i64::MIN, cx.now())),
            Bounds::Time(time) => Some(cx.time(*time)),
            Bounds::Between(low, high) => Some((low(p, cx)?, high(p, cx)?.min(cx.now()))),
        }
    }
}

/// Narrower ends than these, where a filter asks for them.
pub(super) type Within<P> = Box<dyn Fn(&P, &Cx<'_>, (i64, i64)) -> (i64, i64) + Send + Sync>;

pub(super) fn within<P: 'static>(builder: &Builder<'_, P>, ends: &[Option<Value>; 2]) -> Option<Within<P>> {
    let [low, high] = ends.each_ref().map(|end| end.as_ref().map(|value| build::word(&OnCustomer(builder), value)));
    if low.is_none() && high.is_none() {
        return None;
    }
    // Where an end is not known, the filter keeps nothing anyway.
    Some(Box::new(move |p, cx, ends| {
        let own = |end: &Option<Get<P, i64>>| end.as_ref().and_then(|end| end(p, cx));
        (own(&low).map_or(ends.0, |low| ends.0.max(low)), own(&high).map_or(ends.1, |high| ends.1.min(high)))
    }))
}
