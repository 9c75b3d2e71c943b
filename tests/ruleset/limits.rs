//! Every limit that a program sets: what is exactly within it is taken, one more is refused, and the message says which
//! limit it was.

use std::fmt::Write as _;

use nextbest::diagnostic::{Code, Diagnostics, Severity};
use nextbest::{Engine, Limits, Record, Ruleset};

const HEAD: &str = "ruleset r { zone \"Europe/Paris\" }\nprofile { person id  age int?  city text? }\n\
                    event order { total int  sku text }\n";

fn bind(files: &[&str], limits: &Limits) -> Result<Engine<Record>, Diagnostics> {
    let files: Vec<(String, &str)> = files.iter().enumerate().map(|(i, text)| (format!("{i}.nba"), *text)).collect();
    Ruleset::parse_with(&files, limits)?.bind_records()
}

/// The only limit that is exceeded.
fn exceeded(files: &[&str], limits: &Limits) -> Option<String> {
    let found = bind(files, limits).err()?;
    let errors: Vec<_> = found.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.iter().all(|error| error.code == Code::LimitExceeded), "{found}");
    let help = errors.first()?.help.clone().unwrap_or_default();
    Some(help.split("`Limits::").nth(1)?.trim_end_matches('`').to_owned())
}

/// Nothing with `most`, and the limit with one less.
fn exactly(files: &[&str], name: &str, with: impl Fn(u64) -> Limits, most: u64) {
    assert_eq!(exceeded(files, &with(most)), None);
    assert_eq!(exceeded(files, &with(most - 1)).as_deref(), Some(name));
}

/// The least number that is enough.
fn least(enough: impl Fn(u64) -> bool) -> u64 {
    let (mut too_few, mut plenty) = (0, 100_000);
    while too_few + 1 < plenty {
        let middle = (too_few + plenty) / 2;
        *(if enough(middle) { &mut plenty } else { &mut too_few }) = middle;
    }
    plenty
}

fn number(n: u64) -> usize {
    usize::try_from(n).unwrap()
}

#[test]
fn source_is_counted_by_file() {
    let files = [HEAD, "segment s when age > 1\n"];
    exactly(&files, "source", |n| Limits::default().source(number(n)), HEAD.len() as u64);
}

#[test]
fn nesting_and_atoms_are_counted_by_rule() {
    let files = [HEAD, "segment s when ((age > 1))\nsegment t when (age < 1)\n"];
    exactly(&files, "nesting", |n| Limits::default().nesting(number(n)), 2);
    let files = ["profile {person id age int?}", "let two = 1\nsegment s when age = 1 or age = two or age = 3\n"];
    exactly(&files, "atoms", |n| Limits::default().atoms(number(n)), 3);
}

#[test]
fn a_pattern_is_as_large_as_it_is_when_compiled() {
    let text = "segment s when city matches \"^[a-z]{2,9}$\" and city matches \"a+\"";
    let with = |n| Limits::default().regex_size(number(n));
    let most = least(|n| exceeded(&[HEAD, text], &with(n)).is_none());
    assert!((100..10_000).contains(&most), "{most}");
    exactly(&[HEAD, text], "regex_size", with, most);
}

#[test]
fn rules_are_counted_over_all_files() {
    let files = [
        HEAD,
        "segment a when age > 1\nlet b = age + 1\n",
        "list c [\"x\"]\n",
        "segment d when b > 1 and city in list c\n",
    ];
    exactly(&files, "rules", |n| Limits::default().rules(number(n)), 4);
    // Told once, where it is passed.
    let found = bind(&files, &Limits::default().rules(2)).unwrap_err();
    let places: Vec<_> = found.iter().map(|diagnostic| (diagnostic.code, diagnostic.span.file)).collect();
    assert_eq!(places, [(Code::LimitExceeded, 2)]);
    // A file more or less is another sum.
    let files: Vec<(String, &str)> = (0..).map(|i| format!("{i}")).zip(files).collect();
    let (last, others) = files.split_last().unwrap();
    let limits = Limits::default().rules(3);
    let rules = Ruleset::parse_with(others, &limits).unwrap();
    assert!(rules.with_file(&last.0, last.1).is_err());
    assert!(rules.without_file("2").unwrap().with_file(&last.0, last.1).is_ok());
}

#[test]
fn nodes_are_counted_over_all_files() {
    let segments = |from: u32, count: u32| {
        (from..from + count).fold(String::new(), |mut text, i| {
            let _ = writeln!(text, "segment s{i} when age > {i}");
            text
        })
    };
    let (one, two) = (segments(0, 50), segments(50, 50));
    let with = |n: u64| Limits::default().nodes(number(n));
    // Where the limit lies follows from the grammar; that it is sharp, and a sum, does not.
    let most = |files: &[&str]| least(|n| exceeded(files, &with(n)).is_none());
    let (head, first, both) = (most(&[HEAD]), most(&[HEAD, &one]), most(&[HEAD, &one, &two]));
    assert_eq!(both - first, first - head);
    assert!((50 * 4..50 * 12).contains(&(first - head)), "{head}, {first}");
    exactly(&[HEAD, &one, &two], "nodes", with, both);
}

