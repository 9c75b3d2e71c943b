//! The engine in times of the hand-written twin. The two take turns, a pass over all customers each, so that a machine
//! that is busy with something else slows both: medians and their ratio stay steady where a single figure does not.
//!
//! Before anything is timed, both must agree on every customer.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::hint::black_box;
use std::time::{Duration, Instant};

use common::cases::{self, CUSTOMERS, Case, Crowds, growth};
use common::customer::{self, Customer, population};
use common::segments;
use common::shopper::Shopper;
use nextbest::Profile;

/// Turns that each side takes.
const TURNS: usize = 301;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    // `cargo bench -- --test` asks for a trial.
    let turns = if arguments.iter().any(|argument| argument == "--test") { 3 } else { TURNS };
    // Any other word asks for the groups that have it in their name.
    let words: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let asked = |group: &str| words.is_empty() || words.iter().any(|word| group.contains(word.as_str()));
    println!("| group | rule | members | hand-written ns | engine ns | ratio | goal |");
    println!("|---|---|---:|---:|---:|---:|---:|");
    one_by_one(turns, cases::of_customers(), asked);
    if asked("segments") {
        many(turns, &population(CUSTOMERS, 0));
    }
    one_by_one(turns, cases::of_shoppers(), asked);
    if asked("growth") {
        println!("\n| growth from {} to {} events of a kind | times |", growth::EVENTS, 2 * growth::EVENTS);
        println!("|---|---:|");
        growing(turns);
    }
}

/// Every case by itself: a segment, and its twin.
fn one_by_one<P: Profile>(turns: usize, (cases, mut crowds): (Vec<Case<P>>, Crowds<P>), asked: impl Fn(&str) -> bool) {
    for case in cases.into_iter().filter(|case| asked(case.group)) {
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
        let by_hand = || customers.iter().filter(|customer| twin(customer)).count();
        let mut only = evaluator.within(&request).only(segment).unwrap();
        assert_eq!(customers.iter().filter(|customer| only.is_in(customer)).count(), members);
        let times = turns_of(turns, by_hand, || customers.iter().filter(|customer| only.is_in(customer)).count());
        print_row(case.group, case.name, &share, times, customers.len(), &goal);
        if case.name == "int" || case.name == "12 terms" {
            let mut now = evaluator.within(&request);
            let within = || customers.iter().filter(|customer| now.is_in(customer, segment) == Ok(true)).count();
            let times = turns_of(turns, by_hand, within);
            print_row(case.group, &format!("{}, the id each time", case.name), &share, times, customers.len(), "");
            let mut is_in = |customer: &P| evaluator.is_in(customer, &request, segment) == Ok(true);
            let times = turns_of(turns, by_hand, || customers.iter().filter(|customer| is_in(customer)).count());
            let name = format!("{}, id and request each time", case.name);
            print_row(case.group, &name, &share, times, customers.len(), "");
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
        let [one, two] = turns_of(
            turns / 10 + 3,
            || few.iter().filter(|customer| only.is_in(customer)).count(),
            || more.iter().filter(|customer| of_more.is_in(customer)).count(),
        );
        let each = |time: Duration, customers: usize| time.as_secs_f64() / customers as f64;
        println!("| {} | {:.2} |", case.name, each(two, more.len()) / each(one, few.len()));
    }
}

fn many(turns: usize, customers: &[Customer]) {
    let (texts, twins): (Vec<_>, Vec<_>) = segments::segments(1_000).into_iter().unzip();
    let (engine, _) = cases::engine::<Customer>(&segments::text(texts.iter().map(String::as_str)), "s0");
    let request = engine.request(customer::now());
    let mut evaluator = engine.evaluator();
    let ids: Vec<_> = (0..twins.len()).map(|i| engine.segment(&format!("s{i}")).unwrap()).collect();
    let mut members = 0;
    for customer in customers.iter().take(500) {
        let found = evaluator.segments(customer, &request);
        for (twin, id) in twins.iter().zip(&ids) {
            assert_eq!(found.contains(id), twin(customer), "{} of {}", engine.segment_name(*id), customer.id);
        }
        members += found.len();
    }
    // Few customers a turn, others each time.
    let chunk = 16;
    let (mut left, mut right) = (customers.chunks(chunk).cycle(), customers.chunks(chunk).cycle());
    let times = turns_of(
        turns,
        || left.next().into_iter().flatten().map(|c| twins.iter().filter(|twin| twin(c)).count()).sum(),
        || right.next().into_iter().flatten().map(|c| evaluator.segments(c, &request).len()).sum(),
    );
    print_row("segments", "1,000", &format!("{}", members / 500), times, chunk, "");
}

/// The median time of a turn of each.
fn turns_of(turns: usize, mut left: impl FnMut() -> usize, mut right: impl FnMut() -> usize) -> [Duration; 2] {
    let mut times = [Vec::with_capacity(turns), Vec::with_capacity(turns)];
    for _ in 0..turns {
        let [lefts, rights] = &mut times;
        lefts.push(timed(&mut left));
        rights.push(timed(&mut right));
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

fn timed(work: &mut impl FnMut() -> usize) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn print_row(group: &str, rule: &str, members: &str, [hand, engine]: [Duration; 2], per: usize, goal: &str) {
    let each = |time: Duration| time.as_secs_f64() * 1e9 / per as f64;
    let (hand, engine) = (each(hand), each(engine));
    println!("| {group} | {rule} | {members} | {hand:.1} | {engine:.1} | {:.2} | {goal} |", engine / hand);
}
