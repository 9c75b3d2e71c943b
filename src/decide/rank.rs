//! What an action is worth, and which comes first.

use std::cmp::Ordering;

use super::consent::Permitted;
use super::decision::Factors;
use crate::compile::Candidate;
use crate::leaf::Cx;
use crate::schema::Currency;

/// A candidate with a treatment that consent permits.
pub(super) struct Ranked<'c, P> {
    pub candidate: usize,
    pub service: bool,
    pub factors: Option<Factors>,
    pub treatment: Permitted<'c, P>,
}

impl<P> Ranked<'_, P> {
    /// A total order: service first, then by priority, value and declaration.
    pub fn order(&self, other: &Self) -> Ordering {
        let priority = |ranked: &Self| ranked.factors.map_or(0.0, |factors| factors.priority);
        let value = |ranked: &Self| ranked.factors.map_or(0, |factors| factors.value);
        other
            .service
            .cmp(&self.service)
            .then_with(|| priority(other).total_cmp(&priority(self)))
            .then_with(|| value(other).cmp(&value(self)))
            .then_with(|| self.candidate.cmp(&other.candidate))
    }
}

/// `propensity * margin`, where `margin = value − cost`, in minor units; `None` where a factor is missing, overflows or
/// is no chance.
pub(super) fn factors<P>(candidate: &Candidate<P>, p: &P, cx: &Cx<'_>, currency: Currency) -> Option<Factors> {
    let propensity = (candidate.propensity.as_ref()?)(p, cx).filter(|chance| (0.0..=1.0).contains(chance))?;
    let value = (candidate.value.as_ref()?)(p, cx)?;
    let cost = match &candidate.cost {
        Some(cost) => cost(p, cx)?,
        None => 0,
    };
    let margin = value.checked_sub(cost)?;
    Some(Factors { propensity, value, cost, margin, priority: propensity * margin as f64, currency })
}
