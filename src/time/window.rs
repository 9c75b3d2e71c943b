//! Windows: what a rule says, and the range of instants it means at one `now` in one zone.
use serde::{Deserialize, Serialize};

use super::{Date, Instant, Period};

/// A unit of calendar windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CalendarUnit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A window as a rule states it; `D` is how it writes amounts of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CivilWindow<D = Period> {
    /// `within 30 days`, `in the last 30 days`: (now − d, now].
    Last(D),
    /// `in the next 30 days`: (now, now + d].
    Next(D),
    /// `from 60 days ago to 30 days ago`: (now − from, now − to].
    Ago { from: D, to: D },
    /// `from D to D`, `since D`, `until D`: whole days, both ends included.
    Dates { from: Option<Date>, to: Option<Date> },
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
    /// `this month`
    This(CalendarUnit),
    /// `last month`: the whole previous one.
    Previous(CalendarUnit),
    /// `last 3 full months`
    LastFull { count: u32, unit: CalendarUnit },
}

/// Instants after `after`, up to and including `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    pub after: Instant,
    pub until: Instant,
}

/// Days from `first` to `last`, both included; empty where `last < first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    pub first: Date,
    pub last: Date,
}
