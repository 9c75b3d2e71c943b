use nextbest::{Contact, ContactKind, Outcome, Reason, Sharing, Stage};

use super::shop::{Shop, at};

const GIFT: &str = "winback.back.gift";
const NOTE: &str = "winback.back.note";
const NOON: &str = "2026-03-10T12:00:00+01:00";

#[test]
fn a_cap_is_of_a_kind() {
    let mut shop = Shop::under("cap offer on email at most 1 in any 7 days", NOON);
    shop.sent(NOTE, "email", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "gift", "a message is no offer");
    shop.sent(GIFT, "email", "2026-03-09T13:00:00+01:00");
    assert_eq!(shop.answer("email"), "note", "the next candidate tries");
    assert_eq!(shop.left("gift", "email"), Some(Stage::Cap));
    assert_eq!(shop.trace("gift", "email").retry_at, Some(at("2026-03-16T13:00:00+01:00")));
    assert_eq!(shop.answer("sms"), "gift");
    let mut shop = Shop::under("cap message on any at most 1 per calendar week", NOON);
    shop.sent(NOTE, "sms", "2026-03-09T00:00:00+01:00");
    assert_eq!(shop.left("note", "email"), Some(Stage::Rank));
    shop.sent(GIFT, "email", "2026-03-10T11:00:00+01:00");
    assert_eq!(shop.answer("email"), "gift");
}

/// Few contacts in a window are counted in another way than many.
#[test]
fn a_contact_counts_once_however_many_there_are() {
    const HOUR: i64 = 3_600_000;
    let ago = |hours: i64| at(NOON).saturating_sub_millis(hours * HOUR);
    for (contacts, most) in [(4, 1), (4, 3), (4, 4), (15, 1), (15, 2), (15, 7), (15, 11), (15, 12)] {
        let mut shop = Shop::under(&format!("cap marketing on email at most {most} in any 15 days"), NOON);
        // Began before the window.
        shop.row("edge", GIFT, "email", Outcome::Pending, ago(15 * 24 + 1));
        shop.row("edge", GIFT, "email", Outcome::Sent, ago(15 * 24 - 1));
        let mut begun = Vec::new();
        for n in 0..contacts {
            let (id, began) = (n.to_string(), 24 * n + 12);
            shop.row(&id, GIFT, "email", Outcome::Pending, ago(began));
            shop.row(&id, GIFT, "email", Outcome::Sent, ago(began - 1));
            if n % 4 == 3 {
                shop.row(&id, GIFT, "email", Outcome::Failed, ago(began - 2));
            } else {
                begun.push(ago(began));
            }
        }
        match begun.get(most - 1) {
            Some(one_too_many) => {
                let until = one_too_many.saturating_add_millis(15 * 24 * HOUR);
                shop.held("email", Reason::Capped, &until.to_string());
            }
            None => assert_eq!(shop.answer("email"), "gift", "{most} of {contacts}"),
        }
    }
}

#[test]
fn a_cap_is_of_a_program_a_campaign_or_an_action() {
    for of in ["program winback", "winback", "campaign back", "winback.back", "action gift", "back.gift"] {
        let mut shop = Shop::under(&format!("cap marketing of {of} on any at most 1 in any 30 days"), NOON);
        shop.sent("sales.other.gift", "email", "2026-03-09T12:00:00+01:00");
        assert_eq!(shop.answer("email"), "gift", "{of}");
        shop.sent(GIFT, "sms", "2026-03-08T12:00:00+01:00");
        let note = if of.ends_with("gift") { "note" } else { "capped" };
        assert_eq!(shop.answer("email"), note, "{of}");
    }
}

#[test]
fn days_are_the_customers_else_the_rulesets_unless_the_cap_says_whose() {
    let line = "cap marketing on any at most 1 per calendar day";
    let mut shop = Shop::under(line, NOON);
    shop.sent(GIFT, "email", "2026-03-10T00:00:00+01:00");
    shop.held("sms", Reason::Capped, "2026-03-11T00:00:00+01:00");
    assert_eq!(shop.clone().zone("America/New_York").answer("sms"), "gift", "yesterday in New York");
    let mut shop = Shop::under(&format!("{line} in zone \"Asia/Kathmandu\""), NOON);
    shop.sent(GIFT, "email", "2026-03-10T00:00:00+01:00");
    shop.held("sms", Reason::Capped, "2026-03-11T00:00:00+05:45");
    shop.clone().zone("America/New_York").held("sms", Reason::Capped, "2026-03-11T00:00:00+05:45");
}

