//! Connectives, simplified, with the cheapest operand first. Conditions are pure, so any order gives the same answer.

use super::cost::Price;
use crate::leaf::form::{FloatForm, Form, WordForm};
use crate::leaf::plan::Plan;

/// All of them, flat.
pub(super) fn all(plans: Vec<Plan>) -> Plan {
    connect(plans, true)
}

/// One of them, flat.
pub(super) fn any(plans: Vec<Plan>) -> Plan {
    connect(plans, false)
}

/// `neutral`: the constant that changes nothing, whose opposite settles all.
fn connect(plans: Vec<Plan>, neutral: bool) -> Plan {
    let mut flat = Vec::with_capacity(plans.len());
    for plan in plans {
        match plan {
            Plan::Const(value) if value == neutral => {}
            Plan::Const(value) => return Plan::Const(value),
            Plan::All(inner) if neutral => flat.extend(inner),
            Plan::Any(inner) if !neutral => flat.extend(inner),
            other => flat.push(other),
        }
    }
    if neutral {
        merge_ranges(&mut flat);
    }
    match flat.len() {
        0 => Plan::Const(neutral),
        1 => flat.pop().unwrap_or(Plan::Const(neutral)),
        _ => {
            flat.sort_by_cached_key(price);
            if neutral { Plan::All(flat) } else { Plan::Any(flat) }
        }
    }
}

/// Ranges that one value must lie in become one range.
fn merge_ranges(plans: &mut Vec<Plan>) {
    let mut kept: Vec<Plan> = Vec::with_capacity(plans.len());
    for plan in plans.drain(..) {
        if !kept.iter_mut().any(|earlier| narrow(earlier, &plan)) {
            kept.push(plan);
        }
    }
    *plans = kept;
}

/// Narrows a range to what another one on the same value leaves of it; `false` if they are not two such ranges.
fn narrow(plan: &mut Plan, other: &Plan) -> bool {
    let (Plan::Test(value, form), Plan::Test(of, by)) = (plan, other) else { return false };
    match (form, by) {
        (
            Form::Word(WordForm::Interval { low, high, inside: true }),
            Form::Word(WordForm::Interval { low: from, high: to, inside: true }),
        ) if value == of => {
            *low = (*low).max(*from);
            *high = (*high).min(*to);
            true
        }
        (
            Form::Float(FloatForm::Interval { low, high, inside: true }),
            Form::Float(FloatForm::Interval { low: from, high: to, inside: true }),
        ) if value == of => {
            if from.low() > low.low() {
                *low = *from;
            }
            if to.high() < high.high() {
                *high = *to;
            }
            true
        }
        _ => false,
    }
}

/// At least `count` of them.
pub(super) fn at_least(count: usize, mut plans: Vec<Plan>) -> Plan {
    if count == 0 {
        return Plan::Const(true);
    }
    if count > plans.len() {
        return Plan::Const(false);
    }
    if count == plans.len() {
        return all(plans);
    }
    if count == 1 {
        return any(plans);
    }
    plans.sort_by_cached_key(price);
    Plan::AtLeast(count, plans)
}

/// What an operand costs; aggregates are counted as if they were there already.
fn price(plan: &Plan) -> u64 {
    Price(&[]).plan(plan)
}
