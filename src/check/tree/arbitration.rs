//! What decides between actions, checked: tiers, the priority, what weighs it, and who is left alone.

use serde::Serialize;

use super::Expr;
use crate::diagnostic::Span;
use crate::syntax::ast::{ActionKind, ArithmeticOp};
use crate::time::{Instant, Period, Zone};

/// Which kinds of action come before which, whatever they are worth: the lower number first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tiers {
    /// Of offers.
    pub offer: u8,
    /// Of messages.
    pub message: u8,
    /// Of services.
    pub service: u8,
}

/// A factor of the priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The chance of success: (trust · start + positives) / (trust + contacts).
    Propensity,
    /// 1 + the changes of the boosts that definitely hold.
    Context,
    /// Value − cost − cost of the channel, in minor units.
    Margin,
    /// 1 + the changes of the levers that have not ended.
    Lever,
    /// In minor units.
    Value,
    /// In minor units, without that of the channel.
    Cost,
}

/// How a priority is computed: in floats, from left to right. What is divided by zero, or is not finite, is missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// A number; of an amount its minor units.
    Number(f64),
    /// A factor.
    Factor(Factor),
    /// `a * b` and so on.
    Arithmetic { op: ArithmeticOp, left: Box<Formula>, right: Box<Formula> },
}

/// `boost +50% when …`, `boost +60% after … decaying over 5 days`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Boost {
    /// By how much: 0.5 for `+50%`.
    pub change: f64,
    /// What becomes of it as time goes by.
    pub decay: Option<Decay>,
    /// Counted where it definitely holds; `None`: always.
    pub when: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// How a boost counts less and less: of `steps` equal parts one is lost with each step since the latest event, `change · ((n − k) / n)`,
/// until nothing is left. Without an event, or where the latest is not known, nothing counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decay {
    /// The instant of the latest event up to now: the last one of a clause.
    pub latest: Expr,
    /// One unit of the time as it is written, counted from the event in the zone.
    pub step: Period,
    /// How many of them, at least one.
    pub steps: i32,
}

/// `lever +25% until 2026-12-31 by "CRM" because "Q4 loyalty push"`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lever {
    /// By how much: 0.25 for `+25%`.
    pub change: f64,
    /// The last instant at which it counts.
    pub until: Instant,
    /// Whose it is.
    pub owner: String,
    /// What for.
    pub because: String,
    /// Where.
    pub span: Span,
}

/// `valid 2026-11-20 to 2026-12-24`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Valid {
    /// The first instant.
    pub from: Instant,
    /// The last one.
    pub until: Instant,
    /// Where.
    pub span: Span,
}

/// `promo "CART10" expires 72 hours once`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Promo {
    /// The code.
    pub code: String,
    /// How long after the decision it can be used.
    pub expires: Period,
    /// Whether a customer who has been exposed to the action never gets it again.
    pub once: bool,
    /// Where.
    pub span: Span,
}

/// A share of the customers: those whose bucket lies below a limit (`None`: everyone); nobody without an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    /// An exact fraction of 2^64.
    pub below: Option<u64>,
    /// Where it stands.
    pub span: Span,
}

/// `holdout universal 5% salt "2026H2" except service`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Holdout {
    /// Its name.
    pub name: String,
    /// Who is held out.
    pub share: Share,
    /// What else draws other people.
    pub salt: String,
    /// The kinds of action that they get all the same.
    pub kinds: Vec<ActionKind>,
    /// The paths of what else they get.
    pub paths: Vec<String>,
    /// Where.
    pub span: Span,
}

impl Boost {
    /// What it asks of the customer.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.when.iter().chain(self.decay.as_ref().map(|decay| &decay.latest))
    }
}

impl Decay {
    /// How long after the event each of its steps is taken.
    pub fn all(&self) -> impl Iterator<Item = Period> + '_ {
        (1..=self.steps).map(|step| self.after(step))
    }

    /// So many steps; they are few enough to be a period.
    pub fn after(&self, count: i32) -> Period {
        let Period { months, days, millis } = self.step;
        Period {
            months: months.saturating_mul(count),
            days: days.saturating_mul(count),
            millis: millis.saturating_mul(count.into()),
        }
    }

    /// How many parts of the change are left at an instant.
    pub fn left(&self, latest: Instant, now: Instant, zone: Zone) -> i32 {
        // Steps follow one another, so that those that have passed are found by halving.
        let (mut passed, mut ahead) = (0_i32, self.steps.saturating_add(1));
        while passed.saturating_add(1) < ahead {
            let middle = passed.midpoint(ahead);
            if zone.plus(latest, self.after(middle)) <= now { passed = middle } else { ahead = middle }
        }
        self.steps.saturating_sub(passed)
    }
}

impl Default for Tiers {
    fn default() -> Self {
        Tiers { service: 0, offer: 1, message: 1 }
    }
}

impl Tiers {
    /// The tier of a kind of action.
    pub fn of(self, kind: ActionKind) -> u8 {
        match kind {
            ActionKind::Offer => self.offer,
            ActionKind::Message => self.message,
            ActionKind::Service => self.service,
        }
    }
}

impl Default for Formula {
    /// `propensity * context * margin * lever`
    fn default() -> Self {
        let times = |left: Formula, right: Factor| {
            let (left, right) = (Box::new(left), Box::new(Formula::Factor(right)));
            Formula::Arithmetic { op: ArithmeticOp::Multiply, left, right }
        };
        let chance = times(Formula::Factor(Factor::Propensity), Factor::Context);
        times(times(chance, Factor::Margin), Factor::Lever)
    }
}

impl Share {
    /// Whether a bucket is in it.
    pub fn holds(self, bucket: u64) -> bool {
        self.below.is_none_or(|below| bucket < below)
    }
}
