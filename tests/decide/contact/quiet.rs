use nextbest::{Answer, Reason, Stage};

use super::shop::{Shop, at};

/// (hours, zone, now, end)
const NIGHTS: [(&str, &str, &str, &str); 14] = [
    ("21:00 to 09:00", "Europe/Paris", "2026-03-10T22:10+01:00", "2026-03-11T09:00+01:00"),
    ("21:00 to 09:00", "Europe/Paris", "2026-03-10T21:00+01:00", "2026-03-11T09:00+01:00"),
    ("21:00 to 09:00", "Europe/Paris", "2026-03-28T22:10+01:00", "2026-03-29T09:00+02:00"),
    ("21:00 to 09:00", "Europe/Paris", "2026-10-24T22:10+02:00", "2026-10-25T09:00+01:00"),
    // What ends in the hour that the clock jumps over ends with the jump.
    ("23:00 to 02:30", "Europe/Paris", "2026-03-28T23:30+01:00", "2026-03-29T03:00+02:00"),
    // What ends in the hour that comes twice ends the first time, and again the second.
    ("23:00 to 02:30", "Europe/Paris", "2026-10-24T23:30+02:00", "2026-10-25T02:30+02:00"),
    ("23:00 to 02:30", "Europe/Paris", "2026-10-25T02:10+01:00", "2026-10-25T02:30+01:00"),
    ("02:30 to 09:00", "Europe/Paris", "2026-10-25T02:45+02:00", "2026-10-25T02:00+01:00"),
    ("22:00 to 02:15", "America/New_York", "2026-03-07T23:00-05:00", "2026-03-08T03:00-04:00"),
    ("22:00 to 01:30", "America/New_York", "2026-10-31T23:00-04:00", "2026-11-01T01:30-04:00"),
    ("20:00 to 08:00", "Asia/Kathmandu", "2026-03-28T20:00+05:45", "2026-03-29T08:00+05:45"),
    ("12:00 to 14:00", "Asia/Kathmandu", "2026-03-28T13:59:59.999+05:45", "2026-03-28T14:00+05:45"),
    ("21:00 to 09:00", "Europe/Paris", "2024-02-28T23:00+01:00", "2024-02-29T09:00+01:00"),
    ("21:00 to 09:00", "Europe/Paris", "2026-12-31T21:00+01:00", "2027-01-01T09:00+01:00"),
];

#[test]
fn quiet_hours_end_to_the_millisecond_also_where_clocks_change() {
    for (hours, zone, now, end) in NIGHTS {
        let shop = Shop::under(&format!("quiet {hours} on sms, email else wait"), now).zone(zone);
        println!("{hours} in {zone} at {now}");
        shop.held("sms", Reason::Quiet, end);
        assert_eq!(shop.left("gift", "sms"), Some(Stage::Quiet));
        assert_eq!(shop.answer("web"), "gift");
    }
}

#[test]
fn the_first_instant_is_quiet_and_the_last_is_not() {
    let shop = Shop::under("quiet 21:00 to 09:00 on any else wait", "2026-03-10T20:59:59.999+01:00");
    let answer = |now: &str| shop.later(at(now)).answer("sms");
    assert_eq!(shop.answer("sms"), "gift");
    assert_eq!(answer("2026-03-10T21:00+01:00"), "quiet");
    assert_eq!(answer("2026-03-11T08:59:59.999+01:00"), "quiet");
    assert_eq!(answer("2026-03-11T09:00+01:00"), "gift");
    assert_eq!(shop.later(at("2026-03-11T00:00+01:00")).answer("web"), "gift", "any is every outbound channel");
}

#[test]
fn the_zone_is_the_lines_else_the_customers_else_the_rulesets() {
    let now = "2026-03-10T20:00+01:00";
    let line = |zone: &str| format!("quiet 21:00 to 09:00{zone} on any else wait");
    assert_eq!(Shop::under(&line(""), now).answer("sms"), "gift");
    assert_eq!(Shop::under(&line(""), now).zone("Asia/Kathmandu").answer("sms"), "quiet");
    let fixed = Shop::under(&line(" in zone \"America/New_York\""), now).zone("Asia/Kathmandu");
    assert_eq!(fixed.answer("sms"), "gift", "15:00 in New York");
}

#[test]
fn who_is_dropped_is_not_tried_again() {
    let nothing = Shop::under("quiet 21:00 to 09:00 on sms else drop", "2026-03-10T22:00+01:00").nothing("sms");
    assert_eq!((nothing.reason, nothing.retry_at), (Reason::Quiet, None));
    assert_eq!(Answer::Nothing(nothing).to_string(), "nothing: quiet; winback.back.gift left at quiet");
}

#[test]
fn caps_come_first_and_service_passes() {
    let lines = "quiet 21:00 to 09:00 on any else wait\ncap offer on any never";
    let mut shop = Shop::under(lines, "2026-03-10T22:00+01:00");
    assert_eq!(shop.left("gift", "sms"), Some(Stage::Cap));
    assert_eq!(shop.left("note", "sms"), Some(Stage::Quiet), "the next candidate tries");
    shop.complaint("closed", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("email"), "apology");
}
