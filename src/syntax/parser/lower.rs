//! What every part of the lowering shares: places, names, and where problems go.

use pest::iterators::Pairs;

use super::cut;
use super::grammar::{Pair, Rule};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{Name, Spanned};

/// Turns the pairs of one statement into its tree.
pub(super) struct Lower<'a> {
    pub(super) text: &'a str,
    file: u32,
    base: usize,
    out: &'a mut Vec<Diagnostic>,
    most: usize,
    broken: bool,
    /// A word after a number that is no unit but begins another condition.
    pub(super) stray: Option<Span>,
}

impl<'a> Lower<'a> {
    pub fn new(text: &'a str, file: u32, base: usize, out: &'a mut Vec<Diagnostic>, most: usize) -> Self {
        Self { text, file, base, out, most, broken: false, stray: None }
    }

    /// Whether a part could not be read and a placeholder stands in the tree.
    pub fn broken(&self) -> bool {
        self.broken
    }

    /// Whether a stretch runs over a place where `and` or `or` is missing, which has been reported.
    pub fn strays(&self, over: Span) -> bool {
        self.stray.is_some_and(|stray| over.start <= stray.start && stray.end <= over.end)
    }

    /// Reports a problem that has an obvious reading.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        if self.out.len() < self.most {
            self.out.push(diagnostic);
        }
    }

    /// Reports a problem that leaves a hole in the tree.
    pub fn fail(&mut self, diagnostic: Diagnostic) {
        self.broken = true;
        self.report(diagnostic);
    }

    /// A stretch of the statement, as a place in the file.
    pub fn place(&self, start: usize, end: usize) -> Span {
        super::span_in(self.file, self.base, start, end)
    }

    /// The place of a pair without the blanks that pest counts to it.
    pub fn span(&self, pair: &Pair<'_>) -> Span {
        self.place(pair.as_span().start(), tight_end(pair))
    }

    /// The text at a place.
    pub fn slice(&self, span: Span) -> &'a str {
        let local = |at: u32| usize::try_from(at).unwrap_or(0).saturating_sub(self.base);
        self.text.get(local(span.start)..local(span.end)).unwrap_or("")
    }

    /// A name or bare word.
    pub fn name(&self, pair: &Pair<'_>) -> Name {
        Spanned { node: pair.as_str().to_owned(), span: self.span(pair) }
    }

    /// A whole number.
    pub fn int(&mut self, pair: &Pair<'_>) -> Spanned<i64> {
        let span = self.span(pair);
        let digits: String = pair.as_str().chars().filter(|c| *c != '_').collect();
        let node = digits.parse().unwrap_or_else(|_| {
            self.fail(too_large(span, pair.as_str()));
            0
        });
        Spanned { node, span }
    }
}

pub(super) fn too_large(span: Span, digits: &str) -> Diagnostic {
    Diagnostic::error(Code::BadNumber, span, format!("the number {} is too large", cut(digits)))
        .label("at most 9 223 372 036 854 775 807")
}

/// The first child of a rule, if any.
pub(super) fn child<'i>(pair: &Pair<'i>, rule: Rule) -> Option<Pair<'i>> {
    inner(pair).find(|inner| inner.as_rule() == rule)
}

/// The children of a pair.
pub(super) fn inner<'i>(pair: &Pair<'i>) -> Pairs<'i, Rule> {
    pair.clone().into_inner()
}

/// The last byte that belongs to a pair: pest counts the blanks before an absent optional part as well.
fn tight_end(pair: &Pair<'_>) -> usize {
    let end = pair.as_span().end();
    match pair.as_rule() {
        Rule::paren | Rule::list | Rule::arguments | Rule::aggregate | Rule::quantified | Rule::all_have => end,
        Rule::at_least | Rule::action | Rule::campaign | Rule::enum_type | Rule::list_type => end,
        _ => inner(pair).next_back().map_or(end, |last| tight_end(&last)),
    }
}