#[test]
fn as_many_rules_as_are_allowed_are_not_too_long_together() {
    let mut text = HEAD.to_owned();
    for i in 0..100 {
        let condition = "(city = \"c\" or count(order where total > 9 within 30 days) >= 2)";
        let _ = writeln!(text, "segment s{i} when age >= {i} and {condition}");
    }
    let Limits { rules, nodes, .. } = Limits::default();
    assert_eq!(exceeded(&[&text], &Limits::default().nodes(nodes * 100 / rules)), None);
}

#[test]
fn problems_are_counted_when_reading_and_when_binding() {
    let limits = Limits::default().diagnostics(3);
    let count = |text: &str| {
        let found = bind(&[HEAD, text], &limits).unwrap_err();
        (found.len(), found.iter().filter(|diagnostic| diagnostic.code == Code::LimitExceeded).count())
    };
    // What cannot be read, what is named twice, what is not there.
    let repeated = |line: &str, n: u32| (0..n).map(|i| line.replace('#', &i.to_string())).collect::<String>();
    for line in ["segment s# when age >\n", "let a = #\n", "segment s# when agee > 1\n"] {
        let spare = u32::from(line.contains("let"));
        assert_eq!(count(&repeated(line, 3 + spare)), (3, 0), "{line}");
        assert_eq!(count(&repeated(line, 4 + spare)), (4, 1), "{line}");
    }
}

#[test]
fn warnings_beyond_the_limit_do_not_forbid_rules_and_hide_no_error() {
    let limits = Limits::default().diagnostics(3);
    let warned = "let a = 1\nlet b = 1\nlet c = 1\nlet d = 1\nlet e = 1\n";
    let engine = bind(&[HEAD, warned], &limits).unwrap();
    let warnings = engine.warnings();
    assert_eq!(warnings.len(), 4);
    assert!(warnings.iter().all(|warning| warning.severity == Severity::Warning), "{warnings}");
    assert_eq!(warnings.iter().filter(|warning| warning.code == Code::LimitExceeded).count(), 1);
    // What is forbidden is told first, wherever it stands.
    let lints = nextbest::Lints::new().deny(nextbest::Lint::NumberEquality);
    let files = [("0", HEAD), ("1", warned), ("2", "segment s when number(age) = 1.5\n")];
    let found = Ruleset::parse_with(&files, &limits).unwrap().with_lints(lints).bind_records().unwrap_err();
    assert!(found.iter().any(|diagnostic| diagnostic.code == Code::NumberEquality), "{found}");
}

#[test]
fn a_rule_is_bounded_with_what_it_counts() {
    let text = "let n = count(order where total > 3 and sku = \"a\")\nsegment dear when n > 1 and n < 8\n\
                segment cheap when age > 3\n";
    let engine = bind(&[HEAD, text], &Limits::default()).unwrap();
    let costs = engine.cost();
    let dearest = *costs.definitions.iter().max().unwrap();
    let with = |n| Limits::default().rule_cost(n);
    exactly(&[HEAD, text], "rule_cost", with, dearest);
    let found = bind(&[HEAD, text], &with(dearest - 1)).unwrap_err();
    assert!(found.to_string().contains("`dear` may cost as much as"), "{found}");
}

#[test]
fn an_action_is_bounded_with_the_clauses_of_its_campaign() {
    let text = "ruleset r { zone \"Europe/Paris\"  currency EUR }\nprofile { person id  city text? }\nevent order {}\n\
                channel web inbound\nprogram p { campaign c for everyone {\n  eligible when city matches \"a+b\"\n  \
                offer gift { value 1 EUR  propensity 5%  suppress when count(order) > 3 because \"enough\"  treat web \"gift\" } } }\n";
    let engine = bind(&[text], &Limits::default()).unwrap();
    let &[gift] = engine.cost().actions.as_slice() else { panic!("{:?}", engine.cost()) };
    assert!(gift >= 60 + 10 && gift <= engine.cost().total);
    exactly(&[text], "rule_cost", |n| Limits::default().rule_cost(n), gift);
}

#[test]
fn all_rules_are_bounded_together_and_what_they_share_counts_once() {
    let segments = "segment a when sum(order.total) > 1\nsegment b when sum(order.total) > 2\n";
    let engine = bind(&[HEAD, segments], &Limits::default()).unwrap();
    let costs = engine.cost();
    assert!(costs.total < costs.definitions.iter().sum(), "{costs:?}");
    exactly(&[HEAD, segments], "total_cost", |n| Limits::default().total_cost(n), costs.total);
}

#[test]
fn what_is_done_for_each_row_is_paid_for_each_row() {
    let cost = |text: &str| bind(&[HEAD, text], &Limits::default()).unwrap().cost().total;
    let once = cost("segment s when any(order where total > 3)");
    let per_row = cost("segment s when any(order as o where sum(order.total where total > o.total) > 3)");
    let two = "sum(order.total where total > o.total) > 3 and max(order.total where total > o.total) < 9";
    let twice = cost(&format!("segment s when any(order as o where {two})"));
    assert!(per_row > 8 * once && twice > per_row, "{once}, {per_row}, {twice}");
}
