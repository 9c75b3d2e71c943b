//! Cuts a file into statements, so that a mistake in one does not hide the mistakes in the others.

use super::scan::{Kind, Scanner, Token};
use super::words;

/// A stretch of the text that begins with a word at statement position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk<'a> {
    pub text: &'a str,
    /// First byte in the file.
    pub start: usize,
    pub head: Head,
}

/// What the first word of a chunk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// The word of a statement: its place in [`words::STATEMENTS`].
    Statement(&'static str),
    /// The word of a statement that does not exist yet.
    Later(&'static str),
    /// Anything else.
    Unknown,
}

/// The statements of a text, in order, each from its first word to just before the next one's.
///
/// A statement begins with its word at the start of a line: outside all brackets, or in the first column whatever
/// is still open, so that a forgotten bracket costs one statement and not the rest of the file.
pub(super) struct Splitter<'a> {
    text: &'a str,
    scanner: std::iter::Peekable<Scanner<'a>>,
    previous: Option<Token<'a>>,
    next: Option<(usize, Head)>,
    done: bool,
}

impl<'a> Splitter<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut scanner = Scanner::new(text).peekable();
        let first = scanner.next();
        let next = first.map(|token| (token.start, statement_word(&token).unwrap_or(Head::Unknown)));
        Self { text, scanner, previous: first, next, done: false }
    }

    /// The start of the next statement, if the scanner meets one.
    fn find(&mut self) -> Option<(usize, Head)> {
        let mut depth: usize = 0;
        // The first token of the chunk may itself be a bracket.
        if self.previous.is_some_and(|token| token.kind == Kind::Open) {
            depth = 1;
        }
        while let Some(token) = self.scanner.next() {
            let previous = self.previous.replace(token);
            match token.kind {
                Kind::Open => depth = depth.saturating_add(1),
                Kind::Close => depth = depth.saturating_sub(1),
                Kind::Word => {
                    if let Some(head) = self.head(&token, previous, depth) {
                        return Some((token.start, head));
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn head(&mut self, token: &Token<'a>, previous: Option<Token<'a>>, depth: usize) -> Option<Head> {
        let indent = indent(self.text, token.start)?;
        let first_column = indent == 0;
        if depth > 0 && !first_column {
            return None;
        }
        let operand_expected = previous.as_ref().is_some_and(demands_operand);
        let next = self.scanner.peek();
        match statement_word(token) {
            Some(_) if operand_expected && !first_column => None,
            Some(_) if next.is_some_and(continues_expression) => None,
            Some(Head::Later(_)) if depth > 0 => None,
            Some(Head::Statement(word)) if depth > 0 && words::CLAUSES.contains(&word) => None,
            Some(head) => Some(head),
            None if !first_column || depth > 0 || operand_expected || words::is_inner(token.text) => None,
            // `30` / `days` over two lines, or the name of the statement on a line of its own.
            None if previous.is_none_or(|before| {
                before.kind == Kind::Number && words::is_unit(token.text) || statement_word(&before).is_some()
            }) =>
            {
                None
            }
            None => {
                let starts = next.is_some_and(|next| matches!(next.kind, Kind::Word | Kind::Text) || next.text == "{");
                (starts && !next.is_some_and(|next| words::is_infix(next.text))).then_some(Head::Unknown)
            }
        }
    }
}

impl<'a> Iterator for Splitter<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        if self.done {
            return None;
        }
        let (start, head) = self.next.take()?;
        self.next = self.find();
        let end = self.next.map_or(self.text.len(), |(at, _)| at);
        self.done = self.next.is_none();
        Some(Chunk { text: self.text.get(start..end)?, start, head })
    }
}

fn statement_word(token: &Token<'_>) -> Option<Head> {
    if token.kind != Kind::Word {
        return None;
    }
    let find = |list: &'static [&'static str]| list.iter().copied().find(|word| word.eq_ignore_ascii_case(token.text));
    find(words::STATEMENTS).map(Head::Statement).or_else(|| find(words::LATER_STATEMENTS).map(Head::Later))
}

/// Blanks between the start of the line and a byte; `None` where something else stands before it.
fn indent(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let blanks = before.len().saturating_sub(before.trim_end_matches([' ', '\t', '\u{A0}', '\u{FEFF}']).len());
    let line_start = at.saturating_sub(blanks);
    match line_start == 0 {
        true => Some(if before.trim_start_matches('\u{FEFF}').is_empty() { 0 } else { blanks }),
        false => before.get(..line_start)?.ends_with('\n').then_some(blanks),
    }
}

/// Whether a name or value must follow this token.
fn demands_operand(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Word => words::demands_operand(token.text),
        Kind::Symbol => matches!(token.text, "=" | "<" | ">" | "+" | "-" | "*" | "/" | "," | "." | "!"),
        Kind::Open => true,
        _ => false,
    }
}

/// Whether this token after a word shows that the word is a value (`context.weather`, `priority > 3`).
fn continues_expression(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Word => words::is_infix(token.text),
        Kind::Symbol => matches!(token.text, "." | "=" | "<" | ">" | "!" | "+" | "*" | "/" | "," | ":"),
        Kind::Close => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(text: &str) -> Vec<&str> {
        Splitter::new(text).map(|chunk| chunk.text.trim()).collect()
    }

    #[test]
    fn cuts_at_statement_words() {
        let text = "# c\nsegment a when x\n  and y\n  segment b when z\nlet c = 1\n";
        assert_eq!(heads(text), ["segment a when x\n  and y", "segment b when z", "let c = 1"]);
        assert!(heads("").is_empty() && heads(" # only a comment").is_empty());
    }

    #[test]
    fn a_missing_bracket_costs_one_statement() {
        let text = "profile {\n  channel text\nsegment a when (x\nsegment b when y";
        assert_eq!(heads(text), ["profile {\n  channel text", "segment a when (x", "segment b when y"]);
    }

    #[test]
    fn words_of_statements_may_be_values() {
        let text = "segment a when x and\n  context.weather = 1 and\npriority > 3 and not in\n  segment b and\n  score";
        assert_eq!(heads(text).len(), 1);
    }

    #[test]
    fn unknown_words_begin_a_statement_in_the_first_column() {
        let all: Vec<Chunk<'_>> = Splitter::new("segment a when x\nsegmnt b when y\ngoal \"t\" { x }\n").collect();
        let heads: Vec<Head> = all.iter().map(|chunk| chunk.head).collect();
        assert_eq!(heads, [Head::Statement("segment"), Head::Unknown, Head::Later("goal")]);
        assert_eq!(super::Splitter::new("junk segment a when x").count(), 1);
        assert_eq!(super::Splitter::new("segment\na\nwhen x = 30\ndays").count(), 1);
        assert_eq!(super::Splitter::new("segment a when x > 30\nsegmnt b when y").count(), 2);
    }
}
