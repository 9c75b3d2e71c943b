//! Rows 23 to 34 of the reference: days, windows on attributes, anniversaries, parts of a time, with every edge.

use crate::oracle::given::{Given, WORLD, all, at, date, moment, nobody, text};
use crate::oracle::value::Truth::{False, True, Unknown};
use crate::oracle::value::{Truth, Val};

fn born(day: &str) -> Given {
    nobody().with("born", date(day))
}

fn renewal(day: &str) -> Given {
    nobody().with("renewal", date(day))
}

fn joined(at: &str) -> Given {
    nobody().with("joined", moment(at))
}

/// A condition where the ruleset has further settings.
fn is_with(settings: &str, given: &Given, condition: &str) -> Truth {
    given.asks_in(&WORLD.replace("currency EUR", settings), &format!("segment asked when {condition}"))
}

// ---- row 23: a point in time against a day ---------------------------------------------------------------------------

#[test]
fn dates_stand_before_on_or_after_a_day() {
    for (day, holds) in [
        ("2026-05-13", ["is before", "is on or before", "is not on", "is not after", "is not on or after"]),
        ("2026-05-14", ["is not before", "is on or before", "is on", "is not after", "is on or after"]),
        ("2026-05-15", ["is not before", "is not on or before", "is not on", "is after", "is on or after"]),
    ] {
        for relation in holds {
            assert_eq!(renewal(day).is(&format!("renewal {relation} 2026-05-14")), True, "{day} {relation}");
        }
    }
}

#[test]
fn moments_stand_before_on_or_after_the_whole_day_in_the_zone() {
    for (at, relations) in [
        ("2026-05-13T23:59:59.999+02:00", ["is before", "is on or before", "is not on", "is not on or after"]),
        ("2026-05-14T00:00:00+02:00", ["is not before", "is on or before", "is on", "is on or after"]),
        ("2026-05-14T23:59:59.999+02:00", ["is not after", "is on or before", "is on", "is on or after"]),
        // After a day is from the start of the next one on.
        ("2026-05-15T00:00:00+02:00", ["is after", "is not on or before", "is not on", "is on or after"]),
    ] {
        for relation in relations {
            assert_eq!(joined(at).is(&format!("joined {relation} 2026-05-14")), True, "{at} {relation}");
        }
    }
}

// ---- row 24, 27: rolling windows on moments ---------------------------------------------------------------------------

#[test]
fn the_old_end_of_a_rolling_window_is_out_and_now_is_in() {
    for (at, seven, older) in [
        ("2026-05-07T12:00:00+02:00", False, True),
        ("2026-05-07T12:00:00.001+02:00", True, False),
        ("2026-05-14T12:00:00+02:00", True, False),
        ("2026-05-14T12:00:00.001+02:00", False, False),
    ] {
        assert_eq!(joined(at).is("joined is within 7 days"), seven, "{at}");
        assert_eq!(joined(at).is("joined is in the last 7 days"), seven, "{at}");
        assert_eq!(joined(at).is("joined is older than 7 days"), older, "{at}");
        assert_eq!(joined(at).is("joined is from 14 days ago to 7 days ago"), older, "{at}");
    }
    assert_eq!(joined("2026-04-30T12:00:00+02:00").is("joined is from 14 days ago to 7 days ago"), False);
}

#[test]
fn hours_are_exact_and_days_are_of_the_calendar() {
    // The clock went forward on the morning of 29 March: from noon to noon were 23 hours.
    let asked = at("2026-03-29T12:00:00+02:00");
    let noon_before = asked.with("joined", moment("2026-03-28T12:00:00+01:00"));
    all(&noon_before, True, &["joined is older than 1 day", "joined is within 24 hours"]);
    all(&noon_before, False, &["joined is within 1 day", "joined is older than 24 hours"]);
}

// ---- row 29: windows on dates ------------------------------------------------------------------------------------------

#[test]
fn days_to_come_begin_with_today() {
    for (day, holds) in [("2026-05-13", False), ("2026-05-14", True), ("2026-05-20", True), ("2026-05-21", False)] {
        assert_eq!(renewal(day).is("renewal is in the next 7 days"), holds, "{day}");
    }
}

#[test]
fn days_gone_by_end_with_today() {
    for (day, holds) in [("2026-05-07", False), ("2026-05-08", True), ("2026-05-14", True), ("2026-05-15", False)] {
        assert_eq!(renewal(day).is("renewal is in the last 7 days"), holds, "{day}");
        let older = if day == "2026-05-07" { True } else { False };
        assert_eq!(renewal(day).is("renewal is older than 7 days"), older, "{day}");
    }
}

