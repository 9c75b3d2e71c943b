//! What came of a contact → tests of its row.

use super::comparison::in_range;
use super::order::{all, any};
use crate::leaf::form::{Form, Pattern, TextForm, WordForm};
use crate::leaf::plan::{Place, Plan, Value};
use crate::schema::{Category, Contact, Outcome};

/// A plan that holds where the row of a contact definitely says so, or (`want` is false) definitely does not.
pub(super) fn outcome(outcome: Option<Outcome>, action: Option<&str>, bundles: &[String], want: bool) -> Plan {
    let among = match outcome {
        Some(outcome) => vec![outcome],
        None => vec![Outcome::Sent, Outcome::Impression],
    };
    let mut tests = vec![is_one_of(&among, want)];
    tests.extend(action.map(|path| under(path, bundles, want)));
    if outcome.is_none() {
        tests.push(in_range(property(Contact::FAILED), 0, 0, want));
    }
    if want { all(tests) } else { any(tests) }
}

fn property(index: usize) -> Value {
    Value::Attribute(Place::Row, index)
}

fn is_one_of(outcomes: &[Outcome], want: bool) -> Plan {
    let mut values: Vec<i64> = outcomes.iter().filter_map(|outcome| i64::try_from(outcome.index()).ok()).collect();
    values.sort_unstable();
    match values.as_slice() {
        [one] => in_range(property(Contact::OUTCOME), *one, *one, want),
        _ => Plan::Test(property(Contact::OUTCOME), Form::Word(WordForm::Set { values: values.into(), inside: want })),
    }
}

/// The action is the one meant, or is part of it, or is made of a row of it, or is one of these bundles.
fn under(path: &str, bundles: &[String], want: bool) -> Plan {
    let test = |pattern| {
        let form = TextForm::Matches { pattern, ignoring_case: false, want };
        Plan::Test(property(Contact::ACTION), Form::Text(form))
    };
    let inside = |path: &str, joint: char| test(Pattern::StartsWith(format!("{path}{joint}").as_str().into()));
    let paths: Vec<&str> = std::iter::once(path).chain(bundles.iter().map(String::as_str)).collect();
    let mut tests = vec![test(Pattern::OneOf(paths.iter().map(|&path| path.into()).collect()))];
    tests.extend(paths.iter().flat_map(|path| ['.', '['].map(|joint| inside(path, joint))));
    if want { any(tests) } else { all(tests) }
}
