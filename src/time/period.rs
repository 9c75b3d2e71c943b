//! Amounts of time: exact (seconds, minutes, hours) and civil (days, weeks, months, years).
use serde::{Deserialize, Serialize};

/// A unit of time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// An amount of time: months, then days, by the calendar; then exact milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Period {
    /// Calendar months (a year is twelve).
    pub months: i32,
    /// Calendar days (a week is seven).
    pub days: i32,
    /// Exact milliseconds (hours, minutes, seconds).
    pub millis: i64,
}
