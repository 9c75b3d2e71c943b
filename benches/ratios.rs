//! The engine in times of the hand-written twin. The two take turns, a pass over all customers each, so that a machine
//! that is busy with something else slows both: medians and their ratio stay steady where a single figure does not.
//!
//! Before anything is timed, both must agree on every customer.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::hint::black_box;
use std::time::{Duration, Instant};

use common::cases::{self, CUSTOMERS, Crowds, Twin};
use common::customer::{self, Customer, population};
use common::segments;

/// Turns that each side takes.
const TURNS: usize = 301;

fn main() {
    // `cargo bench -- --test` asks for a trial.
    let turns = if std::env::args().any(|argument| argument == "--test") { 3 } else { TURNS };
    let plain = population(CUSTOMERS, 0);
    let mut crowds = Crowds::default();
    println!("| group | rule | members | hand-written ns | engine ns | ratio | goal |");
    println!("|---|---|---:|---:|---:|---:|---:|");
    for case in cases::cases() {
        let customers = crowds.with(case.orders);
        let (engine, segment) = case.engine();
        let request = engine.request(customer::now());
        let mut evaluator = engine.evaluator();
        let twin: &Twin = black_box(&case.twin);
        let mut members = 0;
        for customer in customers {
            let is_in = twin(customer);
            assert_eq!(evaluator.is_in(customer, &request, segment), Ok(is_in), "{}: {}", case.name, customer.id);
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
            let mut is_in = |customer: &Customer| evaluator.is_in(customer, &request, segment) == Ok(true);
            let times = turns_of(turns, by_hand, || customers.iter().filter(|customer| is_in(customer)).count());
            let name = format!("{}, id and request each time", case.name);
            print_row(case.group, &name, &share, times, customers.len(), "");
        }
    }
    many(turns, &plain);
}

fn many(turns: usize, customers: &[Customer]) {
    let (texts, twins): (Vec<_>, Vec<_>) = segments::segments(1_000).into_iter().unzip();
    let (engine, _) = cases::engine(&segments::text(texts.iter().map(String::as_str)), "s0");
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
