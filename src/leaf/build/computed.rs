//! Tests of values that had to be computed first.

use std::sync::Arc;

use super::{float, text, word};
use crate::leaf::float::{FloatAccess, FloatLeaves};
use crate::leaf::form::Pattern;
use crate::leaf::form::{Form, TextForm};
use crate::leaf::getter::{Get, Test};
use crate::leaf::matcher::{Contains, EndsWith, Equals, Matcher, OneOf, StartsWith};
use crate::leaf::matcher::{loose, same_ignoring_case};
use crate::leaf::plan::{Class, Order, Plan, Value};
use crate::leaf::scope::Site;
use crate::leaf::version::{Reading, Version};
use crate::leaf::word::{WordAccess, WordLeaves};

/// A computed value against a form: the getter stands in for the accessor.
pub(crate) fn test<R: 'static>(site: &dyn Site<R>, value: &Value, form: &Form) -> Test<R> {
    match form {
        Form::Word(form) => WordAccess(Arc::new(word(site, value))).test(form, None),
        Form::Float(form) => FloatAccess(Arc::new(float(site, value))).test(form, None),
        Form::Text(form) => text_test(site, value, form),
        // Lists and maps are never computed.
        Form::List(_) | Form::Words(_) | Form::Map(_) => Box::new(|_, _| false),
    }
}

fn text_test<R: 'static>(site: &dyn Site<R>, value: &Value, form: &TextForm) -> Test<R> {
    let get = text(site, value);
    match form.clone() {
        TextForm::Present { known } => Box::new(move |r, cx| get.read(r, cx).is_some() == known),
        TextForm::Empty { want } => Box::new(move |r, cx| get.read(r, cx).is_some_and(|text| text.is_empty() == want)),
        TextForm::Matches { pattern, ignoring_case, want } => {
            let matcher = boxed(&pattern, ignoring_case);
            Box::new(move |r, cx| get.read(r, cx).is_some_and(|text| matcher.matches(text) == want))
        }
    }
}

fn boxed(pattern: &Pattern, ignoring_case: bool) -> Box<dyn Matcher> {
    match pattern {
        _ if ignoring_case => Box::new(loose(pattern, true)),
        Pattern::OneOf(items) => match &**items {
            [one] => Box::new(Equals::new(one)),
            _ => Box::new(OneOf::new(items)),
        },
        Pattern::Contains(needle) => Box::new(Contains::new(needle)),
        Pattern::StartsWith(needle) => Box::new(StartsWith::new(needle)),
        Pattern::EndsWith(needle) => Box::new(EndsWith::new(needle)),
        Pattern::Regex(_) | Pattern::Like(_) | Pattern::Version(..) => Box::new(loose(pattern, false)),
    }
}

/// Two values by an order, or two texts.
pub(crate) fn compare<R: 'static>(site: &dyn Site<R>, plan: &Plan) -> Test<R> {
    match plan {
        Plan::Compare(order, Class::Word, left, right) => ordered(*order, word(site, left), word(site, right)),
        Plan::Compare(order, Class::Float, left, right) => ordered(*order, float(site, left), float(site, right)),
        Plan::CompareVersions(order, left, right) => {
            let (order, left, right) = (*order, text(site, left), text(site, right));
            Box::new(move |r, cx| {
                let (left, right) = (left.read(r, cx).and_then(version), right.read(r, cx).and_then(version));
                both(left, right, |left, right| order.holds(&left, &right))
            })
        }
        Plan::SameText { left, right, ignoring_case, want } => {
            let (left, right) = (text(site, left), text(site, right));
            let (ignoring_case, want) = (*ignoring_case, *want);
            Box::new(move |r, cx| match (left.read(r, cx), right.read(r, cx)) {
                (Some(a), Some(b)) if ignoring_case => same_ignoring_case(a, b) == want,
                (Some(a), Some(b)) => (a == b) == want,
                _ => false,
            })
        }
        _ => Box::new(|_, _| false),
    }
}

fn version(text: &str) -> Option<Version<'_>> {
    Version::parse(text, Reading::Lenient)
}

fn ordered<R: 'static, T: PartialOrd + 'static>(order: Order, left: Get<R, T>, right: Get<R, T>) -> Test<R> {
    match order {
        Order::Equal => Box::new(move |r, cx| both(left(r, cx), right(r, cx), |a, b| a == b)),
        Order::NotEqual => Box::new(move |r, cx| both(left(r, cx), right(r, cx), |a, b| a != b)),
        Order::Less => Box::new(move |r, cx| both(left(r, cx), right(r, cx), |a, b| a < b)),
        Order::LessOrEqual => Box::new(move |r, cx| both(left(r, cx), right(r, cx), |a, b| a <= b)),
    }
}

fn both<T>(left: Option<T>, right: Option<T>, holds: impl Fn(T, T) -> bool) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => holds(left, right),
        _ => false,
    }
}

/// Two counts by an order that must hold for all of both intervals.
pub(crate) fn compare_counts<R: 'static>(site: &dyn Site<R>, order: Order, left: &Value, right: &Value) -> Test<R> {
    let (left, right) = (interval(site, left), interval(site, right));
    Box::new(move |r, cx| both(left(r, cx), right(r, cx), |left, right| intervals_hold(order, left, right)))
}

type Interval = (i64, i64);

/// A count as the interval that it is known to lie in; any other word as an interval of one.
fn interval<R: 'static>(site: &dyn Site<R>, value: &Value) -> Get<R, Interval> {
    if let Value::Aggregate(id) = value {
        return site.lift_count(*id);
    }
    let word = word(site, value);
    Box::new(move |r, cx| word(r, cx).map(|n| (n, n)))
}

fn intervals_hold(order: Order, (low, high): Interval, (other_low, other_high): Interval) -> bool {
    match order {
        Order::Equal => low == high && other_low == other_high && low == other_low,
        Order::NotEqual => high < other_low || other_high < low,
        Order::Less => high < other_low,
        Order::LessOrEqual => high <= other_low,
    }
}
