//! What holds for all of a part of the catalogue, and what an exception is made from.

use serde::Serialize;

use super::{Action, Campaign, Program, Rule, Rules};
use crate::diagnostic::Span;
use crate::syntax::ast::LineKind;

/// What an action, or all actions of a campaign or a program, are not held by, though it stands further out. What comes of a
/// contact counts all the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exception {
    /// From what.
    pub of: Excepted,
    /// The reason given.
    pub because: String,
    /// Where.
    pub span: Span,
}

/// What an exception is made from: nothing of consents, halts, blocked channels, stock and dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Excepted {
    /// The rule of this name: there is one on the way from the ruleset to what makes the exception.
    Rule(String),
    /// All lines of a policy, or those of one kind.
    Policy {
        /// Its name.
        policy: String,
        /// `None` is all of them.
        line: Option<LineKind>,
    },
}

impl Excepted {
    /// Whether a rule of this name is meant.
    pub fn is_rule(&self, name: Option<&str>) -> bool {
        matches!(self, Excepted::Rule(meant) if name == Some(meant))
    }

    /// Whether lines of this kind of this policy are meant.
    pub fn is_line(&self, policy: &str, kind: LineKind) -> bool {
        matches!(self, Excepted::Policy { policy: named, line } if named == policy && line.is_none_or(|line| line == kind))
    }

    /// Whether all that another one means is meant.
    pub fn covers(&self, other: &Excepted) -> bool {
        match other {
            Excepted::Policy { policy, line: Some(line) } => self.is_line(policy, *line),
            whole => self == whole,
        }
    }
}

impl Rules {
    /// Every clause: of the ruleset, of programs, campaigns and actions.
    pub fn clauses(&self) -> impl Iterator<Item = &Rule> {
        let actions = self.campaigns().flat_map(|campaign| &campaign.actions);
        let programs = self.programs.iter().flat_map(|program| &program.clauses);
        let inner =
            self.campaigns().flat_map(|campaign| &campaign.clauses).chain(actions.flat_map(|action| &action.clauses));
        self.clauses.iter().chain(programs).chain(inner)
    }

    /// The clauses that an action has to pass, from the outermost in, and those that it does not have to.
    pub fn clauses_of<'r>(
        &'r self,
        program: &'r Program,
        campaign: &'r Campaign,
        action: &'r Action,
    ) -> impl Iterator<Item = (&'r Rule, Option<&'r Exception>)> {
        let all = self.clauses.iter().chain(&program.clauses).chain(&campaign.clauses).chain(&action.clauses);
        all.map(move |rule| {
            (rule, exceptions(program, campaign, action).find(|exception| exception.of.is_rule(rule.name.as_deref())))
        })
    }

    /// Every exception, with the path of what makes it.
    pub fn exceptions(&self) -> Vec<(String, &Exception)> {
        let mut places: Vec<(String, &[Exception])> = Vec::new();
        for program in &self.programs {
            places.push((program.name.clone(), &program.exceptions));
            for campaign in &program.campaigns {
                let path = format!("{}.{}", program.name, campaign.name);
                let actions = campaign.actions.iter().map(|a| (format!("{path}.{}", a.name), a.exceptions.as_slice()));
                places.extend(actions);
                places.push((path, &campaign.exceptions));
            }
        }
        places.into_iter().flat_map(|(path, all)| all.iter().map(move |one| (path.clone(), one))).collect()
    }
}

/// The exceptions that hold for an action, from the outermost in.
pub(crate) fn exceptions<'r>(
    program: &'r Program,
    campaign: &'r Campaign,
    action: &'r Action,
) -> impl Iterator<Item = &'r Exception> {
    program.exceptions.iter().chain(&campaign.exceptions).chain(&action.exceptions)
}
