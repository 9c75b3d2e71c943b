//! Contact policies and entries into campaigns, checked.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Channel, Expr, is_under};
use crate::diagnostic::Span;
use crate::schema::{Contact, ContactKind, Outcome, Sharing};
use crate::syntax::ast::{Contacted, Direction, Level, Since};
use crate::time::{CivilWindow, Period, TimeOfDay, Zone};

/// What all policies say together: every line holds. Service passes all of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Policy {
    /// `cap` lines, in the order of the text.
    pub caps: Vec<Cap>,
    /// `quiet` lines, likewise.
    pub quiets: Vec<Quiet>,
    /// `rest` lines, likewise.
    pub rests: Vec<Rest>,
    /// `block` lines, likewise.
    pub blocks: Vec<Block>,
    /// `limit` lines, likewise.
    pub limits: Vec<PerDecision>,
    /// The `prefer` line, where there is one.
    pub prefer: Option<Prefer>,
}

impl Cap {
    /// Whether it is about an action, by its path.
    pub fn is_of(&self, action: &str) -> bool {
        let Some(path) = &self.of else { return true };
        is_under(action, path) || self.bundles.iter().any(|bundle| is_under(action, bundle))
    }
}

impl Policy {
    /// With whom caps count contacts together.
    pub fn sharings(&self) -> BTreeSet<Sharing> {
        self.caps.iter().filter_map(|cap| cap.per).collect()
    }

    /// Where its lines stand, by kind.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        let caps = self.caps.iter().map(|cap| cap.span).chain(self.quiets.iter().map(|quiet| quiet.span));
        caps.chain(self.rests.iter().map(|rest| rest.span))
            .chain(self.blocks.iter().map(|block| block.span))
            .chain(self.limits.iter().map(|limit| limit.span))
    }
}

/// Which places of a request are filled first: those of the channel that a value names, then those of another one, then the
/// rest, each as they are asked for. A value that is missing, or names no channel that is asked for, changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prefer {
    /// The policy it belongs to.
    pub policy: String,
    /// A text, or a name of an enum.
    pub channel: Expr,
    /// Index of the channel that comes next.
    pub otherwise: Option<usize>,
    /// Where.
    pub span: Span,
}

/// A frequency cap on marketing contacts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cap {
    /// The policy it belongs to.
    pub policy: String,
    /// Which contacts.
    pub kind: Contacted,
    /// The path of what they must be about, or of what that is part of.
    pub of: Option<String>,
    /// The bundles that have a member under that path: they are about it too.
    pub bundles: Vec<String>,
    /// Index of its channel; `None` is every outbound channel together.
    pub channel: Option<usize>,
    /// How many; `None` is none at all, ever.
    pub limit: Option<Limit>,
    /// How many the customer wishes at most, where that is known and less: a whole number.
    pub own: Option<Expr>,
    /// Whose contacts are counted; `None`: the customer's.
    pub per: Option<Sharing>,
    /// Where.
    pub span: Span,
}

/// How many contacts a cap allows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limit {
    /// So many, and at least one, …
    pub at_most: u32,
    /// … in this window.
    pub window: CivilWindow,
    /// The zone written in the cap.
    pub zone: Option<Zone>,
}

/// Hours in which nothing is sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quiet {
    /// The policy it belongs to.
    pub policy: String,
    /// From when on, by the local clock …
    pub from: TimeOfDay,
    /// … until just before; past midnight where it is not later.
    pub to: TimeOfDay,
    /// The zone written in the line.
    pub zone: Option<Zone>,
    /// Indexes of its channels; empty is every outbound channel.
    pub channels: Vec<usize>,
    /// Whether there is another try when they are over.
    pub waits: bool,
    /// Where.
    pub span: Span,
}

/// A rest after outcomes: every contact that comes to `outcome` as the `count`th or later in (its instant − `within`, its
/// instant], none of which came to `without`, rests what it is about for [its instant, its instant + `length`).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rest {
    /// The policy it belongs to.
    pub policy: String,
    /// What rests: the action, or all of its campaign or program.
    pub each: Level,
    /// For how long.
    pub length: Period,
    /// After how many, at least one …
    pub count: u32,
    /// … of these …
    pub outcome: Sign,
    /// … in what time.
    pub within: Period,
    /// Unless one of these is in it.
    pub without: Option<Sign>,
    /// Where.
    pub span: Span,
}

/// What the row of a contact says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// It was sent or shown.
    Exposed,
    /// It came to this.
    Outcome(Outcome),
}

/// What holds back marketing while a condition may hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Block {
    /// The policy it belongs to.
    pub policy: String,
    /// What it holds back.
    pub kind: Contacted,
    /// The condition; unknown blocks.
    pub when: Expr,
    /// The reason given.
    pub because: String,
    /// Where.
    pub span: Span,
}

/// How many marketing actions of one campaign or program a decision shows, in all of its slots.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PerDecision {
    /// The policy it belongs to.
    pub policy: String,
    /// Of each campaign, or of each program.
    pub each: Level,
    /// So many, and at least one.
    pub most: u32,
    /// Where.
    pub span: Span,
}

/// How customers enter a campaign, and how their entries end.
///
/// An entry opens with the first contact of the campaign that is exposed or withheld while none is open, and closes with the
/// first later exit or goal event, or at its opening + the goal's time; with neither goal nor exit, as it opens.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// When a customer may enter again.
    pub again: Again,
    /// Where that is said.
    pub again_span: Span,
    /// What the campaign is for.
    pub goal: Option<Goal>,
    /// What ends an entry besides, each `any(…)` of the event.
    pub exits: Vec<Expr>,
}

/// `goal order within 3 days`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Goal {
    /// `any(…)` of the event.
    pub event: Expr,
    /// For how long it is waited for.
    pub within: Period,
    /// Where.
    pub span: Span,
}

/// When a customer may enter a campaign again, once no entry is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    /// Not after the first entry.
    Once,
    /// At any time.
    Every,
    /// From the latest of these + this on.
    After(Period, Since),
}

impl Cap {
    /// Whether it counts the contact of a row, which says that it was sent or shown.
    pub(crate) fn counts(&self, row: &Contact, channels: &[Channel]) -> bool {
        let direction = channels.iter().find(|channel| channel.name == row.channel).map(|channel| channel.direction);
        let concerned = match self.channel.and_then(|index| channels.get(index)) {
            Some(channel) => channel.name == row.channel,
            // A channel that the rules do not know reached the customer all the same.
            None => direction != Some(Direction::Inbound),
        };
        let happened = match row.outcome {
            Outcome::Pending | Outcome::Sent => true,
            Outcome::Impression => direction == Some(Direction::Inbound),
            _ => false,
        };
        let kind = match self.kind {
            Contacted::Marketing => row.kind != ContactKind::Service,
            Contacted::Offer => row.kind == ContactKind::Offer,
            Contacted::Message => row.kind == ContactKind::Message,
        };
        concerned && happened && kind && self.is_of(&row.action)
    }
}

impl Sign {
    /// Whether a row says so.
    pub fn is(self, outcome: Outcome) -> bool {
        match self {
            Sign::Exposed => matches!(outcome, Outcome::Sent | Outcome::Impression),
            Sign::Outcome(other) => other == outcome,
        }
    }
}

impl Entry {
    /// Whether entries stay open for a while.
    pub fn lasts(&self) -> bool {
        self.goal.is_some() || !self.exits.is_empty()
    }

    /// Its events, each `any(…)`.
    pub fn events(&self) -> impl Iterator<Item = &Expr> {
        self.goal.iter().map(|goal| &goal.event).chain(&self.exits)
    }
}
