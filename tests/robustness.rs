//! Whatever the text is, it is read and bound in time and stack that follow from its size, and what is wrong is said with
//! places that exist.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Clock};

use nextbest::diagnostic::{Code, Diagnostics};
use nextbest::{Engine, Instant, Record, Ruleset, Value};

/// How many times slower than a release build this build may be.
const SLOWER: u32 = if cfg!(debug_assertions) { 60 } else { 1 };

/// Which part of a megabyte such a build can read in a test's time.
const PART: usize = if cfg!(debug_assertions) { 8 } else { 1 };

const BIGGER: &str = r#"
ruleset shop { zone "Europe/Paris"  week starts monday  currency EUR }
profile {
  person id   age int?   plan enum(basic, pro)?   likes list<text>   clv money EUR?   birth date?   loan percent?
  city text?  pii        own zone?   news bool   signup instant?
}
context { weather enum(sun, rain)? }
event order { total money EUR  category text }
event visit {}
let spent = sum(order.total within 30 days)   # “typographic” comment
let half = spent * 2 - 10 EUR
score freq on count(order within 365 days) { 3 if >= 3, 2 if >= 2, else 1 }
score rec on time since last(order) { 3 if <= 30 days, 2 if <= 90 days, else 1 }
group kind on (freq, rec) { best if 3, 3  good if 2..3, any  else rest }
segment adult "Grown up; é ü 日本" when age >= 18 and not (age > 65)
segment pro in zone "America/New_York" when plan = "pro" or missing
segment buyer when count(order where total >= 10.50 EUR and category in ["shoes", "boots"] within 2 weeks) >= 2
segment rich when half > 15 EUR and freq = 2 and not in segment adult
segment lapsed when any(order) and none(order within 30 days) and all(order have total > 1 EUR)
segment rainy when context.weather = "rain" and last(order).category starts with "sh" ignoring case
segment mix when at least 2 of (news, age between 18 and 30, likes contains any of ["a", "b"], email_like)
let email_like = city matches "^[a-z]+$"
segment born when birth is in the next 7 days or birth is before 1990-01-31 or signup is older than 1 year 2 months
segment span when any(order from 60 days ago to 30 days ago) or any(order from 2026-01-01 to 2026-02-01)
segment days when count(days with visit within 30 days) >= 5 or count(distinct order.category) > 2
segment tenth when bucket("salt") < 12.5% and consent.email.marketing is granted
channel email outbound needs consent email.marketing
channel web inbound
policy contact { cap marketing on email at most 2 in any 7 days  cap marketing on any at most 5 in any 30 days }
priority propensity * margin
threshold priority >= 0.05 EUR
program winback {
  campaign back for lapsed again after 60 days since exposed {
    offer gift { value 12 EUR  cost 10% of spent  propensity 3%  eligible when age >= 18
      suppress when in segment rich because "rich \"enough\""  treat email "gift"  treat web "banner" }
    service care { basis contract  treat email "care" }
  }
}
"#;

/// Reads and binds, and checks that everything said about the text can be shown.
fn read(text: &str) -> Result<Engine<Record>, Diagnostics> {
    let found = match Ruleset::parse(&[("a.nba", text)]).and_then(|rules| rules.bind_records()) {
        Ok(engine) => {
            check(text, engine.warnings());
            return Ok(engine);
        }
        Err(found) => found,
    };
    assert!(found.has_errors(), "an error without errors: {text}");
    check(text, &found);
    Err(found)
}

fn check(text: &str, found: &Diagnostics) {
    for diagnostic in found {
        let spans = std::iter::once(diagnostic.span).chain(diagnostic.related.iter().map(|(span, _)| *span));
        for span in spans.chain(diagnostic.suggestion.iter().map(|suggestion| suggestion.span)) {
            assert_eq!(span.file, 0);
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{diagnostic:?} in {text}");
        }
    }
    assert_eq!(found.to_string().is_empty(), found.is_empty());
}

fn files(folder: &str) -> Vec<String> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "nba"));
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// Runs on a stack of 1 MiB, as a thread of a careful host might have.
fn on_a_small_stack(work: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(1024 * 1024).spawn_scoped(scope, work).unwrap().join().unwrap();
    });
}

#[test]
fn the_bigger_sample_is_sound() {
    let engine = read(BIGGER).unwrap_or_else(|found| panic!("{found}"));
    assert!(!engine.warnings().has_errors());
}

#[test]
fn no_change_of_one_character_makes_it_panic() {
    const WORSE: &[&str] = &["", "\"", "(", ")", "\0", "é", "Ã\u{83}", "{", "\n", "\\", "'", "#", "9", "-", "“"];
    let mut texts = files("examples");
    // Long lists and deep nesting have tests of their own.
    texts.extend(files("tests/goldens").into_iter().filter(|text| text.len() < 1000).step_by(9));
    texts.push(BIGGER.to_owned());
    for text in texts {
        // A release build changes every character, of long files every few, since each change reads all of the
        // file; a debug build every so many. Each time it is another replacement.
        let step = text.len().div_ceil(if cfg!(debug_assertions) { 25 } else { 1_500 });
        for (number, (at, c)) in text.char_indices().enumerate().step_by(step) {
            let replacements = WORSE.iter().skip(number % 3).step_by(if text.len() > 500 { 3 } else { 1 });
            let doubled = format!("{c}{c}");
            for with in replacements.copied().chain([doubled.as_str()]) {
                let changed = format!("{}{with}{}", &text[..at], &text[at + c.len_utf8()..]);
                let _ = read(&changed);
            }
        }
    }
}

