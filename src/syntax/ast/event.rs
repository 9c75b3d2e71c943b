//! What is asked about events: clauses, their windows, sequences of them, and what is computed over them.

use serde::{Deserialize, Serialize};

use super::{Duration, Expr, Name, Spanned};
use crate::diagnostic::Span;
use crate::time::CivilWindow;

/// Of `any(…)` and `none(…)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EventQuantifier {
    /// At least one.
    Any,
    /// Not one.
    None,
}

/// What is computed over the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AggregateFunction {
    /// `count`
    Count,
    /// `sum`
    Sum,
    /// `avg`
    Average,
    /// `median`
    Median,
    /// `min`
    Min,
    /// `max`
    Max,
}

impl AggregateFunction {
    /// Its name in rules.
    pub fn word(self) -> &'static str {
        match self {
            AggregateFunction::Count => "count",
            AggregateFunction::Sum => "sum",
            AggregateFunction::Average => "avg",
            AggregateFunction::Median => "median",
            AggregateFunction::Min => "min",
            AggregateFunction::Max => "max",
        }
    }
}

/// Which event of those that fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Edge {
    /// The earliest.
    First,
    /// The latest.
    Last,
    /// The latest one with the commonest value of a property; of two equally common the later one.
    MostFrequent,
}

impl Edge {
    /// Its name in rules.
    pub fn word(self) -> &'static str {
        match self {
            Edge::First => "first",
            Edge::Last => "last",
            Edge::MostFrequent => "most_frequent",
        }
    }
}

/// What `count(… with …)` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PeriodUnit {
    /// Calendar days.
    Days,
    /// Calendar weeks.
    Weeks,
    /// Blocks of seven days that end at `now`.
    RollingWeeks,
    /// Calendar months.
    Months,
}

/// One event after another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// `first view then …`: only the first, or the last, event that fits begins it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Edge>,
    /// What it begins with.
    pub first: EventClause,
    /// What follows, in the order of the text.
    pub then: Vec<Then>,
}

/// A step of a sequence after the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// Whether it happens.
    pub mood: Mood,
    /// Which event.
    pub clause: EventClause,
    /// What must not happen between the step before and this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<EventClause>,
    /// How long after the step before, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Spanned<Duration>>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// Whether a step happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Mood {
    /// `then`
    Then,
    /// `then not`: it did not happen, and the time for it is over.
    Not,
    /// `then not yet`: it did not happen, and the time for it is not over.
    NotYet,
}

/// What activity does over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Habit {
    /// The stage that a customer is in.
    Lifecycle,
    /// There was some, and then a pause up to now.
    Stopped,
    /// There was some, then a pause, and now again.
    Restarted,
}

impl Habit {
    /// Its name in rules.
    pub fn word(self) -> &'static str {
        match self {
            Habit::Lifecycle => "lifecycle",
            Habit::Stopped => "stopped",
            Habit::Restarted => "restarted",
        }
    }
}

/// `order.total as o where category = "shoes" within 7 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventClause {
    /// Of which kind; of an outcome (`exposed(reminder)`) its word.
    pub event: Name,
    /// The path in the parentheses of an outcome, empty where it is about every contact (`exposed(any)`); `None` for a
    /// kind of event.
    pub of: Option<Spanned<Vec<Name>>>,
    /// `order.total`, `distinct order.product`
    pub property: Option<Name>,
    /// `order as o`: the name of its row for clauses inside its `where`.
    pub alias: Option<Name>,
    /// What an event must fulfil.
    pub filter: Option<Box<Expr>>,
    /// When it must have happened.
    pub window: Option<Window>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

impl EventClause {
    /// What it is about, as it is written: `order`, `exposed(winback.reminder)`.
    pub(crate) fn asked(&self) -> String {
        let Some(of) = &self.of else { return self.event.node.clone() };
        let path: Vec<&str> = of.node.iter().map(|name| name.node.as_str()).collect();
        format!("{}({})", self.event.node, if path.is_empty() { "any".to_owned() } else { path.join(".") })
    }
}

/// A window as written.
pub type Window = Spanned<WindowKind>;

/// The forms of window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WindowKind {
    /// Counted from now or said by the calendar: `within 30 days`, `this month`.
    Civil(CivilWindow<Duration>),
    /// Counted from another moment: `within 24 hours after last(cart_add)`.
    Anchored {
        /// How long.
        length: Spanned<Duration>,
        /// On which side of the moment.
        side: Side,
        /// The moment, or the day.
        anchor: Box<Expr>,
    },
}

/// On which side of its anchor a window lies. The anchor itself and the far end belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// `within d after x`: from x to x + d.
    After,
    /// `within d before x`: from x − d to x.
    Before,
    /// `within d of x`: from x − d to x + d.
    Around,
}

impl Side {
    /// The word between the length and the anchor.
    pub fn word(self) -> &'static str {
        match self {
            Side::After => "after",
            Side::Before => "before",
            Side::Around => "of",
        }
    }
}
