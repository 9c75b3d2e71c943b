//! Plan → predicate, for any thing that tests read.

pub(crate) mod computed;
pub(crate) mod customer;
mod value;

pub(crate) use customer::Builder;
pub(crate) use value::{float, round_half_even, text, word};

use super::Cx;
use super::form::Form;
use super::getter::{Next, Test, and};
use super::plan::{Place, Plan, Value};
use super::scope::Site;

/// A predicate.
pub(crate) fn test<R: 'static>(site: &dyn Site<R>, plan: &Plan) -> Test<R> {
    chained(site, plan, None)
}

/// A predicate that owns what follows it in an `and`.
fn chained<R: 'static>(site: &dyn Site<R>, plan: &Plan, next: Next<R>) -> Test<R> {
    let test = match plan {
        Plan::All(plans) => return all(site, plans, next),
        Plan::Test(value, form) => return value_test(site, plan, value, form, next),
        Plan::Const(value) => {
            let value = *value;
            Box::new(move |_: &R, _: &Cx<'_>| value)
        }
        Plan::Any(plans) => any(plans.iter().map(|plan| test(site, plan)).collect()),
        Plan::AtLeast(count, plans) => at_least(*count, plans.iter().map(|plan| test(site, plan)).collect()),
        Plan::Compare(..) | Plan::SameText { .. } => computed::compare(site, plan),
        Plan::CompareCounts(order, left, right) => computed::compare_counts(site, *order, left, right),
        Plan::Count { .. } | Plan::Every { .. } | Plan::Named { .. } | Plan::Bucket { .. } | Plan::Consent { .. } => {
            site.lift_test(plan)
        }
    };
    and(test, next)
}

fn value_test<R: 'static>(site: &dyn Site<R>, plan: &Plan, value: &Value, form: &Form, next: Next<R>) -> Test<R> {
    if let Value::Attribute(place, index) = value {
        if let Some(leaves) = site.own(*place, *index) {
            return leaves.test(form, next);
        }
        if matches!(place, Place::Customer | Place::List) {
            return and(site.lift_test(plan), next);
        }
    }
    and(computed::test(site, value, form), next)
}

/// So many conditions make a chain; longer ones are cut, since builds that do not turn calls into jumps nest them.
const CHAIN: usize = 64;

/// All of them; what is false soonest stands first, as `compile` has ordered them.
fn all<R: 'static>(site: &dyn Site<R>, plans: &[Plan], next: Next<R>) -> Test<R> {
    let chain = |plans: &[Plan], next| plans.iter().rev().fold(next, |next, plan| Some(chained(site, plan, next)));
    if plans.len() <= CHAIN {
        return chain(plans, next).unwrap_or_else(|| Box::new(|_, _| true));
    }
    let chains: Box<[Test<R>]> = plans.chunks(CHAIN).filter_map(|plans| chain(plans, None)).collect();
    and(Box::new(move |r, cx| chains.iter().all(|chain| chain(r, cx))), next)
}

/// One of them.
fn any<R: 'static>(tests: Vec<Test<R>>) -> Test<R> {
    match fixed(tests) {
        Fixed::None => Box::new(|_, _| false),
        Fixed::One([a]) => a,
        Fixed::Two([a, b]) => Box::new(move |r, cx| a(r, cx) || b(r, cx)),
        Fixed::Three([a, b, c]) => Box::new(move |r, cx| a(r, cx) || b(r, cx) || c(r, cx)),
        Fixed::Four([a, b, c, d]) => Box::new(move |r, cx| a(r, cx) || b(r, cx) || c(r, cx) || d(r, cx)),
        Fixed::Many(tests) => Box::new(move |r, cx| tests.iter().any(|test| test(r, cx))),
    }
}

fn at_least<R: 'static>(count: usize, tests: Vec<Test<R>>) -> Test<R> {
    Box::new(move |r, cx| {
        let mut left = count;
        // Stop as soon as enough hold, or as too few are left to reach the number.
        for (done, test) in tests.iter().enumerate() {
            if left == 0 {
                return true;
            }
            if tests.len() - done < left {
                return false;
            }
            if test(r, cx) {
                left -= 1;
            }
        }
        left == 0
    })
}

enum Fixed<R> {
    None,
    One([Test<R>; 1]),
    Two([Test<R>; 2]),
    Three([Test<R>; 3]),
    Four([Test<R>; 4]),
    Many(Box<[Test<R>]>),
}

fn fixed<R>(tests: Vec<Test<R>>) -> Fixed<R> {
    if tests.is_empty() {
        return Fixed::None;
    }
    let tests = match <[Test<R>; 1]>::try_from(tests) {
        Ok(array) => return Fixed::One(array),
        Err(tests) => tests,
    };
    let tests = match <[Test<R>; 2]>::try_from(tests) {
        Ok(array) => return Fixed::Two(array),
        Err(tests) => tests,
    };
    let tests = match <[Test<R>; 3]>::try_from(tests) {
        Ok(array) => return Fixed::Three(array),
        Err(tests) => tests,
    };
    match <[Test<R>; 4]>::try_from(tests) {
        Ok(array) => Fixed::Four(array),
        Err(tests) => Fixed::Many(tests.into_boxed_slice()),
    }
}
