//! The search for the fewest changes, level by level, each tried by deciding with it.
//!
//! A change is only tried where it bears on what stops the action: if some changes make it win, then with any of them still
//! undone it is stopped by something that one of the others bears on. So the search finds the fewest there are among those it
//! knows of.

use std::collections::{BTreeSet, HashMap};

use super::change::{changed, rank};
use super::{Answer, Change};
use crate::check::tree::{Action, Boost, Campaign, Expr, Rules, Treatment};
use crate::compile::{Engine, Request};
use crate::decide::Stage;
use crate::explain::{Fate, condition_of};
use crate::schema::{Record, Value};
use crate::testing::edges::{Edges, Reader, telling};
use crate::time::Instant;

/// So many changes at most are made at once.
pub(super) const MOST: usize = 4;

/// So many decisions are made at most.
const TRIES: usize = 6_000;

/// Of a kind of event, so many combinations of values are tried, and so many moments.
const COMBINATIONS: usize = 12;
const MOMENTS: usize = 8;

/// A search for the fewest changes.
pub(super) struct Search<'s> {
    engine: &'s Engine<Record>,
    rules: &'s Rules,
    customer: &'s Record,
    request: &'s Request,
    number: usize,
    campaign: &'s Campaign,
    action: &'s Action,
    fixed: &'s [&'s str],
    /// Changes that have been thought of, each once.
    known: Vec<Change>,
    numbers: HashMap<String, usize>,
    tries: usize,
}

