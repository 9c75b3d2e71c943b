//! What is asked about events: clauses, their windows, and sequences of them.

use serde::Serialize;

use super::Expr;
use crate::diagnostic::Span;
use crate::syntax::ast::{Edge, Side};
use crate::time::{CivilWindow, Period};

/// The events that an event clause is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clause {
    /// Index of the kind in `shape.events`.
    pub event: usize,
    /// The slot that its row is kept in for clauses inside its filter that refer to it; `None` where none does. Slots number
    /// the clauses around: a clause inside never has the slot of one outside.
    pub alias: Option<usize>,
    /// Kept are the events for which it is definitely true.
    pub filter: Option<Box<Expr>>,
    /// `None`: from the first event to now.
    pub window: Option<Window>,
    /// Where the clause stands.
    pub span: Span,
}

/// One event after another: true where some choice of one event for each step fulfils it.
///
/// Events are ordered by (instant, sequence, kind in the order of the shape, place in their history), and each step's comes
/// later than the one before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chain {
    /// Only the first, or the last, event of the first step's clause begins it.
    pub pin: Option<Edge>,
    /// At least one.
    pub steps: Vec<Step>,
    /// What did not happen after the last step.
    pub tail: Option<Tail>,
}

/// An event of a sequence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Which.
    pub clause: Clause,
    /// At most so long after the step before, the end included; `None` for any time, and for the first step.
    pub within: Option<Period>,
    /// None of these lies strictly between the step before and this one.
    pub without: Option<Clause>,
}

/// The end of a sequence that did not happen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tail {
    /// Which event: none of these lies after the last step, up to its instant + `within`, the end included.
    pub clause: Clause,
    /// How long there is time for it.
    pub within: Period,
    /// Whether now is still before the end of that time; else it is not.
    pub yet: bool,
}

impl Chain {
    /// All clauses, those of the steps first.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        let steps = self.steps.iter().map(|step| &step.clause);
        steps
            .chain(self.steps.iter().filter_map(|step| step.without.as_ref()))
            .chain(self.tail.as_ref().map(|tail| &tail.clause))
    }
}

/// A window of time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Window {
    /// Counted from now, or said by the calendar.
    Civil(CivilWindow),
    /// Counted from another moment, both ends included: x to x + d, x − d to x, or x − d to x + d. A day as the anchor counts
    /// whole days, in the zone. Without an anchor nothing is known, not even a count. Events later than now are not seen. The
    /// anchor stands outside of the clause's filter.
    Anchored { side: Side, length: Period, anchor: Box<Expr> },
}

impl Window {
    /// The moment that it is counted from, where it is not now.
    pub fn anchor(&self) -> Option<&Expr> {
        match self {
            Window::Anchored { anchor, .. } => Some(anchor),
            Window::Civil(_) => None,
        }
    }

    /// A window that says its own bounds.
    pub fn civil(&self) -> Option<CivilWindow> {
        match self {
            Window::Civil(window) => Some(*window),
            Window::Anchored { .. } => None,
        }
    }
}
