//! Sequences of events → plans.

use super::lowering::Lowering;
use super::order::all;
use crate::check::{tree, walk};
use crate::leaf::plan::{
    Aggregate, Alike, Chain, Class, Function, Index, Join, Order, Pin, Place, Plan, Step, Tail, Value, Window,
};
use crate::syntax::ast::Edge;
use crate::time::Zone;

impl Lowering<'_> {
    /// The number of the aggregate that says whether a sequence took place.
    pub(super) fn chain(&mut self, chain: &tree::Chain, zone: Option<Zone>) -> usize {
        let mut rows = |clause: &tree::Clause| {
            let rows = self.rows(clause, Function::Count, zone);
            self.joined(rows)
        };
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
        let alike = self.alike(chain, zone);
        let mut aggregate = Aggregate {
            kind: steps.first().map_or(0, |step| step.rows.kind),
            merged: steps.first().is_some_and(|step| step.rows.merged),
            window: Window::Ever,
            filter: None,
            keeps_row: alike.as_ref().map(|alike| alike.slot),
            function: Function::Chain(Box::new(Chain { pin, steps, tail, alike, zone })),
            per_row: false,
            join: None,
            within: [None, None],
        };
        aggregate.per_row = self.reads_outer(&aggregate);
        self.aggregate(aggregate)
    }

    /// The rows of the first step by all that later steps ask of them.
    fn alike(&mut self, chain: &tree::Chain, zone: Option<Zone>) -> Option<Alike> {
        let first = &chain.steps.first()?.clause;
        let slot = first.alias?;
        let asked = asked(chain, slot);
        if asked.is_empty() {
            return None;
        }
        let rows = self.rows(first, Function::Count, zone);
        // What reads rows further out is not the same from one of them to the next.
        if rows.per_row {
            return Some(Alike { slot, rows: None });
        }
        let class = |property: Option<usize>| property.map_or(Class::Word, |p| self.property_class(first, p));
        let own = |property: Option<usize>| match property {
            Some(property) => Value::Attribute(Place::Row, property),
            None => Value::RowAt,
        };
        let kept = |property| Value::Outer { slot, kind: first.event, property };
        let parts: Vec<(Value, Value, Class)> = asked.iter().map(|&p| (own(p), kept(p), class(p))).collect();
        let equal = |(own, kept, class): &(Value, Value, Class)| {
            let (left, right) = (Box::new(own.clone()), Box::new(kept.clone()));
            match class {
                Class::Text => Plan::SameText { left, right, ignoring_case: false, want: true },
                class => Plan::Compare(Order::Equal, *class, left, right),
            }
        };
        // A single word is the key itself; of others only a hash is, and rows with the same one are compared.
        let filter = match parts.as_slice() {
            [(.., Class::Word | Class::Float)] => None,
            parts => Some(all(parts.iter().map(equal).collect())),
        };
        let window = match rows.window {
            Window::Time(time) => Some(time),
            Window::Ever | Window::Between(_) => None,
        };
        let keys = parts.iter().map(|(own, _, class)| (own.clone(), *class)).collect();
        let index = Index { kind: rows.kind, window, filter: rows.filter, keys, keeps_row: rows.keeps_row };
        let keys = parts.into_iter().map(|(_, kept, class)| (kept, class)).collect();
        let join = Some(Join { index: self.index(index), keys });
        let rows = Aggregate { filter, keeps_row: None, per_row: true, join, ..rows };
        Some(Alike { slot, rows: Some(rows) })
    }
}

/// The properties (`None`: the instant) of the first step's event that other steps read, each once.
fn asked(chain: &tree::Chain, slot: usize) -> Vec<Option<usize>> {
    let mut asked = Vec::new();
    let mut ask = |property| {
        if !asked.contains(&property) {
            asked.push(property);
        }
    };
    for expr in chain.clauses().skip(1).flat_map(walk::inside) {
        walk::each(expr, &mut |inner| match inner.kind {
            tree::Kind::Attribute(tree::Place::Outer { slot: of, .. }, property) if of == slot => ask(Some(property)),
            tree::Kind::OuterAt { slot: of, .. } if of == slot => ask(None),
            _ => {}
        });
    }
    asked
}
