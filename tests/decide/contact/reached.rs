//! How far customers have come: `stages`, and `only in stage`.

use nextbest::{Reason, Stage, Value};

use super::shop::{Shop, at};

const NOW: &str = "2026-03-10T12:00Z";

const STAGES: &str = r#"
stages shopper {
  aware
  keen  when joined is older than 30 days or vip
  buyer when any(order within 3 days)
  lost  when any(left)
}
"#;

fn with(lines: &str) -> Shop {
    let rules = format!(
        "{STAGES} program shop {{ {lines} campaign daily for everyone every {{
          offer gift {{ value 20 EUR propensity 10%  only in stage keen, buyer because \"not yet\"  treat web \"a\" }}
          message hello {{ value 10 EUR propensity 10%  treat web \"b\" }} }} }}"
    );
    Shop::with(&rules, NOW).zone("UTC")
}

fn stage(shop: &Shop) -> Option<String> {
    let id = shop.engine.value("shopper").unwrap();
    let mut evaluator = shop.engine.evaluator();
    let value = evaluator.value(&shop.customer, &shop.engine.request(shop.now), id).unwrap();
    value.map(|stage: Value| stage.to_string())
}

#[test]
fn the_stage_is_the_last_that_holds() {
    let mut shop = with("");
    // Whether they have joined, and are a vip, is not known: they have not come so far.
    assert_eq!(stage(&shop).as_deref(), Some("aware"));
    shop.order("2026-03-09T12:00Z");
    assert_eq!(stage(&shop).as_deref(), Some("buyer"));
    shop.customer.set("vip", true).unwrap();
    assert_eq!(stage(&shop).as_deref(), Some("buyer"));
    assert_eq!(stage(&shop.later(at("2026-03-12T12:00Z"))).as_deref(), Some("keen"));
    shop.event("left", "2026-03-09T13:00Z");
    assert_eq!(stage(&shop).as_deref(), Some("lost"));
    assert_eq!(shop.answer("web"), "hello");
}

#[test]
fn who_has_come_to_no_stage_is_in_none() {
    let rules = "stages shopper { keen when vip  buyer when any(order) }
        segment out when shopper is missing
        program shop { campaign daily for everyone every {
          offer gift { value 20 EUR propensity 10%  only in stage keen  treat web \"a\" }
          message hello { value 10 EUR propensity 10%  eligible when in segment out  treat web \"b\" } } }";
    let mut shop = Shop::with(rules, NOW);
    assert_eq!((stage(&shop), shop.answer("web")), (None, "hello".to_owned()));
    shop.customer.set("vip", true).unwrap();
    assert_eq!(shop.answer("web"), "gift");
    shop.order("2025-03-09T12:00Z");
    assert_eq!((stage(&shop).as_deref(), shop.answer("web").as_str()), (Some("buyer"), "resting"));
}

#[test]
fn who_is_not_so_far_leaves_at_the_journey_with_the_line() {
    let mut shop = with("");
    let trace = shop.trace("gift", "web");
    assert_eq!((trace.left, trace.because.as_deref()), (Some(Stage::Journey), Some("not yet")));
    shop.order("2026-03-09T12:00Z");
    assert_eq!(shop.answer("web"), "gift");
}

#[test]
fn lines_add_up_and_a_named_one_is_excepted_from() {
    let mut shop = with("only customers in stage buyer, lost");
    shop.customer.set("vip", true).unwrap();
    assert_eq!(shop.nothing("web").reason, Reason::Resting);
    shop.order("2026-03-09T12:00Z");
    assert_eq!(shop.answer("web"), "gift");
    let mut lost = with("only customers in stage buyer, lost");
    lost.event("left", "2026-03-09T12:00Z");
    assert_eq!(lost.answer("web"), "hello");
    let excepted = "only customers in stage buyer, lost
        campaign more for everyone every { except customers because \"for all\"
          message news { value 1 EUR propensity 10%  treat web \"c\" } }";
    assert_eq!(with(excepted).answer("web"), "news");
}

#[test]
fn retry_at_is_when_time_alone_leads_there() {
    let joined = |mut shop: Shop, when: &str| {
        shop.customer.set("joined", at(when)).unwrap();
        shop
    };
    let only = |stages: &str| {
        let rules = format!(
            "{STAGES} program shop {{ campaign daily for everyone every {{
              offer gift {{ value 20 EUR propensity 10%  only in stage {stages}  treat web \"a\" }} }} }}"
        );
        Shop::with(&rules, NOW).zone("UTC")
    };
    // The order leaves its days, after which an earlier stage is the last.
    let mut shop = joined(only("keen"), "2026-01-01T08:00Z");
    shop.order("2026-03-09T12:00Z").held("web", Reason::Resting, "2026-03-12T12:00Z");
    // Time brings it on; that an order may end it does not come to pass.
    joined(only("keen"), "2026-03-01T08:00Z").held("web", Reason::Resting, "2026-03-31T08:00Z");
    // Either of the two will do.
    joined(only("keen, lost"), "2026-03-01T08:00Z").held("web", Reason::Resting, "2026-03-31T08:00Z");
    // What time takes away it does not bring back.
    assert_eq!(joined(only("buyer"), "2026-01-01T08:00Z").nothing("web").retry_at, None);
    assert_eq!(joined(only("lost"), "2026-01-01T08:00Z").nothing("web").retry_at, None);
    // It may be left again.
    let rules =
        "stages shopper { aware  keen when joined is older than 30 days  gone when joined is older than 60 days }
        program shop { campaign daily for everyone every {
          offer gift { value 20 EUR propensity 10%  only in stage keen  treat web \"a\" } } }";
    let shop = joined(Shop::with(rules, NOW).zone("UTC"), "2026-03-01T08:00Z");
    shop.held("web", Reason::Resting, "2026-03-31T08:00Z");
}

#[test]
fn services_are_for_a_stage_as_well() {
    let rules = "stages shopper { aware  keen when vip }
        program care { campaign daily for everyone every {
          service sorry { basis contract  only in stage keen  treat web \"a\" } } }";
    let mut shop = Shop::with(rules, NOW);
    assert_eq!(shop.nothing("web").reason, Reason::Resting);
    shop.customer.set("vip", true).unwrap();
    assert_eq!(shop.answer("web"), "sorry");
}
