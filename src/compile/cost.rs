//! What conditions, values and aggregates cost at most, in comparisons of a plain attribute. A host's function may cost
//! anything, and loops stand in loops, so sums stop at the greatest number.

use crate::leaf::form::{Form, ListForm, Pattern, TextForm, WordForm, WordsForm};
use crate::leaf::plan::{Aggregate, Counted, Function, Index, Plan, Value, Window};

const SHARED: u64 = 20;
const NAMED: u64 = 8;
/// Rows that a window is taken to hold.
const ROWS: u64 = 16;

/// All of them together.
pub(super) fn total(costs: impl IntoIterator<Item = u64>) -> u64 {
    costs.into_iter().fold(0, u64::saturating_add)
}

/// What things cost. What is computed once per customer, an aggregate or a named definition, is a look-up for those who ask for
/// it; an aggregate that reads rows further out is computed for each of them.
#[derive(Clone, Copy)]
pub(super) struct Price<'a>(pub &'a [Aggregate]);

impl Price<'_> {
    /// A condition.
    pub fn plan(self, plan: &Plan) -> u64 {
        match plan {
            Plan::Const(_) => 0,
            Plan::All(plans) | Plan::Any(plans) | Plan::AtLeast(_, plans) => {
                total(plans.iter().map(|plan| self.plan(plan)))
            }
            Plan::Fails(plan) => self.plan(plan),
            Plan::Test(value, form) => total([self.value(value), form_cost(form)]),
            Plan::Compare(_, _, left, right) | Plan::CompareCounts(_, left, right) => self.both(1, left, right),
            Plan::CompareVersions(_, left, right) => self.both(10, left, right),
            Plan::SameText { left, right, .. } => self.both(4, left, right),
            Plan::Count { source: Counted::Here(aggregate), .. } => self.aggregate(aggregate),
            Plan::Count { source: Counted::Shared(id), .. } | Plan::Every { aggregate: id, .. } => self.shared(*id),
            Plan::Named { .. } => NAMED,
            Plan::Bucket { .. } => 100,
            Plan::Consent { .. } => 10,
        }
    }

    /// An aggregate.
    pub fn aggregate(self, aggregate: &Aggregate) -> u64 {
        let per_row = aggregate.filter.as_ref().map_or(0, |filter| total([1, self.plan(filter)]));
        let measure = match &aggregate.function {
            Function::Count if aggregate.filter.is_none() => 0,
            Function::Chain(chain) => total(chain.roles().map(|rows| self.aggregate(rows))),
            Function::Every(holds) => ROWS.saturating_mul(self.plan(holds)),
            Function::Periods(..) => ROWS * 20,
            Function::Distinct(..) | Function::DistinctTexts(..) | Function::Median { .. } => ROWS * 8,
            Function::MostFrequent(..) | Function::MostFrequentText(..) => ROWS * 8,
            _ => ROWS,
        };
        let window = match &aggregate.window {
            Window::Between(ends) => total(ends.iter().map(|end| self.value(end))),
            Window::Ever | Window::Time(_) => 0,
        };
        let keys = aggregate.join.iter().flat_map(|join| &join.keys).map(|(key, _)| self.value(key));
        total([10, window, ROWS.saturating_mul(per_row), measure]).saturating_add(total(keys))
    }

    /// Rows by keys, built once per customer.
    pub fn index(self, index: &Index) -> u64 {
        let keys = index.keys.iter().map(|(key, _)| total([10, self.value(key)]));
        ROWS.saturating_mul(total(keys.chain(index.filter.as_ref().map(|filter| self.plan(filter)))))
    }

    fn shared(self, id: usize) -> u64 {
        let own = self.0.get(id).filter(|aggregate| aggregate.per_row);
        own.map_or(SHARED, |aggregate| self.aggregate(aggregate))
    }

    /// Reading a value.
    pub fn value(self, value: &Value) -> u64 {
        match value {
            Value::Word(_) | Value::Float(_) | Value::Text(_) | Value::Now | Value::RowAt | Value::Attribute(..) => 0,
            Value::Outer { .. } => 1,
            Value::Time(_) => 1,
            // A search by key.
            Value::Item(..) => 8,
            Value::Aggregate(id) | Value::Edge { aggregate: id, .. } => self.shared(*id),
            Value::Named(_) => NAMED,
            Value::Arithmetic(_, left, right) => self.both(1, left, right),
            Value::ToFloat(of) | Value::Share { of, .. } => total([1, self.value(of)]),
            Value::Logistic(of) => total([15, self.value(of)]),
            Value::Part { of, .. } => total([20, self.value(of)]),
            Value::Age { birth: of, .. } | Value::Anniversary { of, .. } => total([10, self.value(of)]),
            Value::Length(of) | Value::Version(_, of) => total([10, self.value(of)]),
            Value::Point(lat, lon) => self.both(2, lat, lon),
            Value::Distance(from, to) => self.both(60, from, to),
            // A search by halves.
            Value::Standing { by, .. } => total([12, self.value(by)]),
            Value::Call { arguments, cost, .. } => {
                total(arguments.iter().map(|(_, value)| self.value(value))).saturating_add(*cost)
            }
            Value::Choose { cases, otherwise, .. } => {
                let cases = cases.iter().map(|(when, value)| total([self.plan(when), self.value(value)]));
                total(cases.chain(otherwise.as_ref().map(|value| self.value(value))))
            }
            Value::Truth { yes, no } => total([self.plan(yes), self.plan(no)]),
        }
    }

    fn both(self, own: u64, left: &Value, right: &Value) -> u64 {
        total([own, self.value(left), self.value(right)])
    }
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
