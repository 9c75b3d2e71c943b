//! The segments of `examples/households.nba` on real households: the members must be exactly those that pandas and DuckDB
//! computed from the same definitions, which `data/complete-journey/expected.json` holds as a count and a hash of the ids.
#![cfg(feature = "derive")]

#[path = "../examples/households/mod.rs"]
mod households;

use std::collections::{BTreeMap, BTreeSet};

use households::Household;
use nextbest::check::tree::Measure;
use nextbest::{Answer, Date, Engine, Ruleset};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What is written in `households.nba`; S15 needs more of the language than there is.
const SEGMENTS: [&str; 17] = [
    "S01_high_value_90d",
    "S02_lapsing",
    "S03_first_seen_last_60d",
    "S04_young_family",
    "S05_affluent_owner",
    "S05n_known_and_not_owner",
    "S05c_not_owner_closed_world",
    "S06_redeemed_2_days_120d",
    "S07_typeA_90d_unredeemed",
    "S08_sent5_never_redeemed",
    "S09_avg_basket_40_min5",
    "S10_weekend_shopper",
    "S11_top_decile_180d",
    "S12_growing_60d",
    "S13_fuel_3_months",
    "S14_redeemed_within_7d_of_send",
    "S16_composite",
];

fn expected() -> Value {
    let text = std::fs::read_to_string(households::folder().join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn engine(name: &str) -> Engine<Household> {
    let text = std::fs::read_to_string(households::rule_file(name)).unwrap();
    let bound = Ruleset::parse(&[(name, text)]).and_then(|rules| rules.bind());
    bound.unwrap_or_else(|problems| panic!("{problems}"))
}

/// The first sixteen hexadecimal digits of the SHA-256 of the ids, ascending, one a line.
fn hash(ids: &BTreeSet<i64>) -> String {
    hash_of(&ids.iter().map(i64::to_string).collect::<Vec<_>>())
}

fn hash_of(lines: &[String]) -> String {
    Sha256::digest(lines.join("\n")).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn members(engine: &Engine<Household>, households: &[Household], day: &str) -> BTreeMap<String, BTreeSet<i64>> {
    let request = engine.request(households::eve_of(Date::parse(day).unwrap()));
    let population = engine.population(households, &request);
    let request = request.population(&population);
    let mut evaluator = engine.evaluator();
    let mut members: BTreeMap<String, BTreeSet<i64>> =
        engine.segments().map(|id| (engine.segment_name(id).to_owned(), BTreeSet::new())).collect();
    for household in households {
        for &id in evaluator.segments(household, &request) {
            members.get_mut(engine.segment_name(id)).unwrap().insert(household.id);
        }
    }
    members
}

#[test]
fn everything_is_loaded() {
    let households = households::load(&households::folder()).unwrap();
    let baskets = || households.iter().flat_map(|household| household.baskets.as_slice());
    let rows = |count: fn(&Household) -> usize| households.iter().map(count).sum::<usize>();
    let found = [
        ("households", households.len() as i64),
        ("baskets", baskets().count() as i64),
        ("sales_cents", baskets().map(|basket| basket.sales.minor).sum()),
        ("sends", rows(|household| household.sends.as_slice().len()) as i64),
        ("redemptions", rows(|household| household.redemptions.as_slice().len()) as i64),
        ("redeemers", rows(|household| usize::from(!household.redemptions.as_slice().is_empty())) as i64),
    ];
    let found: BTreeMap<&str, i64> = found.into_iter().collect();
    let expected: BTreeMap<String, i64> = serde_json::from_value(expected()["counts"].clone()).unwrap();
    assert_eq!(found, expected.iter().map(|(name, &count)| (name.as_str(), count)).collect());
}

#[test]
fn a_bad_line_is_named() {
    let folder = std::env::temp_dir().join(format!("nextbest-households-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let says = |text: &str| {
        std::fs::write(folder.join("campaigns.csv"), text).unwrap();
        households::load(&folder).unwrap_err().to_string().split_once("campaigns.csv").unwrap().1.to_owned()
    };
    let heading = "campaign_id,campaign_type,start_date,end_date\n";
    assert_eq!(
        says(&format!("{heading}1,B,2017-03-03,2017-04-09\n2,D,2017-03-08,2017-04-09\n")),
        ":3: expected a campaign type: A, B or C, found `D`",
    );
    assert_eq!(
        says(&format!("{heading}\"1\",B,2017-03-03,2017-04-09\n")),
        ":2: expected plain fields without quotes, found `\"1\",B,2017-03-03,2017-04-09`",
    );
    assert_eq!(says(&format!("{heading}1,B,2017-03-03\n")), ":2: expected 4 fields, found `1,B,2017-03-03`");
    assert_eq!(
        says(&format!("{heading}1,B,2017-02-29,\n")),
        ":2: expected a day such as `2017-01-31`, found `2017-02-29`"
    );
    assert_eq!(
        says("campaign,type,start,end\n"),
        ":1: expected the heading `campaign_id,campaign_type,start_date,end_date`, found `campaign,type,start,end`",
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn segments_have_exactly_the_members_that_sql_finds() {
    let engine = engine("households.nba");
    assert!(engine.warnings().is_empty(), "{}", engine.warnings());
    let written: BTreeSet<&str> = engine.segments().map(|id| engine.segment_name(id)).collect();
    assert_eq!(written, SEGMENTS.into_iter().collect());
    assert!(engine.segments().all(|id| engine.segment_doc(id).is_some()), "every segment has a doc string");

    let households = households::load(&households::folder()).unwrap();
    let expected = expected();
    let days = expected["segments"].as_object().unwrap();
    assert_eq!(days.len(), 2);
    let mut deviations = Vec::new();
    for (day, expected) in days {
        let members = members(&engine, &households, day);
        for name in SEGMENTS {
            let found = serde_json::json!({ "n": members[name].len(), "sha16": hash(&members[name]) });
            if found != expected[name] {
                deviations.push(format!("{day} {name}: expected {}, found {found}", expected[name]));
            }
        }
    }
    assert!(deviations.is_empty(), "\n{}", deviations.join("\n"));
}

#[test]
fn every_household_is_in_the_stage_that_sql_finds() {
    let text = "segment never when lifecycle(basket, 28 days) = \"never\"\n\
                segment new when lifecycle(basket, 28 days) = \"new\"\n\
                segment retained when lifecycle(basket, 28 days) = \"returning\"\n\
                segment resurrected when lifecycle(basket, 28 days) = \"resurrected\"\n\
                segment lapsed when lifecycle(basket, 28 days) = \"dormant\"\n\
                segment dormant when lifecycle(basket, 28 days) = \"lapsed\"\n";
    let bound = Ruleset::parse(&[("lifecycle.nba", text)]).and_then(|rules| rules.bind::<Household>());
    let engine = bound.unwrap_or_else(|problems| panic!("{problems}"));
    let households = households::load(&households::folder()).unwrap();
    let expected = expected();
    let days = expected["lifecycle_W28"].as_object().unwrap();
    assert_eq!(days.len(), 4);
    for (day, expected) in days {
        let members = members(&engine, &households, &day_after(day));
        let found: BTreeMap<&str, usize> = members.iter().map(|(stage, ids)| (stage.as_str(), ids.len())).collect();
        // Not yet in the data is never there before.
        let mut expected: BTreeMap<String, usize> = serde_json::from_value(expected.clone()).unwrap();
        let never = expected.remove("not_yet").unwrap();
        expected.insert("never".to_owned(), never);
        assert_eq!(found, expected.iter().map(|(stage, &n)| (stage.as_str(), n)).collect(), "{day}");
    }
}

fn day_after(day: &str) -> String {
    Date::parse(day).unwrap().plus_days(1).unwrap().to_string()
}

#[test]
fn recency_frequency_and_money_have_exactly_the_scores_that_pandas_finds() {
    let engine = engine("rfm.nba");
    let households = households::load(&households::folder()).unwrap();
    let request = engine.request(households::eve_of(Date::parse("2018-01-01").unwrap()));
    let population = engine.population(&households, &request).named("2017");
    // In any order, and after a way through JSON.
    assert_eq!(population, engine.population(households.iter().rev(), &request).named("2017"));
    let written = serde_json::to_string(&population).unwrap();
    let request = request.population(&serde_json::from_str(&written).unwrap());

    let mut evaluator = engine.evaluator();
    let expected = expected();
    for (way, suffix) in [("value", ""), ("ntile", "_pile"), ("cume", "_share")] {
        let values = ["recency", "frequency", "monetary"].map(|name| engine.value(&format!("{name}{suffix}")).unwrap());
        let mut scores = Vec::new();
        for household in &households {
            let score = |value| match evaluator.value(household, &request, value).unwrap() {
                Some(nextbest::Value::Int(score)) => score,
                other => panic!("{other:?}"),
            };
            scores.push((household.id, values.map(score)));
        }
        let counted = |digits: fn(&[i64; 3]) -> String| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            scores.iter().for_each(|(_, rfm)| *counts.entry(digits(rfm)).or_default() += 1);
            counts
        };
        let all = |score: i64| scores.iter().filter(|(_, rfm)| *rfm == [score; 3]).count();
        let lines: Vec<String> = scores.iter().map(|(id, [r, f, m])| format!("{id},{r}{f}{m}")).collect();
        let found = serde_json::json!({
            "counts": {
                "r": counted(|[r, ..]| r.to_string()),
                "f": counted(|[_, f, _]| f.to_string()),
                "m": counted(|[.., m]| m.to_string()),
            },
            "cells_rf": counted(|[r, f, _]| format!("{r}{f}")),
            "n555": all(5),
            "n111": all(1),
            "sha16": hash_of(&lines),
        });
        let mut expected = expected["rfm"][way].clone();
        let edges = expected.as_object_mut().unwrap().remove("edges").unwrap();
        assert_eq!(found, expected, "{way}");
        for (letter, text) in [("R", "days"), ("F", "visits"), ("M", "spent")].iter().filter(|_| !edges.is_null()) {
            let metric = population.metrics().iter().find(|metric| metric.text() == *text).unwrap();
            let quantile = |(measure, _): &(Measure, Vec<f64>)| matches!(measure, Measure::Quantile { .. });
            let (_, found) = metric.bounds().find(quantile).unwrap();
            let expected: Vec<f64> = serde_json::from_value(edges[*letter].clone()).unwrap();
            let close = found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-6);
            assert!(found.len() == 4 && close, "{letter}: {found:?} {expected:?}");
        }
    }
    let sizes: Vec<usize> = ["best", "lost", "piled", "shared", "spender", "thrifty"]
        .iter()
        .map(|name| {
            let segment = engine.segment(name).unwrap();
            households.iter().filter(|h| evaluator.is_in(h, &request, segment).unwrap()).count()
        })
        .collect();
    assert_eq!(sizes, [19, 16, 14, 19, 42, 210]);
}

#[test]
fn a_grocer_decides_for_every_household_and_the_explanation_agrees() {
    let engine = engine("grocer.nba");
    assert!(engine.warnings().is_empty(), "{}", engine.warnings());
    assert!(engine.segments().all(|id| engine.segment_doc(id).is_some()), "every segment has a doc string");
    let households = households::load(&households::folder()).unwrap();
    let (mut actions, mut arms, mut withheld) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for day in ["2017-04-01", "2017-07-01", "2017-10-01", "2018-01-01"] {
        let mut request = engine.request(households::morning_of(Date::parse(day).unwrap()));
        for channel in ["email", "mail", "till", "web"] {
            request = request.channel(channel).unwrap();
        }
        for household in &households {
            let decision = engine.decide(household, &request);
            assert_eq!(decision.slots.len(), 4);
            let at = format!("{day}, household {}", household.id);
            assert_eq!(decision, engine.explain(household, &request).decision, "{at}");
            // What comes later is invisible: without it, all but the time to try again stays as it is.
            let then = engine.decide(&household.clone().known_at(request.now()), &request);
            for (slot, then) in decision.slots.iter().zip(&then.slots) {
                match (&slot.answer, &then.answer) {
                    (Answer::Nothing(a), Answer::Nothing(b)) => {
                        assert_eq!((a.reason, &a.nearest), (b.reason, &b.nearest), "{at}")
                    }
                    (a, b) => assert_eq!(a, b, "{at}"),
                }
            }
            for slot in &decision.slots {
                withheld.extend(slot.withheld.iter().map(|withheld| withheld.by.name()));
            }
            let chosen: Vec<_> = decision.slots.iter().filter_map(|slot| slot.action()).collect();
            arms.extend(chosen.iter().filter_map(|action| Some(action.variant.clone()?.arm)));
            actions.extend(chosen.iter().map(|action| action.action.clone()));
        }
    }
    let rules = engine.rules();
    let all: BTreeSet<String> = rules
        .programs
        .iter()
        .flat_map(|program| program.campaigns.iter().map(move |campaign| (program, campaign)))
        .flat_map(|(p, c)| c.actions.iter().map(move |action| format!("{}.{}.{}", p.name, c.name, action.name)))
        .collect();
    assert_eq!(all.difference(&actions).collect::<Vec<_>>(), Vec::<&String>::new(), "every action is somebody's best");
    assert_eq!(arms, BTreeSet::from(["price".to_owned(), "question".to_owned()]));
    assert_eq!(withheld, BTreeSet::from(["control", "holdout"]));
}
