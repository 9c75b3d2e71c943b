//! What rules mean: the frozen decisions of the design, each as small cases that one can check by hand.

use crate::oracle::given::{Given, all, at, date, instant, moment, nobody, text};
use crate::oracle::value::Truth::{False, True, Unknown};
use crate::oracle::value::Val;
use nextbest::Consent;
use nextbest::check::tree::{Body, Expr, Kind};

// ---- §1.2 missing is unknown ---------------------------------------------------------------------------------------

#[test]
fn comparisons_with_what_is_missing_are_unknown() {
    let comparisons =
        ["points = 3", "points != 3", "points < 3", "not (points = 3)", "points between 1 and 5", "points in [1, 2]"];
    all(&nobody(), Unknown, &comparisons);
    all(&nobody(), Unknown, &["name contains \"a\"", "name does not contain \"a\"", "likes contains none of [\"a\"]"]);
    all(&nobody(), Unknown, &["vip", "not vip", "name is empty", "born is older than 3 years", "joined is today"]);
}

#[test]
fn missing_itself_has_two_values() {
    all(&nobody(), True, &["points is missing", "not (points is known)", "points != 3 or missing"]);
    all(&nobody(), False, &["points is known", "points is not missing"]);
    let given = nobody().with("points", Val::Int(3));
    all(&given, False, &["points is missing", "points != 3 or missing"]);
}

#[test]
fn unknown_follows_kleene() {
    let given = nobody().with("points", Val::Int(3));
    let (yes, no, unknown) = ("points = 3", "points = 4", "rating > 1.0");
    for (condition, truth) in [
        (format!("{yes} and {unknown}"), Unknown),
        (format!("{no} and {unknown}"), False),
        (format!("{yes} or {unknown}"), True),
        (format!("{no} or {unknown}"), Unknown),
        (format!("not {unknown}"), Unknown),
        (format!("{unknown} or not {unknown}"), Unknown),
    ] {
        assert_eq!(given.is(&condition), truth, "{condition}");
    }
}

#[test]
fn at_least_counts_what_is_still_possible() {
    let given = nobody().with("points", Val::Int(3));
    let (yes, no, unknown) = ("points = 3", "points = 4", "rating > 1.0");
    assert_eq!(given.is(&format!("at least 2 of ({yes}, {yes}, {unknown})")), True);
    assert_eq!(given.is(&format!("at least 2 of ({yes}, {no}, {unknown})")), Unknown);
    assert_eq!(given.is(&format!("at least 2 of ({no}, {no}, {unknown})")), False);
    assert_eq!(given.is(&format!("not at least 2 of ({yes}, {no}, {unknown})")), Unknown);
}

#[test]
fn unknown_stays_unknown_through_segments() {
    let definitions = "segment keen when rating > 1.0\nsegment asked when not in segment keen";
    assert_eq!(nobody().asks(definitions), Unknown);
    assert_eq!(nobody().with("rating", Val::Number(0.5)).asks(definitions), True);
}

#[test]
fn between_knows_what_one_bound_decides() {
    let given = nobody().with("points", Val::Int(3));
    assert_eq!(given.is("points between 5 and length(name)"), False);
    assert_eq!(given.is("points between 1 and length(name)"), Unknown);
    assert_eq!(given.is("points between 3 and 3"), True);
}

#[test]
fn not_a_number_is_missing() {
    let given = nobody().with("rating", Val::Number(f64::NAN));
    all(&given, True, &["rating is missing"]);
    all(&given, Unknown, &["rating = rating", "rating > 0.0"]);
}

#[test]
fn both_zeros_are_one() {
    let given = nobody().with("rating", Val::Number(-0.0));
    all(&given, True, &["rating = 0.0", "rating >= 0.0", "rating in [0.0]"]);
    all(&given, Unknown, &["1.0 / rating > 0.0"]);
}

#[test]
fn division_by_zero_and_overflow_are_missing() {
    let given = nobody()
        .with("points", Val::Int(i64::MAX))
        .with("clv", Val::Money(i64::MAX))
        .with("rating", Val::Number(1e308));
    all(&given, Unknown, &["points / (points - points) > 0.0", "points + 1 > 0", "points * 2 > 0"]);
    all(&given, Unknown, &["clv + clv > 1 EUR", "clv / (points - points) > 1 EUR", "rating * rating > 0.0"]);
    all(&given, True, &["points - 1 > 0", "points > 0", "points + 0 = points"]);
    let least = nobody().with("points", Val::Int(i64::MIN));
    all(&least, Unknown, &["-(points) > 0"]);
}

// ---- §1.3 windows ---------------------------------------------------------------------------------------------------

#[test]
fn windows_exclude_their_old_end_and_include_now() {
    let exactly = nobody().order("2026-05-07T12:00:00+02:00");
    assert_eq!(exactly.is("any(order within 7 days)"), False);
    let just_after = nobody().order("2026-05-07T12:00:00.001+02:00");
    assert_eq!(just_after.is("any(order within 7 days)"), True);
    assert_eq!(nobody().order("2026-05-14T12:00:00+02:00").is("any(order within 1 hour)"), True);
}

#[test]
fn adjacent_windows_tile() {
    let exactly = nobody().order("2026-05-07T12:00:00+02:00");
    assert_eq!(exactly.is("count(order from 14 days ago to 7 days ago) = 1"), True);
    assert_eq!(exactly.is("count(order within 7 days) = 0"), True);
    let oldest = nobody().order("2026-04-30T12:00:00+02:00");
    assert_eq!(oldest.is("any(order from 14 days ago to 7 days ago)"), False);
}

