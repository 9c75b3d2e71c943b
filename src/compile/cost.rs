//! What conditions, values and aggregates cost at most, in comparisons of a plain attribute. A host's function may cost
//! anything, and loops stand in loops, so sums stop at the greatest number.

use crate::leaf::form::{Form, ListForm, Pattern, TextForm, WordForm, WordsForm};
use crate::leaf::plan::{Aggregate, Counted, Function, Plan, Value, Window};

const SHARED: u64 = 20;
const NAMED: u64 = 8;
/// Rows that a window is taken to hold.
const ROWS: u64 = 16;

/// All of them together.
pub(super) fn total(costs: impl IntoIterator<Item = u64>) -> u64 {
    costs.into_iter().fold(0, u64::saturating_add)
}

/// What a condition costs; each shared aggregate and each named definition counts as a look-up, since it is paid for once.
pub(super) fn cost(plan: &Plan) -> u64 {
    match plan {
        Plan::Const(_) => 0,
        Plan::All(plans) | Plan::Any(plans) | Plan::AtLeast(_, plans) => total(plans.iter().map(cost)),
        Plan::Fails(plan) => cost(plan),
        Plan::Test(value, form) => total([value_cost(value), form_cost(form)]),
        Plan::Compare(_, _, left, right) | Plan::CompareCounts(_, left, right) => both(1, left, right),
        Plan::CompareVersions(_, left, right) => both(10, left, right),
        Plan::SameText { left, right, .. } => both(4, left, right),
        Plan::Count { source: Counted::Shared(_), .. } => SHARED,
        Plan::Count { source: Counted::Here(aggregate), .. } => aggregate_cost(aggregate),
        Plan::Every { .. } => SHARED,
        Plan::Named { .. } => NAMED,
        Plan::Bucket { .. } => 100,
        Plan::Consent { .. } => 10,
    }
}

/// What an aggregate costs.
pub(super) fn aggregate_cost(aggregate: &Aggregate) -> u64 {
    let per_row = aggregate.filter.as_ref().map_or(0, |filter| total([1, cost(filter)]));
    let measure = match &aggregate.function {
        Function::Count if aggregate.filter.is_none() => 0,
        Function::Chain(chain) => total(chain.roles().map(aggregate_cost)),
        Function::Every(holds) => ROWS.saturating_mul(cost(holds)),
        Function::Periods(..) => ROWS * 20,
        Function::Distinct(..) | Function::Median { .. } => ROWS * 8,
        Function::MostFrequent(..) | Function::MostFrequentFolded(_) => ROWS * 8,
        _ => ROWS,
    };
    let window = match &aggregate.window {
        Window::Between(ends) => total(ends.iter().map(value_cost)),
        Window::Ever | Window::Time(_) => 0,
    };
    total([10, window, ROWS.saturating_mul(per_row), measure])
}

/// What reading a value costs.
pub(super) fn value_cost(value: &Value) -> u64 {
    match value {
        Value::Word(_) | Value::Float(_) | Value::Text(_) | Value::Now | Value::RowAt | Value::Attribute(..) => 0,
        Value::Outer { .. } => 1,
        Value::Time(_) => 1,
        // A search by key.
        Value::Item(..) => 8,
        Value::Aggregate(_) | Value::Edge { .. } => SHARED,
        Value::Named(_) => NAMED,
        Value::Arithmetic(_, left, right) => both(1, left, right),
        Value::ToFloat(of) | Value::Share { of, .. } => total([1, value_cost(of)]),
        Value::Part { of, .. } => total([20, value_cost(of)]),
        Value::Age { birth: of, .. } | Value::Anniversary { of, .. } => total([10, value_cost(of)]),
        Value::Length(of) | Value::Version(_, of) => total([10, value_cost(of)]),
        Value::Point(lat, lon) => both(2, lat, lon),
        Value::Distance(from, to) => both(60, from, to),
        // A search by halves.
        Value::Standing { by, .. } => total([12, value_cost(by)]),
        Value::Call { arguments, cost, .. } => {
            total(arguments.iter().map(|(_, value)| value_cost(value))).saturating_add(*cost)
        }
        Value::Choose { cases, .. } => total(cases.iter().map(|(when, value)| total([cost(when), value_cost(value)]))),
        Value::Truth { yes, no } => total([cost(yes), cost(no)]),
    }
}

fn both(own: u64, left: &Value, right: &Value) -> u64 {
    total([own, value_cost(left), value_cost(right)])
}

fn form_cost(form: &Form) -> u64 {
    match form {
        Form::Word(WordForm::Circle { .. }) => 20,
        Form::Word(WordForm::Region { region, .. }) => 2 + region.sides() as u64,
        Form::Word(_) | Form::Float(_) => 1,
        Form::Text(TextForm::Present { .. } | TextForm::Empty { .. }) => 1,
        Form::Text(TextForm::Matches { pattern, ignoring_case, .. }) => {
            let exact = match pattern {
                Pattern::OneOf(items) => 2 + u64::from(items.len().max(1).ilog2()),
                Pattern::StartsWith(_) | Pattern::EndsWith(_) => 2,
                Pattern::Contains(_) | Pattern::Version(..) => 10,
                Pattern::Like(_) => 20,
                Pattern::Regex(_) => 60,
            };
            if *ignoring_case { exact * 4 } else { exact }
        }
        Form::Map(_) | Form::Words(WordsForm::Present { .. } | WordsForm::Empty { .. }) => 1,
        Form::Words(WordsForm::AnyOf { values, .. } | WordsForm::AllOf { values, .. }) => 4 * values.len() as u64,
        Form::List(ListForm::Present { .. } | ListForm::Empty { .. }) => 1,
        Form::List(ListForm::AnyOf { items, .. } | ListForm::AllOf { items, .. }) => 6 * items.len() as u64,
    }
}
