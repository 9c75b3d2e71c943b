//! A search for a customer who fulfils something: bounded, and the same every time.

use super::customer;
use super::edges::{Edges, outcome};
use crate::bucket::SplitMix;
use crate::check::testing::contact_kind;
use crate::check::testing::tree::{Given, Moment};
use crate::check::tree::{Test, is_under};
use crate::compile::{Engine, Request};
use crate::diagnostic::Span;
use crate::schema::{Outcome, Record, RecordSchema, Value};
use crate::time::Instant;

/// How many customers are made up for one thing that is sought.
pub(super) const TRIES: usize = 4_000;

/// Picks that look like chance.
struct Rng(SplitMix);

impl Rng {
    fn one_in(&mut self, n: u64) -> bool {
        self.0.bits().checked_rem(n) == Some(0)
    }

    fn pick<'v, T>(&mut self, values: &'v [T]) -> Option<&'v T> {
        let place = self.0.bits().checked_rem(u64::try_from(values.len()).ok()?)?;
        values.get(usize::try_from(place).ok()?)
    }
}

/// Makes customers up out of edges.
pub(super) struct Search<'s> {
    pub engine: &'s Engine<Record>,
    pub records: &'s RecordSchema,
    pub now: Instant,
    pub channels: Vec<String>,
}

impl Search<'_> {
    /// What is given of a customer for whom `found` holds, as little as will do; `None` after so many tries.
    pub fn find(
        &self,
        edges: &Edges<'_>,
        tries: usize,
        mut found: impl FnMut(&Record, &Request) -> bool,
    ) -> Option<Vec<Given>> {
        let mut holds = |given: &[Given]| {
            let test = self.test(given);
            let customer = customer::of(&test, self.engine.rules(), self.records);
            let request = customer::request(&test, self.engine);
            customer.is_ok_and(|customer| request.is_ok_and(|request| found(&customer, &request)))
        };
        let mut rng = Rng(SplitMix::new(0));
        let moments: Vec<Instant> = edges.moments.iter().copied().collect();
        let mut given = (0..tries).find_map(|_| {
            let given = self.made_up(edges, &moments, &mut rng);
            holds(&given).then_some(given)
        })?;
        // What can be left out is.
        let mut place = 0;
        while place < given.len() {
            let mut fewer = given.clone();
            fewer.remove(place);
            if holds(&fewer) {
                given = fewer;
            } else {
                place += 1;
            }
        }
        Some(given)
    }

    fn test(&self, given: &[Given]) -> Test {
        Test {
            name: String::new(),
            now: self.now,
            given: given.to_vec(),
            on: self.channels.clone(),
            expect: Vec::new(),
            span: Span::NOWHERE,
        }
    }

    fn made_up(&self, edges: &Edges<'_>, moments: &[Instant], rng: &mut Rng) -> Vec<Given> {
        let rules = self.engine.rules();
        let mut given = Vec::new();
        for (&index, values) in &edges.attributes {
            let Some(attribute) = rules.shape.attributes.get(index) else { continue };
            let own = rules.shape.id == Some(index) || rules.shape.zone == Some(index);
            if let Some(value) = rng.pick(values).filter(|_| !own).cloned()
                && !rng.one_in(4)
            {
                given.push(Given::Attribute { name: attribute.name.clone(), value, as_of: None });
            }
        }
        for (&index, values) in &edges.context {
            let name = rules.context.get(index).map(|value| value.name.clone());
            if let (Some(name), Some(value)) = (name, rng.pick(values).cloned())
                && !rng.one_in(4)
            {
                given.push(Given::Context { name, value });
            }
        }
        for (&number, values) in &edges.catalogs {
            let Some(catalog) = rules.catalogs.get(number) else { continue };
            let column = |(&index, values): (&usize, &Vec<Value>)| {
                let column = catalog.columns.get(index)?;
                let left_out = column.optional && rng.one_in(4);
                Some((column.name.clone(), rng.pick(values).filter(|_| !left_out).cloned()?))
            };
            let columns = values.iter().filter_map(column).collect();
            given.push(Given::Row { catalog: catalog.name.clone(), columns });
        }
        let counts: Vec<u32> = edges.counts.iter().copied().collect();
        for &kind in edges.kinds.keys() {
            self.rows(kind, edges, &counts, moments, rng, &mut given);
        }
        for (number, path) in &edges.outcomes {
            if !rng.one_in(3) {
                given.extend(self.contact(outcome(*number), path.as_deref(), moments, rng));
            }
        }
        given
    }

    /// None, some alike, or some alike and another.
    fn rows(
        &self,
        kind: usize,
        edges: &Edges<'_>,
        counts: &[u32],
        moments: &[Instant],
        rng: &mut Rng,
        given: &mut Vec<Given>,
    ) {
        let Some(shape) = self.engine.rules().shape.events.get(kind) else { return };
        let groups = [0u64, 1, 1, 2];
        for _ in 0..rng.pick(&groups).copied().unwrap_or_default() {
            let count = if rng.one_in(2) { 1 } else { rng.pick(counts).copied().unwrap_or(1) };
            let mut properties: Vec<(String, Value)> = Vec::new();
            for (&index, values) in edges.kinds.get(&kind).into_iter().flatten() {
                let name = shape.properties.get(index).map(|property| property.name.clone());
                properties.extend(name.zip(rng.pick(values).cloned()));
            }
            let name = shape.name.clone();
            if shape.timeless {
                given.push(Given::Items { list: name, count, properties });
            } else if let Some(at) = rng.pick(moments) {
                given.push(Given::Events { kind: name, count, properties, moment: Moment::At(*at) });
            }
        }
    }

    fn contact(&self, asked: Option<Outcome>, path: Option<&str>, moments: &[Instant], rng: &mut Rng) -> Option<Given> {
        let rules = self.engine.rules();
        let asked_about = |full: &str| path.is_none_or(|path| is_under(full, path));
        let actions: Vec<_> = rules.actions().filter(|(path, ..)| asked_about(path)).collect();
        let (action, _, checked) = rng.pick(&actions)?;
        let channel = rules.channels.get(rng.pick(&checked.treatments)?.place.channel)?;
        let exposed = if channel.is_outbound() { Outcome::Sent } else { Outcome::Impression };
        Some(Given::Contact {
            outcome: asked.unwrap_or(exposed),
            action: action.clone(),
            kind: contact_kind(checked.kind),
            channel: channel.name.clone(),
            moment: Moment::At(*rng.pick(moments)?),
        })
    }
}