#[test]
fn months_clamp_to_their_end() {
    let given = at("2026-03-31T12:00:00+02:00").order("2026-02-28T12:00:00.001+01:00");
    all(&given, True, &["any(order within 1 month)"]);
    all(&at("2026-03-31T12:00:00+02:00").order("2026-02-28T12:00:00+01:00"), False, &["any(order within 1 month)"]);
}

#[test]
fn a_day_may_have_twenty_three_hours() {
    // Clocks in Paris went forward on 29 March 2026.
    let given = at("2026-03-29T12:00:00+02:00").order("2026-03-28T12:30:00+01:00");
    all(&given, True, &["any(order within 1 day)", "any(order within 24 hours)"]);
    let earlier = at("2026-03-29T12:00:00+02:00").order("2026-03-28T11:30:00+01:00");
    all(&earlier, False, &["any(order within 1 day)"]);
    all(&earlier, True, &["any(order within 24 hours)"]);
}

#[test]
fn the_future_is_seen_by_next_only() {
    let given = nobody().order("2026-05-15T12:00:00+02:00");
    all(&given, False, &["any(order)", "any(order today)", "any(order since 2026-01-01)", "last(order) is known"]);
    all(&given, True, &["any(order in the next 1 day)", "none(order in the next 23 hours)", "count(order) = 0"]);
}

#[test]
fn calendar_windows_are_whole_and_stop_at_now() {
    let given = nobody().order("2026-05-13T23:59:59.999+02:00").order("2026-05-11T00:00:00+02:00");
    all(&given, True, &["any(order yesterday)", "none(order today)", "count(order this week) = 2"]);
    all(&given, True, &["count(order this month) = 2", "none(order last week)", "none(order last month)"]);
    let april = nobody().order("2026-04-30T23:59:59.999+02:00");
    all(&april, True, &["any(order last month)", "any(order last 1 full month)", "none(order this month)"]);
    all(&april, True, &["any(order last 2 full weeks)", "none(order last week)", "none(order last 1 full week)"]);
}

#[test]
fn dates_include_both_ends() {
    let given = nobody().order("2026-03-31T23:59:59.999+02:00");
    all(
        &given,
        True,
        &["any(order from 2026-03-01 to 2026-03-31)", "any(order until 2026-03-31)", "any(order since 2026-03-31)"],
    );
    all(&given, False, &["any(order since 2026-04-01)", "any(order until 2026-03-30)"]);
}

#[test]
fn date_attributes_count_whole_days() {
    let in_30 = nobody().with("renewal", date("2026-06-12"));
    assert_eq!(in_30.is("renewal is in the next 30 days"), True);
    assert_eq!(nobody().with("renewal", date("2026-06-13")).is("renewal is in the next 30 days"), False);
    assert_eq!(nobody().with("renewal", date("2026-05-14")).is("renewal is in the next 1 day"), True);
    assert_eq!(nobody().with("renewal", date("2026-05-14")).is("renewal is in the last 1 day"), True);
    assert_eq!(nobody().with("renewal", date("2026-05-31")).is("renewal is this month"), True);
}

#[test]
fn days_are_days_of_the_zone() {
    let given = nobody().with("joined", moment("2026-05-13T23:59:59+02:00"));
    all(&given, True, &["joined is on 2026-05-13", "joined is before 2026-05-14", "joined is on or before 2026-05-13"]);
    all(&given, False, &["joined is after 2026-05-13", "joined is on or after 2026-05-14", "joined is on today"]);
    all(&nobody().with("joined", moment("2026-05-14T00:00:00+02:00")), True, &["joined is after 2026-05-13"]);
}

#[test]
fn time_since_complements_its_window() {
    let given = nobody().order("2026-05-07T12:00:00+02:00");
    all(
        &given,
        True,
        &["time since last(order) >= 7 days", "time since last(order) <= 7 days", "7 days = time since last(order)"],
    );
    all(
        &given,
        False,
        &["time since last(order) < 7 days", "time since last(order) > 7 days", "any(order within 7 days)"],
    );
    all(&nobody(), Unknown, &["time since last(order) > 7 days"]);
    all(&given.with("joined", moment("2026-05-07T12:00:00+02:00")), True, &["joined is older than 7 days"]);
}

// ---- §1.4 zones -----------------------------------------------------------------------------------------------------

#[test]
fn the_rules_own_zone_comes_first_then_the_customers() {
    // 23:30 on the 13th in Paris, 06:30 on the 14th in Tokyo, 17:30 on the 13th in New York.
    let given = at("2026-05-13T23:30:00+02:00");
    assert_eq!(given.is("day(now) = 13 and hour(now) = 23"), True);
    let at_home = at("2026-05-13T23:30:00+02:00").with("zone", text("Asia/Tokyo"));
    assert_eq!(at_home.is("day(now) = 14 and hour(now) = 6 and today = 2026-05-14"), True);
    let written = "segment asked in zone \"America/New_York\" when hour(now) = 17";
    assert_eq!(at_home.asks(written), True);
}

#[test]
fn a_zone_belongs_to_the_rule_it_is_written_in() {
    let definitions = "let there in zone \"Asia/Tokyo\" = hour(now)
        segment asked in zone \"America/New_York\" when there = 6 and hour(now) = 17";
    assert_eq!(at("2026-05-13T23:30:00+02:00").asks(definitions), True);
}

// ---- §1.5 zero is a number ------------------------------------------------------------------------------------------

#[test]
fn none_is_a_count_of_zero() {
    all(&nobody(), True, &["none(order within 30 days)", "count(order within 30 days) = 0", "count(order) <= 1"]);
    all(&nobody(), False, &["any(order)", "count(order) > 0"]);
}

