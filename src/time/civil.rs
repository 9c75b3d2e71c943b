//! Days of the proleptic Gregorian calendar.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::{self, Cursor};
use super::{CalendarUnit, Period, Weekday};

/// Days from chrono's day one, 0001-01-01, to ours, 1970-01-01.
const EPOCH: i32 = 719_163;

/// A calendar day: the number of days since 1970-01-01, from year −9999 to year 9999.
///
/// Serialized as its text, `"2026-01-31"`.
///
/// ```
/// use nextbest::time::Date;
/// let date = Date::parse("2026-01-31").ok_or("not a date")?;
/// assert_eq!(date.plus_months(1), Date::new(2026, 2, 28));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(i32);

impl Date {
    /// −9999-01-01, the first day there is.
    pub const MIN: Self = Self(-4_371_587);
    /// 9999-12-31, the last day there is.
    pub const MAX: Self = Self(2_932_896);

    /// The day `day` (1..=31) of month `month` (1..=12); `None` if there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        Self::from_naive(NaiveDate::from_ymd_opt(year, month, day)?)
    }

    /// The day `days` days after 1970-01-01; `None` outside of [`Date::MIN`]..=[`Date::MAX`].
    pub const fn from_days(days: i32) -> Option<Self> {
        if days < Self::MIN.0 || days > Self::MAX.0 { None } else { Some(Self(days)) }
    }

    /// Days since 1970-01-01, negative before.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Reads `2026-01-31`: four digits, two, two. A minus sign in front means a year before year 0.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Cursor(text);
        let negative = rest.accept('-');
        let year = i32::try_from(rest.digits(4)?).ok()?;
        if negative && year == 0 {
            return None;
        }
        rest.expect('-')?;
        let month = rest.digits(2)?;
        rest.expect('-')?;
        let day = rest.digits(2)?;
        let year = if negative { year.saturating_neg() } else { year };
        rest.end(Self::new(year, month, day)?)
    }

    /// The year: −9999..=9999, with a year 0.
    pub fn year(self) -> i32 {
        self.naive().year()
    }

    /// The month: 1..=12.
    pub fn month(self) -> u32 {
        self.naive().month()
    }

    /// The day of the month: 1..=31.
    pub fn day(self) -> u32 {
        self.naive().day()
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday, three days after a Monday.
        let index = self.0.saturating_add(3).rem_euclid(7);
        usize::try_from(index).ok().and_then(|index| Weekday::ALL.get(index).copied()).unwrap_or(Weekday::Monday)
    }

    /// The day `days` days later (earlier if negative); `None` past the ends of the calendar.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let days = i64::from(self.0).checked_add(days)?;
        Self::from_days(i32::try_from(days).ok()?)
    }

    /// The same day of the month `months` months later (earlier if negative), or the last day of that month if it is
    /// shorter; `None` past the ends of the calendar.
    pub fn plus_months(self, months: i64) -> Option<Self> {
        if months == 0 {
            return Some(self);
        }
        let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        let naive = self.naive();
        let moved = if months < 0 { naive.checked_sub_months(count) } else { naive.checked_add_months(count) };
        Self::from_naive(moved?)
    }

    /// This day and the calendar part of `period`: months first, then days. The exact part (hours and less) says
    /// nothing about days and is ignored. `None` past the ends of the calendar.
    pub fn plus(self, period: Period) -> Option<Self> {
        self.plus_months(period.months.into())?.plus_days(period.days.into())
    }

    /// This day less the calendar part of `period`; see [`Date::plus`].
    pub fn minus(self, period: Period) -> Option<Self> {
        self.plus_months(i64::from(period.months).saturating_neg())?.plus_days(i64::from(period.days).saturating_neg())
    }

    /// The day `count` units later (earlier if negative); `None` past the ends of the calendar.
    pub fn plus_units(self, count: i64, unit: CalendarUnit) -> Option<Self> {
        match unit {
            CalendarUnit::Day => self.plus_days(count),
            CalendarUnit::Week => self.plus_days(count.checked_mul(7)?),
            CalendarUnit::Month => self.plus_months(count),
            CalendarUnit::Quarter => self.plus_months(count.checked_mul(3)?),
            CalendarUnit::Year => self.plus_months(count.checked_mul(12)?),
        }
    }

    /// The first day of this day's week. ([`Date::MIN`] where the week begins before the calendar does.)
    pub fn first_of_week(self, week_start: Weekday) -> Self {
        let into = self.weekday().days_since(week_start);
        self.plus_days(i64::from(into).saturating_neg()).unwrap_or(Self::MIN)
    }

    /// The first day of this day's month.
    pub fn first_of_month(self) -> Self {
        Self::new(self.year(), self.month(), 1).unwrap_or(self)
    }

    /// The first day of this day's quarter: of January, April, July or October.
    pub fn first_of_quarter(self) -> Self {
        let into = i64::from(self.month().saturating_sub(1) % 3);
        self.first_of_month().plus_months(into.saturating_neg()).unwrap_or(self)
    }

    /// The first day of this day's year.
    pub fn first_of_year(self) -> Self {
        Self::new(self.year(), 1, 1).unwrap_or(self)
    }

    /// The first day of the day, week, month, quarter or year that this day lies in.
    pub fn first_of(self, unit: CalendarUnit, week_start: Weekday) -> Self {
        match unit {
            CalendarUnit::Day => self,
            CalendarUnit::Week => self.first_of_week(week_start),
            CalendarUnit::Month => self.first_of_month(),
            CalendarUnit::Quarter => self.first_of_quarter(),
            CalendarUnit::Year => self.first_of_year(),
        }
    }

    /// The day, if it lies in our calendar, which is narrower than chrono's.
    fn from_naive(date: NaiveDate) -> Option<Self> {
        Self::from_days(date.num_days_from_ce().checked_sub(EPOCH)?)
    }

    /// chrono's form; our calendar lies within chrono's, so the default is never taken.
    fn naive(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(EPOCH)).unwrap_or_default()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.naive();
        let sign = if date.year() < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{:02}-{:02}", date.year().unsigned_abs(), date.month(), date.day())
    }
}

