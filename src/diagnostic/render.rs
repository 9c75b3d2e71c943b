//! A diagnostic as plain text: line, carets, help.

use std::fmt;

use super::{Diagnostic, Severity, Sources, Span};

/// How many characters of a line are shown; a longer one is cut around its span.
const WIDTH: usize = 160;
/// How many characters before the span survive the cut.
const BEFORE: usize = 60;

pub(super) fn render(f: &mut fmt::Formatter<'_>, diagnostic: &Diagnostic, sources: &Sources) -> fmt::Result {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    // With its name, which a comment in the file can use.
    let lint = diagnostic.lint.map(|lint| format!(" {lint}")).unwrap_or_default();
    writeln!(f, "{severity}[{}{lint}]: {}", diagnostic.code, diagnostic.message)?;
    let spans = std::iter::once(diagnostic.span).chain(diagnostic.related.iter().map(|(span, _)| *span));
    let last = spans.filter_map(|span| sources.position(span)).map(|position| position.line).max().unwrap_or(0);
    let gutter = last.to_string().len();
    excerpt(f, sources, diagnostic.span, &diagnostic.label, '^', gutter)?;
    // What stands in the line just shown is marked below it, and needs no excerpt of its own.
    let (near, far): (Vec<_>, Vec<_>) =
        diagnostic.related.iter().partition(|(span, _)| shares_line(sources, diagnostic.span, *span));
    for (span, label) in near {
        if let Some((line, start)) = sources.line(*span) {
            let (before, marked, _) = cut(line, start, *span);
            underline(f, &before, &marked, label, '-', gutter)?;
        }
    }
    for (span, label) in far {
        excerpt(f, sources, *span, label, '-', gutter)?;
    }
    if let Some(help) = &diagnostic.help {
        let mut lines = help.lines();
        writeln!(f, "{:gutter$} = help: {}", "", lines.next().unwrap_or_default())?;
        for line in lines {
            writeln!(f, "{:gutter$}         {line}", "")?;
        }
    }
    match &diagnostic.suggestion {
        Some(suggestion) if diagnostic.help.is_none() && !suggestion.replacement.trim().is_empty() => {
            writeln!(f, "{:gutter$} = help: write `{}`", "", suggestion.replacement.trim())
        }
        _ => Ok(()),
    }
}

fn excerpt(
    f: &mut fmt::Formatter<'_>,
    sources: &Sources,
    span: Span,
    label: &str,
    mark: char,
    gutter: usize,
) -> fmt::Result {
    let name = sources.name(span.file).unwrap_or("the program");
    let (Some(position), Some((line, start))) = (sources.position(span), sources.line(span)) else {
        return writeln!(f, "{:gutter$}--> {name}", "");
    };
    let arrow = if mark == '^' { "-->" } else { ":::" };
    writeln!(f, "{:gutter$}{arrow} {name}:{}:{}", "", position.line, position.column)?;
    let (before, marked, after) = cut(line, start, span);
    writeln!(f, "{:gutter$} |", "")?;
    writeln!(f, "{:>gutter$} | {}", position.line, format!("{before}{marked}{after}").trim_end())?;
    underline(f, &before, &marked, label, mark, gutter)
}

/// Whether both begin in one line, short enough to be shown whole.
fn shares_line(sources: &Sources, one: Span, other: Span) -> bool {
    let whole = |span| sources.line(span).filter(|(line, _)| line.chars().take(BEFORE * 2).count() < BEFORE * 2);
    one.file == other.file && whole(one).zip(whole(other)).is_some_and(|((_, one), (_, other))| one == other)
}

/// A line around a span: what stands before, in and after it, as it may be shown.
fn cut(line: &str, start: usize, span: Span) -> (String, String, String) {
    let from = usize::try_from(span.start).unwrap_or(0).saturating_sub(start).min(line.len());
    let until = usize::try_from(span.end).unwrap_or(0).saturating_sub(start).clamp(from, line.len());
    let (before, rest) = line.split_at_checked(from).unwrap_or((line, ""));
    let (marked, after) = rest.split_at_checked(until.saturating_sub(from)).unwrap_or((rest, ""));
    let before = tail(&shown(before));
    let marked = head(&shown(marked), WIDTH.saturating_sub(before.chars().count()));
    let after =
        head(&shown(after), WIDTH.saturating_sub(before.chars().count()).saturating_sub(marked.chars().count()));
    (before, marked, after)
}

fn underline(
    f: &mut fmt::Formatter<'_>,
    before: &str,
    marked: &str,
    label: &str,
    mark: char,
    gutter: usize,
) -> fmt::Result {
    let indent = width(before);
    let carets = mark.to_string().repeat(width(marked).max(1));
    writeln!(f, "{}", format!("{:gutter$} | {:indent$}{carets} {label}", "", "").trim_end())
}

/// The text as a terminal may show it: tabs as four blanks, control characters as `�`.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(text.len()) {
        match c {
            '\t' => out.push_str("    "),
            c if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => {
                out.push('\u{FFFD}')
            }
            c => out.push(c),
        }
    }
    out
}

fn tail(text: &str) -> String {
    let count = text.chars().count();
    match count > BEFORE.saturating_mul(2) {
        true => std::iter::once('…').chain(text.chars().skip(count.saturating_sub(BEFORE))).collect(),
        false => text.to_owned(),
    }
}

fn head(text: &str, room: usize) -> String {
    match text.chars().nth(room) {
        Some(_) => text.chars().take(room).chain(std::iter::once('…')).collect(),
        None => text.to_owned(),
    }
}

/// Columns on a terminal: East Asian wide characters and emoji take two, combining marks none.
fn width(text: &str) -> usize {
    text.chars().map(columns).fold(0, usize::saturating_add)
}

fn columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' => 0,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}
