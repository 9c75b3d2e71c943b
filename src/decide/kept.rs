//! Who is kept in an arm of an experiment: who has been shown one stays in it, whatever their id is now and whatever is drawn by it.
//!
//! Of several arms, shown under several identities, the one that was shown first wins: what was seen cannot be unseen.

use super::decision::Effect;
use super::pipeline::Pipeline;
use crate::check::tree::{Arm, Experiment};
use crate::compile::Candidate;
use crate::schema::Outcome;

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The arm that the customer is kept in, by their contacts or by the caller. What the caller says counts first where
    /// earlier contacts may be lacking, since another arm may have been shown in them.
    pub(super) fn kept(&self, candidate: &Candidate<P>, experiment: &Experiment) -> Option<&'c str> {
        let assigned = self.assigned(candidate, experiment);
        let declared = |arm: &&str| experiment.arms.iter().any(|known| known.name == *arm);
        let shown = || self.shown(candidate, experiment).find(declared);
        if self.contacts.lacking().is_some() { assigned.or_else(shown) } else { shown().or(assigned) }
    }

    /// Whether another arm has been shown to the customer than the one that they are in.
    pub(super) fn crossed(&self, candidate: &Candidate<P>, experiment: &Experiment, arm: &Arm) -> bool {
        !self.inputs.undrawn && self.shown(candidate, experiment).any(|shown| shown != arm.name)
    }

    /// The arm to keep the customer in, where nothing but their contacts says so: contacts grow old, and are thrown away.
    pub(super) fn to_assign(&self, candidate: &Candidate<P>, experiment: &'c Experiment, arm: &Arm) -> Option<Effect> {
        if self.inputs.undrawn {
            return None;
        }
        let otherwise = match self.assigned(candidate, experiment) {
            Some(assigned) => Some(assigned),
            None => self.drawn_arm(candidate, experiment).map(|arm| arm.name.as_str()),
        };
        (otherwise != Some(arm.name.as_str())).then(|| Effect::Assign {
            experiment: format!("{}.{}", candidate.path, experiment.name),
            arm: arm.name.clone(),
        })
    }

    /// The arms that have been shown to the customer, the first one first.
    fn shown(&self, candidate: &Candidate<P>, experiment: &Experiment) -> impl Iterator<Item = &'c str> {
        let rows = self.contacts.about(candidate.scopes.action);
        let seen = rows.filter(|row| matches!(row.outcome, Outcome::Sent | Outcome::Impression));
        seen.filter_map(|row| row.variant.as_ref())
            .filter(|variant| variant.experiment == experiment.name)
            .map(|variant| variant.arm.as_str())
    }

    /// The arm that the caller keeps the customer in.
    fn assigned(&self, candidate: &Candidate<P>, experiment: &Experiment) -> Option<&'c str> {
        let is_this = |path: &str| {
            let name = path.strip_prefix(candidate.path.as_str()).and_then(|rest| rest.strip_prefix('.'));
            name == Some(experiment.name.as_str())
        };
        self.inputs.assigned.iter().find(|(path, _)| is_this(path)).map(|(_, arm)| arm.as_str())
    }
}
