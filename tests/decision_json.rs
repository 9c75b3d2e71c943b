//! The documented JSON of decisions and explanations: every example of `docs/decision-json.md`, and no key beside it.
//!
//! `UPDATE_GOLDENS=1 cargo test --all-features --test decision_json` writes the examples anew.
#![cfg(feature = "json")]
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::path::Path;

use nextbest::{Decision, Engine, Instant, Reason, Record, RecordSchema, Request, Ruleset, Stage};
use serde_json::Value;

const PAGE: &str = include_str!("../docs/decision-json.md");

fn engine() -> (Engine<Record>, RecordSchema) {
    let (_, rest) = PAGE.split_once("```nba\n").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    let rules = Ruleset::parse(&[("shop.nba", text)]).unwrap_or_else(|found| panic!("{found}"));
    (rules.bind_records().unwrap_or_else(|found| panic!("{found}")), rules.record_schema().unwrap())
}

fn request(engine: &Engine<Record>, asked: &Value) -> Request {
    let mut request = engine.request(Instant::parse(asked["now"].as_str().unwrap()).unwrap());
    for channel in asked["channels"].as_array().unwrap() {
        request = request.channel(channel.as_str().unwrap()).unwrap();
    }
    let entries = |key: &str| asked.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
    for (name, value) in entries("context") {
        request = request.context(&name, value.as_str().unwrap()).unwrap();
    }
    for (path, left) in entries("stock") {
        request = request.stock(&path, left.as_u64().unwrap()).unwrap();
    }
    for (path, known) in entries("evidence") {
        request = request.evidence(&path, known[0].as_u64().unwrap(), known[1].as_u64().unwrap()).unwrap();
    }
    request
}

/// What depends on the rules' text and on the versions of data is not on the page.
fn shortened(mut value: Value) -> Value {
    for key in ["revision", "versions"] {
        value[key] = "…".into();
    }
    value
}

/// Every key, at whatever depth, but for those of values of the customer.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            found.insert(key.clone());
            keys(value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

/// Lines that are not too long: an object or a list that fits stands on one.
fn written(value: &Value, depth: usize) -> String {
    let whole = value.to_string();
    if whole.len() + 2 * depth <= 110 {
        return whole.replace("\":", "\": ").replace(",\"", ", \"").replace("},{", "}, {");
    }
    let pad = "  ".repeat(depth + 1);
    let parts: Vec<String> = match value {
        Value::Object(map) => map.iter().map(|(k, v)| format!("{pad}{k:?}: {}", written(v, depth + 1))).collect(),
        Value::Array(items) => items.iter().map(|item| format!("{pad}{}", written(item, depth + 1))).collect(),
        _ => return whole,
    };
    let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    format!("{open}\n{}\n{}{close}", parts.join(",\n"), "  ".repeat(depth))
}

#[test]
fn the_page_is_true_and_lists_every_key() {
    let (engine, schema) = engine();
    let (mut page, mut rest) = (String::new(), PAGE);
    let (mut last, mut found, mut examples) = (None, BTreeSet::new(), 0);
    while let Some((before, block)) = rest.split_once("```json ") {
        let (kind, block) = block.split_once('\n').unwrap();
        let (json, after) = block.split_once("```").unwrap();
        let shown = match kind {
            "asked" => {
                let asked: Value = serde_json::from_str(json).unwrap();
                let customer = schema.record_from_json(&asked["customer"].to_string());
                last = Some((customer.unwrap_or_else(|found| panic!("{found}")), request(&engine, &asked)));
                json.to_owned()
            }
            "decision" => {
                let (customer, request) = last.as_ref().unwrap();
                let decision = engine.decide(customer, request);
                let value = serde_json::to_value(&decision).unwrap();
                assert_eq!(serde_json::from_value::<Decision>(value.clone()).unwrap(), decision);
                keys(&value, &mut found);
                format!("{}\n", written(&shortened(value), 0))
            }
            "explanation" => {
                let (customer, request) = last.as_ref().unwrap();
                let value = serde_json::to_value(engine.explain(customer, request)).unwrap();
                keys(&value, &mut found);
                format!("{}\n", written(&value["slots"], 0))
            }
            other => panic!("`{other}`"),
        };
        examples += 1;
        page += &format!("{before}```json {kind}\n{shown}```");
        rest = after;
    }
    page += rest;
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decision-json.md");
        std::fs::write(path, &page).unwrap();
    }
    assert!(page == PAGE, "run with UPDATE_GOLDENS=1 and read the difference");
    assert!(examples >= 7 && found.len() > 30, "{found:?}");
    for key in found {
        assert!(PAGE.contains(&format!("`{key}`")), "the page does not list `{key}`");
    }
}

#[test]
fn the_page_names_every_reason_and_stage() {
    for reason in Reason::ALL {
        let name = serde_json::to_value(reason).unwrap();
        assert!(PAGE.contains(&format!("`{}`", name.as_str().unwrap())), "{name}");
    }
    for stage in Stage::ALL {
        let name = serde_json::to_value(stage).unwrap();
        assert!(PAGE.contains(&format!("`{}`", name.as_str().unwrap())), "{name}");
    }
}
