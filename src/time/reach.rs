//! When time leaves something behind: a window an instant, a clock its hours. To the millisecond, also where clocks change.

use super::zone::local_millis;
use super::{CivilWindow, DAY, Date, HOUR, Instant, Period, TimeOfDay, Weekday, Zone};

/// A window that is set back takes in no more than so much again, by a month's end and a clock: all that one thing does to a
/// condition by leaving a window lies within this time.
pub(crate) const SETBACK: i64 = 12 * DAY;

impl CivilWindow<Period> {
    /// The first instant after `after` at which `at` is no longer in `Last` or `This`: there the window begins later.
    /// `None` for other windows.
    pub fn leaves(&self, at: Instant, after: Instant, zone: Zone, week_start: Weekday) -> Option<Instant> {
        match *self {
            Self::Last(period) => Some(zone.leaves(at, period, after)),
            Self::This(unit) => {
                let first = zone.date_of(at).first_of(unit, week_start).plus_units(1, unit);
                let begins = first.map_or(Instant::MAX, |first| zone.start_of_day(first));
                // Where a clock went back over midnight, the day begins once more.
                let again = || after.saturating_add_millis(DAY - zone.time_of_day_millis(after));
                Some(if begins > after { begins } else { again() })
            }
            _ => None,
        }
    }

    /// The instants after `after`, up to `until`, at which `Last` or `This` begins earlier than just before: as clocks are set
    /// back, or after the end of a shorter month.
    pub(crate) fn setbacks(&self, after: Instant, until: Instant, zone: Zone, week_start: Weekday) -> Vec<Instant> {
        let calendar = match *self {
            Self::Last(period) => Period { millis: 0, ..period },
            Self::This(_) => Period::of_days(1),
            _ => return Vec::new(),
        };
        if calendar.is_zero() {
            return Vec::new();
        }
        let begins = |now| self.resolve(now, zone, week_start).after;
        let breaks =
            std::iter::successors(Some(after), |&now| Some(zone.next_break(now, calendar)).filter(|&at| at <= until));
        breaks.skip(1).filter(|&at| begins(at) < begins(at.saturating_sub_millis(1))).collect()
    }
}

impl Zone {
    /// The first instant t after `after` for which [`minus(t, period)`](Zone::minus) is not before `at`.
    pub fn leaves(self, at: Instant, period: Period, after: Instant) -> Instant {
        let next = after.saturating_add_millis(1);
        let reached = at.saturating_add_millis(period.millis);
        let calendar = Period { millis: 0, ..period };
        if calendar.is_zero() {
            return next.max(reached);
        }
        // There and back can differ by a clock change and the end of a month.
        let near = self.plus(reached, calendar);
        let (from, until) = (near.saturating_sub_millis(5 * DAY), near.saturating_add_millis(5 * DAY));
        let mut now = next.max(from);
        while now < until {
            let begins = self.minus(now, calendar);
            if begins >= reached {
                return now;
            }
            // Up to the next break the window's beginning keeps step with the clock.
            let end = self.next_break(now, calendar);
            let lacking = reached.millis().saturating_sub(begins.millis());
            let found = now.saturating_add_millis(lacking);
            if found < end {
                return found;
            }
            now = end;
        }
        now
    }

    /// The instants t after `after`, up to `until`, at which it changes whether [`minus(t, period)`](Zone::minus) is before `at`:
    /// mostly one, but clock changes and ends of months can take a window back.
    pub(crate) fn each_turn(
        self,
        at: Instant,
        period: Period,
        (after, until): (Instant, Instant),
        visit: &mut dyn FnMut(Instant),
    ) {
        let reached = at.saturating_add_millis(period.millis);
        let calendar = Period { millis: 0, ..period };
        let near = self.plus(reached, calendar);
        let (from, to) = (near.saturating_sub_millis(5 * DAY), near.saturating_add_millis(5 * DAY));
        if until < from || to < after {
            return;
        }
        let moves = |at: Instant| {
            self.offset_at(at.saturating_sub_millis(5 * DAY)) != self.offset_at(at.saturating_add_millis(5 * DAY))
        };
        // Days alone are as long as each other where no clock changes.
        if calendar.months == 0 && (calendar.days == 0 || !moves(near) && !moves(reached)) {
            Some(near).filter(|at| after < *at && *at <= until).into_iter().for_each(visit);
            return;
        }
        let mut now = from.max(after.saturating_add_millis(1));
        let mut behind = self.minus(now.saturating_sub_millis(1), calendar) >= reached;
        while now < to.min(until.saturating_add_millis(1)) {
            let begins = self.minus(now, calendar);
            if (begins >= reached) != behind {
                visit(now);
                behind = !behind;
            }
            let end = self.next_break(now, calendar);
            let lacking = reached.millis().saturating_sub(begins.millis());
            if !behind && now.saturating_add_millis(lacking) < end {
                visit(now.saturating_add_millis(lacking));
                behind = true;
            }
            now = end;
        }
    }

