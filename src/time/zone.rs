//! Time zones: from instants to local days and times, and back.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{DAY, Date, DateRange, HOUR, Instant, Period, Range, SECOND, TimeOfDay, Weeks, text};

/// A time zone of the IANA database that this build carries ([`Zone::tzdata_version`]).
///
/// Serialized as its name, `"Europe/Paris"`. Daylight saving time is known up to the year 2099; later years keep the
/// last offset.
///
/// Local times that do not exist (the clock jumps over them) or exist twice (the clock goes back) are resolved as most
/// calendars do: in a gap the later instant, in a fold the earlier one.
///
/// A handful of zones have set their clock back across midnight (St. John's, until 2011, at 00:01): there the day
/// begins at its first midnight, though the day before comes back for an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The zone with this IANA name, `Europe/Paris`; upper and lower case matter.
    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// The IANA name: `Europe/Paris`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Every name that [`Zone::named`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// A small number for this zone, to key tables with. It holds for this build only: store the name.
    pub const fn id(self) -> u16 {
        self.0 as u16
    }

    /// The version of the time zone database, `2025b`.
    pub const fn tzdata_version() -> &'static str {
        chrono_tz::IANA_TZDB_VERSION
    }

    /// The local day at `instant`; far-out instants are of [`Date::MIN`] or [`Date::MAX`].
    #[inline]
    pub fn date_of(self, instant: Instant) -> Date {
        let end = if instant.millis() < 0 { Date::MIN } else { Date::MAX };
        self.local(instant).map_or(end, |(date, _)| date)
    }

    /// What the local clock shows at `instant`, in milliseconds since 00:00: 0..86 400 000.
    pub fn time_of_day_millis(self, instant: Instant) -> i64 {
        self.shifted(instant).millis().rem_euclid(DAY)
    }

    /// What the local clock shows at `instant`.
    pub fn time_of_day(self, instant: Instant) -> TimeOfDay {
        let shown = u32::try_from(self.time_of_day_millis(instant)).ok();
        shown.and_then(TimeOfDay::from_millis).unwrap_or(TimeOfDay::MIN)
    }

    /// The hour that the local clock shows at `instant`: 0..=23.
    pub fn hour(self, instant: Instant) -> i64 {
        self.time_of_day_millis(instant) / HOUR
    }

    /// The first instant of `date`. If the clock jumps over midnight, the first instant after the jump; if midnight
    /// comes twice, the first. [`Date::MIN`] has no beginning: it starts at [`Instant::MIN`].
    pub fn start_of_day(self, date: Date) -> Instant {
        if date == Date::MIN {
            return Instant::MIN;
        }
        let midnight = local_millis(date, 0);
        match self.offset_at_local(midnight) {
            Ok(offset) => midnight.saturating_sub_millis(offset),
            Err(gap) => gap.begin.saturating_sub_millis(gap.offset_before),
        }
    }

    /// The last millisecond of `date`. [`Date::MAX`] has no end: it lasts until [`Instant::MAX`].
    pub fn end_of_day(self, date: Date) -> Instant {
        date.plus_days(1).map_or(Instant::MAX, |next| self.start_of_day(next).saturating_sub_millis(1))
    }

    /// The instants of whole days.
    pub fn range_of(self, days: DateRange) -> Range {
        Range { after: self.start_of_day(days.first).saturating_sub_millis(1), until: self.end_of_day(days.last) }
    }

    /// The instant at which the clock shows `millis_of_day` on `date`. In a gap, the instant later by the length of the
    /// gap; in a fold, the earlier. Values outside of 0..86 400 000 run into other days.
    pub fn at(self, date: Date, millis_of_day: i64) -> Instant {
        let local = local_millis(date, millis_of_day);
        local.saturating_sub_millis(self.offset_used(local))
    }

    /// The offset by which a local time is read: in a gap the one before it, in a fold the first.
    pub(super) fn offset_used(self, local: Instant) -> i64 {
        self.offset_at_local(local).unwrap_or_else(|gap| gap.offset_before)
    }

    /// `period` after `instant`: first the months (the end of the month clamps), then the days, both at the same time on
    /// the local clock, then the exact part. Saturates.
    pub fn plus(self, instant: Instant, period: Period) -> Instant {
        self.move_days(instant, period.months.into(), period.days.into()).saturating_add_millis(period.millis)
    }

    /// `period` before `instant`; see [`Zone::plus`].
    pub fn minus(self, instant: Instant, period: Period) -> Instant {
        let (months, days) = (i64::from(period.months), i64::from(period.days));
        self.move_days(instant, months.saturating_neg(), days.saturating_neg()).saturating_sub_millis(period.millis)
    }

    /// Which seven-day block before `now` an instant lies in: 0 for (now − 7 d, now], 1 for the one before; negative after
    /// `now`.
    pub fn weeks_ago(self, instant: Instant, now: Instant) -> i64 {
        Weeks::before(now, self).number_of(instant)
    }

    /// `instant`, `months` and `days` later, at the same local time. The amounts fit an `i32`, give or take a sign.
    fn move_days(self, instant: Instant, months: i64, days: i64) -> Instant {
        self.move_local(instant, self.local(instant), months, days)
    }

    /// The same where it is known what the local clock shows at `instant`.
    pub(super) fn move_local(self, instant: Instant, local: Option<(Date, i64)>, months: i64, days: i64) -> Instant {
        if months == 0 && days == 0 {
            return instant; // The clock that a fold shows twice must not pull an exact amount to its first showing.
        }
        let nominal = || {
            let clamp = |amount: i64| i32::try_from(amount).unwrap_or(i32::MAX);
            Period { months: clamp(months), days: clamp(days), millis: 0 }.nominal_millis()
        };
        let Some((date, time)) = local else {
            return instant.saturating_add_millis(nominal()); // Beyond the calendar every day has 24 hours.
        };
        match date.plus_months(months).and_then(|date| date.plus_days(days)) {
            Some(date) => self.at(date, time),
            None if nominal() < 0 => Instant::MIN,
            None => Instant::MAX,
        }
    }

    /// The local day and the milliseconds since its midnight; `None` outside of our calendar.
    #[inline]
    pub(super) fn local(self, instant: Instant) -> Option<(Date, i64)> {
        self.shifted(instant).utc()
    }

    /// The instant at which UTC shows what the local clock shows at `instant`.
    #[inline]
    pub(super) fn shifted(self, instant: Instant) -> Instant {
        if self == Self::UTC { instant } else { self.shifted_elsewhere(instant) }
    }

    fn shifted_elsewhere(self, instant: Instant) -> Instant {
        // chrono's calendar is far wider than ours: what it does not know has no days of ours.
        DateTime::from_timestamp_millis(instant.millis()).map_or(instant, |utc| {
            let offset = self.0.offset_from_utc_datetime(&utc.naive_utc());
            instant.saturating_add_millis(millis_east(&offset))
        })
    }

    /// The offset in force, in milliseconds east, when the local clock shows `local`; the first one, if two are.
    fn offset_at_local(self, local: Instant) -> Result<i64, Gap> {
        if self == Self::UTC {
            return Ok(0);
        }
        let Some(clock) = DateTime::from_timestamp_millis(local.millis()) else {
            return Ok(0);
        };
        let clock = clock.naive_utc();
        match self.0.offset_from_local_datetime(&clock).earliest() {
            Some(offset) => Ok(millis_east(&offset)),
            None => Err(self.gap_around(clock)),
        }
    }

    /// The gap that swallows the local time `clock`.
    fn gap_around(self, clock: NaiveDateTime) -> Gap {
        let (begin, offset) = GapInfo::new(&clock, &self.0)
            .and_then(|gap| gap.begin)
            // A gap always has something before it. If it had not, its offset would be as good as any.
            .unwrap_or_else(|| (clock, self.0.offset_from_utc_datetime(&clock)));
        Gap { begin: clock_as_instant(begin), offset_before: millis_east(&offset) }
    }
}

