use nextbest::{Reason, Stage, Truth};

use super::shop::Shop;

const LINE: &str = r#"block marketing while any(complaint) and last(complaint).state = "open" because "service first""#;
const NOON: &str = "2026-03-10T12:00:00+01:00";

#[test]
fn an_open_complaint_holds_back_marketing_and_not_service() {
    let mut shop = Shop::under(LINE, NOON);
    assert_eq!(shop.answer("web"), "gift", "never complained");
    shop.complaint("closed", "2026-03-08T12:00:00+01:00").complaint("open", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("web"), "apology");
    assert_eq!(shop.left("gift", "web"), Some(Stage::Block));
    let nothing = shop.nothing("sms");
    assert_eq!((nothing.reason, nothing.retry_at), (Reason::ServiceFirst, None));
    assert_eq!(nothing.nearest.unwrap().because.as_deref(), Some("service first"));
    let trace = shop.trace("gift", "web");
    assert_eq!(trace.clause, LINE);
    assert_eq!(trace.condition.unwrap().truth, Truth::True);
    shop.complaint("closed", "2026-03-10T11:00:00+01:00");
    assert_eq!(shop.answer("sms"), "gift");
}

#[test]
fn unknown_blocks() {
    let mut shop = Shop::under(LINE, NOON);
    shop.customer.complete_since("complaint", shop.now).unwrap();
    assert_eq!(shop.left("gift", "sms"), Some(Stage::Block));
}

#[test]
fn a_block_may_be_of_a_kind_and_end_by_itself() {
    let mut shop = Shop::under("block offer while any(complaint within 7 days) because \"calm down\"", NOON);
    shop.complaint("open", "2026-03-09T12:00:00+01:00");
    assert_eq!(shop.answer("sms"), "note");
    let trace = shop.trace("gift", "sms");
    assert_eq!((trace.left, trace.because.as_deref()), (Some(Stage::Block), Some("calm down")));
    assert_eq!(trace.retry_at.unwrap().to_string(), "2026-03-16T11:00:00Z");
}
