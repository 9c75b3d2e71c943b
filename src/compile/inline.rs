//! Counts that only one rule asks for are counted there, and stop as soon as the answer is settled.

use super::lowering::Plans;
use crate::leaf::plan::{Aggregate, Counted, Function, Plan};
use crate::leaf::visit::{VisitMut, walk_mut};

/// Moves aggregates that are used once, by a test of a count, into that test; nothing looks them up by number any more.
pub(super) fn single_counts<'p>(plans: &mut Plans, others: impl Iterator<Item = &'p mut Plan>) {
    let aggregates = plans.aggregates.clone();
    let inlined = vec![false; aggregates.len()];
    let mut single = SingleCounts { aggregates, uses: &plans.uses, inlined };
    plans.yes.iter_mut().chain(&mut plans.no).flatten().for_each(|plan| single.plan(plan));
    plans.values.iter_mut().flatten().for_each(|value| single.value(value));
    plans.aggregates.iter_mut().for_each(|aggregate| single.aggregate(aggregate));
    others.for_each(|plan| single.plan(plan));
    plans.inlined = single.inlined;
}

struct SingleCounts<'u> {
    aggregates: Vec<Aggregate>,
    uses: &'u [usize],
    inlined: Vec<bool>,
}

impl VisitMut for SingleCounts<'_> {
    fn plan(&mut self, plan: &mut Plan) {
        if let Plan::Count { source, .. } = plan
            && let Counted::Shared(id) = *source
            && self.uses.get(id) == Some(&1)
            && let Some(aggregate) = self.aggregates.get(id).filter(|a| a.function == Function::Count)
        {
            *source = Counted::Here(Box::new(aggregate.clone()));
            if let Some(inlined) = self.inlined.get_mut(id) {
                *inlined = true;
            }
        }
        walk_mut::plan(self, plan);
    }
}
