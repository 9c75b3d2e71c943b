//! The definitions that rules share, built once and looked up by number when run.
//!
//! Looked up, not owned by what refers to them: chains of ten thousand segments then neither nest in memory nor on the
//! stack when they are dropped.

use std::sync::Arc;

use super::plan::TimeSpec;
use super::scratch::{Found, Room};
use super::{Cx, Get, Scratch, Test};
use crate::time::Instant;

/// A named condition: a segment or a `let` that is true or false.
pub struct Condition<P> {
    /// Definitely true; only where some rule, or the program, asks.
    pub yes: Option<Test<P>>,
    /// Definitely false; likewise.
    pub no: Option<Test<P>>,
    /// Whether either keeps anything in working memory, which must then be cleared before another customer.
    pub keeps: bool,
    /// Named definitions to evaluate first, in this order, so that no chain of references runs deep on the stack.
    pub first: Box<[Named]>,
}

/// A reference to a named definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Named {
    /// A condition, by its definite truth or definite falsehood.
    Condition(usize, bool),
    /// A value.
    Value(usize),
}

/// A named value: a `let`, `score`, `group` or `stages`.
pub struct NamedValue<P> {
    /// How to compute it.
    pub get: Option<ValueGetter<P>>,
    /// As for conditions.
    pub first: Box<[Named]>,
}

/// The getter of a named value, by its class.
pub enum ValueGetter<P> {
    /// A word.
    Word(Get<P, i64>),
    /// A float, kept as its bits.
    Float(Get<P, f64>),
    /// A text: never kept.
    Text(super::GetText<P>),
}

/// An aggregate ready to run.
pub(crate) type Fold<P> = Box<dyn Fn(&P, &Cx<'_>) -> Found + Send + Sync>;

/// An aggregate that rules share.
pub(crate) struct Shared<P> {
    pub fold: Fold<P>,
    /// Computed anew for each row of a clause further out, else once per customer.
    pub per_row: bool,
}

/// The id of a customer, for buckets.
pub enum Id<P> {
    /// An int, hashed as its decimal text.
    Int(Get<P, i64>),
    /// A text.
    Text(super::GetText<P>),
}

/// A consent: what a person allowed, or refused, on a channel for a purpose.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Consent {
    /// The channel: `email`.
    pub channel: String,
    /// The purpose: `marketing`.
    pub purpose: String,
    /// Allowed, or refused.
    pub granted: bool,
    /// Since when; later than `now` it is not seen yet.
    pub at: Instant,
    /// Until just before when; `None`: until something newer is said.
    pub expires: Option<Instant>,
}

impl Consent {
    /// A consent given at `at`, without end.
    pub fn granted(channel: impl Into<String>, purpose: impl Into<String>, at: Instant) -> Self {
        Consent { channel: channel.into(), purpose: purpose.into(), granted: true, at, expires: None }
    }

    /// A refusal at `at`.
    pub fn denied(channel: impl Into<String>, purpose: impl Into<String>, at: Instant) -> Self {
        Consent { granted: false, ..Consent::granted(channel, purpose, at) }
    }

    /// The same, valid until just before `expires`.
    #[must_use]
    pub fn until(self, expires: Instant) -> Self {
        Consent { expires: Some(expires), ..self }
    }
}

/// What the records say about one channel and purpose at one moment: the latest one valid then decides; of two at the
/// same instant the refusal.
pub(crate) fn consent_at(consents: &[Consent], channel: &str, purpose: &str, now: Instant) -> Option<bool> {
    consents
        .iter()
        .filter(|c| c.channel == channel && c.purpose == purpose && c.at <= now)
        .max_by_key(|c| (c.at, !c.granted))
        .filter(|c| c.expires.is_none_or(|expires| now < expires))
        .map(|c| c.granted)
}

/// Whether on any channel a purpose is consented to.
pub(crate) fn permits(consents: &[Consent], purpose: &str, now: Instant) -> bool {
    let about = consents.iter().filter(|said| said.purpose == purpose);
    about.clone().any(|said| consent_at(consents, &said.channel, purpose, now) == Some(true))
}

