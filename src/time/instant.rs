//! A moment: milliseconds since 1970-01-01T00:00:00Z.

use std::fmt;

use chrono::{DateTime, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::{self, Cursor};
use super::{DAY, Date, HOUR, MINUTE, SECOND};

/// A moment: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Written and serialized as RFC 3339 in UTC; outside of the years 0000..=9999, which that format cannot express, as
/// the bare number: `253402300800000 ms`.
///
/// ```
/// use nextbest::time::Instant;
/// let noon = Instant::parse("2026-03-10T12:00:00+01:00").ok_or("not an instant")?;
/// assert_eq!(noon.millis(), 1_773_140_400_000);
/// assert_eq!(noon.to_string(), "2026-03-10T11:00:00Z");
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(i64);

/// An instant too far from today for chrono's calendar (±262 000 years).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the instant {0} lies outside of the calendar")]
pub struct OutOfCalendar(Instant);

impl Instant {
    /// The earliest instant, some 292 million years ago.
    pub const MIN: Self = Self(i64::MIN);
    /// The latest instant, in some 292 million years.
    pub const MAX: Self = Self(i64::MAX);

    /// The instant `millis` milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, negative before.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 timestamp; `None` if `text` is not one.
    ///
    /// `T` and `Z` are capitals and the offset is mandatory: text without one names no instant. Seconds may be left
    /// out; digits after the millisecond are cut off. A second 60 is refused.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_ahead(text).map(|(instant, _)| instant)
    }

    /// The same, with how far the clock that it is written by is ahead of UTC, in milliseconds.
    pub(crate) fn parse_ahead(text: &str) -> Option<(Self, i64)> {
        let (date, time) = text.split_once('T')?;
        if date.starts_with('-') {
            return None;
        }
        let midnight = i64::from(Date::parse(date)?.days()).checked_mul(DAY)?;

        let mut rest = Cursor(time);
        let time = clock_millis(&mut rest)?;
        let (second, fraction) = if rest.accept(':') { seconds(&mut rest)? } else { (0, 0) };
        let offset = offset_millis(&mut rest)?;

        let local = midnight.checked_add(time)?.checked_add(second.checked_mul(SECOND)?)?.checked_add(fraction)?;
        rest.end((Self(local.checked_sub(offset)?), offset))
    }

    /// `millis` milliseconds later, at most [`Instant::MAX`].
    #[must_use]
    pub const fn saturating_add_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// `millis` milliseconds earlier, at least [`Instant::MIN`].
    #[must_use]
    pub const fn saturating_sub_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_sub(millis))
    }

    /// The UTC day and the milliseconds since its midnight; `None` outside of our calendar.
    pub(super) fn utc(self) -> Option<(Date, i64)> {
        let days = i32::try_from(self.0.div_euclid(DAY)).ok()?;
        Some((Date::from_days(days)?, self.0.rem_euclid(DAY)))
    }

    /// The text form back to the instant: what `parse` reads, and the bare number of far-out instants.
    fn parse_display(text: &str) -> Option<Self> {
        match text.strip_suffix(" ms") {
            Some(millis) => millis.parse().ok().map(Self),
            None => Self::parse(text),
        }
    }
}

