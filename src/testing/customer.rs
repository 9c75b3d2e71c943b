//! The customer of a test, and what is asked: what is given, and the defaults for all else.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::testing::tree::{Given, Moment};
use crate::check::tree::{Rules, Test};
use crate::compile::{Engine, Request, RequestError};
use crate::schema::{Consent, Contact, ContactKind, Outcome, Record, RecordError, RecordSchema, Type, Value};
use crate::time::{Instant, Zone};

/// The customer.
pub(super) fn of(test: &Test, rules: &Rules, records: &RecordSchema) -> Result<Record, RecordError> {
    let mut customer = records.record();
    if let Some(id) = rules.shape.id.and_then(|id| rules.shape.attributes.get(id)) {
        let value = if id.ty == Type::Int { Value::Int(1) } else { Value::from("test") };
        customer.set(&id.name, value)?;
    }
    let clock = Clock { now: test.now, zone: zone(test, rules) };
    let mut items: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut asked = if rules.shape.consents { consents(rules) } else { BTreeSet::new() };
    let mut contacts: Vec<Contact> = Vec::new();
    // Events of one moment are in the order of the text.
    let mut sequence = 0;
    for given in &test.given {
        match given {
            Given::Attribute { name, value, as_of } => {
                customer.set(name, value.clone())?;
                let dated = rules.shape.attributes.iter().any(|attribute| attribute.name == *name && attribute.dated);
                if dated {
                    customer.set_as_of(name, as_of.map_or(test.now, |moment| clock.at(moment)))?;
                }
            }
            Given::Events { kind, count, properties, moment } => {
                for _ in 0..*count {
                    sequence += 1;
                    let properties = properties.iter().map(|(name, value)| (name.as_str(), value.clone()));
                    customer.add_event_with_sequence(kind, clock.at(*moment), sequence, properties)?;
                }
            }
            Given::Items { list, count, properties } => {
                let item = Value::Map(properties.iter().cloned().collect());
                items.entry(list).or_default().extend((0..*count).map(|_| item.clone()));
            }
            Given::Contact { outcome, action, kind, channel, moment } => {
                contacts.push(contact(&contacts, *outcome, action, *kind, channel, clock.at(*moment)));
            }
            Given::Consent { channel, purpose, granted, until } => {
                asked.remove(&(channel.clone(), purpose.clone()));
                if *granted {
                    let consent = Consent::granted(channel, purpose, Instant::MIN);
                    customer.add_consent(Consent { expires: *until, ..consent })?;
                }
            }
            Given::Context { .. } | Given::Row { .. } | Given::Segment { .. } => {}
        }
    }
    for (list, items) in items {
        customer.set(list, Value::List(items))?;
    }
    for (channel, purpose) in asked {
        customer.add_consent(Consent::granted(channel, purpose, Instant::MIN))?;
    }
    for contact in contacts {
        customer.add_contact(contact)?;
    }
    Ok(customer)
}

/// The consents that are asked for, and one to each purpose of data that no channel asks for.
fn consents(rules: &Rules) -> BTreeSet<(String, String)> {
    let mut asked = rules.consents();
    for provenance in rules.shape.attributes.iter().filter_map(|attribute| attribute.provenance.as_ref()) {
        if let Some(purpose) = provenance.purpose.as_ref().filter(|&purpose| asked.iter().all(|(_, of)| of != purpose))
        {
            asked.insert(("data".to_owned(), purpose.clone()));
        }
    }
    asked
}

/// What is asked.
pub(super) fn request(test: &Test, engine: &Engine<Record>) -> Result<Request, RequestError> {
    let mut request = engine.request(test.now).undrawn();
    for channel in &test.on {
        request = request.channel(channel)?;
    }
    let mut rows: BTreeMap<&str, Vec<Vec<(String, Value)>>> = BTreeMap::new();
    for given in &test.given {
        match given {
            Given::Context { name, value } => request = request.context(name, value.clone())?,
            Given::Row { catalog, columns } => rows.entry(catalog).or_default().push(columns.clone()),
            _ => {}
        }
    }
    for (catalog, rows) in rows {
        request = request.rows(catalog, rows)?;
    }
    Ok(request)
}

/// The customer's own zone where it is given, else the ruleset's.
fn zone(test: &Test, rules: &Rules) -> Zone {
    let attribute = rules.shape.zone.and_then(|zone| rules.shape.attributes.get(zone));
    let own = test.given.iter().find_map(|given| match given {
        Given::Attribute { name, value: Value::Zone(zone), .. } if attribute.is_some_and(|a| a.name == *name) => {
            Some(*zone)
        }
        _ => None,
    });
    own.unwrap_or(rules.zone)
}

/// An outcome is one of the latest contact about the same action on the same channel that was given before it; that something
/// was sent, shown, is pending or was withheld begins a contact of its own.
fn contact(
    before: &[Contact],
    outcome: Outcome,
    action: &str,
    kind: ContactKind,
    channel: &str,
    at: Instant,
) -> Contact {
    let begins = matches!(outcome, Outcome::Sent | Outcome::Impression | Outcome::Pending | Outcome::Withheld);
    let same = before.iter().rev().find(|other| other.action == action && other.channel == channel && other.at <= at);
    let id = match same.filter(|_| !begins) {
        Some(same) => same.id.clone(),
        None => format!("contact {}", before.len() + 1),
    };
    Contact { id, at, outcome, action: action.to_owned(), kind, channel: channel.to_owned(), variant: None }
}

struct Clock {
    now: Instant,
    zone: Zone,
}

impl Clock {
    fn at(&self, moment: Moment) -> Instant {
        match moment {
            Moment::Ago(period) => self.zone.minus(self.now, period),
            Moment::At(instant) => instant,
        }
    }
}
