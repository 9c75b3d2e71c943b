//! Mistakes with an obvious reading, and the text that would mend them.

use super::lower::Lower;
use super::{cut, grammar::Pair};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{CompareOp, Expr, ExprKind, Name};
use crate::syntax::scan::Scanner;
use crate::syntax::words;

/// Longest reading shown in full.
const SHOWN: usize = 200;

/// An operator as other languages write it.
pub(super) fn operator(span: Span, wrong: &str, right: &str) -> Diagnostic {
    Diagnostic::error(Code::WrongOperator, span, format!("there is no `{wrong}` in rules"))
        .help(format!("write `{}`", right.trim()))
        .suggest(span, right)
}

/// `is null`, `is not null`
pub(super) fn null(op: Span, negated: bool, span: Span, word: &str) -> Diagnostic {
    let right = if negated { "is known" } else { "is missing" };
    Diagnostic::error(Code::WrongPredicate, span, format!("a value is never `{word}`; it can be missing"))
        .help(format!("write `{right}`"))
        .suggest(op.to(span), right)
}

/// What begins a phrase after `is`, and how it may go on.
const PHRASES: [(&str, &str); 6] = [
    ("inside", "inside \"bay\""),
    ("within", "within 10 km of home"),
    ("older", "older than 30 days"),
    ("before", "before 2026-01-31"),
    ("after", "after 2026-01-31"),
    ("on", "on 2026-01-31"),
];

/// `x is "FR"`
pub(super) fn is_value(op: Span, negated: bool, value: Span, text: &str) -> Diagnostic {
    let (words, symbol) = if negated { ("is not", "!=") } else { ("is", "=") };
    if let Some((_, example)) = PHRASES.iter().find(|(phrase, _)| text.eq_ignore_ascii_case(phrase)) {
        return Diagnostic::error(Code::WrongPredicate, op.to(value), format!("`{words} {text}` what?"))
            .help(format!("write for example `{words} {example}`"));
    }
    Diagnostic::error(
        Code::WrongPredicate,
        op.to(value),
        format!("a value is compared with `{symbol}`, not with `{words}`"),
    )
    .help(format!(
        "write `{symbol} {}`; after `is` stand `missing`, `known`, `empty`, `before …`, `within …`",
        cut(text)
    ))
    .suggest(op, symbol)
}

/// `ignoring case` after something that does not compare.
pub(super) fn ignoring_case(span: Span, subject: Span) -> Diagnostic {
    Diagnostic::error(Code::MisplacedIgnoringCase, span, "`ignoring case` must follow a comparison of texts")
        .related(subject, "this does not compare texts")
        .help("write for example `city = \"paris\" ignoring case`")
}

/// `a < b < c`
pub(super) fn chained(lower: &Lower<'_>, left: &Expr, op: Span, right: Span) -> Diagnostic {
    let whole = left.span.to(right);
    let diagnostic = Diagnostic::error(Code::ChainedComparison, whole, "only two things can be compared at a time")
        .label("which two?");
    let Some(middle) = right_operand(left) else {
        return diagnostic.help("join two comparisons with `and`, or put one in parentheses");
    };
    let mended =
        format!("{} and {} {} {}", lower.slice(left.span), lower.slice(middle), lower.slice(op), lower.slice(right));
    match mended.len() <= SHOWN && !mended.contains(['#', '\n']) {
        true => diagnostic.help(format!("write `{mended}`")).suggest(whole, mended),
        false => diagnostic.help("repeat the middle: `a < b and b < c`"),
    }
}

fn right_operand(expr: &Expr) -> Option<Span> {
    match &expr.node {
        ExprKind::Compare { right, op, .. } if *op != CompareOp::NotEqual => Some(right.span),
        _ => None,
    }
}

/// `a = b is missing`
pub(super) fn chained_predicate(first: Span, predicate: Span) -> Diagnostic {
    Diagnostic::error(Code::ChainedComparison, predicate, "a second test follows the first without `and` or `or`")
        .label("the second test")
        .related(first, "the first test")
        .help("join two conditions with `and`, or put one in parentheses")
}