#[test]
fn nothing_sums_to_zero_and_has_no_average() {
    all(&nobody(), True, &["sum(order.total) = 0 EUR", "sum(order.items) = 0", "sum(order.weight) = 0.0"]);
    all(
        &nobody(),
        Unknown,
        &["avg(order.total) > 0 EUR", "min(order.items) > 0", "max(order.weight) > 0.0", "last(order).items > 0"],
    );
    all(&nobody(), True, &["first(order) is missing", "last(order).total is missing"]);
}

#[test]
fn all_of_nothing_is_false() {
    assert_eq!(nobody().is("all(order have items > 0)"), False);
    let one = nobody().event("order", "2026-05-01T12:00:00Z", &[("items", Val::Int(1))]);
    assert_eq!(one.is("all(order have items > 0)"), True);
    // An event of which it is unknown is one of which it is not definitely true.
    assert_eq!(one.order("2026-05-02T12:00:00Z").is("all(order have items > 0)"), False);
}

#[test]
fn averages_of_money_round_half_to_even() {
    assert_eq!(nobody().orders(&[100, 101]).is("avg(order.total) = 1.00 EUR"), True);
    assert_eq!(nobody().orders(&[101, 102]).is("avg(order.total) = 1.02 EUR"), True);
    assert_eq!(nobody().orders(&[-100, -101]).is("avg(order.total) = -1.00 EUR"), True);
    assert_eq!(nobody().orders(&[100, 100, 101]).is("avg(order.total) = 1.00 EUR"), True);
}

#[test]
fn averages_of_ints_are_numbers() {
    let given = nobody()
        .event("order", "2026-05-01T12:00:00Z", &[("items", Val::Int(1))])
        .event("order", "2026-05-02T12:00:00Z", &[("items", Val::Int(2))])
        .order("2026-05-03T12:00:00Z"); // Without the property: skipped, not zero.
    assert_eq!(given.is("avg(order.items) = 1.5 and sum(order.items) = 3 and count(order) = 3"), True);
}

#[test]
fn sums_of_numbers_run_oldest_first() {
    let weight = |given: Given, at: &str, weight: f64| given.event("order", at, &[("weight", Val::Number(weight))]);
    // 1e16 + 1 + 1 loses both ones, 1 + 1 + 1e16 none. Arrival does not matter, time does.
    let lost = weight(
        weight(weight(nobody(), "2026-05-03T12:00:00Z", 1.0), "2026-05-01T12:00:00Z", 1e16),
        "2026-05-02T12:00:00Z",
        1.0,
    );
    assert_eq!(lost.is("sum(order.weight) = 10000000000000000.0"), True);
    let kept = weight(
        weight(weight(nobody(), "2026-05-03T12:00:00Z", 1e16), "2026-05-01T12:00:00Z", 1.0),
        "2026-05-02T12:00:00Z",
        1.0,
    );
    assert_eq!(kept.is("sum(order.weight) = 10000000000000002.0"), True);
}

#[test]
fn different_values_and_days_are_counted_once() {
    let given = nobody()
        .event("order", "2026-05-01T23:00:00+02:00", &[("category", text("shoes"))])
        .event("order", "2026-05-01T23:30:00+02:00", &[("category", text("shoes"))])
        .event("order", "2026-05-02T00:30:00+02:00", &[("category", text("bikes"))])
        .order("2026-05-12T12:00:00+02:00");
    all(
        &given,
        True,
        &["count(distinct order.category) = 2", "count(days with order) = 3", "count(weeks with order) = 2"],
    );
    all(&given, True, &["count(months with order) = 1", "count(order) = 4"]);
    // The same month of another year is another month.
    let years = ["2024-12-05", "2025-01-05", "2025-11-05", "2025-12-05", "2026-01-05", "2026-01-15"]
        .into_iter()
        .fold(nobody(), |given, day| given.order(&format!("{day}T12:00:00Z")));
    all(&years, True, &["count(months with order) = 5"]);
}

// ---- §1.6 order of events -------------------------------------------------------------------------------------------

#[test]
fn ties_are_ordered_by_sequence() {
    let items = |n| [("items", Val::Int(n))];
    let given = nobody()
        .event_in_order("order", "2026-05-01T12:00:00Z", 2, &items(2))
        .event_in_order("order", "2026-05-01T12:00:00Z", 3, &items(3))
        .event_in_order("order", "2026-05-01T12:00:00Z", 1, &items(1));
    assert_eq!(given.is("first(order).items = 1 and last(order).items = 3"), True);
}

#[test]
fn a_filter_is_about_one_event() {
    let given = nobody()
        .event("order", "2026-05-01T12:00:00Z", &[("items", Val::Int(5)), ("category", text("shoes"))])
        .event("order", "2026-05-02T12:00:00Z", &[("items", Val::Int(1)), ("category", text("bikes"))]);
    assert_eq!(given.is("any(order where items = 5 and category = \"bikes\")"), False);
    assert_eq!(given.is("any(order where items = 5) and any(order where category = \"bikes\")"), True);
    assert_eq!(given.is("last(order where items = 5).category = \"shoes\""), True);
}

#[test]
fn a_filter_keeps_what_is_definitely_so() {
    let given = nobody().order("2026-05-01T12:00:00Z"); // Of unknown category.
    all(&given, False, &["any(order where category = \"shoes\")", "any(order where not (category = \"shoes\"))"]);
    all(&given, True, &["count(order where category = \"shoes\") = 0", "any(order where category is missing)"]);
}

