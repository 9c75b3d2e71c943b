//! A test that failed, for a person to read.

use std::fmt;

use super::{RuleTest, Tests};
use crate::diagnostic::{Position, Span};

/// A test that failed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Failure {
    /// Its name.
    pub name: String,
    /// The file and line where it stands.
    pub place: String,
    /// What differs, in the order of the text.
    pub differences: Vec<Difference>,
    /// The line of each of them.
    lines: Vec<String>,
    /// Why it could not be run.
    broken: Option<String>,
}

/// Something expected that did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Where it is expected.
    pub span: Span,
    /// What.
    pub expected: String,
    /// What came instead.
    pub came: String,
    /// How that came about.
    pub trace: String,
}

impl Failure {
    pub(super) fn of(test: &RuleTest<'_>, differences: Vec<Difference>) -> Self {
        let lines = differences.iter().map(|difference| test.tests.place(difference.span)).collect();
        Failure { name: test.name().to_owned(), place: test.place(), differences, lines, broken: None }
    }

    /// What is given could not be given after all.
    pub(super) fn broken(test: &RuleTest<'_>, problem: String) -> Self {
        Failure { broken: Some(problem), ..Failure::of(test, Vec::new()) }
    }
}

impl Tests {
    /// `campaigns.nba:12`
    pub(super) fn place(&self, span: Span) -> String {
        let sources = self.rules.sources();
        let line = sources.position(span).map(|Position { line, .. }| format!(":{line}"));
        format!("{}{}", sources.name(span.file).unwrap_or_default(), line.unwrap_or_default())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "test \"{}\" failed ({})", self.name, self.place)?;
        if let Some(problem) = &self.broken {
            writeln!(f, "  {problem}")?;
        }
        for (difference, place) in self.differences.iter().zip(&self.lines) {
            writeln!(f, "  at {place}")?;
            difference.expected.lines().try_for_each(|line| writeln!(f, "  - {line}"))?;
            difference.came.lines().try_for_each(|line| writeln!(f, "  + {line}"))?;
            difference.trace.lines().try_for_each(|line| writeln!(f, "    {line}"))?;
        }
        Ok(())
    }
}
