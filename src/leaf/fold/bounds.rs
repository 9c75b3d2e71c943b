//! From when to when an aggregate looks.

use crate::leaf::Cx;
use crate::leaf::build::{self, Builder};
use crate::leaf::plan::Window;
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
