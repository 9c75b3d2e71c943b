//! What all of it is for, checked.

use serde::Serialize;

use super::Expr;
use crate::diagnostic::Span;

/// `objective growth { … }`: what an action is worth is the sum, over its aims, of what the action earns towards it by how much
/// that counts for the customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Objective {
    /// Its name.
    pub name: String,
    /// What it is made of, in the order of the text.
    pub aims: Vec<Aim>,
    /// In the order in which they are tried: those for a segment in the order of the text, then the one for all others.
    pub weights: Vec<Weights>,
    /// Where.
    pub span: Span,
}

/// `revenue in money`, `retention in points of 4 EUR`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Aim {
    /// Its name.
    pub name: String,
    /// What one point is worth, in minor units of the ruleset's currency; `None`: it is counted in money.
    pub point: Option<i64>,
}

/// `weights revenue 20%, retention 80% for vip`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weights {
    /// The definition of the segment in which a customer must definitely be; `None` is everyone.
    pub segment: Option<usize>,
    /// Where the segment is named.
    pub segment_span: Span,
    /// For each aim how much it counts, an exact fraction; together they are 1.
    pub shares: Vec<(i64, i64)>,
}

/// What an action earns towards an aim: money of the ruleset's currency, or points, an int or a number. Points are worth
/// their number by what one is worth, and that is weighed; either is rounded half to even to minor units.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worth {
    /// Its number among the aims of the objective.
    pub aim: usize,
    /// How much.
    pub amount: Expr,
    /// What stands in for it where it is missing.
    pub otherwise: Option<Expr>,
}

impl Worth {
    /// What it asks of the customer.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.amount).chain(&self.otherwise)
    }
}
