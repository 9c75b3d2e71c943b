//! Texts: byte for byte, or folded.

use nextbest::check::tree::TextOp;
use regex::RegexBuilder;

/// Simple case folding, character by character.
pub fn fold(text: &str) -> String {
    let one = |c: char| unicode_case_mapping::case_folded(c).and_then(|c| char::from_u32(c.get())).unwrap_or(c);
    text.chars().map(one).collect()
}

pub fn equal(a: &str, b: &str, ignoring_case: bool) -> bool {
    if ignoring_case { fold(a) == fold(b) } else { a == b }
}

pub fn holds(op: TextOp, subject: &str, needle: &str, ignoring_case: bool) -> bool {
    if op == TextOp::Matches {
        let regex = RegexBuilder::new(needle).case_insensitive(ignoring_case).build();
        return regex.expect("the checker has compiled it").is_match(subject);
    }
    let (subject, needle) =
        if ignoring_case { (fold(subject), fold(needle)) } else { (subject.to_owned(), needle.to_owned()) };
    if op == TextOp::Like {
        return like(&subject.chars().collect::<Vec<_>>(), &needle.chars().collect::<Vec<_>>());
    }
    match op {
        TextOp::Contains => subject.contains(&needle),
        TextOp::StartsWith => subject.starts_with(&needle),
        TextOp::EndsWith => subject.ends_with(&needle),
        TextOp::Matches | TextOp::Like => unreachable!("handled above"),
    }
}

/// `%` is any run, `_` one character, what follows `\\` itself.
fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|skipped| like(&text[skipped..], rest)),
        ['_', rest @ ..] => !text.is_empty() && like(&text[1..], rest),
        ['\\', c, rest @ ..] | [c, rest @ ..] => text.first() == Some(c) && like(&text[1..], rest),
    }
}
