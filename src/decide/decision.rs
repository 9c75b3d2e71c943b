//! What a decision says.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Parameter, Reason, Stage};
use crate::compile::{Digest, Revision};
use crate::leaf::Moment;
use crate::schema::{Currency, Money, Variant};
use crate::syntax::ast::ActionKind;
use crate::time::{Instant, Zone};

/// The next best action of one customer, for each channel and slot asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Decision {
    /// The rules that decided.
    pub revision: Revision,
    /// The version of this crate, of the time zone data and of Unicode that they were run with.
    pub versions: Versions,
    /// A digest of what was decided about, where the request asks for one: the request, and what the rules can read of the
    /// customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<Digest>,
    /// The moment.
    pub now: Instant,
    /// The zone that days were counted in.
    pub zone: Zone,
    /// For each channel and slot of the request, in its order, as many as it shows actions; one where it shows none.
    pub slots: Vec<Slot>,
}

/// What a decision was made with; two decisions can be compared only where these agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Versions {
    /// This crate.
    pub nextbest: Cow<'static, str>,
    /// The IANA time zone data.
    pub tzdata: Cow<'static, str>,
    /// Unicode, for normal forms.
    pub unicode: Cow<'static, str>,
}

impl Versions {
    fn current() -> Self {
        static UNICODE: LazyLock<String> = LazyLock::new(|| {
            let (major, minor, update) = unicode_normalization::UNICODE_VERSION;
            format!("{major}.{minor}.{update}")
        });
        Versions {
            nextbest: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
            tzdata: Cow::Borrowed(Zone::tzdata_version()),
            unicode: Cow::Borrowed(&UNICODE),
        }
    }
}

/// What is decided for one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Slot {
    /// The channel.
    pub channel: String,
    /// The slot, where the channel has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// The action, or why there is none.
    pub answer: Answer,
    /// What would have been shown, but for a control group or the holdout: to be recorded as `withheld`, so that what is shown
    /// can be compared with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Withheld>,
}

/// An action, or nothing and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // a decision has one or a few, mostly of the large kind
pub enum Answer {
    /// Do this.
    Action(Chosen),
    /// Do nothing.
    Nothing(Nothing),
}

/// An action that is not shown, to find out what showing it is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Withheld {
    /// What would have been shown.
    pub action: Chosen,
    /// By a control group, or by the holdout.
    pub by: Stage,
}

/// What is to be done besides showing an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// Give the customer a code.
    Promo {
        /// The code.
        code: String,
        /// The instant from which it can no longer be used.
        until: Instant,
    },
    /// Take one from a stock of the request: a bundle, of which several members are of the stock, once for each of them.
    Reserve {
        /// The path that the request gives the stock for.
        stock: String,
    },
    /// Keep the customer in an arm from now on, with [`Request::assigned`](crate::Request::assigned): their contacts show it,
    /// where their id, or what the request says, would have another one.
    Assign {
        /// The experiment, `program.campaign.action.experiment`.
        experiment: String,
        /// The arm.
        arm: String,
    },
    /// Take this much from a budget of the request.
    Spend {
        /// The path that the request gives the budget for.
        budget: String,
        /// The cost of the action and of its channel; nothing where that is below zero.
        amount: Money,
    },
}

/// The action chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Chosen {
    /// Its path: `winback.come_back.gift`.
    pub action: String,
    /// Offer, message or service.
    pub kind: ActionKind,
    /// Whether it is shown because nothing else was: reports may leave it out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fallback: bool,
    /// The key of the content to show or send.
    pub content: String,
    /// The arm, where the content is one of several that are tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    /// Whether the customer has been shown another arm of that experiment before, under another identity, say: such a one
    /// tells nothing about either arm, and an analysis leaves them out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub crossed: bool,
    /// The language of the content, where it is written in several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What the content is filled with, in the order of the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// What is to be done besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// The first instant at which it no longer holds good, by its dates and its code; `None` where neither says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Instant>,
    /// What made its priority; `None` for a service, which has none.
    pub factors: Option<Factors>,
    /// The probability with which it was chosen, or would have been if it were not withheld, after what the slots before show: 1
    /// where nothing was left to chance.
    pub probability: f64,
    /// Whether another one would have been chosen if nothing were left to chance.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub explored: bool,
    /// How many draws the probability is estimated by; `None` where it is exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<u32>,
}

/// Nothing, which always competes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Nothing {
    /// Why.
    pub reason: Reason,
    /// The candidate that got furthest.
    pub nearest: Option<Nearest>,
    /// The earliest later instant at which the clause that stopped it no longer does, if all else stays as it is: of quiet hours,
    /// entries, rests, caps, thresholds, and of conditions. Thresholds, and conditions that time may undo again, such as
    /// `any(order last month)`, are looked ahead for 400 days.
    pub retry_at: Option<Instant>,
}

/// How near an action came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Nearest {
    /// Its path.
    pub action: String,
    /// Where it left.
    pub stage: Stage,
    /// What the clause that stopped it gives as its reason.
    pub because: Option<String>,
}

/// What a priority is made of, by default `propensity * context * margin * lever`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Factors {
    /// The chance of success, from 0 to 1, evidence included.
    pub propensity: f64,
    /// The evidence.
    pub evidence: Option<Evidence>,
    /// 1 + the boosts that hold.
    pub context: f64,
    /// What success earns, in minor units.
    pub value: i64,
    /// What it costs, in minor units.
    pub cost: i64,
    /// What a contact on the channel costs, in minor units.
    pub channel_cost: i64,
    /// Value − cost − cost of the channel, in minor units.
    pub margin: i64,
    /// 1 + the levers that have not ended.
    pub lever: f64,
    /// The priority, in minor units.
    pub priority: f64,
    /// The currency of the ruleset.
    pub currency: Currency,
}

/// How an action has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Evidence {
    /// Successes …
    pub positives: u64,
    /// … of so many contacts.
    pub contacts: u64,
}

impl Decision {
    /// The decision of an evaluation.
    pub(crate) fn of(revision: Revision, inputs: Option<Digest>, moment: &Moment, slots: Vec<Slot>) -> Self {
        Decision { revision, versions: Versions::current(), inputs, now: moment.now, zone: moment.zone, slots }
    }

    /// The first action that is decided for.
    pub fn action(&self) -> Option<&Chosen> {
        self.slots.iter().find_map(Slot::action)
    }

    /// The reason for nothing, where no slot has an action; `None` too where no channel was asked about.
    pub fn reason(&self) -> Option<Reason> {
        match self.action() {
            Some(_) => None,
            None => self.slots.iter().find_map(|slot| match &slot.answer {
                Answer::Nothing(nothing) => Some(nothing.reason),
                Answer::Action(_) => None,
            }),
        }
    }
}

impl Slot {
    /// The action, where there is one.
    pub fn action(&self) -> Option<&Chosen> {
        match &self.answer {
            Answer::Action(chosen) => Some(chosen),
            Answer::Nothing(_) => None,
        }
    }
}
