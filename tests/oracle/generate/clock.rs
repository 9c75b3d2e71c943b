//! Moments at which time goes wrong: changes of clocks, leap days, ends of months and years, edges of windows.

use nextbest::{CalendarUnit, Unit};
use nextbest::{Date, Instant, Period, Zone};

use super::Rng;
use super::world::{World, ZONES, zone};

/// Amounts of time as rules write them.
pub const AMOUNTS: [&[(i64, Unit)]; 14] = [
    &[(90, Unit::Minute)],
    &[(1, Unit::Hour)],
    &[(24, Unit::Hour)],
    &[(36, Unit::Hour)],
    &[(1, Unit::Day)],
    &[(2, Unit::Day)],
    &[(7, Unit::Day)],
    &[(1, Unit::Week)],
    &[(30, Unit::Day)],
    &[(1, Unit::Month)],
    &[(3, Unit::Month)],
    &[(1, Unit::Year)],
    &[(1, Unit::Month), (2, Unit::Day)],
    &[(1, Unit::Day), (12, Unit::Hour)],
];

pub fn period(parts: &[(i64, Unit)]) -> Period {
    Period::from_parts(parts).expect("a small amount")
}

const NOWS: [&str; 16] = [
    "2026-03-29T00:30:00Z", // Paris jumps at 01:00Z
    "2026-03-29T12:00:00+02:00",
    "2026-03-30T02:30:00+02:00", // a day after a time that was not
    "2026-10-25T00:30:00Z",      // Paris repeats 02:00 to 03:00
    "2026-10-25T01:30:00Z",
    "2026-03-08T07:30:00Z", // New York jumps at 07:00Z
    "2026-11-01T05:30:00Z", // New York repeats 01:00 to 02:00
    "2026-11-02T06:30:00Z",
    "2024-02-29T12:00:00Z",
    "2025-02-28T23:30:00Z",
    "2024-03-31T10:00:00Z",
    "2025-12-31T23:30:00Z",
    "2026-01-01T00:00:00Z",
    "2026-05-31T22:00:00Z", // the first instant of June in Paris
    "2026-06-30T23:59:59.999Z",
    "2026-05-13T09:26:53.589Z",
];

pub fn any_now(rng: &mut Rng, world: &World) -> Instant {
    any_moment(rng, world.zone)
}

/// A moment in a zone.
pub fn any_moment(rng: &mut Rng, own: Zone) -> Instant {
    let named = Instant::parse(rng.pick(&NOWS)).expect("an instant");
    match rng.below(6) {
        0 => own.start_of_day(own.date_of(named)),
        1 => Instant::from_millis(named.millis() + rng.between(-40_000_000, 40_000_000)),
        _ => named,
    }
}

/// An instant where something about `now` may change, or near it.
pub fn any_instant(rng: &mut Rng, now: Instant, own: Zone) -> Instant {
    let zone = if rng.percent(70) { own } else { zone(rng.pick(&ZONES)) };
    let exact = match rng.below(12) {
        0 | 1 => now,
        2..=5 => zone.minus(now, period(rng.pick(&AMOUNTS))),
        6 => zone.plus(now, period(rng.pick(&AMOUNTS))),
        7 | 8 => {
            let unit = rng.pick(&CalendarUnit::ALL);
            let day = zone.date_of(now).first_of(unit, nextbest::Weekday::Monday);
            zone.start_of_day(day.plus_units(rng.between(-3, 0), unit).unwrap_or(day))
        }
        9 => Instant::from_millis(now.millis() - rng.between(0, 3 * 86_400_000)),
        _ => Instant::from_millis(now.millis() - rng.between(0, 400 * 86_400_000)),
    };
    match rng.below(5) {
        0 => exact.saturating_sub_millis(1),
        1 => exact.saturating_add_millis(1),
        _ => exact,
    }
}

/// A day where something about today may change.
pub fn any_date(rng: &mut Rng, now: Instant, own: Zone) -> Date {
    let today = own.date_of(now);
    let some = match rng.below(10) {
        0 => today.plus_days(rng.between(-2, 2)),
        1..=3 => today.minus(period(rng.pick(&AMOUNTS))),
        4 => today.plus(period(rng.pick(&AMOUNTS))),
        5 => Date::new(2000 + 4 * rng.between(0, 6) as i32, 2, 29),
        6 => today.plus_months(-12 * rng.between(1, 60)).and_then(|day| day.plus_days(rng.between(-1, 1))),
        7 => Date::new(today.year(), 12, 31),
        8 => Date::new(today.year(), 1, 1),
        _ => today.plus_days(rng.between(-400, 60)),
    };
    some.unwrap_or(today)
}

/// `30 days`
pub fn amount(parts: &[(i64, Unit)]) -> String {
    parts.iter().map(|(count, unit)| format!("{count} {}", unit.plural())).collect::<Vec<_>>().join(" ")
}
