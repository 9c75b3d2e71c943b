//! What a part of the catalogue is not held by.

use serde::{Deserialize, Serialize};

use super::Name;
use crate::diagnostic::Span;

/// `except owners because "they may buy another one"`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// From what.
    pub of: Excepted,
    /// The reason to give.
    pub because: Option<Name>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// What an exception is made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Excepted {
    /// `owners`: a rule that has this name.
    Rule(Name),
    /// `policy contact`, `quiet of policy contact`
    Policy {
        /// Only these of its lines.
        line: Option<LineKind>,
        /// Its name.
        policy: Name,
    },
}

/// A kind of line of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LineKind {
    /// How many contacts there may be.
    Cap,
    /// Hours in which nothing is sent.
    Quiet,
    /// Rests after outcomes.
    Rest,
    /// What holds back while a condition may hold.
    Block,
}

impl LineKind {
    /// All of them.
    pub const ALL: [LineKind; 4] = [LineKind::Cap, LineKind::Quiet, LineKind::Rest, LineKind::Block];

    /// As rules write it.
    pub const fn word(self) -> &'static str {
        match self {
            LineKind::Cap => "cap",
            LineKind::Quiet => "quiet",
            LineKind::Rest => "rest",
            LineKind::Block => "block",
        }
    }
}