/// (zone, period, contact, now, release)
const RELEASES: [(&str, &str, &str, &str, &str); 17] = [
    // A day of 23 hours, and one that the week ago does not have: its clock jumps over 02:30.
    ("Europe/Paris", "in any 1 day", "2026-03-28T12:00+01:00", "2026-03-28T13:00+01:00", "2026-03-29T12:00+02:00"),
    ("Europe/Paris", "in any 24 hours", "2026-03-28T12:00+01:00", "2026-03-28T13:00+01:00", "2026-03-29T13:00+02:00"),
    ("Europe/Paris", "in any 7 days", "2026-03-22T02:30+01:00", "2026-03-28T12:00+01:00", "2026-03-29T03:00+02:00"),
    ("Europe/Paris", "per calendar day", "2026-03-29T00:10+01:00", "2026-03-29T12:00+02:00", "2026-03-30T00:00+02:00"),
    // A day of 25 hours, whose 02:30 comes twice.
    ("Europe/Paris", "in any 1 day", "2026-10-24T12:00+02:00", "2026-10-24T13:00+02:00", "2026-10-25T12:00+01:00"),
    ("Europe/Paris", "in any 7 days", "2026-10-18T02:30+02:00", "2026-10-24T12:00+02:00", "2026-10-25T02:30+02:00"),
    ("Europe/Paris", "in any 7 days", "2026-10-18T02:30+02:00", "2026-10-25T02:10+01:00", "2026-10-25T02:30+01:00"),
    ("Europe/Paris", "per calendar week", "2026-10-19T00:00+02:00", "2026-10-25T23:00+01:00", "2026-10-26T00:00+01:00"),
    ("America/New_York", "in any 1 day", "2026-03-07T02:30-05:00", "2026-03-07T12:00-05:00", "2026-03-08T03:00-04:00"),
    ("America/New_York", "in any 1 day", "2026-10-31T01:30-04:00", "2026-10-31T12:00-04:00", "2026-11-01T01:30-04:00"),
    (
        "America/New_York",
        "per calendar day",
        "2026-11-01T00:30-04:00",
        "2026-11-01T12:00-05:00",
        "2026-11-02T00:00-05:00",
    ),
    (
        "Asia/Kathmandu",
        "per calendar day",
        "2026-03-10T00:00+05:45",
        "2026-03-10T01:00+05:45",
        "2026-03-11T00:00+05:45",
    ),
    ("Asia/Kathmandu", "in any 3 days", "2026-03-10T00:00+05:45", "2026-03-10T01:00+05:45", "2026-03-13T00:00+05:45"),
    // Months of different lengths: no day in February is a month after 30 January but its end, which is one after the 28th.
    ("Europe/Paris", "in any 1 month", "2024-01-29T12:00+01:00", "2024-02-20T12:00+01:00", "2024-02-29T12:00+01:00"),
    ("Europe/Paris", "in any 1 month", "2024-01-30T12:00+01:00", "2024-02-20T12:00+01:00", "2024-03-01T00:00+01:00"),
    ("Europe/Paris", "in any 1 year", "2024-02-29T12:00+01:00", "2025-02-20T12:00+01:00", "2025-03-01T00:00+01:00"),
    (
        "Europe/Paris",
        "per calendar month",
        "2026-12-01T00:00+01:00",
        "2026-12-31T23:00+01:00",
        "2027-01-01T00:00+01:00",
    ),
];

#[test]
fn a_cap_ends_to_the_millisecond_also_where_clocks_change() {
    for (zone, period, sent, now, release) in RELEASES {
        let mut shop = Shop::under(&format!("cap marketing on any at most 1 {period}"), now).zone(zone);
        shop.sent(GIFT, "sms", sent);
        println!("{zone} {period} {sent}");
        shop.held("email", Reason::Capped, release);
    }
}

#[test]
fn never_is_never() {
    let shop = Shop::under("cap offer on sms never", NOON);
    assert_eq!((shop.answer("sms"), shop.answer("email")), ("note".into(), "gift".into()));
    let nothing = Shop::under("cap marketing on sms never", NOON).nothing("sms");
    assert_eq!((nothing.reason, nothing.retry_at), (Reason::Capped, None));
}

#[test]
fn all_caps_hold_and_the_first_that_is_reached_is_named() {
    let lines = "cap marketing on email at most 2 in any 7 days\ncap marketing on any at most 1 per calendar day";
    let mut shop = Shop::under(lines, NOON);
    shop.sent(GIFT, "email", "2026-03-04T12:00:00+01:00").sent(GIFT, "email", "2026-03-08T12:00:00+01:00");
    shop.held("email", Reason::Capped, "2026-03-11T12:00:00+01:00");
    assert_eq!(shop.trace("gift", "email").clause, "cap marketing on email at most 2 in any 7 days");
    assert_eq!(shop.answer("sms"), "gift");
    shop.sent(GIFT, "sms", "2026-03-10T09:00:00+01:00");
    shop.held("sms", Reason::Capped, "2026-03-11T00:00:00+01:00");
    assert_eq!(shop.trace("gift", "sms").clause, "cap marketing on any at most 1 per calendar day");
    assert_eq!(shop.answer("web"), "gift", "any is every outbound channel");
}

