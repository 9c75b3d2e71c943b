//! What would have to be otherwise, and how that is done to a customer and a request.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::compile::Request;
use crate::schema::{Consent, Contact, ContactKind, Outcome, Record, Value};
use crate::time::Instant;

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
    /// A list had more items.
    Items {
        /// This list,
        list: String,
        /// so many,
        count: u32,
        /// with these values.
        properties: Vec<(String, Value)>,
    },
    /// A list did not have some items.
    NoItems {
        /// This list …
        list: String,
        /// … those that a rule names like this,
        clause: String,
        /// which stand at these places, from 0 on.
        places: Vec<usize>,
        /// Whether these are all that the rule names.
        all: bool,
    },
    /// Some events had not happened.
    NoEvents {
        /// Those that a rule names like this,
        clause: String,
        /// which are these.
        rows: Vec<Happened>,
        /// Whether these are all that the rule names.
        all: bool,
        /// Of these kinds nothing were lacking either.
        certain: Vec<String>,
    },
    /// Some contacts had not been.
    NoContacts {
        /// Those that a rule is about which reads like this,
        clause: String,
        /// which are these, each with one of its rows.
        contacts: Vec<Contact>,
        /// Whether no contact were lacking either.
        certain: bool,
    },
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
    /// Something more had been sent or shown, or had come of it.
    Contacts {
        /// This,
        outcome: Outcome,
        /// of this action,
        action: String,
        /// which is of this kind,
        kind: ContactKind,
        /// on this channel,
        channel: String,
        /// of this contact, else of a new one,
        id: Option<String>,
        /// so many times,
        count: u32,
        /// then.
        at: Instant,
    },
    /// Another action, which wins, were not there.
    Without(String),
}

/// An event that has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Happened {
    /// Its kind.
    pub kind: String,
    /// Its place in the customer's history of that kind, from 0 on.
    pub place: usize,
    /// When.
    pub at: Instant,
}

impl Change {
    /// Whether it is about what has happened: such a change explains, while nobody can bring it about.
    pub fn is_past(&self) -> bool {
        use Change::{Contacts, Events, NoContacts, NoEvents};
        matches!(self, NoEvents { .. } | NoContacts { .. } | Events { .. } | Contacts { .. })
    }

    /// The place of its kind.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Change::Consent { .. } => 0,
            Change::Later(_) => 1,
            Change::Released => 2,
            Change::Restocked => 3,
            Change::Context { .. } => 4,
            Change::Attribute { .. } => 5,
            Change::Items { .. } => 6,
            Change::NoItems { .. } => 7,
            Change::NoEvents { .. } => 8,
            Change::NoContacts { .. } => 9,
            Change::Events { .. } => 10,
            Change::Contacts { .. } => 11,
            Change::Without(_) => 12,
        }
    }

    /// Of as many changes those are tried first that weigh least: what is, before what has been, of that a row before many gone,
    /// and before other actions.
    pub(super) fn weight(&self) -> usize {
        match self {
            Change::Without(_) => 16,
            change => usize::from(change.is_past()) + usize::from(change.rows_gone() > FEW),
        }
    }

    /// How many rows it takes away.
    pub(super) fn rows_gone(&self) -> usize {
        match self {
            Change::NoItems { places, .. } => places.len(),
            Change::NoEvents { rows, .. } => rows.len(),
            Change::NoContacts { contacts, .. } => contacts.len(),
            _ => 0,
        }
    }
}

/// More rows than these are many.
const FEW: usize = 3;

/// A customer and a request with changes. What a record refuses stays as it was.
pub(super) fn changed(customer: &Record, request: &Request, changes: &[Change]) -> (Record, Request) {
    let (mut customer, mut request) = (customer.clone(), request.clone());
    // Places are those of the customer as it is, so that what goes, goes at once.
    take_away(&mut customer, changes);
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
                // Where it grows stale it is known as of now.
                let _ = customer.set_as_of(name, request.now());
            }
            Change::Items { list, count, properties } => {
                let mut items = match customer.get(list) {
                    Some(Value::List(items)) => items,
                    _ => Vec::new(),
                };
                items.extend((0..*count).map(|_| Value::Map(properties.iter().cloned().collect())));
                let _ = customer.set(list, Value::List(items));
            }
            Change::Events { kind, count, properties, at } => {
                for _ in 0..*count {
                    let properties = properties.iter().map(|(name, value)| (name.as_str(), value.clone()));
                    let _ = customer.add_event(kind, *at, properties);
                }
            }
            Change::Contacts { .. } => add_contacts(&mut customer, change),
            Change::NoItems { .. } | Change::NoEvents { .. } | Change::NoContacts { .. } => {}
            Change::Without(action) => request = request.clone().halt(action).unwrap_or(request),
        }
    }
    (customer, request)
}

fn take_away(customer: &mut Record, changes: &[Change]) {
    let mut places: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut certain: BTreeSet<&str> = BTreeSet::new();
    let (mut ids, mut certain_contacts): (BTreeSet<&str>, bool) = (BTreeSet::new(), false);
    for change in changes {
        match change {
            Change::NoItems { list, places: gone, .. } => {
                places.entry(list).or_default().extend(gone);
                certain.insert(list);
            }
            Change::NoEvents { rows, certain: kinds, .. } => {
                rows.iter().for_each(|row| _ = places.entry(&row.kind).or_default().insert(row.place));
                for kind in kinds {
                    places.entry(kind).or_default();
                    certain.insert(kind);
                }
            }
            Change::NoContacts { contacts, certain, .. } => {
                ids.extend(contacts.iter().map(|contact| contact.id.as_str()));
                certain_contacts |= certain;
            }
            _ => {}
        }
    }
    for (kind, gone) in places {
        customer.keep_events(kind, certain.contains(kind), |place| !gone.contains(&place));
    }
    if certain_contacts || !ids.is_empty() {
        customer.keep_contacts(certain_contacts, |contact| !ids.contains(contact.id.as_str()));
    }
}

fn add_contacts(customer: &mut Record, change: &Change) {
    let Change::Contacts { outcome, action, kind, channel, id, count, at } = change else { return };
    for _ in 0..*count {
        let used: BTreeSet<&str> = customer.all_contacts().map(|contact| contact.id.as_str()).collect();
        let fresh = || (1..).map(|n: usize| format!("made up {n}")).find(|id| !used.contains(id.as_str()));
        let Some(id) = id.clone().or_else(fresh) else { continue };
        customer.one_more_contact(Contact {
            id,
            at: *at,
            outcome: *outcome,
            action: action.clone(),
            kind: *kind,
            channel: channel.clone(),
            variant: None,
        });
    }
}
