use nextbest::{Outcome, Reason, Stage};

use super::shop::{Shop, at};

const GIFT: &str = "winback.back.gift";
const NOTE: &str = "winback.back.note";
const SHOWN: &str = "rest each action 10 days after 3 impressions within 7 days without click";
const NO: &str = "rest each program 60 days after 1 reject within 30 days";

fn shown(days: &[&str]) -> Shop {
    let mut shop = Shop::under(SHOWN, "2026-03-10T12:00:00+01:00");
    for day in days {
        shop.came(GIFT, Outcome::Impression, &format!("2026-{day}T12:00:00+01:00"));
    }
    shop
}

#[test]
fn an_action_rests_from_the_third_impression_on() {
    assert_eq!(shown(&["03-07", "03-08"]).answer("email"), "gift");
    assert_eq!(shown(&["02-28", "03-01", "03-08"]).answer("email"), "gift", "two in seven days");
    let shop = shown(&["03-01", "03-03", "03-05"]);
    assert_eq!(shop.answer("email"), "note", "the other action does not rest");
    let trace = shop.trace("gift", "email");
    assert_eq!((trace.left, trace.clause.as_str()), (Some(Stage::Journey), SHOWN));
    assert_eq!(trace.retry_at, Some(at("2026-03-15T12:00:00+01:00")));
    // Each later one begins a rest of its own.
    let trace = shown(&["03-01", "03-03", "03-05", "03-09"]).trace("gift", "email");
    assert_eq!(trace.retry_at, Some(at("2026-03-19T12:00:00+01:00")), "the third of its own week");
    let trace = shown(&["03-01", "03-03", "03-05", "03-07"]).trace("gift", "email");
    assert_eq!(trace.retry_at, Some(at("2026-03-17T12:00:00+01:00")));
}

#[test]
fn a_click_in_the_window_excuses_and_one_before_or_after_does_not() {
    let mut shop = shown(&["03-01", "03-03", "03-05"]);
    shop.came(GIFT, Outcome::Clicked, "2026-02-26T12:00:00+01:00");
    assert_eq!(shop.left("gift", "email"), Some(Stage::Journey), "(3 March − 7 d, …] does not hold it");
    shop.came(GIFT, Outcome::Clicked, "2026-03-06T12:00:00+01:00");
    assert_eq!(shop.left("gift", "email"), Some(Stage::Journey), "too late");
    shop.came(NOTE, Outcome::Clicked, "2026-03-04T12:00:00+01:00");
    assert_eq!(shop.left("gift", "email"), Some(Stage::Journey), "on something else");
    shop.came(GIFT, Outcome::Clicked, "2026-03-05T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "gift");
}

#[test]
fn a_program_rests_as_a_whole_and_service_does_not() {
    let mut shop = Shop::under(NO, "2026-03-10T12:00:00+01:00");
    shop.came("sales.other.gift", Outcome::Rejected, "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "gift", "another program");
    shop.came(NOTE, Outcome::Rejected, "2026-03-01T02:30:00+01:00");
    shop.held("email", Reason::Resting, "2026-04-30T02:30:00+02:00");
    shop.came("service.care.apology", Outcome::Rejected, "2026-03-09T12:00:00+01:00");
    shop.complaint("closed", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "apology");
}

#[test]
fn a_rest_ends_to_the_millisecond_also_where_clocks_change() {
    for (zone, length, at, end) in [
        // 02:30 does not come; what is counted ahead is read as 03:30.
        ("Europe/Paris", "1 day", "2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00"),
        ("Europe/Paris", "1 day", "2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00"),
        ("Europe/Paris", "24 hours", "2026-10-24T12:00+02:00", "2026-10-25T11:00+01:00"),
        ("America/New_York", "1 week", "2026-03-01T12:00-05:00", "2026-03-08T12:00-04:00"),
        ("America/New_York", "1 week", "2026-10-25T12:00-04:00", "2026-11-01T12:00-05:00"),
        ("Asia/Kathmandu", "1 day", "2026-03-28T02:30+05:45", "2026-03-29T02:30+05:45"),
        ("Europe/Paris", "1 month", "2024-01-31T12:00+01:00", "2024-02-29T12:00+01:00"),
        ("Europe/Paris", "1 year", "2024-02-29T12:00+01:00", "2025-02-28T12:00+01:00"),
        ("Europe/Paris", "1 day", "2026-12-31T12:00+01:00", "2027-01-01T12:00+01:00"),
    ] {
        let line = format!("rest each campaign {length} after 1 rejected within 1 day");
        let mut shop = Shop::under(&line, at).zone(zone);
        shop.came(GIFT, Outcome::Rejected, at);
        println!("{line} at {at} in {zone}");
        shop.held("email", Reason::Resting, end);
    }
}

#[test]
fn contacts_that_failed_begin_no_rest() {
    let mut shop = Shop::under(NO, "2026-03-10T12:00:00+01:00");
    shop.row("a", GIFT, "email", Outcome::Rejected, at("2026-03-09T12:00:00+01:00"));
    assert_eq!(shop.answer("email"), "resting");
    shop.row("a", GIFT, "email", Outcome::Failed, at("2026-03-09T12:00:00+01:00"));
    assert_eq!(shop.answer("email"), "gift");
}

#[test]
fn what_may_be_lacking_begins_a_rest() {
    let mut shop = shown(&["03-05"]);
    shop.customer.contacts_complete_since(at("2026-02-27T12:00:00+01:00")).unwrap();
    let retry_at = shop.trace("gift", "email").retry_at;
    assert_eq!(retry_at, Some(at("2026-03-15T12:00:00+01:00")), "two may be lacking in the week before it");
    shop.customer.contacts_complete_since(at("2026-02-26T12:00:00+01:00")).unwrap();
    assert_eq!(shop.answer("email"), "gift");
    let mut shop = shown(&[]);
    shop.customer.contacts_complete_since(at("2026-03-01T12:00:00+01:00")).unwrap();
    shop.held("email", Reason::Resting, "2026-03-11T11:59:59.999+01:00");
}
