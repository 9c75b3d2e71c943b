//! Connectives, simplified, with the cheapest operand first. Conditions are pure, so any order gives the same answer.

use crate::leaf::form::{FloatForm, Form, ListForm, Pattern, TextForm, WordForm};
use crate::leaf::plan::{Aggregate, Counted, Function, Plan, Value};

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
            flat.sort_by_cached_key(cost);
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
    plans.sort_by_cached_key(cost);
    Plan::AtLeast(count, plans)
}

/// What a condition costs at most, in comparisons of a plain attribute; each shared aggregate and each named definition
/// counts as a look-up, since it is paid for once.
pub(crate) fn cost(plan: &Plan) -> u64 {
    match plan {
        Plan::Const(_) => 0,
        Plan::All(plans) | Plan::Any(plans) | Plan::AtLeast(_, plans) => plans.iter().map(cost).sum(),
        Plan::Test(value, form) => value_cost(value) + form_cost(form),
        Plan::Compare(_, _, left, right) | Plan::CompareCounts(_, left, right) => {
            1 + value_cost(left) + value_cost(right)
        }
        Plan::SameText { left, right, .. } => 4 + value_cost(left) + value_cost(right),
        Plan::Count { source: Counted::Shared(_), .. } => SHARED,
        Plan::Count { source: Counted::Here(aggregate), .. } => aggregate_cost(aggregate),
        Plan::Every { .. } => SHARED,
        Plan::Named { .. } => NAMED,
        Plan::Bucket { .. } => 100,
        Plan::Consent { .. } => 10,
    }
}

const SHARED: u64 = 20;
const NAMED: u64 = 8;
/// Rows that a window is taken to hold.
const ROWS: u64 = 16;

/// What an aggregate costs.
pub(crate) fn aggregate_cost(aggregate: &Aggregate) -> u64 {
    let per_row = aggregate.filter.as_ref().map_or(0, |filter| 1 + cost(filter));
    let measure = match &aggregate.function {
        Function::Count if aggregate.filter.is_none() => 0,
        Function::Every(holds) => ROWS * cost(holds),
        Function::Periods(..) => ROWS * 20,
        Function::Distinct(..) | Function::Median { .. } => ROWS * 8,
        Function::MostFrequent(..) | Function::MostFrequentFolded(_) => ROWS * 8,
        _ => ROWS,
    };
    10 + ROWS * per_row + measure
}

/// What reading a value costs.
pub(crate) fn value_cost(value: &Value) -> u64 {
    match value {
        Value::Word(_) | Value::Float(_) | Value::Text(_) | Value::Now | Value::RowAt | Value::Attribute(..) => 0,
        Value::Time(_) => 1,
        Value::Aggregate(_) | Value::Edge { .. } => SHARED,
        Value::Named(_) => NAMED,
        Value::Arithmetic(_, left, right) => 1 + value_cost(left) + value_cost(right),
        Value::ToFloat(of) | Value::Share { of, .. } => 1 + value_cost(of),
        Value::Part { of, .. } => 20 + value_cost(of),
        Value::Age { birth: of, .. } | Value::Anniversary { of, .. } => 10 + value_cost(of),
        // A search by halves.
        Value::Standing { by, .. } => 12 + value_cost(by),
        Value::Length(of) => 10 + value_cost(of),
        Value::Call { arguments, cost, .. } => {
            cost.saturating_add(arguments.iter().map(|(_, value)| value_cost(value)).sum())
        }
        Value::Choose { cases, .. } => cases.iter().map(|(when, value)| cost(when) + value_cost(value)).sum(),
        Value::Truth { yes, no } => cost(yes) + cost(no),
    }
}

fn form_cost(form: &Form) -> u64 {
    match form {
        Form::Word(_) | Form::Float(_) => 1,
        Form::Text(TextForm::Present { .. } | TextForm::Empty { .. }) => 1,
        Form::Text(TextForm::Matches { pattern, ignoring_case, .. }) => {
            let exact = match pattern {
                Pattern::OneOf(items) => 2 + u64::from(items.len().max(1).ilog2()),
                Pattern::StartsWith(_) | Pattern::EndsWith(_) => 2,
                Pattern::Contains(_) => 10,
                Pattern::Regex(_) => 60,
            };
            if *ignoring_case { exact * 4 } else { exact }
        }
        Form::List(ListForm::Present { .. } | ListForm::Empty { .. }) => 1,
        Form::List(ListForm::AnyOf { items, .. } | ListForm::AllOf { items, .. }) => 6 * items.len() as u64,
    }
}
