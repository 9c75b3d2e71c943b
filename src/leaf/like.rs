//! `like`: whole texts against a pattern, where `%` is any run of characters, `_` one of them, and `\` takes a `%`, a `_` or
//! a `\` for itself.

use std::sync::Arc;

use super::form::Pattern;

/// What a pattern is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// `%`
    Run,
    /// `_`
    One,
    /// This character.
    Char(char),
}

/// Reads a pattern.
///
/// # Errors
/// The characters before a `\` that stands before nothing it could mean.
pub fn signs(pattern: &str) -> Result<Vec<Sign>, usize> {
    let mut signs = Vec::new();
    let mut chars = pattern.chars().enumerate();
    while let Some((place, c)) = chars.next() {
        signs.push(match c {
            // Runs of runs are one.
            '%' if signs.last() == Some(&Sign::Run) => continue,
            '%' => Sign::Run,
            '_' => Sign::One,
            '\\' => match chars.next() {
                Some((_, c @ ('%' | '_' | '\\'))) => Sign::Char(c),
                _ => return Err(place),
            },
            c => Sign::Char(c),
        });
    }
    Ok(signs)
}

/// The simplest search that a pattern asks for.
pub fn pattern(signs: Vec<Sign>) -> Pattern {
    let text = |signs: &[Sign]| {
        let chars = signs.iter().map(|sign| match sign {
            Sign::Char(c) => Some(*c),
            Sign::Run | Sign::One => None,
        });
        chars.collect::<Option<String>>().map(Arc::from)
    };
    let simple = match signs.as_slice() {
        [Sign::Run, inside @ .., Sign::Run] => text(inside).map(Pattern::Contains),
        [Sign::Run, end @ ..] => text(end).map(Pattern::EndsWith),
        [start @ .., Sign::Run] => text(start).map(Pattern::StartsWith),
        whole => text(whole).map(|whole| Pattern::OneOf([whole].into())),
    };
    simple.unwrap_or_else(|| Pattern::Like(signs.into()))
}

/// Whether the whole text fits. What followed the last `%` is tried at one place after the other, never what was before it:
/// so the time is bounded by the length of the text times that of the pattern.
pub fn fits(signs: &[Sign], mut text: impl Iterator<Item = char> + Clone) -> bool {
    // What stands before the first run fits in one way, or in none.
    let mut at = 0;
    while let Some(sign) = signs.get(at).filter(|sign| **sign != Sign::Run) {
        if !text.next().is_some_and(|c| sign.takes(c)) {
            return false;
        }
        at += 1;
    }
    if at == signs.len() {
        return text.next().is_none();
    }
    let (mut from, mut start, mut rest) = (at, text.clone(), text);
    loop {
        let sign = signs.get(at);
        if sign == Some(&Sign::Run) {
            at += 1;
            (from, start) = (at, rest.clone());
            continue;
        }
        let mut after = rest.clone();
        let step = match (sign, after.next()) {
            (None, None) => return true,
            (Some(_), None) => return false,
            (sign, Some(c)) => sign.is_some_and(|sign| sign.takes(c)),
        };
        if step {
            (at, rest) = (at + 1, after);
            continue;
        }
        if start.next().is_none() {
            return false;
        }
        (at, rest) = (from, start.clone());
    }
}

impl Sign {
    /// Whether one character fits this sign, which is no run.
    #[inline]
    fn takes(self, c: char) -> bool {
        match self {
            Sign::Char(wanted) => wanted == c,
            Sign::Run | Sign::One => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaf::matcher::{Matcher, Pieces};

    fn like(text: &str, pattern: &str) -> bool {
        let signs = signs(pattern).unwrap();
        let fit = fits(&signs, text.chars());
        if let Some(pieces) = Pieces::new(&signs) {
            assert_eq!(pieces.matches(text), fit, "{text} like {pattern}");
        }
        fit
    }

    #[test]
    fn whole_texts_are_held_against_patterns() {
        for (text, pattern, fit) in [
            ("BK-12", "BK-%", true),
            ("BK-", "BK-%", true),
            ("xBK-12", "BK-%", false),
            ("BK-12", "BK-__", true),
            ("BK-123", "BK-__", false),
            ("été", "_t_", true),
            ("abcabd", "%ab_", true),
            ("abab", "%ab", true),
            ("abc", "a%b%c", true),
            ("aba", "ab%ba", false),
            ("abba", "ab%ba", true),
            ("abcbc", "a%bc%c", true),
            ("abc", "a%bc%c", false),
            ("xaby", "x%ab%b%y", false),
            ("xaabbby", "x%ab%b%y", true),
            ("abc", "%a%c%", true),
            ("cba", "%a%c%", false),
            ("acb", "a%b%c", false),
            ("", "%", true),
            ("", "_", false),
            ("100%", "100\\%", true),
            ("1000", "100\\%", false),
            ("a_b", "a\\_b", true),
            ("a\\b", "a\\\\b", true),
            ("line\nbreak", "line_break", true),
        ] {
            assert_eq!(like(text, pattern), fit, "{text} like {pattern}");
        }
        assert_eq!(signs("a\\"), Err(1));
        assert_eq!(signs("é\\n"), Err(1));
    }

    #[test]
    fn many_runs_do_not_multiply() {
        let text = "a".repeat(20_000);
        assert!(!like(&text, &format!("{}b", "%a_%a".repeat(20))));
    }

    #[test]
    fn simple_patterns_become_simple_searches() {
        let of = |text: &str| pattern(signs(text).unwrap());
        assert_eq!(of("BK-%"), Pattern::StartsWith("BK-".into()));
        assert_eq!(of("%-BK"), Pattern::EndsWith("-BK".into()));
        assert_eq!(of("%%BK%"), Pattern::Contains("BK".into()));
        assert_eq!(of("BK\\%"), Pattern::OneOf([Arc::from("BK%")].into()));
        assert!(matches!(of("B%K"), Pattern::Like(_)) && matches!(of("BK_"), Pattern::Like(_)));
        assert_eq!(of("%"), Pattern::EndsWith("".into()));
    }
}
