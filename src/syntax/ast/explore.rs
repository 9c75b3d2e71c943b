//! Trying what is not known to be best.

use serde::{Deserialize, Serialize};

use super::{Expr, Name, Spanned};

/// How actions are tried that are not known to be best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Exploration {
    /// `epsilon 2%`: the digits of a percentage.
    Epsilon(Name),
    /// `thompson 500 draws`
    Thompson {
        /// How many draws estimate a probability.
        draws: Option<Spanned<i64>>,
    },
    /// `softmax 0.20 EUR`
    Softmax(Box<Expr>),
}