#[test]
fn a_filter_may_look_outward() {
    let given = nobody().with("points", Val::Int(3)).context("load", Val::Number(1.0)).event(
        "order",
        "2026-05-01T12:00:00Z",
        &[("items", Val::Int(3))],
    );
    all(&given, True, &["any(order where items = customer.points)", "any(order where context.load = 1.0)"]);
    all(&given, True, &["any(order where day(at) = 1 and month(at) = 5)", "none(order where items > customer.points)"]);
}

// ---- §1.7 short retention -------------------------------------------------------------------------------------------

#[test]
fn a_count_over_a_late_history_is_a_least() {
    let given = nobody().orders(&[100, 100]).complete_since("order", "2026-04-20T00:00:00Z");
    all(&given, True, &["count(order) >= 2", "count(order) != 1", "count(order) > 1", "not (count(order) = 0)"]);
    all(&given, False, &["count(order) < 2", "count(order) = 1", "count(order) in [0, 1]"]);
    all(
        &given,
        Unknown,
        &["count(order) = 2", "count(order) <= 2", "count(order) >= 3", "count(order) between 2 and 5"],
    );
    all(&given, Unknown, &["count(order) + 0 >= 2"]);
}

#[test]
fn a_count_means_the_same_under_a_name() {
    let given = nobody().orders(&[100, 100]).complete_since("order", "2026-04-20T00:00:00Z");
    let named = "let n = count(order)\nsegment asked when n ";
    for (condition, truth) in [(">= 2", True), ("< 2", False), ("= 1", False), ("= 2", Unknown), ("> 2", Unknown)] {
        assert_eq!(given.asks(&format!("{named}{condition}")), truth, "{condition}");
    }
}

#[test]
fn a_late_history_is_enough_for_a_later_window() {
    let given = nobody().complete_since("order", "2026-04-20T00:00:00Z");
    all(
        &given,
        True,
        &["count(order within 7 days) = 0", "none(order this month)", "sum(order.total within 7 days) = 0 EUR"],
    );
    all(&given, Unknown, &["none(order)", "any(order within 30 days)", "sum(order.total) = 0 EUR", "count(order) = 0"]);
}

#[test]
fn a_history_may_begin_with_its_window() {
    // The first instant of the window is a millisecond after its excluded end.
    let exactly = nobody().complete_since("order", "2026-05-07T12:00:00.001+02:00");
    assert_eq!(exactly.is("none(order within 7 days)"), True);
    let late = nobody().complete_since("order", "2026-05-07T12:00:00.002+02:00");
    assert_eq!(late.is("none(order within 7 days)"), Unknown);
}

#[test]
fn of_a_late_history_the_last_is_known_and_the_first_is_not() {
    let given = nobody().orders(&[100]).complete_since("order", "2026-04-20T00:00:00Z");
    all(&given, True, &["last(order).total = 1 EUR", "any(order)"]);
    all(&given, Unknown, &["first(order).total = 1 EUR", "max(order.total) >= 1 EUR", "avg(order.total) = 1 EUR"]);
    assert_eq!(given.is("all(order have total = 2 EUR)"), False);
    assert_eq!(given.is("all(order have total = 1 EUR)"), Unknown);
    assert_eq!(nobody().complete_since("order", "2026-04-20T00:00:00Z").is("last(order).total = 1 EUR"), Unknown);
}

// ---- §1.8 types -----------------------------------------------------------------------------------------------------

#[test]
fn dividing_ints_makes_a_number() {
    assert_eq!(nobody().with("points", Val::Int(7)).is("points / 2 = 3.5"), True);
}

#[test]
fn money_stays_exact() {
    let given = nobody().with("clv", Val::Money(1005)).with("points", Val::Int(2));
    all(
        &given,
        True,
        &["clv / points = 5.02 EUR", "clv * points = 20.10 EUR", "points * clv = 20.10 EUR", "clv / clv = 1.0"],
    );
    all(&given, True, &["50% of clv = 5.02 EUR", "clv - 10.05 EUR = 0 EUR", "-(clv) < 0 EUR"]);
    all(&given, True, &["clv * 2 = 20.10 EUR", "2 * clv = 20.10 EUR", "clv / 2 = 5.02 EUR"]);
    // 0.5 and 1.5 cents to the even neighbour, 2.5 away from zero or not: to 2.
    for (cents, half) in [(1, "0 EUR"), (3, "0.02 EUR"), (5, "0.02 EUR"), (-1, "0 EUR"), (-3, "-0.02 EUR")] {
        let given = nobody().with("clv", Val::Money(cents)).with("points", Val::Int(2));
        assert_eq!(given.is(&format!("clv / points = {half} and 50% of clv = {half}")), True, "{cents}");
    }
    assert_eq!(nobody().with("yen", Val::Money(120)).is("yen = 120 JPY"), True);
}

#[test]
fn percent_is_a_number_of_hundredths() {
    let given = nobody().with("risk", Val::Number(0.2)).with("rating", Val::Number(0.2));
    all(&given, True, &["risk = 20%", "rating >= 20%", "risk = rating", "risk between 0.1 and 30%"]);
}

#[test]
fn texts_are_compared_exactly_unless_case_is_ignored() {
    let given = nobody().with("name", text("Été à Gießen"));
    all(&given, True, &["name starts with \"Été\"", "name contains \"ieße\"", "name ends with \"en\""]);
    all(&given, False, &["name starts with \"été\"", "name = \"été à gießen\"", "name contains \"SS\" ignoring case"]);
    all(&given, False, &["name does not contain \"GIE\" ignoring case", "name not like \"é%\" ignoring case"]);
    all(
        &given,
        False,
        &["name not in [\"x\", \"été À gießen\"] ignoring case", "name != \"ÉTÉ À gießen\" ignoring case"],
    );
    all(&given, True, &["name starts with \"éTÉ\" ignoring case", "name = \"été À gießen\" ignoring case"]);
    all(
        &given,
        True,
        &["name matches \"^.t\"", "name in [\"x\", \"ÉTÉ À GIEẞEN\"] ignoring case", "length(name) = 12"],
    );
}

