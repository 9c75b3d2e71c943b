//! What rules mean of events beyond counting them: the middle and the commonest value, rolling weeks, habits, sequences.

use crate::oracle::given::{Given, all, at, nobody, text};
use crate::oracle::value::Truth::{False, True, Unknown};
use crate::oracle::value::Val;

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
    // Of the blocks that lie further back some may be empty.
    let apart = nobody().order("2026-04-25T12:00:00+02:00").order("2026-03-25T12:00:00+01:00");
    all(&apart, True, &["count(rolling weeks with order) = 2", "count(rolling weeks with order within 30 days) = 1"]);
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
    let now = crate::oracle::given::instant("2026-05-14T12:00:00+02:00").millis();
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

// ---- §1.6 sequences -------------------------------------------------------------------------------------------------------

/// Minutes before noon in Paris on 14 May 2026, of an event of a kind.
fn happened(events: &[(&str, i64)]) -> Given {
    let now = crate::oracle::given::instant("2026-05-14T12:00:00+02:00").millis();
    events.iter().fold(nobody(), |given, (kind, minutes)| {
        let at = nextbest::Instant::from_millis(now - minutes * 60_000);
        given.event(kind, &at.to_string(), &[])
    })
}

#[test]
fn a_step_comes_later_and_in_time() {
    let given = happened(&[("login", 60), ("order", 30)]);
    all(
        &given,
        True,
        &["login then order", "login then order within 30 minutes", "(login within 1 hour 1 minute) then order"],
    );
    all(&given, False, &["order then login", "login then order within 29 minutes", "(login within 1 hour) then order"]);
    all(&given, False, &["login then order then order", "login then login", "not (login then order)"]);
    let three = happened(&[("login", 60), ("order", 30), ("order", 20)]);
    all(&three, True, &["login then order then order", "order then order within 10 minutes"]);
    // Each limit is counted from the step before, and any choice will do.
    all(&three, True, &["login then order within 30 minutes then order within 10 minutes"]);
    all(&three, False, &["login then order within 25 minutes"]);
    // Events later than now are not seen.
    all(&happened(&[("login", 60), ("order", -1)]), False, &["login then order"]);
}

#[test]
fn any_choice_of_events_will_do() {
    // The latest login before the order is the best one, though an earlier one comes first.
    let given = happened(&[("login", 500), ("login", 40), ("order", 30)]);
    all(&given, True, &["login then order within 10 minutes", "last login then order"]);
    all(&given, False, &["first login then order within 10 minutes", "last (login within 20 minutes) then order"]);
    all(&happened(&[("login", 40), ("order", 30), ("login", 20)]), False, &["last login then order"]);
}

#[test]
fn ties_are_broken_by_sequence_and_then_by_declaration() {
    let tied = |order: u64, login: u64| {
        let at = "2026-05-14T11:00:00+02:00";
        nobody().event_in_order("order", at, order, &[]).event_in_order("login", at, login, &[])
    };
    all(&tied(1, 2), True, &["order then login", "order then login within 1 second"]);
    all(&tied(1, 2), False, &["login then order"]);
    all(&tied(2, 1), True, &["login then order"]);
    // `event order` stands before `event login`.
    all(&tied(0, 0), True, &["order then login"]);
    all(&tied(0, 0), False, &["login then order"]);
    let twice = nobody().order("2026-05-14T11:00:00+02:00").order("2026-05-14T11:00:00+02:00");
    all(&twice, True, &["order then order"]);
    all(&twice, False, &["order then order then order"]);
}

#[test]
fn what_did_not_happen_needs_its_time_to_be_over() {
    let left = |minutes| happened(&[("login", minutes)]);
    let (gone, open) = (
        "(login within 1 day) then not order within 2 hours",
        "(login within 1 day) then not yet order within 2 hours",
    );
    all(&left(120), True, &[gone]);
    all(&left(120), False, &[open]);
    all(&left(119), False, &[gone]);
    all(&left(119), True, &[open]);
    // An order exactly at the end of the time counts, one minute later it does not.
    all(&happened(&[("login", 180), ("order", 60)]), False, &[gone, open]);
    all(&happened(&[("login", 180), ("order", 59)]), True, &[gone]);
    all(&happened(&[("login", 60), ("order", 30)]), False, &[gone, open]);
    // One left and one followed up: some login was left.
    all(&happened(&[("login", 600), ("login", 180), ("order", 170)]), True, &[gone]);
    all(
        &happened(&[("login", 600), ("login", 180), ("order", 170)]),
        False,
        &["last login then not order within 2 hours"],
    );
    all(&nobody(), False, &[gone, open]);
}

