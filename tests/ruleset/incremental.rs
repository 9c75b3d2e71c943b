//! Loading one file of many: what it gives is what reading all of them anew gives.

use std::sync::Arc;

use nextbest::Ruleset;
use nextbest::diagnostic::Diagnostics;

const FILES: [&str; 4] = ["a.nba", "b.nba", "c.nba", "d.nba"];

/// Texts that are sound, that warn, that are broken, and that collide with one another.
const TEXTS: [&str; 9] = [
    "segment adult when age >= 18\n",
    "# another\nsegment child when age < 18 # young\n",
    "segment adult when age > 20\nlet x = 1\n",
    "let y = x\n",
    "let x = y\n",
    "segment broken when age ==\nsegment also when\n",
    "profile { person id  age int? }\n",
    "",
    "segment c when not not not a and a = 1 = 2\n",
];

fn word(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 40) as usize
}

fn same(one: &Result<Ruleset, Diagnostics>, other: &Result<Ruleset, Diagnostics>) {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            assert_eq!(one.revision(), other.revision());
            assert_eq!(one.files(), other.files(), "trees or places differ");
            assert_eq!(one.sources(), other.sources());
            match (one.bind_records(), other.bind_records()) {
                (Ok(one), Ok(other)) => assert_eq!(one.warnings(), other.warnings()),
                (Err(one), Err(other)) => assert_eq!(one, other),
                (one, other) => panic!("{:?} {:?}", one.err(), other.err()),
            }
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        (one, other) => panic!("{:?} {:?}", one.as_ref().err(), other.as_ref().err()),
    }
}

#[test]
fn changes_give_what_reading_everything_gives() {
    let mut state = 1;
    let mut outcomes = [0, 0];
    for _ in 0..300 {
        let mut set: Vec<(&str, &str)> = Vec::new();
        let mut rules = Ruleset::parse(&set).unwrap();
        for _ in 0..12 {
            let name = FILES[word(&mut state) % FILES.len()];
            let text = TEXTS[word(&mut state) % TEXTS.len()];
            let at = set.iter().position(|(file, _)| *file == name);
            let mut next = set.clone();
            let changed = match (word(&mut state).is_multiple_of(3), at) {
                (true, Some(at)) => {
                    next.remove(at);
                    rules.without_file(name)
                }
                (true, None) => rules.without_file(name),
                (false, Some(at)) => {
                    next[at].1 = text;
                    rules.with_file(name, text)
                }
                (false, None) => {
                    next.push((name, text));
                    rules.with_file(name, text)
                }
            };
            same(&changed, &Ruleset::parse(&next));
            outcomes[usize::from(changed.is_ok())] += 1;
            if let Ok(changed) = changed {
                (rules, set) = (changed, next);
            }
        }
    }
    assert!(outcomes.iter().all(|count| *count > 500), "{outcomes:?}");
}

#[test]
fn other_files_are_not_read_again() {
    let rules = Ruleset::parse(&[("a.nba", TEXTS[0]), ("b.nba", TEXTS[1]), ("c.nba", "let z = 3")]).unwrap();
    let changed = rules.with_file("b.nba", "let q = 1").unwrap();
    let shared = |one: &Ruleset, other: &Ruleset, file: usize| Arc::ptr_eq(&one.files()[file], &other.files()[file]);
    assert!(shared(&rules, &changed, 0) && !shared(&rules, &changed, 1) && shared(&rules, &changed, 2));
    let fewer = changed.without_file("b.nba").unwrap();
    assert!(shared(&changed, &fewer, 0));
    assert_eq!(fewer.sources().name(1), Some("c.nba"));
}
