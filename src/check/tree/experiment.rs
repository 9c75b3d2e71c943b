//! Contents that are tried against each other, checked.

use serde::Serialize;

use super::{Content, Share};
use crate::bucket::Scheme;
use crate::diagnostic::Span;

/// One of several contents for each customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Experiment {
    /// Its name.
    pub name: String,
    /// For whom; `None` is everyone.
    pub exposure: Option<Exposure>,
    /// Whose scheme draws the arms, with its salt; `None` is the native one.
    pub scheme: Option<(Scheme, String)>,
    /// Its arms: of the native scheme the first whose share holds the customer's bucket counts.
    pub arms: Vec<Arm>,
    /// The share of each arm alone: a numerator, and the denominator they have in common.
    pub weights: Vec<(u64, u64)>,
    /// Where.
    pub span: Span,
}

/// `for 20% of layer hero`: a part of the customers, drawn by the layer or by the experiment alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exposure {
    /// Experiments of one layer have no customer in common.
    pub layer: Option<String>,
    /// Whose scheme draws it, with its salt: then the part as it is written counts, and no bucket.
    pub gate: Option<(Scheme, String)>,
    /// As it is written.
    pub part: (u64, u64),
    /// The first bucket: those before belong to experiments of the layer that stand before.
    pub from: u64,
    /// Those below are in it, unless they are before.
    pub share: Share,
}

/// An arm of an experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// The share of this arm and those before it.
    pub share: Share,
    /// The key of the content.
    pub content: String,
    /// Whether nobody is put into it any more: who would be is drawn again, for one of the others.
    pub stopped: bool,
}

/// One content, filled with a level of each of several factors, each drawn by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Factorial {
    /// Its name.
    pub name: String,
    /// For whom; `None` is everyone.
    pub exposure: Option<Exposure>,
    /// The key of the content.
    pub content: String,
    /// What is tried.
    pub factors: Vec<Levels>,
    /// Where.
    pub span: Span,
}

/// A factor of a factorial experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Levels {
    /// Its name: the parameter of the content that it fills.
    pub factor: String,
    /// What it is filled with. Where they are alike, for each customer the level of the greatest bucket, so that one that is added or
    /// taken away moves nobody between the others.
    pub levels: Vec<String>,
    /// The share of each level and those before it, by one bucket as for arms; empty where they are alike.
    pub shares: Vec<Share>,
}

impl Exposure {
    /// Whether a bucket is in it.
    pub fn holds(&self, bucket: u64) -> bool {
        self.from <= bucket && self.share.holds(bucket)
    }
}

/// What all experiments have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial<'t> {
    /// Its name.
    pub name: &'t str,
    /// For whom; `None` is everyone.
    pub exposure: Option<&'t Exposure>,
    /// Where.
    pub span: Span,
}

impl Content {
    /// The experiment that it is part of, if it is part of one.
    pub fn trial(&self) -> Option<Trial<'_>> {
        let (name, exposure, span) = match self {
            Content::Key(_) => return None,
            Content::Experiment(experiment) => (&experiment.name, &experiment.exposure, experiment.span),
            Content::Factorial(factorial) => (&factorial.name, &factorial.exposure, factorial.span),
        };
        Some(Trial { name, exposure: exposure.as_ref(), span })
    }

    /// Whether whoever has seen an arm stays in it.
    pub fn keeps(&self, arm: &str) -> bool {
        match self {
            Content::Key(_) => false,
            Content::Experiment(experiment) => experiment.keeps(arm),
            Content::Factorial(factorial) => factorial.cell(arm).is_some(),
        }
    }

    /// Whether it has an arm of this name; of a factorial experiment every combination is one.
    pub fn has_arm(&self, arm: &str) -> bool {
        match self {
            Content::Key(_) => false,
            Content::Experiment(experiment) => experiment.arms.iter().any(|known| known.name == arm),
            Content::Factorial(factorial) => factorial.cell(arm).is_some(),
        }
    }
}

impl Experiment {
    /// Whether it keeps whoever has seen an arm in it: one that is declared, and not stopped.
    pub fn keeps(&self, arm: &str) -> bool {
        self.arms.iter().any(|known| known.name == arm && !known.stopped)
    }
}

impl Factorial {
    /// The name of a combination of levels, in the order of the factors: `subject=Hi,image=cat`.
    pub fn cell_name(&self, levels: &[&str]) -> String {
        let named = self.factors.iter().zip(levels).map(|(of, level)| format!("{}={level}", of.factor));
        named.collect::<Vec<_>>().join(",")
    }

    /// The levels of a combination, by its name.
    pub fn cell(&self, name: &str) -> Option<Vec<&str>> {
        let mut found = Vec::with_capacity(self.factors.len());
        named_levels(&self.factors, name, &mut found).then_some(found)
    }
}

/// Reads the levels of these factors off a name; a level may hold what stands between them.
fn named_levels<'f>(factors: &'f [Levels], name: &str, found: &mut Vec<&'f str>) -> bool {
    let Some((first, rest)) = factors.split_first() else { return name.is_empty() };
    let Some(name) = name.strip_prefix(first.factor.as_str()).and_then(|name| name.strip_prefix('=')) else {
        return false;
    };
    first.levels.iter().any(|level| {
        let behind = name.strip_prefix(level.as_str());
        let behind = behind.and_then(|name| if rest.is_empty() { Some(name) } else { name.strip_prefix(',') });
        found.push(level);
        let all = behind.is_some_and(|behind| named_levels(rest, behind, found));
        if !all {
            found.pop();
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_combination_is_found_by_its_name() {
        let levels = |factor: &str, levels: &[&str]| Levels {
            factor: factor.into(),
            levels: levels.iter().map(|&level| level.to_owned()).collect(),
            shares: Vec::new(),
        };
        let factors = vec![levels("subject", &["Hi", "Hi,image=cat", ""]), levels("image", &["cat", "dog"])];
        let (name, content) = ("looks".to_owned(), "hello".to_owned());
        let factorial = Factorial { name, exposure: None, content, factors, span: Span::default() };
        for subject in ["Hi", "Hi,image=cat", ""] {
            for image in ["cat", "dog"] {
                let cell = factorial.cell_name(&[subject, image]);
                assert_eq!(factorial.cell(&cell), Some(vec![subject, image]), "{cell}");
            }
        }
        for bad in ["", "subject=Hi", "subject=Hi,image=cow", "image=cat,subject=Hi", "subject=Hi,image=cat,"] {
            assert_eq!(factorial.cell(bad), None, "{bad}");
        }
    }
}
