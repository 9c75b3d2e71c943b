//! The shape of customers, events and context: names and types, without a host's type behind them.

use serde::Serialize;

use super::{Signature, Type};

/// An attribute of a customer, a context value, or a property of an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Attribute {
    /// Its name in rules.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing.
    pub optional: bool,
    /// Whether it is personal data, redacted in explanations.
    pub pii: bool,
    /// Whether its texts are compared ignoring case, wherever they are compared.
    pub nocase: bool,
}

impl Attribute {
    /// An attribute that may be missing, and of which nothing else is said.
    pub fn new(name: impl Into<String>, ty: Type) -> Self {
        Attribute { name: name.into(), ty, optional: true, pii: false, nocase: false }
    }
}

/// A kind of event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct EventShape {
    /// Its name in rules.
    pub name: String,
    /// Its properties; `at` is there always and not listed.
    pub properties: Vec<Attribute>,
}

/// Everything that rules may name about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Shape {
    /// Attributes, in the order of their description; numbers in checked rules refer to it.
    pub attributes: Vec<Attribute>,
    /// Kinds of event, likewise.
    pub events: Vec<EventShape>,
    /// Lists that the program keeps, as whether the customer is on them.
    pub lists: Vec<Attribute>,
    /// Which attribute identifies the customer.
    pub id: Option<usize>,
    /// Which attribute is the customer's own zone.
    pub zone: Option<usize>,
    /// Whether consents are held.
    pub consents: bool,
    /// Whether contacts are held.
    pub contacts: bool,
    /// Functions of the host, likewise numbered.
    pub functions: Vec<Signature>,
}
