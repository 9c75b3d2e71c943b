//! Texts that are not what they look like: letters of two alphabets in one word, characters that cannot be seen.

use unicode_security::MixedScript;

use crate::diagnostic::{Diagnostic, Lint, Sources, Span};
use crate::syntax::comments::texts;

pub(crate) fn check(sources: &Sources, out: &mut Vec<Diagnostic>) {
    for file in 0..u32::try_from(sources.len()).unwrap_or(u32::MAX) {
        let text = sources.text(file).unwrap_or("");
        if text.is_ascii() {
            continue;
        }
        for (quoted, start) in texts(text).filter(|(quoted, _)| !quoted.is_ascii()) {
            let place = |at: usize| u32::try_from(start.saturating_add(at)).unwrap_or(u32::MAX);
            let span =
                |from: usize, length: usize| Span { file, start: place(from), end: place(from.saturating_add(length)) };
            out.extend(unseen(quoted, span).or_else(|| mixed(quoted, span)));
        }
    }
}

fn unseen(quoted: &str, span: impl Fn(usize, usize) -> Span) -> Option<Diagnostic> {
    let (at, found) = quoted.char_indices().find(|(_, c)| is_unseen(*c))?;
    let place = span(at, found.len_utf8());
    Some(
        Diagnostic::warning(Lint::LookAlike, span(0, quoted.len()), "a character in this text cannot be seen")
            .label(format!("it holds U+{:04X}, so it is not equal to the text that it looks like", u32::from(found)))
            .help("remove it")
            .suggest(place, ""),
    )
}

/// Characters without a width, and those that turn the direction of writing. A joiner is seen by what it joins.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn mixed(quoted: &str, span: impl Fn(usize, usize) -> Span) -> Option<Diagnostic> {
    let word = quoted.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_single_script())?;
    let at = (word.as_ptr() as usize).saturating_sub(quoted.as_ptr() as usize);
    let strange: Vec<String> = match word.chars().filter(char::is_ascii_alphabetic).count() {
        // The fewer are the strangers.
        latin if latin.saturating_mul(2) < word.chars().count() => letters(word, |c| c.is_ascii_alphabetic()),
        _ => letters(word, |c| c.is_alphabetic() && !c.is_ascii()),
    };
    Some(
        Diagnostic::warning(Lint::LookAlike, span(at, word.len()), "this word mixes letters of two alphabets")
            .label(format!("of another alphabet: {}", strange.join(", ")))
            .help("such letters often look alike, and no text of one alphabet is equal to this one"),
    )
}

fn letters(word: &str, strange: impl Fn(char) -> bool) -> Vec<String> {
    let shown = word.chars().filter(|c| strange(*c)).take(4);
    shown.map(|c| format!("`{c}` (U+{:04X})", u32::from(c))).collect()
}
