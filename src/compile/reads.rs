//! Which rows a plan reads: those of the clause that it stands in, and those of clauses further out.

use super::lowering::Lowering;
use crate::leaf::plan::{Aggregate, Counted, Function, Place, Plan, Value, Window};

/// What was found.
pub(super) struct Reads<'a> {
    aggregates: &'a [Aggregate],
    /// Slots of clauses further out, as bits.
    pub outer: u64,
    /// The row of the clause itself.
    pub row: bool,
}

impl Lowering<'_> {
    /// Whether an aggregate reads rows of clauses around it.
    pub(super) fn reads_outer(&self, aggregate: &Aggregate) -> bool {
        Reads::new(self.aggregates()).aggregate(aggregate) != 0
    }
}

impl<'a> Reads<'a> {
    pub fn new(aggregates: &'a [Aggregate]) -> Self {
        Reads { aggregates, outer: 0, row: false }
    }

    pub fn plan(&mut self, plan: &Plan) {
        match plan {
            Plan::All(plans) | Plan::Any(plans) | Plan::AtLeast(_, plans) => {
                plans.iter().for_each(|plan| self.plan(plan))
            }
            Plan::Fails(plan) => self.plan(plan),
            Plan::Test(value, _) => self.value(value),
            Plan::Compare(_, _, left, right)
            | Plan::CompareCounts(_, left, right)
            | Plan::CompareVersions(_, left, right)
            | Plan::SameText { left, right, .. } => {
                self.value(left);
                self.value(right);
            }
            Plan::Count { source: Counted::Shared(id), .. } | Plan::Every { aggregate: id, .. } => self.shared(*id),
            Plan::Count { source: Counted::Here(aggregate), .. } => self.outer |= self.aggregate(aggregate),
            Plan::Const(_) | Plan::Named { .. } | Plan::Bucket { .. } | Plan::Consent { .. } => {}
        }
    }

    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Attribute(Place::Row, _) | Value::Item(Place::Row, ..) | Value::RowAt => self.row = true,
            Value::Outer { slot, .. } => self.outer |= bit(*slot),
            Value::Aggregate(id) | Value::Edge { aggregate: id, .. } => self.shared(*id),
            Value::Arithmetic(_, left, right) | Value::Point(left, right) | Value::Distance(left, right) => {
                self.value(left);
                self.value(right);
            }
            Value::ToFloat(of) | Value::Share { of, .. } | Value::Part { of, .. } | Value::Length(of) => self.value(of),
            Value::Age { birth: of, .. } | Value::Anniversary { of, .. } => self.value(of),
            Value::Version(_, of) => self.value(of),
            Value::Call { arguments, .. } => arguments.iter().for_each(|(_, value)| self.value(value)),
            Value::Choose { cases, otherwise, .. } => {
                for (when, value) in cases {
                    self.plan(when);
                    self.value(value);
                }
                otherwise.iter().for_each(|value| self.value(value));
            }
            Value::Truth { yes, no } => {
                self.plan(yes);
                self.plan(no);
            }
            Value::Word(_) | Value::Float(_) | Value::Text(_) | Value::Attribute(..) | Value::Item(..) => {}
            Value::Named(_) | Value::Standing { .. } | Value::Time(_) | Value::Now => {}
        }
    }

    fn shared(&mut self, id: usize) {
        if let Some(aggregate) = self.aggregates.get(id).filter(|aggregate| aggregate.per_row) {
            self.outer |= self.aggregate(aggregate);
        }
    }

    /// The slots of clauses around an aggregate that it reads.
    fn aggregate(&self, aggregate: &Aggregate) -> u64 {
        let mut inside = Reads::new(self.aggregates);
        aggregate.filter.iter().for_each(|filter| inside.plan(filter));
        match &aggregate.function {
            Function::Every(holds) => inside.plan(holds),
            Function::Chain(chain) => inside.outer |= chain.roles().fold(0, |outer, rows| outer | self.aggregate(rows)),
            _ => {}
        }
        if let Some(join) = &aggregate.join {
            join.keys.iter().for_each(|(value, _)| inside.value(value));
        }
        inside.outer &= !aggregate.keeps_row.map_or(0, bit);
        if let Window::Between(ends) = &aggregate.window {
            ends.iter().for_each(|value| inside.value(value));
        }
        inside.outer
    }
}

/// The bit of a slot.
pub(super) fn bit(slot: usize) -> u64 {
    u32::try_from(slot).ok().and_then(|slot| 1u64.checked_shl(slot)).unwrap_or_default()
}
