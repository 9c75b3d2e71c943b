//! `examples/worked.nba`: each of its segments with a customer who is in it and one who is just not.
#![cfg(feature = "json")]
#![allow(clippy::unwrap_used, clippy::panic)]

use nextbest::{Engine, Instant, Record, RecordSchema, Ruleset};

const NOW: &str = "2026-03-10T12:00:00+01:00";

struct Acme {
    engine: Engine<Record>,
    schema: RecordSchema,
}

impl Acme {
    fn read() -> Self {
        let rules = Ruleset::parse(&[("worked.nba", include_str!("../examples/worked.nba"))]);
        let rules = rules.unwrap_or_else(|problems| panic!("{problems}"));
        let engine = rules.bind_records().unwrap_or_else(|problems| panic!("{problems}"));
        Acme { engine, schema: rules.record_schema().unwrap() }
    }

    fn record(&self, json: &str) -> Record {
        let whole = format!("{{\"person\": \"p\", \"likes\": [], \"dislikes\": [], \"products\": []{json}}}");
        self.schema.record_from_json(&whole).unwrap_or_else(|problem| panic!("{problem}\n{whole}"))
    }

    fn is_in(&self, segment: &str, json: &str) -> bool {
        let request = self.engine.request(Instant::parse(NOW).unwrap());
        let segment = self.engine.segment(segment).unwrap();
        self.engine.evaluator().is_in(&self.record(json), &request, segment).unwrap()
    }
}

/// `"kind": [{"at": …, …}, …]`, times of 2026 unless a year is given.
fn events(kind: &str, rows: &[(&str, &str)]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|(at, properties)| {
            let year = if at.len() > 11 { "" } else { "2026-" };
            let comma = if properties.is_empty() { "" } else { ", " };
            format!("{{\"at\": \"{year}{at}:00+01:00\"{comma}{properties}}}")
        })
        .collect();
    format!(", \"{kind}\": [{}]", rows.join(", "))
}

const EUR_60: &str = r#""total": "60 EUR", "category": "books", "product": "atlas""#;
const SHOES: &str = r#""total": "60 EUR", "category": "shoes", "product": "boots""#;
const BOOTS_IN_CART: &str = r#""product": "boots", "price": "60 EUR""#;
const BOOTS_SEEN: &str = r#""category": "shoes", "product": "boots""#;

