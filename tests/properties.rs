//! The engine against the oracle, on generated rules and customers.
//!
//! `cargo test --test properties` compares some 60,000 memberships; `NEXTBEST_CASES=20000 cargo test --release --test
//! properties -- --nocapture` is the long run (a case is one ruleset with its customers), and `NEXTBEST_SEED=7` begins
//! elsewhere. `NEXTBEST_CUSTOMERS=100` asks each ruleset about more customers than 16. A failure prints the seed, the
//! rules, the customer and both answers, made as small as possible.

#[path = "support/formatting.rs"]
mod formatting;
mod oracle;
#[path = "support/parallel.rs"]
mod parallel;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use nextbest::{Diagnostics, Lint, Point, Region, Ruleset};
use oracle::Oracle;
use oracle::columns::Columnar;
use oracle::coverage::Coverage;
use oracle::engine::{Compared, Disagreement, compare, engine, engine_of, truths};
use oracle::generate::{Body, Case, Rng, Size};
use oracle::place;

use oracle::reduce::reduced;
use oracle::value::Truth;
use parallel::{in_parallel, setting};

/// Rulesets compared when nothing else is asked for.
const CASES: u64 = 200;
/// Failing rulesets reported before giving up.
const FAILURES: usize = 3;

fn cases() -> u64 {
    setting("NEXTBEST_CASES").unwrap_or(CASES)
}

/// What all cases together came to.
#[derive(Default)]
struct Total {
    refused: Vec<(u64, String)>,
    failures: Vec<String>,
    compared: Compared,
    coverage: Coverage,
}

#[test]
fn engine_interpreter_and_explanation_agree() {
    let total = Mutex::new(Total::default());
    let situations = setting("NEXTBEST_CUSTOMERS").unwrap_or(Size::default().situations);
    let size = Size { situations, ..Size::default() };
    in_parallel(cases(), |seed| {
        let case = Case::of(seed, size);
        let engine = match engine(&case.text()) {
            Ok(engine) => engine,
            Err(problems) => {
                total.lock().unwrap().refused.push((seed, problems));
                return true;
            }
        };
        let compared = compare(&engine, &case.situations);
        if let Some(disagreement) = compared.disagreements.first() {
            let report = report(&case, disagreement);
            let mut total = total.lock().unwrap();
            total.failures.push(report);
            return total.failures.len() < FAILURES;
        }
        let mut total = total.lock().unwrap();
        total.coverage.rules(engine.rules());
        total.compared.segments += compared.segments;
        total.compared.values += compared.values;
        total.compared.clauses += compared.clauses;
        (0..3).for_each(|truth| total.compared.truths[truth] += compared.truths[truth]);
        true
    });
    let Total { refused, failures, compared, coverage } = total.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let [no, unknown, yes] = compared.truths;
    println!(
        "{} rulesets, {} of them refused; {} memberships ({yes} true, {no} false, {unknown} unknown), {} values and {} clauses compared",
        cases(),
        refused.len(),
        compared.segments,
        compared.values,
        compared.clauses,
    );
    println!("{coverage:#?}");
    if let Some((seed, problems)) = refused.first() {
        println!("the first refused ruleset is {seed}:\n{problems}");
    }
    // A few cases say nothing of shares.
    if cases() >= CASES {
        assert!(refused.len() as u64 * 5 < cases(), "too many rulesets are refused");
        assert_eq!(coverage.lacking(), [""; 0], "forms that were never met");
        assert!(compared.segments >= 50_000);
        assert!(compared.truths.iter().all(|&count| count * 10 > compared.segments), "an answer is too rare");
    }
}

/// A store of a host's own, without a value for each event, is read as the ready-made histories are.
#[test]
fn customers_in_columns_get_the_same_answers() {
    let (met, compared) = (AtomicU64::new(0), AtomicU64::new(0));
    in_parallel(cases() / 4, |seed| {
        let case = Case::of(seed ^ 0xc010_0000, Size { situations: 8, ..Size::default() });
        let Ok(subject) = engine_of::<Columnar>(&case.text()) else { return true };
        let found = compare(&subject, &case.situations);
        let told: Vec<String> = found.disagreements.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "case {seed}:\n{}\n{}", case.text(), told.join("\n"));
        met.fetch_add(1, Ordering::Relaxed);
        compared.fetch_add(found.segments as u64, Ordering::Relaxed);
        true
    });
    let (met, compared) = (met.into_inner(), compared.into_inner());
    println!("{met} rulesets over columns, {compared} memberships");
    assert!(cases() < CASES || met * 10 > cases() / 4 * 7, "too many rulesets are refused over columns");
}

