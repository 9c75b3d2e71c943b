//! Who has been shown an arm stays in it.

use nextbest::check::tree::{Experiment, Factorial};
use nextbest::{Category, Outcome};

use super::Oracle;
use super::contact::CONTACT;
use super::customer::Row;
use super::sample::Asked;
use super::value::Val;

/// The arms that keep whom they were shown to.
pub fn going_on(experiment: &Experiment) -> Vec<String> {
    experiment.arms.iter().filter(|arm| !arm.stopped).map(|arm| arm.name.clone()).collect()
}

/// The names of all combinations of levels.
pub fn cells(factorial: &Factorial) -> Vec<String> {
    let mut names = vec![String::new()];
    for of in &factorial.factors {
        let mut longer = Vec::new();
        for name in &names {
            let comma = if name.is_empty() { "" } else { "," };
            longer.extend(of.levels.iter().map(|level| format!("{name}{comma}{}={level}", of.factor)));
        }
        names = longer;
    }
    names
}

impl Oracle<'_> {
    /// The arm that somebody is kept in: the first of these that was shown, or the caller's, which counts first where the first
    /// one may be lacking.
    pub fn kept_arm(&self, asked: &Asked, action: &str, experiment: &str, arms: &[String]) -> Option<String> {
        let path = format!("{action}.{experiment}");
        let assigned = asked.assigned.iter().rev().find(|(of, _)| *of == path).map(|(_, arm)| arm.clone());
        let first = self.shown(action, experiment).into_iter().find(|arm| arms.contains(arm));
        match self.customer.histories[CONTACT].complete_since {
            Some(_) => assigned.or(first),
            None => first.or(assigned),
        }
    }

    /// Whether another arm has been shown.
    pub fn is_crossed(&self, asked: &Asked, action: &str, experiment: &str, arm: &str) -> bool {
        !asked.undrawn && self.shown(action, experiment).iter().any(|shown| shown != arm)
    }

    /// The arms that have been shown up to now, in contacts that did not fail.
    fn shown(&self, action: &str, experiment: &str) -> Vec<String> {
        let rows: Vec<&Row> = self.customer.histories[CONTACT].rows.iter().filter(|row| row.at <= self.now).collect();
        let says = |row: &Row, name: &str, what: &str| row.properties.get(name) == Some(&Val::Text(what.into()));
        let was = |row: &Row, outcome: Outcome| row.properties["outcome"] == Val::Category(outcome.index());
        let fails = |row: &Row| {
            let same = |other: &&&Row| other.properties["id"] == row.properties["id"];
            rows.iter().filter(same).any(|other| was(other, Outcome::Failed))
        };
        let mut seen: Vec<&Row> = Vec::new();
        for &row in &rows {
            let exposes = was(row, Outcome::Sent) || was(row, Outcome::Impression);
            if exposes && says(row, "action", action) && says(row, "experiment", experiment) && !fails(row) {
                seen.push(row);
            }
        }
        seen.sort_by_key(|row| row.at);
        let arm = |row: &&Row| match &row.properties["arm"] {
            Val::Text(arm) => arm.clone(),
            other => panic!("an arm is {other}"),
        };
        seen.iter().map(arm).collect()
    }
}
