//! Entries into a campaign, ready to be followed through the contacts and events of a customer.

use super::link::Linker;
use super::lowering::Lowering;
use crate::check::tree::{self, Again, Expr, Kind};
use crate::diagnostic::Span;
use crate::leaf::fold::stream::Stream;
use crate::leaf::plan::{Aggregate, Function, Plan};
use crate::time::Period;

/// An entry, lowered: the rows of its goal and its exits.
pub(super) struct EntryPlan {
    goal: Option<Aggregate>,
    exits: Vec<Aggregate>,
}

/// When a customer enters a campaign, and until when an entry lasts.
pub(crate) struct Entry<P> {
    pub again: Again,
    pub again_span: Span,
    /// What it is for, and how long that is waited for.
    pub goal: Option<(Box<dyn Stream<P>>, Period)>,
    pub exits: Vec<Box<dyn Stream<P>>>,
}

impl EntryPlan {
    pub fn lower(lowering: &mut Lowering<'_>, entry: &tree::Entry) -> Self {
        let mut rows = |event: &Expr| match &event.kind {
            Kind::AnyEvent(clause) => Some(lowering.rows(clause, Function::Count, None)),
            _ => None,
        };
        EntryPlan {
            goal: entry.goal.as_ref().and_then(|goal| rows(&goal.event)),
            exits: entry.exits.iter().filter_map(&mut rows).collect(),
        }
    }

    /// What is asked of the rows.
    pub fn filters(&self) -> impl Iterator<Item = &Plan> {
        self.goal.iter().chain(&self.exits).filter_map(|rows| rows.filter.as_ref())
    }

    pub fn link<P: 'static>(self, linker: &Linker<'_, P>, entry: &tree::Entry) -> Entry<P> {
        let goal = self.goal.and_then(|rows| linker.stream(&rows)).zip(entry.goal.as_ref());
        Entry {
            again: entry.again,
            again_span: entry.again_span,
            goal: goal.map(|(stream, goal)| (stream, goal.within)),
            exits: self.exits.iter().filter_map(|rows| linker.stream(rows)).collect(),
        }
    }
}

impl<P> Entry<P> {
    /// Whether entries stay open for a while.
    pub fn lasts(&self) -> bool {
        self.goal.is_some() || !self.exits.is_empty()
    }
}
