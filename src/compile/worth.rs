//! What an action is worth, ready to be computed: an amount, or what it earns towards each aim of the objective.

use super::link::Linker;
use super::lowering::Lowering;
use crate::check::tree::{Action, Expr, Objective, Weights};
use crate::leaf::plan::Value;
use crate::leaf::{Cx, Get, round_half_even};
use crate::schema::Type;

/// What an action is worth, lowered: of each aim the amount, and what stands in for it.
pub(super) enum WorthPlan {
    Amount(Value),
    Aims(Vec<(Value, Option<Value>)>),
}

/// What an action is worth, in minor units of the ruleset's currency.
pub(crate) enum Worth<P> {
    Amount(Get<P, i64>),
    /// In the order of the objective.
    Aims(Vec<Earned<P>>),
}

/// What an action earns towards an aim.
pub(crate) struct Earned<P> {
    /// Its number in the objective.
    pub aim: usize,
    amount: Measured<P>,
    otherwise: Option<Measured<P>>,
}

/// A getter of money, or of points and what one is worth.
enum Measured<P> {
    Money(Get<P, i64>),
    Whole(Get<P, i64>, i64),
    Number(Get<P, f64>, i64),
}

/// What an action earns towards an aim, for a customer: as it is, and weighed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AimPart {
    pub aim: usize,
    /// How much the aim counts, an exact fraction.
    pub share: (i64, i64),
    pub worth: Option<i64>,
    pub weighed: Option<i64>,
}

impl WorthPlan {
    /// `None` for what is not weighed.
    pub fn lower(lowering: &mut Lowering<'_>, action: &Action) -> Option<Self> {
        if !action.worth.is_empty() {
            let mut lower = |expr: &Expr| lowering.value(expr, None);
            let aims =
                action.worth.iter().map(|worth| (lower(&worth.amount), worth.otherwise.as_ref().map(&mut lower)));
            return Some(WorthPlan::Aims(aims.collect()));
        }
        action.value.as_ref().map(|value| WorthPlan::Amount(lowering.value(value, None)))
    }

    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let (amount, aims) = match self {
            WorthPlan::Amount(amount) => (Some(amount), &[] as &[_]),
            WorthPlan::Aims(aims) => (None, aims.as_slice()),
        };
        amount.into_iter().chain(aims.iter().flat_map(|(amount, otherwise)| std::iter::once(amount).chain(otherwise)))
    }

    pub fn link<P: 'static>(&self, linker: &Linker<'_, P>, action: &Action, objective: Option<&Objective>) -> Worth<P> {
        let aims = match self {
            WorthPlan::Amount(amount) => return Worth::Amount(linker.word(amount)),
            WorthPlan::Aims(aims) => aims,
        };
        let point = |aim: usize| objective.and_then(|objective| objective.aims.get(aim)?.point);
        let measured = |plan: &Value, expr: &Expr, point: Option<i64>| match (point, &expr.ty) {
            (None, _) => Measured::Money(linker.word(plan)),
            (Some(point), Type::Number) => Measured::Number(linker.float(plan), point),
            (Some(point), _) => Measured::Whole(linker.word(plan), point),
        };
        let earned = aims.iter().zip(&action.worth).map(|((amount, otherwise), worth)| {
            let point = point(worth.aim);
            let otherwise = otherwise.as_ref().zip(worth.otherwise.as_ref());
            Earned {
                aim: worth.aim,
                amount: measured(amount, &worth.amount, point),
                otherwise: otherwise.map(|(plan, expr)| measured(plan, expr, point)),
            }
        });
        Worth::Aims(earned.collect())
    }
}

impl<P> Measured<P> {
    /// In minor units; `None` where it is missing, and within that where it is too much.
    fn minor(&self, p: &P, cx: &Cx<'_>) -> Option<Option<i64>> {
        Some(match self {
            Measured::Money(get) => Some(get(p, cx)?),
            Measured::Whole(get, point) => get(p, cx)?.checked_mul(*point),
            Measured::Number(get, point) => whole((get(p, cx)? * *point as f64).round_ties_even()),
        })
    }
}

/// A float without decimals as an int, where it is one.
fn whole(value: f64) -> Option<i64> {
    // 2^63 is a float; what is below it fits.
    const END: f64 = 9_223_372_036_854_775_808.0;
    (-END..END).contains(&value).then_some(value as i64)
}

impl<P> Earned<P> {
    /// What it comes to under some weights.
    pub fn part(&self, weights: &Weights, p: &P, cx: &Cx<'_>) -> AimPart {
        let share = weights.shares.get(self.aim).copied().unwrap_or((0, 1));
        let stands_in = || self.otherwise.as_ref().and_then(|other| other.minor(p, cx));
        let worth = self.amount.minor(p, cx).or_else(stands_in).flatten();
        let (numerator, denominator) = share;
        let weighed =
            worth.and_then(|minor| round_half_even(i128::from(minor) * i128::from(numerator), denominator.into()));
        AimPart { aim: self.aim, share, worth, weighed }
    }
}
