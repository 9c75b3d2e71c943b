use nextbest::{Outcome, Stage};

use super::shop::{Shop, at};

/// A campaign with a header, and a segment that the customer belongs to who has an order within a day.
fn shop(header: &str) -> Shop {
    let rules = format!(
        r#"
segment buyer when vip or any(order within 1 day)
program cart {{
  campaign rescue for buyer {header} {{
    message note {{ value 2 EUR propensity 10%  treat email "a" treat sms "a" treat web "a" }}
    offer gift {{ value 1 EUR propensity 10%  treat email "b" treat web "b" }}
  }}
}}
"#
    );
    let mut shop = Shop::with(&rules, "2026-03-10T12:00:00+01:00");
    shop.order("2026-03-01T12:00:00+01:00");
    shop
}

const NOTE: &str = "cart.rescue.note";
const GIFT: &str = "cart.rescue.gift";

impl Shop {
    fn when(&self, now: &str) -> Shop {
        self.later(at(now))
    }

    /// Where the note is held back by the journey, and until when.
    fn rests(&self, channel: &str, until: Option<&str>) {
        let trace = self.trace("note", channel);
        assert_eq!((trace.left, trace.retry_at), (Some(Stage::Journey), until.map(at)), "at {}", self.now);
        if let Some(until) = trace.retry_at {
            // Whether the customer belongs to the campaign then is another question.
            let mut vip = self.clone();
            vip.customer.set("vip", true).unwrap();
            let left = |now| vip.later(now).left("note", channel);
            assert_eq!(left(until.saturating_sub_millis(1)), Some(Stage::Journey));
            assert_ne!(left(until), Some(Stage::Journey));
        }
    }
}

#[test]
fn while_an_entry_is_open_the_segment_is_not_asked_and_nothing_is_sent_twice() {
    let mut shop = shop("again after 7 days since entered goal left within 3 days");
    assert_eq!(shop.answer("email"), "no candidate", "bought too long ago");
    shop.sent(NOTE, "email", "2026-03-08T12:00:00+01:00");
    // Open until 11 March at noon: the note is out, the gift is not, and on the other channel it is not either.
    assert_eq!(shop.answer("email"), "gift");
    assert_eq!(shop.answer("sms"), "note");
    assert_eq!(shop.answer("web"), "note", "what is shown may be shown again");
    shop.rests("email", Some("2026-03-15T12:00:00+01:00"));
    shop.sent(GIFT, "email", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "resting");
    // Closed: who belongs to the campaign counts again, and how long ago the customer entered.
    let closed = shop.when("2026-03-11T12:00:00+01:00");
    assert_eq!(closed.left("note", "email"), Some(Stage::Eligible));
    assert_eq!(shop.when("2026-03-11T11:59:59.999+01:00").answer("sms"), "note");
    let mut closed = closed;
    closed.order("2026-03-11T11:00:00+01:00");
    closed.rests("email", Some("2026-03-15T12:00:00+01:00"));
}

#[test]
fn an_exit_or_the_goal_closes_an_entry() {
    let mut shop = shop("every goal order within 3 days exit on left exit on (complaint where state = \"open\")");
    shop.sent(NOTE, "email", "2026-03-09T12:00:00+01:00");
    shop.rests("email", Some("2026-03-12T12:00:00+01:00"));
    shop.complaint("closed", "2026-03-09T13:00:00+01:00");
    shop.event("left", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.left("note", "email"), Some(Stage::Journey), "neither an exit, nor after the entry");
    let mut left = shop.clone();
    left.event("left", "2026-03-09T14:00:00+01:00");
    assert_eq!(left.left("note", "email"), Some(Stage::Eligible));
    let mut complained = shop.clone();
    complained.complaint("open", "2026-03-09T14:00:00+01:00");
    assert_eq!(complained.left("note", "email"), Some(Stage::Eligible));
    shop.order("2026-03-09T14:00:00+01:00");
    assert_eq!(shop.answer("email"), "note", "the goal makes a buyer of the customer, and every is at once");
}

#[test]
fn an_exit_alone_leaves_an_entry_open_until_it_comes() {
    let mut shop = shop("every exit on left");
    shop.sent(NOTE, "email", "2025-03-09T12:00:00+01:00");
    shop.rests("email", None);
    assert_eq!(shop.answer("sms"), "note");
    shop.event("left", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("sms"), "no candidate");
}

#[test]
fn once_is_the_default_and_for_good() {
    let mut shop = shop("goal left within 3 days");
    shop.order("2026-03-10T11:00:00+01:00");
    assert_eq!(shop.answer("email"), "note");
    shop.row("c", NOTE, "email", Outcome::Withheld, at("2026-02-01T12:00:00+01:00"));
    shop.rests("email", None);
    shop.row("c", NOTE, "email", Outcome::Failed, at("2026-02-01T12:00:00+01:00"));
    assert_eq!(shop.answer("email"), "note", "what failed opened nothing");
}