#[test]
fn no_cut_makes_it_panic() {
    for (at, _) in BIGGER.char_indices().step_by(11) {
        let _ = read(&BIGGER[..at]);
        let _ = read(&BIGGER[at..]);
    }
}

const HEAD: &str = "profile { person id  yes bool?  age int?  city text? }\nevent order { total int  ok bool }\n";

/// `depth` levels of one kind around something simple, as a condition. Each is true for the customer of the test.
fn nested(kind: &str, depth: usize) -> String {
    let around = |open: &str, inner: &str, close: &str, levels: usize| {
        format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
    };
    match kind {
        "parentheses" => around("(", "yes", ")", depth),
        "minus" => format!("age >= {}", around("-(", "1", ")", depth / 2)),
        "not" => around("not ", "yes", "", depth),
        "not (" => around("not (", "yes", ")", depth / 2),
        "at least" => around("at least 1 of (", "yes", ", yes)", depth),
        "all have" => around("all(order have (", "ok", "))", depth / 2),
        "arithmetic" => format!("age >= 0{}", " + 0".repeat(depth)),
        "calls" => format!("{} >= 0.0", around("number(", "age", ")", depth)),
        "lists" => format!("age in {}", around("[", "40", "]", depth)),
        "or missing" => format!("yes{}", " or missing".repeat(depth)),
        "and or" => {
            let mut text = "yes".to_owned();
            for level in 1..depth {
                text = format!("({text} {} yes)", if level % 2 == 0 { "and" } else { "or" });
            }
            text
        }
        other => panic!("{other}"),
    }
}

const KINDS: &[&str] = &[
    "parentheses",
    "minus",
    "not",
    "not (",
    "at least",
    "all have",
    "arithmetic",
    "calls",
    "lists",
    "or missing",
    "and or",
];

fn limit_exceeded(text: &str) -> bool {
    match read(text) {
        Ok(_) => false,
        Err(found) => found.iter().any(|diagnostic| diagnostic.code == Code::LimitExceeded),
    }
}

#[test]
fn nesting_is_bounded_and_what_is_within_bounds_fits_a_small_stack() {
    on_a_small_stack(|| {
        for kind in KINDS {
            eprintln!("{kind}");
            for depth in [1, 10, 60, 62, 63, 64, 65, 66, 100, 200] {
                let text = format!("{HEAD}segment s when {}\n", nested(kind, depth));
                assert!(depth > 60 || !limit_exceeded(&text), "{kind} {depth} is refused");
                if let Ok(engine) = read(&text) {
                    let odd = matches!(*kind, "not" | "not (") && text.matches("not").count() % 2 == 1;
                    assert_eq!(evaluate(&engine), usize::from(!odd), "{kind} {depth}");
                }
            }
            assert!(limit_exceeded(&format!("{HEAD}segment s when {}\n", nested(kind, 200))), "{kind}");
        }
        let exactly = |depth| limit_exceeded(&format!("{HEAD}segment s when {}\n", nested("parentheses", depth)));
        assert!(!exactly(64) && exactly(65));
        let exactly = |depth| limit_exceeded(&format!("{HEAD}segment s when {}\n", nested("not", depth)));
        assert!(!exactly(64) && exactly(65));
    });
}

fn customer(engine: &Engine<Record>, rules: &Ruleset) -> Record {
    let _ = engine;
    let schema = rules.record_schema().unwrap();
    let mut customer = schema.record();
    customer.set("yes", true).unwrap();
    customer.set("age", 40).unwrap();
    customer.set("city", "Paris").unwrap();
    let at = Instant::parse("2026-03-01T12:00:00Z").unwrap();
    customer.add_event("order", at, [("total", Value::Int(5)), ("ok", Value::Bool(true))]).unwrap();
    customer
}

fn evaluate(engine: &Engine<Record>) -> usize {
    let rules = Ruleset::parse(&[("head.nba", HEAD)]).unwrap();
    let customer = customer(engine, &rules);
    let request = engine.request(Instant::parse("2026-03-10T12:00:00Z").unwrap());
    engine.evaluator().segments(&customer, &request).len()
}

