//! What an action is worth, and which comes first.

use std::cmp::Ordering;

use super::consent::Permitted;
use super::decision::{Evidence, Factors};
use super::pipeline::Pipeline;
use crate::check::tree::{Factor, Formula, Lever};
use crate::compile::{Candidate, Weight};
use crate::syntax::ast::ArithmeticOp;

/// A candidate with a treatment that consent permits.
pub(super) struct Ranked<'c, P> {
    pub candidate: usize,
    pub tier: u8,
    pub factors: Option<Factors>,
    pub treatment: Permitted<'c, P>,
}

/// What ranks an action before another, of one customer or of several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worth {
    tier: u8,
    priority: f64,
    value: i64,
}

impl Worth {
    /// What is worth most comes first: by tier, then by priority and value.
    pub fn order(&self, other: &Self) -> Ordering {
        self.tier
            .cmp(&other.tier)
            .then_with(|| other.priority.total_cmp(&self.priority))
            .then_with(|| other.value.cmp(&self.value))
    }
}

impl<P> Ranked<'_, P> {
    pub fn worth(&self) -> Worth {
        let (priority, value) = self.factors.map_or((0.0, 0), |factors| (factors.priority, factors.value));
        Worth { tier: self.tier, priority, value }
    }

    /// A total order: by worth, then by declaration.
    pub fn order(&self, other: &Self) -> Ordering {
        self.worth().order(&other.worth()).then_with(|| self.candidate.cmp(&other.candidate))
    }
}

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// What makes the priority of a candidate on a channel; `None` where a factor is missing, overflows or is no chance.
    pub(super) fn factors(&self, number: usize, candidate: &Candidate<P>, channel: usize) -> Option<Factors> {
        let (p, cx) = (self.customer, self.cx);
        let start = (candidate.propensity.as_ref()?)(p, cx).filter(|chance| (0.0..=1.0).contains(chance))?;
        let given = self.inputs.evidence_of(self.who(number));
        let evidence = given.map(|given| Evidence { positives: given.positives, contacts: given.contacts });
        let propensity = match (candidate.trust, evidence) {
            (Some(trust), Some(Evidence { positives, contacts })) => {
                (f64::from(trust) * start + positives as f64) / (f64::from(trust) + contacts as f64)
            }
            _ => start,
        };
        let value = self.value(candidate)?;
        let [cost, channel_cost] = self.costs(candidate, channel)?;
        let margin = value.checked_sub(cost)?.checked_sub(channel_cost)?;
        let context = 1.0 + self.boosts(candidate).map(|(_, change)| change).sum::<f64>();
        let lever = 1.0 + self.levers(candidate).map(|lever| lever.change).sum::<f64>();
        let currency = self.inner.rules.currency?;
        let factors = Factors {
            propensity,
            evidence,
            context,
            value,
            cost,
            channel_cost,
            margin,
            lever,
            priority: 0.0,
            currency,
        };
        let priority = computed(&self.inner.rules.priority, &factors).filter(|priority| priority.is_finite())?;
        Some(Factors { priority, ..factors })
    }

    /// What it costs, and what its channel does.
    pub(super) fn costs(&self, candidate: &Candidate<P>, channel: usize) -> Option<[i64; 2]> {
        let cost = candidate.cost.as_ref().map_or(Some(0), |cost| cost(self.customer, self.cx))?;
        Some([cost, self.inner.rules.channels.get(channel).map_or(0, |channel| channel.cost)])
    }

    /// The boosts that count now, each with its change.
    pub(crate) fn boosts<'a>(&'a self, candidate: &'a Candidate<P>) -> impl Iterator<Item = (&'a Weight<P>, f64)> {
        candidate.boosts.iter().filter_map(|boost| Some((boost, boost.counts(self.customer, self.cx)?)))
    }

    /// The levers that have not ended.
    pub(crate) fn levers<'a>(&self, candidate: &'a Candidate<P>) -> impl Iterator<Item = &'a Lever> {
        let now = self.cx.moment.now;
        candidate.levers.iter().filter(move |lever| now <= lever.until)
    }
}

/// In floats, from left to right; an amount in its minor units.
pub(super) fn computed(formula: &Formula, factors: &Factors) -> Option<f64> {
    Some(match formula {
        Formula::Number(number) => *number,
        Formula::Factor(Factor::Propensity) => factors.propensity,
        Formula::Factor(Factor::Context) => factors.context,
        Formula::Factor(Factor::Margin) => factors.margin as f64,
        Formula::Factor(Factor::Lever) => factors.lever,
        Formula::Factor(Factor::Value) => factors.value as f64,
        Formula::Factor(Factor::Cost) => factors.cost as f64,
        Formula::Arithmetic { op, left, right } => {
            let (left, right) = (computed(left, factors)?, computed(right, factors)?);
            match op {
                ArithmeticOp::Add => left + right,
                ArithmeticOp::Subtract => left - right,
                ArithmeticOp::Multiply => left * right,
                ArithmeticOp::Divide if right == 0.0 => return None,
                ArithmeticOp::Divide => left / right,
            }
        }
    })
}
