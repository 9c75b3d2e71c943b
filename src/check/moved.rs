//! What a change of the rules does to who is in which arm.
//!
//! Customers stay where they are as long as their buckets do. Growing the part that an experiment is for, a new experiment, a
//! `stop` and an arm's content move nobody who is in another arm; all else is to have another name, under which everybody is
//! drawn anew and what is counted begins anew.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::tree::{Content, Experiment, Exposure, Factorial, Rules};
use crate::diagnostic::Span;

/// Customers of an experiment that a change of the rules moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Moved {
    /// The experiment: `program.campaign.action.name`.
    pub experiment: String,
    /// Who.
    pub who: Movers,
    /// Where it stands now.
    pub span: Span,
}

/// Whom a change of the rules moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Movers {
    /// Everybody: arms are drawn by another scheme or salt, or by factors.
    All,
    /// So many of all its customers, from 0 to 1, from one arm to another.
    Between {
        /// How many.
        share: f64,
        /// The first that somebody leaves, in the order of the buckets.
        from: String,
        /// Where they go.
        to: String,
    },
    /// Those of a stopped arm that went to others, and come back.
    Restarted {
        /// The arm.
        arm: String,
    },
    /// Those whom a new level takes from the others of its factor.
    NewLevel {
        /// The factor.
        factor: String,
        /// The level.
        level: String,
    },
    /// So many of those who were in it, from 0 to 1, are no longer.
    Out {
        /// How many.
        share: f64,
    },
}

impl Rules {
    /// What of these rules moves customers who are in an experiment of the rules before: to another arm, or out of it. An
    /// experiment is the same as long as its path and its name are.
    pub fn moved_since(&self, before: &Rules) -> Vec<Moved> {
        let known = experiments(before);
        let mut moved = Vec::new();
        for (experiment, content) in experiments(self) {
            let Some(old) = known.get(&experiment) else { continue };
            let Some((new, was)) = content.trial().zip(old.trial()) else { continue };
            let who = movers(content, old).into_iter().chain(out(new.exposure, was.exposure));
            moved.extend(who.map(|who| Moved { experiment: experiment.clone(), who, span: new.span }));
        }
        moved
    }
}

/// Every experiment by its path; one on several places stands for all of them.
fn experiments(rules: &Rules) -> BTreeMap<String, &Content> {
    let mut found = BTreeMap::new();
    for (experiment, content) in rules.experiments() {
        found.entry(experiment).or_insert(content);
    }
    found
}

/// Who changes arms.
fn movers(new: &Content, old: &Content) -> Vec<Movers> {
    match (new, old) {
        (Content::Experiment(new), Content::Experiment(old)) if new.scheme == old.scheme => between(new, old),
        (Content::Factorial(new), Content::Factorial(old)) => new_levels(new, old),
        _ => vec![Movers::All],
    }
}

fn between(new: &Experiment, old: &Experiment) -> Vec<Movers> {
    let mut moved: Option<(u128, &str, &str)> = None;
    // The arms cut the buckets at the limits of both; between two cuts everybody is in one arm before and in one now.
    let mut from = 0;
    let mut limits: Vec<u128> = limits(old).chain(limits(new)).map(|(limit, _)| limit).collect();
    limits.sort_unstable();
    for to in limits {
        if to <= from {
            continue;
        }
        let arm = |of| arm_at(of, from);
        if let (Some(was), Some(is)) = (arm(old), arm(new))
            && was != is
        {
            let (sum, first, second) = moved.unwrap_or((0, was, is));
            moved = Some((sum.saturating_add(to - from), first, second));
        }
        from = to;
    }
    let restarted = old.arms.iter().filter(|arm| arm.stopped).filter_map(|arm| {
        let now = new.arms.iter().find(|now| now.name == arm.name && !now.stopped)?;
        Some(Movers::Restarted { arm: now.name.clone() })
    });
    let between = moved.map(|(sum, from, to)| Movers::Between {
        share: part(sum, EVERYBODY),
        from: from.to_owned(),
        to: to.to_owned(),
    });
    between.into_iter().chain(restarted).collect()
}

/// The number of all buckets.
const EVERYBODY: u128 = 1 << 64;

/// Up to which bucket each arm goes, with its name.
fn limits(experiment: &Experiment) -> impl Iterator<Item = (u128, &str)> {
    experiment.arms.iter().map(|arm| (arm.share.below.map_or(EVERYBODY, u128::from), arm.name.as_str()))
}

/// The arm that a bucket is in.
fn arm_at(experiment: &Experiment, bucket: u128) -> Option<&str> {
    limits(experiment).find(|(limit, _)| bucket < *limit).map(|(_, name)| name)
}

/// Levels are drawn one by one, so that one that is gone moves its own customers only.
fn new_levels(new: &Factorial, old: &Factorial) -> Vec<Movers> {
    let mut found = Vec::new();
    for of in &new.factors {
        let Some(before) = old.factors.iter().find(|before| before.factor == of.factor) else { continue };
        for level in of.levels.iter().filter(|level| !before.levels.contains(level)) {
            found.push(Movers::NewLevel { factor: of.factor.clone(), level: level.clone() });
        }
    }
    found
}

/// Who is no longer in the part that it is for.
fn out(new: Option<&Exposure>, old: Option<&Exposure>) -> Option<Movers> {
    let new = new?;
    let span = |exposure: &Exposure| (u128::from(exposure.from), exposure.share.below.map_or(EVERYBODY, u128::from));
    let (from, to) = span(new);
    let stay = match old {
        // Drawn by the same: what both have in common stays.
        Some(old) if old.layer == new.layer && old.gate == new.gate => {
            let (first, last) = span(old);
            let common = to.min(last).saturating_sub(from.max(first));
            let all = last.saturating_sub(first);
            if all == 0 { 1.0 } else { part(common, all) }
        }
        // Drawn anew, or from all.
        _ => part(to.saturating_sub(from), EVERYBODY),
    };
    (stay < 1.0).then_some(Movers::Out { share: 1.0 - stay })
}

fn part(some: u128, of: u128) -> f64 {
    some as f64 / of as f64
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| (share * 1e4).round() / 1e2;
        match &self.who {
            Movers::All => write!(f, "all customers of `{}` are drawn anew", self.experiment)?,
            Movers::Between { share, from, to } => {
                let share = percent(*share);
                write!(
                    f,
                    "{share}% of the customers of `{}` change arms, such as from `{from}` to `{to}`",
                    self.experiment
                )?;
            }
            Movers::Restarted { arm } => {
                write!(f, "customers of `{}` go back to `{arm}`, which was stopped", self.experiment)?;
            }
            Movers::NewLevel { factor, level } => {
                write!(f, "customers of `{}` go to \"{level}\", which is new in `{factor}`", self.experiment)?;
            }
            Movers::Out { share } => {
                write!(f, "{}% of the customers of `{}` are no longer in it", percent(*share), self.experiment)?;
            }
        }
        f.write_str(": give it another name, so that what is counted begins anew, or leave it as it was")
    }
}