#[test]
fn a_pause_counts_from_the_latest_entry_exposure_or_conversion() {
    let until = |since: &str| {
        let mut shop = shop(&format!("again after 10 days since {since} goal left within 3 days"));
        shop.order("2026-03-10T11:00:00+01:00");
        // One entry of two contacts, which ends with its goal; what is left later converts nobody.
        shop.sent(NOTE, "email", "2026-03-04T12:00:00+01:00").sent(GIFT, "email", "2026-03-05T12:00:00+01:00");
        shop.event("left", "2026-03-06T12:00:00+01:00").event("left", "2026-03-07T12:00:00+01:00");
        shop.trace("note", "email").retry_at
    };
    assert_eq!(until("entered"), Some(at("2026-03-14T12:00:00+01:00")));
    assert_eq!(until("exposed"), Some(at("2026-03-15T12:00:00+01:00")));
    assert_eq!(until("converted"), Some(at("2026-03-16T12:00:00+01:00")));
}

#[test]
fn who_never_converted_may_enter_again_at_once() {
    let mut shop = shop("again after 90 days since converted goal left within 3 days");
    shop.order("2026-03-10T11:00:00+01:00");
    shop.sent(NOTE, "email", "2026-03-07T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "note", "the entry closes now");
    shop.came(NOTE, Outcome::Converted, "2026-03-08T12:00:00+01:00");
    shop.rests("email", Some("2026-06-06T12:00:00+02:00"));
}

#[test]
fn a_contact_after_an_entry_has_closed_opens_the_next() {
    let mut shop = shop("again after 10 days since entered goal left within 3 days");
    shop.order("2026-03-10T11:00:00+01:00");
    shop.sent(NOTE, "email", "2026-03-01T12:00:00+01:00").sent(GIFT, "email", "2026-03-03T12:00:00+01:00");
    shop.rests("email", Some("2026-03-11T12:00:00+01:00"));
    // The next day at noon is no longer in it.
    shop.sent(GIFT, "email", "2026-03-04T12:00:00+01:00");
    shop.rests("email", Some("2026-03-14T12:00:00+01:00"));
}

#[test]
fn a_goal_waits_by_the_calendar() {
    for (zone, entered, until) in [
        ("Europe/Paris", "2026-03-27T12:00+01:00", "2026-03-30T12:00+02:00"),
        ("Europe/Paris", "2026-10-23T12:00+02:00", "2026-10-26T12:00+01:00"),
        ("America/New_York", "2026-10-30T12:00-04:00", "2026-11-02T12:00-05:00"),
        ("Asia/Kathmandu", "2026-12-30T12:00+05:45", "2027-01-02T12:00+05:45"),
        ("Europe/Paris", "2024-02-27T12:00+01:00", "2024-03-01T12:00+01:00"),
    ] {
        let mut shop = shop("every goal left within 3 days").zone(zone).when(entered);
        shop.sent(NOTE, "email", entered);
        shop.rests("email", Some(until));
    }
}

#[test]
fn what_may_be_lacking_may_be_an_entry_or_its_end() {
    let mut shop = shop("every goal left within 3 days");
    shop.order("2026-03-10T11:00:00+01:00");
    shop.customer.contacts_complete_since(at("2026-03-08T12:00:00+01:00")).unwrap();
    shop.rests("email", Some("2026-03-11T11:59:59.999+01:00"));
    shop.customer.contacts_complete_since(at("2026-03-07T12:00:00+01:00")).unwrap();
    assert_eq!(shop.answer("email"), "note");
    shop.customer.contacts_complete_since(at("2026-03-07T08:00:00+01:00")).unwrap();
    // An entry that may have closed is not known to be open, and the customer is not known to be free.
    shop.sent(GIFT, "web", "2026-03-10T10:00:00+01:00");
    assert_eq!(shop.answer("email"), "note", "not sent in this entry");
    shop.customer.complete_since("left", at("2026-03-10T11:00:00+01:00")).unwrap();
    shop.rests("email", Some("2026-03-13T10:00:00+01:00"));
}

#[test]
fn a_goal_that_may_be_lacking_may_have_been_reached() {
    let mut shop = shop("again after 10 days since converted goal left within 3 days exit on complaint");
    shop.order("2026-03-10T11:00:00+01:00").sent(NOTE, "email", "2026-03-05T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "note", "the entry is over, and nobody left");
    let late = |mut shop: Shop, since| {
        shop.customer.complete_since("left", at(since)).unwrap();
        shop
    };
    // The latest that is possible counts: up to when it may be lacking, up to the end of the entry.
    late(shop.clone(), "2026-03-07T12:00:00+01:00").rests("email", Some("2026-03-17T11:59:59.999+01:00"));
    late(shop.clone(), "2026-03-09T12:00:00+01:00").rests("email", Some("2026-03-18T12:00:00+01:00"));
    shop.complaint("open", "2026-03-06T09:00:00+01:00");
    late(shop.clone(), "2026-03-09T12:00:00+01:00").rests("email", Some("2026-03-16T09:00:00+01:00"));
    assert_eq!(late(shop, "2026-03-05T12:00:00.001+01:00").answer("email"), "note", "none was behind the contact");
}

#[test]
fn of_unknown_contacts_nothing_is_known() {
    let mut shop = shop("again after 10 days since exposed");
    shop.order("2026-03-10T11:00:00+01:00");
    shop.customer.contacts_complete_since(at("2026-03-10T11:00:00+01:00")).unwrap();
    shop.rests("email", Some("2026-03-20T10:59:59.999+01:00"));
}
