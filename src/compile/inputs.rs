//! What a request says about actions: stopped, out of stock or budget, how they have done, which arm a customer is in.

use std::sync::OnceLock;

use super::RequestError;
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
    /// Candidates that are stopped.
    pub halted: Vec<usize>,
    /// Channels that are.
    pub blocked: Vec<usize>,
    /// What there is only so much of, and to spend.
    pub stock: Vec<Stock>,
    pub evidence: Vec<Evidence>,
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

/// How many more times some candidates can be chosen, all together, or for how much.
#[derive(Debug, Clone)]
pub(crate) struct Stock {
    /// As the request names them.
    pub path: String,
    candidates: Vec<usize>,
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
    pub fn holds(&self, candidate: usize) -> bool {
        self.candidates.contains(&candidate)
    }
}

/// How an action has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub candidate: usize,
    pub positives: u64,
    pub contacts: u64,
}

impl Inputs {
    /// Adds what a request says.
    pub(super) fn add(&mut self, rules: &Rules, input: &Input) -> Result<(), RequestError> {
        match input {
            Input::Halt(path) => self.halted.extend(under(rules, path)?),
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
                let (candidate, trusts) = action(rules, path)?;
                if !trusts || positives > contacts {
                    return Err(RequestError::Evidence { path: path.clone(), positives, contacts });
                }
                self.evidence.retain(|evidence| evidence.candidate != candidate);
                self.evidence.push(Evidence { candidate, positives, contacts });
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
        let candidates = under(rules, path)?;
        self.stock.push(Stock { path: path.to_owned(), candidates, unit, remaining });
        Ok(())
    }
}

impl Inputs {
    /// The stocks that a candidate is of.
    pub fn stock_of(&self, candidate: usize) -> impl Iterator<Item = &Stock> {
        self.stock.iter().filter(move |stock| stock.holds(candidate))
    }

    /// Writes all of it for a digest; the order in which it was said means nothing.
    pub fn encode(&self, rules: &Rules, to: &mut Encoder) {
        let paths: Vec<String> = rules.actions().map(|(path, ..)| path).collect();
        let path = |candidate: usize| paths.get(candidate).map_or("", String::as_str);
        let channel = |channel: usize| rules.channels.get(channel).map_or("", |channel| channel.name.as_str());
        let mut said: Vec<(&str, Vec<&str>, u64, u64)> = Vec::new();
        said.extend(self.halted.iter().map(|&halted| ("halt", vec![path(halted)], 0, 0)));
        said.extend(self.blocked.iter().map(|&blocked| ("block", vec![channel(blocked)], 0, 0)));
        said.extend(self.stock.iter().map(|stock| {
            let of = stock.candidates.iter().map(|&candidate| path(candidate));
            let what = if stock.unit == Unit::Piece { "stock" } else { "budget" };
            (what, of.collect(), stock.remaining, 0)
        }));
        said.extend(
            self.evidence
                .iter()
                .map(|evidence| ("evidence", vec![path(evidence.candidate)], evidence.positives, evidence.contacts)),
        );
        said.extend(
            self.assigned.iter().map(|(experiment, arm)| ("arm", vec![experiment.as_str(), arm.as_str()], 0, 0)),
        );
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
    }

    /// Says that there is no more of a candidate.
    pub fn run_out(&mut self, candidate: usize) {
        let (path, candidates) = (String::new(), vec![candidate]);
        self.stock.push(Stock { path, candidates, unit: Unit::Piece, remaining: 0 });
    }
}

/// The candidates that have this path, or are part of it.
fn under(rules: &Rules, path: &str) -> Result<Vec<usize>, RequestError> {
    let actions = rules.actions().enumerate();
    let found: Vec<usize> = actions.filter(|(_, (full, ..))| is_under(full, path)).map(|(number, _)| number).collect();
    if found.is_empty() { Err(unknown(rules, path)) } else { Ok(found) }
}

fn action(rules: &Rules, path: &str) -> Result<(usize, bool), RequestError> {
    let found = rules.actions().enumerate().find(|(_, (full, ..))| full == path);
    found.map(|(number, (.., action))| (number, action.trust.is_some())).ok_or_else(|| unknown(rules, path))
}

fn unknown(rules: &Rules, path: &str) -> RequestError {
    let all: Vec<String> = rules.actions().map(|(path, ..)| path).collect();
    let nearest = nearest(path, all.iter().map(String::as_str)).map(str::to_owned);
    RequestError::UnknownPath { name: path.to_owned(), nearest }
}

/// All experiments, each with whether it has this arm.
fn experiments(rules: &Rules, arm: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for (path, _, action) in rules.actions() {
        for treatment in &action.treatments {
            let Some(trial) = treatment.content.trial() else { continue };
            found.push((format!("{path}.{}", trial.name), treatment.content.has_arm(arm)));
        }
    }
    found
}