    /// The instants after `after`, up to `until`, at which a day begins, a clock shows one of these times of day (milliseconds
    /// since midnight), or is changed.
    pub(crate) fn each_corner(self, times: &[i64], (after, until): (Instant, Instant), visit: &mut dyn FnMut(Instant)) {
        let (mut day, last) = (self.date_of(after), self.date_of(until));
        while day <= last {
            let Some(tomorrow) = day.plus_days(1) else { break };
            let (begins, ends) = (self.start_of_day(day), self.start_of_day(tomorrow));
            visit(begins);
            times.iter().for_each(|&time| visit(begins.saturating_add_millis(time)));
            if ends.millis().saturating_sub(begins.millis()) != DAY {
                // After the change the clock shows other times, as if the day had begun sooner or later.
                first_change(|at| self.offset_at(at), begins, ends).into_iter().for_each(&mut *visit);
                times.iter().for_each(|&time| visit(ends.saturating_sub_millis(DAY - time)));
            }
            day = tomorrow;
        }
    }

    /// The first instant from `now` on at which [`minus(t, period)`](Zone::minus) may jump: at midnight, when the clock
    /// changes, and when it comes by a change in the past.
    fn next_break(self, now: Instant, period: Period) -> Instant {
        let midnight = now.saturating_add_millis(DAY - self.time_of_day_millis(now));
        let changed = first_change(|at| self.offset_at(at), now, midnight);
        let end = changed.unwrap_or(midnight);
        let earlier = |at: Instant| at.saturating_add_millis(self.offset_at(now));
        let day = self.date_of(now).minus(period).unwrap_or(Date::MIN);
        let past = local_millis(day, self.time_of_day_millis(now));
        let to = past.saturating_add_millis(earlier(end).millis().saturating_sub(earlier(now).millis()));
        match first_change(|local| self.offset_used(local), past, to) {
            Some(local) => now.saturating_add_millis(local.millis().saturating_sub(past.millis())),
            None => end,
        }
    }

    /// The first instant after `after` at which the clock shows no time in `from .. to`, which goes past midnight where `to`
    /// is not later.
    pub fn clock_leaves(self, from: TimeOfDay, to: TimeOfDay, after: Instant) -> Instant {
        let mut now = after.saturating_add_millis(1);
        loop {
            let shown = self.time_of_day(now);
            if !shown.is_in(from, to) {
                return now;
            }
            let left = i64::from(to.millis()) - i64::from(shown.millis());
            let end = now.saturating_add_millis(left.rem_euclid(DAY));
            match first_change(|at| self.offset_at(at), now, end) {
                Some(changed) => now = changed,
                None => return end,
            }
        }
    }

    /// The offset in force, in milliseconds east.
    fn offset_at(self, at: Instant) -> i64 {
        self.shifted(at).millis().saturating_sub(at.millis())
    }
}

