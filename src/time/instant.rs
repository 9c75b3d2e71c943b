//! A moment: milliseconds since 1970-01-01T00:00:00Z.
use serde::{Deserialize, Serialize};

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Instant(i64);
