//! Windows: what a rule says, and the range of instants it means at one `now` in one zone.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Date, Instant, Period};

/// A unit of calendar windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)] // the names say it
pub enum CalendarUnit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl CalendarUnit {
    /// All units, shortest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// `month`
    pub const fn singular(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// `months`
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Day => "days",
            Self::Week => "weeks",
            Self::Month => "months",
            Self::Quarter => "quarters",
            Self::Year => "years",
        }
    }

    /// The unit called `name`, singular or plural, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        let called =
            |unit: &Self| unit.singular().eq_ignore_ascii_case(name) || unit.plural().eq_ignore_ascii_case(name);
        Self::ALL.into_iter().find(called)
    }

    /// `count` of these units as a period; `None` if it does not fit.
    pub fn times(self, count: u32) -> Option<Period> {
        let count = i32::try_from(count).ok()?;
        Some(match self {
            Self::Day => Period::of_days(count),
            Self::Week => Period::of_days(count.checked_mul(7)?),
            Self::Month => Period::of_months(count),
            Self::Quarter => Period::of_months(count.checked_mul(3)?),
            Self::Year => Period::of_months(count.checked_mul(12)?),
        })
    }
}

impl fmt::Display for CalendarUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.singular())
    }
}

/// A window as a rule states it; `D` is how it writes amounts of time.
///
/// What each means as instants is said at [`CivilWindow::resolve`], as days at [`CivilWindow::resolve_dates`].
/// Displayed as the rule language writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CivilWindow<D = Period> {
    /// `within 30 days`, `in the last 30 days`: (now − d, now].
    Last(D),
    /// `in the next 30 days`: (now, now + d].
    Next(D),
    /// `from 60 days ago to 30 days ago`: (now − from, now − to].
    Ago {
        /// The older bound, excluded.
        from: D,
        /// The younger bound, included.
        to: D,
    },
    /// `until 60 days ago`: everything up to now − d.
    UntilAgo(D),
    /// `from D to D`, `since D`, `until D`: whole days, both ends included.
    Dates {
        /// The first day; `None` = no lower bound.
        from: Option<Date>,
        /// The last day; `None` = no upper bound.
        to: Option<Date>,
    },
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
    /// `this month`
    This(CalendarUnit),
    /// `last month`: the whole previous one.
    Previous(CalendarUnit),
    /// `last 3 full months`
    LastFull {
        /// How many.
        count: u32,
        /// Of what.
        unit: CalendarUnit,
    },
}

impl<D> CivilWindow<D> {
    /// The same window with its amounts of time, older bound first, changed by `f`.
    pub fn map<E>(self, mut f: impl FnMut(D) -> E) -> CivilWindow<E> {
        match self {
            Self::Last(d) => CivilWindow::Last(f(d)),
            Self::Next(d) => CivilWindow::Next(f(d)),
            Self::Ago { from, to } => CivilWindow::Ago { from: f(from), to: f(to) },
            Self::UntilAgo(d) => CivilWindow::UntilAgo(f(d)),
            Self::Dates { from, to } => CivilWindow::Dates { from, to },
            Self::Today => CivilWindow::Today,
            Self::Yesterday => CivilWindow::Yesterday,
            Self::This(unit) => CivilWindow::This(unit),
            Self::Previous(unit) => CivilWindow::Previous(unit),
            Self::LastFull { count, unit } => CivilWindow::LastFull { count, unit },
        }
    }

    /// The same window with borrowed amounts of time: `window.as_ref().map(|d| d.period)`.
    pub fn as_ref(&self) -> CivilWindow<&D> {
        match self {
            Self::Last(d) => CivilWindow::Last(d),
            Self::Next(d) => CivilWindow::Next(d),
            Self::Ago { from, to } => CivilWindow::Ago { from, to },
            Self::UntilAgo(d) => CivilWindow::UntilAgo(d),
            Self::Dates { from, to } => CivilWindow::Dates { from: *from, to: *to },
            Self::Today => CivilWindow::Today,
            Self::Yesterday => CivilWindow::Yesterday,
            Self::This(unit) => CivilWindow::This(*unit),
            Self::Previous(unit) => CivilWindow::Previous(*unit),
            Self::LastFull { count, unit } => CivilWindow::LastFull { count: *count, unit: *unit },
        }
    }
}

impl CivilWindow<Period> {
    /// How far back from `now` the window can reach, in the ruleset's zone or any other: a history that starts
    /// `now − look_back` or earlier is long enough.
    ///
    /// `None` if no amount of time says it: the window has no lower bound, or its lower bound is a date that every
    /// day leaves further behind. Ask [`CivilWindow::resolve`] for the instant then.
    pub fn look_back(&self) -> Option<Period> {
        match *self {
            Self::Last(d) | Self::Ago { from: d, .. } => Some(d),
            Self::Next(_) => Some(Period::default()),
            Self::Dates { .. } | Self::UntilAgo(_) => None,
            // A unit that we are in began less than one such unit ago.
            Self::Today => CalendarUnit::Day.times(1),
            Self::Yesterday => CalendarUnit::Day.times(2),
            Self::This(unit) => unit.times(1),
            Self::Previous(unit) => unit.times(2),
            Self::LastFull { count, unit } => unit.times(count.checked_add(1)?),
        }
    }
}

