//! Why an action does not win, as what would have to be otherwise: the fewest changes that make it win, found by deciding with
//! them.
//!
//! A change is only tried where it bears on what stops the action: if some changes make it win, then with any of them still
//! undone it is stopped by something that one of the others bears on. So the search finds the fewest there are among those it
//! knows of.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use serde::Serialize;

use super::check::{counted, listed, written};
use super::edges::{Edges, Reader, telling};
use crate::check::tree::{Action, Campaign, Expr, Rules, Treatment};
use crate::compile::{Engine, Request};
use crate::decide::Stage;
use crate::explain::{Fate, clause_text, condition_of};
use crate::schema::{Consent, Record, Value};
use crate::time::Instant;

/// So many changes at most are made at once.
const MOST: usize = 4;

/// So many decisions are made at most.
const TRIES: usize = 6_000;

/// Of a kind of event, so many combinations of values are tried, and so many moments.
const COMBINATIONS: usize = 12;
const MOMENTS: usize = 8;

/// What would have to be otherwise. The kinds come in the order in which they are tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// A consent had been given.
    Consent {
        /// Its channel …
        channel: String,
        /// … and its purpose.
        purpose: String,
    },
    /// It were later.
    Later(Instant),
    /// Nothing were halted or blocked by the request.
    Released,
    /// There were enough of everything.
    Restocked,
    /// The context had another value.
    Context {
        /// Of this name …
        name: String,
        /// … this one.
        value: Value,
    },
    /// The customer had another value.
    Attribute {
        /// Of this attribute …
        name: String,
        /// … this one.
        value: Value,
    },
    /// No event of a kind had happened, or a list of items had none.
    NoEvents(String),
    /// Nothing had been sent or shown yet.
    NoContacts,
    /// Something more had happened.
    Events {
        /// Events of this kind,
        kind: String,
        /// so many,
        count: u32,
        /// with these values,
        properties: Vec<(String, Value)>,
        /// then.
        at: Instant,
    },
    /// Another action, which wins, were not there.
    Without(String),
}

/// What would make an action win.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answer {
    /// Nothing needs to change: it wins.
    Wins,
    /// The fewest changes that make it win; of as many the ones that were tried first.
    Changes(Vec<Change>),
    /// Nothing that can be changed bears on what stops it.
    Never,
    /// None was found within the bound.
    NotFound,
}

/// Why an action does not win.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WhyNot {
    /// Its path.
    pub action: String,
    /// What stops it as things are, for each place of the request where it does not win: the stage, and the clause as it is
    /// written, empty where it is none.
    pub stopped: Vec<(Stage, String)>,
    /// What would make it win.
    pub answer: Answer,
    /// How many decisions were made to find out.
    pub tries: usize,
    /// How many changes at once were tried at most.
    pub most: usize,
}

impl Engine<Record> {
    /// The fewest changes that would make an action win on some place of the request: other values, consents, a later moment, an
    /// event that had happened or none, a request that halts nothing, a competitor less. Each answer has been decided with. `None`
    /// for a path that is no action's.
    ///
    /// The values tried are those at which conditions change their minds. The customer's id, zone and whatever is `fixed`, attributes by
    /// name, stay as they are; what an experiment, a control group or the holdout draws is never changed. Up to four changes are made at
    /// once, and some thousand decisions: [`Answer::NotFound`] says that this was not enough, [`Answer::Never`] that nothing
    /// was left to try. Contacts that would have to be there are not made up.
    ///
    /// ```
    /// # use nextbest::{Instant, Ruleset};
    /// # let rules = Ruleset::parse(&[("a.nba", r#"
    /// # ruleset shop { currency EUR }
    /// # profile { id id  age int? }
    /// # channel email outbound needs consent email.marketing
    /// # program p { campaign c for everyone every {
    /// #   offer wine { value 9 EUR  propensity 10%  eligible when age >= 18  treat email "wine" }
    /// # } }
    /// # "#)])?;
    /// # let (engine, schema) = (rules.bind_records()?, rules.record_schema()?);
    /// # let mut customer = schema.record();
    /// customer.set("age", 16)?;
    /// let request = engine.request(Instant::from_millis(0)).channel("email")?;
    /// let why = engine.why_not(&customer, &request, "p.c.wine", &[]).expect("it is there");
    /// assert!(why.to_string().starts_with("p.c.wine would win with consent email.marketing, age = 18"), "{why}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn why_not(&self, customer: &Record, request: &Request, action: &str, fixed: &[&str]) -> Option<WhyNot> {
        let rules = self.rules();
        let (number, (path, campaign, checked)) = rules.actions().enumerate().find(|(_, (path, ..))| path == action)?;
        let mut search = Search {
            engine: self,
            rules,
            customer,
            request,
            number,
            campaign,
            action: checked,
            fixed,
            known: Vec::new(),
            numbers: HashMap::new(),
            tries: 0,
        };
        let first = search.fates(&[]);
        let stopped = first.iter().filter_map(|fate| {
            let clause = clause_text(self.0.sources(), (fate.span != checked.span).then_some(fate.span));
            Some((fate.left?, clause))
        });
        let stopped = stopped.collect();
        let answer = search.answer(first);
        Some(WhyNot { action: path, stopped, answer, tries: search.tries, most: MOST })
    }
}

