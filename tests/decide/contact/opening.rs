//! `retry_at` of conditions that time alone brings about: to the millisecond, whatever clocks and months do.

use nextbest::{Date, Reason, Value};

use super::shop::{Shop, at};

/// One offer for everyone, if this lets it pass.
fn shop(clause: &str, now: &str) -> Shop {
    let rules = format!(
        "segment calm when none(complaint within 7 days) and not (count(order this month) >= 2)
        segment christmas when today between 2026-12-24 and 2026-12-26
        program winback {{ campaign back for everyone every {{
          offer gift {{ value 20 EUR propensity 10%  {clause} because \"so\"  treat web \"a\" }} }} }}"
    );
    Shop::with(&rules, now)
}

/// The same at noon in March, with somebody who joined on the 1st and ordered yesterday and today.
fn shopper(clause: &str, (year, month, day): (i32, u32, u32)) -> Shop {
    let mut shop = shop(clause, "2026-03-10T12:00Z").zone("UTC");
    shop.order("2026-03-09T09:00Z").order("2026-03-10T09:00Z");
    shop.customer.set("joined", Value::Instant(at("2026-03-01T08:00Z"))).unwrap();
    shop.customer.set("born", Value::Date(Date::new(year, month, day).unwrap())).unwrap();
    shop
}

/// It is told when it opens, and both sides of that are so.
#[track_caller]
fn opens(shop: &mut Shop, clause: &str, until: &str) {
    let nothing = shop.nothing("web");
    assert_eq!(nothing.retry_at, Some(at(until)), "{clause}");
    shop.held("web", nothing.reason, until);
}

#[test]
fn an_end_that_a_shorter_month_undoes_is_the_first() {
    // From 29 to 31 March a month ago is 28 February: until half past midnight the order is within it again.
    let mut shop = shop("suppress when any(order within 1 month)", "2026-03-20T12:00Z").zone("UTC");
    shop.order("2026-02-28T00:30Z");
    shop.held("web", Reason::Suppressed, "2026-03-28T00:30Z");
    shop.later(at("2026-03-29T00:10Z")).held("web", Reason::Suppressed, "2026-03-29T00:30Z");
    shop.later(at("2026-03-30T23:00Z")).order("2026-03-01T12:00Z").held("web", Reason::Suppressed, "2026-04-01T12:00Z");
}

#[test]
fn an_end_that_a_clock_set_back_undoes_is_the_first() {
    let mut shop = shop("applicable when none(order within 1 day)", "2026-10-24T12:00+02:00");
    shop.order("2026-10-24T02:30+02:00");
    shop.held("web", Reason::NoCandidate, "2026-10-25T02:30+02:00");
    shop.later(at("2026-10-25T02:10+01:00")).held("web", Reason::NoCandidate, "2026-10-25T02:30+01:00");
}

#[test]
fn events_to_come_are_seen_as_they_come() {
    let mut shop = shop("applicable when none(order within 1 day)", "2026-03-10T12:00Z").zone("UTC");
    shop.order("2026-03-09T18:00Z").order("2026-03-10T15:00Z").order("2026-03-13T12:00Z");
    shop.held("web", Reason::NoCandidate, "2026-03-11T15:00Z");
    let mut seen = self::shop("applicable when any(order)", "2026-03-10T12:00Z");
    seen.order("2026-03-13T12:00Z");
    seen.held("web", Reason::NoCandidate, "2026-03-13T12:00Z");
}

#[test]
fn counts_names_and_numbers_of_conditions_open() {
    for (clause, until) in [
        ("applicable when in segment calm", "2026-04-01T00:00Z"),
        ("suppress when not in segment calm", "2026-04-01T00:00Z"),
        ("applicable when count(order within 7 days) < 2", "2026-03-16T09:00Z"),
        ("applicable when count(order within 7 days) = 0", "2026-03-17T09:00Z"),
        ("suppress when count(order within 7 days) != 0", "2026-03-17T09:00Z"),
        ("applicable when at least 2 of (vip, none(order today), none(complaint within 2 days))", "2026-03-11T12:00Z"),
        ("applicable when joined is older than 3 months", "2026-06-01T08:00Z"),
        ("applicable when time since joined > 30 days and none(order within 36 hours)", "2026-03-31T08:00:00.001Z"),
        ("applicable when time since last(order).at >= 3 days", "2026-03-13T09:00Z"),
        ("applicable when age(born) >= 18", "2026-09-05T00:00Z"),
        ("applicable when today > born and now >= joined and 18 <= age(born)", "2026-09-05T00:00Z"),
    ] {
        let mut shop = shopper(clause, (2008, 9, 5));
        shop.complaint("open", "2026-03-09T12:00Z");
        shop.customer.set("vip", Value::Bool(false)).unwrap();
        opens(&mut shop, clause, until);
    }
}

#[test]
fn a_threshold_is_reached_as_time_changes_what_an_action_is_worth() {
    let worth = |lines: &str| {
        let rules = format!(
            "threshold priority >= 2.50 EUR
            program winback {{ campaign back for everyone every {{
              offer gift {{ propensity 10%  {lines}  treat web \"a\" }} }} }}"
        );
        Shop::with(&rules, "2026-03-10T12:00Z").zone("UTC")
    };
    let mut fading = worth("value 30 EUR  boost -60% after order decaying over 3 days");
    fading.order("2026-03-10T09:00Z").held("web", Reason::BelowThreshold, "2026-03-13T09:00Z");
    let ending = worth("value 30 EUR  lever -50% until 2026-03-31 by \"CRM\" because \"spring\"");
    ending.held("web", Reason::BelowThreshold, "2026-03-31T22:00:00Z");
    let mut cheaper = worth("value 25.50 EUR  cost sum(order.total within 7 days)");
    cheaper.order("2026-03-09T09:00Z").held("web", Reason::BelowThreshold, "2026-03-16T09:00Z");
    let weekend = worth("value 20 EUR  boost +50% when weekday(today) in [\"saturday\", \"sunday\"]");
    weekend.held("web", Reason::BelowThreshold, "2026-03-14T00:00Z");
    assert_eq!(worth("value 20 EUR").nothing("web").retry_at, None);
}

#[test]
fn what_the_calendar_undoes_again_opens_all_the_same() {
    for (clause, until) in [
        ("applicable when any(order last month)", "2026-04-01T00:00Z"),
        ("applicable when any(order yesterday) and none(order today)", "2026-03-11T00:00Z"),
        ("applicable when any(order from 10 days ago to 3 days ago)", "2026-03-12T09:00Z"),
        ("applicable when born is in the next 7 days", "2026-08-30T00:00Z"),
        ("applicable when anniversary of leapt is in the next 7 days", "2027-02-22T00:00Z"),
        ("applicable when month(today) = 12 and weekday(today) = \"monday\"", "2026-12-07T00:00Z"),
        ("applicable when hour(now) between 18 and 20", "2026-03-10T18:00Z"),
        ("suppress when hour(now) < 18", "2026-03-10T18:00Z"),
        ("applicable when lifecycle(order, 30 days) = \"dormant\"", "2026-04-09T09:00Z"),
        ("applicable when time since joined between 20 days and 30 days", "2026-03-21T08:00Z"),
        ("applicable when (order then not complaint within 2 days)", "2026-03-11T09:00Z"),
        ("applicable when in segment christmas", "2026-12-24T00:00Z"),
        ("applicable when 0 = count(order within 7 days)", "2026-03-17T09:00Z"),
    ] {
        let mut shop = shopper(clause, (2026, 9, 5));
        shop.complaint("open", "2026-03-11T12:00Z");
        shop.customer.set("leapt", Value::Date(Date::new(2024, 2, 29).unwrap())).unwrap();
        opens(&mut shop, clause, until);
    }
}

#[test]
fn what_time_does_not_bring_about_has_no_end() {
    for clause in ["applicable when any(order within 7 days)", "suppress when count(order) >= 1", "eligible when vip"] {
        let mut shop = shop(clause, "2026-03-10T12:00Z");
        if clause.starts_with("suppress") {
            shop.order("2026-03-09T09:00Z");
        }
        assert_eq!(shop.nothing("web").retry_at, None, "{clause}");
    }
}