#[test]
fn what_the_decision_itself_sends_counts_and_time_does_not_help_that() {
    let shop = Shop::under("cap marketing on any at most 1 per calendar day", NOON);
    let request = shop.request("email").channel("sms").unwrap();
    let decision = shop.engine.decide(&shop.customer, &request);
    assert_eq!(decision, shop.engine.explain(&shop.customer, &request).decision);
    let text = decision.to_string();
    assert!(text.contains("email: winback.back.gift"), "{text}");
    assert!(text.ends_with("sms: nothing: capped; winback.back.note left at cap"), "{text}");
}

#[test]
fn service_neither_counts_nor_is_capped() {
    let mut shop = Shop::under("cap marketing on any never", NOON);
    shop.complaint("closed", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "apology");
    let mut shop = Shop::under("cap marketing on any at most 1 in any 7 days", NOON);
    shop.sent("service.care.apology", "email", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "gift");
}

#[test]
fn a_contact_counts_once_at_its_earliest_row_and_not_if_it_failed() {
    let mut shop = Shop::under("cap marketing on email at most 1 in any 7 days", NOON);
    shop.row("a", GIFT, "email", Outcome::Pending, at("2026-03-02T12:00:00+01:00"));
    shop.row("a", GIFT, "email", Outcome::Sent, at("2026-03-04T12:00:00+01:00"));
    assert_eq!(shop.answer("email"), "gift", "it began eight days ago");
    shop.row("b", GIFT, "email", Outcome::Pending, at("2026-03-09T12:00:00+01:00"));
    assert_eq!(shop.answer("email"), "capped");
    shop.row("b", GIFT, "email", Outcome::Failed, at("2026-03-09T13:00:00+01:00"));
    assert_eq!(shop.answer("email"), "gift");
}

#[test]
fn what_may_be_lacking_counts() {
    let mut shop = Shop::under("cap marketing on any at most 3 per calendar month", NOON);
    shop.customer.contacts_complete_since(at("2026-03-02T00:00:00+01:00")).unwrap();
    shop.held("email", Reason::Capped, "2026-04-01T00:00:00+02:00");
    shop.customer.contacts_complete_since(at("2026-03-01T00:00:00+01:00")).unwrap();
    assert_eq!(shop.answer("email"), "gift");
}

#[test]
fn a_cap_per_household_counts_what_others_were_sent() {
    let lines = "cap marketing on email at most 2 in any 7 days per household\n\
                 cap marketing on email at most 1 in any 1 day";
    let mut shop = Shop::under(lines, NOON);
    shop.sent(GIFT, "email", "2026-03-08T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "gift", "until somebody else is known the customer is alone");
    for (id, when) in [("mine", "2026-03-08T12:00:00+01:00"), ("hers", "2026-03-10T09:00:00+01:00")] {
        let contact = Contact {
            id: id.into(),
            at: at(when),
            outcome: Outcome::Sent,
            action: GIFT.into(),
            kind: ContactKind::Offer,
            channel: "email".into(),
            variant: None,
        };
        shop.customer.add_shared_contact(Sharing::Household, contact).unwrap();
    }
    shop.held("email", Reason::Capped, "2026-03-15T12:00:00+01:00");
    // What others were sent counts per household only.
    let mut other = shop.clone();
    other.engine = Shop::under("cap marketing on email at most 1 in any 1 day per person", NOON).engine;
    assert_eq!(other.answer("email"), "gift");
    let address = Shop::under("cap marketing on email at most 1 in any 1 day per address", NOON).engine;
    assert_eq!(Shop { engine: address, ..shop }.answer("email"), "gift");
}

#[test]
fn what_the_customer_wishes_counts_where_it_is_less() {
    let mut shop = Shop::under("cap marketing on email at most 2 or mails in any 7 days", NOON);
    shop.sent(GIFT, "email", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "gift", "nothing was wished");
    let wishing = |mails: i64| {
        let mut shop = shop.clone();
        shop.customer.set("mails", mails).unwrap();
        shop
    };
    assert_eq!(wishing(2).answer("email"), "gift");
    assert_eq!(wishing(5).answer("email"), "gift");
    wishing(1).held("email", Reason::Capped, "2026-03-16T12:00:00+01:00");
    for none in [0, -3] {
        let nothing = wishing(none).nothing("email");
        assert_eq!((nothing.reason, nothing.retry_at), (Reason::Capped, None));
    }
    let mut wishing = wishing(5);
    wishing.sent(NOTE, "email", "2026-03-09T13:00:00+01:00");
    assert_eq!(wishing.answer("email"), "capped", "more is not given");
}
