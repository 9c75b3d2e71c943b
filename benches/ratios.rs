//! The engine in times of the hand-written twin. The two take turns over a few customers each, so that a machine that is
//! busy with something else slows both, or neither: medians and their ratio stay steady where a single figure does not.
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

/// Turns that each side takes, and over the same customers at least.
const TURNS: usize = 301;
const ROUNDS: usize = 11;

/// About as long is a turn: so short that other work of the machine seldom falls into it.
const TURN: Duration = Duration::from_micros(100);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    // `cargo bench -- --test` asks for a trial.
    let turns = if arguments.iter().any(|argument| argument == "--test") { 3 } else { TURNS };
    // Any other word asks for the groups and rules that have it in their name.
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
    for case in cases.into_iter().filter(|case| asked(case.group) || asked(case.name)) {
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
    let times = times(
        turns,
        (customers, |customer| twins.iter().filter(|twin| twin(customer)).count() > 0),
        (customers, |customer| !evaluator.segments(customer, &request).is_empty()),
    );
    print_row("segments", "1,000", &format!("{}", members / 500), times, "");
}

/// The nanoseconds that a customer takes on each side: the medians of all turns over the same few, all of them together.
fn times<L, R>(
    turns: usize,
    (lefts, mut left): (&[L], impl FnMut(&L) -> bool),
    (rights, mut right): (&[R], impl FnMut(&R) -> bool),
) -> [f64; 2] {
    let pass = timed(lefts, &mut left).max(timed(rights, &mut right));
    let parts = pass.div_duration_f64(TURN).ceil().clamp(1.0, lefts.len().min(rights.len()) as f64) as usize;
    let (lefts, rights) = (in_parts(lefts, parts), in_parts(rights, parts));
    let mut times = vec![[Vec::new(), Vec::new()]; parts];
    for _ in 0..(turns / parts).max(ROUNDS.min(turns)) {
        for ((few, more), [left_times, right_times]) in lefts.iter().zip(&rights).zip(&mut times) {
            left_times.push(timed(few, &mut left));
            right_times.push(timed(more, &mut right));
        }
    }
    let sum = |side: usize| times.iter().map(|times| median(&times[side])).sum::<Duration>().as_secs_f64() * 1e9;
    let count = |parts: usize| parts as f64;
    [
        sum(0) / count(lefts.iter().map(|part| part.len()).sum()),
        sum(1) / count(rights.iter().map(|part| part.len()).sum()),
    ]
}

/// As many parts, of about the same length each.
fn in_parts<T>(all: &[T], parts: usize) -> Vec<&[T]> {
    (0..parts).map(|part| &all[all.len() * part / parts..all.len() * (part + 1) / parts]).collect()
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2]
}

fn timed<C>(customers: &[C], is_in: &mut impl FnMut(&C) -> bool) -> Duration {
    let start = Instant::now();
    black_box(customers.iter().filter(|customer| is_in(customer)).count());
    start.elapsed()
}

fn print_row(group: &str, rule: &str, members: &str, [hand, engine]: [f64; 2], goal: &str) {
    println!("| {group} | {rule} | {members} | {hand:.1} | {engine:.1} | {:.2} | {goal} |", engine / hand);
}
