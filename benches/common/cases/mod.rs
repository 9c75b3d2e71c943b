//! Single segments, each beside a twin: plain Rust over the same struct, making the same checks for what is missing,
//! called through the same kind of box.

mod activity;
mod attributes;
mod groups;
pub mod growth;
mod joins;
mod places;
mod ranks;
mod sequences;
mod steps;
mod texts;
mod windows;

use std::collections::BTreeMap;

use nextbest::{Engine, Limits, Profile, Ruleset, SegmentId};

use super::customer::{self, Customer};
use super::shopper::{self, Shopper};

pub type Twin<P> = Box<dyn Fn(&P) -> bool>;

pub struct Case<P> {
    pub group: &'static str,
    pub name: &'static str,
    /// Events of each kind of each customer.
    pub events: usize,
    pub rule: &'static str,
    /// Statements that the rule refers to.
    pub with: String,
    pub twin: Twin<P>,
    /// The most that the engine may take, in times of the twin.
    pub goal: Option<f64>,
}

impl<P: Profile> Case<P> {
    fn new(group: &'static str, name: &'static str, events: usize, rule: &'static str, twin: Twin<P>) -> Self {
        Case { group, name, events, rule, with: String::new(), twin, goal: None }
    }

    /// A ruleset of this segment alone, and the segment.
    pub fn engine(&self) -> (Engine<P>, SegmentId) {
        engine(&format!("{}\nsegment it when {}", self.with, self.rule), "it")
    }
}

pub fn engine<P: Profile>(text: &str, segment: &str) -> (Engine<P>, SegmentId) {
    // For the long list.
    let limits = Limits::default().atoms(10_100);
    let rules = Ruleset::parse_with(&[("bench.nba", text)], &limits).unwrap_or_else(|errors| panic!("{errors}"));
    let engine = rules.bind::<P>().unwrap_or_else(|errors| panic!("{errors}"));
    let segment = engine.segment(segment).unwrap();
    (engine, segment)
}

/// Customers to rotate over: more than a branch predictor learns by heart, few enough for the second-level cache.
pub const CUSTOMERS: usize = 4_096;

/// The customers of cases, by how many events each has: fewer of them where they have more.
pub struct Crowds<P> {
    make: fn(usize, usize) -> Vec<P>,
    /// Kinds of event that each customer has.
    kinds: usize,
    made: BTreeMap<usize, Vec<P>>,
}

impl<P> Crowds<P> {
    fn of(kinds: usize, make: fn(usize, usize) -> Vec<P>) -> Self {
        Crowds { make, kinds, made: BTreeMap::new() }
    }

    /// Those with so many, where they have been made.
    pub fn made(&self, events: usize) -> &[P] {
        self.made.get(&events).map_or(&[], Vec::as_slice)
    }

    pub fn with(&mut self, events: usize) -> &[P] {
        self.made.entry(events).or_insert_with(|| match events {
            0 => (self.make)(CUSTOMERS, 0),
            _ => (self.make)((CUSTOMERS * 25 / events / self.kinds).clamp(4, CUSTOMERS / 8), events),
        })
    }
}

/// What is asked of [`Customer`]s.
pub fn of_customers() -> (Vec<Case<Customer>>, Crowds<Customer>) {
    let mut cases = attributes::cases();
    cases.extend(windows::cases());
    cases.extend(sequences::cases());
    (cases, Crowds::of(1, customer::population))
}

/// What is asked of [`Shopper`]s.
pub fn of_shoppers() -> (Vec<Case<Shopper>>, Crowds<Shopper>) {
    let mut cases = texts::cases();
    cases.extend(places::cases());
    cases.extend(ranks::cases());
    cases.extend(joins::cases());
    cases.extend(steps::cases());
    cases.extend(groups::cases());
    cases.extend(activity::cases());
    (cases, Crowds::of(5, shopper::population))
}