/// Asserts membership: `(segment, customer, expected)`.
fn hold(cases: &[(&str, String, bool)]) {
    let acme = Acme::read();
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(segment, json, expected)| acme.is_in(segment, json) != *expected)
        .map(|(segment, json, expected)| format!("{segment} should be {expected} for {json}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn who_came_and_who_bought() {
    hold(&[
        ("prospect", String::new(), true),
        ("prospect", events("visit", &[("03-01T10:00", "")]), false),
        ("newcomer", events("visit", &[("03-01T10:00", "")]), true),
        ("newcomer", events("visit", &[("03-01T10:00", ""), ("03-02T10:00", "")]), false),
        ("lapsed", events("order", &[("02-08T12:00", EUR_60)]), true),
        ("lapsed", events("order", &[("02-08T12:01", EUR_60)]), false),
        ("lapsed", String::new(), false),
        ("bike_owner", events("order", &[("2020-05-01T10:00", &EUR_60.replace("books", "bikes"))]), true),
        ("bike_owner", events("order", &[("03-01T10:00", EUR_60)]), false),
        ("roof_owner", events("subscribed", &[("2022-05-01T10:00", r#""service": "roof_replacement""#)]), true),
        ("roof_owner", events("subscribed", &[("2020-05-01T10:00", r#""service": "roof_replacement""#)]), false),
        ("festive_shoes", events("order", &[("2024-12-20T10:00", SHOES)]), true),
        ("festive_shoes", events("order", &[("2024-11-20T10:00", SHOES)]), false),
        ("sharer", events("share", &[("03-01T10:00", ""), ("03-02T10:00", ""), ("03-03T10:00", "")]), true),
        ("sharer", events("share", &[("03-01T10:00", ""), ("03-02T10:00", "")]), false),
    ]);
}

#[test]
fn a_cart_is_left_when_quiet_and_not_bought() {
    let cart = |at| events("cart_add", &[(at, BOOTS_IN_CART)]);
    hold(&[
        ("cart_left", cart("03-10T09:00"), true),
        ("cart_left", cart("03-10T11:40"), false),
        ("cart_left", cart("03-09T11:00"), false),
        ("cart_left", cart("03-10T09:00") + &events("order", &[("03-10T10:00", EUR_60)]), false),
        ("cart_left", cart("03-10T09:00") + &events("order", &[("03-10T08:00", EUR_60)]), true),
    ]);
}

#[test]
fn looks_without_buying() {
    let three =
        events("view", &[("03-08T10:00", BOOTS_SEEN), ("03-08T10:01", BOOTS_SEEN), ("03-09T10:00", BOOTS_SEEN)]);
    let seen = events("view", &[("03-06T10:00", BOOTS_SEEN)]);
    hold(&[
        ("shoe_window", three.clone(), true),
        ("shoe_window", three + &events("order", &[("03-09T11:00", SHOES)]), false),
        ("browsed", seen.clone(), true),
        // The two days are not over yet.
        ("browsed", events("view", &[("03-09T10:00", BOOTS_SEEN)]), false),
        ("browsed", seen.clone() + &events("order", &[("03-07T10:00", SHOES)]), false),
        // Another product was bought, or this one too late.
        ("browsed", seen.clone() + &events("order", &[("03-07T10:00", EUR_60)]), true),
        ("browsed", seen + &events("order", &[("03-09T10:00", SHOES)]), true),
    ]);
}

#[test]
fn wishes_are_items() {
    let wish = |price: u32| format!(r#", "wishes": [{{"product": "boots", "price": "{price} EUR"}}]"#);
    hold(&[
        ("wishful", wish(50), true),
        ("wishful", wish(51), false),
        ("wishful", wish(50) + &events("order", &[("03-07T10:00", SHOES)]), false),
        ("wishful", wish(50) + &events("order", &[("03-07T10:00", EUR_60)]), true),
        ("wishful", String::new(), false),
    ]);
}

#[test]
fn life_goes_on() {
    let orders = |days: &[&str]| events("order", &days.iter().map(|day| (*day, EUR_60)).collect::<Vec<_>>());
    let visits = |days: &[&str]| events("visit", &days.iter().map(|day| (*day, "")).collect::<Vec<_>>());
    hold(&[
        ("dormant", orders(&["2025-11-01T10:00"]), true),
        ("dormant", orders(&["2024-11-01T10:00"]), true),
        ("dormant", orders(&["03-01T10:00"]), false),
        ("dormant", String::new(), false),
        ("resurrected", orders(&["2025-11-01T10:00", "03-01T10:00"]), true),
        ("resurrected", orders(&["02-01T10:00", "03-01T10:00"]), false),
        ("resurrected", orders(&["03-01T10:00"]), false),
        ("stopped_apps", visits(&["02-01T10:00"]), true),
        ("stopped_apps", visits(&["02-01T10:00", "03-01T10:00"]), false),
        ("stopped_apps", visits(&["2025-12-01T10:00"]), false),
    ]);
}

#[test]
fn recency_frequency_monetary() {
    let order = |total: u32, at: &str| (at.to_owned(), EUR_60.replace("60", &total.to_string()));
    let orders = |rows: &[(String, String)]| {
        events("order", &rows.iter().map(|(at, p)| (at.as_str(), p.as_str())).collect::<Vec<_>>())
    };
    let often = |at: &str, total| orders(&(0..8).map(|_| order(total, at)).collect::<Vec<_>>());
    hold(&[
        ("vip", often("01-24T10:00", 113), true),
        ("champions", often("01-24T10:00", 113), false),
        ("champions", often("03-01T10:00", 113), true),
        ("vip", often("01-24T10:00", 20), false),
    ]);
}

#[test]
fn who_they_are() {
    hold(&[
        ("bike_alike", r#", "searched_bikes": true, "birth_date": "1996-01-01""#.into(), true),
        ("bike_alike", r#", "searched_bikes": true, "birth_date": "1976-01-01""#.into(), false),
        ("bike_alike", r#", "region": "bay_area", "birth_date": "1996-01-01""#.into(), true),
        ("birthday_week", r#", "birth_date": "1990-03-16""#.into(), true),
        ("birthday_week", r#", "birth_date": "1990-03-10""#.into(), true),
        ("birthday_week", r#", "birth_date": "1990-03-17""#.into(), false),
        ("birthday_week", String::new(), false),
        (
            "reachable",
            r#", "email": "p@example.com", "consents": [{"channel": "email", "purpose": "marketing", "granted": true, "at": "2025-01-01T00:00:00Z"}]"#.into(),
            true,
        ),
        ("reachable", r#", "email": "p@example.com""#.into(), false),
    ]);
}
