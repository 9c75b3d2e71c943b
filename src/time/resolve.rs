//! What a window means: the instants, or the days, at one `now` in one zone.

use super::{CalendarUnit, CivilWindow, Date, DateRange, Instant, Period, Range, Weekday, Zone};

impl CivilWindow<Period> {
    /// The events that the window lets through at `now`: events after `now` are invisible to all but `Next`.
    ///
    /// | window | instants |
    /// |---|---|
    /// | `Last(d)` | (now − d, now] |
    /// | `Next(d)` | (now, now + d] |
    /// | `Ago { from, to }` | (now − from, now − to] |
    /// | `UntilAgo(d)` | everything up to and including now − d |
    /// | `Dates { from, to }` | from the start of day `from` to the end of day `to`, or `now` if that is earlier |
    /// | `Today`, `This(unit)` | from the start of the day, week, month … to `now` |
    /// | `Yesterday`, `Previous(unit)` | the whole of the previous one |
    /// | `LastFull { count, unit }` | the `count` whole ones before the current one |
    ///
    /// Hours and less are exact, days and more are counted on the calendar of `zone` ([`Zone::minus`]).
    pub fn resolve(&self, now: Instant, zone: Zone, week_start: Weekday) -> Range {
        let range = self.resolve_attribute(now, zone, week_start);
        match self {
            Self::Next(_) => range,
            _ => range.clipped(now),
        }
    }

    /// The values of an instant attribute that lie in the window at `now`: as [`CivilWindow::resolve`], but `Dates`,
    /// `Today` and `This` are whole, since an attribute may well lie ahead (`appointment is today`).
    pub fn resolve_attribute(&self, now: Instant, zone: Zone, week_start: Weekday) -> Range {
        match *self {
            Self::Last(d) => Range { after: zone.minus(now, d), until: now },
            Self::Next(d) => Range { after: now, until: zone.plus(now, d) },
            Self::UntilAgo(d) => Range { after: Instant::MIN, until: zone.minus(now, d) },
            Self::Ago { from, to } => Range { after: zone.minus(now, from), until: zone.minus(now, to) },
            Self::Dates { .. }
            | Self::Today
            | Self::Yesterday
            | Self::This(_)
            | Self::Previous(_)
            | Self::LastFull { .. } => zone.range_of(self.resolve_dates(zone.date_of(now), week_start)),
        }
    }

    /// The values of a date attribute that lie in the window when it is `today`.
    ///
    /// | window | days |
    /// |---|---|
    /// | `Last(d)` | (today − d, today]: 30 days are 30 days, today among them |
    /// | `Next(d)` | [today, today + d): likewise |
    /// | `Ago { from, to }` | (today − from, today − to] |
    /// | `UntilAgo(d)` | everything up to today − d |
    /// | `Dates { from, to }` | [from, to]; an open end reaches to the end of the calendar |
    /// | `Today`, `Yesterday` | that day |
    /// | `This(unit)`, `Previous(unit)` | the whole of it |
    /// | `LastFull { count, unit }` | the `count` whole ones before the current one |
    ///
    /// Exact amounts (hours and less) say nothing about days and count as none; `check` refuses them. Ends outside of
    /// the calendar saturate.
    pub fn resolve_dates(&self, today: Date, week_start: Weekday) -> DateRange {
        let before_today = |unit: CalendarUnit, count: i64| {
            let current = today.first_of(unit, week_start);
            let first = current.plus_units(count.saturating_neg(), unit).unwrap_or(Date::MIN);
            DateRange { first, last: previous(current) }
        };
        match *self {
            Self::Last(d) => DateRange { first: next(back(today, d)), last: today },
            Self::Next(d) => DateRange { first: today, last: previous(ahead(today, d)) },
            Self::UntilAgo(d) => DateRange { first: Date::MIN, last: back(today, d) },
            Self::Ago { from, to } => DateRange { first: next(back(today, from)), last: back(today, to) },
            Self::Dates { from, to } => DateRange { first: from.unwrap_or(Date::MIN), last: to.unwrap_or(Date::MAX) },
            Self::Today => DateRange { first: today, last: today },
            Self::Yesterday => before_today(CalendarUnit::Day, 1),
            Self::This(unit) => {
                let first = today.first_of(unit, week_start);
                DateRange { first, last: first.plus_units(1, unit).map_or(Date::MAX, previous) }
            }
            Self::Previous(unit) => before_today(unit, 1),
            Self::LastFull { count, unit } => before_today(unit, count.into()),
        }
    }
}