#[test]
fn equivalent_rules_give_equal_answers() {
    in_parallel(cases() / 4, |seed| {
        let size = Size { situations: 8, ..Size::default() };
        // Other cases than those above.
        let case = Case::of(seed ^ 0x5eed_0000, size);
        let Ok(original) = engine(&case.text()) else { return true };
        let mut rng = Rng::new(seed);
        let variants = [
            ("De Morgan", case.with_conditions(|condition| condition.by_de_morgan()).text()),
            ("double negation", case.with_conditions(|condition| condition.doubly_negated()).text()),
            ("reordering", case.with_conditions(|condition| condition.reordered(&mut rng)).text()),
            ("renaming", renamed(&case.text())),
        ];
        for (change, text) in variants {
            let variant =
                engine(&text).unwrap_or_else(|problems| panic!("refused after {change}:\n{problems}\n{text}"));
            for situation in &case.situations {
                let (before, after) = (truths(&original, situation), truths(&variant, situation));
                assert_eq!(before, after, "{change} of case {seed}:\n{}\n{text}\n{situation}", case.text());
            }
        }
        true
    });
}

/// What the lints claim of whole segments, held against the interpreter: *never holds* means that it is true of nobody,
/// *always holds* that it is false of nobody. A claim shows where a segment that is always empty is referred to.
#[test]
fn what_lints_claim_the_interpreter_never_contradicts() {
    let claims = Mutex::new([0u64; 2]);
    in_parallel(cases() / 4, |seed| {
        let case = Case::of(seed ^ 0x11a7_0000, Size { segments: 6, situations: 8, depth: 2 });
        let probed = probed(&case);
        let Ok(found) = warnings(&probed) else { return true };
        let subject = engine(&probed).expect("rules that were bound before");
        let rules = subject.rules();
        let number =
            |name: &str| rules.definitions.iter().position(|definition| definition.name == name).expect("a probe");
        for (definition, always) in found {
            claims.lock().unwrap()[usize::from(always)] += 1;
            for situation in &case.situations {
                let truth = Oracle::new(rules, situation).truth_of(number(&definition));
                let denied = if always { Truth::False } else { Truth::True };
                assert_ne!(truth, denied, "case {seed}: always: {always}, `{definition}`\n{probed}\n{situation}");
            }
        }
        true
    });
    let [never, always] = claims.into_inner().unwrap();
    println!("{never} segments never hold, {always} always do");
    assert!(cases() < CASES || never > 40 && always > 40, "{never} and {always}");
}

/// Each segment of a case joined with the next and with its own negation, and for each a reference to it and to its
/// negation, so that what is known of it is told.
fn probed(case: &Case) -> String {
    let segments: Vec<(&str, String)> = case
        .definitions
        .iter()
        .filter_map(|definition| match &definition.body {
            Body::Segment(condition) => Some((definition.name.as_str(), condition.to_string())),
            Body::Other { .. } => None,
        })
        .collect();
    let mut text = case.text();
    let next = segments.iter().skip(1);
    for ((name, one), (_, other)) in segments.iter().zip(next) {
        for (kind, condition) in [
            ("self", format!("({one})")),
            ("both", format!("({one}) and ({other})")),
            ("some", format!("({one}) or ({other})")),
            ("none", format!("({one}) and not ({one})")),
            ("any_", format!("({one}) or not ({one})")),
            ("most", format!("at least 2 of (({one}), ({other}), not ({one}))")),
        ] {
            let probe = format!("probe_{kind}_{name}");
            text += &format!("segment {probe} when {condition}\nsegment not_{probe} when not in segment {probe}\n");
            text += &format!("segment never_{probe} when in segment {probe}\n");
            text += &format!("segment always_{probe} when in segment not_{probe}\n");
        }
    }
    text
}