#[test]
fn long_runs_are_answered_at_once() {
    for unit in
        ["(", "not ", "a and ", "a or ", "- ", "[", "{", "\"", "'", "“", "“\"", "1 ", "a.", "in ", "#\n", "segment "]
    {
        let time = |size: usize| {
            let text = format!("segment s when {}", unit.repeat(size / unit.len()));
            // The least of three: another process can only make it longer.
            let once = || {
                let start = Clock::now();
                let _ = read(&text);
                start.elapsed()
            };
            (0..3).map(|_| once()).min().unwrap_or_default()
        };
        let megabyte = 1024 * 1024 / PART;
        // The grammar skips a run of comments once for each thing that could follow it.
        let promised = matches!(unit, "(" | "not " | "a and ");
        let allowed = Duration::from_millis(if promised { 50 } else { 400 }) * SLOWER / PART as u32;
        // Tried again where another process got in the way.
        let sound = (0..5).any(|_| {
            let (half, whole) = (time(megabyte / 2), time(megabyte));
            whole < allowed && whole < half.max(Duration::from_millis(5)) * 3
        });
        assert!(sound, "{unit:?} takes too long: {:?}, {:?}", time(megabyte / 2), time(megabyte));
    }
}

fn many(segments: usize) -> String {
    let mut text = HEAD.to_owned();
    for i in 0..segments {
        let other = i / 2;
        let _ = writeln!(
            text,
            "segment s{i} when age >= {i} and (city = \"c{i}\" or count(order where total > {i} within {} days) >= 2)\
             {}",
            i % 90 + 1,
            if i > 0 { format!(" and not in segment s{other}") } else { String::new() }
        );
    }
    text
}

#[test]
fn time_grows_with_the_text() {
    let time = |text: &str| {
        let start = Clock::now();
        let engine = read(text).unwrap_or_else(|found| panic!("{found}"));
        let taken = start.elapsed();
        drop(engine);
        taken
    };
    let n = if cfg!(debug_assertions) { 250 } else { 2_000 };
    let (one, two) = (many(n), many(2 * n));
    // The least of several pairs: another process can only make a measurement longer.
    let mut least = f64::MAX;
    for _ in 0..7 {
        let (a, b) = (time(&one), time(&two));
        least = least.min(b.as_secs_f64() / a.as_secs_f64());
        if least < 2.3 {
            return;
        }
    }
    panic!("twice the text takes {least} times as long");
}

/// Ten thousand definitions, each made of the one before.
fn chain(first: &str, next: impl Fn(usize) -> String, length: usize, last: &str) -> String {
    let mut text = format!("{HEAD}{first}\n");
    for i in 1..length {
        let _ = writeln!(text, "{}", next(i));
    }
    text.push_str(last);
    text
}

#[test]
fn long_chains_fit_a_small_stack() {
    const N: usize = 9_999;
    let last = N - 1;
    let chains = [
        ("segments", chain("segment s0 when yes", |i| format!("segment s{i} when in segment s{}", i - 1), N, "")),
        ("backwards", {
            let mut lines: Vec<String> =
                (1..N).rev().map(|i| format!("segment s{i} when in segment s{}", i - 1)).collect();
            lines.push("segment s0 when yes\n".to_owned());
            format!("{HEAD}{}", lines.join("\n"))
        }),
        ("negated", chain("segment s0 when yes", |i| format!("segment s{i} when not in segment s{}", i - 1), N, "")),
        (
            "mixed",
            chain(
                "segment s0 when yes",
                |i| format!("segment s{i} when age > 3 and not (not in segment s{} or age < 2)", i - 1),
                N,
                "",
            ),
        ),
        (
            "whole numbers",
            chain(
                "let v0 = age",
                |i| format!("let v{i} = v{} + 1", i - 1),
                N,
                &format!("segment s{last} when v{last} > 9\n"),
            ),
        ),
        (
            "texts",
            chain(
                "let v0 = city",
                |i| format!("let v{i} = v{}", i - 1),
                N,
                &format!("segment s{last} when v{last} = \"Paris\"\n"),
            ),
        ),
        (
            "conditions",
            chain(
                "let v0 = yes",
                |i| format!("let v{i} = v{} and yes", i - 1),
                N,
                &format!("segment s{last} when v{last}\n"),
            ),
        ),
        (
            "compared conditions",
            chain(
                "let v0 = yes",
                |i| format!("let v{i} = v{} = true", i - 1),
                N,
                &format!("segment s{last} when v{last}\n"),
            ),
        ),
        (
            "scores",
            chain(
                "let v0 = age",
                |i| format!("score v{i} on v{} {{ 5 if > 3, else 1 }}", i - 1),
                N,
                &format!("segment s{last} when v{last} = 5\n"),
            ),
        ),
    ];
    for (kind, text) in chains {
        eprintln!("{kind}");
        on_a_small_stack(move || {
            let rules = Ruleset::parse(&[("a.nba", text)]).unwrap_or_else(|found| panic!("{kind}: {found}"));
            let engine = rules.bind_records().unwrap_or_else(|found| panic!("{kind}: {found}"));
            let customer = customer(&engine, &rules);
            let request = engine.request(Instant::parse("2026-03-10T12:00:00Z").unwrap());
            let id = engine.segment(&format!("s{last}")).unwrap();
            let alone = engine.evaluator().is_in(&customer, &request, id).unwrap();
            let mut evaluator = engine.evaluator();
            let all = evaluator.segments(&customer, &request).contains(&id);
            assert_eq!(alone, all, "{kind}");
            assert!(alone || kind == "negated", "{kind}");
            drop(evaluator);
            drop(request);
            drop(engine);
            drop(rules);
        });
    }
}
