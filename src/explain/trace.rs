//! What an explanation of a condition says.

use std::fmt;

use serde::Serialize;

use super::Truth;
use super::contact::FoundContact;
use crate::diagnostic::Span;
use crate::schema::{Provenance, Value};
use crate::time::{Instant, Zone};

/// Whether explanations show personal data.
///
/// An attribute that is declared `pii` is shown as `‹redacted›` unless a token of this type is handed in: who writes it
/// says, in code that can be searched for, that the reader may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reveal;

/// Why a customer is in a segment, or is not, or why that cannot be said.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SegmentTrace {
    /// The segment.
    pub segment: String,
    /// Its doc string.
    pub doc: Option<String>,
    /// Whether the customer is in it; unknown counts as not.
    pub truth: Truth,
    /// The moment.
    pub now: Instant,
    /// The zone that its days were counted in.
    pub zone: Zone,
    /// Its condition.
    pub condition: Trace,
}

/// A condition and what it came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trace {
    /// As it is written.
    pub text: String,
    /// Where.
    pub span: Span,
    /// What it came to.
    pub truth: Truth,
    /// The values it was held against.
    pub values: Vec<Shown>,
    /// For each clause about contacts the latest one that it found.
    pub contacts: Vec<FoundContact>,
    /// The windows it looked into.
    pub windows: Vec<Window>,
    /// The rankings that it looked up.
    pub rankings: Vec<RankedBy>,
    /// The conditions it is made of.
    pub parts: Vec<Trace>,
}

/// A value in an explanation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Shown {
    /// What was read, as it is written.
    pub text: String,
    /// What was there.
    pub found: FoundValue,
    /// Whence it is, where the rules say so.
    pub source: Option<Source>,
}

/// Whence a value is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// As it is declared.
    pub provenance: Provenance,
    /// As of when the value is known.
    pub as_of: Option<Instant>,
    /// Whether that is too long ago, or not known, so that the value counts as missing.
    pub stale: bool,
    /// Whether the customer has not consented to what it is for, so that it counts as missing.
    pub forbidden: bool,
}

/// What was there.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundValue {
    /// This.
    Value(Value),
    /// So many or more: the history starts after the window does.
    AtLeast(i64),
    /// Nothing.
    Missing,
    /// Personal data.
    Redacted,
}

/// A ranking of a population that a condition looked up.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RankedBy {
    /// What customers are ranked by, as it is written.
    pub text: String,
    /// The population; `None` where the request has none that was ranked by this.
    pub population: Option<RankedIn>,
}

/// The population of a ranking.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RankedIn {
    /// Its name; empty unless the host gave one.
    pub name: String,
    /// The moment at which it was computed.
    pub now: Instant,
    /// How many customers were ranked.
    pub ranked: u64,
    /// Where the top or the bottom begins.
    pub cut: Option<Value>,
}

/// A window of time, resolved.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Window {
    /// As it is written.
    pub text: String,
    /// Later than this …
    pub after: Instant,
    /// … and no later than this.
    pub until: Instant,
}

impl fmt::Display for SegmentTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = match self.truth {
            Truth::True => "in",
            Truth::False => "not in",
            Truth::Unknown => "not known to be in",
        };
        write!(f, "{answer} segment {}", self.segment)?;
        if let Some(doc) = &self.doc {
            write!(f, ": {doc}")?;
        }
        writeln!(f, "\nat {} in {}", self.now, self.zone)?;
        self.condition.write(f, 1)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

impl Trace {
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let mark = match self.truth {
            Truth::True => "yes    ",
            Truth::False => "no     ",
            Truth::Unknown => "unknown",
        };
        write!(f, "{:indent$}{mark} {}", "", self.text, indent = depth * 2)?;
        for shown in &self.values {
            write!(f, "; {shown}")?;
        }
        for contact in &self.contacts {
            write!(f, "; {contact}")?;
        }
        for window in &self.windows {
            write!(f, "; {window}")?;
        }
        for ranking in &self.rankings {
            write!(f, "; {ranking}")?;
        }
        writeln!(f)?;
        self.parts.iter().try_for_each(|part| part.write(f, depth + 1))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.text, self.found)?;
        self.source.as_ref().map_or(Ok(()), |source| write!(f, " from {source}"))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provenance.fmt(f)?;
        if let Some(at) = self.as_of {
            write!(f, " as of {at}")?;
        }
        match self.provenance.fresh {
            Some(period) if self.stale => write!(f, ", not fresh for {period}")?,
            _ => {}
        }
        match &self.provenance.purpose {
            Some(purpose) if self.forbidden => write!(f, ", without a consent to {purpose}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for FoundValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FoundValue::Value(Value::Text(text)) => write!(f, "{text:?}"),
            FoundValue::Value(value) => value.fmt(f),
            FoundValue::AtLeast(n) => write!(f, "at least {n}"),
            FoundValue::Missing => f.write_str("missing"),
            FoundValue::Redacted => f.write_str("‹redacted›"),
        }
    }
}

impl fmt::Display for RankedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(population) = &self.population else {
            return write!(f, "no population is ranked by {}", self.text);
        };
        write!(f, "among {} ranked by {}", population.ranked, self.text)?;
        if let Some(cut) = &population.cut {
            write!(f, ", from {cut}")?;
        }
        if !population.name.is_empty() {
            write!(f, ", in population {:?}", population.name)?;
        }
        write!(f, " as of {}", population.now)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.after == Instant::MIN {
            true => write!(f, "{}: up to {}", self.text, self.until),
            false => write!(f, "{}: after {}, up to {}", self.text, self.after, self.until),
        }
    }
}
