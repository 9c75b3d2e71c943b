//! Times of day.

use std::fmt;

use chrono::{NaiveTime, Timelike};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::{self, Cursor};
use super::{DAY, HOUR, MINUTE, SECOND};

/// A time that a clock shows, from `00:00` to `23:59:59.999`: milliseconds since midnight, of no particular day or zone.
///
/// Serialized as its text, `"09:30"`.
///
/// ```
/// use nextbest::TimeOfDay;
/// let opening = TimeOfDay::parse("09:30").ok_or("no time of day")?;
/// assert_eq!(opening, TimeOfDay::new(9, 30, 0).ok_or("no time of day")?);
/// assert!(opening < TimeOfDay::parse("22:00:30").ok_or("no time of day")?);
/// assert_eq!(TimeOfDay::parse("24:00"), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeOfDay(u32);

impl TimeOfDay {
    /// `00:00`, the first there is.
    pub const MIN: Self = Self(0);
    /// `23:59:59.999`, the last there is.
    pub const MAX: Self = Self(DAY as u32 - 1);

    /// What a clock shows; `None` if it never does.
    pub const fn new(hour: u32, minute: u32, second: u32) -> Option<Self> {
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        Some(Self(hour * HOUR as u32 + minute * MINUTE as u32 + second * SECOND as u32))
    }

    /// So many milliseconds after midnight; `None` if that is another day.
    pub const fn from_millis(millis: u32) -> Option<Self> {
        if millis > Self::MAX.0 { None } else { Some(Self(millis)) }
    }

    /// Milliseconds since midnight.
    pub const fn millis(self) -> u32 {
        self.0
    }

    /// Whether it lies in `from .. to`, the end excluded; past midnight where `to` is not later.
    pub const fn is_in(self, from: Self, to: Self) -> bool {
        if from.0 < to.0 { from.0 <= self.0 && self.0 < to.0 } else { self.0 >= from.0 || self.0 < to.0 }
    }

    /// Reads `09:30`, `09:30:15` and `09:30:15.25`. Digits beyond the millisecond are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Cursor(text);
        let hour = rest.digits(2)?;
        rest.expect(':')?;
        let minute = rest.digits(2)?;
        if !rest.accept(':') {
            return rest.end(Self::new(hour, minute, 0)?);
        }
        let second = rest.digits(2)?;
        let mut millis = 0;
        if rest.accept('.') {
            let digits = rest.digit_run();
            if digits.is_empty() || digits.len() > 9 {
                return None;
            }
            millis = format!("{digits:0<3}").get(..3)?.parse().ok()?;
        }
        let whole = rest.end(Self::new(hour, minute, second)?)?;
        Self::from_millis(whole.0.checked_add(millis)?)
    }
}

/// The shortest of `09:30`, `09:30:15` and `09:30:15.250` that says it all.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = i64::from(self.0);
        let (hour, minute) = (all / HOUR, all % HOUR / MINUTE);
        let (second, millis) = (all % MINUTE / SECOND, all % SECOND);
        write!(f, "{hour:02}:{minute:02}")?;
        match (second, millis) {
            (0, 0) => Ok(()),
            (second, 0) => write!(f, ":{second:02}"),
            (second, millis) => write!(f, ":{second:02}.{millis:03}"),
        }
    }
}

/// Drops what is finer than a millisecond; a leap second is the last millisecond of its minute.
impl From<NaiveTime> for TimeOfDay {
    fn from(time: NaiveTime) -> Self {
        let millis = (time.nanosecond() / 1_000_000).min(999);
        let seconds = time.num_seconds_from_midnight().saturating_mul(SECOND as u32);
        Self::from_millis(seconds.saturating_add(millis)).unwrap_or(Self::MAX)
    }
}

/// Every time of day of ours is one of chrono's, so this never fails (and `TryFrom` comes with it).
impl From<TimeOfDay> for NaiveTime {
    fn from(time: TimeOfDay) -> Self {
        let (seconds, millis) = (time.0 / SECOND as u32, time.0 % SECOND as u32);
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, millis.saturating_mul(1_000_000)).unwrap_or_default()
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a time of day like 09:30", Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_a_clock_shows_is_read() {
        for (text, millis) in [
            ("00:00", 0),
            ("09:30", 34_200_000),
            ("09:30:15", 34_215_000),
            ("09:30:15.25", 34_215_250),
            ("23:59:59.999999", 86_399_999),
            ("23:59:59.123456789", 86_399_123),
        ] {
            assert_eq!(TimeOfDay::parse(text).map(TimeOfDay::millis), Some(millis), "{text}");
        }
        for text in [
            "",
            "9:30",
            "24:00",
            "12:60",
            "12:00:60",
            "12",
            "12:",
            "12:00:",
            "12:00:00.",
            "12:00:00.0123456789",
            "-1:00",
            "12:00 ",
        ] {
            assert_eq!(TimeOfDay::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_leap_second_belongs_to_its_minute() {
        let leap = NaiveTime::from_hms_milli_opt(23, 59, 59, 1_500).unwrap();
        assert_eq!(TimeOfDay::from(leap).to_string(), "23:59:59.999");
    }

    proptest! {
        #[test]
        fn text_and_chrono_give_it_back(millis in 0u32..86_400_000) {
            let time = TimeOfDay::from_millis(millis).unwrap();
            prop_assert_eq!(TimeOfDay::parse(&time.to_string()), Some(time));
            prop_assert_eq!(TimeOfDay::from(NaiveTime::from(time)), time);
        }
    }
}
