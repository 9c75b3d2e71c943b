//! Comments in rule texts: strewing them about, finding them, and what the formatter promises about them.

use nextbest::format;
use nextbest::syntax::ast::File;
use nextbest::syntax::{Limits, parse_file, print_file};

/// The comments of a text in order, without blanks at their ends.
fn comments(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, c) in outside_quotes(text) {
        if c == '#' {
            let line = text[at..].split('\n').next().unwrap_or("");
            found.push(line.trim_end());
        }
    }
    found
}

/// The characters of a text that are in no literal; of a comment, its `#`.
fn outside_quotes(text: &str) -> Vec<(usize, char)> {
    let mut out = Vec::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        out.push((at, c));
        match c {
            '"' => loop {
                match chars.next() {
                    Some((_, '\\')) => drop(chars.next()),
                    Some((_, '"')) | None => break,
                    Some(_) => {}
                }
            },
            '#' => {
                if let Some(end) = chars.by_ref().find(|(_, c)| *c == '\n') {
                    out.push(end);
                }
            }
            _ => {}
        }
    }
    out
}

/// The text with comments and empty lines in about one of `every` gaps between its words.
pub fn sprinkled(text: &str, every: u64, random: &mut impl FnMut() -> u64) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut copied = 0;
    let mut count = 0;
    for (at, c) in outside_quotes(text) {
        let gap = matches!(c, ' ' | '\n' | '(' | '[' | '{' | ',');
        if !gap || !random().is_multiple_of(every) {
            continue;
        }
        out.push_str(&text[copied..=at]);
        copied = at + 1;
        count += 1;
        match random() % 6 {
            0 => out.push_str(&format!("# c{count} \"quoted ( \n")),
            1 => out.push_str(&format!("  # c{count}\n    # and c{count} again\n")),
            2 => out.push_str(&format!("\n  #c{count}  \n  ")),
            3 => out.push_str(&format!("\n\n\n  # c{count}\r\n\n  ")),
            4 => out.push_str(&format!(" #\n# segment c{count} when é\n      ")),
            _ => out.push_str("\n\n  "),
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The tree of a text that can be read.
pub fn read(text: &str) -> Option<File> {
    let mut found = Vec::new();
    let file = parse_file(text, 0, &Limits::default(), &mut found);
    found.iter().all(|diagnostic| !diagnostic.is_error()).then_some(file)
}

pub fn tree(file: &File) -> serde_json::Value {
    serde_json::to_value(file).unwrap()
}

/// What is left without comments and layout.
fn bare(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    for comment in comments(text) {
        let at = rest.find(comment).unwrap();
        out.push_str(&rest[..at]);
        rest = &rest[at + comment.len()..];
    }
    out.push_str(rest);
    out.retain(|c| !c.is_whitespace());
    out
}

/// Formats a text that can be read, and holds the result against everything that is promised.
#[track_caller]
pub fn formatted(name: &str, text: &str) -> String {
    let before = read(text).unwrap();
    let once = format(name, text).unwrap();
    let after = read(&once).unwrap_or_else(|| panic!("{name}: cannot be read again:\n{text}\n-- as\n{once}"));
    assert_eq!(tree(&before), tree(&after), "{name}: another tree:\n{text}\n-- as\n{once}");
    let (mut had, mut has) = (comments(text), comments(&once));
    // The parts of an action have one order; comments go with them.
    if text.contains("program") {
        had.sort();
        has.sort();
    }
    assert_eq!(had, has, "{name}: other comments:\n{text}\n-- as\n{once}");
    let canonical = print_file(&before);
    assert_eq!(bare(&once), bare(&canonical), "{name}: not canonical:\n{text}\n-- as\n{once}");
    let again = format(name, &once).unwrap();
    assert_eq!(once, again, "{name}: not idempotent");
    assert!(!once.contains("\n\n\n") && !once.starts_with('\n') && !once.ends_with("\n\n"), "{name}:\n{once}");
    for line in once.lines() {
        assert_eq!(line.trim_end(), line, "{name}: blanks at the end of a line");
    }
    once
}
