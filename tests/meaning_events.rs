//! What rules mean of events beyond counting them: the middle and the commonest value, rolling weeks, habits, sequences.
//!
//! Every case is asked of the engine (in all the ways there are to ask) and of the oracle.

#![allow(dead_code)] // The generator is for properties.rs.

mod oracle;

use oracle::given::{Given, all, at, nobody, text};
use oracle::value::Truth::{False, True, Unknown};
use oracle::value::Val;

// ---- §1.5 the middle and the commonest -------------------------------------------------------------------------------

#[test]
fn a_median_of_money_is_rounded_half_to_even() {
    all(&nobody(), True, &["median(order.total) is missing"]);
    all(&nobody().orders(&[300, 100, 900]), True, &["median(order.total) = 3 EUR"]);
    all(&nobody().orders(&[100, 103]), True, &["median(order.total) = 1.02 EUR"]); // 101.5
    all(&nobody().orders(&[100, 105]), True, &["median(order.total) = 1.02 EUR"]); // 102.5
    all(&nobody().orders(&[-100, -105]), True, &["median(order.total) = -1.02 EUR"]);
    let late = nobody().orders(&[300, 100]).complete_since("order", "2026-05-01T00:00:00Z");
    all(&late, Unknown, &["median(order.total) > 1 EUR"]);
    all(&late, True, &["median(order.total within 13 days) = 2 EUR"]);
}

#[test]
fn a_median_of_whole_numbers_is_a_number() {
    let items = |counts: &[i64]| {
        counts
            .iter()
            .fold(nobody(), |given, &n| given.event("order", "2026-05-02T12:00:00Z", &[("items", Val::Int(n))]))
    };
    all(&items(&[1, 2]).order("2026-05-03T12:00:00Z"), True, &["median(order.items) = 1.5"]);
    all(&items(&[i64::MAX, i64::MAX]), True, &["median(order.items) > 9000000000.0"]);
    let weights = nobody().event("order", "2026-05-02T12:00:00Z", &[("weight", Val::Number(1e308))]).event(
        "order",
        "2026-05-03T12:00:00Z",
        &[("weight", Val::Number(1.5e308))],
    );
    all(&weights, True, &["median(order.weight) is known"]);
}

#[test]
fn the_commonest_value_is_the_later_of_two_equally_common() {
    let bought = |categories: &[&str]| {
        categories.iter().enumerate().fold(nobody(), |given, (day, category)| {
            given.event("order", &format!("2026-05-0{}T12:00:00Z", day + 1), &[("category", text(category))])
        })
    };
    all(&nobody(), True, &["most_frequent(order.category) is missing"]);
    all(&bought(&["a", "b", "b"]), True, &["most_frequent(order.category) = \"b\""]);
    all(&bought(&["b", "b", "a"]), True, &["most_frequent(order.category) = \"b\""]);
    all(&bought(&["b", "a"]), True, &["most_frequent(order.category) = \"a\""]);
    all(&bought(&["a", "b", "b", "a"]), True, &["most_frequent(order.category) = \"a\""]);
    // What has no category is not counted, and case is part of a text.
    all(&bought(&["a", "A"]).order("2026-05-08T12:00:00Z"), True, &["most_frequent(order.category) = \"A\""]);
    all(
        &bought(&["a"]).complete_since("order", "2026-05-01T00:00:00Z"),
        Unknown,
        &["most_frequent(order.category) = \"a\""],
    );
}

#[test]
fn rolling_weeks_end_at_now() {
    // Noon in Paris on the 14th: the blocks end at noon on the 14th, the 7th, the 30th of April.
    let twice = nobody().order("2026-05-14T12:00:00+02:00").order("2026-05-07T12:00:00.001+02:00");
    all(&twice, True, &["count(rolling weeks with order) = 1"]);
    let edge = nobody().order("2026-05-14T12:00:00+02:00").order("2026-05-07T12:00:00+02:00");
    all(&edge, True, &["count(rolling weeks with order) = 2", "count(rolling weeks with order within 7 days) = 1"]);
    // Clocks went forward on 29 March: noon stays noon.
    let spring =
        at("2026-03-31T12:00:00+02:00").order("2026-03-24T12:00:00+01:00").order("2026-03-24T12:00:00.001+01:00");
    all(&spring, True, &["count(rolling weeks with order) = 2"]);
    let ahead = nobody().order("2026-05-14T12:00:00.001+02:00").order("2026-05-21T12:00:00+02:00");
    all(
        &ahead,
        True,
        &["count(rolling weeks with order in the next 14 days) = 1", "count(rolling weeks with order) = 0"],
    );
}

