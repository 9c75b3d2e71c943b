//! Trees as JSON: the documented shape, the round trip, and what is refused.
#![cfg(feature = "json")]
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::path::Path;

use nextbest::syntax::print_file;
use nextbest::{Ruleset, TreeError};
use serde_json::{Value, json};

/// The form that takes most stack.
const ANY: &str = r#"{"quantified":{"quantifier":"any","clause":{"event":"e","filter":"#;

fn texts() -> Vec<String> {
    let mut out = Vec::new();
    for folder in ["examples", "tests/goldens", "tests/syntax"] {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "nba") {
                out.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    out
}

fn tree(statement: &Value) -> String {
    json!({"version": 1, "files": [{"name": "a.nba", "statements": [statement]}]}).to_string()
}

fn when(condition: Value) -> Result<String, TreeError> {
    let statement = json!({"segment": {"name": "s", "when": condition}});
    Ruleset::from_json(&tree(&statement)).map(|rules| print_file(&rules.files()[0]))
}

#[test]
fn text_becomes_json_becomes_text() {
    let mut count = 0;
    for text in texts() {
        let Ok(rules) = Ruleset::parse(&[("a.nba", &text), ("b.nba", &"let zzz = 1".to_owned())]) else { continue };
        count += 1;
        let json = rules.to_json();
        let again = Ruleset::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"));
        assert_eq!(again.to_json(), json);
        assert_eq!(again.revision(), rules.revision());
        assert_eq!(again.sources().text(0).unwrap(), print_file(&rules.files()[0]));
        assert_eq!(again.sources().name(1), Some("b.nba"));
    }
    assert!(count > 50);
}

#[test]
fn the_page_is_true() {
    let page = include_str!("../docs/json-tree.md");
    let mut examples = 0;
    for part in page.split("```nba\n").skip(1) {
        let (text, rest) = part.split_once("```\n```json\n").unwrap();
        let (json, _) = rest.split_once("```").unwrap();
        let json: Value = serde_json::from_str(json).unwrap();
        let rules = Ruleset::parse(&[("a.nba", text)]).unwrap();
        let built = Ruleset::from_json(&tree(&json)).unwrap();
        assert_eq!(built.to_json(), rules.to_json(), "{text}");
        assert_eq!(built.sources().text(0), Some(text));
        examples += 1;
    }
    assert!(examples >= 6);
}

#[test]
fn unknown_keys_and_wrong_types_are_refused_with_their_place() {
    let path = |statement: Value| match Ruleset::from_json(&tree(&statement)) {
        Err(TreeError::Shape { path, message }) => format!("{path}: {message}"),
        other => panic!("{other:?}"),
    };
    let found = path(json!({"segment": {"name": "s", "wenn": "now"}}));
    assert!(found.starts_with("$.files[0].statements[0].segment.wenn: unknown field `wenn`"), "{found}");
    let found = path(json!({"segment": {"name": "s", "when": {"and": ["now", {"nott": "now"}]}}}));
    assert!(found.starts_with("$.files[0].statements[0].segment.when.and[1]"), "{found}");
    assert!(found.contains("unknown variant `nott`"), "{found}");
    let found = path(json!({"segment": {"name": 1, "when": "now"}}));
    assert!(found.starts_with("$.files[0].statements[0].segment.name: invalid type"), "{found}");
    let found = path(json!({"segment": {"name": "s", "when": {"literal": {"int": 1.5}}}}));
    assert!(found.contains(".when.literal.int: "), "{found}");
    for (text, message) in [
        ("", "$: EOF"),
        ("[", "$"),
        (r#"{"version": 1}"#, "$: missing field `files`"),
        (r#"{"version": 1, "files": []} x"#, "trailing characters"),
        (r#"{"version": 1, "files": [], "more": 1}"#, "$.more: unknown field"),
        (r#"{"version": 2, "trees": []}"#, "$.version: version 2"),
    ] {
        let error = Ruleset::from_json(text).unwrap_err().to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
}

#[test]
fn what_no_text_says_is_refused() {
    let compare = |left: Value, right: Value| json!({"compare": {"op": "equal", "left": left, "right": right}});
    for condition in [
        json!({"path": ["a = 1 or b"]}),
        json!({"path": ["a\nsegment t when b"]}),
        json!({"and": [{"path": ["a"]}]}),
        json!({"path": ["a # comment"]}),
        compare(json!({"path": ["a"]}), json!({"literal": {"int": -5}})),
        compare(json!({"path": ["a"]}), json!({"literal": {"number": "1.5 and b"}})),
        compare(json!({"path": ["a"]}), json!({"literal": {"money": {"amount": "1", "currency": "EUR or b"}}})),
    ] {
        let Err(TreeError::Unwritable { path, text }) = when(condition.clone()) else { panic!("{condition} is read") };
        assert_eq!(path, "$.files[0].statements[0]");
        assert!(text.starts_with("segment s when "), "{text}");
    }
    for condition in [json!({"path": []}), json!({"and": []}), json!({"path": ["and"]}), json!({"path": ["a", "é"]})] {
        assert!(matches!(when(condition.clone()), Err(TreeError::Rules(_))), "{condition}");
    }
    let twice = json!([{"let": {"name": "a", "value": "now"}}, {"let": {"name": "a", "value": "today"}}]);
    let twice = json!({"version": 1, "files": [{"name": "x.nba", "statements": twice}]}).to_string();
    let error = Ruleset::from_json(&twice).unwrap_err().to_string();
    assert!(error.contains("x.nba:2:5") && error.contains("let a = today"), "{error}");
}

#[test]
fn nested_joints_are_flattened() {
    let (a, b, c) = (json!({"path": ["a"]}), json!({"path": ["b"]}), json!({"path": ["c"]}));
    assert_eq!(when(json!({"and": [{"and": [a, b]}, c]})).unwrap(), "segment s when a and b and c\n");
    assert_eq!(when(json!({"and": [{"or": [a, b]}, c]})).unwrap(), "segment s when (a or b) and c\n");
    assert_eq!(
        when(json!({"or": [a, {"or": [b, {"not": {"or": [a, c]}}]}]})).unwrap(),
        "segment s when a or b or not (a or c)\n"
    );
}

#[test]
fn depth_is_bounded_on_a_small_stack() {
    let run = || {
        for (open, close) in [
            ("not ", ""),
            ("-", ""),
            ("f(", ")"),
            ("a + (b = ", ")"),
            ("any(e where ", ")"),
            ("all(e where a have ", ")"),
            ("x between 1 and (", ")"),
            ("x is before (", ")"),
            ("at least 1 of (a, ", ")"),
            ("(a and b or missing) or (", ")"),
        ] {
            let most = if open.contains('=') { 32 } else { 64 };
            for depth in (1..=most).rev() {
                let text = format!("segment s when {}a{}", open.repeat(depth), close.repeat(depth));
                let Ok(rules) = Ruleset::parse(&[("a.nba", &text)]) else { continue };
                let again = Ruleset::from_json(&rules.to_json());
                assert_eq!(again.unwrap().revision(), rules.revision(), "{open} {depth}");
                break;
            }
        }
        for depth in [70, 300, 1_000_000] {
            for (open, close) in
                [(r#"{"not":"#, "}"), ("[", "]"), (r#"{"and":["#, "]}"), (ANY, "}}}"), ("[{\"a\":", "}]")]
            {
                let condition = format!("{}\"now\"{}", open.repeat(depth), close.repeat(depth));
                let text = tree(&json!({"segment": {"name": "s", "when": 0}})).replace(":0", &format!(":{condition}"));
                let Err(TreeError::Shape { message, .. }) = Ruleset::from_json(&text) else { panic!("{open} {depth}") };
                assert!(message.contains("64 deep") || open.starts_with('['), "{message}");
            }
        }
    };
    // A debug build takes some 15 KiB a level.
    let stack = if cfg!(debug_assertions) { 2 << 20 } else { 1 << 20 };
    std::thread::Builder::new().stack_size(stack).spawn(run).unwrap().join().unwrap();
}