/// A search for the fewest changes.
struct Search<'s> {
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

impl Search<'_> {
    /// Level by level: first all single changes, then all pairs of which each bears on what the other leaves.
    fn answer(&mut self, first: Vec<Fate>) -> Answer {
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
    fn fates(&mut self, made: &[usize]) -> Vec<Fate> {
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
        let weights = || self.campaign.boosts.iter().chain(&self.action.boosts).map(|boost| &boost.when);
        let amounts = || self.action.value.iter().chain(&self.action.cost).chain(&self.action.propensity);
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
            Stage::Threshold => self.read(amounts().chain(weights()), now, found),
            Stage::Rank => {
                found.extend(fate.winner.clone().map(Change::Without));
                self.read(amounts().chain(weights()), now, found);
            }
            Stage::Cap => {
                found.push(Change::NoContacts);
                let caps = self.rules.policy.caps.iter().filter(|cap| cap.span == fate.span);
                self.read(caps.filter_map(|cap| cap.own.as_ref()), now, found);
            }
            Stage::Quiet | Stage::ExperimentArm | Stage::Control | Stage::Holdout => {}
        }
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

/// The place of its kind.
fn rank(change: &Change) -> u8 {
    match change {
        Change::Consent { .. } => 0,
        Change::Later(_) => 1,
        Change::Released => 2,
        Change::Restocked => 3,
        Change::Context { .. } => 4,
        Change::Attribute { .. } => 5,
        Change::NoEvents(_) => 6,
        Change::NoContacts => 7,
        Change::Events { .. } => 8,
        Change::Without(_) => 9,
    }
}

/// A customer and a request with changes. What a record refuses stays as it was.
fn changed(customer: &Record, request: &Request, changes: &[Change]) -> (Record, Request) {
    let (mut customer, mut request) = (customer.clone(), request.clone());
    for change in changes {
        match change {
            Change::Consent { channel, purpose } => {
                let _ = customer.add_consent(Consent::granted(channel, purpose, request.now()));
            }
            Change::Later(at) => request = request.at(*at),
            Change::Released => request = request.released(),
            Change::Restocked => request = request.restocked(),
            Change::Context { name, value } => {
                request = request.clone().context(name, value.clone()).unwrap_or(request);
            }
            Change::Attribute { name, value } => {
                let _ = customer.set(name, value.clone());
            }
            Change::NoEvents(kind) => customer.forget_events(kind),
            Change::NoContacts => customer.forget_contacts(),
            Change::Events { kind, count, properties, at } => {
                for _ in 0..*count {
                    let properties = properties.iter().map(|(name, value)| (name.as_str(), value.clone()));
                    let _ = customer.add_event(kind, *at, properties);
                }
            }
            Change::Without(action) => request = request.clone().halt(action).unwrap_or(request),
        }
    }
    (customer, request)
}

impl WhyNot {
    /// A customer and a request with the changes, to decide with; as they are where there are none.
    pub fn changed(&self, customer: &Record, request: &Request) -> (Record, Request) {
        match &self.answer {
            Answer::Changes(changes) => changed(customer, request, changes),
            _ => (customer.clone(), request.clone()),
        }
    }
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WhyNot { action, stopped, answer, tries, most } = self;
        match answer {
            Answer::Wins => return write!(f, "{action} wins"),
            Answer::Changes(changes) => {
                let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
                write!(f, "{action} would win with {}", changes.join(", "))?;
            }
            Answer::Never => write!(f, "{action} does not win, whatever is changed")?,
            Answer::NotFound => {
                write!(f, "{action} does not win with up to {most} changes, in {tries} tries, which proves nothing")?;
            }
        }
        for (stage, clause) in stopped {
            write!(f, "\n  left at {stage}")?;
            if !clause.is_empty() {
                write!(f, ": {clause}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Consent { channel, purpose } => write!(f, "consent {channel}.{purpose}"),
            Change::Later(at) => write!(f, "now {at}"),
            Change::Released => f.write_str("nothing halted or blocked"),
            Change::Restocked => f.write_str("more in stock"),
            Change::Context { name, value } => write!(f, "context.{name} = {}", written(value)),
            Change::Attribute { name, value } => write!(f, "{name} = {}", written(value)),
            Change::NoEvents(kind) => write!(f, "no {kind}"),
            Change::NoContacts => f.write_str("no contacts before"),
            Change::Events { kind, count, properties, at } => {
                write!(f, "{}{} at {at}", counted(*count, kind), listed(properties))
            }
            Change::Without(action) => write!(f, "no {action}"),
        }
    }
}
