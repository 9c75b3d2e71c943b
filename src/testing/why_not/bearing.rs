//! What bears on what stops an action: the changes that are worth trying next.

use std::collections::BTreeMap;

use super::search::Search;
use super::{Change, past};
use crate::check::tree::{Boost, Expr, Treatment};
use crate::compile::Request;
use crate::decide::Stage;
use crate::explain::{Fate, condition_of};
use crate::leaf::permits;
use crate::schema::{Record, Value};
use crate::testing::edges::{Edges, Reader};
use crate::testing::values::telling;
use crate::time::Instant;

/// Of a kind of event, so many combinations of values are tried.
const COMBINATIONS: usize = 16;

/// Gathers changes, for a customer and a request with those that are made already.
pub(super) struct Bearing<'b, 's> {
    pub search: &'b Search<'s>,
    pub customer: Record,
    pub request: Request,
    found: Vec<Change>,
}

impl<'b, 's> Bearing<'b, 's> {
    pub fn new(search: &'b Search<'s>, (customer, request): (Record, Request)) -> Self {
        Bearing { search, customer, request, found: Vec::new() }
    }

    pub fn found(self) -> Vec<Change> {
        self.found
    }

    pub fn now(&self) -> Instant {
        self.request.now()
    }

    pub fn push(&mut self, change: Change) {
        self.found.push(change);
    }

    /// What bears on what becomes of the action on one place.
    pub fn on(&mut self, fate: &Fate) {
        let Some(stage) = fate.left else { return };
        let Search { rules, campaign, action, .. } = *self.search;
        self.found.extend(fate.retry_at.filter(|_| !self.search.is_fixed("now")).map(Change::Later));
        let weights = || campaign.boosts.iter().chain(&action.boosts).flat_map(Boost::exprs);
        let amounts = || action.amounts();
        match stage {
            Stage::Availability => self.push(Change::Restocked),
            Stage::Halt => self.push(Change::Released),
            Stage::Consent => {
                let consent = fate.channel.and_then(|channel| rules.channels.get(channel)?.consent.clone());
                consent.into_iter().for_each(|(channel, purpose)| self.consent(channel, purpose));
            }
            Stage::Eligible | Stage::Applicable | Stage::Suitable | Stage::Suppression | Stage::Block => {
                match campaign.segment.filter(|_| fate.span == campaign.segment_span) {
                    Some(segment) => {
                        let mut reader = Reader::new(rules, self.now());
                        reader.definition(segment);
                        self.of(reader.edges);
                        if campaign.entry.lasts() {
                            self.entered();
                        }
                    }
                    None => self.read(condition_of(rules, fate.span)),
                }
            }
            Stage::Journey => {
                match rules.policy.rests.iter().find(|rest| rest.span == fate.span) {
                    Some(rest) => self.rested(rest),
                    None => self.no_entries(),
                }
                self.read(campaign.entry.events());
            }
            Stage::Treatment => self.read(action.treatments.iter().flat_map(Treatment::exprs)),
            Stage::Score => self.read(amounts()),
            Stage::Threshold => {
                self.read(amounts().chain(weights()));
                self.weighed();
            }
            Stage::Rank => {
                self.found.extend(fate.winner.clone().map(Change::Without));
                self.read(amounts().chain(weights()));
                self.weighed();
            }
            Stage::Cap => {
                let caps = || rules.policy.caps.iter().filter(|cap| cap.span == fate.span);
                caps().for_each(|cap| self.capped(cap));
                self.read(caps().filter_map(|cap| cap.own.as_ref()));
                // What the decision has taken before counts too.
                self.found.extend(fate.before.iter().cloned().map(Change::Without));
            }
            Stage::Quiet | Stage::ExperimentArm | Stage::Control | Stage::Holdout => {}
        }
    }

    fn consent(&mut self, channel: String, purpose: String) {
        if !self.search.is_fixed("consents") {
            self.push(Change::Consent { channel, purpose });
        }
    }