// ---- §1.17 habits ---------------------------------------------------------------------------------------------------------

/// Orders so many days before now.
fn ordered(days_ago: &[i64]) -> Given {
    let now = oracle::given::instant("2026-05-14T12:00:00+02:00").millis();
    days_ago.iter().fold(nobody(), |given, days| {
        let at = nextbest::Instant::from_millis(now - days * 86_400_000);
        given.order(&at.to_string())
    })
}

#[test]
fn every_customer_is_in_one_stage() {
    // 30 days ago is outside of the current period, 60 days ago outside of the previous one.
    for (days_ago, stage) in [
        (vec![], "never"),
        (vec![0], "new"),
        (vec![29, 5], "new"),
        (vec![30, 5], "returning"),
        (vec![90, 59, 5], "returning"),
        (vec![60, 5], "resurrected"),
        (vec![30], "dormant"),
        (vec![100, 59], "dormant"),
        (vec![60], "lapsed"),
        (vec![-1], "never"),
    ] {
        let given = ordered(&days_ago);
        all(&given, True, &[&format!("lifecycle(order, 30 days) = \"{stage}\"")]);
    }
}

#[test]
fn a_stage_needs_all_the_history_that_tells_it() {
    let late = |days_ago: &[i64]| ordered(days_ago).complete_since("order", "2026-04-01T00:00:00Z");
    all(&late(&[5]), True, &["lifecycle(order, 30 days) is missing"]);
    all(&late(&[40, 5]), True, &["lifecycle(order, 30 days) = \"returning\""]);
    all(&late(&[40]), True, &["lifecycle(order, 30 days) = \"dormant\""]);
    all(
        &late(&[]),
        Unknown,
        &["lifecycle(order, 30 days) = \"never\"", "lifecycle(order, 30 days) in [\"new\", \"dormant\"]"],
    );
    all(&late(&[100, 5]), Unknown, &["lifecycle(order, 30 days) = \"resurrected\""]);
    all(&late(&[100, 5]), True, &["lifecycle(order, 10 days) = \"resurrected\""]);
}

#[test]
fn stopped_and_restarted_have_exact_bounds() {
    // stopped: some in (now − 60 d, now − 14 d], none in (now − 14 d, now].
    all(&ordered(&[14]), True, &["stopped(order, 14 days, 60 days)"]);
    all(&ordered(&[59]), True, &["stopped(order, 14 days, 60 days)"]);
    all(&ordered(&[60]), False, &["stopped(order, 14 days, 60 days)"]);
    all(&ordered(&[13, 20]), False, &["stopped(order, 14 days, 60 days)"]);
    all(&ordered(&[-2, 20]), True, &["stopped(order, 14 days, 60 days)"]);
    // restarted: some up to now − 60 d, none in (now − 60 d, now − 14 d], some in (now − 14 d, now].
    all(&ordered(&[60, 13]), True, &["restarted(order, 14 days, 60 days)"]);
    all(&ordered(&[59, 13]), False, &["restarted(order, 14 days, 60 days)"]);
    all(&ordered(&[60, 14, 0]), False, &["restarted(order, 14 days, 60 days)"]);
    all(&ordered(&[13]), False, &["restarted(order, 14 days, 60 days)"]);
    all(
        &ordered(&[13]).complete_since("order", "2026-03-01T00:00:00Z"),
        Unknown,
        &["restarted(order, 14 days, 60 days)"],
    );
}

#[test]
fn everything_up_to_some_time_ago() {
    all(&ordered(&[60]), True, &["any(order until 60 days ago)"]);
    all(&ordered(&[59]), False, &["any(order until 60 days ago)"]);
}