#[test]
fn one_day_is_today() {
    all(&renewal("2026-05-14"), True, &["renewal is in the next 1 day", "renewal is within 1 day", "renewal is today"]);
    all(&renewal("2026-05-15"), False, &["renewal is in the next 1 day", "renewal is today"]);
}

#[test]
fn moments_to_come_begin_after_now() {
    for (at, holds) in [
        ("2026-05-14T12:00:00+02:00", False),
        ("2026-05-14T12:00:00.001+02:00", True),
        ("2026-05-21T12:00:00+02:00", True),
        ("2026-05-21T12:00:00.001+02:00", False),
    ] {
        assert_eq!(joined(at).is("joined is in the next 7 days"), holds, "{at}");
    }
}

#[test]
fn a_month_ahead_of_the_31st_ends_with_the_shorter_month() {
    let asked =
        |day: &str| at("2026-01-31T12:00:00+01:00").with("renewal", date(day)).is("renewal is in the next 1 month");
    assert_eq!([asked("2026-02-27"), asked("2026-02-28")], [True, False]);
}

// ---- row 26, 28: calendar windows and absolute ones on attributes --------------------------------------------------------

#[test]
fn a_calendar_window_on_an_attribute_is_whole() {
    for (day, month, quarter) in [
        ("2026-04-30", False, True),
        ("2026-05-01", True, True),
        ("2026-05-31", True, True),
        ("2026-06-30", False, True),
    ] {
        assert_eq!(renewal(day).is("renewal is this month"), month, "{day}");
        assert_eq!(renewal(day).is("renewal is this quarter"), quarter, "{day}");
    }
    all(&joined("2026-05-31T23:59:59.999+02:00"), True, &["joined is this month"]);
    all(&joined("2026-06-01T00:00:00+02:00"), False, &["joined is this month"]);
}

#[test]
fn both_ends_of_an_absolute_range_are_in() {
    for (day, holds) in [("2026-02-28", False), ("2026-03-01", True), ("2026-03-31", True), ("2026-04-01", False)] {
        assert_eq!(renewal(day).is("renewal is from 2026-03-01 to 2026-03-31"), holds, "{day}");
        assert_eq!(renewal(day).is("renewal between 2026-03-01 and 2026-03-31"), holds, "{day}");
    }
    all(&joined("2026-03-31T23:59:59.999+02:00"), True, &["joined is from 2026-03-01 to 2026-03-31"]);
    all(&joined("2026-04-01T00:00:00+02:00"), False, &["joined is from 2026-03-01 to 2026-03-31"]);
}

// ---- row 30: anniversaries -------------------------------------------------------------------------------------------

#[test]
fn a_birthday_in_the_coming_week() {
    for (day, holds) in [
        ("1990-05-13", False),
        ("1990-05-14", True),
        ("1990-05-20", True),
        ("1990-05-21", False),
        ("2026-05-14", True),
        ("2031-05-15", True),
    ] {
        assert_eq!(born(day).is("anniversary of born is in the next 7 days"), holds, "{day}");
    }
    all(&nobody(), Unknown, &["anniversary of born is in the next 7 days", "anniversary of born = today"]);
    all(&nobody(), True, &["anniversary of born is missing", "anniversary of born is in the next 7 days or missing"]);
}

#[test]
fn a_birthday_today_is_said_in_several_ways() {
    let ways = ["anniversary of born = today", "anniversary of born is today", "anniversary of born is on today"];
    all(&born("1990-05-14"), True, &ways);
    all(&born("1990-05-15"), False, &ways);
    all(&born("1990-05-15"), True, &["anniversary of born = 2026-05-15", "anniversary of born is after today"]);
}

#[test]
fn the_coming_week_crosses_the_year_end() {
    let asked = |day: &str| {
        at("2026-12-28T12:00:00+01:00").with("born", date(day)).is("anniversary of born is in the next 7 days")
    };
    assert_eq!(["1990-12-27", "1990-12-28", "1990-12-31"].map(asked), [False, True, True]);
    assert_eq!(["1990-01-01", "1990-01-03", "1990-01-04"].map(asked), [True, True, False]);
    let between = "anniversary of born between 2026-12-31 and 2027-01-01";
    assert_eq!(at("2026-12-28T12:00:00+01:00").with("born", date("1990-01-01")).is(between), True);
}

