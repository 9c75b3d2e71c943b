//! What is wrong with JSON text, and where.

use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonError {
    /// On which line, counted from 1, where lines are read one by one or the text is not JSON.
    pub line: Option<usize>,
    /// Where: `$.order[3].total`.
    pub path: String,
    /// What ought to be there.
    pub expected: String,
    /// What is there; the values of personal data are not repeated.
    pub found: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "{}: expected {}, found {}", self.path, self.expected, self.found)
    }
}

impl std::error::Error for JsonError {}

/// Everything that is wrong, in the order of the text. At most 100 errors are kept; the rest is counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JsonErrors {
    errors: Vec<JsonError>,
    more: usize,
}

/// How many errors are kept.
const KEPT: usize = 100;

impl JsonErrors {
    /// The errors.
    pub fn iter(&self) -> std::slice::Iter<'_, JsonError> {
        self.errors.iter()
    }

    /// How many there are beyond those kept.
    pub fn more(&self) -> usize {
        self.more
    }

    pub(super) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Adds an error, which is not even made when there are too many.
    pub(super) fn push(&mut self, error: impl FnOnce() -> JsonError) {
        if self.errors.len() < KEPT {
            self.errors.push(error());
        } else {
            self.more += 1;
        }
    }
}

impl<'a> IntoIterator for &'a JsonErrors {
    type Item = &'a JsonError;
    type IntoIter = std::slice::Iter<'a, JsonError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for JsonErrors {
    type Item = JsonError;
    type IntoIter = std::vec::IntoIter<JsonError>;

    fn into_iter(self) -> Self::IntoIter {
        self.errors.into_iter()
    }
}

/// One error a line.
impl fmt::Display for JsonErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{error}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for JsonErrors {}
