//! Sequences of events → plans.

use super::lowering::Lowering;
use crate::check::tree;
use crate::leaf::plan::{Aggregate, Chain, Function, Pin, Step, Tail, Window};
use crate::syntax::ast::Edge;
use crate::time::Zone;

impl Lowering<'_> {
    /// The number of the aggregate that says whether a sequence took place.
    pub(super) fn chain(&mut self, chain: &tree::Chain, zone: Option<Zone>) -> usize {
        let mut rows = |clause: &tree::Clause| self.rows(clause, Function::Count, zone);
        let steps: Vec<Step> = chain
            .steps
            .iter()
            .map(|step| Step {
                rows: rows(&step.clause),
                gap: step.within,
                without: step.without.as_ref().map(&mut rows),
            })
            .collect();
        let tail =
            chain.tail.as_ref().map(|tail| Tail { rows: rows(&tail.clause), within: tail.within, yet: tail.yet });
        let pin = chain.pin.map(|pin| if pin == Edge::First { Pin::First } else { Pin::Last });
        let kind = steps.first().map_or(0, |step| step.rows.kind);
        let function = Function::Chain(Box::new(Chain { pin, steps, tail, zone }));
        let mut aggregate = Aggregate {
            kind,
            window: Window::Ever,
            filter: None,
            function,
            keeps_row: None,
            per_row: false,
            join: None,
            merged: true,
        };
        aggregate.per_row = self.reads_outer(&aggregate);
        self.aggregate(aggregate)
    }
}
