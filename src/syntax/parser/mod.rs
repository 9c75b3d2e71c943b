//! Text → tree, one statement at a time.

mod chain;
mod clause;
mod climb;
mod exception;
mod expr;
mod grammar;
mod literal;
mod lower;
mod objective;
mod phrase;
mod policy;
mod program;
mod repair;
mod statement;
mod test;
mod translate;
mod treatment;
mod weight;
mod window;

use std::collections::HashSet;

use pest::Parser;

use self::grammar::{Grammar, Rule};
use self::lower::Lower;
use super::ast::{File, Statement};
use super::limits::Limits;
use super::size::{self, Size, Sum};
use super::split::{Chunk, Head, Splitter};
use super::{guard, words};
use crate::diagnostic::{self, Code, Diagnostic, Span, nearest};

/// Reads one file: the statements that could be read are returned, everything wrong goes into `out`.
///
/// A statement with a mistake that has an obvious reading (`==`, `and` mixed with `or`) is kept as well, so that its
/// other problems are found; `out` then holds an error, and the ruleset must not be used.
pub fn parse_file(text: &str, file: u32, limits: &Limits, out: &mut Vec<Diagnostic>) -> File {
    let full = out.len() > limits.diagnostics;
    let Reading { file: parsed, sizes, .. } = read_file(text, file, limits, out);
    out.extend(size::exceeded(&sizes, limits));
    if !full {
        diagnostic::cut(out, limits.diagnostics);
    }
    parsed
}

/// What a file comes to, for a caller that adds up several.
pub(crate) struct Reading {
    pub file: File,
    /// Of each statement.
    pub sizes: Vec<Size>,
    /// Every word of the statements that could not be read: names among them may be missed elsewhere.
    pub broken: HashSet<String>,
    /// Whether the end was reached.
    pub whole: bool,
}

/// The same with all that adds up over files: that they exceed a limit together is not told. Of problems at most one more is
/// told than are shown, so that the caller knows.
pub(crate) fn read_file(text: &str, file: u32, limits: &Limits, out: &mut Vec<Diagnostic>) -> Reading {
    let mut reading = Reading { file: File::default(), sizes: Vec::new(), broken: HashSet::new(), whole: false };
    if text.len() > limits.source.min(u32::MAX as usize) {
        let message = format!("this file is too long: at most {} bytes are allowed", limits.source);
        let place = span_in(file, 0, 0, 0);
        out.push(Diagnostic::exceeded(message, place, "split it into several files", "source"));
        return reading;
    }
    let mut sum = Sum::default();
    for chunk in Splitter::new(text) {
        if out.len() > limits.diagnostics {
            return reading;
        }
        let place = span_in(file, chunk.start, 0, first_word(chunk.text).len());
        let rule = matches!(
            chunk.head,
            Head::Statement(
                "list"
                    | "region"
                    | "segment"
                    | "let"
                    | "score"
                    | "group"
                    | "stages"
                    | "program"
                    | "eligible"
                    | "applicable"
                    | "suitable"
                    | "suppress"
            )
        );
        let mut size = Size { place, rule, nodes: 0 };
        let statement = parse_chunk(&chunk, file, limits, out, &mut size.nodes);
        reading.sizes.push(size);
        if sum.add(&size, limits).is_some() {
            return reading;
        }
        match statement {
            Some(statement) => reading.file.statements.push(statement),
            None => reading.broken.extend(split_words(chunk.text).map(str::to_owned)),
        }
    }
    reading.whole = true;
    reading
}

/// The words of a text.
pub(crate) fn split_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !super::scan::is_word_char(c)).filter(|word| !word.is_empty())
}

/// The names of the grammar's rules that a text meets, statement by statement; one that cannot be read meets none. For tests
/// that ask whether every rule is met somewhere.
#[doc(hidden)]
pub fn rules_met(text: &str) -> Vec<String> {
    let read = |chunk: Chunk<'_>| {
        let Head::Statement(word) = chunk.head else { return Vec::new() };
        let pairs = entry(word).and_then(|rule| Grammar::parse(rule, chunk.text).ok());
        pairs.map_or(Vec::new(), |pairs| pairs.flatten().map(|pair| format!("{:?}", pair.as_rule())).collect())
    };
    Splitter::new(text).flat_map(read).collect()
}

