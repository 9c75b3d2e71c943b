//! Reading and writing rule files: the traps met before, the limits, and the round trip.

#![allow(clippy::expect_used, clippy::panic)] // a test says what went wrong by panicking

use std::fmt::Write;
use std::time::{Duration, Instant};

use nextbest::diagnostic::{Code, Diagnostic};
use nextbest::syntax::ast::{ExprKind, File, StatementKind};
use nextbest::syntax::{Limits, parse_file, printer};

const SAMPLE: &str = include_str!("syntax/sample.nba");
const MISTAKES: &str = include_str!("syntax/mistakes.nba");

fn read(text: &str) -> (File, Vec<Diagnostic>) {
    let mut out = Vec::new();
    let file = parse_file(text, 0, &Limits::default(), &mut out);
    (file, out)
}

fn codes(text: &str) -> Vec<Code> {
    read(text).1.iter().map(|diagnostic| diagnostic.code).collect()
}

/// The canonical text of a condition, or the codes of what is wrong with it.
fn when(condition: &str) -> Result<String, Vec<Code>> {
    let (file, out) = read(&format!("segment s when {condition}"));
    match file.statements.first().map(|statement| &statement.node) {
        Some(StatementKind::Segment { when, .. }) if out.is_empty() => Ok(printer::print_expr(when)),
        _ => Err(out.iter().map(|diagnostic| diagnostic.code).collect()),
    }
}

#[track_caller]
fn same(condition: &str) {
    assert_eq!(when(condition), Ok(condition.to_owned()));
}

/// The tree without places: its JSON has none.
fn bare(file: &File) -> serde_json::Value {
    serde_json::to_value(file).expect("a tree is JSON")
}

/// Rule builders read and write this shape: a new node takes `#[serde(rename_all = "snake_case", deny_unknown_fields)]`, a
/// place that is no `Spanned` takes `#[serde(skip)]`.
#[test]
fn the_json_of_a_tree_has_snake_case_tags_and_no_places() {
    fn check(value: &serde_json::Value) {
        match value {
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    assert_eq!(*key, key.to_lowercase(), "{value}");
                    assert!(!(key == "span" && value.get("file").is_some()), "a place in {value}");
                    check(value);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(check),
            _ => {}
        }
    }
    let tree = bare(&read(SAMPLE).0);
    check(&tree);
    let again: File = serde_json::from_value(tree.clone()).expect("a tree of its JSON");
    assert_eq!(printer::print_file(&again), printer::print_file(&read(SAMPLE).0));
    assert_eq!(bare(&again), tree);
}

#[test]
fn the_sample_survives_the_round_trip() {
    let (file, out) = read(SAMPLE);
    assert!(out.is_empty(), "{out:#?}");
    assert!(file.statements.len() > 40);
    let text = printer::print_file(&file);
    let (again, out) = read(&text);
    assert!(out.is_empty(), "{out:#?}\n{text}");
    assert_eq!(bare(&file), bare(&again));
    assert_eq!(printer::print_file(&again), text);
    for line in text.lines() {
        assert_eq!(line, line.trim_end());
    }
}

#[test]
fn rankings_keep_their_words_to_themselves() {
    for condition in [
        "top 10% by clv",
        "bottom 2.5% by count(order)",
        "top 10% by last(order).total and descending",
        "top 10% by (a + b)",
        "top 10% by f(a)",
        "not top 10% by customer.clv",
        "quantile(clv, 5) descending >= 4",
        "quantile(clv, 5) + descending = top - bottom",
        "top between bottom and by",
        "top 500 by clv",
    ] {
        same(condition);
    }
    assert_eq!(when("TOP 1_0 % BY (clv)"), Ok("top 10% by clv".to_owned()));
    assert_eq!(when("ntile(a, 3) DESCENDING = 1"), Ok("ntile(a, 3) descending = 1".to_owned()));
    for broken in ["top 10% clv", "top by clv", "top 10% by a descending b", "top 10%", "top 10% by 5"] {
        assert!(when(broken).is_err(), "{broken}");
    }
}

