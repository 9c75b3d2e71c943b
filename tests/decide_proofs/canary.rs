//! Personal data in every position that rules have for a value: none of it is shown to who has no `Reveal`.

use std::fmt::Debug;

use nextbest::{Currency, Instant, Money, Record, Reveal};
use serde::Serialize;

use crate::shop::{Shop, under};

/// What no output may contain. The number is in none of the rules.
const NAME: &str = "Canary";
const NUMBER: i64 = 7_654_321;

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile {
  person id  name text? pii  mail text? pii  born date? pii  income money EUR? pii  code int? pii  tags list<text>? pii
  home point? pii  notes map<text>? pii
}
context { typed text? }
event order { total money EUR?  recipient text? pii  reference int? pii }
let who = name
let reference = last(order).reference
segment friends  when name = "Nobody" or mail starts with "Nobody"
segment rich     when income > 90 EUR and code > 12
segment sent     when any(order where recipient contains "nobody" and reference > 3)
segment found    when notes["x"] = "y" or tags contains any of ["a", "b"]
channel web   inbound
channel email outbound needs consent email.marketing
policy contact { block marketing while code < 10 because "code" }
program p {
  campaign one for everyone every {
    offer by_name   { value 1 EUR  propensity 10%  eligible when name = "Nobody"  treat web "w" }
    offer by_mail   { value 1 EUR  propensity 10%  suitable when mail ends with "nobody.example"  treat web "w" }
    offer by_income { value 10% of income  propensity 10%  applicable when income < 3 EUR  treat web "w" }
    offer by_code   { value 1 EUR  propensity 10%  suppress when code > 10 because "code"  treat web "w" }
    offer by_day    { value 1 EUR  propensity 10%  eligible when born is within 3 days of 1990-01-01  treat web "w" }
    offer by_order  { value 1 EUR  propensity 10%  eligible when none(order where recipient = customer.name)  treat web "w" }
    offer by_tag    { value 1 EUR  propensity 10%  eligible when tags contains none of ["Can", "x"]  treat web "w" }
    offer by_notes  { value 1 EUR  propensity 10%  eligible when notes["note"] != name  treat web "w" }
    offer by_let    { value 1 EUR  propensity 10%  eligible when who = "x" or reference < 3  treat web "w" }
    offer by_home   { value 1 EUR  propensity 10%  eligible when home is within 1 km of point(1.0, 1.0)  treat web "w" }
  }
  campaign two for everyone every {
    message hello { value 1 EUR  propensity 10%  treat email "hello" with { name: name, mail: mail, code: code, day: born,
      sent: last(order).recipient, number: last(order).reference } }
    message note  { value 1 EUR  propensity 10%  treat email "note" with { note: name else "x" } when code > 3 }
  }
}
"#;

fn customer(shop: &Shop, now: Instant) -> Record {
    let mut customer = shop.schema.record();
    customer.set("person", "p1").unwrap();
    customer.set("name", NAME).unwrap().set("mail", format!("{NAME}@home.example")).unwrap();
    customer.set("income", Money::new(NUMBER, Currency::named("EUR").unwrap())).unwrap();
    customer.set("code", NUMBER).unwrap().set("tags", vec![NAME.to_owned()]).unwrap();
    customer.set("born", nextbest::Date::parse("1987-06-05").unwrap()).unwrap();
    customer.set("home", nextbest::Point::new(76.54321, 12.5).unwrap()).unwrap();
    let order = [("recipient", NAME.into()), ("reference", NUMBER.into())];
    customer.add_consent(nextbest::Consent::granted("email", "marketing", Instant::MIN)).unwrap();
    customer.add_event("order", now.saturating_sub_millis(1_000), order).unwrap();
    customer
}

/// Nothing personal, however it is written.
fn is_clean(what: &str, shown: &str) {
    for canary in [NAME, "7654321", "76543.21", "76,543", "1987-06-05", "76.54321", "home.example"] {
        assert!(!shown.contains(canary), "{what} shows {canary}: {shown}");
    }
}

fn in_all_ways<T: Debug + Serialize>(what: &str, value: &T, displayed: Option<String>) {
    is_clean(what, &format!("{value:?}"));
    is_clean(what, &format!("{value:#?}"));
    is_clean(what, &serde_json::to_string(value).unwrap());
    is_clean(what, &displayed.unwrap_or_default());
}

#[test]
fn nobody_sees_personal_data_without_reveal() {
    let shop = under(RULES);
    let now = Instant::parse("2026-03-10T12:00:00+01:00").unwrap();
    let customer = customer(&shop, now);
    let engine = &shop.engine;
    let mut revealed = String::new();
    for channels in [&["web"][..], &["email"], &["email", "web"]] {
        let request = engine.request(now).digested();
        let request = channels.iter().fold(request, |request, channel| request.channel(channel).unwrap());
        let decision = engine.decide(&customer, &request);
        in_all_ways("the decision", &decision, Some(decision.to_string()));
        let explanation = engine.explain(&customer, &request);
        in_all_ways("the explanation", &explanation, Some(explanation.to_string()));
        revealed += &engine.explain_revealing(&customer, &request, Reveal).to_string();
        let funnel = engine.funnel([&customer], &request);
        in_all_ways("the funnel", &funnel, Some(funnel.to_string()));
        for segment in engine.segments() {
            let trace = engine.explain_segment(&customer, &request, segment).unwrap();
            in_all_ways("the segment", &trace, Some(trace.to_string()));
            let shown = engine.explain_segment_revealing(&customer, &request, segment, Reveal).unwrap();
            revealed += &shown.to_string();
        }
        is_clean("the request", &format!("{request:?}"));
    }
    // It was there to be seen.
    assert!(revealed.contains(NAME) && revealed.contains("7654321"), "{revealed}");
    is_clean("the engine", &format!("{engine:?}"));
}

#[test]
fn what_cannot_be_read_is_told_without_its_value() {
    let shop = under(RULES);
    let mut customer = shop.schema.record();
    for (name, value) in [("code", NAME), ("income", NAME), ("born", NAME), ("home", NAME), ("tags", NAME)] {
        let problem = customer.set(name, value).expect_err("of another type");
        is_clean(name, &format!("{problem} {problem:?}"));
    }
    let json = [
        format!(r#"{{"person": "p1", "code": "{NAME}"}}"#),
        format!(r#"{{"person": "p1", "income": "{NAME} EUR"}}"#),
        format!(r#"{{"person": "p1", "born": "{NAME}"}}"#),
        format!(r#"{{"person": "p1", "tags": "{NAME}"}}"#),
        format!(r#"{{"person": "p1", "tags": [{NUMBER}]}}"#),
        format!(r#"{{"person": "p1", "name": {NUMBER}}}"#),
        format!(r#"{{"person": "p1", "notes": ["{NAME}"]}}"#),
    ];
    for text in json {
        let problem = shop.schema.records_from_json_array(&format!("[{text}]")).expect_err("of another type");
        is_clean(&text, &format!("{problem} {problem:?}"));
    }
}
