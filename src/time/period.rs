//! Amounts of time: exact (seconds, minutes, hours) and civil (days, weeks, months, years).

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{DAY, HOUR, MINUTE, SECOND};

/// Milliseconds in a twelfth of the Gregorian mean year of 365.2425 days: 30.436875 days.
const NOMINAL_MONTH: i128 = 2_629_746_000;

/// A unit of time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)] // the names say it
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    /// All units, shortest first.
    pub const ALL: [Self; 7] = [Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year];

    /// `day`
    pub const fn singular(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// `days`
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Second => "seconds",
            Self::Minute => "minutes",
            Self::Hour => "hours",
            Self::Day => "days",
            Self::Week => "weeks",
            Self::Month => "months",
            Self::Year => "years",
        }
    }

    /// The unit called `name`, singular or plural, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        let called =
            |unit: &Self| unit.singular().eq_ignore_ascii_case(name) || unit.plural().eq_ignore_ascii_case(name);
        Self::ALL.into_iter().find(called)
    }

    /// `amount` of this unit as words: `1 day`, `30 days`.
    fn write(self, f: &mut fmt::Formatter<'_>, amount: i64) -> fmt::Result {
        let name = if amount.unsigned_abs() == 1 { self.singular() } else { self.plural() };
        write!(f, "{amount} {name}")
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.singular())
    }
}

/// An amount of time: months, then days, by the calendar; then exact milliseconds.
///
/// ```
/// use nextbest::time::{Period, Unit};
/// let period = Period::from_parts(&[(1, Unit::Year), (6, Unit::Month)]).unwrap_or_default();
/// assert_eq!(period, Period { months: 18, days: 0, millis: 0 });
/// assert_eq!(period.to_string(), "1 year 6 months");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Period {
    /// Calendar months (a year is twelve).
    pub months: i32,
    /// Calendar days (a week is seven).
    pub days: i32,
    /// Exact milliseconds (hours, minutes, seconds).
    pub millis: i64,
}

impl Period {
    /// The sum of `parts`; `None` if it does not fit. A year is 12 months and a week 7 days.
    pub fn from_parts(parts: &[(i64, Unit)]) -> Option<Self> {
        let (mut months, mut days, mut millis) = (0_i64, 0_i64, 0_i64);
        for &(amount, unit) in parts {
            let (total, size) = match unit {
                Unit::Second => (&mut millis, SECOND),
                Unit::Minute => (&mut millis, MINUTE),
                Unit::Hour => (&mut millis, HOUR),
                Unit::Day => (&mut days, 1),
                Unit::Week => (&mut days, 7),
                Unit::Month => (&mut months, 1),
                Unit::Year => (&mut months, 12),
            };
            *total = total.checked_add(amount.checked_mul(size)?)?;
        }
        Some(Self { months: i32::try_from(months).ok()?, days: i32::try_from(days).ok()?, millis })
    }

    /// `days` calendar days.
    pub const fn of_days(days: i32) -> Self {
        Self { months: 0, days, millis: 0 }
    }

    /// `months` calendar months.
    pub const fn of_months(months: i32) -> Self {
        Self { months, days: 0, millis: 0 }
    }

    /// `millis` exact milliseconds.
    pub const fn of_millis(millis: i64) -> Self {
        Self { months: 0, days: 0, millis }
    }

    /// Whether this is no time at all.
    pub const fn is_zero(self) -> bool {
        self.is_exact() && self.millis == 0
    }

    /// Whether this is the same number of milliseconds wherever it is counted from: no months, no days.
    pub const fn is_exact(self) -> bool {
        self.months == 0 && self.days == 0
    }

    /// Roughly how many milliseconds: a month counts 30.436875 days, a day 24 hours. Saturates.
    pub fn nominal_millis(self) -> i64 {
        let nominal = self.nominal();
        let end = if nominal < 0 { i64::MIN } else { i64::MAX };
        i64::try_from(nominal).unwrap_or(end)
    }

    /// Which of two periods is longer, by nominal length (see [`Period::nominal_millis`]): good for telling that the
    /// bounds of a window are reversed, not for telling instants apart.
    pub fn cmp_approx(&self, other: &Self) -> Ordering {
        self.nominal().cmp(&other.nominal())
    }

    /// The nominal length; the three terms stay below 2^63, 2^58 and 2^63, so their sum cannot saturate.
    fn nominal(self) -> i128 {
        i128::from(self.months)
            .saturating_mul(NOMINAL_MONTH)
            .saturating_add(i128::from(self.days).saturating_mul(i128::from(DAY)))
            .saturating_add(i128::from(self.millis))
    }
}

