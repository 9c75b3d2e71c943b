//! From when to when an aggregate looks.

use crate::leaf::Cx;
use crate::leaf::build::{self, Builder};
use crate::leaf::getter::Get;
use crate::leaf::plan::{Value, Window};
use crate::leaf::scope::OnCustomer;

/// The bounds of the rows that an aggregate looks at; `None` where they are not known.
pub(super) type Bounds<P> = Box<dyn Fn(&P, &Cx<'_>) -> Option<(i64, i64)> + Send + Sync>;

pub(super) fn bounds<P: 'static>(builder: &Builder<'_, P>, window: &Window) -> Bounds<P> {
    match window {
        Window::Ever => Box::new(|_, cx| Some((i64::MIN, cx.now()))),
        Window::Time(time) => {
            let time = *time;
            Box::new(move |_, cx| Some(cx.time(time)))
        }
        Window::Between(ends) => {
            let [low, high] = &**ends;
            let (low, high) = (build::word(&OnCustomer(builder), low), build::word(&OnCustomer(builder), high));
            Box::new(move |p, cx| Some((low(p, cx)?, high(p, cx)?.min(cx.now()))))
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