#[test]
fn lists_hold_any_all_or_none() {
    let given = nobody().with("likes", Val::Texts(vec!["a".into(), "B".into()]));
    all(
        &given,
        True,
        &["likes contains \"a\"", "likes contains any of [\"x\", \"a\"]", "likes contains none of [\"b\"]"],
    );
    all(
        &given,
        False,
        &["likes contains all of [\"a\", \"b\"]", "likes contains none of [\"b\"] ignoring case", "likes is empty"],
    );
    let empty = nobody().with("likes", Val::Texts(vec![]));
    all(&empty, True, &["likes is empty", "likes is known", "likes contains none of [\"a\"]"]);
    all(&empty, False, &["likes contains any of [\"a\"]", "likes contains all of [\"a\"]"]);
}

#[test]
fn ages_are_completed_years() {
    let given = at("2026-02-28T12:00:00+01:00").with("born", date("2008-02-29"));
    assert_eq!(given.is("age(born) = 18"), True); // The clamp of a month's end.
    assert_eq!(at("2026-02-27T12:00:00+01:00").with("born", date("2008-02-29")).is("age(born) = 17"), True);
    assert_eq!(nobody().with("born", date("2027-01-01")).is("age(born) >= 0"), Unknown);
}

#[test]
fn weekdays_are_names() {
    let given = nobody(); // A Thursday.
    all(&given, True, &["weekday(now) = \"thursday\"", "weekday(today) in [\"thursday\", \"friday\"]"]);
    all(
        &given.with("born", date("2000-02-29")),
        True,
        &["weekday(born) = \"tuesday\"", "month(born) = 2", "year(born) = 2000"],
    );
}

// ---- scores and groups ----------------------------------------------------------------------------------------------

#[test]
fn an_unknown_score_is_its_else() {
    let recency = "score recency on time since last(order) { 3 if <= 30 days, 2 if <= 90 days, else 1 }
        segment asked when recency = ";
    assert_eq!(nobody().asks(&format!("{recency} 1")), True);
    assert_eq!(nobody().order("2026-04-14T12:00:00+02:00").asks(&format!("{recency} 3")), True);
    assert_eq!(nobody().order("2026-04-14T11:59:59+02:00").asks(&format!("{recency} 2")), True);
}

#[test]
fn groups_take_the_first_row_that_matches() {
    let group = "score low on points { 2 if >= 10, else 1 }
        score high on rating { 2 if >= 1.0, else 1 }
        group both on (low, high) { top if 2, 2  mixed if any, 2  else rest }
        segment asked when both = ";
    let given = nobody().with("rating", Val::Number(1.0));
    assert_eq!(given.asks(&format!("{group} \"mixed\"")), True);
    assert_eq!(given.with("points", Val::Int(10)).asks(&format!("{group} \"top\"")), True);
    assert_eq!(nobody().asks(&format!("{group} \"rest\"")), True);
}

#[test]
fn the_worked_example_of_recency_frequency_and_money() {
    let rfm = "score recency   on time since last(order)           { 3 if <= 30 days,  2 if <= 90 days,  else 1 }
        score frequency on count(order within 365 days)     { 3 if >= 6,        2 if >= 2,        else 1 }
        score monetary  on sum(order.total within 365 days) { 3 if >= 500 EUR,  2 if >= 100 EUR,  else 1 }
        let rfm = recency + frequency + monetary
        segment asked when rfm = ";
    let hundred = [("total", Val::Money(10_000))];
    let mut sam = at("2026-03-10T12:00:00+01:00").event("order", "2025-11-30T12:00:00+01:00", &hundred);
    for hour in 0..5 {
        sam = sam.event("order", &format!("2025-11-10T1{hour}:00:00+01:00"), &hundred);
    }
    assert_eq!(sam.asks(&format!("{rfm} 7")), True);
    let billy =
        at("2026-03-10T12:00:00+01:00").event("order", "2026-01-09T12:00:00+01:00", &[("total", Val::Money(15_000))]);
    assert_eq!(billy.asks(&format!("{rfm} 5")), True);
}

// ---- consent and buckets --------------------------------------------------------------------------------------------

#[test]
fn the_latest_word_on_consent_counts() {
    let granted = |at| Consent::granted("email", "marketing", instant(at));
    let denied = |at| Consent::denied("email", "marketing", instant(at));
    let (is_granted, is_denied) = ("consent.email.marketing is granted", "consent.email.marketing is denied");
    all(&nobody(), False, &[is_granted, is_denied]);
    let both = nobody().consent(denied("2026-02-01T00:00:00Z")).consent(granted("2026-01-01T00:00:00Z"));
    assert_eq!((both.is(is_granted), both.is(is_denied)), (False, True));
    let at_once = nobody().consent(denied("2026-01-01T00:00:00Z")).consent(granted("2026-01-01T00:00:00Z"));
    assert_eq!((at_once.is(is_granted), at_once.is(is_denied)), (False, True));
    let tomorrow = nobody().consent(granted("2026-01-01T00:00:00Z")).consent(denied("2026-05-15T00:00:00Z"));
    assert_eq!((tomorrow.is(is_granted), tomorrow.is(is_denied)), (True, False));
    let expired = nobody().consent(granted("2026-01-01T00:00:00Z").until(instant("2026-05-14T12:00:00+02:00")));
    assert_eq!((expired.is(is_granted), expired.is(is_denied)), (False, False));
    all(
        &nobody().consent(granted("2026-01-01T00:00:00Z")),
        False,
        &["consent.sms.marketing is granted", "consent.email.service is granted"],
    );
}