/// The first instant after `from`, up to `to`, at which `offset` is another than at `from`. Clocks change at most once in
/// three hours.
fn first_change(offset: impl Fn(Instant) -> i64, from: Instant, to: Instant) -> Option<Instant> {
    let before = offset(from);
    let mut held = from;
    while held < to {
        let mut changed = held.saturating_add_millis(3 * HOUR).min(to);
        if offset(changed) == before {
            held = changed;
            continue;
        }
        while held.saturating_add_millis(1) < changed {
            let middle = Instant::from_millis(held.millis().midpoint(changed.millis()));
            if offset(middle) == before { held = middle } else { changed = middle }
        }
        return Some(changed);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::CalendarUnit;
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    const ZONES: [&str; 6] =
        ["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "UTC"];

    /// Days around which clocks change, a month ends or a year.
    const DAYS: [&str; 9] = [
        "2026-03-29",
        "2026-10-25",
        "2026-03-08",
        "2026-11-01",
        "2024-02-29",
        "2026-12-31",
        "1986-01-01",
        "2026-04-05",
        "2010-11-07",
    ];

    /// The least minute after `after` at which it holds, sought minute by minute.
    fn sought(after: Instant, holds: impl Fn(Instant) -> bool) -> Option<Instant> {
        let minute = |n: i64| after.saturating_add_millis(n * 60_000);
        (1..=12 * 1440).map(minute).find(|&at| holds(at))
    }

    #[test]
    fn a_window_leaves_an_instant_at_the_first_minute_that_shows_it() {
        let periods =
            [Period::of_days(1), Period::of_days(7), Period::of_months(1), Period { days: 2, millis: HOUR, months: 0 }];
        for (name, day) in ZONES.iter().flat_map(|zone| DAYS.iter().map(move |day| (*zone, *day))) {
            let (zone, noon) = (zone(name), at(&format!("{day}T12:00Z")));
            for period in periods {
                for hours in (-30..30).step_by(6) {
                    // Where the clock changes on that day, at the time of the contact, and at that of the release.
                    for shift in [Period::default(), period] {
                        let sent = zone.minus(noon, shift).saturating_add_millis(hours * HOUR + 90_000);
                        let sent = Instant::from_millis(sent.millis() / 60_000 * 60_000);
                        let after = zone.plus(sent, period).saturating_sub_millis(30 * HOUR);
                        let holds = |now| zone.minus(now, period) >= sent;
                        if holds(after.saturating_add_millis(1)) {
                            continue;
                        }
                        let expected = sought(after, holds).unwrap();
                        let found = zone.leaves(sent, period, after);
                        assert_eq!(found, expected, "{period} after {sent} in {name}, from {after} on");
                        assert!(!holds(found.saturating_sub_millis(1)));
                    }
                }
            }
        }
    }

    #[test]
    fn a_clock_leaves_its_hours_at_the_first_minute_that_shows_others() {
        let time = |text: &str| TimeOfDay::parse(text).unwrap();
        let hours =
            [("21:00", "09:00"), ("23:00", "02:30"), ("02:30", "03:00"), ("02:15", "09:00"), ("00:00", "06:00")];
        for (name, day) in ZONES.iter().flat_map(|zone| DAYS.iter().map(move |day| (*zone, *day))) {
            let zone = zone(name);
            for (from, to) in hours {
                for minutes in (0..3 * 1440).step_by(37) {
                    let after = at(&format!("{day}T00:00Z")).saturating_add_millis((minutes - 1440) * 60_000);
                    let shown = |now| zone.time_of_day(now);
                    if !shown(after).is_in(time(from), time(to)) {
                        continue;
                    }
                    let expected = sought(after, |now| !shown(now).is_in(time(from), time(to))).unwrap();
                    assert_eq!(
                        zone.clock_leaves(time(from), time(to), after),
                        expected,
                        "{from} to {to} in {name} at {after}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_calendar_window_ends_with_its_unit() {
        let paris = zone("Europe/Paris");
        let ends = |unit, sent: &str| {
            CivilWindow::This(unit).leaves(at(sent), at(sent), paris, Weekday::Monday).unwrap().to_string()
        };
        assert_eq!(ends(CalendarUnit::Day, "2026-03-29T00:30+01:00"), "2026-03-29T22:00:00Z");
        assert_eq!(ends(CalendarUnit::Week, "2026-10-25T12:00+01:00"), "2026-10-25T23:00:00Z");
        assert_eq!(ends(CalendarUnit::Month, "2024-02-29T23:59:59.999+01:00"), "2024-02-29T23:00:00Z");
        assert_eq!(ends(CalendarUnit::Year, "2026-12-31T23:00:00+01:00"), "2026-12-31T23:00:00Z");
    }
}
