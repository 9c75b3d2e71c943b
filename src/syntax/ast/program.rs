//! Campaigns, and what they may do.

use serde::{Deserialize, Serialize};

use super::{Duration, EventClause, Expr, Name, Spanned, Treatment};
use crate::diagnostic::Span;

/// `campaign come_back for lapsed every { … }`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// Its name.
    pub name: Name,
    /// Who may enter.
    pub segment: Name,
    /// When a customer may enter again.
    pub again: Spanned<Again>,
    /// What it is for: an entry ends with it.
    pub goal: Option<Spanned<Goal>>,
    /// What ends an entry besides.
    pub exits: Vec<EventClause>,
    /// What may remove it.
    pub clauses: Vec<Clause>,
    /// What it may do.
    pub actions: Vec<Action>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// When a customer may enter a campaign again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Again {
    /// Never: the default.
    Once,
    /// As soon as the last entry has closed.
    Every,
    /// `again after 30 days since exposed`
    After {
        /// How long …
        pause: Duration,
        /// … after what.
        since: Since,
    },
}

/// What a pause between entries begins with: the latest of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Since {
    /// The customer entered.
    Entered,
    /// Something of the campaign was sent or shown.
    Exposed,
    /// The goal was reached.
    Converted,
}

/// `goal order within 3 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// What should happen …
    pub clause: EventClause,
    /// … in what time after the entry.
    pub within: Spanned<Duration>,
}

impl Since {
    /// As rules write it.
    pub const fn word(self) -> &'static str {
        match self {
            Since::Entered => "entered",
            Since::Exposed => "exposed",
            Since::Converted => "converted",
        }
    }
}

/// `offer gift { … }`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Of what kind.
    pub kind: ActionKind,
    /// Its name.
    pub name: Name,
    /// What it is worth.
    pub value: Option<Expr>,
    /// What it costs.
    pub cost: Option<Expr>,
    /// How likely the customer takes it.
    pub propensity: Option<Expr>,
    /// `basis contract` of a service action.
    pub basis: Option<Name>,
    /// What may remove it.
    pub clauses: Vec<Clause>,
    /// How it is shown.
    pub treatments: Vec<Treatment>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// What kind of thing an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Something to accept.
    Offer,
    /// Something to know.
    Message,
    /// Something owed.
    Service,
}

/// A rule that may remove a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Of what kind.
    pub kind: ClauseKind,
    /// The condition.
    pub when: Expr,
    /// The reason to give.
    pub because: Option<Name>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `eligible when`, `applicable when`, `suitable when`, `suppress when`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClauseKind {
    /// May the customer have it?
    Eligible,
    /// Does it make sense now?
    Applicable,
    /// Is it good for the customer?
    Suitable,
    /// Must it not be shown?
    Suppress,
}
