//! What actions are worth, from a seed: objectives, what is earned towards their aims, and what weighs actions.

use super::Rng;
use super::catalogue::{AMOUNTS, CONDITIONS};

const AIMS: [&str; 3] = ["revenue", "loyalty", "reach"];
/// Points, whole and not.
const POINTS: [&str; 8] =
    ["2", "1", "-1", "mails", "count(order within 30 days)", "0.5", "number(age) * 0.35", "number(mails) / 3"];
const WEIGHTS: [&str; 6] = [
    "revenue 70%, loyalty 30%",
    "reach 33.3%, loyalty 33.35%, revenue 33.35%",
    "loyalty 100%",
    "revenue 0%, reach 99.5%, loyalty 0.5%",
    "revenue 100%",
    "loyalty 12.5%, revenue 87.5%",
];

/// What boosts decay after, and how long they do.
const DECAYED: [&str; 6] =
    ["order", "order where total > 20 EUR", "clicked(sales)", "exposed(any)", "complaint where open", "rejected(any)"];
const DECAYS: [&str; 7] = ["5 days", "72 hours", "3 weeks", "2 months", "1 year", "90 minutes", "1 day"];

/// An objective, or none.
pub fn objective(rng: &mut Rng) -> String {
    if rng.percent(65) {
        return String::new();
    }
    let mut lines = vec![format!("weights {}", rng.pick(&WEIGHTS))];
    for segment in ["lapsed", "calm"] {
        if rng.percent(60) {
            let place = rng.below(lines.len() as u64 + 1) as usize;
            lines.insert(place, format!("weights {} for {segment}", rng.pick(&WEIGHTS)));
        }
    }
    let point = |rng: &mut Rng| rng.pick(&["4 EUR", "0.37 EUR", "0.01 EUR"]);
    let (loyalty, reach) = (point(rng), point(rng));
    format!(
        "objective growth {{ revenue in money  loyalty in points of {loyalty}  reach in points of {reach}\n  {} }}\n",
        lines.join("\n  ")
    )
}

/// What an action is worth, `aims` where there is an objective; up to the space behind it.
pub fn value(rng: &mut Rng, aims: bool) -> String {
    if !aims {
        return format!("value {} ", rng.pick(&AMOUNTS));
    }
    let mut named: Vec<&str> = AIMS.into_iter().filter(|_| rng.percent(60)).collect();
    if named.is_empty() {
        named.push(rng.pick(&AIMS));
    }
    let first = rng.below(named.len() as u64) as usize;
    named.rotate_left(first);
    let mut earned = Vec::new();
    for aim in named {
        let (of, unit): (&[&str], &str) = if aim == "revenue" { (&AMOUNTS, "") } else { (&POINTS, " points") };
        let amount = |rng: &mut Rng| of[rng.below(of.len() as u64) as usize];
        let otherwise = if rng.percent(35) { format!(" else {}", amount(rng)) } else { String::new() };
        earned.push(format!("{aim}: {}{otherwise}{unit}", amount(rng)));
    }
    format!("value {} ", earned.join(", "))
}

/// When it runs, and what weighs it.
pub fn weights(rng: &mut Rng) -> String {
    let mut weights = String::new();
    if rng.percent(10) {
        let runs = [("2024-02-29", "2026-03-30"), ("2026-05-31", "2027-01-01"), ("2025-12-31", "2025-12-31")];
        let (from, to) = rng.pick(&runs);
        weights += &format!("valid {from} to {to} ");
    }
    // Together they must leave something of a priority.
    for _ in 0..rng.pick(&[0, 0, 0, 1, 1, 4]) {
        let when = format!("when {} ", rng.pick(&CONDITIONS));
        let decay = format!("after {} decaying over {} ", rng.pick(&DECAYED), rng.pick(&DECAYS));
        let why = match rng.below(10) {
            0..5 => when,
            5..8 => decay,
            _ => decay + &when,
        };
        weights += &format!("boost {} {why}", rng.pick(&["+50%", "-10%", "+100%"]));
    }
    if rng.percent(15) {
        let (change, end) = (rng.pick(&["+25%", "-10%"]), rng.pick(&["2026-03-29", "2024-12-31", "2027-12-31"]));
        weights += &format!("lever {change} until {end} by \"CRM\" because \"push\" ");
    }
    weights
}
