//! A failing case made small: fewer definitions, smaller conditions, emptier customers.

use std::sync::Arc;

use super::customer::Situation;
use super::generate::condition::Condition;
use super::generate::{Body, Case};

/// The smallest case found for which `fails` still holds.
pub fn reduced(case: &Case, fails: impl Fn(&Case) -> bool) -> Case {
    let mut best = case.clone();
    // Each round tries everything once; a round without success ends it.
    while let Some(smaller) = smaller(&best).into_iter().find(|case| fails(case)) {
        best = smaller;
    }
    best
}

/// Cases that lack one thing, the largest things first.
fn smaller(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    if case.situations.len() > 1 {
        all.extend(case.situations.iter().map(|one| Case { situations: vec![one.clone()], ..case.clone() }));
    }
    for i in 0..case.definitions.len() {
        let mut without = case.clone();
        without.definitions.remove(i);
        all.push(without);
        let mut plain = case.clone();
        if plain.definitions[i].zone.take().is_some() {
            all.push(plain);
        }
        if let Body::Segment(condition) = &case.definitions[i].body {
            for condition in parts(condition) {
                let mut part = case.clone();
                part.definitions[i].body = Body::Segment(condition);
                all.push(part);
            }
        }
    }
    if let [situation] = &case.situations[..] {
        all.extend(emptier(situation).into_iter().map(|one| Case { situations: vec![one], ..case.clone() }));
    }
    all
}

/// Operands alone, and the condition without one of them.
fn parts(condition: &Condition) -> Vec<Condition> {
    let (Condition::And(of) | Condition::Or(of) | Condition::AtLeast(_, of)) = condition else {
        return match condition {
            Condition::Not(of) => {
                let inside = parts(of).into_iter().map(Condition::negated);
                std::iter::once((**of).clone()).chain(inside).collect()
            }
            _ => Vec::new(),
        };
    };
    let with = |of: Vec<Condition>| match condition {
        Condition::And(_) => Condition::And(of),
        Condition::Or(_) => Condition::Or(of),
        Condition::AtLeast(count, _) => Condition::AtLeast((*count).min(of.len()), of),
        other => other.clone(),
    };
    let mut all = of.clone();
    for i in 0..of.len() {
        if of.len() > 2 {
            let mut fewer = of.clone();
            fewer.remove(i);
            all.push(with(fewer));
        }
        for part in parts(&of[i]) {
            let mut changed = of.clone();
            changed[i] = part;
            all.push(with(changed));
        }
    }
    all
}

/// The situation without one attribute, event or consent.
fn emptier(situation: &Situation) -> Vec<Situation> {
    let mut all = Vec::new();
    let mut without = |change: &dyn Fn(&mut Situation)| {
        let mut changed = situation.clone();
        change(&mut changed);
        all.push(changed);
    };
    for kind in situation.customer.histories.keys() {
        without(&|changed| {
            changed.customer.histories.remove(kind);
        });
        if situation.customer.histories[kind].complete_since.is_some() {
            without(&|changed| changed.customer.histories.get_mut(kind).expect("it is there").complete_since = None);
        }
        for row in 0..situation.customer.histories[kind].rows.len() {
            without(&|changed| {
                changed.customer.histories.get_mut(kind).expect("it is there").rows.remove(row);
            });
        }
    }
    for (name, items) in &situation.customer.items {
        without(&|changed| {
            changed.customer.items.remove(name);
        });
        for row in 0..items.len() {
            without(&|changed| {
                changed.customer.items.get_mut(name).expect("it is there").remove(row);
            });
        }
    }
    for name in situation.customer.attributes.keys() {
        without(&|changed| {
            changed.customer.attributes.remove(name);
        });
    }
    for name in situation.context.keys() {
        without(&|changed| {
            changed.context.remove(name);
        });
    }
    for customer in 0..situation.crowd.as_ref().map_or(0, |crowd| crowd.customers.len()) {
        without(&|changed| {
            Arc::make_mut(changed.crowd.as_mut().expect("it is there")).customers.remove(customer);
        });
    }
    for consent in 0..situation.customer.consents.len() {
        without(&|changed| {
            changed.customer.consents.remove(consent);
        });
    }
    all
}
