//! The engine in times of the hand-written twin.
//!
//! Before anything is timed, both must agree on every customer.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::collections::HashSet;
use std::hint::black_box;

use common::cases::{self, CUSTOMERS, Case, Crowds, growth};
use common::customer::{self, Customer, population};
use common::segments;
use common::shopper::Shopper;
use common::turns::{Asked, times};
use nextbest::Profile;

fn main() {
    let asked = Asked::read();
    let turns = asked.turns;
    println!("| group | rule | members | hand-written ns | engine ns | ratio | goal |");
    println!("|---|---|---:|---:|---:|---:|---:|");
    one_by_one(&asked, cases::of_customers());
    if asked.has("segments") {
        many(turns, &population(CUSTOMERS, 0));
    }
    one_by_one(&asked, cases::of_shoppers());
    if asked.has("growth") {
        println!("\n| growth from {} to {} events of a kind | times |", growth::EVENTS, 2 * growth::EVENTS);
        println!("|---|---:|");
        growing(turns);
    }
}

/// Every case by itself: a segment, and its twin.
fn one_by_one<P: Profile>(asked: &Asked, (cases, mut crowds): (Vec<Case<P>>, Crowds<P>)) {
    let turns = asked.turns;
    for case in cases.into_iter().filter(|case| asked.has(case.group) || asked.has(case.name)) {
        let customers = crowds.with(case.events);
        let (engine, segment) = case.engine();
        let request = engine.request(customer::now());
        let population = engine.population(customers, &request);
        let request = request.population(&population);
        let mut evaluator = engine.evaluator();
        let twin = black_box(&case.twin);
        let mut members = 0;
        for (number, customer) in customers.iter().enumerate() {
            let is_in = twin(customer);
            let (group, name) = (case.group, case.name);
            assert_eq!(evaluator.is_in(customer, &request, segment), Ok(is_in), "{group}, {name}: customer {number}");
            members += usize::from(is_in);
        }
        let goal = case.goal.map_or(String::new(), |goal| format!("{goal:.1}"));
        let share = format!("{}%", 100 * members / customers.len());
        let rule = |name: &str, goal: &str, times: [f64; 2]| print_row(case.group, name, &share, times, goal);
        let hand = || (customers, twin);
        let mut only = evaluator.within(&request).only(segment).unwrap();
        assert_eq!(customers.iter().filter(|customer| only.is_in(customer)).count(), members);
        rule(case.name, &goal, times(turns, hand(), (customers, |customer| only.is_in(customer))));
        if case.name == "int" || case.name == "12 terms" {
            let mut now = evaluator.within(&request);
            let name = format!("{}, the id each time", case.name);
            let is_in = |customer: &P| now.is_in(customer, segment) == Ok(true);
            rule(&name, "", times(turns, hand(), (customers, is_in)));
            let name = format!("{}, id and request each time", case.name);
            let is_in = |customer: &P| evaluator.is_in(customer, &request, segment) == Ok(true);
            rule(&name, "", times(turns, hand(), (customers, is_in)));
        }
    }
}

/// How much longer a customer takes who has twice the events.
fn growing(turns: usize) {
    let (cases, mut crowds) = growth::cases();
    for case in cases {
        let (engine, segment) =
            cases::engine::<Shopper>(&format!("{}\nsegment it when {}", case.with, case.rule), "it");
        let request = engine.request(customer::now());
        let (mut evaluator, mut other) = (engine.evaluator(), engine.evaluator());
        let (mut only, mut of_more) =
            (evaluator.within(&request).only(segment).unwrap(), other.within(&request).only(segment).unwrap());
        crowds.with(growth::EVENTS);
        crowds.with(2 * growth::EVENTS);
        let few = crowds.made(growth::EVENTS);
        let more = crowds.made(2 * growth::EVENTS);
        let [one, two] =
            times(turns, (few, |customer| only.is_in(customer)), (more, |customer| of_more.is_in(customer)));
        println!("| {} | {:.2} |", case.name, two / one);
    }
}

/// All segments of a customer: one after another, and by the index, against as many twins in a row.
fn many(turns: usize, customers: &[Customer]) {
    for count in [32, 100, 1_000, 10_000] {
        let (texts, twins): (Vec<_>, Vec<_>) = segments::segments(count).into_iter().unzip();
        let (engine, _) = cases::engine::<Customer>(&segments::text(texts.iter().map(String::as_str)), "s0");
        let request = engine.request(customer::now());
        let (mut indexed, mut linear) = (engine.evaluator().indexed(true), engine.evaluator().indexed(false));
        let ids: Vec<_> = (0..twins.len()).map(|i| engine.segment(&format!("s{i}")).unwrap()).collect();
        let (mut members, some) = (0, 20_000 / count.min(2_000));
        for customer in customers.iter().take(some) {
            let found: HashSet<_> = indexed.segments(customer, &request).iter().copied().collect();
            for (twin, id) in twins.iter().zip(&ids) {
                assert_eq!(found.contains(id), twin(customer), "{} of {}", engine.segment_name(*id), customer.id);
            }
            members += found.len();
        }
        let members = (members / some).to_string();
        let hand = || (customers, |customer: &Customer| twins.iter().filter(|twin| twin(customer)).count() > 0);
        let by_one = times(turns, hand(), (customers, |c| !linear.segments(c, &request).is_empty()));
        print_row("segments", &format!("{count}, one after another"), &members, by_one, "");
        let at_once = times(turns, hand(), (customers, |c| !indexed.segments(c, &request).is_empty()));
        print_row(
            "segments",
            &format!("{count}, by the index"),
            &members,
            at_once,
            if count == 1_000 { "0.05" } else { "" },
        );
    }
}

fn print_row(group: &str, rule: &str, members: &str, [hand, engine]: [f64; 2], goal: &str) {
    // Three figures that count.
    let ratio = engine / hand;
    let ratio = if ratio < 0.1 { format!("{ratio:.4}") } else { format!("{ratio:.2}") };
    println!("| {group} | {rule} | {members} | {hand:.1} | {engine:.1} | {ratio} | {goal} |");
}
