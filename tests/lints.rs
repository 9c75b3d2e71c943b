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