impl<D: fmt::Display> fmt::Display for CivilWindow<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last(d) => write!(f, "within {d}"),
            Self::Next(d) => write!(f, "in the next {d}"),
            Self::Ago { from, to } => write!(f, "from {from} ago to {to} ago"),
            Self::UntilAgo(d) => write!(f, "until {d} ago"),
            Self::Dates { from: Some(from), to: Some(to) } => write!(f, "from {from} to {to}"),
            Self::Dates { from: Some(from), to: None } => write!(f, "since {from}"),
            Self::Dates { from: None, to } => write!(f, "until {}", to.unwrap_or(Date::MAX)),
            // The language has no `this day` and no `last day`.
            Self::Today | Self::This(CalendarUnit::Day) => f.write_str("today"),
            Self::Yesterday | Self::Previous(CalendarUnit::Day) => f.write_str("yesterday"),
            Self::This(unit) => write!(f, "this {unit}"),
            Self::Previous(unit) => write!(f, "last {unit}"),
            Self::LastFull { count: 1, unit } => write!(f, "last 1 full {unit}"),
            Self::LastFull { count, unit } => write!(f, "last {count} full {}", unit.plural()),
        }
    }
}

/// Instants after `after`, up to and including `until`; empty where `until <= after`.
///
/// Whole days [a, b) are (a − 1 ms, b − 1 ms], which is the same set, since instants are whole milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    /// The last instant before the range.
    pub after: Instant,
    /// The last instant of the range.
    pub until: Instant,
}

impl Range {
    /// Every instant ([`Instant::MIN`] excepted, which is before everything).
    pub const EVER: Self = Self { after: Instant::MIN, until: Instant::MAX };

    /// Everything up to and including `now`: an event clause without a window.
    pub const fn up_to(now: Instant) -> Self {
        Self { after: Instant::MIN, until: now }
    }

    /// Whether `instant` lies in the range.
    pub fn contains(&self, instant: Instant) -> bool {
        self.after < instant && instant <= self.until
    }

    /// Whether no instant lies in the range.
    pub fn is_empty(&self) -> bool {
        self.until <= self.after
    }

    /// The part of the range that is not later than `now`.
    #[must_use]
    pub fn clipped(self, now: Instant) -> Self {
        Self { until: self.until.min(now), ..self }
    }
}

/// Days from `first` to `last`, both included; empty where `last < first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl DateRange {
    /// Whether `date` lies in the range.
    pub fn contains(&self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }

    /// Whether no day lies in the range.
    pub fn is_empty(&self) -> bool {
        self.last < self.first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(days: i32) -> Period {
        Period::of_days(days)
    }

    #[test]
    fn windows_are_written_as_rules_write_them() {
        let date = Date::parse("2024-03-31");
        let text = |window: CivilWindow| window.to_string();
        assert_eq!(text(CivilWindow::Last(days(30))), "within 30 days");
        assert_eq!(text(CivilWindow::Next(days(30))), "in the next 30 days");
        assert_eq!(text(CivilWindow::Ago { from: days(60), to: days(30) }), "from 60 days ago to 30 days ago");
        assert_eq!(
            text(CivilWindow::Dates { from: Date::parse("2024-01-01"), to: date }),
            "from 2024-01-01 to 2024-03-31"
        );
        assert_eq!(text(CivilWindow::Dates { from: date, to: None }), "since 2024-03-31");
        assert_eq!(text(CivilWindow::Dates { from: None, to: date }), "until 2024-03-31");
        assert_eq!(text(CivilWindow::Today), "today");
        assert_eq!(text(CivilWindow::Yesterday), "yesterday");
        assert_eq!(text(CivilWindow::This(CalendarUnit::Month)), "this month");
        assert_eq!(text(CivilWindow::Previous(CalendarUnit::Quarter)), "last quarter");
        assert_eq!(text(CivilWindow::LastFull { count: 3, unit: CalendarUnit::Month }), "last 3 full months");
    }

    #[test]
    fn amounts_are_mapped_and_the_rest_is_kept() {
        let window = CivilWindow::Ago { from: "60".to_owned(), to: "30".to_owned() };
        let parsed = window.as_ref().map(|text| text.parse::<i32>().unwrap_or_default());
        assert_eq!(parsed, CivilWindow::Ago { from: 60, to: 30 });
        let whole: CivilWindow<String> = CivilWindow::LastFull { count: 2, unit: CalendarUnit::Week };
        assert_eq!(whole.as_ref().map(|_| ()), CivilWindow::LastFull { count: 2, unit: CalendarUnit::Week });
    }

    #[test]
    fn ranges_are_open_below_and_closed_above() {
        let at = Instant::from_millis;
        let range = Range { after: at(10), until: at(20) };
        assert!(!range.contains(at(10)) && range.contains(at(11)) && range.contains(at(20)) && !range.contains(at(21)));
        assert_eq!(range.clipped(at(15)).until, at(15));
        assert!(range.clipped(at(10)).is_empty() && range.clipped(at(3)).is_empty());
        assert!(Range::up_to(at(5)).contains(at(5)) && !Range::up_to(at(5)).contains(at(6)));
    }

    #[test]
    fn days_from_one_to_itself_are_one() {
        let (one, two) = (Date::parse("2026-01-31").unwrap(), Date::parse("2026-02-01").unwrap());
        let range = |first, last| DateRange { first, last };
        assert!(!range(one, one).is_empty() && range(one, one).contains(one) && !range(one, one).contains(two));
        assert!(!range(one, two).is_empty() && range(two, one).is_empty() && !range(two, one).contains(one));
    }

    #[test]
    fn units_are_read_in_both_numbers() {
        for unit in CalendarUnit::ALL {
            assert_eq!(CalendarUnit::parse(unit.singular()), Some(unit));
            assert_eq!(CalendarUnit::parse(unit.plural()), Some(unit));
        }
        assert_eq!(CalendarUnit::parse("hour"), None);
        assert_eq!(CalendarUnit::Year.times(u32::MAX), None);
    }
}
