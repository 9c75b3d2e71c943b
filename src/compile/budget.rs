//! What bound rules cost, and whether that is within limits.

use std::collections::BTreeSet;

use super::cost::{Price, total};
use super::lowered::Lowered;
use super::lowering::Plans;
use crate::check::tree::Rules;
use crate::diagnostic::{Diagnostic, Span};
use crate::leaf::plan::{Aggregate, Plan, Value};
use crate::leaf::visit::{Visit, walk};
use crate::syntax::Limits;

/// What rules cost at most for one customer, in comparisons of a plain attribute, a nanosecond or so each. Known when they are
/// bound. How many events a customer has is not: a window is taken to hold 16.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Costs {
    /// Each definition with all that it counts and sums, in their order; other definitions are a look-up.
    pub definitions: Vec<u64>,
    /// Each action, in the order of the text, likewise.
    pub actions: Vec<u64>,
    /// All counts and sums that are kept for the customer, each once.
    pub aggregates: u64,
    /// Everything together, shared things once: what one decision, or one evaluation of all segments, costs at most.
    pub total: u64,
}

impl Costs {
    pub(super) fn of(Lowered { plans, candidates, blocks, wishes, prefers, .. }: &Lowered) -> Self {
        let mut own: u64 = 0;
        let mut rule = |conditions: &mut dyn Iterator<Item = &Plan>, values: &mut dyn Iterator<Item = &Value>| {
            let mut asked = Asked { plans, aggregates: BTreeSet::new(), indexes: BTreeSet::new() };
            let price = Price(&plans.aggregates);
            let conditions = total(conditions.map(|plan| {
                asked.plan(plan);
                price.plan(plan)
            }));
            let values = total(values.map(|value| {
                asked.value(value);
                price.value(value)
            }));
            own = total([own, conditions, values]);
            total([conditions, values, asked.cost()])
        };
        let sides = plans.yes.iter().zip(&plans.no).zip(&plans.values);
        let definitions = sides.map(|((yes, no), value)| rule(&mut yes.iter().chain(no), &mut value.iter())).collect();
        let actions = candidates.iter().map(|c| rule(&mut c.conditions(), &mut c.values())).collect();
        for block in blocks {
            rule(&mut std::iter::once(&block.plan), &mut std::iter::empty());
        }
        rule(&mut std::iter::empty(), &mut wishes.iter().flatten().chain(prefers));
        let numbers = || 0..plans.aggregates.len();
        let kept = Asked { plans, aggregates: numbers().collect(), indexes: (0..plans.indexes.len()).collect() };
        let aggregates = kept.cost();
        Costs { definitions, actions, aggregates, total: total([own, aggregates]) }
    }

    /// The rules that are too dear, or, where each is within its limit, that all of them are together.
    pub(super) fn exceeded(&self, rules: &Rules, lowered: &Lowered, limits: &Limits) -> Vec<Diagnostic> {
        let definitions = rules.definitions.iter().map(|definition| (definition.name.as_str(), definition.span));
        let actions = lowered.candidates.iter().map(|candidate| candidate.named(rules));
        let named = || definitions.clone().zip(&self.definitions).chain(actions.clone().zip(&self.actions));
        let dear: Vec<Diagnostic> = named()
            .filter(|&(_, &cost)| cost > limits.rule_cost)
            .map(|((name, span), cost)| too_dear(name, span, *cost, limits.rule_cost))
            .collect();
        let dearest = named().max_by_key(|&(_, cost)| cost);
        match dearest {
            Some(((_, span), cost)) if dear.is_empty() && self.total > limits.total_cost => {
                vec![too_dear_together(span, *cost, self.total, limits.total_cost)]
            }
            _ => dear,
        }
    }
}

fn too_dear(name: &str, span: Span, cost: u64, most: u64) -> Diagnostic {
    let message =
        format!("`{name}` may cost as much as {cost} comparisons for one customer: at most {most} are allowed");
    let repair = "nest fewer clauses in one another, or tie them by an equality such as `product = o.product`";
    Diagnostic::exceeded(message, span, repair, "rule_cost").label("too dear")
}

fn too_dear_together(span: Span, cost: u64, all: u64, most: u64) -> Diagnostic {
    let message =
        format!("the rules may cost as much as {all} comparisons for one customer: at most {most} are allowed");
    let repair = "keep fewer rules in one ruleset, or cheaper ones";
    Diagnostic::exceeded(message, span, repair, "total_cost").label(format!("the dearest of them, at {cost}"))
}

/// What is computed once per customer and asked for.
struct Asked<'p> {
    plans: &'p Plans,
    aggregates: BTreeSet<usize>,
    indexes: BTreeSet<usize>,
}

impl Asked<'_> {
    fn cost(&self) -> u64 {
        let price = Price(&self.plans.aggregates);
        // One that is counted inside of a rule, or for each row of a clause further out, is part of the price there.
        let kept = |&&id: &&usize| self.plans.inlined.get(id) == Some(&false);
        let aggregates = self.aggregates.iter().filter(kept).filter_map(|&id| self.plans.aggregates.get(id));
        let aggregates = aggregates.filter(|aggregate| !aggregate.per_row).map(|aggregate| price.aggregate(aggregate));
        let indexes = self.indexes.iter().filter_map(|&id| self.plans.indexes.get(id));
        total(aggregates.chain(indexes.map(|index| price.index(index))))
    }
}

impl Visit for Asked<'_> {
    fn aggregate(&mut self, aggregate: &Aggregate) {
        if let Some(join) = &aggregate.join
            && self.indexes.insert(join.index)
            && let Some(index) = self.plans.indexes.get(join.index)
        {
            index.filter.iter().for_each(|filter| self.plan(filter));
            index.keys.iter().for_each(|(key, _)| self.value(key));
        }
        walk::aggregate(self, aggregate);
    }

    fn shared(&mut self, id: usize) {
        if self.aggregates.insert(id)
            && let Some(aggregate) = self.plans.aggregates.get(id)
        {
            self.aggregate(aggregate);
        }
    }
}
