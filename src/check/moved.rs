//! What a change of the rules does to who is in which arm, in a control group or in the holdout.
//!
//! Customers stay where they are as long as their buckets do. Growing the part that an experiment is for, a new experiment, a
//! `stop` and an arm's content move nobody who is in another arm; all else is to have another name, under which everybody is
//! drawn anew and what is counted begins anew. A control group or a holdout that grows or shrinks moves those between its old share and
//! its new one, and nobody else.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::tree::{Campaign, Content, Experiment, Exposure, Factorial, Levels, Rules, Share};
use crate::diagnostic::Span;

/// Customers whom a change of the rules moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Moved {
    /// The experiment, `program.campaign.action.name`; of a control group the campaign, `program.campaign`; of the holdout its name.
    pub of: String,
    /// Who.
    pub who: Movers,
    /// Where it stands now; in no file where it does not any more.
    pub span: Span,
}

/// What leaves customers alone, to compare with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withholder {
    /// The control group of a campaign: so many of those who are not held out.
    Control,
    /// The holdout.
    Holdout,
}

/// Whom a change of the rules moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Movers {
    /// Everybody: arms are drawn by another scheme or salt, or by factors; or levels by shares, and before by none, or the other way.
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
    /// So many, from 0 to 1, are left alone from now on: of all customers, or, by a control group, of those who are not held out.
    Withheld {
        /// By what.
        by: Withholder,
        /// How many.
        share: f64,
    },
    /// So many are no longer left alone.
    Released {
        /// By what.
        by: Withholder,
        /// How many.
        share: f64,
    },
}

impl Rules {
    /// What of these rules moves customers who are in an experiment of the rules before, to another arm or out of it, or into or out
    /// of a control group or the holdout. An experiment is the same as long as its path and its name are, a control group as long
    /// as its campaign's path is.
    pub fn moved_since(&self, before: &Rules) -> Vec<Moved> {
        let known = experiments(before);
        let mut moved = Vec::new();
        for (experiment, content) in experiments(self) {
            let Some(old) = known.get(&experiment) else { continue };
            let Some((new, was)) = content.trial().zip(old.trial()) else { continue };
            let who = movers(content, old).into_iter().chain(out(new.exposure, was.exposure));
            moved.extend(who.map(|who| Moved { of: experiment.clone(), who, span: new.span }));
        }
        moved.extend(controls(self, before));
        moved.extend(holdout(self, before));
        moved
    }
}

/// Who enters or leaves the control groups of campaigns that both have.
fn controls(new: &Rules, old: &Rules) -> Vec<Moved> {
    let known: BTreeMap<String, Option<Share>> =
        campaigns(old).map(|(path, campaign)| (path, campaign.control)).collect();
    let mut moved = Vec::new();
    for (path, campaign) in campaigns(new) {
        let Some(was) = known.get(&path) else { continue };
        let span = campaign.control.map_or(campaign.segment_span, |share| share.span);
        let (from, to) = (below(*was), below(campaign.control));
        moved.extend(grown(Withholder::Control, from, to).map(|who| Moved { of: path.clone(), who, span }));
    }
    moved
}

fn campaigns(rules: &Rules) -> impl Iterator<Item = (String, &Campaign)> {
    let programs = rules.programs.iter();
    programs.flat_map(|program| {
        program.campaigns.iter().map(|campaign| (format!("{}.{}", program.name, campaign.name), campaign))
    })
}

/// Who enters or leaves the holdout; under another name or salt others are drawn, whatever the shares.
fn holdout(new: &Rules, old: &Rules) -> Vec<Moved> {
    let (is, was) = (new.holdout.as_ref(), old.holdout.as_ref());
    let Some(named) = is.or(was) else { return Vec::new() };
    let (from, to) = (below(was.map(|was| was.share)), below(is.map(|is| is.share)));
    let anew = is.zip(was).is_some_and(|(is, was)| (&is.name, &is.salt) != (&was.name, &was.salt));
    let who = if anew {
        let (from, to) = (part(from, EVERYBODY), part(to, EVERYBODY));
        let by = Withholder::Holdout;
        vec![Movers::Withheld { by, share: to * (1.0 - from) }, Movers::Released { by, share: from * (1.0 - to) }]
    } else {
        grown(Withholder::Holdout, from, to).into_iter().collect()
    };
    let (of, span) = (named.name.clone(), is.map_or(Span::NOWHERE, |is| is.share.span));
    who.into_iter().map(|who| Moved { of: of.clone(), who, span }).collect()
}

/// Up to which bucket a share goes, where there is one.
fn below(share: Option<Share>) -> u128 {
    share.map_or(0, limit)
}