/// Local times that the clock jumps over.
struct Gap {
    /// The first of them, as if the clock showed UTC.
    begin: Instant,
    /// Milliseconds east, until the jump.
    offset_before: i64,
}

/// What a local clock shows, as if it showed UTC.
pub(super) fn local_millis(date: Date, millis_of_day: i64) -> Instant {
    Instant::from_millis(i64::from(date.days()).saturating_mul(DAY)).saturating_add_millis(millis_of_day)
}

/// What a local clock shows, as if it showed UTC.
fn clock_as_instant(clock: NaiveDateTime) -> Instant {
    clock.and_utc().into()
}

/// An offset in milliseconds east of UTC.
fn millis_east(offset: &impl Offset) -> i64 {
    i64::from(offset.fix().local_minus_utc()).saturating_mul(SECOND)
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "an IANA time zone like Europe/Paris", Self::named)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn instant(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[track_caller]
    fn starts(name: &str, day: &str, expected: &str) {
        assert_eq!(zone(name).start_of_day(date(day)).to_string(), instant(expected).to_string());
    }

    #[test]
    fn names() {
        assert_eq!(zone("Europe/Paris").name(), "Europe/Paris");
        assert_eq!(Zone::named("UTC"), Some(Zone::UTC));
        assert_eq!(Zone::named("europe/paris"), None);
        assert_eq!(Zone::named(""), None);
        let ids: std::collections::HashSet<u16> = Zone::names().map(|name| zone(name).id()).collect();
        assert_eq!(ids.len(), Zone::names().count());
        assert_eq!(serde_json::to_string(&zone("Asia/Kathmandu")).unwrap(), "\"Asia/Kathmandu\"");
        assert_eq!(serde_json::from_str::<Zone>("\"Asia/Kathmandu\"").unwrap(), zone("Asia/Kathmandu"));
        assert!(serde_json::from_str::<Zone>("\"Mars/Olympus\"").is_err());
        assert!(Zone::tzdata_version().starts_with("20"));
    }

    #[test]
    fn local_days_and_hours() {
        let t = instant("2026-03-10T20:00:00Z");
        assert_eq!(zone("Asia/Kathmandu").date_of(t), date("2026-03-11"));
        assert_eq!(zone("Asia/Kathmandu").time_of_day_millis(t), HOUR + 45 * 60 * SECOND);
        assert_eq!(zone("America/New_York").hour(t), 16);
        assert_eq!(Zone::UTC.hour(t), 20);
        assert_eq!(Zone::UTC.date_of(Instant::MAX), Date::MAX);
        assert_eq!(zone("Asia/Tokyo").date_of(Instant::MIN), Date::MIN);
    }

    #[test]
    fn days_start_at_midnight_or_after_the_gap() {
        starts("Europe/Paris", "2026-03-29", "2026-03-29T00:00+01:00");
        starts("Europe/Paris", "2026-03-30", "2026-03-30T00:00+02:00");
        starts("Asia/Kathmandu", "2026-03-11", "2026-03-10T18:15Z");
        starts("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00-02:00");
        starts("Asia/Beirut", "2022-03-27", "2022-03-27T01:00+03:00");
        // The 30th never was in Samoa: it starts, and ends, where the 31st does.
        starts("Pacific/Apia", "2011-12-30", "2011-12-31T00:00+14:00");
        starts("Pacific/Apia", "2011-12-31", "2011-12-31T00:00+14:00");
        // Midnight comes twice in Havana: the first counts.
        starts("America/Havana", "2022-11-06", "2022-11-06T00:00-04:00");
        starts("America/St_Johns", "2010-11-07", "2010-11-07T00:00-02:30");
        assert_eq!(zone("America/St_Johns").date_of(instant("2010-11-06T23:30-03:30")), date("2010-11-06"));
    }

    #[test]
    fn gaps_shift_forward_and_folds_take_the_first() {
        let paris = zone("Europe/Paris");
        let half_past_two = 2 * HOUR + HOUR / 2;
        assert_eq!(paris.at(date("2026-03-29"), half_past_two), instant("2026-03-29T03:30+02:00"));
        assert_eq!(paris.at(date("2026-10-25"), half_past_two), instant("2026-10-25T02:30+02:00"));
        assert_eq!(zone("Pacific/Apia").at(date("2011-12-30"), 12 * HOUR), instant("2011-12-31T12:00+14:00"));
    }

    #[test]
    fn a_day_is_not_24_hours() {
        let new_york = zone("America/New_York");
        let noon = instant("2026-03-08T12:00-04:00"); // the clock went forward this morning
        assert_eq!(new_york.minus(noon, Period::of_days(1)), instant("2026-03-07T12:00-05:00"));
        assert_eq!(new_york.minus(noon, Period::of_millis(DAY)), instant("2026-03-07T11:00-05:00"));
        assert_eq!(
            new_york.plus(instant("2026-10-31T12:00-04:00"), Period::of_days(1)),
            instant("2026-11-01T12:00-05:00")
        );
    }

    #[test]
    fn months_then_days_then_hours() {
        let period = Period { months: 1, days: 1, millis: HOUR };
        let t = instant("2024-03-31T12:00Z");
        assert_eq!(Zone::UTC.minus(t, period), instant("2024-02-28T11:00Z"));
        assert_eq!(Zone::UTC.plus(instant("2024-01-31T12:00Z"), period), instant("2024-03-01T13:00Z"));
        assert_eq!(Zone::UTC.minus(instant("2024-02-29T12:00Z"), Period::of_months(12)), instant("2023-02-28T12:00Z"));
    }

    #[test]
    fn exact_amounts_leave_a_second_showing_alone() {
        let second = instant("2026-10-25T02:30+01:00");
        assert_eq!(zone("Europe/Paris").minus(second, Period::default()), second);
    }

    #[test]
    fn far_ends_saturate() {
        let long = Period { months: i32::MAX, days: i32::MAX, millis: i64::MAX };
        let short = Period { months: i32::MIN, days: i32::MIN, millis: i64::MIN };
        let now = instant("2026-03-10T20:00:00Z");
        for name in ["UTC", "Europe/Paris", "Pacific/Apia"] {
            let zone = zone(name);
            assert_eq!(zone.minus(now, long), Instant::MIN);
            assert_eq!(zone.plus(now, long), Instant::MAX);
            assert_eq!(zone.minus(now, short), Instant::MAX);
            assert_eq!(zone.minus(Instant::MIN, long), Instant::MIN);
            assert_eq!(zone.plus(Instant::MAX, long), Instant::MAX);
            assert!(zone.minus(Instant::MAX, Period::of_days(1)) < Instant::MAX);
            assert_eq!(zone.start_of_day(Date::MIN), Instant::MIN);
            assert_eq!(zone.end_of_day(Date::MAX), Instant::MAX);
        }
    }

    #[test]
    fn blocks_of_seven_days_end_where_seven_days_lead() {
        // Samoa left out 30 December 2011: seven days before 6 January is in the night to the 31st.
        let zone = zone("Pacific/Apia");
        for day in 0..16 {
            let now = instant("2012-01-01T12:00:00+14:00").saturating_add_millis(day * DAY);
            let mut weeks = Weeks::before(now, zone);
            for hour in 0..24 * 30 {
                let at = now.saturating_sub_millis(hour * 3_600_000);
                let block = weeks.number_of(at);
                assert_eq!(zone.weeks_ago(at, now), block);
                let end = |block: i64| zone.minus(now, Period::of_days(i32::try_from(block * 7).unwrap()));
                assert!(end(block + 1) < at && at <= end(block), "{at} is {block} before {now}");
            }
        }
    }

    /// Zones without a clock that went back across midnight.
    fn any_zone() -> impl Strategy<Value = Zone> {
        let names = [
            "UTC",
            "Europe/Paris",
            "America/New_York",
            "Asia/Kathmandu",
            "America/Sao_Paulo",
            "Asia/Beirut",
            "Pacific/Apia",
            "Australia/Lord_Howe",
            "America/Havana",
        ];
        proptest::sample::select(names.to_vec()).prop_map(zone)
    }

    /// From 1950 to 2100, where clocks change.
    fn recent() -> impl Strategy<Value = Instant> {
        (-631_152_000_000_i64..4_102_444_800_000).prop_map(Instant::from_millis)
    }

    proptest! {
        #[test]
        fn an_instant_lies_in_its_day(zone in any_zone(), t in prop_oneof![recent(), any::<i64>().prop_map(Instant::from_millis)]) {
            let day = zone.date_of(t);
            prop_assert!(zone.start_of_day(day) <= t);
            prop_assert!(t <= zone.end_of_day(day));
            if let Some(next) = day.plus_days(1) {
                prop_assert!(t < zone.start_of_day(next));
            }
        }

        #[test]
        fn the_clock_leads_back(zone in any_zone(), t in recent()) {
            let (day, time) = (zone.date_of(t), zone.time_of_day_millis(t));
            let back = zone.at(day, time);
            prop_assert!(back <= t);
            prop_assert_eq!((zone.date_of(back), zone.time_of_day_millis(back)), (day, time));
        }

        #[test]
        fn later_stays_later(zone in any_zone(), t in any::<i64>(), months in 0_i32.., days in 0_i32.., millis in 0_i64..) {
            let (t, period) = (Instant::from_millis(t), Period { months, days, millis });
            // A day less an hour at worst, where a gap pushes forward or a fold pulls back.
            let slack = if period.is_exact() { 0 } else { DAY };
            prop_assert!(zone.minus(t, period) <= t.saturating_add_millis(slack));
            prop_assert!(zone.plus(t, period) >= t.saturating_sub_millis(slack));
        }

        #[test]
        fn any_place_in_any_zone(index in 0..chrono_tz::TZ_VARIANTS.len(), t: i64, at: i64, months: i32, days: i32, millis: i64) {
            let zone = Zone(chrono_tz::TZ_VARIANTS[index]);
            let (t, period) = (Instant::from_millis(t), Period { months, days, millis });
            let _ = (zone.plus(t, period), zone.minus(t, period), zone.hour(t), zone.at(zone.date_of(t), at));
        }
    }
}
