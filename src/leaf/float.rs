//! Leaves over floats. NaN is missing.

use std::sync::Arc;

use super::form::FloatForm;
use super::getter::{and, then};
use super::{Cx, Get, Next, Test};

/// What can be built from an accessor of floats whose type is known only here.
pub trait FloatLeaves<R>: Send + Sync {
    /// A predicate, and what follows it.
    fn test(&self, form: &FloatForm, next: Next<R>) -> Test<R>;
    /// The value itself, never NaN.
    fn get(&self) -> Get<R, f64>;
}

/// An accessor of floats.
pub struct FloatAccess<F>(pub Arc<F>);

impl<R: 'static, F> FloatLeaves<R> for FloatAccess<F>
where
    F: Fn(&R, &Cx<'_>) -> Option<f64> + Send + Sync + 'static,
{
    fn test(&self, form: &FloatForm, next: Next<R>) -> Test<R> {
        let read = Arc::clone(&self.0);
        match form.clone() {
            // Comparisons with NaN are false, so `inside` needs no test of its own for it.
            FloatForm::Interval { low, high, inside: true } => {
                let (low, high) = (low.low(), high.high());
                then(move |r, cx| read(r, cx).is_some_and(|v| low <= v && v <= high), next)
            }
            FloatForm::Interval { low, high, inside: false } => {
                let (low, high) = (low.low(), high.high());
                and(Box::new(move |r, cx| read(r, cx).is_some_and(|v| v < low || v > high)), next)
            }
            FloatForm::Set { values, inside } => {
                let has = move |v: f64| values.iter().any(|&x| x.get() == v);
                and(Box::new(move |r, cx| read(r, cx).is_some_and(|v| !v.is_nan() && has(v) == inside)), next)
            }
            FloatForm::Present { known } => {
                and(Box::new(move |r, cx| read(r, cx).is_some_and(|v| !v.is_nan()) == known), next)
            }
        }
    }

    fn get(&self) -> Get<R, f64> {
        let read = Arc::clone(&self.0);
        Box::new(move |r, cx| read(r, cx).filter(|v| !v.is_nan()))
    }
}
