//! Lints: their levels, and that no rule that is well written is warned of.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic)]

use nextbest::diagnostic::{Lint, Lints};
use nextbest::{Diagnostics, Ruleset};

/// What is told of rules, by lint; an error without a lint is `None`.
fn told(text: &str, lints: Lints) -> (Vec<Option<Lint>>, bool) {
    let found = found(text, lints);
    (found.iter().map(|d| d.lint).collect(), found.has_errors())
}

fn found(text: &str, lints: Lints) -> Diagnostics {
    let rules = Ruleset::parse(&[("lints.nba", text)]).unwrap().with_lints(lints);
    rules.bind_records().map_or_else(|found| found, |engine| engine.warnings().clone())
}

const TWO: &str = "
profile { person id  rating number? }
segment a when rating = 4.5
segment b when rating = 3.5
";

fn commented(comment: &str) -> String {
    TWO.replace("segment a", &format!("# nextbest: {comment}\nsegment a"))
}

#[test]
fn the_nearest_level_counts() {
    let one = [Some(Lint::NumberEquality)];
    let two = [Some(Lint::NumberEquality); 2];
    assert_eq!(told(TWO, Lints::new()), (two.to_vec(), false));
    assert_eq!(told(TWO, Lints::new().deny(Lint::NumberEquality)), (two.to_vec(), true));
    assert_eq!(told(TWO, Lints::new().allow_all()), (vec![], false));
    assert_eq!(told(&commented("allow(number_equality)"), Lints::new()), (one.to_vec(), false));
    assert_eq!(told(&commented("allow(number_equality) in this file"), Lints::new()), (vec![], false));
    assert_eq!(told(&commented("deny(number_equality)"), Lints::new()), (two.to_vec(), true));
    assert_eq!(told(&commented("warn(number_equality)"), Lints::new().allow_all()), (one.to_vec(), false));
    // The statement's before the file's, whatever their order.
    let both = commented("allow(number_equality)\n# nextbest: deny(number_equality) in this file");
    assert_eq!(told(&both, Lints::new()), (one.to_vec(), true));
}

#[test]
fn what_the_host_denies_no_comment_allows() {
    let found = found(&commented("allow(number_equality)"), Lints::new().deny(Lint::NumberEquality));
    assert_eq!(found.iter().filter(|d| d.is_error()).count(), 2);
    let related = &found.iter().next().unwrap().related;
    assert_eq!(related.len(), 1);
    assert_eq!(found.sources().slice(related[0].0), Some("number_equality"));
}

#[test]
fn comments_about_lints_are_lints_themselves() {
    let idle = commented("allow(unused_definition)");
    assert_eq!(told(&idle, Lints::new().allow(Lint::NumberEquality)), (vec![Some(Lint::IdleComment)], false));
    let silent = idle.replace("(unused", "(idle_comment, unused");
    assert_eq!(told(&silent, Lints::new().allow(Lint::NumberEquality)), (vec![], false));
    // A mistake may hide what the comment is about.
    let broken = idle.replace("= 4.5", "= \"x\"");
    assert_eq!(told(&broken, Lints::new().allow(Lint::NumberEquality)), (vec![None], true));
    // What stands in a text is no comment.
    let text =
        format!("{TWO}segment c when rating > 3 and in segment d\nsegment d \"# nextbest: allow(x)\" when rating > 4");
    assert_eq!(told(&text, Lints::new().allow(Lint::NumberEquality)).0, []);
}

/// Rules that say what they mean, each near one that does not.
const WELL_WRITTEN: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  age int?  country text  city text?  plan enum(basic, pro)?  vip bool  birth_date date?  rating number? }
event order { total money EUR  category text? }
event complaint { state enum(open, closed) }
channel email outbound
score recency on time since last(order) { 3 if <= 30 days, 2 if <= 90 days, else 1 }
score size on count(order) { 3 if >= 5, 2 if >= 1, 1 if >= 0, else 0 }
segment a when country != "FR" and not vip
segment b when plan != "pro" or missing
segment c when (not (plan = "pro")) or missing
segment d when plan in ["pro"] and plan != "basic"
segment e when age is missing or age != 3
segment f when (age > 30 or age < 20) and age >= 20
segment g when age >= 20 and age <= 20
segment h when age > 30 or age < 30
segment i when any(order where total > 3 EUR) and any(order where total < 3 EUR)
segment j when min(order.total) > 3 EUR and max(order.total within 3 days) < 3 EUR
segment k when country = "FR" and city = "DE"
segment l when rating > 2 and rating < 2.000000000000001
segment m when time since last(order) > 30 days and time since last(order) < 31 days
segment n when none(order) or time since last(order) > 30 days
segment o when count(order) >= 1 and time since last(order) > 30 days
segment p when age(birth_date) >= 18 and month(birth_date) = 12 and hour(now) < 23
segment q when recency = 3 and size >= 2
segment r when none(order where category is known and category != "books")
segment s when at least 2 of (age > 3, age < 2, vip)
segment t when not (age > 3 and age < 1000)  or missing
program back {
  campaign again for a every {
    suppress when any(complaint) and last(complaint).state = "open" because "x"
    suppress when last(complaint).state is known and last(complaint).state = "open" because "x"
    suppress when any(complaint) and in segment blocked because "x"
    suppress when plan != "pro" because "not for them"
    offer gift { value 1 EUR  propensity 1%  treat email "x" }
  }
}
segment blocked when last(complaint).state = "open"
"#;

#[test]
fn well_written_rules_are_not_warned_of() {
    let found = found(WELL_WRITTEN, Lints::new());
    assert!(found.is_empty(), "{found}");
    let texts = "profile { p id  name text }\nsegment a when name in [\"Ωmega 3\", \"日本ひらがなカタカナ\", \"Zürich\", \"μ-law\", \"👩‍👩‍👧\", \"Москва in Moscow\"]";
    let found = self::found(texts, Lints::new());
    assert_eq!(found.len(), 1, "{found}");
    assert!(found.to_string().contains("`Ω`"), "{found}");
}
