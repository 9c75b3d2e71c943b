//! What an action is worth by the objective, aim by aim.

use std::fmt;

use serde::Serialize;

use crate::compile::Candidate;
use crate::decide::Pipeline;
use crate::schema::Money;

/// What an action is worth to a customer by the objective: the sum of its parts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WorthTrace {
    /// The objective.
    pub objective: String,
    /// The segment whose weights count; `None` where those for all others do.
    pub segment: Option<String>,
    /// What it earns towards each aim that it names, in the order of the objective.
    pub parts: Vec<PartTrace>,
}

/// What an action earns towards an aim.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PartTrace {
    /// The aim.
    pub aim: String,
    /// How much it counts: 0.7 for `70%`.
    pub weight: f64,
    /// What it is worth by itself; `None` where that is missing.
    pub worth: Option<Money>,
    /// What of that counts.
    pub weighed: Option<Money>,
}

/// What a candidate is worth; `None` where no objective says so.
pub(super) fn worth_of<P: Send + Sync + 'static>(
    pipeline: &Pipeline<'_, P>,
    candidate: &Candidate<P>,
) -> Option<WorthTrace> {
    let (objective, weights) = pipeline.weights()?;
    let rules = pipeline.rules();
    let currency = rules.currency?;
    let money = |minor: i64| Money::new(minor, currency);
    let parts: Vec<PartTrace> = pipeline
        .parts(candidate, weights)
        .map(|part| PartTrace {
            aim: objective.aims.get(part.aim).map_or(String::new(), |aim| aim.name.clone()),
            weight: part.share.0 as f64 / part.share.1 as f64,
            worth: part.worth.map(money),
            weighed: part.weighed.map(money),
        })
        .collect();
    let segment = weights.segment.and_then(|segment| rules.definitions.get(segment));
    let segment = segment.map(|segment| segment.name.clone());
    (!parts.is_empty()).then(|| WorthTrace { objective: objective.name.clone(), segment, parts })
}

impl fmt::Display for WorthTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.objective)?;
        if let Some(segment) = &self.segment {
            write!(f, " for {segment}")?;
        }
        for (number, part) in self.parts.iter().enumerate() {
            write!(f, "{}{part}", if number == 0 { ": " } else { " + " })?;
        }
        Ok(())
    }
}

impl fmt::Display for PartTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PartTrace { aim, weight, worth, weighed } = self;
        let percent = (weight * 1e8).round_ties_even() / 1e6;
        match worth.zip(*weighed) {
            Some((worth, weighed)) => write!(f, "{aim} {weighed} ({percent}% of {worth})"),
            None => write!(f, "{aim} missing"),
        }
    }
}