    /// Whose weights count.
    fn weighed(&mut self) {
        let Search { rules, action, .. } = *self.search;
        let objective = rules.objective.iter().filter(|_| !action.worth.is_empty());
        let segments = objective.flat_map(|objective| &objective.weights).filter_map(|weights| weights.segment);
        let mut reader = Reader::new(rules, self.now());
        segments.for_each(|segment| reader.definition(segment));
        self.of(reader.edges);
    }

    fn read(&mut self, exprs: impl IntoIterator<Item = &'s Expr>) {
        let mut reader = Reader::new(self.search.rules, self.now());
        exprs.into_iter().for_each(|expr| reader.expr(expr, None));
        self.of(reader.edges);
    }

    /// What conditions read, with the values at which their answers change.
    fn of(&mut self, edges: Edges<'s>) {
        self.permitted(&edges);
        let Search { rules, .. } = *self.search;
        let now = self.now();
        for (&index, values) in &edges.attributes {
            let Some(attribute) = rules.shape.attributes.get(index) else { continue };
            let own = rules.shape.id == Some(index) || rules.shape.zone == Some(index);
            if !own && !self.search.is_fixed(&attribute.name) {
                let values = telling(values.clone(), attribute, rules, now).into_iter();
                let name = || attribute.name.clone();
                self.found.extend(values.map(|value| Change::Attribute { name: name(), value }));
            }
        }
        for (&index, values) in &edges.context {
            let Some(declared) = rules.context.get(index) else { continue };
            let values = telling(values.clone(), declared, rules, now).into_iter();
            let name = || declared.name.clone();
            self.found.extend(values.map(|value| Change::Context { name: name(), value }));
        }
        past::gone(self, &edges);
        for (&kind, properties) in &edges.kinds {
            self.more(kind, properties, &edges);
        }
        past::contacts(self, &edges);
    }

    /// Values that are missing for want of a consent to what they are for: on a channel that asks for the same, if there is one.
    fn permitted(&mut self, edges: &Edges<'s>) {
        let rules = self.search.rules;
        for &index in &edges.touched {
            let provenance = rules.shape.attributes.get(index).and_then(|attribute| attribute.provenance.as_ref());
            let Some(purpose) = provenance.and_then(|provenance| provenance.purpose.as_ref()) else { continue };
            if !permits(self.customer.consents(), purpose, self.now()) {
                let channel = rules.consents().into_iter().find(|(_, of)| of == purpose);
                let channel = channel.map_or_else(|| "data".to_owned(), |(channel, _)| channel);
                self.consent(channel, purpose.clone());
            }
        }
    }

    /// More events of a kind, or items of a list.
    fn more(&mut self, kind: usize, properties: &BTreeMap<usize, Vec<Value>>, edges: &Edges<'s>) {
        let Some(shape) = self.search.rules.shape.events.get(kind) else { return };
        if self.search.is_fixed(&shape.name) {
            return;
        }
        // What nobody asks about is as it happens to be, or is not said.
        let named = properties.iter().filter_map(|(&index, values)| {
            let property = shape.properties.get(index)?;
            let asked = edges.asked.contains(&(kind, index));
            let mut values = telling(values.clone(), property, self.search.rules, self.now());
            values.truncate(if asked { usize::MAX } else { 1 });
            (asked || !property.optional).then(|| (property.name.clone(), values))
        });
        let mut rows = combinations(&named.collect::<Vec<_>>());
        // What need not be said of it is not.
        if shape.properties.iter().all(|property| property.optional) && rows.iter().all(|row| !row.is_empty()) {
            rows.insert(0, Vec::new());
        }
        let name = || shape.name.clone();
        let moments = edges.telling_moments();
        for &count in edges.counts.iter().filter(|&&count| count > 0) {
            if shape.timeless {
                let items = |properties| Change::Items { list: name(), count, properties };
                self.found.extend(rows.iter().cloned().map(items));
                continue;
            }
            for &at in &moments {
                let events = |properties| Change::Events { kind: name(), count, properties, at };
                self.found.extend(rows.iter().cloned().map(events));
            }
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
