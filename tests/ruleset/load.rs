//! Reading and binding in one step: mistakes of both kinds at once, and none that only follows from another.

use nextbest::{Limits, Ruleset};

/// The lines of all mistakes.
fn lines(text: &str) -> Vec<usize> {
    let Err(found) = Ruleset::load_records(&[("a.nba", text)]) else { return Vec::new() };
    found.iter().map(|diagnostic| found.sources().position(diagnostic.span).unwrap().line).collect()
}

#[test]
fn mistakes_of_text_and_of_meaning_come_together() {
    let text = "profile { person id  age int? }\nsegment a when age >\nsegment b when agee > 3\nlet c = age + \"x\"\n";
    assert!(Ruleset::parse(&[("a.nba", text)]).unwrap_err().len() == 1);
    assert_eq!(lines(text), [2, 3, 4]);
    assert!(lines("profile { person id  age int? }\nsegment a when age > 3").is_empty());
}

#[test]
fn names_of_what_could_not_be_read_are_not_missed() {
    for broken in [
        "let young = age <",
        "segment young when",
        "profile { person id  age int?  young boool }",
        "event young { sku txt",
        "list young [\"a\"",
        "lett young = age",
    ] {
        let profile = if broken.starts_with("profile") { "" } else { "profile { person id  age int?  city text? }" };
        for use_of in ["young", "in segment young", "any(young)", "city in list young", "any(young where sku = \"a\")"]
        {
            let text = format!("{profile}\n{broken}\nsegment b when {use_of}\nsegment c when in segment b\n");
            let found = lines(&text);
            assert!(found.contains(&2), "{text}");
            assert!(found.iter().all(|&line| line < 3 || use_of != "young" && line == 3), "{text}{found:?}");
        }
    }
}

#[test]
fn what_goes_round_is_told_once() {
    let text = "ruleset r { currency EUR }\nprofile { person id  age int? }\nsegment a when in segment b\nsegment b when in segment a\n\
                segment c when in segment a\nchannel web inbound\n\
                program p { campaign d for c { service s { basis contract  treat web \"x\" } } }\nsegment e when agee > 1\n";
    assert_eq!(lines(text), [3, 8], "{:?}", Ruleset::load_records(&[("a.nba", text)]).err());
}

#[test]
fn a_text_that_was_not_read_to_its_end_is_not_judged() {
    let text = "profile { person id }\nlet a = 1\nlet b = 2\nsegment c when nothing_such\nlet d = 4\n";
    let schema = Ruleset::parse(&[("a.nba", "profile { person id }")]).unwrap().record_schema().unwrap();
    let found = Ruleset::load_with(&[("a.nba", text)], schema.schema(), &Limits::default().rules(1)).unwrap_err();
    assert_eq!(found.len(), 1, "{found}");
}