#[test]
fn a_birthday_that_was_this_month_is_next_year() {
    all(&born("1990-05-14"), True, &["anniversary of born is this month"]);
    all(&born("1990-05-02"), False, &["anniversary of born is this month"]);
    all(&born("1990-05-02"), True, &["anniversary of born = 2027-05-02", "month(born) = month(today)"]);
}

#[test]
fn a_leap_day_falls_on_the_last_of_february_or_the_first_of_march() {
    let on = |now: &str| at(now).with("born", date("2004-02-29"));
    let today = "anniversary of born = today";
    assert_eq!(on("2026-02-28T12:00:00+01:00").is(today), True);
    assert_eq!(on("2026-03-01T12:00:00+01:00").is(today), False);
    let march = "leap day falls on March 1";
    assert_eq!(is_with(march, &on("2026-02-28T12:00:00+01:00"), today), False);
    assert_eq!(is_with(march, &on("2026-03-01T12:00:00+01:00"), today), True);
    for setting in [march, "leap day falls on february 28"] {
        assert_eq!(is_with(setting, &on("2028-02-28T12:00:00+01:00"), today), False, "{setting}");
        assert_eq!(is_with(setting, &on("2028-02-29T12:00:00+01:00"), today), True, "{setting}");
        assert_eq!(is_with(setting, &on("2028-03-01T12:00:00+01:00"), today), False, "{setting}");
    }
    // Ages go by the same day.
    assert_eq!(on("2022-02-28T12:00:00+01:00").is("age(born) = 18"), True);
    assert_eq!(is_with(march, &on("2022-02-28T12:00:00+01:00"), "age(born) = 17"), True);
    assert_eq!(is_with(march, &on("2022-03-01T12:00:00+01:00"), "age(born) = 18"), True);
}

#[test]
fn the_anniversary_of_a_moment_is_that_of_its_day_in_the_zone() {
    // Still the 13th in Paris, the 14th in Tokyo.
    let given = at("2026-05-13T12:00:00+02:00").with("joined", moment("2020-05-13T23:30:00+02:00"));
    assert_eq!(given.is("anniversary of joined = today"), True);
    let in_tokyo = given.with("zone", text("Asia/Tokyo"));
    assert_eq!(in_tokyo.is("anniversary of joined = 2026-05-14"), True);
    let first = nobody().order("2025-05-15T10:00:00+02:00");
    assert_eq!(first.is("anniversary of first(order) is in the next 7 days"), True);
    assert_eq!(nobody().is("anniversary of first(order) is in the next 7 days"), Unknown);
}

#[test]
fn orders_of_a_day_that_comes_round() {
    let given = nobody().order("2025-05-16T10:00:00+02:00").order("2024-08-01T10:00:00+02:00");
    assert_eq!(given.is("count(order where anniversary of at is in the next 7 days) = 1"), True);
}

// ---- row 31, 32: ages and parts of a time ----------------------------------------------------------------------------

#[test]
fn ages_are_completed_years_on_today() {
    all(&born("2008-05-14"), True, &["age(born) = 18", "age(born) between 18 and 35"]);
    all(&born("2008-05-15"), True, &["age(born) = 17"]);
    all(&born("2026-05-15"), Unknown, &["age(born) >= 0", "age(born) < 18"]);
}

#[test]
fn seasons_are_three_whole_months_of_the_hemisphere() {
    let season = |settings: &str, day: &str, season: &str| {
        is_with(settings, &born(day), &format!("season(born) = \"{season}\""))
    };
    for (day, north, south) in [
        ("1990-02-28", "winter", "summer"),
        ("1990-03-01", "spring", "autumn"),
        ("1990-06-01", "summer", "winter"),
        ("1990-11-30", "autumn", "spring"),
        ("1990-12-01", "winter", "summer"),
    ] {
        assert_eq!(season("currency EUR", day, north), True, "{day}");
        assert_eq!(season("hemisphere north", day, north), True, "{day}");
        assert_eq!(season("hemisphere south", day, south), True, "{day}");
    }
    assert_eq!(nobody().is("season(born) in [\"spring\", \"winter\"]"), Unknown);
    // Half an hour before June in Paris, June already in Tokyo.
    let edge = at("2026-05-31T23:30:00+02:00");
    assert_eq!(edge.is("season(now) = \"spring\""), True);
    assert_eq!(edge.with("zone", text("Asia/Tokyo")).is("season(now) = \"summer\""), True);
    let searches = nobody().event("order", "2026-04-02T10:00:00+02:00", &[("category", Val::Text("bikes".into()))]);
    assert_eq!(searches.is("any(order where category = \"bikes\" and season(at) = \"spring\")"), True);
}
