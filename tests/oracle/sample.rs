//! Who is drawn for what: arms, control groups, the holdout, and the order that exploration draws.

use nextbest::bucket::bucket;
use nextbest::check::tree::{Arm, Content, Experiment, Exploration, Factorial, Levels, Share};

use super::Oracle;
use super::customer::Values;
use super::explore::Stream;
use super::kept::{cells, going_on};
use super::scheme;
use super::value::Val;

/// What a decision is asked with, besides the situation.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Places by name: `web`, `web.hero`.
    pub places: Vec<String>,
    pub seed: Option<String>,
    /// Experiments with the arm to keep.
    pub assigned: Vec<(String, String)>,
    /// Actions with their successes and contacts.
    pub evidence: Vec<(String, u64, u64)>,
    pub undrawn: bool,
    /// Products, in any order.
    pub rows: Vec<Values>,
}

/// What an action is worth, factor by factor.
#[derive(Debug, Clone, Copy)]
pub struct Worth {
    pub propensity: f64,
    /// How many contacts say so, if it is not simply taken as it is.
    pub known: Option<f64>,
    pub context: f64,
    pub margin: i64,
    pub lever: f64,
    pub value: i64,
}

impl Worth {
    pub fn priority(&self) -> f64 {
        self.propensity * self.context * self.margin as f64 * self.lever
    }
}

/// A content that is one of several, with what it is.
pub fn variant(content: &str, experiment: &str, arm: &str) -> String {
    format!("{content} ({experiment}: {arm})")
}

/// One of a tier: its path and its worth.
pub type Competitor<'w> = (&'w str, &'w Worth);

impl<'a> Oracle<'a> {
    fn person(&self) -> Option<&str> {
        match self.customer.attributes.get("person") {
            Some(Val::Text(id)) => Some(id),
            _ => None,
        }
    }

    /// The bucket of the customer under some salts.
    fn drawn(&self, salts: &[&str]) -> Option<u64> {
        self.person().map(|id| bucket(salts, id))
    }

    fn falls_into(&self, share: Share, salts: &[&str]) -> bool {
        self.drawn(salts).is_some_and(|bucket| share.holds(bucket))
    }

    pub fn is_control(&self, asked: &Asked, campaign: &str, share: Option<Share>) -> bool {
        !asked.undrawn && share.is_some_and(|share| self.falls_into(share, &["control", campaign]))
    }

    pub fn is_held_out(&self, asked: &Asked) -> bool {
        let holdout = self.rules.holdout.as_ref().filter(|_| !asked.undrawn);
        holdout.is_some_and(|holdout| self.falls_into(holdout.share, &["holdout", &holdout.name, &holdout.salt]))
    }

    pub fn arm_of(&self, asked: &Asked, action: &str, experiment: &'a Experiment) -> Option<&'a Arm> {
        if asked.undrawn {
            return experiment.arms.iter().find(|arm| !arm.stopped);
        }
        if let Some(kept) = self.kept_arm(asked, action, &experiment.name, &going_on(experiment)) {
            return experiment.arms.iter().find(|arm| arm.name == kept);
        }
        let mut arm = match &experiment.scheme {
            Some((scheme, salt)) => &experiment.arms[scheme::arm(*scheme, salt, self.person()?, &experiment.weights)?],
            None => {
                let drawn = self.drawn(&["experiment", action, &experiment.name])?;
                experiment.arms.iter().find(|arm| arm.share.holds(drawn))?
            }
        };
        let mut left: Vec<(&Arm, u64)> =
            experiment.arms.iter().zip(experiment.weights.iter().map(|weight| weight.0)).collect();
        while arm.stopped {
            left.retain(|(other, _)| other.name != arm.name);
            let all: u64 = left.iter().map(|(_, part)| part).sum();
            let drawn = u128::from(self.drawn(&["stopped", action, &experiment.name, &arm.name])?);
            // The share of the arms up to one, in parts of 2^64, rounded down.
            let up_to = |n: usize| left[..=n].iter().map(|(_, part)| u128::from(*part)).sum::<u128>();
            let n = (0..left.len()).find(|&n| drawn < (up_to(n) << 64) / u128::from(all))?;
            arm = left[n].0;
        }
        Some(arm)
    }

    /// The name of the customer's combination of levels.
    pub fn cell_of(&self, asked: &Asked, action: &str, factorial: &Factorial) -> Option<String> {
        let kept = self.kept_arm(asked, action, &factorial.name, &cells(factorial)).filter(|_| !asked.undrawn);
        if kept.is_some() {
            return kept;
        }
        let mut cell = Vec::new();
        for Levels { factor, levels, shares } in &factorial.factors {
            if !shares.is_empty() && !asked.undrawn {
                let drawn = self.drawn(&["factor", action, &factorial.name, factor])?;
                let level = levels.iter().zip(shares).find(|(_, share)| share.holds(drawn))?.0;
                cell.push(format!("{factor}={level}"));
                continue;
            }
            let mut drawn = Vec::new();
            for level in levels {
                drawn.push((self.drawn(&["factor", action, &factorial.name, factor, level]), level));
            }
            let level = match asked.undrawn {
                true => &levels[0],
                false => drawn.into_iter().filter_map(|(drawn, level)| Some((drawn?, level))).max()?.1,
            };
            cell.push(format!("{factor}={level}"));
        }
        Some(cell.join(","))
    }

    pub fn exposed(&self, asked: &Asked, action: &str, content: &Content) -> bool {
        let Some(trial) = content.trial() else { return true };
        let Some(exposure) = trial.exposure else { return true };
        let arms = match content {
            Content::Key(_) => Vec::new(),
            Content::Experiment(experiment) => going_on(experiment),
            Content::Factorial(factorial) => cells(factorial),
        };
        if asked.undrawn || self.kept_arm(asked, action, trial.name, &arms).is_some() {
            return true;
        }
        if let Some((scheme, salt)) = &exposure.gate {
            return self.person().is_some_and(|id| scheme::gate(*scheme, salt, id, exposure.part));
        }
        let salts = match &exposure.layer {
            Some(layer) => vec!["layer", layer],
            None => vec!["exposure", action, trial.name],
        };
        self.drawn(&salts).is_some_and(|bucket| exposure.holds(bucket))
    }

    /// What a slot draws by, where it does.
    pub fn draw(&self, asked: &Asked, slot: usize) -> Option<Draw> {
        let how = self.rules.explore.as_ref().filter(|_| !asked.undrawn)?.how;
        let Val::Text(id) = self.customer.attributes.get("person")? else { return None };
        let seed = asked.seed.clone().unwrap_or_else(|| self.now.millis().to_string());
        Some(Draw { how, seed, slot, id: id.clone() })
    }
}

/// The draw of one slot.
pub struct Draw {
    how: Exploration,
    seed: String,
    slot: usize,
    id: String,
}

impl Draw {
    fn stream(&self, path: &str) -> Stream {
        Stream::of(&self.seed, self.slot, path, &self.id)
    }

