//! What an action is worth to a customer.

use super::pipeline::Pipeline;
use crate::check::tree::{Objective, Weights};
use crate::compile::{AimPart, Candidate, Worth};

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The weights that count for the customer: the first for a segment that they definitely are in, else those for all others.
    pub(crate) fn weights(&self) -> Option<(&'c Objective, &'c Weights)> {
        let objective = self.inner.rules.objective.as_ref()?;
        let is_in = |segment| self.inner.program.condition(self.customer, self.cx, segment, true);
        let weights = objective.weights.iter().find(|weights| weights.segment.is_none_or(is_in))?;
        Some((objective, weights))
    }

    /// The value of a candidate; `None` where an amount that it is made of is missing, or it is not weighed.
    pub(super) fn value(&self, candidate: &Candidate<P>) -> Option<i64> {
        match candidate.worth.as_ref()? {
            Worth::Amount(amount) => amount(self.customer, self.cx),
            Worth::Aims(_) => {
                let (_, weights) = self.weights()?;
                self.parts(candidate, weights).try_fold(0_i64, |sum, part| sum.checked_add(part.weighed?))
            }
        }
    }

    /// What it is made of, where it is made of several.
    pub(crate) fn parts<'a>(
        &'a self,
        candidate: &'a Candidate<P>,
        weights: &'a Weights,
    ) -> impl Iterator<Item = AimPart> {
        let aims = match &candidate.worth {
            Some(Worth::Aims(aims)) => aims.as_slice(),
            _ => &[],
        };
        aims.iter().map(|earned| earned.part(weights, self.customer, self.cx))
    }
}