fn grown(by: Withholder, from: u128, to: u128) -> Option<Movers> {
    match from.cmp(&to) {
        Ordering::Less => Some(Movers::Withheld { by, share: part(to - from, EVERYBODY) }),
        Ordering::Greater => Some(Movers::Released { by, share: part(from - to, EVERYBODY) }),
        Ordering::Equal => None,
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
    let restarted = old.arms.iter().filter(|arm| arm.stopped).filter_map(|arm| {
        let now = new.arms.iter().find(|now| now.name == arm.name && !now.stopped)?;
        Some(Movers::Restarted { arm: now.name.clone() })
    });
    across(&limits(old), &limits(new)).into_iter().chain(restarted).collect()
}

/// Who is in another one of some that share the buckets between them, as they were cut and as they are.
fn across(old: &[(u128, &str)], new: &[(u128, &str)]) -> Option<Movers> {
    let mut moved: Option<(u128, &str, &str)> = None;
    // Between two cuts of either everybody is in one before and in one now.
    let mut from = 0;
    let mut cuts: Vec<u128> = old.iter().chain(new).map(|(limit, _)| *limit).collect();
    cuts.sort_unstable();
    for to in cuts {
        if to <= from {
            continue;
        }
        if let (Some(was), Some(is)) = (name_at(old, from), name_at(new, from))
            && was != is
        {
            let (sum, first, second) = moved.unwrap_or((0, was, is));
            moved = Some((sum.saturating_add(to - from), first, second));
        }
        from = to;
    }
    moved.map(|(sum, from, to)| Movers::Between {
        share: part(sum, EVERYBODY),
        from: from.to_owned(),
        to: to.to_owned(),
    })
}

/// The one that a bucket is in.
fn name_at<'n>(of: &[(u128, &'n str)], bucket: u128) -> Option<&'n str> {
    of.iter().find(|(limit, _)| bucket < *limit).map(|(_, name)| *name)
}

/// The number of all buckets.
const EVERYBODY: u128 = 1 << 64;

/// Up to which bucket each arm goes, with its name.
fn limits(experiment: &Experiment) -> Vec<(u128, &str)> {
    experiment.arms.iter().map(|arm| (limit(arm.share), arm.name.as_str())).collect()
}

/// Up to which bucket a share goes.
fn limit(share: Share) -> u128 {
    share.below.map_or(EVERYBODY, u128::from)
}

fn cuts(of: &Levels) -> Vec<(u128, &str)> {
    of.shares.iter().zip(&of.levels).map(|(share, level)| (limit(*share), level.as_str())).collect()
}

/// Alike levels are drawn one by one, so that one that is gone moves its own customers only.
fn new_levels(new: &Factorial, old: &Factorial) -> Vec<Movers> {
    let mut found = Vec::new();
    for of in &new.factors {
        let Some(before) = old.factors.iter().find(|before| before.factor == of.factor) else { continue };
        match (of.shares.is_empty(), before.shares.is_empty()) {
            (true, true) => {
                for level in of.levels.iter().filter(|level| !before.levels.contains(level)) {
                    found.push(Movers::NewLevel { factor: of.factor.clone(), level: level.clone() });
                }
            }
            (false, false) => found.extend(across(&cuts(before), &cuts(of))),
            _ => found.push(Movers::All),
        }
    }
    found
}

/// Who is no longer in the part that it is for.
fn out(new: Option<&Exposure>, old: Option<&Exposure>) -> Option<Movers> {
    let new = new?;
    let span = |exposure: &Exposure| (u128::from(exposure.from), limit(exposure.share));
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

impl Withholder {
    fn among(self) -> &'static str {
        match self {
            Withholder::Control => "the customers who are not held out",
            Withholder::Holdout => "all customers",
        }
    }

    fn named(self, of: &str) -> String {
        match self {
            Withholder::Control => format!("the control group of `{of}`"),
            Withholder::Holdout => format!("the holdout `{of}`"),
        }
    }
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| (share * 1e4).round() / 1e2;
        match &self.who {
            Movers::All => write!(f, "all customers of `{}` are drawn anew", self.of)?,
            Movers::Between { share, from, to } => {
                let share = percent(*share);
                write!(f, "{share}% of the customers of `{}` change arms, such as from `{from}` to `{to}`", self.of)?;
            }
            Movers::Restarted { arm } => {
                write!(f, "customers of `{}` go back to `{arm}`, which was stopped", self.of)?;
            }
            Movers::NewLevel { factor, level } => {
                write!(f, "customers of `{}` go to \"{level}\", which is new in `{factor}`", self.of)?;
            }
            Movers::Withheld { by, share } => {
                write!(f, "{}% of {} enter {}", percent(*share), by.among(), by.named(&self.of))?;
            }
            Movers::Released { by, share } => {
                write!(f, "{}% of {} leave {}", percent(*share), by.among(), by.named(&self.of))?;
            }
            Movers::Out { share } => {
                write!(f, "{}% of the customers of `{}` are no longer in it", percent(*share), self.of)?;
            }
        }
        if let Movers::Withheld { .. } | Movers::Released { .. } = self.who {
            return f.write_str(": compare by those who stay where they were, or from now on alone");
        }
        f.write_str(": give it another name, so that what is counted begins anew, or leave it as it was")
    }
}
