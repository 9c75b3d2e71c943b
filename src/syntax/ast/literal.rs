//! Values as they are written.

use serde::{Deserialize, Serialize};

use super::{Moment, Name};
use crate::geo::DistanceUnit;
use crate::time::{Date, Period, TimeOfDay, Unit};

/// A literal as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Literal {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Digits and a point, as written.
    Number(String),
    /// The digits before `%`, as written.
    Percent(String),
    /// `50 USD`, the amount as written.
    Money {
        /// The digits.
        amount: String,
        /// The currency.
        currency: Name,
    },
    /// NFC-normalised.
    Text(String),
    /// A day.
    Date(Date),
    /// A moment.
    Instant(Moment),
    /// `09:30`
    Time(TimeOfDay),
    /// `30 days`
    Duration(Duration),
    /// `10 km`
    Distance(Distance),
}

/// A length on the map, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distance {
    /// The digits.
    pub amount: String,
    /// What it counts.
    pub unit: DistanceUnit,
}

/// `30 days`, `1 year 6 months`: as written, and as one amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Duration {
    /// In the order of the text.
    pub parts: Vec<(i64, Unit)>,
    /// Their sum.
    #[serde(skip)]
    pub period: Period,
}