#[test]
fn buckets_follow_the_frozen_hash() {
    // bucket(welcome, customer-1) = 02e6c241… of 2^64, which is 1.13…%.
    all(&nobody(), True, &["bucket(\"welcome\") < 1.2%", "bucket(\"welcome\") >= 1.1%", "bucket(\"welcome\") < 100%"]);
    all(&nobody(), False, &["bucket(\"welcome\") < 0%", "bucket(\"welcome\") >= 100%"]);
    let mut without_id = nobody();
    without_id.0.customer.attributes.clear();
    all(&without_id, Unknown, &["bucket(\"welcome\") < 50%", "bucket(\"welcome\") >= 50%"]);
}

// ---- §1.2 `or missing` reads all that can be missing ---------------------------------------------------------------

/// What a customer has of whom everything is known, in a world with something missing of every kind.
const READABLE: &str = r#"
ruleset test { zone "Europe/Paris" }
profile {
  person id  age int?  rating number?  clv money EUR?  name text?  app version?  home point?  lat number?  vip bool?
  likes list<text>?  born date?  joined instant?  opens time?
}
context { page text? }
event order { total money EUR?  weight number? }
let twice = age * 2
let orders = count(order)
"#;

#[test]
fn or_missing_is_true_wherever_something_that_is_read_is_missing() {
    let conditions = [
        "vip or missing",
        "not vip or missing",
        "age > 3 or missing",
        "3 < age or missing",
        "age between 1 and 2 or missing",
        "1 between age and 2 or missing",
        "1 between 0 and age or missing",
        "age in [1, 2] or missing",
        "age + 1 > 3 or missing",
        "1 + age > 3 or missing",
        "number(age) > 3.0 or missing",
        "twice > 3 or missing",
        "-age > 3 or missing",
        "10% of clv > 3 EUR or missing",
        "name = \"x\" or missing",
        "name contains \"x\" or missing",
        "name is empty or missing",
        "length(name) = 0 or missing",
        "version(name) > version(\"1.0.0\") or missing",
        "app > version(\"1.0.0\") or missing",
        "likes contains any of [\"a\"] or missing",
        "distance(home, point(0.0, 0.0)) < 3 km or missing",
        "distance(point(0.0, 0.0), home) < 3 km or missing",
        "distance(point(lat, 0.0), point(0.0, 0.0)) < 3 km or missing",
        "age(born) > 3 or missing",
        "anniversary of born is in the next 7 days or missing",
        "month(born) = 3 or missing",
        "born is before 2026-01-01 or missing",
        "2026-01-01 is before born or missing",
        "born is older than 3 years or missing",
        "joined is in the last 3 days or missing",
        "time since joined > 3 days or missing",
        "opens > 09:00 or missing",
        "context.page = \"x\" or missing",
        "last(order) is after 2026-01-01 or missing",
        "last(order).total > 3 EUR or missing",
        "avg(order.total) > 3 EUR or missing",
        "any(order within 3 days of joined) or missing",
        "count(order within 3 days of joined) > 3 or missing",
        "age > 3 and name = \"x\" or missing",
    ]
    .map(|condition| match condition.split_once(" or missing") {
        Some((asked, _)) => format!("({asked}) or missing"),
        None => unreachable!("each ends so"),
    });
    for condition in &conditions {
        assert_eq!(nobody().asks_in(READABLE, &format!("segment asked when {condition}")), True, "{condition}");
    }
}

#[test]
fn or_missing_also_asks_whether_what_is_there_can_be_read() {
    let given = nobody().with("name", text("no version")).with("lat", Val::Number(100.0));
    for condition in ["version(name) > version(\"1.0.0\")", "distance(point(lat, 0.0), point(0.0, 0.0)) < 3 km"] {
        let asked = |condition: &str| given.asks_in(READABLE, &format!("segment asked when {condition}"));
        assert_eq!(asked(condition), Unknown, "{condition}");
        assert_eq!(asked(&format!("({condition}) or missing")), True, "{condition}");
    }
}

#[test]
fn or_missing_asks_of_each_value_once() {
    let read = |condition: &str| {
        let text = format!("{READABLE}segment asked when ({condition}) or missing\n");
        let engine = crate::oracle::engine::engine(&text).unwrap_or_else(|problems| panic!("{problems}"));
        let body = engine.rules().definitions.last().map(|definition| definition.body.clone());
        match body {
            Some(Body::Expr(Expr { kind: Kind::Or(parts), .. })) => parts.len() - 1,
            _ => 0,
        }
    };
    assert_eq!(read("age > 3"), 1);
    assert_eq!(read("age > 3 and age < 9"), 1);
    assert_eq!(read("age > 3 and rating < 9.0"), 2);
    assert_eq!(read("twice > 3 and twice < 5"), 1);
    // What counts is there, and so is what is summed, the day, the minute and what is written.
    assert_eq!(read("age > 3 and count(order) > 3 and orders > 3 and sum(order.total) > 3 EUR and born < today"), 2);
}

// ---- §2 definitions stand in any order -----------------------------------------------------------------------------

