//! Contacts: what was shown or sent to a customer, and what came of it. Immutable rows, given by the host.

use serde::{Deserialize, Serialize};

use super::{Event, EventSchema};
use crate::time::Instant;

/// What is known of a contact at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Decided, not yet sent.
    Pending,
    /// Sent.
    Sent,
    /// Could not be sent: counts for nothing.
    Failed,
    /// Delivered.
    Delivered,
    /// Seen, or shown on a page.
    Impression,
    /// Opened.
    Opened,
    /// Clicked.
    Clicked,
    /// Accepted.
    Accepted,
    /// Rejected.
    Rejected,
    /// Did what the campaign was for.
    Converted,
    /// Unsubscribed because of it.
    Unsubscribed,
    /// Withheld on purpose, for a control group or holdout.
    Withheld,
}

/// What kind of action a contact carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// An offer: marketing.
    Offer,
    /// A brand message: marketing.
    Message,
    /// Service.
    Service,
}

/// One outcome of one contact. Several rows share an `id`: sent, then opened, then clicked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Names the contact across its outcomes.
    pub id: String,
    /// When this outcome was.
    pub at: Instant,
    /// The outcome.
    pub outcome: Outcome,
    /// The path of the action: `winback.come_back.gift`.
    pub action: String,
    /// Its kind.
    pub kind: ContactKind,
    /// The channel.
    pub channel: String,
}

impl Event for Contact {
    fn at(&self) -> Instant {
        self.at
    }

    fn describe(schema: EventSchema<Self>) -> EventSchema<Self> {
        // Contacts are read by the contact policy, not by rules' event clauses.
        schema
    }
}