impl<'s> Search<'s> {
    /// For the action of a number.
    pub fn new(
        engine: &'s Engine<Record>,
        (customer, request): (&'s Record, &'s Request),
        (number, campaign, action): (usize, &'s Campaign, &'s Action),
        fixed: &'s [&'s str],
    ) -> Self {
        let (known, numbers) = (Vec::new(), HashMap::new());
        let rules = engine.rules();
        Search { engine, rules, customer, request, number, campaign, action, fixed, known, numbers, tries: 0 }
    }

    /// How many decisions have been made.
    pub fn tries(&self) -> usize {
        self.tries
    }

    /// Level by level: first all single changes, then all pairs of which each bears on what the other leaves.
    pub fn answer(&mut self, first: Vec<Fate>) -> Answer {
        if wins(&first) {
            return Answer::Wins;
        }
        let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
        let mut level = vec![(Vec::new(), first)];
        for _ in 0..MOST {
            let mut next = Vec::new();
            for (made, fates) in level {
                for number in self.relevant(&made, &fates) {
                    let mut more: Vec<usize> = made.iter().copied().chain([number]).collect();
                    more.sort_unstable();
                    if self.clash(&made, number) || !seen.insert(more.clone()) {
                        continue;
                    }
                    if self.tries >= TRIES {
                        return Answer::NotFound;
                    }
                    let fates = self.fates(&more);
                    if wins(&fates) {
                        return Answer::Changes(self.changes(&more));
                    }
                    next.push((more, fates));
                }
            }
            if next.is_empty() {
                return Answer::Never;
            }
            level = next;
        }
        Answer::NotFound
    }

    /// In the order of their kinds.
    fn changes(&self, numbers: &[usize]) -> Vec<Change> {
        let mut changes: Vec<Change> = numbers.iter().filter_map(|&number| self.known.get(number).cloned()).collect();
        changes.sort_by_key(rank);
        changes
    }

    /// Whether a change is about the same as one that is made.
    fn clash(&self, made: &[usize], number: usize) -> bool {
        let Some(new) = self.known.get(number) else { return true };
        made.iter().filter_map(|&number| self.known.get(number)).any(|old| match (old, new) {
            (Change::Attribute { name: old, .. }, Change::Attribute { name: new, .. })
            | (Change::Context { name: old, .. }, Change::Context { name: new, .. }) => old == new,
            (Change::Later(_), Change::Later(_)) => true,
            _ => old == new,
        })
    }

    /// What becomes of the action with some changes, place by place.
    pub fn fates(&mut self, made: &[usize]) -> Vec<Fate> {
        self.tries += 1;
        let changes = self.changes(made);
        let (customer, request) = changed(self.customer, self.request, &changes);
        self.engine.fates(&customer, &request, self.number)
    }

    /// What bears on what stops the action, by number.
    fn relevant(&mut self, made: &[usize], fates: &[Fate]) -> Vec<usize> {
        let now = self.changes(made).iter().find_map(|change| match change {
            Change::Later(at) => Some(*at),
            _ => None,
        });
        let mut found: Vec<Change> = Vec::new();
        for fate in fates {
            self.bearing_on(fate, now.unwrap_or(self.request.now()), &mut found);
        }
        found.sort_by_key(rank);
        let mut numbers = Vec::new();
        for change in found {
            let key = format!("{change:?}");
            let place = self.known.len();
            let number = *self.numbers.entry(key).or_insert(place);
            if number == place {
                self.known.push(change);
            }
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }

    fn bearing_on(&self, fate: &Fate, now: Instant, found: &mut Vec<Change>) {
        let Some(stage) = fate.left else { return };
        found.extend(fate.retry_at.map(Change::Later));
        let weights = || self.campaign.boosts.iter().chain(&self.action.boosts).flat_map(Boost::exprs);
        let amounts = || self.action.amounts();
        match stage {
            Stage::Availability => found.push(Change::Restocked),
            Stage::Halt => found.push(Change::Released),
            Stage::Consent => {
                let consent = fate.channel.and_then(|channel| self.rules.channels.get(channel)?.consent.clone());
                found.extend(consent.map(|(channel, purpose)| Change::Consent { channel, purpose }));
            }
            Stage::Eligible | Stage::Applicable | Stage::Suitable | Stage::Suppression | Stage::Block => {
                match self.campaign.segment.filter(|_| fate.span == self.campaign.segment_span) {
                    Some(segment) => {
                        let mut reader = Reader::new(self.rules, now);
                        reader.definition(segment);
                        self.of(reader.edges, now, found);
                    }
                    None => self.read(condition_of(self.rules, fate.span), now, found),
                }
            }
            Stage::Journey => {
                found.push(Change::NoContacts);
                self.read(self.campaign.entry.events(), now, found);
            }
            Stage::Treatment => self.read(self.action.treatments.iter().flat_map(Treatment::exprs), now, found),
            Stage::Score => self.read(amounts(), now, found),
            Stage::Threshold => {
                self.read(amounts().chain(weights()), now, found);
                self.weighed(now, found);
            }
            Stage::Rank => {
                found.extend(fate.winner.clone().map(Change::Without));
                self.read(amounts().chain(weights()), now, found);
                self.weighed(now, found);
            }
            Stage::Cap => {
                found.push(Change::NoContacts);
                let caps = self.rules.policy.caps.iter().filter(|cap| cap.span == fate.span);
                self.read(caps.filter_map(|cap| cap.own.as_ref()), now, found);
            }
            Stage::Quiet | Stage::ExperimentArm | Stage::Control | Stage::Holdout => {}
        }
    }

    /// Whose weights count.
    fn weighed(&self, now: Instant, found: &mut Vec<Change>) {
        let objective = self.rules.objective.iter().filter(|_| !self.action.worth.is_empty());
        let segments = objective.flat_map(|objective| &objective.weights).filter_map(|weights| weights.segment);
        let mut reader = Reader::new(self.rules, now);
        segments.for_each(|segment| reader.definition(segment));
        self.of(reader.edges, now, found);
    }

    fn read<'e>(&'e self, exprs: impl IntoIterator<Item = &'e Expr>, now: Instant, found: &mut Vec<Change>) {
        let mut reader = Reader::new(self.rules, now);
        exprs.into_iter().for_each(|expr| reader.expr(expr, None));
        self.of(reader.edges, now, found);
    }

    /// What conditions read, with the values at which their answers change.
    fn of(&self, edges: Edges, now: Instant, found: &mut Vec<Change>) {
        let Rules { shape, context, .. } = self.rules;
        for (index, values) in edges.attributes {
            let Some(attribute) = shape.attributes.get(index) else { continue };
            let own = shape.id == Some(index) || shape.zone == Some(index);
            if !own && !self.fixed.contains(&attribute.name.as_str()) {
                let name = || attribute.name.clone();
                let values = telling(values, attribute, self.rules, now).into_iter();
                found.extend(values.map(|value| Change::Attribute { name: name(), value }));
            }
        }
        for (index, values) in edges.context {
            let Some(declared) = context.get(index) else { continue };
            let name = || declared.name.clone();
            let values = telling(values, declared, self.rules, now).into_iter();
            found.extend(values.map(|value| Change::Context { name: name(), value }));
        }
        let moments: Vec<Instant> = edges.moments.iter().rev().copied().take(MOMENTS).collect();
        for (kind, properties) in edges.kinds {
            let Some(shape) = shape.events.get(kind) else { continue };
            found.push(Change::NoEvents(shape.name.clone()));
            if shape.timeless {
                continue;
            }
            let named = properties.into_iter().filter_map(|(index, values)| {
                let property = shape.properties.get(index)?;
                Some((property.name.clone(), values))
            });
            let mut rows = combinations(&named.collect::<Vec<_>>());
            // What need not be said of it is not.
            if shape.properties.iter().all(|property| property.optional) && rows.iter().all(|row| !row.is_empty()) {
                rows.insert(0, Vec::new());
            }
            for &count in &edges.counts {
                for &at in &moments {
                    let kind = || shape.name.clone();
                    let events = |properties: &Vec<(String, Value)>| Change::Events {
                        kind: kind(),
                        count,
                        properties: properties.clone(),
                        at,
                    };
                    found.extend(rows.iter().map(events));
                }
            }
        }
        if !edges.outcomes.is_empty() {
            found.push(Change::NoContacts);
        }
    }
}

/// Rows with one value of each property: those with all first values, and each other value once.
fn combinations(properties: &[(String, Vec<Value>)]) -> Vec<Vec<(String, Value)>> {
    let first = |(name, values): &(String, Vec<Value>)| Some((name.clone(), values.first()?.clone()));
    let base: Vec<(String, Value)> = properties.iter().filter_map(first).collect();
    let mut rows = vec![base.clone()];
    for (name, values) in properties {
        for value in values.iter().skip(1) {
            let mut row = base.clone();
            row.iter_mut().filter(|(known, _)| known == name).for_each(|(_, old)| *old = value.clone());
            rows.push(row);
        }
    }
    rows.truncate(COMBINATIONS);
    rows
}

fn wins(fates: &[Fate]) -> bool {
    fates.iter().any(|fate| fate.left.is_none())
}
