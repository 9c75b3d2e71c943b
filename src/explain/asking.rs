//! A condition that is no clause of the rules, made ready to be asked of many customers.

use super::explainer::{Built, Prepared};
use super::{Explainer, explainer};
use crate::check::tree::Expr;
use crate::compile::{Engine, Request};
use crate::time::Zone;

/// A condition, ready to be asked.
pub(crate) struct Asking<P>(Prepared<P, Built<P>>);

impl<P: Send + Sync + 'static> Engine<P> {
    /// A condition of checked rules, under the zone that is written around it.
    pub(crate) fn asking(&self, condition: &Expr, zone: Option<Zone>) -> Asking<P> {
        Asking(Prepared::one(&self.0, condition, zone))
    }

    /// Whether it is definitely true of a customer.
    pub(crate) fn holds(&self, asking: &Asking<P>, customer: &P, request: &Request) -> bool {
        let resolved = request.resolve(&self.0.rules);
        let explainer: Explainer<'_, P> = explainer(&self.0, customer, request, &resolved, false);
        explainer.with(&asking.0, |run, node| run.is_true(node))
    }
}
