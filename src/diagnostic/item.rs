//! One diagnostic, built step by step.

use serde::{Deserialize, Serialize};

use super::{Code, Lint};

/// A range of bytes in one source file of a ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Index of the file in the order given to `Ruleset::parse`.
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// In no file: of what is wrong with something that the program gave.
    pub const NOWHERE: Span = Span { file: u32::MAX, start: 0, end: 0 };

    /// The smallest span that holds both, which must be of one file.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether all of another one is inside.
    pub(crate) fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// Whether a diagnostic forbids the use of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The rules can be used, but probably do not say what was meant.
    Warning,
    /// The rules cannot be used.
    Error,
}

/// A text that would mend the problem if it stood in place of a span.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// What to replace; empty to insert.
    pub span: Span,
    /// What to write there.
    pub replacement: String,
}

/// One thing that is wrong, in the words of whoever writes rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// The lint that found it; none for a mistake that is always an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lint: Option<Lint>,
    /// Whether it forbids the use of the rules.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to say right beside the place; may be empty.
    pub label: String,
    /// Other places that matter, with what to say there.
    pub related: Vec<(Span, String)>,
    /// How to mend it.
    pub help: Option<String>,
    /// The text that would mend it.
    pub suggestion: Option<Suggestion>,
}

impl Diagnostic {
    /// A problem that forbids the use of the rules.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            lint: None,
            severity: Severity::Error,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
            suggestion: None,
        }
    }

    /// A limit that is passed at a place: what an author can do, and the builder by which a program raises it.
    pub(crate) fn exceeded(message: impl Into<String>, span: Span, repair: &str, limit: &str) -> Self {
        Self::error(Code::LimitExceeded, span, message)
            .label("the limit is passed here")
            .help(format!("{repair}; a program raises it with `Limits::{limit}`"))
    }

    /// A problem that the author should look at.
    pub fn warning(lint: Lint, span: Span, message: impl Into<String>) -> Self {
        let error = Self::error(lint.code(), span, message);
        Self { lint: Some(lint), severity: Severity::Warning, ..error }
    }

    /// Says something right beside the carets.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Points at another place that matters.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a text to write in place of `span`.
    #[must_use]
    pub fn suggest(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion { span, replacement: replacement.into() });
        self
    }

    /// Whether it forbids the use of the rules.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