impl Instant {
    /// Writes it as a clock shows it that is so many milliseconds ahead of UTC: `2026-03-11T09:00:00+01:00`. What cannot be read back
    /// like that, as seconds in an offset cannot, is shown in UTC.
    pub(crate) fn write_ahead(self, ahead: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The same digits as those of the instant at which a clock in UTC shows what this one does.
        let shown = self.saturating_add_millis(ahead).to_string();
        match shown.strip_suffix('Z').filter(|_| ahead != 0 && ahead % MINUTE == 0) {
            Some(shown) => {
                let (sign, minutes) = (if ahead < 0 { '-' } else { '+' }, ahead.unsigned_abs() / MINUTE.unsigned_abs());
                write!(f, "{shown}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            None => fmt::Display::fmt(&self, f),
        }
    }
}

/// `hh:mm`, in milliseconds.
fn clock_millis(rest: &mut Cursor<'_>) -> Option<i64> {
    let hour = i64::from(rest.digits(2).filter(|hour| *hour < 24)?);
    rest.expect(':')?;
    let minute = i64::from(rest.digits(2).filter(|minute| *minute < 60)?);
    hour.checked_mul(HOUR)?.checked_add(minute.checked_mul(MINUTE)?)
}

/// `ss` or `ss.f…`: the seconds and the milliseconds.
fn seconds(rest: &mut Cursor<'_>) -> Option<(i64, i64)> {
    let second = i64::from(rest.digits(2).filter(|second| *second < 60)?);
    if !rest.accept('.') {
        return Some((second, 0));
    }
    let fraction = rest.digit_run();
    if fraction.is_empty() {
        return None;
    }
    // As if padded with zeros to three digits: .5 is 500 ms.
    let millis =
        fraction.bytes().chain(*b"00").take(3).fold(0_i64, |millis, digit| {
            millis.saturating_mul(10).saturating_add(i64::from(digit.saturating_sub(b'0')))
        });
    Some((second, millis))
}

/// `Z`, `+hh:mm` or `-hh:mm`, in milliseconds east of UTC.
fn offset_millis(rest: &mut Cursor<'_>) -> Option<i64> {
    if rest.accept('Z') {
        return Some(0);
    }
    let west = rest.accept('-');
    if !west {
        rest.expect('+')?;
    }
    let offset = clock_millis(rest)?;
    if west { offset.checked_neg() } else { Some(offset) }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((date, time)) = self.utc().filter(|(date, _)| date.year() >= 0) else {
            return write!(f, "{} ms", self.0);
        };
        write!(f, "{date}T{:02}:{:02}:{:02}", time / HOUR, time / MINUTE % 60, time / SECOND % 60)?;
        match time % SECOND {
            0 => f.write_str("Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

/// Digits after the millisecond are cut off.
impl<Tz: TimeZone> From<DateTime<Tz>> for Instant {
    fn from(time: DateTime<Tz>) -> Self {
        Self(time.timestamp_millis())
    }
}

impl TryFrom<Instant> for DateTime<Utc> {
    type Error = OutOfCalendar;

    fn try_from(instant: Instant) -> Result<Self, OutOfCalendar> {
        DateTime::from_timestamp_millis(instant.0).ok_or(OutOfCalendar(instant))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "an instant like 2026-03-10T12:00:00+01:00", Self::parse_display)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses_rfc_3339() {
        let parse = |text| Instant::parse(text).map(Instant::millis);
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse("1970-01-01T00:00Z"), Some(0));
        assert_eq!(parse("1970-01-01T05:45+05:45"), Some(0));
        assert_eq!(parse("1969-12-31T23:00:00.25-01:00"), Some(250));
        assert_eq!(parse("1970-01-01T00:00:00.9999999Z"), Some(999));
        assert_eq!(parse("1969-12-31T23:59:59.999Z"), Some(-1));
    }

    #[test]
    fn refuses_the_rest() {
        for bad in [
            "",
            "2026-03-10",
            "2026-03-10T12:00:00",
            "2026-03-10 12:00:00Z",
            "2026-03-10t12:00:00z",
            "2026-03-10T24:00:00Z",
            "2026-03-10T12:60:00Z",
            "2026-06-30T23:59:60Z",
            "2026-03-10T12:00:00.Z",
            "2026-03-10T12:00.5Z",
            "2026-03-10T12Z",
            "2026-03-10T12:00:00+1:00",
            "2026-03-10T12:00:00+24:00",
            "2026-03-10T12:00:00Z ",
            "-2026-03-10T12:00:00Z",
            "2026-02-30T12:00:00Z",
        ] {
            assert_eq!(Instant::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn far_out_instants_are_numbers() {
        assert_eq!(Instant::MIN.to_string(), "-9223372036854775808 ms");
        assert_eq!(Instant::MAX.to_string(), "9223372036854775807 ms");
        assert_eq!(Instant(253_402_300_799_999).to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Instant(253_402_300_800_000).to_string(), "253402300800000 ms");
        assert_eq!(Instant(-62_167_219_200_000).to_string(), "0000-01-01T00:00:00Z");
        assert_eq!(Instant(-62_167_219_200_001).to_string(), "-62167219200001 ms");
        assert_eq!(DateTime::<Utc>::try_from(Instant::MAX), Err(OutOfCalendar(Instant::MAX)));
        assert!(serde_json::from_str::<Instant>("\"12\"").is_err());
    }

    proptest! {
        #[test]
        fn serde_round_trips(millis in any::<i64>()) {
            let text = serde_json::to_string(&Instant(millis)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Instant>(&text).unwrap(), Instant(millis));
        }

        #[test]
        fn text_and_chrono_agree(millis in -62_167_219_200_000_i64..253_402_300_800_000) {
            let instant = Instant(millis);
            prop_assert_eq!(Instant::parse(&instant.to_string()), Some(instant));
            let chrono = DateTime::<Utc>::try_from(instant).unwrap();
            prop_assert_eq!(Instant::from(chrono), instant);
            prop_assert_eq!(Instant::parse(&chrono.format("%Y-%m-%dT%H:%M:%S%.9f+00:00").to_string()), Some(instant));
        }

        #[test]
        fn anything_may_be_parsed(text in "[-+0-9TZ:.é]{0,30}") {
            let _ = Instant::parse(&text);
        }
    }
}