#[test]
fn keywords_do_not_swallow_names() {
    for name in [
        "india",
        "order",
        "orders",
        "android",
        "nothing",
        "island",
        "within_reach",
        "betweenness",
        "counts",
        "allowed",
        "anyone",
        "nonexistent",
        "firstly",
        "lastname",
        "truex",
        "todays",
        "nowhere",
        "iffy",
        "minimum",
        "summary",
        "ago_",
        "whenever",
        "segment",
        "context",
        "at",
        "time",
        "days",
        "EUR",
        "of",
        "value",
        "missing_",
        "top_speed",
    ] {
        same(name);
        same(&format!("{name} = 1 and not {name}"));
        same(&format!("x in [{name}] or y is before {name}"));
        same(&format!("any({name} where {name} > 5 within 30 days)"));
        same(&format!("{name}(1) = {name}.{name}"));
    }
    same("country in india");
    assert_eq!(when("x NOT IN [1] AND Y Is Missing Or Missing"), Ok("x not in [1] and Y is missing or missing".into()));
}

#[test]
fn precedence_and_parentheses() {
    same("not a = 1 + 2 * -b and c");
    same("a - (b - c) - d / (e * f)");
    same("(a or b) and not (c and d)");
    same("not (in segment vip) and not in segment vip");
    same("(a = 1) = (b = 2)");
    same("a = 1 or missing and b = \"x\" ignoring case or missing");
    same("(not a or b) or missing");
    same("-(a + b) between -1 and 2 * 3");
    assert_eq!(when("((a and b) and (c and d))"), Ok("a and b and c and d".into()));
    assert_eq!(when("((a)) + (((b)))"), Ok("a + b".into()));
    assert_eq!(when("a and b or c"), Err(vec![Code::MixedAndOr]));
    assert_eq!(when("a < b < c"), Err(vec![Code::ChainedComparison]));
    assert_eq!(when("a is missing = b"), Err(vec![Code::ChainedComparison]));
    assert_eq!(when("a between 1 and 2 is known"), Err(vec![Code::ChainedComparison]));
}

#[test]
fn every_form_of_condition() {
    for condition in [
        "x is not missing or missing",
        "tags contains any of [\"a\", \"b\"] ignoring case",
        "tags contains none of likes",
        "name does not start with \"A\" or name ends with \"z\\n\\t\\\"\\\\\"",
        "name does not match \"^a\" and name matches \"b\" and name does not contain \"c\"",
        "x not between 50 USD and 75.50 EUR",
        "share >= 10% and share < 12.5%",
        "at least 2 of (a, b = 1, not c)",
        "all(order within 90 days have status = \"returned\")",
        "count(distinct order.product where total > 5 EUR within 1 year 6 months) >= 3",
        "sum(order.total from 60 days ago to 30 days ago) > avg(order.total last 3 full months)",
        "min(order.total this quarter) = max(order.total last week)",
        "count(days with login within 7 days) = 2 and count(weeks with login) = count(months with login)",
        "first(order).total = last(order where total > 1 since 2026-01-01)",
        "any(order until 2026-01-31) and none(order from 2026-01-01 to 2026-01-31)",
        "any(order today) and any(order yesterday) and any(order this day)",
        "time since last(order) > 30 days and time since (birth_date) < 5 hours",
        "anniversary of birth_date is in the next 7 days and anniversary of last(order) = today",
        "anniversary of (2024-02-29 + x) is before 2026-01-31 and anniversary < 3",
        "consent.email.marketing is granted and consent.sms.marketing is not denied",
        "renewal_date is in the next 30 days and renewal_date is not within 5 minutes",
        "born is older than 18 years and born is on or after 1990-01-01 and born is on today",
        "born is on or before now - 3 days and born is not after x and at = 2026-03-10T12:00:00Z",
        "age(birth_date) >= 18 and bucket(\"salt\", 5) < 5 and f() = true",
        "time between 22:00 and 06:00 and time(at) >= 09:30:15.250 and time since at > 2 hours",
        "version(app) >= version(\"3.10.0\") and lenient_version(app) in [\"3.10.0\"]",
        "home is not within 1.5 km of point(48.8566, -2.3522) and distance(home, context.place) < 500 m",
        "point is within 2 mi of home and length > 3 and distance = km",
        "sku like \"BK-%\" and sku not like \"%_\" ignoring case and any(like where like like \"a%\")",
        "list is empty and [] = [1, 2, [3]]",
        "1 = 1 EUR and 3 in [1, 2.50, false]",
    ] {
        let printed = when(condition);
        let Ok(printed) = printed else { panic!("{condition}: {printed:?}") };
        assert_eq!(when(&printed), Ok(printed.clone()), "{condition}");
        same(condition.replace("time since (birth_date)", "time since birth_date").as_str());
    }
    assert_eq!(when("x > 1_000_000 EUR"), Ok("x > 1000000 EUR".into()));
    assert_eq!(when("x = \"e\u{301}\""), Ok("x = \"é\"".into()));
    assert_eq!(when("x is in the last 5 DAYS # c"), Ok("x is within 5 days".into()));
}

