//! The generator of rules is as wide as the grammar: each rule of `grammar.pest` is met in generated text, but for the ways
//! of writing that only have a repair, which the golden mistakes must meet, and for the catalogue, which is no expression
//! and which the sample file must meet.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::oracle::generate::{Case, Size};
use nextbest::syntax::rules_met;

/// Read only to say what should be written instead.
const REPAIRED: &[&str] =
    &["bad_date", "bang", "foreign_text", "in_last", "is_null", "is_value", "unknown_unit", "window_short"];

/// The rest of the catalogue and its policy: generated programs hold clauses and no more. And tests, which are no rules.
const CATALOGUE: &[&str] = &[
    "aim",
    "arm",
    "boost_item",
    "boost_when",
    "decay",
    "bundle",
    "change",
    "catalog_statement",
    "channel_cost",
    "check_statement",
    "control",
    "cost_item",
    "dotted",
    "test_action",
    "test_row",
    "draws",
    "each_row",
    "epsilon",
    "every_campaign",
    "clause_statement",
    "except",
    "excepted_policy",
    "exception",
    "exempt",
    "expect_line",
    "expect_missing",
    "expect_nothing",
    "expect_value",
    "experiment",
    "explore_statement",
    "factor",
    "factor_level",
    "factorial",
    "fallback",
    "exposure",
    "gate",
    "given_consent",
    "given_contact",
    "given_events",
    "given_line",
    "given_none",
    "given_value",
    "holdout_statement",
    "is_missing",
    "kw_boost",
    "kw_bundles",
    "kw_case",
    "kw_catalog",
    "kw_check",
    "kw_contacts",
    "kw_control",
    "kw_cost",
    "kw_draws",
    "kw_epsilon",
    "kw_decaying",
    "kw_decision",
    "kw_every",
    "kw_except",
    "kw_expect",
    "kw_experiment",
    "kw_expires",
    "kw_explore",
    "kw_factors",
    "kw_given",
    "kw_holdout",
    "kw_layer",
    "kw_lever",
    "kw_limit",
    "kw_nothing",
    "kw_now",
    "kw_objective",
    "kw_or",
    "kw_over",
    "kw_overlap",
    "kw_prefer",
    "kw_points",
    "kw_priority",
    "kw_promo",
    "kw_propensity",
    "kw_reachable",
    "kw_salt",
    "kw_slot",
    "kw_softmax",
    "kw_stop",
    "kw_test",
    "kw_thompson",
    "kw_threshold",
    "kw_tiers",
    "kw_trust",
    "kw_using",
    "kw_valid",
    "kw_value",
    "kw_weights",
    "kw_with",
    "languages",
    "lever_end",
    "lever_item",
    "limit",
    "line_kind",
    "moment",
    "no",
    "now_line",
    "objective_statement",
    "of_layer",
    "on_line",
    "otherwise",
    "own_limit",
    "overlap",
    "prefer",
    "prefer_else",
    "owner",
    "parameter",
    "parameters",
    "per_whom",
    "point",
    "points",
    "portion",
    "priority_statement",
    "promo_item",
    "promo_once",
    "propensity_item",
    "properties",
    "property",
    "salt",
    "scheme",
    "sign",
    "slot",
    "slot_name",
    "slots",
    "softmax",
    "stop",
    "test_case",
    "test_statement",
    "thompson",
    "threshold_statement",
    "tiers_statement",
    "treatment_when",
    "trust",
    "until_moment",
    "valid_item",
    "value_item",
    "weight",
    "weights",
    "weights_for",
    "why_not",
    "why_not_op",
    "worth",
];

/// Generated rulesets looked at.
const CASES: u64 = 150;

/// The rules that leave a trace where they match: those that the grammar does not call silent.
fn rules() -> BTreeSet<String> {
    let grammar = read("src/syntax/grammar.pest");
    let definitions = grammar.lines().filter_map(|line| line.split_once('='));
    let named = definitions.filter(|(name, _)| name.trim_end().chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    let traced = named.filter(|(name, body)| !name.trim().is_empty() && !body.trim_start().starts_with('_'));
    traced.map(|(name, _)| name.trim().to_owned()).collect()
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn lacking<'g>(rules: impl IntoIterator<Item = &'g str>, met: &BTreeSet<String>) -> Vec<&'g str> {
    rules.into_iter().filter(|rule| !met.contains(*rule)).collect()
}

#[test]
fn every_rule_of_the_grammar_is_generated() {
    let met: BTreeSet<String> =
        (0..CASES).flat_map(|seed| rules_met(&Case::of(seed, Size::default()).text())).collect();
    let elsewhere: BTreeSet<&str> = REPAIRED.iter().chain(CATALOGUE).copied().collect();
    let rules = rules();
    let expected = rules.iter().map(String::as_str).filter(|rule| !elsewhere.contains(rule));
    assert_eq!(lacking(expected, &met), [""; 0], "the generator never writes these");
    // What is met after all needs no exception.
    let excused: Vec<&str> = elsewhere.iter().copied().filter(|rule| met.contains(*rule)).collect();
    assert_eq!(excused, [""; 0], "these are generated: take them off the list of exceptions");
}

#[test]
fn every_repair_is_met_by_a_golden_mistake() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mistakes = files.filter(|path| path.extension().is_some_and(|extension| extension == "nba"));
    let met: BTreeSet<String> = mistakes.flat_map(|path| rules_met(&read(path))).collect();
    assert_eq!(lacking(REPAIRED.iter().copied(), &met), [""; 0], "no golden file shows these");
}

#[test]
fn every_rule_of_the_catalogue_is_met_by_the_sample() {
    let met: BTreeSet<String> = rules_met(&read("tests/syntax/sample.nba")).into_iter().collect();
    assert_eq!(lacking(CATALOGUE.iter().copied(), &met), [""; 0], "the sample file lacks these");
}
