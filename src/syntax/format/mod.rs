//! Text → text: the canonical layout, with every comment kept.
//!
//! A statement is printed from its tree and read back. Both trees say the same, so their places pair up part by part, and
//! with them the tokens of both texts; each comment then goes back between the tokens it stood between. Forms of the
//! language need no code here.

mod align;
mod gap;
mod weave;

use std::sync::Arc;

use super::ast::Statement;
use super::limits::Limits;
use super::outline::Outline;
use super::parser::parse_file;
use super::printer::print_statement;
use super::scan::{Scanner, Token};
use super::split::{Chunk, Splitter};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use align::align;
use gap::{Comment, Gap};
use weave::weave;

/// Writes a rule file in its canonical layout; comments are kept, and single empty lines where the author had some.
///
/// The result says the same as the text, and formatting it again changes nothing. `name` is for messages.
///
/// ```
/// let text = "segment vip WHEN ((clv>500 EUR)) # since 2020\n  AND (country=\"FR\") # and not before\n";
/// assert_eq!(
///     nextbest::format("vip.nba", text)?,
///     "segment vip when clv > 500 EUR  # since 2020\n  and country = \"FR\"  # and not before\n",
/// );
/// # Ok::<(), nextbest::Diagnostics>(())
/// ```
///
/// # Errors
/// Everything that cannot be read in the text; a file with a mistake is not formatted at all.
pub fn format(name: &str, text: &str) -> Result<String, Diagnostics> {
    format_with(name, text, &Limits::default())
}

/// The same within other limits.
///
/// # Errors
/// As [`format()`].
pub fn format_with(name: &str, text: &str, limits: &Limits) -> Result<String, Diagnostics> {
    let mut found = Vec::new();
    let file = parse_file(text, 0, limits, &mut found);
    if found.iter().any(Diagnostic::is_error) {
        return Err(Diagnostics::new(found, Arc::new(Sources::new([(name, text)]))));
    }
    let mut page = Page::default();
    let mut chunks = Splitter::new(text).peekable();
    let head = chunks.peek().map_or(text.len(), |chunk| chunk.start);
    page.between(Gap::read(text.get(..head).unwrap_or(""), true));
    // A file without errors has one statement for each chunk.
    for (chunk, statement) in chunks.zip(&file.statements) {
        let written = Written::read(&chunk);
        let (body, behind) = written.formatted(&chunk, statement, limits);
        page.statement(&body);
        page.behind(behind, written.tail);
    }
    Ok(page.finished())
}

/// A statement as its author wrote it.
struct Written<'a> {
    tokens: Vec<Token<'a>>,
    /// Before each token.
    gaps: Vec<Gap<'a>>,
    /// After the last one, up to the next statement.
    tail: Gap<'a>,
}

impl<'a> Written<'a> {
    fn read(chunk: &Chunk<'a>) -> Self {
        let tokens: Vec<Token<'a>> = Scanner::new(chunk.text).collect();
        let mut end = 0;
        let mut gaps = Vec::with_capacity(tokens.len());
        for token in &tokens {
            gaps.push(Gap::read(chunk.text.get(end..token.start).unwrap_or(""), false));
            end = token.end();
        }
        Written { tokens, gaps, tail: Gap::read(chunk.text.get(end..).unwrap_or(""), false) }
    }

    /// The statement laid out anew; should that not read back as the same statement, the text as it is.
    fn formatted(&self, chunk: &Chunk<'a>, statement: &Statement, limits: &Limits) -> (String, Vec<Comment<'a>>) {
        let printed = print_statement(statement);
        self.woven(chunk, &Outline::of(statement), printed.trim_end(), limits).unwrap_or_else(|| {
            let end = self.tokens.last().map_or(0, Token::end);
            (chunk.text.get(..end).unwrap_or("").to_owned(), Vec::new())
        })
    }

    fn woven(
        &self,
        chunk: &Chunk<'a>,
        outline: &Outline,
        printed: &str,
        limits: &Limits,
    ) -> Option<(String, Vec<Comment<'a>>)> {
        let twin = read_back(printed, limits).filter(|twin| twin.says == outline.says)?;
        if self.gaps.iter().all(|gap| gap.comments.is_empty() && !gap.blank) {
            return Some((printed.to_owned(), Vec::new()));
        }
        let shown: Vec<Token<'_>> = Scanner::new(printed).collect();
        let images = align(&self.tokens, &shown, chunk.start, (outline, &twin));
        let woven = weave(printed, &self.tokens, &self.gaps, &images);
        read_back(&woven.0, limits).filter(|again| again.says == outline.says).map(|_| woven)
    }
}

/// The outline of a text that is one statement.
fn read_back(text: &str, limits: &Limits) -> Option<Outline> {
    let mut found = Vec::new();
    let file = parse_file(text, 0, limits, &mut found);
    match file.statements.as_slice() {
        [statement] if !found.iter().any(Diagnostic::is_error) => Some(Outline::of(statement)),
        _ => None,
    }
}

/// Statements and what stands between them.
#[derive(Default)]
struct Page<'a> {
    out: String,
    /// Comments and empty lines since the last statement.
    pending: Gap<'a>,
    /// Whether the last statement spans several lines; `None` before the first one.
    tall: Option<bool>,
}

impl<'a> Page<'a> {
    fn between(&mut self, gap: Gap<'a>) {
        self.pending = gap;
    }

    /// What stands after a statement: the first comment may share its last line.
    fn behind(&mut self, mut behind: Vec<Comment<'a>>, tail: Gap<'a>) {
        behind.extend(tail.comments);
        let mut comments = behind.into_iter().peekable();
        if let Some(comment) = comments.next_if(|comment| !comment.own_line) {
            self.out.push_str("  ");
            self.out.push_str(comment.text);
        }
        self.out.push('\n');
        self.pending = Gap { comments: comments.collect(), blank: tail.blank };
    }

    fn statement(&mut self, body: &str) {
        let tall = body.contains('\n');
        let Gap { comments, blank } = &mut self.pending;
        let apart = self.tall.is_some_and(|before| before || tall);
        if apart && !*blank && !comments.iter().any(|comment| comment.after_blank) {
            *comments.first_mut().map_or(blank, |first| &mut first.after_blank) = true;
        }
        self.flush(true);
        self.out.push_str(body);
        self.tall = Some(tall);
    }

    /// Writes what is pending; empty lines at the start and the end of the file are dropped.
    fn flush(&mut self, more: bool) {
        let Gap { comments, blank } = std::mem::take(&mut self.pending);
        for comment in comments {
            if comment.after_blank && !self.out.is_empty() {
                self.out.push('\n');
            }
            self.out.push_str(comment.text);
            self.out.push('\n');
        }
        if blank && more && !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn finished(mut self) -> String {
        self.flush(false);
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_that_says_something_else_is_not_used() {
        let text = "segment a when x # why\n and y";
        let file = parse_file(text, 0, &Limits::default(), &mut Vec::new());
        let (Some(chunk), Some(statement)) = (Splitter::new(text).next(), file.statements.first()) else {
            return assert_eq!(file.statements.len(), 1);
        };
        let (written, outline) = (Written::read(&chunk), Outline::of(statement));
        let woven = |printed: &str| written.woven(&chunk, &outline, printed, &Limits::default());
        assert!(woven("segment a when x and y").is_some());
        for wrong in ["segment a when x and z", "segment a when x or y", "segment a when x", "segment a when", ""] {
            assert_eq!(woven(wrong), None);
        }
    }
}
