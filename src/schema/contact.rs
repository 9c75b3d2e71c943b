//! Contacts: what was shown or sent to a customer, and what came of it. Immutable rows, given by the host.

use serde::{Deserialize, Serialize};

use super::{Category, Event, EventSchema, EventShape, Events, HistorySchema, Type};
use crate::leaf::Cx;
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

impl Outcome {
    /// All of them, in their order.
    pub const ALL: [Outcome; 12] = [
        Outcome::Pending,
        Outcome::Sent,
        Outcome::Failed,
        Outcome::Delivered,
        Outcome::Impression,
        Outcome::Opened,
        Outcome::Clicked,
        Outcome::Accepted,
        Outcome::Rejected,
        Outcome::Converted,
        Outcome::Unsubscribed,
        Outcome::Withheld,
    ];
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(Self::NAMES.get(self.index()).copied().unwrap_or_default())
    }
}

impl Category for Outcome {
    const NAMES: &'static [&'static str] = &[
        "pending",
        "sent",
        "failed",
        "delivered",
        "impression",
        "opened",
        "clicked",
        "accepted",
        "rejected",
        "converted",
        "unsubscribed",
        "withheld",
    ];

    fn index(self) -> usize {
        self as usize
    }
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

impl Category for ContactKind {
    const NAMES: &'static [&'static str] = &["offer", "message", "service"];

    fn index(self) -> usize {
        self as usize
    }
}

/// With whom contacts are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// All who live together.
    Household,
    /// All who are reached at the same address.
    Address,
    /// Of several names under which one person is known only the present one.
    Identity,
}

impl Sharing {
    /// All of them.
    pub const ALL: [Sharing; 3] = [Sharing::Household, Sharing::Address, Sharing::Identity];

    /// As rules write it.
    pub const fn word(self) -> &'static str {
        match self {
            Sharing::Household => "household",
            Sharing::Address => "address",
            Sharing::Identity => "identity",
        }
    }
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
    /// The arm that was shown, where an experiment chose the content: whoever has seen one stays in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
}

/// The arm of an experiment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Variant {
    /// The experiment, by its name within the action.
    pub experiment: String,
    /// The arm.
    pub arm: String,
}

impl Variant {
    /// An arm of an experiment.
    pub fn new(experiment: impl Into<String>, arm: impl Into<String>) -> Self {
        Variant { experiment: experiment.into(), arm: arm.into() }
    }
}

impl Event for Contact {
    fn at(&self) -> Instant {
        self.at
    }

    fn describe(schema: EventSchema<Self>) -> EventSchema<Self> {
        // In the order of the constants of `Contact`.
        schema
            .text("id", |contact| Some(&contact.id))
            .required()
            .category("outcome", |contact| Some(contact.outcome))
            .required()
            .text("action", |contact| Some(&contact.action))
            .required()
            .category("kind", |contact| Some(contact.kind))
            .required()
            .text("channel", |contact| Some(&contact.channel))
            .required()
    }

    fn failure(&self) -> Option<&str> {
        (self.outcome == Outcome::Failed).then_some(&self.id)
    }

    fn repeats(&self, other: &Self) -> bool {
        self == other
    }
}

impl Contact {
    /// The number of the property `outcome`.
    pub(crate) const OUTCOME: usize = 1;
    /// The number of the property `action`.
    pub(crate) const ACTION: usize = 2;
    /// The number of what rules cannot name: whether the contact of a row has failed, see [`Events::failed`].
    pub(crate) const FAILED: usize = 5;

    /// What contacts are called among the kinds of event: no name that a host's own kind could have in rules.
    pub(crate) const KIND: &str = "(contact)";

    /// Contacts as a kind of event: `exposed(reminder)` and its like are about it, and no rule names it.
    pub(crate) fn shape() -> EventShape {
        let fields = Self::describe(EventSchema::new()).fields;
        EventShape::new(Self::KIND, fields.shapes)
    }

    /// How the properties of rows are read, [`Contact::FAILED`] after those that have names.
    pub(crate) fn properties() -> HistorySchema<Events<Contact>> {
        let EventSchema { mut fields } = Self::describe(EventSchema::new());
        fields.word("failed", Type::Bool, |rows: &Events<Contact>, cx: &Cx<'_>| {
            rows.failed(rows.get(cx.row())?, cx.moment.now).map(i64::from)
        });
        HistorySchema { fields }
    }
}
