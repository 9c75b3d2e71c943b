//! Who is drawn for what: a part of the customers, a control group, the holdout.

use super::pipeline::Pipeline;
use crate::bucket::bucket;
use crate::check::tree::{Content, Share, is_under};
use crate::compile::Candidate;
use crate::leaf::build::customer::with_id;

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The customer's bucket under some salts; `None` without an id.
    pub(super) fn bucket(&self, salts: &[&str]) -> Option<u64> {
        let id = self.inner.access.id.as_deref()?;
        with_id(id, self.customer, self.cx, |id| bucket(salts, id))
    }

    /// Whether an experiment is for the customer: who is kept in an arm stays in it.
    pub(super) fn is_exposed(&self, candidate: &Candidate<P>, content: &Content) -> bool {
        let Some((trial, exposure)) = content.trial().and_then(|trial| Some((trial, trial.exposure?))) else {
            return true;
        };
        if self.inputs.undrawn || self.kept(candidate, trial.name, |arm| content.keeps(arm)).is_some() {
            return true;
        }
        if let Some((scheme, salt)) = &exposure.gate {
            let id = self.inner.access.id.as_deref();
            let passes =
                id.and_then(|id| with_id(id, self.customer, self.cx, |id| scheme.gate(salt, id, exposure.part)));
            return passes.flatten().unwrap_or(false);
        }
        let bucket = match &exposure.layer {
            Some(layer) => self.bucket(&["layer", layer]),
            None => self.bucket(&["exposure", &candidate.path, trial.name]),
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
