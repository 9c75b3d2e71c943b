//! Two sides that take turns, so that a machine that is busy with something else slows both, or neither: medians and their
//! ratio stay steady where a single figure does not.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Turns that each side takes, and over the same customers at least.
pub const TURNS: usize = 301;
const ROUNDS: usize = 11;

/// About as long is a turn: so short that other work of the machine seldom falls into it.
const TURN: Duration = Duration::from_micros(100);

/// The nanoseconds that a customer takes on each side: the medians of all turns over the same few, all of them together.
pub fn times<L, R>(
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

/// What the command line of a bench asks for.
pub struct Asked {
    words: Vec<String>,
    pub turns: usize,
}

impl Asked {
    /// `cargo bench -- --test` asks for a trial; any other word for the groups and rules that have it in their name.
    pub fn read() -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let turns = if arguments.iter().any(|argument| argument == "--test") { 3 } else { TURNS };
        Asked { words: arguments.into_iter().filter(|argument| !argument.starts_with('-')).collect(), turns }
    }

    pub fn has(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word.as_str()))
    }
}