/// Reads the consents of a customer.
pub(crate) type Consents<P> = Arc<dyn for<'r> Fn(&'r P) -> &'r [Consent] + Send + Sync>;

/// All shared definitions of a ruleset for customers of type `P`.
pub struct Program<P> {
    pub(crate) conditions: Vec<Condition<P>>,
    pub(crate) values: Vec<NamedValue<P>>,
    pub(crate) aggregates: Vec<Shared<P>>,
    pub(crate) times: Vec<TimeSpec>,
    /// How many indexes of rows there are.
    pub(crate) indexes: usize,
    /// How many groups of events there are.
    pub(crate) groups: usize,
}

impl<P> Program<P> {
    /// Fresh working memory of the right size.
    pub(crate) fn scratch(&self) -> Scratch {
        Scratch::sized(Room {
            times: self.times.len(),
            aggregates: self.aggregates.len(),
            values: self.values.len(),
            conditions: self.conditions.len(),
            indexes: self.indexes,
            groups: self.groups,
        })
    }
}

impl<P: 'static> Program<P> {
    /// Whether the condition definitely holds, or definitely does not, as asked; computed once per customer.
    pub fn condition(&self, p: &P, cx: &Cx<'_>, id: usize, want: bool) -> bool {
        let Some(condition) = self.conditions.get(id) else { return false };
        cx.scratch.condition(id, want, || self.test(p, cx, condition, want))
    }

    /// The same computed anew: for one that nothing asks for again.
    #[inline]
    pub(crate) fn test(&self, p: &P, cx: &Cx<'_>, condition: &Condition<P>, want: bool) -> bool {
        if !condition.first.is_empty() {
            self.prepare(p, cx, &condition.first);
        }
        let side = if want { &condition.yes } else { &condition.no };
        side.as_ref().is_some_and(|test| test(p, cx))
    }

    /// A named value, as a word or the bits of a float; computed once per customer.
    pub(crate) fn value(&self, p: &P, cx: &Cx<'_>, id: usize) -> Option<i64> {
        let value = self.values.get(id)?;
        let found = cx.scratch.value(id, || {
            self.prepare(p, cx, &value.first);
            let word = match &value.get {
                Some(ValueGetter::Word(get)) => get(p, cx),
                Some(ValueGetter::Float(get)) => get(p, cx).map(|float| float.to_bits() as i64),
                Some(ValueGetter::Text(_)) | None => None,
            };
            word.map_or(Found::Missing, Found::Known)
        });
        match found {
            Found::Known(word) => Some(word),
            _ => None,
        }
    }

    /// A named text: read anew each time, since slots hold words only.
    pub(crate) fn text<'r>(&'r self, p: &'r P, cx: &'r Cx<'_>, id: usize) -> Option<&'r str> {
        match &self.values.get(id)?.get {
            Some(ValueGetter::Text(get)) => get.read(p, cx),
            _ => None,
        }
    }

    /// An aggregate; computed once per customer, or per row of a clause further out that it reads.
    pub(crate) fn aggregate(&self, p: &P, cx: &Cx<'_>, id: usize) -> Found {
        match self.aggregates.get(id) {
            Some(shared) if shared.per_row => (shared.fold)(p, cx),
            Some(shared) => cx.scratch.aggregate(id, || (shared.fold)(p, cx)),
            None => Found::Missing,
        }
    }

    fn prepare(&self, p: &P, cx: &Cx<'_>, first: &[Named]) {
        for named in first {
            match *named {
                Named::Condition(id, want) => _ = self.condition(p, cx, id, want),
                Named::Value(id) => _ = self.value(p, cx, id),
            }
        }
    }
}

/// The program behind an evaluation, in a place where its type is known again.
pub(crate) fn program<'a, P: 'static>(cx: &Cx<'a>) -> Option<&'a Program<P>> {
    cx.program.downcast_ref()
}
