//! What each fuzz target does with a text. Whatever the text is, nothing may panic, and what is promised must hold.
//!
//! The fuzzers run these, and so does `tests/fuzz_slice.rs` with changed seeds.

use std::sync::LazyLock;

use nextbest::diagnostic::{Diagnostic, Diagnostics};
use nextbest::syntax::ast::File;
use nextbest::syntax::{Limits, parse_file, print_file};
use nextbest::{RecordSchema, Ruleset};

fn read(text: &str) -> Option<File> {
    let mut found = Vec::new();
    let file = parse_file(text, 0, &Limits::default(), &mut found);
    found.iter().for_each(|diagnostic| within(text, diagnostic));
    found.iter().all(|diagnostic| !diagnostic.is_error()).then_some(file)
}

/// Every place lies in the text and between characters.
fn within(text: &str, diagnostic: &Diagnostic) {
    let related = diagnostic.related.iter().map(|(span, _)| *span);
    let suggested = diagnostic.suggestion.iter().map(|suggestion| suggestion.span);
    for span in std::iter::once(diagnostic.span).chain(related).chain(suggested) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{diagnostic:#?}");
    }
}

fn shown(text: &str, found: &Diagnostics) {
    found.iter().for_each(|diagnostic| within(text, diagnostic));
    assert_eq!(found.to_string().is_empty(), found.is_empty());
}

/// Text → tree → text → the same tree.
pub fn parse(text: &str) {
    let Some(file) = read(text) else { return };
    let printed = print_file(&file);
    let again = read(&printed).unwrap_or_else(|| panic!("cannot be read again: {printed}"));
    assert_eq!(print_file(&again), printed);
}

/// A formatted text is formatted, and says the same.
pub fn format(text: &str) {
    let Ok(once) = nextbest::format("a.nba", text) else { return };
    let printed = |text: &str| read(text).map(|file| print_file(&file));
    assert_eq!(printed(text), printed(&once));
    assert_eq!(nextbest::format("a.nba", &once).ok(), Some(once));
}

/// Rules are bound, or what is wrong is said.
pub fn check(text: &str) {
    match Ruleset::parse(&[("a.nba", text)]).and_then(|rules| rules.bind_records()) {
        Ok(engine) => shown(text, engine.warnings()),
        Err(found) => {
            assert!(found.has_errors());
            shown(text, &found);
        }
    }
}

/// A tree that is read is written as it was, places and layout aside.
pub fn json_tree(text: &str) {
    let Ok(rules) = Ruleset::from_json(text) else { return };
    let json = rules.to_json();
    let again = Ruleset::from_json(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(again.to_json(), json);
    assert_eq!(again.revision(), rules.revision());
}

/// A customer that is read can be written and read again.
pub fn json_customer(text: &str) {
    static SCHEMA: LazyLock<RecordSchema> = LazyLock::new(|| {
        let rules = include_str!("../examples/json/rules.nba");
        Ruleset::parse(&[("rules.nba", rules)]).and_then(|rules| rules.record_schema()).expect("sound rules")
    });
    for customer in SCHEMA.records_from_json_array(text).unwrap_or_default() {
        let json = customer.to_json();
        let again = SCHEMA.record_from_json(&json).unwrap_or_else(|errors| panic!("{errors}: {json}"));
        assert_eq!(again.to_json(), json);
    }
}