/// The fewest words that say it: `1 year 6 months`, `30 days`, `36 hours`. No time at all is `0 seconds`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let months = i64::from(self.months);
        let parts = [
            (months / 12, Unit::Year),
            (months % 12, Unit::Month),
            (i64::from(self.days), Unit::Day),
            (self.millis / HOUR, Unit::Hour),
            (self.millis / MINUTE % 60, Unit::Minute),
            (self.millis / SECOND % 60, Unit::Second),
        ];
        let mut separator = "";
        for (amount, unit) in parts.into_iter().filter(|(amount, _)| *amount != 0) {
            f.write_str(separator)?;
            unit.write(f, amount)?;
            separator = " ";
        }
        // No rule can say milliseconds, but a host that builds a period can.
        match self.millis % SECOND {
            0 if separator.is_empty() => Unit::Second.write(f, 0),
            0 => Ok(()),
            millis => write!(f, "{separator}{millis} ms"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn units_are_read_in_both_numbers() {
        for unit in Unit::ALL {
            assert_eq!(Unit::parse(unit.singular()), Some(unit));
            assert_eq!(Unit::parse(unit.plural()), Some(unit));
            assert_eq!(Unit::parse(&unit.to_string().to_uppercase()), Some(unit));
        }
        assert_eq!(Unit::parse("fortnight"), None);
        assert_eq!(Unit::parse(""), None);
    }

    #[test]
    fn parts_add_up() {
        let period = Period::from_parts(&[(2, Unit::Week), (1, Unit::Day), (90, Unit::Minute), (1, Unit::Year)]);
        assert_eq!(period, Some(Period { months: 12, days: 15, millis: 5_400_000 }));
        assert_eq!(Period::from_parts(&[]), Some(Period::default()));
        assert_eq!(Period::from_parts(&[(i64::MAX, Unit::Hour)]), None);
        assert_eq!(Period::from_parts(&[(i64::MAX, Unit::Day)]), None);
        assert_eq!(Period::from_parts(&[(i64::MAX, Unit::Second), (1, Unit::Second)]), None);
        assert_eq!(Period::from_parts(&[(200_000_000, Unit::Year)]), None);
    }

    #[test]
    fn words() {
        let words = |months, days, millis| Period { months, days, millis }.to_string();
        assert_eq!(words(0, 0, 0), "0 seconds");
        assert_eq!(words(0, 30, 0), "30 days");
        assert_eq!(words(0, 1, 0), "1 day");
        assert_eq!(words(18, 0, 0), "1 year 6 months");
        assert_eq!(words(0, 0, 24 * HOUR), "24 hours");
        assert_eq!(words(1, 0, 90 * SECOND), "1 month 1 minute 30 seconds");
        assert_eq!(words(0, 0, 1), "1 ms");
        assert_eq!(words(0, -1, -1500), "-1 day -1 second -500 ms");
    }

    #[test]
    fn lengths_compare_by_nominal_size() {
        assert_eq!(Period::of_months(1).cmp_approx(&Period::of_days(30)), Ordering::Greater);
        assert_eq!(Period::of_months(1).cmp_approx(&Period::of_days(31)), Ordering::Less);
        assert_eq!(Period::of_days(1).cmp_approx(&Period::of_millis(DAY)), Ordering::Equal);
        assert_eq!(Period { months: i32::MAX, days: i32::MAX, millis: i64::MAX }.nominal_millis(), i64::MAX);
        assert_eq!(Period { months: i32::MIN, days: i32::MIN, millis: i64::MIN }.nominal_millis(), i64::MIN);
        assert!(Period::of_millis(1).is_exact() && !Period::of_days(1).is_exact());
        assert!(Period::default().is_zero() && !Period::of_months(1).is_zero());
    }

    proptest! {
        #[test]
        fn words_read_back(months in 0_i32.., days in 0_i32.., seconds in 0..i64::MAX / SECOND) {
            let period = Period { months, days, millis: seconds * SECOND };
            let text = period.to_string();
            let words: Vec<&str> = text.split(' ').collect();
            let parts: Vec<(i64, Unit)> =
                words.chunks(2).map(|pair| (pair[0].parse().unwrap(), Unit::parse(pair[1]).unwrap())).collect();
            prop_assert_eq!(Period::from_parts(&parts), Some(period));
        }

        #[test]
        fn anything_may_be_written(months: i32, days: i32, millis: i64) {
            let period = Period { months, days, millis };
            let _ = (period.to_string(), period.nominal_millis());
        }
    }
}