/// A definition is found wherever it is referred to, though it stands below.
#[test]
fn what_is_defined_below_is_known_above() {
    let world = r#"
profile { person id  joined instant?  vip bool?  home point? }
event order { total int? }
event login {}
"#;
    let below = "
let three = 1 + 2
let yes = 1 = 1
let then = last(login)
let word = \"x\"
let spot = point(0.0, 0.0)
list threes [3]
segment everybody when 1 = 1
score one on count(login) { 1 if >= 0, else 2 }
";
    let given = nobody().event("login", "2026-05-13T12:00:00Z", &[]).event(
        "order",
        "2026-05-14T06:00:00Z",
        &[("total", Val::Int(3))],
    );
    for condition in [
        "yes",
        "not (not yes)",
        "yes and 1 = 1",
        "yes or 1 = 2",
        "at least 1 of (yes, 1 = 2)",
        "three = 3",
        "3 = three",
        "-three = -3",
        "three + 1 = 4",
        "1 + three = 4",
        "three between 1 and 3",
        "2 between 1 and three",
        "3 between three and 4",
        "three in [3, 4]",
        "customer.three = 3",
        "number(three) = 3.0",
        "word contains \"x\"",
        "(word = \"X\") ignoring case",
        "then is known",
        "then is after 2026-01-01",
        "date(then) is after 2026-01-01",
        "joined is missing and now is after then",
        "then is in the last 3 days",
        "time since then < 3 days",
        "in segment everybody",
        "one = 1",
        "(three = 4 or missing) or yes",
        "any(order where total = customer.three)",
        "any(order where any(login where customer.yes))",
        "all(order have total = customer.three)",
        "all(order where customer.yes have total = 3)",
        "count(order where customer.yes) = 1",
        "last(order where customer.yes) is known",
        "count(days with order where customer.yes) = 1",
        "any(order within 3 days of then)",
        "count(order within 3 days of then) = 1",
        "last(order within 3 days of then) is known",
        "then is within 3 days of then",
        "now is within 3 days of then",
        "spot is within 1 km of point(0.0, 0.0)",
        "point(0.0, 0.0) is within 1 km of spot",
        "three in list threes",
        "distance(point(number(three), 0.0), point(3.0, 0.0)) < 1 km",
        "login then (order where total = customer.three) within 3 days",
        "(login where customer.yes) then order",
        "login then order without (login where not customer.yes)",
        "(login within 3 days of then) then order",
        "lifecycle(order where customer.yes, 30 days) = \"new\"",
        "not stopped(order where customer.yes, 14 days, 60 days)",
    ] {
        assert_eq!(given.asks_in(world, &format!("segment asked when {condition}\n{below}")), True, "{condition}");
    }
    // Scores, and groups of them, too.
    let scored = format!("segment asked when mark = 2\nscore mark on three {{ 2 if > 2, else 1 }}\n{below}");
    assert_eq!(given.asks_in(world, &scored), True);
    let grouped = format!("segment asked when kind = \"low\"\ngroup kind on (one) {{ low if 1  else high }}\n{below}");
    assert_eq!(given.asks_in(world, &grouped), True);
    // Rankings are of a population that is not there.
    for condition in ["top 10% by three", "quantile(three, 5) = 1", "quantile(three, 5) descending = 1"] {
        let rules = format!("segment asked when {condition}\n{below}");
        assert_eq!(given.asks_in(world, &rules), Unknown, "{condition}");
    }
    // In a `where` a bare name is a property, whatever else has that name.
    let own = "segment asked when total = 1\nlet total = count(order where total = 3)";
    assert_eq!(given.asks_in(world, own), True);
    // What belongs to the request is no definition, though one has its name.
    let context = "context { load int? }\nsegment asked when load = 1\nlet load = context.load";
    assert_eq!(given.context("load", Val::Int(1)).asks_in(world, context), True);
}

// ---- §1.4 numbers with decimals are computed in every place ----------------------------------------------------------

#[test]
fn numbers_with_decimals_are_read_computed_and_compared() {
    let given = [2.5, 0.5, 1.5, 0.5]
        .iter()
        .zip(1..)
        .fold(nobody().with("rating", Val::Number(1.5)).with("points", Val::Int(3)), |given, (&weight, day)| {
            given.event("order", &format!("2026-05-0{day}T12:00:00Z"), &[("weight", Val::Number(weight))])
        })
        .event("order", "2026-05-06T12:00:00Z", &[]);
    all(
        &given,
        True,
        &[
            "rating + 1.0 > 2.4 and rating + 1.0 < 2.6",
            "rating - 1.0 > 0.4 and rating - 1.0 < 0.6",
            "rating * 2.0 > 2.9 and rating * 2.0 < 3.1",
            "rating / 2.0 > 0.7 and rating / 2.0 < 0.8",
            "number(points) / 2.0 = rating",
            "avg(order.weight) > 1.24 and avg(order.weight) < 1.26",
            "sum(order.weight) > 4.9 and sum(order.weight) < 5.1",
            "min(order.weight) > 0.4 and min(order.weight) < 0.6",
            "max(order.weight) > 2.4 and max(order.weight) < 2.6",
            "median(order.weight) > 0.9 and median(order.weight) < 1.1",
            "median(order.weight where weight > 1.0) = 2.0",
            "median(order.weight where weight < 2.0) = 0.5",
            "rating not between 1.6 and 2.5 and rating not between 0.5 and 1.4",
            "most_frequent(order.weight) > 0.4 and most_frequent(order.weight) < 0.6",
            "last(order where weight is known).weight < 0.6",
            "first(order).weight > 2.4",
            "first(order).weight + 1.0 > 3.4",
            "any(order where weight + 1.0 > 3.4)",
            "none(order where weight + 1.0 > 3.6)",
            "any(order as o where any(order where weight > o.weight + 1.9))",
            "none(order as o where any(order where weight > o.weight + 2.1))",
            "count(order as o where any(order where weight = o.weight and at > o.at)) = 1",
            "count(distinct order.weight) = 3",
        ],
    );
    all(&given, Unknown, &["last(order).weight > 0.1", "last(order).weight + 1.0 > 0.1"]);
    all(&given, False, &["rating not between 1.5 and 2.5", "rating not between 0.5 and 1.5"]);
}

