//! What all of it is for: the aims of an objective, and what an action earns towards them.

use serde::{Deserialize, Serialize};

use super::{Expr, Name};
use crate::diagnostic::Span;

/// `retention in points of 4 EUR`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aim {
    /// Its name.
    pub name: Name,
    /// What one point is worth; `None`: it is counted in money.
    #[serde(default)]
    pub point: Option<Expr>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `weights revenue 20%, retention 80% for vip`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// How much each aim counts.
    pub weights: Vec<Weight>,
    /// For whom; `None`: for all others.
    #[serde(default)]
    pub segment: Option<Name>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `retention 80%`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// The aim.
    pub aim: Name,
    /// The digits of a percentage.
    pub share: Name,
}

/// `retention: 2 points`, one of what an action earns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worth {
    /// Towards which aim.
    pub aim: Name,
    /// How much.
    pub amount: Expr,
    /// What stands in for it where it is missing.
    #[serde(default)]
    pub otherwise: Option<Expr>,
    /// Whether it is counted in points.
    #[serde(default)]
    pub points: bool,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}
