//! A slice of what the fuzzers do, the same every time: seeds with a few changes each, through every target.
//!
//! `NEXTBEST_FUZZ=100000 cargo test --release --all-features --test fuzz_slice` changes each target's seeds that many times.
#![cfg(feature = "json")]
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "../fuzz/targets.rs"]
mod targets;

use std::path::Path;

use nextbest::Ruleset;

/// Pieces that a change may put anywhere.
const PIECES: [&str; 24] = [
    "",
    "(",
    ")",
    "[",
    "{",
    "}",
    "\"",
    "#",
    "\n",
    " ",
    "é",
    "\u{FEFF}",
    "\\",
    "-",
    "9",
    ",",
    " not ",
    " and ",
    " within ",
    "\nsegment ",
    "null",
    ":",
    "1e400",
    "# c\n",
];

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

fn texts() -> Vec<String> {
    let mut paths = Vec::new();
    for folder in ["examples", "tests/goldens", "tests/syntax", "examples/json"] {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            paths.push(entry.unwrap().path());
        }
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "nba"));
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).filter(|text| text.len() < 20_000).collect()
}

/// A text with a few changes, some of them taken from another seed.
fn changed(seeds: &[String], random: &mut Random) -> String {
    let mut text = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(3) {
        let cut = |text: &str, random: &mut Random| {
            let mut at = random.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (one, other) = (cut(&text, random), cut(&text, random));
        let range = one.min(other)..one.max(other).min(one.min(other) + 40);
        let range = if text.is_char_boundary(range.end) { range } else { range.start..range.start };
        match random.below(4) {
            0 => text.insert_str(one, PIECES[random.below(PIECES.len())]),
            1 => text.replace_range(range, PIECES[random.below(PIECES.len())]),
            2 => {
                let piece = text[range].to_owned();
                text.insert_str(other, &piece);
            }
            _ => {
                let donor = &seeds[random.below(seeds.len())];
                let line = donor.lines().nth(random.below(donor.lines().count())).unwrap_or("");
                text.insert_str(one, line);
            }
        }
    }
    text
}

fn run(seeds: &[String], target: fn(&str)) {
    assert!(!seeds.is_empty());
    seeds.iter().for_each(|seed| target(seed));
    let count = std::env::var("NEXTBEST_FUZZ").map_or(400, |count| count.parse().unwrap());
    let mut random = Random(1);
    for _ in 0..count {
        let text = changed(seeds, &mut random);
        if let Err(panic) = std::panic::catch_unwind(|| target(&text)) {
            println!("-- the text:\n{text}");
            std::panic::resume_unwind(panic);
        }
    }
}

#[test]
fn parse() {
    run(&texts(), targets::parse);
}

#[test]
fn format() {
    run(&texts(), targets::format);
}

#[test]
fn check() {
    run(&texts(), targets::check);
}

#[test]
fn json_tree() {
    let trees =
        texts().into_iter().filter_map(|text| Ruleset::parse(&[("a.nba", &text)]).ok().map(|rules| rules.to_json()));
    run(&trees.collect::<Vec<_>>(), targets::json_tree);
}

#[test]
fn json_customer() {
    run(&[include_str!("../examples/json/customers.json").to_owned()], targets::json_customer);
}
