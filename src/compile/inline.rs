//! Counts that only one rule asks for are counted there, and stop as soon as the answer is settled.

use std::cell::RefCell;

use super::lowering::Plans;
use crate::leaf::plan::{Aggregate, Counted, Function, Plan, Value, Window};

/// Moves aggregates that are used once, by a test of a count, into that test; nothing looks them up by number any more.
pub(super) fn single_counts(plans: &mut Plans, others: &mut [&mut Plan]) {
    let table = Table {
        aggregates: plans.aggregates.clone(),
        uses: &plans.uses,
        inlined: RefCell::new(vec![false; plans.aggregates.len()]),
    };
    plans.yes.iter_mut().chain(&mut plans.no).flatten().for_each(|plan| table.condition(plan));
    plans.values.iter_mut().flatten().for_each(|value| table.value(value));
    plans.aggregates.iter_mut().for_each(|aggregate| table.aggregate(aggregate));
    others.iter_mut().for_each(|plan| table.condition(plan));
    plans.inlined = table.inlined.into_inner();
}

struct Table<'u> {
    aggregates: Vec<Aggregate>,
    uses: &'u [usize],
    inlined: RefCell<Vec<bool>>,
}

impl Table<'_> {
    fn condition(&self, plan: &mut Plan) {
        match plan {
            Plan::All(plans) | Plan::Any(plans) | Plan::AtLeast(_, plans) => {
                plans.iter_mut().for_each(|plan| self.condition(plan));
            }
            Plan::Count { source, .. } => {
                if let Counted::Shared(id) = source
                    && self.uses.get(*id) == Some(&1)
                    && let Some(aggregate) = self.aggregates.get(*id)
                    && aggregate.function == Function::Count
                {
                    let mut aggregate = aggregate.clone();
                    self.aggregate(&mut aggregate);
                    if let Some(inlined) = self.inlined.borrow_mut().get_mut(*id) {
                        *inlined = true;
                    }
                    *source = Counted::Here(Box::new(aggregate));
                }
            }
            Plan::Test(value, _) => self.value(value),
            Plan::Fails(plan) => self.condition(plan),
            Plan::Compare(_, _, left, right)
            | Plan::CompareCounts(_, left, right)
            | Plan::CompareVersions(_, left, right)
            | Plan::SameText { left, right, .. } => {
                self.value(left);
                self.value(right);
            }
            Plan::Const(_) | Plan::Every { .. } | Plan::Named { .. } | Plan::Bucket { .. } | Plan::Consent { .. } => {}
        }
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::Arithmetic(_, left, right) | Value::Point(left, right) | Value::Distance(left, right) => {
                self.value(left);
                self.value(right);
            }
            Value::ToFloat(of) | Value::Share { of, .. } | Value::Part { of, .. } | Value::Length(of) => self.value(of),
            Value::Age { birth: of, .. } | Value::Anniversary { of, .. } => self.value(of),
            Value::Version(_, of) => self.value(of),
            Value::Standing { by, .. } => self.value(by),
            Value::Call { arguments, .. } => arguments.iter_mut().for_each(|(_, value)| self.value(value)),
            Value::Choose { cases, otherwise, .. } => {
                for (when, value) in cases {
                    self.condition(when);
                    self.value(value);
                }
                if let Some(value) = otherwise {
                    self.value(value);
                }
            }
            Value::Truth { yes, no } => {
                self.condition(yes);
                self.condition(no);
            }
            _ => {}
        }
    }

    fn aggregate(&self, aggregate: &mut Aggregate) {
        if let Window::Between(ends) = &mut aggregate.window {
            ends.iter_mut().for_each(|value| self.value(value));
        }
        if let Some(filter) = &mut aggregate.filter {
            self.condition(filter);
        }
        match &mut aggregate.function {
            Function::Every(holds) => self.condition(holds),
            Function::Chain(chain) => chain.roles_mut().for_each(|rows| self.aggregate(rows)),
            _ => {}
        }
    }
}
