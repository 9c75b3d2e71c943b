//! Which rows a plan reads: those of the clause that it stands in, those of clauses further out, and that of a catalog.

use super::lowering::Lowering;
use crate::leaf::plan::{Aggregate, Place, Value};
use crate::leaf::visit::{Visit, walk};

/// What was found.
pub(super) struct Reads<'a> {
    aggregates: &'a [Aggregate],
    /// Slots of clauses further out, as bits, and that of the row of a catalog.
    pub outer: u64,
    /// The row of the clause itself.
    pub row: bool,
}

impl Lowering<'_> {
    /// Whether an aggregate reads rows of clauses around it.
    pub(super) fn reads_outer(&self, aggregate: &Aggregate) -> bool {
        let mut reads = Reads::new(self.aggregates());
        reads.aggregate(aggregate);
        reads.outer != 0
    }
}

impl<'a> Reads<'a> {
    pub fn new(aggregates: &'a [Aggregate]) -> Self {
        Reads { aggregates, outer: 0, row: false }
    }
}

impl Visit for Reads<'_> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Attribute(Place::Row, _) | Value::Item(Place::Row, ..) | Value::RowAt => self.row = true,
            // A row that stands still while an aggregate is counted, as a kept one does, but not from one candidate to the next.
            Value::Attribute(Place::Catalog, _) => self.outer |= CATALOG,
            Value::Outer { slot, .. } => self.outer |= bit(*slot),
            other => walk::value(self, other),
        }
    }

    /// An aggregate's rows are its own; its window stands outside of it.
    fn aggregate(&mut self, aggregate: &Aggregate) {
        let mut inside = Reads::new(self.aggregates);
        walk::rows(&mut inside, aggregate);
        inside.outer &= !aggregate.keeps_row.map_or(0, bit);
        walk::window(&mut inside, aggregate);
        self.outer |= inside.outer;
    }

    fn shared(&mut self, id: usize) {
        if let Some(aggregate) = self.aggregates.get(id).filter(|aggregate| aggregate.per_row) {
            self.aggregate(aggregate);
        }
    }
}

/// The bit of the row that a candidate is made of: no slot has it.
const CATALOG: u64 = 1 << 63;

/// The bit of a slot.
pub(super) fn bit(slot: usize) -> u64 {
    u32::try_from(slot).ok().and_then(|slot| 1u64.checked_shl(slot)).unwrap_or_default()
}
