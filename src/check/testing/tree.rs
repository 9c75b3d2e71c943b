//! Checked tests: every name resolved, every constant a value, each case a test by itself.

use serde::Serialize;

use crate::check::stage::{Reason, Stage};
use crate::diagnostic::Span;
use crate::schema::{ContactKind, Outcome, Value};
use crate::time::{Instant, Period};

/// A `test`, or one of its cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Test {
    /// `test "name"`, and after `: ` the name of the case.
    pub name: String,
    /// The moment.
    pub now: Instant,
    /// What is so, in the order of the text.
    pub given: Vec<Given>,
    /// The channels that are asked about, as a request names them.
    pub on: Vec<String>,
    /// What must come of it.
    pub expect: Vec<Expected>,
    /// The statement, or the case.
    pub span: Span,
}

/// What is so before the rules are asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Given {
    /// The membership of a segment, by the number of its definition.
    Segment { definition: usize, is_in: bool },
    /// An attribute of the customer, and as of when it is known.
    Attribute { name: String, value: Value, as_of: Option<Moment> },
    /// A value of the context.
    Context { name: String, value: Value },
    /// So many events of a kind, all alike.
    Events { kind: String, count: u32, properties: Vec<(String, Value)>, moment: Moment },
    /// So many items of a list; none: the list is empty, which without this is missing.
    Items { list: String, count: u32, properties: Vec<(String, Value)> },
    /// A row of a catalog.
    Row { catalog: String, columns: Vec<(String, Value)> },
    /// An outcome of a contact about an action.
    Contact { outcome: Outcome, action: String, kind: ContactKind, channel: String, moment: Moment },
    /// A consent; `until` is just after its last moment.
    Consent { channel: String, purpose: String, granted: bool, until: Option<Instant> },
}

/// When something was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub enum Moment {
    /// So long before the test's now, in the customer's zone.
    Ago(Period),
    /// Then.
    At(Instant),
}

/// What must come of a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expected {
    /// What.
    pub kind: ExpectedKind,
    /// Where.
    pub span: Span,
}

/// The forms of expectation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum ExpectedKind {
    /// The action of this path wins on a channel.
    Action(String),
    /// No action wins on any channel.
    Nothing { because: Option<Code>, until: Option<Instant> },
    /// The value of a definition, by its number; `None` is missing.
    Value { definition: usize, value: Option<Value> },
    /// Whether the customer is definitely in a segment, by the number of its definition.
    Segment { definition: usize, is_in: bool },
    /// The action of this path does not win on any channel, because of this.
    WhyNot { action: String, code: Code },
}

/// What a test calls the end of a candidate: the stage it left at, or the reason for nothing that this stage stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Code {
    /// `cap`
    Stage(Stage),
    /// `capped`
    Reason(Reason),
}

impl Code {
    /// The code of a name with `_` between its words. What is the name of both is the stage.
    pub fn named(name: &str) -> Option<Self> {
        let is = |known: &str| known.replace(' ', "_") == name;
        let stage = Stage::ALL.iter().find(|stage| is(stage.name())).map(|stage| Code::Stage(*stage));
        stage.or_else(|| Reason::ALL.iter().find(|reason| is(reason.name())).map(|reason| Code::Reason(*reason)))
    }

    /// All names.
    pub(in crate::check) fn names() -> impl Iterator<Item = String> {
        let names = Stage::ALL.iter().map(|stage| stage.name()).chain(Reason::ALL.iter().map(|reason| reason.name()));
        names.map(|name| name.replace(' ', "_"))
    }

    /// Whether leaving at a stage for a reason is what the code says.
    pub fn says(self, stage: Option<Stage>, reason: Option<Reason>) -> bool {
        match self {
            Code::Stage(said) => stage == Some(said),
            Code::Reason(said) => reason == Some(said),
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self {
            Code::Stage(stage) => stage.name(),
            Code::Reason(reason) => reason.name(),
        };
        f.write_str(&name.replace(' ', "_"))
    }
}

/// A `check` statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// What is to be found.
    pub kind: CheckKind,
    /// Where.
    pub span: Span,
}

/// What a `check` wants a customer for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum CheckKind {
    /// For each campaign one whom it may address.
    EveryCampaignReachable,
    /// One who is in both segments, by the numbers of their definitions.
    Overlap(usize, usize),
}
