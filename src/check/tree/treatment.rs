//! How actions are shown, checked.

use serde::Serialize;

use super::{Experiment, Expr, Factorial};
use crate::diagnostic::Span;

/// How an action is shown on a channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Treatment {
    /// Where.
    pub place: Showplace,
    /// What is shown.
    pub content: Content,
    /// Used for customers for whom this is definitely true.
    pub when: Option<Expr>,
    /// The languages that the content is written in.
    pub languages: Option<Languages>,
    /// What the content is filled with. One that is missing and has no `else` drops the treatment.
    pub parameters: Vec<Parameter>,
    /// Where it stands.
    pub span: Span,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// The key of a content.
    Key(String),
    /// One of several, for each customer.
    Experiment(Experiment),
    /// One that is put together of what is tried.
    Factorial(Factorial),
}

/// A place where something can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Showplace {
    /// Index of the channel.
    pub channel: usize,
    /// Index of its slot, where it has some.
    pub slot: Option<usize>,
}

/// The customer's own language, if the content is written in it, else the first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Languages {
    /// The customer's own: an enum or a text.
    pub own: Expr,
    /// Those that the content is written in; never empty.
    pub names: Vec<String>,
}

/// A typed value that the content is filled with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is.
    pub value: Expr,
    /// What it is where that is missing; of the same type.
    pub otherwise: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

impl Treatment {
    /// The expressions in it.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let parameters = self.parameters.iter().flat_map(|p| std::iter::once(&p.value).chain(&p.otherwise));
        self.when.iter().chain(self.languages.as_ref().map(|languages| &languages.own)).chain(parameters)
    }
}