/// Saturates: chrono knows years beyond ±9999, we do not.
impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self::from_naive(date).unwrap_or(if date.year() < 0 { Self::MIN } else { Self::MAX })
    }
}

/// Every day of ours is one of chrono's, so this never fails (and `TryFrom` comes with it).
impl From<Date> for NaiveDate {
    fn from(date: Date) -> Self {
        date.naive()
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a date like 2026-01-31", Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn any_date() -> impl Strategy<Value = Date> {
        (Date::MIN.days()..=Date::MAX.days()).prop_map(|days| Date::from_days(days).unwrap())
    }

    #[test]
    fn the_ends_are_where_they_are_said_to_be() {
        assert_eq!(Date::new(-9999, 1, 1), Some(Date::MIN));
        assert_eq!(Date::new(9999, 12, 31), Some(Date::MAX));
        assert_eq!(Date::new(1970, 1, 1).unwrap().days(), 0);
        assert_eq!(Date::new(10_000, 1, 1), None);
        assert_eq!(Date::new(i32::MAX, 1, 1), None);
        assert_eq!(Date::from_days(i32::MIN), None);
        assert_eq!(Date::MIN.plus_days(-1), None);
        assert_eq!(Date::MAX.plus_days(1), None);
        assert_eq!(Date::MAX.plus_days(i64::MAX), None);
        assert_eq!(Date::MAX.plus_months(1), None);
        assert_eq!(Date::MIN.plus_months(i64::MIN), None);
        assert_eq!(Date::from(NaiveDate::MAX), Date::MAX);
        assert_eq!(Date::from(NaiveDate::MIN), Date::MIN);
    }

    #[test]
    fn parsing_is_strict() {
        for bad in
            ["", "2026-1-31", "2026-01-3", "2026-02-29", "02026-01-01", "2026-01-011", "+026-01-01", "2026/01/01"]
        {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
        for bad in ["2026-13-01", "2026-00-01", "2026-01-00", " 2026-01-01", "2026-01-01 ", "-0000-01-01", "٢٠٢٦-01-01"]
        {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
        assert_eq!(Date::parse("2024-02-29"), Date::new(2024, 2, 29));
        assert_eq!(Date::parse("-0044-03-15"), Date::new(-44, 3, 15));
    }

    #[test]
    fn month_ends_clamp() {
        assert_eq!(date("2026-03-31").plus_months(-1), Date::new(2026, 2, 28));
        assert_eq!(date("2024-03-31").plus_months(-1), Date::new(2024, 2, 29));
        assert_eq!(date("2024-02-29").plus_months(12), Date::new(2025, 2, 28));
        assert_eq!(date("2025-11-30").plus_months(3), Date::new(2026, 2, 28));
    }

    #[test]
    fn periods_start_where_the_calendar_says() {
        let day = date("2026-05-14"); // a Thursday
        assert_eq!(day.weekday(), Weekday::Thursday);
        assert_eq!(day.first_of_week(Weekday::Monday), date("2026-05-11"));
        assert_eq!(day.first_of_week(Weekday::Sunday), date("2026-05-10"));
        assert_eq!(day.first_of_week(Weekday::Friday), date("2026-05-08"));
        assert_eq!(day.first_of_month(), date("2026-05-01"));
        assert_eq!(day.first_of_quarter(), date("2026-04-01"));
        assert_eq!(day.first_of_year(), date("2026-01-01"));
        assert_eq!(date("2026-12-31").first_of_quarter(), date("2026-10-01"));
        assert_eq!(
            Date::MIN.first_of_week(Weekday::ALL[(usize::from(Date::MIN.weekday().index()) + 1) % 7]),
            Date::MIN
        );
    }

    #[test]
    fn serialized_as_text() {
        let day = date("2026-01-31");
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-01-31\"");
        assert_eq!(serde_json::from_str::<Date>("\"2026-01-31\"").unwrap(), day);
        assert!(serde_json::from_str::<Date>("\"2026-02-31\"").is_err());
        assert!(serde_json::from_str::<Date>("1").is_err());
    }

    proptest! {
        #[test]
        fn text_round_trips(day in any_date()) {
            prop_assert_eq!(Date::parse(&day.to_string()), Some(day));
            prop_assert_eq!(Date::new(day.year(), day.month(), day.day()), Some(day));
            prop_assert_eq!(Date::from(NaiveDate::from(day)), day);
        }

        #[test]
        fn weekdays_are_chronos(day in any_date()) {
            prop_assert_eq!(u32::from(day.weekday().index()), NaiveDate::from(day).weekday().num_days_from_monday());
        }

        #[test]
        fn anything_may_be_parsed_or_added(text in ".{0,12}", day in any_date(), n in any::<i64>()) {
            let _ = Date::parse(&text);
            let _ = (day.plus_days(n), day.plus_months(n), day.plus_units(n, CalendarUnit::Year));
        }
    }
}
