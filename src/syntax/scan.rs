//! Words, numbers, texts and brackets: as much of the text as the splitter and the limits need to see.

use memchr::{memchr, memchr3};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// A text with both its quotes.
    Text,
    /// A text whose closing quote is missing on its line.
    OpenText,
    Open,
    Close,
    /// Any other single character.
    Symbol,
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub start: usize,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start.saturating_add(self.text.len())
    }

    /// Whether it is this word, in any case.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

/// The tokens of a text; blanks (the same as `WHITESPACE` of the grammar) and comments are skipped.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_blanks(&mut self) {
        let bytes = self.text.as_bytes();
        loop {
            let skipped = match bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => 1,
                Some(b'#') => {
                    let rest = bytes.get(self.at..).unwrap_or_default();
                    memchr(b'\n', rest).unwrap_or(rest.len())
                }
                Some(0xC2) if self.rest().starts_with('\u{A0}') => '\u{A0}'.len_utf8(),
                Some(0xEF) if self.rest().starts_with('\u{FEFF}') => '\u{FEFF}'.len_utf8(),
                _ => return,
            };
            self.at = self.at.saturating_add(skipped);
        }
    }
}

/// Letters of names.
pub(super) fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blanks();
        let rest = self.rest();
        let first = rest.chars().next()?;
        let word = || rest.bytes().position(|b| !b.is_ascii_alphanumeric() && b != b'_').unwrap_or(rest.len());
        let (kind, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => (Kind::Word, word()),
            '0'..='9' => (Kind::Number, word()),
            '"' => text_length(rest),
            '\'' | '‘' | '“' => foreign_length(rest, first),
            '(' | '[' | '{' => (Kind::Open, 1),
            ')' | ']' | '}' => (Kind::Close, 1),
            other => (Kind::Symbol, other.len_utf8()),
        };
        let token = Token { kind, text: rest.get(..length)?, start: self.at };
        self.at = token.end();
        Some(token)
    }
}

/// The length of a text in straight quotes, which must close on its line.
fn text_length(rest: &str) -> (Kind, usize) {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while let Some(found) = bytes.get(at..).and_then(|tail| memchr3(b'"', b'\\', b'\n', tail)) {
        let hit = at.saturating_add(found);
        match bytes.get(hit) {
            Some(b'"') => return (Kind::Text, hit.saturating_add(1)),
            Some(b'\\') if bytes.get(hit.saturating_add(1)) != Some(&b'\n') => at = hit.saturating_add(2),
            Some(b'\\') => return (Kind::OpenText, hit.saturating_add(1)),
            _ => return (Kind::OpenText, hit),
        }
    }
    (Kind::OpenText, rest.len())
}

/// The length of a text in other quotes; a quote that never closes on its line is a symbol.
fn foreign_length(rest: &str, open: char) -> (Kind, usize) {
    let close = match open {
        '‘' => '’',
        '“' => '”',
        other => other,
    };
    // Stopping at a second opening quote keeps a run of them linear.
    let stop = |c: char| c == close || c == open || c == '\n';
    let inside = rest
        .get(open.len_utf8()..)
        .and_then(|tail| tail.find(stop).filter(|at| tail.get(*at..).is_some_and(|t| t.starts_with(close))));
    match inside {
        Some(length) => (Kind::Text, open.len_utf8().saturating_add(length).saturating_add(close.len_utf8())),
        None => (Kind::Symbol, open.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        Scanner::new(text).map(|token| token.text).collect()
    }

    #[test]
    fn sees_tokens_through_comments_and_quotes() {
        assert_eq!(
            texts("a >= 10.5 # no ( here\n \"x # \\\" {\" 'it (' )"),
            ["a", ">", "=", "10", ".", "5", "\"x # \\\" {\"", "'it ('", ")"]
        );
        assert_eq!(texts("\"open\nb"), ["\"open", "b"]);
        assert_eq!(texts("it's é"), ["it", "'", "s", "é"]);
        assert_eq!(texts("\u{FEFF}a"), ["a"]);
        assert_eq!(texts("\"a\\\nb"), ["\"a\\", "b"]);
    }
}
