//! Leaves over floats. NaN is missing.

use std::sync::Arc;

use super::form::{Edge, FloatForm};
use super::{Cx, Get, Test};

/// What can be built from an accessor of floats whose type is known only here.
pub trait FloatLeaves<R>: Send + Sync {
    /// A predicate.
    fn test(&self, form: &FloatForm) -> Test<R>;
    /// The value itself, never NaN.
    fn get(&self) -> Get<R, f64>;
}

/// An accessor of floats.
pub struct FloatAccess<F>(pub Arc<F>);

impl<R: 'static, F> FloatLeaves<R> for FloatAccess<F>
where
    F: Fn(&R, &Cx<'_>) -> Option<f64> + Send + Sync + 'static,
{
    fn test(&self, form: &FloatForm) -> Test<R> {
        let read = Arc::clone(&self.0);
        match form.clone() {
            // Comparisons with NaN are false, so `inside` needs no test of its own for it.
            FloatForm::Interval { low, high, inside: true } => {
                let (low, high) = (closed_low(low), closed_high(high));
                Box::new(move |r, cx| read(r, cx).is_some_and(|v| low <= v && v <= high))
            }
            FloatForm::Interval { low, high, inside: false } => {
                let (low, high) = (closed_low(low), closed_high(high));
                Box::new(move |r, cx| read(r, cx).is_some_and(|v| v < low || v > high))
            }
            FloatForm::Set { values, inside } => Box::new(move |r, cx| {
                read(r, cx).is_some_and(|v| !v.is_nan() && values.iter().any(|&x| x.get() == v) == inside)
            }),
            FloatForm::Present { known } => Box::new(move |r, cx| read(r, cx).is_some_and(|v| !v.is_nan()) == known),
        }
    }

    fn get(&self) -> Get<R, f64> {
        let read = Arc::clone(&self.0);
        Box::new(move |r, cx| read(r, cx).filter(|v| !v.is_nan()))
    }
}

/// The least float inside: an excluded bound becomes its neighbour, so that one comparison serves both.
fn closed_low(edge: Edge) -> f64 {
    match edge {
        Edge::Open => f64::NEG_INFINITY,
        Edge::Including(bound) => bound.get(),
        Edge::Excluding(bound) => bound.get().next_up(),
    }
}

/// The greatest float inside.
fn closed_high(edge: Edge) -> f64 {
    match edge {
        Edge::Open => f64::INFINITY,
        Edge::Including(bound) => bound.get(),
        Edge::Excluding(bound) => bound.get().next_down(),
    }
}
