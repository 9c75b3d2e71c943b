//! Who is kept in an arm of an experiment: who has been shown one stays in it, whatever their id is now and whatever is drawn by it.
//!
//! Of several arms, shown under several identities, the one that was shown first wins: what was seen cannot be unseen.

use super::decision::Effect;
use super::pipeline::Pipeline;
use crate::check::tree::{Content, Sign, is_under};
use crate::compile::{Candidate, Treatment};
use crate::schema::{Contact, Variant};

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The arm of an experiment of the action that the customer is kept in, by their contacts or by the caller. What the caller
    /// says counts first where earlier contacts may be lacking, since another arm may have been shown in them.
    pub(super) fn kept(
        &self,
        candidate: &Candidate<P>,
        experiment: &str,
        keeps: impl Fn(&str) -> bool,
    ) -> Option<&'c str> {
        let assigned = self.assigned(candidate, experiment);
        let seen = || self.seen(candidate, experiment).find(|arm| keeps(arm));
        if self.contacts.lacking().is_some() { assigned.or_else(seen) } else { seen().or(assigned) }
    }

    /// Whether another arm has been shown to the customer than the one that they are in.
    pub(super) fn crossed(&self, candidate: &Candidate<P>, variant: &Variant) -> bool {
        !self.inputs.undrawn && self.seen(candidate, &variant.experiment).any(|seen| seen != variant.arm)
    }

    /// The arm to keep the customer in, where nothing but their contacts says so: contacts grow old, and are thrown away.
    pub(super) fn to_assign(
        &self,
        candidate: &Candidate<P>,
        treatment: &'c Treatment<P>,
        variant: &Variant,
    ) -> Option<Effect> {
        let Variant { experiment, arm } = variant;
        if self.inputs.undrawn || self.seen(candidate, experiment).next().is_none() {
            return None;
        }
        let otherwise = match (self.assigned(candidate, experiment), &treatment.content) {
            (Some(assigned), _) => Some(assigned.to_owned()),
            (None, Content::Key(_)) => None,
            (None, Content::Experiment(of)) => self.drawn_arm(candidate, of).map(|arm| arm.name.clone()),
            (None, Content::Factorial(of)) => self.drawn_levels(candidate, of).map(|levels| of.cell_name(&levels)),
        };
        (otherwise.as_ref() != Some(arm))
            .then(|| Effect::Assign { experiment: format!("{}.{experiment}", candidate.path), arm: arm.clone() })
    }

    /// The arms that have been shown to the customer, the first one first.
    fn seen(&self, candidate: &Candidate<P>, experiment: &str) -> impl Iterator<Item = &'c str> {
        let rows = self.contacts.about(candidate.scopes.action);
        let seen = rows.filter(|row| Sign::Exposed.is(row.outcome));
        // What was shown of a bundle is no arm of its members.
        let own = |row: &&Contact| row.variant.is_some() && is_under(&row.action, &candidate.path);
        seen.filter(own)
            .filter_map(|row| row.variant.as_ref())
            .filter(move |variant| variant.experiment == experiment)
            .map(|variant| variant.arm.as_str())
    }

    /// The arm that the caller keeps the customer in.
    fn assigned(&self, candidate: &Candidate<P>, experiment: &str) -> Option<&'c str> {
        let is_this = |path: &str| {
            let name = path.strip_prefix(candidate.path.as_str()).and_then(|rest| rest.strip_prefix('.'));
            name == Some(experiment)
        };
        self.inputs.assigned.iter().find(|(path, _)| is_this(path)).map(|(_, arm)| arm.as_str())
    }
}
