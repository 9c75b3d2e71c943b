//! What a request says about actions: stopped, out of stock or budget, how they have done, which arm a customer is in.

use std::sync::{Arc, OnceLock};

use super::RequestError;
use super::rows::Rows;
use crate::check::tree::{Rules, is_under};
use crate::diagnostic::nearest;
use crate::leaf::encode::Encoder;

/// Something that a request says, by name.
#[derive(Debug, Clone)]
pub(super) enum Input {
    Halt(String),
    Block(String),
    Stock(String, u64),
    /// In minor units.
    Budget(String, u64),
    Evidence {
        path: String,
        positives: u64,
        contacts: u64,
    },
    Assigned {
        experiment: String,
        arm: String,
    },
}

/// The same by numbers of one ruleset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inputs {
    /// The rows that candidates are made of.
    pub rows: Arc<Rows>,
    /// Candidates that are stopped.
    pub(super) halted: Vec<Target>,
    /// Channels that are.
    pub blocked: Vec<usize>,
    /// What there is only so much of, and to spend.
    pub stock: Vec<Stock>,
    pub(super) evidence: Vec<Evidence>,
    /// Experiments by `path.of.the.action.name`, each with its arm.
    pub assigned: Vec<(String, String)>,
    /// Nobody is drawn for anything: no holdout, no control group, the first arm of each experiment, no exploration.
    pub undrawn: bool,
    /// What exploration draws by, beside the customer and the action; else the moment.
    pub seed: Option<String>,
    /// Decisions are to carry a digest of what they were made of.
    pub digested: bool,
    /// The digest of what the population says, once it has been asked for: it is the same for all customers.
    pub ranked: OnceLock<[u8; 32]>,
}

/// A candidate: an action, or the one that is made of its row of this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Who<'a> {
    pub action: usize,
    pub row: Option<&'a str>,
}

/// Some candidates: those of these actions, or of one action the one that is made of the row of this id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    actions: Vec<usize>,
    row: Option<String>,
}

impl Target {
    fn holds(&self, who: Who<'_>) -> bool {
        self.actions.contains(&who.action) && self.row.as_deref().is_none_or(|row| who.row == Some(row))
    }
}

/// How many more times some candidates can be chosen, all together, or for how much.
#[derive(Debug, Clone)]
pub(crate) struct Stock {
    /// As the request names them.
    pub path: String,
    of: Target,
    pub unit: Unit,
    pub remaining: u64,
}

/// What a stock is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Each that is chosen takes one.
    Piece,
    /// Each takes what it costs, in minor units.
    Cost,
}

impl Stock {
    /// Whether a candidate is of this stock.
    pub fn holds(&self, who: Who<'_>) -> bool {
        self.of.holds(who)
    }
}

/// How an action has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evidence {
    of: Target,
    pub positives: u64,
    pub contacts: u64,
}

impl Inputs {
    /// Adds what a request says.
    pub(super) fn add(&mut self, rules: &Rules, input: &Input) -> Result<(), RequestError> {
        match input {
            Input::Halt(path) => self.halted.push(under(rules, path)?),
            Input::Stock(path, remaining) => self.limit(rules, path, Unit::Piece, *remaining)?,
            Input::Budget(path, remaining) => self.limit(rules, path, Unit::Cost, *remaining)?,
            Input::Block(name) => match rules.channels.iter().position(|channel| channel.name == *name) {
                Some(channel) => self.blocked.push(channel),
                None => {
                    let nearest = nearest(name, rules.channels.iter().map(|channel| channel.name.as_str()));
                    let nearest = nearest.map(str::to_owned);
                    return Err(RequestError::UnknownChannel { name: name.clone(), nearest });
                }
            },
            Input::Evidence { path, positives, contacts } => {
                let (positives, contacts) = (*positives, *contacts);
                let (of, trusts) = action(rules, path)?;
                if !trusts || positives > contacts {
                    return Err(RequestError::Evidence { path: path.clone(), positives, contacts });
                }
                self.evidence.retain(|evidence| evidence.of != of);
                self.evidence.push(Evidence { of, positives, contacts });
            }
            Input::Assigned { experiment, arm } => {
                let known: Vec<(String, bool)> = experiments(rules, arm);
                let Some((path, has_arm)) = known.iter().find(|(path, _)| path == experiment) else {
                    let nearest = nearest(experiment, known.iter().map(|(path, _)| path.as_str()));
                    let (name, nearest) = (experiment.clone(), nearest.map(str::to_owned));
                    return Err(RequestError::UnknownPath { name, nearest });
                };
                if !has_arm {
                    return Err(RequestError::UnknownArm { experiment: path.clone(), arm: arm.clone() });
                }
                self.assigned.retain(|(known, _)| known != experiment);
                self.assigned.push((path.clone(), arm.clone()));
            }
        }
        Ok(())
    }

