//! The formatter: canonical, idempotent, and nothing lost.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/formatting.rs"]
mod formatting;

use std::path::Path;

use formatting::{formatted, read, sprinkled, tree};
use nextbest::format;
use nextbest::syntax::print_file;

/// Every rule file of the repository that can be read.
fn files() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for folder in ["examples", "tests/goldens", "tests/syntax"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "nba"));
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap();
            if read(&text).is_some() {
                out.push((path.display().to_string(), text));
            }
        }
    }
    assert!(out.len() > 50);
    out
}

#[test]
fn every_file_keeps_its_tree_and_its_comments() {
    for (name, text) in files() {
        formatted(&name, &text);
        // Without comments and empty lines it is what printing the tree gives.
        let printed = print_file(&read(&text).unwrap());
        assert_eq!(format(&name, &printed).unwrap(), printed, "{name}");
    }
}

#[test]
fn comments_in_any_gap_are_kept() {
    let mut seed = 1_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    let (mut tried, mut read_again) = (0, 0);
    for (name, text) in files() {
        let before = tree(&read(&text).unwrap());
        for every in [3, 8, 40] {
            let text = sprinkled(&text, every, &mut random);
            tried += 1;
            // A word at the start of a line may begin a statement: such a text is another one.
            if read(&text).is_some_and(|file| tree(&file) == before) {
                read_again += 1;
                formatted(&name, &text);
            }
        }
    }
    assert!(read_again * 2 > tried, "{read_again} of {tried}");
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(formatted("a.nba", text), expected);
}

#[test]
fn comments_stay_where_they_were() {
    becomes(
        "# head\n\n\n# of a\nSEGMENT a  when x # first\n # second\n and ( y ) # third\n# tail",
        "# head\n\n# of a\nsegment a when x  # first\n  # second\n  and y  # third\n# tail\n",
    );
    becomes(
        "profile { # who\n  a int # one\n\n  # b is two\n  b int, # two\n\n # last\n}\n",
        "profile {  # who\n  a int  # one\n\n  # b is two\n  b int  # two\n\n  # last\n}\n",
    );
    becomes(
        "segment a when x in [ # list\n 1, # one\n # two\n 2 # 2\n ] # end\n",
        "segment a when x in [  # list\n  1,  # one\n  # two\n  2  # 2\n]  # end\n",
    );
    becomes(
        "segment a when any(order # o\n where x # w\n within 30 days # d\n)\n",
        "segment a when any(order  # o\n  where x  # w\n  within 30 days  # d\n)\n",
    );
    becomes("# only\n\n\n# comments", "# only\n\n# comments\n");
    becomes("", "");
    becomes("\n\n \n", "");
}

#[test]
fn empty_lines_between_statements_are_the_authors() {
    becomes("let a = 1\nlet b = 2\n\n\n\nlet c = 3", "let a = 1\nlet b = 2\n\nlet c = 3\n");
    becomes(
        "let a = 1\n# of p\nprofile { x int }\nlet b = 2",
        "let a = 1\n\n# of p\nprofile {\n  x int\n}\n\nlet b = 2\n",
    );
}

#[test]
fn comments_go_with_the_parts_of_an_action() {
    becomes(
        "program p { campaign c for s {\n offer o {\n # how\n treat web \"x\" # here\n # worth\n value 1 EUR # much\n }\n } }",
        "program p {\n  campaign c for s once {\n    offer o {\n      # worth\n      value 1 EUR  # much\n      # how\n      \
         treat web \"x\"  # here\n    }\n  }\n}\n",
    );
}

#[test]
fn a_file_with_mistakes_is_refused_whole() {
    let found = format("a.nba", "segment a when x ==\nlet b = 1\nsegmnt c when y").unwrap_err();
    assert_eq!(found.len(), 2, "{found}");
    assert!(found.to_string().contains("a.nba:3:1"), "{found}");
}

#[test]
fn long_conditions_break_at_their_joints() {
    let long = (0..12).map(|n| format!("attribute_{n} = {n}")).collect::<Vec<_>>();
    let text = format!("segment a when {} # why\n", long.join(" and "));
    becomes(&text, &format!("segment a when {}  # why\n", long.join("\n  and ")));
}