#[test]
fn windows_never_follow_an_expression() {
    assert_eq!(when("total > 50 within 30 days"), Err(vec![Code::Syntax]));
    let (file, _) = read("segment s when any(order where total > 50 within 30 days)");
    match file.statements.first().map(|statement| &statement.node) {
        Some(StatementKind::Segment { when, .. }) => match &when.node {
            ExprKind::Quantified { clause, .. } => assert!(clause.window.is_some()),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_number_ends_where_the_next_part_begins() {
    for next in ["offer a {}", "message a {}", "service a {}", "eligible when b", "suppress when b", "suitable when b"]
    {
        let text = format!("program p {{ campaign c for everyone {{ applicable when age >= 18\n {next} }} }}");
        assert_eq!(codes(&text), [], "{text}");
    }
    for next in ["value 1 EUR", "cost 1 EUR", "propensity 0.1", "basis contract", "treat web \"w\"", "eligible when b"]
    {
        let text =
            format!("program p {{ campaign c for everyone {{ offer a {{ suitable when age >= 18\n {next} }} }} }}");
        assert_eq!(codes(&text), [], "{text}");
    }
}

#[test]
fn each_mistake_has_its_message() {
    // Each statement of the file is preceded by the codes expected of it.
    let mut expected = Vec::new();
    let mut found = Vec::new();
    let mut text = String::new();
    for line in MISTAKES.lines() {
        match line.strip_prefix("#! ") {
            Some(codes) => {
                let mut codes: Vec<&str> = codes.split(' ').collect();
                codes.sort_unstable();
                expected.push(codes.join(" "));
                if !text.is_empty() {
                    found.push(std::mem::take(&mut text));
                }
            }
            None => writeln!(text, "{line}").expect("a string takes text"),
        }
    }
    found.push(text);
    assert_eq!(expected.len(), found.len());
    for (expected, text) in expected.iter().zip(&found) {
        let mut codes: Vec<String> = read(text).1.iter().map(|diagnostic| format!("{:?}", diagnostic.code)).collect();
        codes.sort_unstable();
        assert_eq!(&codes.join(" "), expected, "{text}\n{:#?}", read(text).1);
    }
}

#[test]
fn suggestions_mend_what_they_can() {
    for (wrong, right) in [
        ("x == 1", "x = 1"),
        ("x <> 1", "x != 1"),
        ("x => 1", "x >= 1"),
        ("x =< 1", "x <= 1"),
        ("x ≥ 1", "x >= 1"),
        ("a && b", "a and b"),
        ("a || b", "a or b"),
        ("!a", "not a"),
        ("x = 'Paris'", "x = \"Paris\""),
        ("x = “Paris”", "x = \"Paris\""),
        ("any(order within 30)", "any(order within 30 days)"),
        ("any(order within 5 day s)", "any(order within 5 days)"),
        ("any(order within 5 dasy)", "any(order within 5 days)"),
        ("any(order last 30 days)", "any(order within 30 days)"),
        ("any(order from 30 days ago to 60 days ago)", "any(order from 60 days ago to 30 days ago)"),
        ("any(order from 2026-02-01 to 2026-01-01)", "any(order from 2026-01-01 to 2026-02-01)"),
        ("x is null", "x is missing"),
        ("x is \"FR\"", "x = \"FR\""),
        ("x is not 5", "x != 5"),
        ("a < b <= c", "a < b and b <= c"),
        ("a and b or c", "(a and b) or c"),
        ("x = 2024-1-1", "x = 2024-01-01"),
        ("x = 5-3", "x = 5 - 3"),
        ("x = 50 usd", "x = 50 USD"),
        ("x contain \"a\"", "x contains \"a\""),
        ("born within 30 days", "born is within 30 days"),
        ("a = 1;", "a = 1"),
    ] {
        let text = format!("segment s when {wrong}");
        let (_, out) = read(&text);
        let [diagnostic] = out.as_slice() else { panic!("{wrong}: {out:#?}") };
        let suggestion = diagnostic.suggestion.as_ref().unwrap_or_else(|| panic!("{wrong}: no suggestion"));
        let mut mended = text.clone();
        mended.replace_range(suggestion.span.start as usize..suggestion.span.end as usize, &suggestion.replacement);
        let condition = mended.strip_prefix("segment s when ").expect("the head is not touched");
        assert_eq!(when(condition).as_deref(), Ok(right), "{mended}");
    }
}

#[test]
fn mixed_joints_show_both_readings() {
    let (_, out) = read("segment s when a = 1 and b or not c and d");
    let help = out.first().and_then(|diagnostic| diagnostic.help.clone()).unwrap_or_default();
    assert!(help.contains("`(a = 1 and b) or (not c and d)`"), "{help}");
    assert!(help.contains("`a = 1 and (b or not c) and d`"), "{help}");
}

#[test]
fn one_mistake_does_not_hide_another() {
    let text = "segment a when (x\nsegment b when y ==\nsegment c when z\nsegmnt d when z\nlet e = 'x'\n";
    let (file, out) = read(text);
    assert_eq!(out.len(), 4, "{out:#?}");
    assert_eq!(file.statements.len(), 2);
}

fn deep(open: &str, close: &str, depth: usize) -> String {
    format!("segment s when {}a{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn nesting_64_passes_and_65_fails_on_a_small_stack() {
    let run = || {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("not ", ""),
            ("-", ""),
            ("f(", ")"),
            ("a + ", ""),
            ("at least 1 of (", ")"),
            ("! ", ""),
        ] {
            let limit = |codes: Vec<Code>| codes.contains(&Code::LimitExceeded);
            assert!(!limit(codes(&deep(open, close, 64))), "{open}");
            assert!(limit(codes(&deep(open, close, 65))), "{open}");
        }
        let (file, out) = read(&deep("(", ")", 64));
        assert!(out.is_empty() && file.statements.len() == 1);
        for open in ["count(e where ", "f(1, ", "all(e have ", "x between 1 and (", "x is before (", "x + (y = "] {
            let text = deep(open, ")", 60);
            let (file, out) = read(&text);
            assert!(out.is_empty(), "{out:#?}");
            let printed = printer::print_file(&file);
            assert_eq!(bare(&read(&printed).0), bare(&file.clone()));
        }
        assert!(codes(&deep("not (", ")", 33)).contains(&Code::LimitExceeded));
        assert!(!codes(&deep("not (", ")", 32)).contains(&Code::LimitExceeded));
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread starts").join().expect("no overflow");
}

#[test]
fn atoms_rules_source_and_diagnostics_are_limited() {
    let atoms = |count: usize| format!("segment s when {}", vec!["a"; count].join(" and "));
    assert!(codes(&atoms(1_024)).is_empty());
    assert_eq!(codes(&atoms(1_025)), [Code::LimitExceeded]);
    let items = |count: usize| format!("segment s when a in [{}]", vec!["1"; count].join(","));
    assert!(codes(&items(1_024)).is_empty());
    assert_eq!(codes(&items(1_025)), [Code::LimitExceeded]);

    let rules = |count: usize| "let a = 1\n".repeat(count);
    let limits = Limits::default().rules(20);
    let mut out = Vec::new();
    assert_eq!(parse_file(&rules(20), 0, &limits, &mut out).statements.len(), 20);
    assert!(out.is_empty());
    parse_file(&rules(21), 0, &limits, &mut out);
    assert_eq!(out.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), [Code::LimitExceeded]);

    let limits = Limits::default().source(10);
    let mut out = Vec::new();
    parse_file("let a = 10", 0, &limits, &mut out);
    assert!(out.is_empty());
    parse_file("let a = 100", 0, &limits, &mut out);
    assert_eq!(out.len(), 1);

    let cut = codes(&"let 1 = 1\n".repeat(300));
    assert_eq!((cut.len(), cut.last()), (101, Some(&Code::LimitExceeded)));
}

#[test]
fn a_megabyte_of_anything_is_answered() {
    let mut random = 1_u64;
    let noise: String = std::iter::repeat_with(|| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from((random >> 56) as u8)
    })
    .take(if cfg!(debug_assertions) { 70_000 } else { 700_000 })
    .collect();
    let pieces = [
        "(",
        "not ",
        "a and ",
        "[",
        "-",
        "segment ",
        "\"",
        "{",
        "(a)",
        "'",
        "‘",
        "“",
        "“'",
        "a = ",
        "a + ",
        "f(",
        ", ",
        "#",
        "\n",
        "#\n",
        "\\",
        "a ",
        "1 ",
        "1 day ",
        "x is ",
        ".",
        "segment\n",
        "any(a where ",
        "a is missing ",
        "] ",
        "\"\\",
        "a.",
        "é",
        "if ",
        "time since ",
        "a or missing ",
        "1-",
        "9",
        "between ",
    ];
    // Debug builds are tens of times slower; a tenth of the size shows the same.
    let size = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    for piece in pieces.into_iter().map(|piece| piece.repeat(size / piece.len())).chain([noise]) {
        for head in ["", "segment s when ", "let x = [", "program p { campaign c for s { offer o { value "] {
            let text = format!("{head}{piece}");
            let start = Instant::now();
            let (_, out) = read(&text);
            let elapsed = start.elapsed();
            let shown: String = text.chars().take(40).collect();
            assert!(!out.is_empty() || piece.starts_with(['#', '\n']), "{shown}");
            within(&text, &out);
            if elapsed > Duration::from_millis(50) {
                println!("{shown}: {elapsed:?}");
            }
            let bound = if cfg!(debug_assertions) { 5_000 } else { 500 };
            assert!(elapsed < Duration::from_millis(bound), "{shown}: {elapsed:?}");
        }
    }
}

/// Every place lies in the text and between characters.
fn within(text: &str, out: &[Diagnostic]) {
    for diagnostic in out {
        let related = diagnostic.related.iter().map(|(span, _)| *span);
        let suggested = diagnostic.suggestion.iter().map(|suggestion| suggestion.span);
        for span in std::iter::once(diagnostic.span).chain(related).chain(suggested) {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{diagnostic:#?}\n{text}");
        }
    }
}

#[test]
fn broken_files_never_panic() {
    let sample: String = SAMPLE.lines().filter(|line| !line.starts_with('#')).take(70).collect::<Vec<_>>().join("\n");
    let sample = format!("{sample}\nsegment é when x = \"日本\" # é\n");
    for at in sample.char_indices().map(|(at, _)| at).step_by(if cfg!(debug_assertions) { 31 } else { 1 }) {
        let Some((before, after)) = sample.split_at_checked(at) else { continue };
        let mut chars = after.chars();
        let Some(c) = chars.next() else { continue };
        let rest = chars.as_str();
        for text in [
            format!("{before}{rest}"),
            format!("{before}{c}{after}"),
            format!("{before}\"{rest}"),
            format!("{before}({rest}"),
            format!("{before}€{rest}"),
            before.to_owned(),
        ] {
            let (file, out) = read(&text);
            within(&text, &out);
            assert!(!out.is_empty() || !file.statements.is_empty() || text.trim().is_empty());
        }
    }
}
