//! Explaining a decision: every candidate, the stage it left at, the clause, and what that came to.

use std::fmt;

use serde::Serialize;

use super::{FoundValue, Trace, WorthTrace};
use crate::decide::{Answer, Decision, Factors, Stage};
use crate::diagnostic::Span;
use crate::time::{Instant, Zone};

/// A decision and how it came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The decision: what `decide` gives for the same arguments.
    pub decision: Decision,
    /// For each of its slots what became of every candidate, in the order of the text.
    pub slots: Vec<SlotTrace>,
    /// Which places were filled first, where the rules prefer a channel and several are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred: Option<Preferred>,
}

/// Which places were filled first, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Preferred {
    /// The channels asked for that came before all others, in their order: what the value names, unless it is personal data that
    /// is not shown, then what stands behind `else`.
    pub channels: Vec<String>,
    /// What names the channel.
    pub found: FoundValue,
    /// The line, as it is written.
    pub clause: String,
    /// Where that stands.
    pub span: Span,
}

/// What became of every candidate for one slot.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SlotTrace {
    /// The channel.
    pub channel: String,
    /// Its slot, where it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// Every candidate.
    pub candidates: Vec<CandidateTrace>,
}

/// What became of one candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CandidateTrace {
    /// Its path.
    pub action: String,
    /// Where it left; `None` for the winner.
    pub left: Option<Stage>,
    /// Whether it concerns the customer on the channel, and was held back all the same.
    pub held_back: bool,
    /// The clause that removed it, as it is written.
    pub clause: String,
    /// Where that stands.
    pub span: Span,
    /// The reason that the clause gives.
    pub because: Option<String>,
    /// The path of the member for which a bundle was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// What the clause's condition came to.
    pub condition: Option<Trace>,
    /// When the clause will no longer stop it, if time alone will change that.
    pub retry_at: Option<Instant>,
    /// What made its priority, where it got so far.
    pub factors: Option<Factors>,
    /// What its value is made of, where the rules have an objective and it got so far as to be scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth: Option<WorthTrace>,
    /// How likely it was to be chosen, where it could be and that is left to chance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The boosts and levers that count in it, as they are written.
    pub weights: Vec<String>,
    /// The exceptions, as they are written, without which something else would have held it back.
    pub exceptions: Vec<String>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Decision { now, zone, revision, .. } = &self.decision;
        writeln!(f, "at {} in {zone}, rules {revision}", zone.show(*now))?;
        if self.slots.is_empty() {
            writeln!(f, "{}", self.decision)?;
        }
        if let Some(Preferred { channels, found, clause, .. }) = &self.preferred {
            let first = if channels.is_empty() { "no channel".to_owned() } else { channels.join(", ") };
            writeln!(f, "first of all {first}: {clause}; it is {found}")?;
        }
        for (slot, trace) in self.decision.slots.iter().zip(&self.slots) {
            writeln!(f)?;
            slot.write(f, *zone)?;
            writeln!(f)?;
            let won =
                |candidate: &&CandidateTrace| candidate.left.is_none() && matches!(slot.answer, Answer::Action(_));
            for candidate in trace.candidates.iter().filter(won) {
                write!(f, "  wins                {}", candidate.action)?;
                candidate.exceptions.iter().try_for_each(|exception| write!(f, ", {exception}"))?;
                writeln!(f)?;
            }
            // Those who came furthest first.
            let mut left: Vec<&CandidateTrace> = trace.candidates.iter().filter(|c| c.left.is_some()).collect();
            left.sort_by_key(|candidate| std::cmp::Reverse((candidate.held_back, candidate.left)));
            left.iter().try_for_each(|candidate| candidate.write(f, *zone))?;
        }
        Ok(())
    }
}

impl fmt::Display for CandidateTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Zone::UTC)
    }
}

impl CandidateTrace {
    /// With moments as the clocks of a zone show them.
    fn write(&self, f: &mut fmt::Formatter<'_>, zone: Zone) -> fmt::Result {
        match self.left {
            Some(stage) => write!(f, "  left at {:<11} {}", stage.name(), self.action)?,
            None => write!(f, "  wins                {}", self.action)?,
        }
        if let Some(factors) = &self.factors {
            write!(f, ", {factors}")?;
        }
        if let Some(worth) = &self.worth {
            write!(f, ", {worth}")?;
        }
        for weight in &self.weights {
            write!(f, ", {weight}")?;
        }
        for exception in &self.exceptions {
            write!(f, ", {exception}")?;
        }
        if let Some(probability) = self.probability {
            write!(f, ", probability {probability:.4}")?;
        }
        if let Some(member) = &self.member {
            write!(f, ", for {member}")?;
        }
        if !self.clause.is_empty() {
            write!(f, ": {}", self.clause)?;
        }
        if let Some(at) = self.retry_at {
            write!(f, "; again from {}", zone.show(at))?;
        }
        writeln!(f)?;
        match &self.condition {
            Some(condition) => condition.write(f, 3),
            None => Ok(()),
        }
    }
}
