//! What competes: an action with its campaign and its program.

use nextbest::check::tree::{Action, Campaign, Excepted, Exception, Program, Rule, Showplace};
use nextbest::syntax::ast::{ActionKind, Contacted, Level, LineKind};

use crate::oracle::customer::Values;
use crate::oracle::value::Val;

/// An action that competes.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    pub program: &'a Program,
    pub campaign: &'a Campaign,
    pub action: &'a Action,
    /// The row that it is made of.
    pub row: Option<&'a Values>,
    /// Its place in the order of declaration, and of the rows' ids.
    pub place: usize,
}

impl Candidate<'_> {
    pub fn campaign_path(&self) -> String {
        format!("{}.{}", self.program.name, self.campaign.name)
    }

    pub fn action_path(&self) -> String {
        format!("{}.{}", self.campaign_path(), self.action.name)
    }

    pub fn path(&self) -> String {
        match self.row {
            Some(row) => format!("{}[{}]", self.action_path(), id(row)),
            None => self.action_path(),
        }
    }

    /// Whether an exception is made for it from a rule of this name.
    pub fn passes_rule(&self, rule: &Rule) -> bool {
        self.exceptions().any(|one| matches!((&one.of, &rule.name), (Excepted::Rule(of), Some(name)) if of == name))
    }

    /// Whether an exception is made for it from lines of this kind of a policy.
    pub fn passes_line(&self, policy: &str, kind: LineKind) -> bool {
        self.exceptions().any(|one| match &one.of {
            Excepted::Policy { policy: of, line } => of == policy && (line.is_none() || *line == Some(kind)),
            Excepted::Rule(_) => false,
        })
    }

    pub fn exceptions(&self) -> impl Iterator<Item = &Exception> {
        [&self.program.exceptions, &self.campaign.exceptions, &self.action.exceptions].into_iter().flatten()
    }

    pub fn is_service(&self) -> bool {
        self.action.kind == ActionKind::Service
    }

    pub fn is_shown(&self, place: Showplace) -> bool {
        self.action.treatments.iter().any(|treatment| treatment.place == place)
    }

    pub fn is_about(&self, kind: Contacted) -> bool {
        match kind {
            Contacted::Marketing => !self.is_service(),
            Contacted::Offer => self.action.kind == ActionKind::Offer,
            Contacted::Message => self.action.kind == ActionKind::Message,
        }
    }

    pub fn path_of(&self, level: Level) -> String {
        match level {
            Level::Action => self.action_path(),
            Level::Campaign => self.campaign_path(),
            Level::Program => self.program.name.clone(),
        }
    }
}

/// Whether a path is another one, or goes on from it; a row is part of its action.
pub fn part(path: &str, of: &str) -> bool {
    path == of || path.starts_with(&format!("{of}.")) || path.starts_with(&format!("{of}["))
}

/// The id of a row.
pub fn id(row: &Values) -> String {
    match &row["sku"] {
        Val::Text(id) => id.clone(),
        other => panic!("an id is {other}"),
    }
}
