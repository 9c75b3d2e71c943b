//! Who is drawn for what: the arm of an experiment, a control group, the holdout.

use super::Stage;
use super::keep::{Left, left};
use super::pipeline::Pipeline;
use crate::bucket::bucket;
use crate::check::tree::{Arm, Content, Experiment, Share, is_under};
use crate::compile::{Candidate, Treatment};
use crate::leaf::build::customer::with_id;

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The customer's bucket under some salts; `None` without an id.
    pub(super) fn bucket(&self, salts: &[&str]) -> Option<u64> {
        let id = self.inner.access.id.as_deref()?;
        with_id(id, self.customer, self.cx, |id| bucket(salts, id))
    }

    /// The stage of the experiment: nobody is in an arm without an id.
    pub(super) fn drawn(&self, candidate: &'c Candidate<P>, treatment: &'c Treatment<P>) -> Result<(), Left<'c>> {
        match &treatment.content {
            Content::Key(_) => Ok(()),
            Content::Experiment(experiment) => match self.arm(candidate, experiment) {
                Some(_) => Ok(()),
                None => Err(left(Stage::ExperimentArm, experiment.span)),
            },
        }
    }

    /// The customer's arm: the one that they are kept in, else by their bucket.
    pub(super) fn arm(&self, candidate: &Candidate<P>, experiment: &'c Experiment) -> Option<&'c Arm> {
        if self.inputs.undrawn {
            return experiment.arms.first();
        }
        match self.kept(candidate, experiment) {
            Some(kept) => experiment.arms.iter().find(|known| known.name == kept),
            None => self.drawn_arm(candidate, experiment),
        }
    }

    /// The arm that the customer's bucket falls into.
    pub(super) fn drawn_arm(&self, candidate: &Candidate<P>, experiment: &'c Experiment) -> Option<&'c Arm> {
        if let Some((scheme, salt)) = &experiment.scheme {
            let id = self.inner.access.id.as_deref()?;
            let arm = with_id(id, self.customer, self.cx, |id| scheme.arm(salt, id, &experiment.weights))??;
            return experiment.arms.get(arm);
        }
        let bucket = self.bucket(&["experiment", &candidate.path, &experiment.name])?;
        experiment.arms.iter().find(|arm| arm.share.holds(bucket))
    }

    /// Whether an experiment is for the customer: who is kept in an arm stays in it.
    pub(super) fn is_exposed(&self, candidate: &Candidate<P>, experiment: &Experiment) -> bool {
        let Some(exposure) = &experiment.exposure else { return true };
        if self.inputs.undrawn || self.kept(candidate, experiment).is_some() {
            return true;
        }
        let bucket = match &exposure.layer {
            Some(layer) => self.bucket(&["layer", layer]),
            None => self.bucket(&["exposure", &candidate.path, &experiment.name]),
        };
        bucket.is_some_and(|bucket| exposure.holds(bucket))
    }

    /// Whether the campaign leaves the customer alone. A control group is a share of those who are not held out.
    pub(super) fn in_control(&self, candidate: &Candidate<P>) -> bool {
        let drawn = |share: Share| {
            self.bucket(&["control", &candidate.campaign_path]).is_some_and(|bucket| share.holds(bucket))
        };
        !self.inputs.undrawn
            && !candidate.is_service()
            && candidate.control.is_some_and(drawn)
            && !self.held_out(candidate)
    }

    /// Whether the customer is held out of all but what is excepted.
    pub(super) fn held_out(&self, candidate: &Candidate<P>) -> bool {
        let Some(holdout) = self.inner.rules.holdout.as_ref().filter(|_| !self.inputs.undrawn) else { return false };
        let excepted = candidate.is_service()
            || holdout.kinds.contains(&candidate.kind)
            || holdout.paths.iter().any(|path| is_under(&candidate.path, path));
        let drawn = || self.bucket(&["holdout", &holdout.name, &holdout.salt]);
        !excepted && drawn().is_some_and(|bucket| holdout.share.holds(bucket))
    }
}