/// The segments that never (`false`) or always (`true`) hold, as warnings tell.
fn warnings(text: &str) -> Result<BTreeSet<(String, bool)>, Diagnostics> {
    let engine = Ruleset::parse(&[("generated.nba", text)])?.bind_records()?;
    let told = engine.warnings().iter().filter(|d| d.lint == Some(Lint::AlwaysFalse));
    let named = told.filter_map(|d| d.message.strip_prefix("nobody is ever in the segment `")?.strip_suffix('`'));
    let claim = |name: &str| match name.strip_prefix("not_probe_") {
        Some(rest) => Some((format!("probe_{rest}"), true)),
        None => name.starts_with("probe_").then(|| (name.to_owned(), false)),
    };
    Ok(named.filter_map(claim).collect())
}

#[test]
fn formatting_generated_rules_loses_nothing() {
    let (tried, kept) = (AtomicU64::new(0), AtomicU64::new(0));
    in_parallel(cases() / 4, |seed| {
        let text = Case::of(seed ^ 0xf0f0, Size::default()).text();
        let mut rng = Rng::new(seed);
        let strewn = formatting::sprinkled(&text, 12, &mut || rng.word());
        tried.fetch_add(1, Ordering::Relaxed);
        // A word at the start of a line may begin a statement: such a text is another one.
        let tree = |text: &str| formatting::read(text).map(|file| formatting::tree(&file));
        if tree(&strewn).is_some_and(|strewn| Some(strewn) == tree(&text)) {
            kept.fetch_add(1, Ordering::Relaxed);
            formatting::formatted(&format!("case {seed}"), &strewn);
        }
        true
    });
    let (tried, kept) = (tried.into_inner(), kept.into_inner());
    assert!(cases() < CASES || kept * 3 >= tried, "only {kept} of {tried} could be read with comments");
}

#[test]
fn a_case_is_its_seed() {
    let (once, again) = (Case::of(7, Size::default()), Case::of(7, Size::default()));
    // As text, since one NaN is not another.
    let written = |case: &Case| case.situations.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!((once.text(), written(&once)), (again.text(), written(&again)));
}

/// Every definition under another name, in another order of names.
fn renamed(text: &str) -> String {
    let names = regex::Regex::new("def_([0-9]+)_").expect("a pattern");
    names
        .replace_all(text, |found: &regex::Captures<'_>| {
            let number: u64 = found[1].parse().expect("digits");
            format!("other_{}_{number}", 999 - number)
        })
        .into_owned()
}

fn report(case: &Case, disagreement: &Disagreement) -> String {
    let still = |case: &Case| disagreements(case).iter().any(|found| found.asked == disagreement.asked);
    let alone = case.only(&disagreement.definition, disagreement.situation);
    let small = reduced(if still(&alone) { &alone } else { case }, still);
    let found = disagreements(&small);
    let answers: Vec<String> = found.iter().map(Disagreement::to_string).collect();
    let situation = &small.situations[found[0].situation];
    format!("case {}:\n{}\n{situation}\n{}\n", case.seed, small.text(), answers.join("\n"))
}

fn disagreements(case: &Case) -> Vec<Disagreement> {
    engine(&case.text()).map_or(Vec::new(), |engine| compare(&engine, &case.situations).disagreements)
}

/// Random polygons, mostly on a small grid, so that points fall on sides and corners and on lines through them.
#[test]
fn regions_agree_on_any_polygon() {
    let (mut made, mut inside, mut outside) = (0, 0, 0);
    for seed in 0..20 * cases() {
        let rng = &mut Rng::new(seed);
        let (grid, scale) = rng.pick(&[(3, 1e-7), (6, 1e-7), (6, 7.3), (40, 1.0), (89_999, 1e-3)]);
        let any = |rng: &mut Rng| {
            Point::new(rng.between(-grid, grid) as f64 * scale, rng.between(-grid, grid) as f64 * scale).unwrap()
        };
        let ring = |rng: &mut Rng| -> Vec<Point> { (0..3 + rng.below(8)).map(|_| any(rng)).collect() };
        let Ok(region) = Region::new(ring(rng)) else { continue };
        let region = region.clone().without(ring(rng)).unwrap_or(region);
        made += 1;
        for _ in 0..24 {
            let point = any(rng);
            let found = region.contains(point);
            assert_eq!(found, place::inside(&region, point), "{point} in {region}, case {seed}");
            if found { inside += 1 } else { outside += 1 }
        }
    }
    assert!(made > 5 * cases() && inside > 20 * cases() && outside > 20 * cases(), "{made} {inside} {outside}");
}