/// `a and b or c`, with both readings. `joints` are the `and`s (`true`) and `or`s between the operands.
pub(super) fn mixed(lower: &Lower<'_>, span: Span, joints: Vec<(bool, Span)>) -> Diagnostic {
    let first_and = joints.iter().find(|(and, _)| *and);
    let first_or = joints.iter().find(|(and, _)| !*and);
    let both = first_and.zip(first_or).map(|((_, and), (_, or))| if and < or { (*and, *or) } else { (*or, *and) });
    let (one, other) = both.unwrap_or((span, span));
    let message = "`and` and `or` are mixed without parentheses";
    let diagnostic = Diagnostic::error(Code::MixedAndOr, other, message)
        .label("which of the two comes first?")
        .related(one, format!("`{}` here", lower.slice(one)));
    let whole = lower.slice(span);
    if whole.len() > SHOWN * 2 {
        return diagnostic.help("put parentheses around the parts that belong together");
    }
    let (by_and, by_or) = (reading(lower, span, &joints, true), reading(lower, span, &joints, false));
    if by_and.len() > SHOWN {
        return diagnostic.help("put parentheses around the parts that belong together");
    }
    diagnostic.help(format!("write either `{by_and}`\nor `{by_or}`")).suggest(span, by_and)
}

/// The text with parentheses around each run of operands joined by `and` (or, if `!tight`, by `or`).
fn reading(lower: &Lower<'_>, span: Span, joints: &[(bool, Span)], tight: bool) -> String {
    let starts = std::iter::once(span.start).chain(joints.iter().map(|(_, joint)| joint.end));
    let ends = joints.iter().map(|(_, joint)| joint.start).chain(std::iter::once(span.end));
    let before = std::iter::once(false).chain(joints.iter().map(|(and, _)| *and == tight));
    let after = joints.iter().map(|(and, _)| *and == tight).chain(std::iter::once(false));
    let words = joints.iter().map(|(and, _)| if *and { " and " } else { " or " }).chain(std::iter::once(""));
    let mut out = String::new();
    for ((((start, end), joined_before), joined_after), word) in starts.zip(ends).zip(before).zip(after).zip(words) {
        if joined_after && !joined_before {
            out.push('(');
        }
        let operand = lower.slice(Span { start, end, ..span });
        one_line(operand, &mut out);
        if joined_before && !joined_after {
            out.push(')');
        }
        out.push_str(word);
    }
    out
}

/// The text on one line, without comments; what stands in quotes stays as it is.
fn one_line(text: &str, out: &mut String) {
    let mut end = None;
    for token in Scanner::new(text) {
        if end.is_some_and(|end| end < token.start) {
            out.push(' ');
        }
        out.push_str(token.text);
        end = Some(token.end());
    }
}

/// `home is inside bay_area`
pub(super) fn bare_region(region: &Name) -> Diagnostic {
    let quoted = format!("\"{}\"", region.node);
    Diagnostic::error(Code::Syntax, region.span, "the name of a region stands in quotes here")
        .help(format!("write `inside {quoted}`"))
        .suggest(region.span, quoted)
}

/// `in list "newsletter"`
pub(super) fn quoted_list(list: &Name) -> Diagnostic {
    let error = Diagnostic::error(Code::Syntax, list.span, "a list is called by its name, without quotes");
    let mut letters = list.node.chars();
    let named = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|other| other.is_ascii_alphanumeric() || other == '_')
        && !words::is_reserved(&list.node);
    match named {
        true => error.help(format!("write `in list {}`", list.node)).suggest(list.span, list.node.clone()),
        false => error.help("a name is one word of letters, digits and `_`, as in `list newsletter`"),
    }
}

impl Lower<'_> {
    /// `sum(days with …)`
    pub fn only_count(&mut self, periods: &Pair<'_>) {
        let span = self.span(periods);
        self.fail(
            Diagnostic::error(Code::Syntax, span, "only `count` counts days, weeks or months")
                .help("write for example `count(days with visit within 30 days)`"),
        );
    }

    /// A clause that may stand once.
    pub fn repeated(&mut self, word: &str, first: Span, again: Span) {
        self.report(
            Diagnostic::error(Code::RepeatedClause, again, format!("`{word}` is given twice"))
                .label("again here")
                .related(first, "first given here")
                .help("keep one of the two"),
        );
    }
}
