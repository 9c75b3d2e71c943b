//! The stages of a decision, and the reasons for doing nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The stages of a decision, in their order. Every candidate that does not win leaves at one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stage {
    /// Outside its dates, or out of stock.
    Availability,
    /// Stopped by the caller.
    Halt,
    /// The channel's consent is lacking.
    Consent,
    /// Not in the campaign's segment, or an `eligible when` does not hold.
    Eligible,
    /// An `applicable when` does not hold.
    Applicable,
    /// A `suitable when` does not hold.
    Suitable,
    /// Addressed before, and not again yet.
    Journey,
    /// A `suppress when` holds, or may hold.
    Suppression,
    /// Marketing is blocked.
    Block,
    /// Nothing to show on the channel.
    Treatment,
    /// Not in an arm of the experiment.
    ExperimentArm,
    /// A factor of the priority is missing.
    Score,
    /// Not worth it.
    Threshold,
    /// Others rank before it.
    Rank,
    /// A frequency cap is reached.
    Cap,
    /// Quiet hours.
    Quiet,
    /// In the campaign's control group.
    Control,
    /// In the universal holdout.
    Holdout,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: &'static [Stage] = &[
        Stage::Availability,
        Stage::Halt,
        Stage::Consent,
        Stage::Eligible,
        Stage::Applicable,
        Stage::Suitable,
        Stage::Journey,
        Stage::Suppression,
        Stage::Block,
        Stage::Treatment,
        Stage::ExperimentArm,
        Stage::Score,
        Stage::Threshold,
        Stage::Rank,
        Stage::Cap,
        Stage::Quiet,
        Stage::Control,
        Stage::Holdout,
    ];

    /// Its name as rules, traces and documents write it.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Availability => "availability",
            Stage::Halt => "halt",
            Stage::Consent => "consent",
            Stage::Eligible => "eligible",
            Stage::Applicable => "applicable",
            Stage::Suitable => "suitable",
            Stage::Journey => "journey",
            Stage::Suppression => "suppression",
            Stage::Block => "block",
            Stage::Treatment => "treatment",
            Stage::ExperimentArm => "experiment arm",
            Stage::Score => "score",
            Stage::Threshold => "threshold",
            Stage::Rank => "rank",
            Stage::Cap => "cap",
            Stage::Quiet => "quiet",
            Stage::Control => "control",
            Stage::Holdout => "holdout",
        }
    }

    /// The reason for doing nothing where no candidate gets further than this.
    pub fn reason(self) -> Reason {
        match self {
            Stage::Availability
            | Stage::Eligible
            | Stage::Applicable
            | Stage::Suitable
            | Stage::Treatment
            | Stage::ExperimentArm
            | Stage::Score
            | Stage::Rank => Reason::NoCandidate,
            Stage::Halt => Reason::Halted,
            Stage::Consent => Reason::NotPermitted,
            Stage::Journey => Reason::Resting,
            Stage::Suppression => Reason::Suppressed,
            Stage::Block => Reason::ServiceFirst,
            Stage::Threshold => Reason::BelowThreshold,
            Stage::Cap => Reason::Capped,
            Stage::Quiet => Reason::Quiet,
            Stage::Control => Reason::Control,
            Stage::Holdout => Reason::Holdout,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why nothing is the next best action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// No action concerns this customer here and now.
    NoCandidate,
    /// Consent is lacking.
    NotPermitted,
    /// Suppressed.
    Suppressed,
    /// Addressed before; not again yet.
    Resting,
    /// Service comes first.
    ServiceFirst,
    /// A frequency cap is reached.
    Capped,
    /// Quiet hours.
    Quiet,
    /// Nothing is worth it.
    BelowThreshold,
    /// In a control group.
    Control,
    /// In the universal holdout.
    Holdout,
    /// Out of stock.
    Capacity,
    /// Stopped by the caller.
    Halted,
}

impl Reason {
    /// All of them.
    pub const ALL: &'static [Reason] = &[
        Reason::NoCandidate,
        Reason::NotPermitted,
        Reason::Suppressed,
        Reason::Resting,
        Reason::ServiceFirst,
        Reason::Capped,
        Reason::Quiet,
        Reason::BelowThreshold,
        Reason::Control,
        Reason::Holdout,
        Reason::Capacity,
        Reason::Halted,
    ];

    /// Its name in traces and documents.
    pub fn name(self) -> &'static str {
        match self {
            Reason::NoCandidate => "no candidate",
            Reason::NotPermitted => "not permitted",
            Reason::Suppressed => "suppressed",
            Reason::Resting => "resting",
            Reason::ServiceFirst => "service first",
            Reason::Capped => "capped",
            Reason::Quiet => "quiet",
            Reason::BelowThreshold => "below threshold",
            Reason::Control => "control",
            Reason::Holdout => "holdout",
            Reason::Capacity => "capacity",
            Reason::Halted => "halted",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
