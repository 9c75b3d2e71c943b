//! What would have to be otherwise, and how that is done to a customer and a request.

use std::fmt;

use serde::Serialize;

use super::super::check::{counted, listed, written};
use crate::compile::Request;
use crate::schema::{Consent, Record, Value};
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

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Consent { channel, purpose } => write!(f, "consent {channel}.{purpose}"),
            Change::Later(at) => write!(f, "now {at}"),
            Change::Released => f.write_str("nothing halted or blocked"),
            Change::Restocked => f.write_str("more in stock, or to spend"),
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

/// The place of its kind.
pub(super) fn rank(change: &Change) -> u8 {
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
pub(super) fn changed(customer: &Record, request: &Request, changes: &[Change]) -> (Record, Request) {
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
