//! Trying what is not known to be best, checked.

use serde::Serialize;

use super::Share;
use crate::diagnostic::Span;

/// `explore epsilon 2%`
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Explore {
    /// How.
    pub how: Exploration,
    /// Where.
    pub span: Span,
}

/// How the order of a tier is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exploration {
    /// Once in a while anything, all alike.
    Epsilon {
        /// For whom, at this moment.
        share: Share,
        /// The same as a probability.
        chance: f64,
    },
    /// By chances of success as they may be, after what is known of them.
    Thompson {
        /// How many draws estimate a probability, with the one that decides.
        draws: u32,
    },
    /// By the exponential of the priority.
    Softmax {
        /// What is divided by: an amount in minor units of the ruleset's currency, above 0.
        temperature: f64,
    },
}
