//! Which of several contents a customer sees.

use super::keep::{Left, left};
use super::pipeline::Pipeline;
use super::{Parameter, Stage};
use crate::bucket::Threshold;
use crate::check::tree::{Arm, Content, Experiment, Factorial, Levels};
use crate::compile::{Candidate, Treatment};
use crate::leaf::build::customer::with_id;
use crate::schema::{Value, Variant};

/// What is shown.
#[derive(Default)]
pub(super) struct Shown<'c> {
    /// The key of the content.
    pub content: &'c str,
    /// What it is one of.
    pub variant: Option<Variant>,
    /// What the experiment fills it with.
    pub filled: Vec<Parameter>,
}

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The stage of the experiment: nobody is in an arm without an id.
    pub(super) fn drawn(&self, candidate: &'c Candidate<P>, treatment: &'c Treatment<P>) -> Result<(), Left<'c>> {
        let drawn = match &treatment.content {
            Content::Key(_) => true,
            Content::Experiment(experiment) => self.arm(candidate, experiment).is_some(),
            Content::Factorial(factorial) => self.levels(candidate, factorial).is_some(),
        };
        let trial = treatment.content.trial().filter(|_| !drawn);
        trial.map_or(Ok(()), |trial| Err(left(Stage::ExperimentArm, trial.span)))
    }

    /// What a treatment shows the customer; `None` for one who is in no arm.
    pub(super) fn shown(&self, candidate: &Candidate<P>, treatment: &'c Treatment<P>) -> Option<Shown<'c>> {
        let variant = |experiment: &String, arm: String| Some(Variant { experiment: experiment.clone(), arm });
        Some(match &treatment.content {
            Content::Key(key) => Shown { content: key, ..Shown::default() },
            Content::Experiment(experiment) => {
                let arm = self.arm(candidate, experiment)?;
                let variant = variant(&experiment.name, arm.name.clone());
                Shown { content: &arm.content, variant, ..Shown::default() }
            }
            Content::Factorial(factorial) => {
                let levels = self.levels(candidate, factorial)?;
                let filled = factorial.factors.iter().zip(&levels).map(|(of, &level)| Parameter {
                    name: of.factor.clone(),
                    value: Some(Value::Text(level.to_owned())),
                    personal: false,
                });
                let filled = filled.collect();
                let variant = variant(&factorial.name, factorial.cell_name(&levels));
                Shown { content: &factorial.content, variant, filled }
            }
        })
    }

    /// The customer's arm: the one that they are kept in, else by their bucket.
    fn arm(&self, candidate: &Candidate<P>, experiment: &'c Experiment) -> Option<&'c Arm> {
        let mut arms = experiment.arms.iter();
        if self.inputs.undrawn {
            return arms.find(|arm| !arm.stopped);
        }
        match self.kept(candidate, &experiment.name, |arm| experiment.keeps(arm)) {
            Some(arm) => arms.find(|known| known.name == arm),
            None => self.drawn_arm(candidate, experiment),
        }
    }

    /// The arm of the customer's bucket.
    pub(super) fn drawn_arm(&self, candidate: &Candidate<P>, experiment: &'c Experiment) -> Option<&'c Arm> {
        let drawn = match &experiment.scheme {
            Some((scheme, salt)) => {
                let id = self.inner.access.id.as_deref()?;
                with_id(id, self.customer, self.cx, |id| scheme.arm(salt, id, &experiment.weights))??
            }
            None => {
                let bucket = self.bucket(&["experiment", &candidate.path, &experiment.name])?;
                experiment.arms.iter().position(|arm| arm.share.holds(bucket))?
            }
        };
        self.going_on(candidate, experiment, drawn)
    }

    /// The arm itself, or in place of one that is stopped another: drawn among the others by their shares, and again among those
    /// that are left if that one is stopped too. So a stop moves nobody but those of the arm, whatever is stopped before or after.
    fn going_on(&self, candidate: &Candidate<P>, experiment: &'c Experiment, mut drawn: usize) -> Option<&'c Arm> {
        let mut passed = Vec::new();
        loop {
            let arm = experiment.arms.get(drawn)?;
            if !arm.stopped {
                return Some(arm);
            }
            passed.push(drawn);
            let bucket = self.bucket(&["stopped", &candidate.path, &experiment.name, &arm.name])?;
            let part = |number: usize, part: u64| if passed.contains(&number) { 0 } else { part };
            let parts = experiment.weights.iter().enumerate().map(|(number, &(weight, _))| part(number, weight));
            let total = parts.clone().sum();
            let mut sum = 0;
            drawn = parts.into_iter().position(|part| {
                sum += part;
                Threshold::of_ratio(sum, total).is_some_and(|share| share.contains(bucket))
            })?;
        }
    }

    /// The customer's level of each factor: those that they are kept in, else those that are drawn.
    fn levels(&self, candidate: &Candidate<P>, factorial: &'c Factorial) -> Option<Vec<&'c str>> {
        let kept = self.kept(candidate, &factorial.name, |cell| factorial.cell(cell).is_some());
        match kept.filter(|_| !self.inputs.undrawn) {
            Some(cell) => factorial.cell(cell),
            None => self.drawn_levels(candidate, factorial),
        }
    }

    /// Of each factor the level of the greatest bucket, or where they have shares the one that holds the factor's own.
    pub(super) fn drawn_levels(&self, candidate: &Candidate<P>, factorial: &'c Factorial) -> Option<Vec<&'c str>> {
        let level = |of: &'c Levels| {
            if !of.shares.is_empty() && !self.inputs.undrawn {
                let bucket = self.bucket(&["factor", candidate.path.as_str(), &factorial.name, &of.factor])?;
                let place = of.shares.iter().position(|share| share.holds(bucket))?;
                return of.levels.get(place).map(String::as_str);
            }
            let mut best: Option<(u64, &'c str)> = None;
            for level in &of.levels {
                let salts = ["factor", candidate.path.as_str(), &factorial.name, &of.factor, level];
                let bucket = if self.inputs.undrawn { 0 } else { self.bucket(&salts)? };
                if best.is_none_or(|(before, _)| before < bucket) {
                    best = Some((bucket, level));
                }
            }
            best.map(|(_, level)| level)
        };
        factorial.factors.iter().map(level).collect()
    }
}