    /// What orders a tier, the greatest first: a key for each, those of one tier in the order of their worth. `None`: nothing but
    /// their worth.
    pub fn keys(&self, tier: &[Competitor<'_>]) -> Option<Vec<f64>> {
        let key = |&(path, worth): &Competitor<'_>| {
            let mut stream = self.stream(path);
            match self.how {
                Exploration::Epsilon { .. } => stream.uniform(),
                Exploration::Softmax { temperature } => worth.priority() / temperature + stream.gumbel(),
                Exploration::Thompson { .. } => supposed(worth, &mut stream),
            }
        };
        let coin = || bucket(&["explore", &self.seed, &self.slot.to_string()], &self.id);
        match self.how {
            Exploration::Epsilon { share, .. } if !share.holds(coin()) => None,
            _ => Some(tier.iter().map(key).collect()),
        }
    }

    /// How likely each of some, in the order of their worth, comes before the others.
    pub fn chances(&self, among: &[Competitor<'_>]) -> Vec<f64> {
        let count = among.len() as f64;
        match self.how {
            _ if among.len() == 1 => vec![1.0],
            Exploration::Epsilon { chance, .. } => {
                let first = |place: usize| if place == 0 { 1.0 - chance } else { 0.0 };
                (0..among.len()).map(|place| first(place) + chance / count).collect()
            }
            Exploration::Softmax { temperature } => {
                let exponential = |priority: f64| libm::exp(priority / temperature);
                let best = among.iter().map(|(_, worth)| worth.priority()).fold(f64::MIN, f64::max);
                let all: f64 = among.iter().map(|(_, worth)| exponential(worth.priority() - best)).sum();
                among.iter().map(|(_, worth)| exponential(worth.priority() - best) / all).collect()
            }
            Exploration::Thompson { draws } => {
                let mut streams: Vec<Stream> = among.iter().map(|(path, _)| self.stream(path)).collect();
                let mut wins = vec![0.0; among.len()];
                for _ in 0..draws {
                    let drawn: Vec<f64> =
                        among.iter().zip(&mut streams).map(|((_, worth), stream)| supposed(worth, stream)).collect();
                    let best = drawn.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    let winner = drawn.iter().position(|&priority| priority == best).expect("one of them");
                    wins[winner] += 1.0;
                }
                wins.into_iter().map(|wins| wins / f64::from(draws)).collect()
            }
        }
    }
}

/// The priority with a chance of success that is drawn.
fn supposed(worth: &Worth, stream: &mut Stream) -> f64 {
    let Some(known) = worth.known else { return worth.priority() };
    let propensity = stream.beta(worth.propensity * known, (1.0 - worth.propensity) * known);
    Worth { propensity, ..*worth }.priority()
}