#[test]
fn nothing_in_between() {
    let given = happened(&[("login", 60), ("order", 30), ("login", 10)]);
    all(&given, False, &["login then login without order"]);
    all(&given, True, &["login then login", "login then order without login", "login then order without order"]);
    let again = happened(&[("login", 60), ("order", 30), ("login", 20), ("login", 10)]);
    all(&again, True, &["login then login without order within 10 minutes"]);
    all(&again, False, &["(login from 2 hours ago to 50 minutes ago) then login without order"]);
}

#[test]
fn late_histories_leave_open_what_they_could_change() {
    let since = "2026-05-14T11:00:00+02:00"; // an hour ago
    let bare = happened(&[("login", 30), ("order", 20)]).complete_since("order", since);
    all(&bare, True, &["login then order", "(login within 1 hour) then order"]);
    // Orders older than an hour cannot follow a login of half an hour ago.
    all(&happened(&[("login", 30)]).complete_since("order", since), False, &["login then order"]);
    all(
        &happened(&[("login", 90)]).complete_since("order", since),
        Unknown,
        &["login then order", "not (login then order)"],
    );
    all(
        &happened(&[("order", 30)]).complete_since("login", since),
        Unknown,
        &["login then order", "first login then order"],
    );
    all(&happened(&[("order", 30)]).complete_since("login", since), False, &["(login within 1 hour) then order"]);
    // What did not happen must be known not to have happened.
    let left = happened(&[("login", 90)]).complete_since("order", since);
    all(&left, Unknown, &["(login within 1 day) then not order within 80 minutes"]);
    all(
        &happened(&[("login", 50)]).complete_since("order", since),
        True,
        &["(login within 1 day) then not order within 40 minutes"],
    );
    let between = happened(&[("login", 90), ("login", 10)]).complete_since("order", since);
    all(&between, Unknown, &["login then login without order"]);
}

#[test]
fn an_event_without_a_place_in_time_is_not_needed() {
    // Days are counted on the calendar: in the night of the 29th of March an hour was lost.
    let spring = at("2026-03-29T12:00:00+02:00").event("login", "2026-03-28T12:30:00+01:00", &[]);
    all(
        &spring.order("2026-03-29T11:45:00+02:00"),
        True,
        &["login then order within 1 day", "login then order within 24 hours"],
    );
}

// ---- groups of events ------------------------------------------------------------------------------------------------

const SHOP: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id }
event view { product text?  price money EUR?  seconds int? }
event click { product text?  price money EUR?  place text? }
event order { product text? }
event engaged = click | view
"#;

#[track_caller]
fn shop(given: &Given, truth: crate::oracle::value::Truth, conditions: &[&str]) {
    for condition in conditions {
        assert_eq!(given.asks_in(SHOP, &format!("segment asked when {condition}")), truth, "{condition}");
    }
}

fn seen() -> Given {
    let of = |product: &str, cents| [("product", text(product)), ("price", Val::Money(cents))];
    nobody()
        .event("view", "2026-05-01T12:00:00Z", &of("hat", 100))
        .event("click", "2026-05-02T12:00:00Z", &of("hat", 300))
        .event("view", "2026-05-03T12:00:00Z", &of("shoe", 500))
        .event("click", "2026-05-10T12:00:00Z", &of("belt", 700))
}

#[test]
fn a_group_has_the_events_of_all_its_kinds() {
    shop(
        &seen(),
        True,
        &[
            "any(engaged within 5 days)",
            "none(engaged within 3 days)",
            "all(engaged have price > 0 EUR)",
            "count(engaged) = 4",
            "count(engaged within 12 days) = 3",
            "count(engaged where product = \"hat\") = 2",
            "count(distinct engaged.product) = 3",
            "count(days with engaged) = 4",
            "count(rolling weeks with engaged) = 2",
            "sum(engaged.price) = 16 EUR",
            "avg(engaged.price) = 4 EUR",
            "median(engaged.price) = 4 EUR",
            "min(engaged.price) = 1 EUR",
            "max(engaged.price within 12 days) = 7 EUR",
            "first(engaged).product = \"hat\"",
            "first(engaged) is before 2026-05-02",
            "last(engaged).product = \"belt\"",
            "last(engaged where price < 6 EUR).product = \"shoe\"",
            "most_frequent(engaged.product) = \"hat\"",
            "lifecycle(engaged, 7 days) = \"returning\"",
            "stopped(engaged, 2 days, 7 days)",
            "any(engaged within 7 days after last(view))",
            "any(engaged as e where any(view where product = e.product and at < e.at))",
            "any(view as v where any(engaged where product = v.product and at > v.at))",
        ],
    );
    shop(&nobody(), True, &["none(engaged)", "count(engaged) = 0", "last(engaged) is missing"]);
}