    fn limit(&mut self, rules: &Rules, path: &str, unit: Unit, remaining: u64) -> Result<(), RequestError> {
        let of = under(rules, path)?;
        self.stock.push(Stock { path: path.to_owned(), of, unit, remaining });
        Ok(())
    }
}

impl Inputs {
    /// Whether a candidate is stopped.
    pub fn is_halted(&self, who: Who<'_>) -> bool {
        self.halted.iter().any(|halted| halted.holds(who))
    }

    /// How a candidate has done: what is known of its own row comes before what is known of all rows together.
    pub fn evidence_of(&self, who: Who<'_>) -> Option<&Evidence> {
        let known = || self.evidence.iter().filter(|evidence| evidence.of.holds(who));
        known().find(|evidence| evidence.of.row.is_some()).or_else(|| known().next())
    }

    /// Writes all of it for a digest; the order in which it was said means nothing.
    pub fn encode(&self, rules: &Rules, to: &mut Encoder) {
        let paths: Vec<String> = rules.actions().map(|(path, ..)| path).collect();
        let path = |action: usize| paths.get(action).map_or("", String::as_str);
        let of = |target: &Target| {
            let row = target.row.as_deref().map(|row| format!("[{row}]")).unwrap_or_default();
            target.actions.iter().map(|&action| format!("{}{row}", path(action))).collect::<Vec<_>>()
        };
        let channel = |channel: usize| rules.channels.get(channel).map_or("", |channel| channel.name.as_str());
        let mut said: Vec<(&str, Vec<String>, u64, u64)> = Vec::new();
        said.extend(self.halted.iter().flat_map(of).map(|halted| ("halt", vec![halted], 0, 0)));
        said.extend(self.blocked.iter().map(|&blocked| ("block", vec![channel(blocked).to_owned()], 0, 0)));
        said.extend(self.stock.iter().map(|stock| {
            let what = if stock.unit == Unit::Piece { "stock" } else { "budget" };
            (what, of(&stock.of), stock.remaining, 0)
        }));
        let known = self.evidence.iter();
        said.extend(known.map(|known| ("evidence", of(&known.of), known.positives, known.contacts)));
        said.extend(self.assigned.iter().map(|(experiment, arm)| ("arm", vec![experiment.clone(), arm.clone()], 0, 0)));
        said.sort_unstable();
        said.dedup();
        to.word(self.undrawn.into());
        to.option(self.seed.as_deref(), Encoder::text);
        to.size(said.len());
        for (what, names, one, two) in said {
            to.text(what);
            to.size(names.len());
            names.iter().for_each(|name| to.text(name));
            to.word(one as i64);
            to.word(two as i64);
        }
        self.rows.encode(rules, to);
    }

    /// Says that there is no more of a candidate.
    pub fn run_out(&mut self, who: Who<'_>) {
        let of = Target { actions: vec![who.action], row: who.row.map(str::to_owned) };
        self.stock.push(Stock { path: String::new(), of, unit: Unit::Piece, remaining: 0 });
    }
}

/// `p.c.picks[A1]`: the path of an action that is made of rows, and the id of one of them.
fn row_in(path: &str) -> Option<(&str, &str)> {
    path.strip_suffix(']')?.split_once('[')
}

/// The candidates that have this path, or are part of it. Of rows there need be none of this id, or none yet.
fn under(rules: &Rules, path: &str) -> Result<Target, RequestError> {
    if row_in(path).is_some() {
        return action(rules, path).map(|(of, _)| of);
    }
    let actions = rules.actions().enumerate();
    let found: Vec<usize> = actions.filter(|(_, (full, ..))| is_under(full, path)).map(|(number, _)| number).collect();
    if found.is_empty() { Err(unknown(rules, path)) } else { Ok(Target { actions: found, row: None }) }
}

fn action(rules: &Rules, path: &str) -> Result<(Target, bool), RequestError> {
    let (of, row) = row_in(path).map_or((path, None), |(of, row)| (of, Some(row.to_owned())));
    let mut actions = rules.actions().enumerate();
    let found = actions.find(|(_, (full, _, action))| full == of && (row.is_none() || action.rows.is_some()));
    let (number, (.., action)) = found.ok_or_else(|| unknown(rules, path))?;
    Ok((Target { actions: vec![number], row }, action.trust.is_some()))
}

fn unknown(rules: &Rules, path: &str) -> RequestError {
    let all: Vec<String> = rules.actions().map(|(path, ..)| path).collect();
    let nearest = nearest(path, all.iter().map(String::as_str)).map(str::to_owned);
    RequestError::UnknownPath { name: path.to_owned(), nearest }
}

/// All experiments, each with whether it has this arm.
fn experiments(rules: &Rules, arm: &str) -> Vec<(String, bool)> {
    rules.experiments().map(|(path, content)| (path, content.has_arm(arm))).collect()
}
