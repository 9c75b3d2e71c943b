//! What is wrong with a rule file, where, and how to mend it.

use serde::{Deserialize, Serialize};

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
