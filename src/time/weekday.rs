//! Days of the week.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A day of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names say it
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// The English name in lower case: `monday`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    /// The day with this English name, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.name().eq_ignore_ascii_case(name))
    }

    /// The place in the week: Monday is 0, Sunday is 6.
    pub const fn index(self) -> u8 {
        self as u8
    }

    /// How many days after the latest `start` this day is: 0..=6.
    pub(super) fn days_since(self, start: Self) -> u8 {
        // Both indices are below seven, so the sum stays below fourteen.
        self.index().saturating_add(7).saturating_sub(start.index()) % 7
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_indices_agree() {
        for (index, day) in Weekday::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(day.index()), index);
            assert_eq!(Weekday::parse(day.name()), Some(day));
            assert_eq!(serde_json::to_string(&day).unwrap(), format!("\"{day}\""));
        }
        assert_eq!(Weekday::parse("SUNDAY"), Some(Weekday::Sunday));
        assert_eq!(Weekday::parse("sun"), None);
    }

    #[test]
    fn days_since_wraps() {
        assert_eq!(Weekday::Monday.days_since(Weekday::Sunday), 1);
        assert_eq!(Weekday::Sunday.days_since(Weekday::Monday), 6);
        assert_eq!(Weekday::Friday.days_since(Weekday::Friday), 0);
    }
}
