//! The shape of customers, events and context: names and types, without a host's type behind them.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::{Sharing, Signature, Type};
use crate::geo::Region;
use crate::time::Period;

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
    /// Whence its values are, where a rule file says so.
    pub provenance: Option<Provenance>,
    /// Whether the program can say as of when a value is known: without that none of them is fresh.
    pub dated: bool,
}

/// Whence values are, and how long they are worth something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Provenance {
    /// Who gathered them.
    pub party: Party,
    /// What the source is called.
    pub source: Option<String>,
    /// What they were given for. Without a consent to it, on whatever channel, a value is missing.
    pub purpose: Option<String>,
    /// A value that was known this long ago or longer is missing.
    pub fresh: Option<Period>,
}

/// Who gathered a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The company itself.
    FirstParty,
    /// A partner, of its own customers.
    SecondParty,
    /// Someone else.
    ThirdParty,
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.party {
            Party::FirstParty => "first_party",
            Party::SecondParty => "second_party",
            Party::ThirdParty => "third_party",
        })?;
        if let Some(source) = &self.source {
            write!(f, " {source:?}")?;
        }
        if let Some(purpose) = &self.purpose {
            write!(f, " for {purpose}")?;
        }
        Ok(())
    }
}

impl Attribute {
    /// Whether a value may be missing that was there, as time goes on or a consent ends.
    pub(crate) fn lapses(&self) -> bool {
        self.provenance.as_ref().is_some_and(|said| said.fresh.is_some() || said.purpose.is_some())
    }

    /// How long a value is worth something.
    pub(crate) fn fresh(&self) -> Option<Period> {
        self.provenance.as_ref()?.fresh
    }

    /// An attribute that may be missing, and of which nothing else is said.
    pub fn new(name: impl Into<String>, ty: Type) -> Self {
        Attribute { name: name.into(), ty, optional: true, pii: false, nocase: false, provenance: None, dated: false }
    }
}

/// A kind of event; or a list of items, which are asked about like events but have no time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct EventShape {
    /// Its name in rules.
    pub name: String,
    /// Its properties; of an event `at` is there always and not listed.
    pub properties: Vec<Attribute>,
    /// Whether it is a list of items: no `at`, no order but that of the list.
    pub timeless: bool,
    /// Whether the list may be missing, so that nothing is known of it; of events this is not said.
    pub optional: bool,
}

impl EventShape {
    /// A kind of event.
    pub fn new(name: impl Into<String>, properties: Vec<Attribute>) -> Self {
        EventShape { name: name.into(), properties, timeless: false, optional: false }
    }

    /// A list of items that may be missing.
    pub fn items(name: impl Into<String>, properties: Vec<Attribute>) -> Self {
        EventShape { name: name.into(), properties, timeless: true, optional: true }
    }
}

/// Everything that rules may name about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Shape {
    /// Attributes, in the order of their description; numbers in checked rules refer to it.
    pub attributes: Vec<Attribute>,
    /// Kinds of event and lists of items, likewise.
    pub events: Vec<EventShape>,
    /// How many of these are groups of others, which nobody holds. They stand behind all that are held; checked rules have
    /// contacts behind them.
    pub groups: usize,
    /// Lists that the program keeps, as whether the customer is on them.
    pub lists: Vec<Attribute>,
    /// Regions that the program brings, by name.
    pub regions: Vec<(String, Arc<Region>)>,
    /// Which attribute identifies the customer.
    pub id: Option<usize>,
    /// Which attribute is the customer's own zone.
    pub zone: Option<usize>,
    /// Whether consents are held.
    pub consents: bool,
    /// Whether contacts are held.
    pub contacts: bool,
    /// With whom contacts can be counted together.
    pub shared: Vec<Sharing>,
    /// Functions of the host, likewise numbered.
    pub functions: Vec<Signature>,
}