/// Reads one statement and counts its nodes.
fn parse_chunk(
    chunk: &Chunk<'_>,
    file: u32,
    limits: &Limits,
    out: &mut Vec<Diagnostic>,
    nodes: &mut usize,
) -> Option<Statement> {
    let span = |start, end| span_in(file, chunk.start, start, end);
    let read = match chunk.head {
        Head::Statement(word) => match guard::check(chunk.text, span, limits) {
            Some(diagnostic) => Err(diagnostic),
            None => Grammar::parse(entry(word)?, chunk.text)
                .map_err(|error| translate::translate(&error, chunk.text, word, &span)),
        },
        Head::Later(word) => Err(later(word, span(0, first_word(chunk.text).len()))),
        Head::Unknown => Err(unknown(chunk.text, span)),
    };
    let mut pairs = read.map_err(|diagnostic| out.push(diagnostic)).ok()?;
    *nodes = pairs.clone().flatten().count();
    if *nodes > limits.nodes {
        return None;
    }
    let mut lower = Lower::new(chunk.text, file, chunk.start, out, limits.diagnostics.saturating_add(1));
    let statement = lower.statement(pairs.next()?);
    statement.filter(|_| !lower.broken())
}

fn entry(word: &str) -> Option<Rule> {
    Some(match word {
        "ruleset" => Rule::ruleset_statement,
        "profile" => Rule::profile_statement,
        "context" => Rule::context_statement,
        "event" => Rule::event_statement,
        "catalog" => Rule::catalog_statement,
        "list" => Rule::list_statement,
        "region" => Rule::region_statement,
        "let" => Rule::let_statement,
        "score" => Rule::score_statement,
        "group" => Rule::group_statement,
        "stages" => Rule::stages_statement,
        "segment" => Rule::segment_statement,
        "channel" => Rule::channel_statement,
        "policy" => Rule::policy_statement,
        "tiers" => Rule::tiers_statement,
        "holdout" => Rule::holdout_statement,
        "explore" => Rule::explore_statement,
        "objective" => Rule::objective_statement,
        "priority" => Rule::priority_statement,
        "threshold" => Rule::threshold_statement,
        "eligible" | "applicable" | "suitable" | "suppress" => Rule::clause_statement,
        "program" => Rule::program_statement,
        "test" => Rule::test_statement,
        "check" => Rule::check_statement,
        _ => return None,
    })
}

/// Places are 32 bits; a longer file was refused before.
fn span_in(file: u32, base: usize, start: usize, end: usize) -> Span {
    let place = |at: usize| u32::try_from(base.saturating_add(at)).unwrap_or(u32::MAX);
    Span { file, start: place(start), end: place(end) }
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !super::scan::is_word_char(c)).next().unwrap_or("")
}

fn later(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::Unsupported, span, format!("`{word}` statements are not supported yet"))
}

fn unknown(text: &str, span: impl Fn(usize, usize) -> Span) -> Diagnostic {
    let word = first_word(text);
    let length = if word.is_empty() { text.chars().next().map_or(0, char::len_utf8) } else { word.len() };
    let place = span(0, length);
    if word.is_empty() {
        return Diagnostic::error(Code::UnknownStatement, place, "expected a statement here")
            .label("not the beginning of a statement")
            .help("begin with a word such as `segment`, `let`, `event` or `program`");
    }
    let diagnostic =
        Diagnostic::error(Code::UnknownStatement, place, format!("no statement begins with `{}`", cut(word)));
    match nearest(word.get(..40).unwrap_or(word), words::STATEMENTS.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).suggest(place, near),
        None => diagnostic.help(format!("a statement begins with one of `{}`", words::STATEMENTS.join("`, `"))),
    }
}

/// A text short enough for a message.
fn cut(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}