#[test]
fn what_each_kind_of_a_group_says_by_itself_makes_what_all_say() {
    // Of the last five days there is no view.
    shop(
        &seen(),
        True,
        &[
            "count(engaged within 5 days) = 1",
            "sum(engaged.price within 5 days) = 7 EUR",
            "min(engaged.price within 5 days) = 7 EUR",
            "max(engaged.price within 5 days) = 7 EUR",
            "max(engaged.price within 3 days) is missing",
            "not count(engaged) >= 5",
            "count(engaged where price > 2 EUR) between 2 and 3",
            "any(engaged where price > 6 EUR)",
            "none(engaged where price > 7 EUR)",
        ],
    );
    // A sum that is too large for one kind may still do for all.
    let of = |kind, cents: &[i64]| {
        cents
            .iter()
            .fold(nobody(), |given, &cents| given.event(kind, "2026-05-01T12:00:00Z", &[("price", Val::Money(cents))]))
    };
    let less = |given: Given, cents| given.event("click", "2026-05-02T12:00:00Z", &[("price", Val::Money(cents))]);
    shop(&of("view", &[i64::MAX, 1]), True, &["sum(engaged.price) is missing"]);
    shop(&less(of("view", &[i64::MAX, 1]), -300), True, &["sum(engaged.price) > 1 EUR"]);
    shop(&less(of("view", &[i64::MAX]), 1), True, &["sum(engaged.price) is missing"]);
    // What is lacking of one kind may be lacking of the group.
    let late = seen().complete_since("view", "2026-05-05T00:00:00Z");
    shop(&late, Unknown, &["count(engaged where price > 6 EUR) = 1", "none(engaged where price > 7 EUR)"]);
    shop(&late, Unknown, &["max(engaged.price) = 7 EUR", "count(engaged where price < 1 EUR) < 9"]);
    shop(&late, True, &["count(engaged) >= 3", "any(engaged where price > 4 EUR)"]);
    shop(&late, False, &["count(engaged) <= 3", "none(engaged where price > 4 EUR)"]);
}

#[test]
fn a_group_is_a_step_of_a_sequence_and_shares_its_events() {
    shop(&seen(), True, &["engaged then engaged then engaged then engaged", "view then click then engaged then click"]);
    shop(&seen(), True, &["last engaged then not order within 1 day", "first engaged then click within 1 day"]);
    // One event never fills two steps, under whatever name.
    let once = nobody().event("view", "2026-05-01T12:00:00Z", &[]);
    shop(&once, False, &["engaged then view", "view then engaged", "engaged then engaged"]);
    shop(&seen(), False, &["view then click without engaged then order"]);
}

#[test]
fn ties_in_a_group_are_ordered_by_sequence_and_then_by_kind() {
    let of = |product: &str| [("product", text(product))];
    let tie = nobody().event("click", "2026-05-01T12:00:00Z", &of("of click")).event(
        "view",
        "2026-05-01T12:00:00Z",
        &of("of view"),
    );
    shop(&tie, True, &["first(engaged).product = \"of view\"", "last(engaged).product = \"of click\""]);
    let numbered = nobody().event_in_order("click", "2026-05-01T12:00:00Z", 1, &of("of click")).event_in_order(
        "view",
        "2026-05-01T12:00:00Z",
        2,
        &of("of view"),
    );
    shop(&numbered, True, &["first(engaged).product = \"of click\"", "last(engaged).product = \"of view\""]);
    // An event of a group keeps its number among those of other kinds.
    let ordered = |number: u64| {
        nobody().event_in_order("view", "2026-05-01T12:00:00Z", 2, &of("of view")).event_in_order(
            "order",
            "2026-05-01T12:00:00Z",
            number,
            &[],
        )
    };
    shop(&ordered(3), True, &["engaged then order"]);
    shop(&ordered(1), False, &["engaged then order"]);
    shop(&ordered(1), True, &["order then engaged"]);
}

#[test]
fn a_group_is_as_late_as_its_latest_kind() {
    let late = seen().complete_since("view", "2026-05-05T00:00:00Z");
    shop(&late, True, &["any(engaged)", "count(engaged) >= 4", "last(engaged).product = \"belt\""]);
    shop(&late, Unknown, &["count(engaged) = 4", "first(engaged).product = \"hat\"", "sum(engaged.price) > 1 EUR"]);
    shop(&late, True, &["count(engaged within 9 days) = 1"]);
    // A later view may be lacking.
    let later = seen().complete_since("view", "2026-05-11T00:00:00Z");
    shop(&later, Unknown, &["last(engaged).product = \"belt\"", "last engaged then not order within 1 day"]);
    // But not a later click, since it would be of the same kind.
    let own = seen().complete_since("click", "2026-05-11T00:00:00Z");
    shop(&own, True, &["last(engaged).product = \"belt\""]);
}
