//! Customers as plain data, by name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use nextbest::{Consent, Instant};

use super::value::Val;

/// Attributes or properties by name; what is not there is missing.
pub type Values = BTreeMap<String, Val>;

/// A customer, the request's context and the time, all that an answer depends on besides the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Situation {
    pub now: Instant,
    pub context: Values,
    pub customer: Customer,
    /// Whom the customer is held against.
    pub crowd: Option<Arc<Crowd>>,
}

/// Many customers at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Crowd {
    pub now: Instant,
    pub context: Values,
    pub customers: Vec<Customer>,
}

/// One customer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Customer {
    pub attributes: Values,
    /// As of when attributes are known.
    pub as_of: BTreeMap<String, Instant>,
    pub histories: BTreeMap<String, History>,
    /// Lists of items; one that is not there is missing. The time of their rows means nothing.
    pub items: BTreeMap<String, Vec<Row>>,
    pub consents: Vec<Consent>,
    /// The lists that the customer is on; `None`: nothing is known of that.
    pub lists: Option<BTreeSet<String>>,
}

/// The events of one kind, in the order of their arrival.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    pub rows: Vec<Row>,
    /// Earlier events may be lacking.
    pub complete_since: Option<Instant>,
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub at: Instant,
    pub sequence: u64,
    pub properties: Values,
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "now {}", self.now)?;
        writeln!(f, "context {}", list(&self.context))?;
        write!(f, "{}", self.customer)?;
        let Some(crowd) = &self.crowd else { return Ok(()) };
        writeln!(f, "in a crowd at {}, context {}", crowd.now, list(&crowd.context))?;
        crowd.customers.iter().try_for_each(|customer| write!(f, "{customer}"))
    }
}

impl fmt::Display for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "customer {}", list(&self.attributes))?;
        if !self.as_of.is_empty() {
            writeln!(f, "as of {:?}", self.as_of)?;
        }
        for (kind, history) in &self.histories {
            match history.complete_since {
                Some(since) => writeln!(f, "{kind}, complete since {since}")?,
                None => writeln!(f, "{kind}")?,
            }
            for row in &history.rows {
                writeln!(f, "  {} #{} {}", row.at, row.sequence, list(&row.properties))?;
            }
        }
        for (name, items) in &self.items {
            writeln!(f, "{name}, a list")?;
            for item in items {
                writeln!(f, "  {}", list(&item.properties))?;
            }
        }
        if let Some(lists) = &self.lists {
            writeln!(f, "on lists {lists:?}")?;
        }
        for consent in &self.consents {
            writeln!(f, "{consent:?}")?;
        }
        Ok(())
    }
}

fn list(values: &Values) -> String {
    let written: Vec<String> = values.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{{ {} }}", written.join(", "))
}
