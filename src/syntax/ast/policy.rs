//! Contact policies: what holds back a customer's contacts.

use serde::{Deserialize, Serialize};

use super::{ActionKind, Duration, Expr, Name, Spanned};
use crate::time::{CalendarUnit, TimeOfDay};

/// One line of a `policy` statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PolicyLine {
    /// `cap marketing on email at most 2 in any 7 days`
    Cap(Cap),
    /// `quiet 21:00 to 09:00 on sms, push else wait`
    Quiet(Quiet),
    /// `rest each action 10 days after 3 impressions within 7 days without click`
    Rest(Rest),
    /// `block marketing while any(complaint) because "service first"`
    Block(Block),
    /// `limit each program 2 per decision`
    Limit(PerDecision),
    /// `prefer channel preferred_channel else email`
    Prefer(Prefer),
}

/// `cap marketing of program winback on email at most 2 in any 7 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// Which contacts are counted and held back.
    pub kind: Contacted,
    /// Only those of this.
    pub of: Option<Part>,
    /// `None` = `on any`: every outbound channel.
    pub channel: Option<Name>,
    /// How many.
    pub limit: Spanned<Limit>,
}

/// What a line of a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Contacted {
    /// Offers and messages.
    Marketing,
    /// Offers.
    Offer,
    /// Messages.
    Message,
}

/// `program winback`, `come_back.gift`: a part of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What it is said to be.
    pub level: Option<Level>,
    /// Its path, or the end of it.
    pub path: Spanned<Vec<Name>>,
}

/// A level of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Level {
    /// An offer, message or service.
    Action,
    /// A campaign.
    Campaign,
    /// A program.
    Program,
}

/// How many contacts a cap allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Limit {
    /// `never`
    Never,
    /// `at most 2 in any 7 days`, `at most 1 per calendar day in zone "Europe/Paris"`
    AtMost {
        /// How many …
        count: Spanned<i64>,
        /// … or so many, where that is less: what the customer wishes.
        own: Option<Box<Expr>>,
        /// … in what time.
        period: CapPeriod,
        /// The zone it counts days in.
        zone: Option<Name>,
        /// Whose contacts are counted, where it is not the customer's alone.
        per: Option<Name>,
    },
}

/// The time over which a cap counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CapPeriod {
    /// `in any 7 days`: however they lie.
    Rolling(Spanned<Duration>),
    /// `per calendar week`
    Calendar(CalendarUnit),
}

/// `quiet 21:00 to 09:00 on sms, push else wait`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// From when on.
    pub from: Spanned<TimeOfDay>,
    /// Until just before.
    pub to: Spanned<TimeOfDay>,
    /// The zone of the clock.
    pub zone: Option<Name>,
    /// Where; none = `on any`: every outbound channel.
    pub channels: Vec<Name>,
    /// What becomes of the contact.
    pub otherwise: Otherwise,
}

/// What becomes of a contact in quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Otherwise {
    /// It may be tried again when they are over.
    Wait,
    /// It is given up.
    Drop,
}

/// `rest each action 10 days after 3 impressions within 7 days without click`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// What rests.
    pub each: Level,
    /// For how long.
    pub length: Spanned<Duration>,
    /// After how many …
    pub count: Spanned<i64>,
    /// … of these …
    pub outcome: Name,
    /// … in what time.
    pub within: Spanned<Duration>,
    /// Unless there was one of these in it.
    pub without: Option<Name>,
}

/// `block marketing while any(complaint) because "service first"`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// What is held back.
    pub kind: Contacted,
    /// While this holds.
    pub when: Expr,
    /// The reason to give.
    pub because: Option<Name>,
}

/// `limit each program 2 per decision`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerDecision {
    /// Of what.
    pub each: Level,
    /// How many actions.
    pub most: Spanned<i64>,
}

/// `prefer channel preferred_channel else email`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefer {
    /// What names the channel whose places are filled first.
    pub channel: Expr,
    /// The channel that comes next.
    pub otherwise: Option<Name>,
}

impl Contacted {
    /// As rules write it.
    pub const fn word(self) -> &'static str {
        match self {
            Contacted::Marketing => "marketing",
            Contacted::Offer => "offer",
            Contacted::Message => "message",
        }
    }

    /// Whether actions of a kind are meant: service never is.
    pub const fn means(self, kind: ActionKind) -> bool {
        matches!(
            (self, kind),
            (Contacted::Marketing | Contacted::Offer, ActionKind::Offer)
                | (Contacted::Marketing | Contacted::Message, ActionKind::Message)
        )
    }
}

impl Level {
    /// As rules write it.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Action => "action",
            Level::Campaign => "campaign",
            Level::Program => "program",
        }
    }
}