#[test]
fn what_is_written_takes_the_type_of_the_other_side_whichever_stands_first() {
    let given = nobody()
        .with("rating", Val::Number(3.5))
        .with("risk", Val::Number(0.25))
        .with("country", Val::Category(0))
        .with("born", date("2000-02-29"));
    all(
        &given,
        True,
        &["rating > 3", "3 < rating", "-3 < rating", "rating > -3", "2 * rating = 7.0", "3 + rating > 6.4"],
    );
    all(&given, True, &["country = \"FR\"", "\"FR\" = country", "\"DE\" != country", "20% < risk", "0.2 < risk"]);
    all(&given, True, &["2000-02-29 = born"]);
}

#[test]
fn any_number_of_alternatives_is_asked_one_by_one() {
    let given = nobody().with("points", Val::Int(3));
    for count in 2..7 {
        for hit in 0..=count {
            let parts: Vec<String> =
                (0..count).map(|part| format!("points = {}", if part == hit { 3 } else { 10 + part })).collect();
            let expected = if hit < count { True } else { False };
            assert_eq!(given.is(&parts.join(" or ")), expected, "{parts:?}");
            let negated: Vec<String> = parts.iter().map(|part| format!("not ({part})")).collect();
            let opposite = if hit < count { False } else { True };
            assert_eq!(given.is(&negated.join(" and ")), opposite, "{negated:?}");
        }
    }
}

#[test]
fn an_empty_text_is_a_text() {
    let empty = nobody().with("name", text(""));
    all(&empty, True, &["name is empty", "name is known", "length(name) = 0", "name = \"\"", "name like \"%\""]);
    all(&empty, False, &["not (name is empty)", "name contains \"a\""]);
    let full = nobody().with("name", text("x")).event("order", "2026-05-01T12:00:00Z", &[("category", text(""))]);
    all(&full, False, &["name is empty", "name is missing", "name = \"\""]);
    all(&full, True, &["first(order).category is empty", "not (first(order).category is missing)"]);
    all(&full, True, &["any(order where category is empty)", "none(order where category is not empty)"]);
    all(&full, False, &["first(order).category is not empty"]);
    all(&nobody(), Unknown, &["first(order).category is empty", "first(order).category is not empty"]);
}

#[test]
fn an_interval_between_bounds_the_wrong_way_round_holds_nothing() {
    let given = nobody().with("points", Val::Int(3)).with("rating", Val::Number(3.0));
    all(&given, False, &["points between points + 1 and points - 1", "points > 9223372036854775807"]);
    all(&given, True, &["points <= 9223372036854775807", "points >= -9223372036854775807 - 1"]);
    all(&given, True, &["not (points > 9223372036854775807)", "points not between points + 1 and points - 1"]);
    all(&nobody(), Unknown, &["points > 9223372036854775807", "points <= 9223372036854775807"]);
}

#[test]
fn two_counts_are_compared_as_far_as_they_are_known() {
    let given = |orders: usize, logins: usize| {
        let given = (0..orders).fold(nobody(), |given, _| given.order("2026-05-13T12:00:00Z"));
        (0..logins).fold(given, |given, _| given.event("login", "2026-05-13T12:00:00Z", &[]))
    };
    let hold = |given: &Given, truths: [(&str, crate::oracle::value::Truth); 6]| {
        for (op, truth) in truths {
            all(given, truth, &[&format!("count(order) {op} count(login)")]);
        }
    };
    hold(&given(2, 1), [("=", False), ("!=", True), ("<", False), ("<=", False), (">", True), (">=", True)]);
    hold(&given(2, 2), [("=", True), ("!=", False), ("<", False), ("<=", True), (">", False), (">=", True)]);
    // There may have been more orders than there are here.
    let late = |orders, logins| given(orders, logins).complete_since("order", "2026-05-01T00:00:00Z");
    let unknown = [("=", Unknown), ("!=", Unknown), ("<", Unknown), ("<=", Unknown), (">", Unknown), (">=", Unknown)];
    hold(&late(2, 1), [("=", False), ("!=", True), ("<", False), ("<=", False), (">", True), (">=", True)]);
    hold(&late(2, 2), [("=", Unknown), ("!=", Unknown), ("<", False), ("<=", Unknown), (">", Unknown), (">=", True)]);
    hold(&late(2, 3), unknown);
    hold(&late(2, 2).complete_since("login", "2026-05-01T00:00:00Z"), unknown);
}

#[test]
fn a_clause_inside_of_another_leaves_the_outer_row_where_it_was() {
    let items = |n| [("items", Val::Int(n))];
    let given = nobody()
        .event("login", "2026-05-01T12:00:00Z", &[])
        .event("login", "2026-05-02T12:00:00Z", &[])
        .event("order", "2026-05-03T12:00:00Z", &items(1))
        .event("order", "2026-05-04T12:00:00Z", &items(100));
    all(
        &given,
        True,
        &[
            "any(order as o where count(login where at <= o.at) > items)",
            "count(order as o where count(login where at <= o.at) > items) = 1",
            "count(order as o where count(login where at <= o.at) < items) = 1",
            "any(order as o where at least 2 of (any(login where at < o.at), items = 1, items = 2))",
        ],
    );
}
