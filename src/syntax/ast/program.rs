//! Campaigns, and what they may do.

use serde::{Deserialize, Serialize};

use super::{Duration, EventClause, Exception, Expr, Name, Spanned, Treatment, Worth};
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
    /// The share of customers that it leaves alone, to compare with: the digits of a percentage.
    pub control: Option<Name>,
    /// When it runs.
    pub valid: Option<Valid>,
    /// What makes its actions more, or less, worth while.
    #[serde(default)]
    pub boosts: Vec<Boost>,
    /// How much more, or less, the business wants them.
    #[serde(default)]
    pub levers: Vec<Lever>,
    /// What may remove it.
    pub clauses: Vec<Clause>,
    /// What it is not held by.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
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
    /// Whether it is for where nothing else is shown.
    #[serde(default)]
    pub fallback: bool,
    /// Of what kind.
    pub kind: ActionKind,
    /// Its name.
    pub name: Name,
    /// The rows that it is made of: one candidate each.
    #[serde(default)]
    pub rows: Option<EachRow>,
    /// The actions that it puts together: their paths, or the ends of them.
    #[serde(default)]
    pub members: Vec<Spanned<Vec<Name>>>,
    /// What it is worth, where the rules have no objective.
    pub value: Option<Expr>,
    /// What it earns towards the aims of the objective.
    #[serde(default)]
    pub worth: Vec<Worth>,
    /// What it costs.
    pub cost: Option<Expr>,
    /// How likely the customer takes it.
    pub propensity: Option<Expr>,
    /// How many contacts the propensity is trusted like.
    pub trust: Option<Spanned<i64>>,
    /// `basis contract` of a service action.
    pub basis: Option<Name>,
    /// When it is available.
    pub valid: Option<Valid>,
    /// The code that comes with it.
    pub promo: Option<Promo>,
    /// What makes it more, or less, worth while.
    #[serde(default)]
    pub boosts: Vec<Boost>,
    /// How much more, or less, the business wants it.
    #[serde(default)]
    pub levers: Vec<Lever>,
    /// What may remove it.
    pub clauses: Vec<Clause>,
    /// What it is not held by.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// How it is shown.
    pub treatments: Vec<Treatment>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `for product in products where product.stock > 0 limit 50`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EachRow {
    /// What the row is called in the action.
    pub row: Name,
    /// The catalog.
    pub catalog: Name,
    /// Which of its rows.
    pub filter: Option<Expr>,
    /// How many there may be.
    pub limit: Spanned<i64>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `valid 2026-11-20 to 2026-12-24`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Valid {
    /// A day or a moment.
    pub from: Expr,
    /// The last day or moment.
    pub to: Expr,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `promo "CART10" expires 72 hours once`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promo {
    /// The code.
    pub code: Name,
    /// How long it can be used.
    pub expires: Spanned<Duration>,
    /// Whether a customer gets it once only.
    pub once: bool,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `boost +50% when context.weather = "rain"`, `boost +60% after clicked(reminder) decaying over 5 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boost {
    /// By how much: the digits of a percentage, after `-` where it is less.
    pub change: Name,
    /// What it decays after.
    #[serde(default)]
    pub decay: Option<Decay>,
    /// For whom, and when; one that does not decay needs it.
    pub when: Option<Expr>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `after clicked(reminder) decaying over 5 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decay {
    /// What happened.
    pub after: EventClause,
    /// How long something of it is left.
    pub over: Spanned<Duration>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `lever +25% until 2026-12-31 by "CRM" because "Q4 loyalty push"`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lever {
    /// By how much: the digits of a percentage, after `-` where it is less.
    pub change: Name,
    /// The last day or moment.
    pub until: Option<Expr>,
    /// Whose it is.
    pub owner: Option<Name>,
    /// What for.
    pub because: Option<Name>,
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
    /// Its name, by which an exception can be made from it.
    pub name: Option<Name>,
    /// The condition.
    pub when: Expr,
    /// The reason to give.
    pub because: Option<Name>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `eligible when`, `applicable when`, `suitable when`, `only in stage`, `suppress when`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClauseKind {
    /// May the customer have it?
    Eligible,
    /// Does it make sense now?
    Applicable,
    /// Is it good for the customer?
    Suitable,
    /// Is the customer that far? Its condition is `in stage …`.
    Only,
    /// Must it not be shown?
    Suppress,
}

impl ClauseKind {
    /// All of them, in the order of their stages.
    pub const ALL: [ClauseKind; 5] =
        [ClauseKind::Eligible, ClauseKind::Applicable, ClauseKind::Suitable, ClauseKind::Only, ClauseKind::Suppress];

    /// As rules write it.
    pub const fn word(self) -> &'static str {
        match self {
            ClauseKind::Eligible => "eligible",
            ClauseKind::Applicable => "applicable",
            ClauseKind::Suitable => "suitable",
            ClauseKind::Only => "only",
            ClauseKind::Suppress => "suppress",
        }
    }
}