fn back(today: Date, period: Period) -> Date {
    today.minus(period).unwrap_or(if period.nominal_millis() < 0 { Date::MAX } else { Date::MIN })
}

fn ahead(today: Date, period: Period) -> Date {
    today.plus(period).unwrap_or(if period.nominal_millis() < 0 { Date::MIN } else { Date::MAX })
}

fn next(date: Date) -> Date {
    date.plus_days(1).unwrap_or(Date::MAX)
}

fn previous(date: Date) -> Date {
    date.plus_days(-1).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn instant(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// The range from `first` to just before `end`.
    fn whole(first: &str, end: &str) -> Range {
        Range { after: instant(first).saturating_sub_millis(1), until: instant(end).saturating_sub_millis(1) }
    }

    fn days(first: &str, last: &str) -> DateRange {
        DateRange { first: date(first), last: date(last) }
    }

    #[test]
    fn calendar_windows_in_paris() {
        let (paris, now) = (zone("Europe/Paris"), instant("2026-05-14T00:30+02:00")); // still the 13th in UTC
        let events = |window: CivilWindow| window.resolve(now, paris, Weekday::Monday);
        let attribute = |window: CivilWindow| window.resolve_attribute(now, paris, Weekday::Monday);
        use CivilWindow as W;

        let today = whole("2026-05-14T00:00+02:00", "2026-05-15T00:00+02:00");
        assert_eq!(events(W::Today), today.clipped(now));
        assert_eq!(attribute(W::Today), today);
        assert_eq!(events(W::This(CalendarUnit::Day)), events(W::Today));
        assert_eq!(events(W::Yesterday), whole("2026-05-13T00:00+02:00", "2026-05-14T00:00+02:00"));
        assert_eq!(events(W::Previous(CalendarUnit::Day)), events(W::Yesterday));

        let week = whole("2026-05-11T00:00+02:00", "2026-05-18T00:00+02:00");
        assert_eq!(attribute(W::This(CalendarUnit::Week)), week);
        assert_eq!(events(W::This(CalendarUnit::Week)), week.clipped(now));
        let sunday = W::This(CalendarUnit::Week).resolve(now, paris, Weekday::Sunday);
        assert_eq!(sunday, whole("2026-05-10T00:00+02:00", "2026-05-17T00:00+02:00").clipped(now));

        assert_eq!(events(W::Previous(CalendarUnit::Month)), whole("2026-04-01T00:00+02:00", "2026-05-01T00:00+02:00"));
        assert_eq!(
            events(W::Previous(CalendarUnit::Quarter)),
            whole("2026-01-01T00:00+01:00", "2026-04-01T00:00+02:00")
        );
        assert_eq!(events(W::Previous(CalendarUnit::Year)), whole("2025-01-01T00:00+01:00", "2026-01-01T00:00+01:00"));
        assert_eq!(
            events(W::LastFull { count: 3, unit: CalendarUnit::Month }),
            whole("2026-02-01T00:00+01:00", "2026-05-01T00:00+02:00")
        );
        assert!(events(W::LastFull { count: 0, unit: CalendarUnit::Month }).is_empty());
    }

    #[test]
    fn dates_are_whole_days_and_stop_at_now() {
        let (paris, now) = (zone("Europe/Paris"), instant("2026-05-14T12:00+02:00"));
        let events = |from, to| CivilWindow::Dates { from, to }.resolve(now, paris, Weekday::Monday);
        let (past, future) = (Some(date("2026-03-29")), Some(date("2026-12-24")));
        assert_eq!(events(past, past), whole("2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"));
        assert_eq!(events(past, future), events(past, None));
        assert_eq!(events(past, None).until, now);
        assert_eq!(events(None, past).after, Instant::MIN);
        assert!(events(future, None).is_empty());
        let ahead = CivilWindow::Dates { from: future, to: future }.resolve_attribute(now, paris, Weekday::Monday);
        assert_eq!(ahead, whole("2026-12-24T00:00+01:00", "2026-12-25T00:00+01:00"));
    }

    #[test]
    fn rolling_windows_exclude_the_old_end_and_include_now() {
        let now = instant("2026-03-31T12:00Z");
        let range = CivilWindow::Last(Period::of_months(1)).resolve(now, Zone::UTC, Weekday::Monday);
        assert_eq!(range, Range { after: instant("2026-02-28T12:00Z"), until: now });
        let next = CivilWindow::Next(Period::of_months(1)).resolve(now, Zone::UTC, Weekday::Monday);
        assert_eq!(next, Range { after: now, until: instant("2026-04-30T12:00Z") });
        // 24 hours are 24 hours; a day across the change of clocks is 23.
        let (paris, noon) = (zone("Europe/Paris"), instant("2026-03-29T12:00+02:00"));
        let day = CivilWindow::Last(Period::of_days(1)).resolve(noon, paris, Weekday::Monday);
        assert_eq!(day.after, instant("2026-03-28T12:00+01:00"));
    }

    #[test]
    fn a_day_that_never_was_is_empty() {
        let day = Some(date("2011-12-30"));
        let now = instant("2026-01-01T00:00Z");
        let range = CivilWindow::Dates { from: day, to: day }.resolve(now, zone("Pacific/Apia"), Weekday::Monday);
        assert!(range.is_empty());
    }

    #[test]
    fn date_attributes_count_whole_days() {
        let on = |window: CivilWindow| window.resolve_dates(date("2026-05-14"), Weekday::Monday);
        use CivilWindow as W;
        let thirty = Period::of_days(30);
        assert_eq!(on(W::Next(thirty)), days("2026-05-14", "2026-06-12"));
        assert_eq!(on(W::Last(thirty)), days("2026-04-15", "2026-05-14"));
        assert_eq!(on(W::Ago { from: Period::of_days(60), to: thirty }), days("2026-03-16", "2026-04-14"));
        assert_eq!(on(W::Next(Period::of_days(1))), on(W::Today));
        assert_eq!(on(W::Last(Period::of_days(1))), on(W::Today));
        assert!(on(W::Next(Period::of_millis(1))).is_empty());
        assert!(on(W::Last(Period::default())).is_empty());
        assert_eq!(on(W::Yesterday), days("2026-05-13", "2026-05-13"));
        assert_eq!(on(W::This(CalendarUnit::Quarter)), days("2026-04-01", "2026-06-30"));
        assert_eq!(on(W::Previous(CalendarUnit::Week)), days("2026-05-04", "2026-05-10"));
        assert_eq!(on(W::LastFull { count: 2, unit: CalendarUnit::Week }), days("2026-04-27", "2026-05-10"));
        assert_eq!(on(W::Dates { from: None, to: None }), DateRange { first: Date::MIN, last: Date::MAX });
    }

    #[test]
    fn ends_outside_of_the_calendar_saturate() {
        let on = |window: CivilWindow| window.resolve_dates(date("2026-05-14"), Weekday::Monday);
        let (ages, back) = (Period::of_months(300_000), Period::of_months(-300_000));
        let (old, far) = (date("0001-01-01"), date("9999-01-01"));
        assert!(on(CivilWindow::Last(ages)).first < old && on(CivilWindow::UntilAgo(ages)).last < old);
        assert!(on(CivilWindow::Next(ages)).last > far && on(CivilWindow::UntilAgo(back)).last > far);
        assert!(on(CivilWindow::Next(back)).is_empty());
    }

    fn any_unit() -> impl Strategy<Value = CalendarUnit> {
        proptest::sample::select(CalendarUnit::ALL.as_slice())
    }

    fn any_period() -> impl Strategy<Value = Period> {
        any::<(i32, i32, i64)>().prop_map(|(months, days, millis)| Period { months, days, millis })
    }

    fn any_date() -> impl Strategy<Value = Option<Date>> {
        proptest::option::of(any::<i32>().prop_map(|days| Date::from_days(days).unwrap_or(Date::MAX)))
    }

    fn any_window() -> impl Strategy<Value = CivilWindow> {
        prop_oneof![
            any_period().prop_map(CivilWindow::Last),
            any_period().prop_map(CivilWindow::Next),
            (any_period(), any_period()).prop_map(|(from, to)| CivilWindow::Ago { from, to }),
            (any_date(), any_date()).prop_map(|(from, to)| CivilWindow::Dates { from, to }),
            Just(CivilWindow::Today),
            Just(CivilWindow::Yesterday),
            any_unit().prop_map(CivilWindow::This),
            any_unit().prop_map(CivilWindow::Previous),
            (any::<u32>(), any_unit()).prop_map(|(count, unit)| CivilWindow::LastFull { count, unit }),
        ]
    }

    fn any_zone() -> impl Strategy<Value = Zone> {
        let names: Vec<&str> = Zone::names().collect();
        proptest::sample::select(names).prop_map(zone)
    }

    fn any_now() -> impl Strategy<Value = Instant> {
        prop_oneof![0_i64..4_102_444_800_000, any::<i64>()].prop_map(Instant::from_millis)
    }

    proptest! {
        #[test]
        fn anything_resolves(window in any_window(), now in any_now(), zone in any_zone(), start in 0_usize..7) {
            let start = Weekday::ALL[start];
            let range = window.resolve(now, zone, start);
            prop_assert!(matches!(window, CivilWindow::Next(_)) || range.until <= now);
            let _ = (window.resolve_attribute(now, zone, start), window.look_back(), window.to_string());
            let _ = window.resolve_dates(zone.date_of(now), start);
        }

        #[test]
        fn neighbours_tile(now in any_now(), zone in any_zone(), near in 0_i32..500, far in 0_i32..500) {
            let (near, far) = (Period::of_days(near), Period::of_days(near + far));
            let recent = CivilWindow::Last(near).resolve(now, zone, Weekday::Monday);
            let older = CivilWindow::Ago { from: far, to: near }.resolve(now, zone, Weekday::Monday);
            let all = CivilWindow::Last(far).resolve(now, zone, Weekday::Monday);
            prop_assert_eq!(recent.after, older.until);
            prop_assert_eq!((older.after, recent.until), (all.after, all.until));
        }

        #[test]
        fn a_unit_and_the_one_before_tile(now in any_now(), zone in any_zone(), unit in any_unit(), count in 1_u32..9) {
            let this = CivilWindow::This(unit).resolve_attribute(now, zone, Weekday::Monday);
            let last = CivilWindow::Previous(unit).resolve_attribute(now, zone, Weekday::Monday);
            let full = CivilWindow::LastFull { count, unit }.resolve_attribute(now, zone, Weekday::Monday);
            let today = zone.date_of(now);
            if today.plus_days(-4000).is_some() {
                prop_assert_eq!(this.after, last.until);
                prop_assert_eq!(full.until, last.until);
                prop_assert!(full.after <= last.after);
            }
        }

        #[test]
        fn look_back_is_enough(window in any_window(), now in 0_i64..4_102_444_800_000, count in 0_u32..50, unit in any_unit()) {
            let now = Instant::from_millis(now);
            for window in [window, CivilWindow::LastFull { count, unit }] {
                if let Some(period) = window.look_back() {
                    let range = window.resolve(now, Zone::UTC, Weekday::Monday);
                    prop_assert!(range.is_empty() || Zone::UTC.minus(now, period) <= range.after);
                }
            }
        }
    }
}
