//! Numbers, amounts, dates and texts.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::cut;
use super::grammar::{Pair, Rule};
use super::lower::{Lower, inner, too_large};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::geo::DistanceUnit;
use crate::syntax::ast::{Distance, Duration, Literal, Moment, Name, Spanned};
use crate::syntax::scan::{Kind, Scanner};
use crate::syntax::words;
use crate::time::{Date, Instant, Period, TimeOfDay, Unit};

const UNITS: [&str; 7] = ["seconds", "minutes", "hours", "days", "weeks", "months", "years"];

/// What stands for a literal that could not be read; the statement is dropped.
const HOLE: Literal = Literal::Bool(false);

impl Lower<'_> {
    /// A number with or without `%`, currency or unit.
    pub fn quantity(&mut self, pair: &Pair<'_>) -> Literal {
        let span = self.span(pair);
        let mut parts = inner(pair);
        let Some(amount) = parts.next() else { return HOLE };
        let digits: String = amount.as_str().chars().filter(|c| *c != '_').collect();
        let Some(suffix) = parts.next() else { return self.number(digits, span) };
        match suffix.as_rule() {
            Rule::percent => Literal::Percent(digits),
            Rule::currency => Literal::Money { amount: digits, currency: self.name(&suffix) },
            Rule::unit => Literal::Duration(self.duration_parts(pair)),
            Rule::distance_unit => distance(digits, &suffix).map_or(HOLE, Literal::Distance),
            _ => {
                self.unknown_unit(&amount, &suffix);
                HOLE
            }
        }
    }

    fn number(&mut self, digits: String, span: Span) -> Literal {
        if digits.contains('.') {
            return Literal::Number(digits);
        }
        match digits.parse() {
            Ok(value) => Literal::Int(value),
            Err(_) => {
                self.fail(too_large(span, &digits));
                HOLE
            }
        }
    }

    fn duration_parts(&mut self, pair: &Pair<'_>) -> Duration {
        let mut parts: Vec<(i64, Unit)> = Vec::new();
        let mut pending: Option<Pair<'_>> = None;
        for part in inner(pair) {
            match (part.as_rule(), pending.take()) {
                (Rule::unit, Some(amount)) => {
                    let count = self.whole(&amount, part.as_str());
                    let unit = Unit::parse(part.as_str()).unwrap_or(Unit::Day);
                    if parts.iter().any(|(_, before)| *before == unit) {
                        let span = self.span(&part);
                        self.fail(
                            Diagnostic::error(Code::BadNumber, span, format!("`{unit}` is counted twice"))
                                .label("again here")
                                .help("add them up"),
                        );
                        break;
                    }
                    parts.push((count, unit));
                }
                _ => pending = Some(part),
            }
        }
        let period = Period::from_parts(&parts).unwrap_or_else(|| {
            let span = self.span(pair);
            self.fail(Diagnostic::error(Code::BadNumber, span, "this amount of time is too long"));
            Period::default()
        });
        Duration { parts, period }
    }

    fn whole(&mut self, amount: &Pair<'_>, unit: &str) -> i64 {
        if amount.as_str().contains('.') {
            let span = self.span(amount);
            self.fail(
                Diagnostic::error(Code::BadNumber, span, "amounts of time are whole numbers")
                    .label(format!("not a whole number of {unit}"))
                    .help("use a smaller unit: `36 hours` instead of `1.5 days`"),
            );
            return 0;
        }
        self.int(amount).node
    }

    fn unknown_unit(&mut self, amount: &Pair<'_>, unit: &Pair<'_>) {
        let span = self.span(unit);
        let word = cut(unit.as_str());
        if let Some(diagnostic) = self.missing_joint(unit, span) {
            self.stray = Some(span);
            return self.fail(diagnostic);
        }
        let diagnostic = Diagnostic::error(Code::UnknownUnit, span, format!("there is no unit `{word}`"));
        let upper = word.to_ascii_uppercase();
        let known = ["EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "PLN", "CNY", "INR", "BRL"];
        let near = distance_unit(&word.to_lowercase()).or_else(|| nearest(&word.to_lowercase(), UNITS));
        let near = near.or_else(|| known.into_iter().find(|code| *code == upper));
        self.fail(match (near, word.to_ascii_lowercase().as_str()) {
            (None, "am" | "pm") => {
                let written = format!("{}:00{word}", amount.as_str());
                let error = Diagnostic::error(Code::BadDate, span, "times of day go from `00:00` to `23:59`");
                match mended_time(&written) {
                    Some(time) => {
                        let whole = self.span(amount).to(span);
                        error.help(format!("write `{time}`")).suggest(whole, time.to_string())
                    }
                    None => error.help("write for example `21:00`"),
                }
            }
            (Some(near), _) => {
                diagnostic.help(format!("did you mean `{} {near}`?", amount.as_str())).suggest(span, near)
            }
            (None, _) => diagnostic.help(format!("time is counted in {}; money is written `50 EUR`", UNITS.join(", "))),
        });
    }

    /// `age >= 18 city = "Paris"`, `age >= 18 adn …`: the word is no unit but the next condition, or a joint misspelled.
    fn missing_joint(&self, unit: &Pair<'_>, span: Span) -> Option<Diagnostic> {
        let word = unit.as_str();
        let error = |message: String| Diagnostic::error(Code::Syntax, span, message);
        if let Some(near) = nearest(&word.to_lowercase(), ["and", "or"]).filter(|near| near.len() == word.len()) {
            let diagnostic = error(format!("there is no `{word}` in rules"));
            return Some(diagnostic.help(format!("did you mean `{near}`?")).suggest(span, near));
        }
        let next = Scanner::new(self.text.get(unit.as_span().end()..)?).next()?;
        let compares =
            matches!(next.text, "=" | "<" | ">" | "!") || next.kind == Kind::Word && words::is_test(next.text);
        compares.then(|| {
            error(format!("`and` or `or` is missing before `{}`", cut(word)))
                .label("another condition begins here")
                .help("if both must hold, write `and` before it; if one is enough, `or`")
        })
    }

    /// An amount of time after a word such as `within`.
    pub fn duration(&mut self, pair: &Pair<'_>, after: &str) -> Spanned<Duration> {
        let span = self.span(pair);
        let node = match self.quantity(pair) {
            Literal::Duration(duration) => duration,
            Literal::Int(count) => {
                let message = format!("{after} {count} what: days, hours, …?");
                let end = Span { start: span.end, ..span };
                self.fail(
                    Diagnostic::error(Code::MissingUnit, span, message)
                        .label("the unit is missing")
                        .help(format!("write for example `{after} {count} days`"))
                        .suggest(end, " days"),
                );
                hole()
            }
            Literal::Bool(_) => hole(),
            other => {
                let message = format!("after `{after}` stands an amount of time");
                let label = match &other {
                    Literal::Percent(_) => "this is a percentage",
                    Literal::Money { .. } => "this is an amount of money",
                    Literal::Distance(_) => "this is a distance",
                    _ => "the unit is missing",
                };
                let help = match other {
                    Literal::Distance(_) => {
                        format!("a distance is `{after} 10 km of` a place; write for example `{after} 30 days`")
                    }
                    _ => format!("write for example `{after} 30 days`"),
                };
                self.fail(Diagnostic::error(Code::MissingUnit, span, message).label(label).help(help));
                hole()
            }
        };
        Spanned { node, span }
    }

    /// `2026-01-31`
    pub fn date(&mut self, pair: &Pair<'_>) -> Literal {
        match Date::parse(pair.as_str()) {
            Some(date) => Literal::Date(date),
            None => {
                let span = self.span(pair);
                let diagnostic = Diagnostic::error(Code::BadDate, span, format!("there is no day {}", pair.as_str()));
                let month = pair.as_str().get(..8).unwrap_or_default();
                let last = (28..=31).rev().find_map(|day| Date::parse(&format!("{month}{day}")));
                self.fail(match last {
                    Some(last) => diagnostic.label(format!("the month ends on {last}")),
                    None => diagnostic.label("a date is year-month-day"),
                });
                HOLE
            }
        }
    }

    /// `2026-03-10T12:00:00+01:00`
    pub fn instant(&mut self, pair: &Pair<'_>) -> Literal {
        // A moment that its own text would not name again (before year 0) is refused too.
        let readable = |moment: &Moment| Moment::parse(&moment.to_string()).as_ref() == Some(moment);
        match Moment::parse(pair.as_str()).filter(readable) {
            Some(moment) => Literal::Instant(moment),
            None => {
                let span = self.span(pair);
                self.fail(bad_moment(pair.as_str(), span));
                HOLE
            }
        }
    }

    /// A distance after `within`.
    pub fn length(&mut self, pair: &Pair<'_>) -> Option<Spanned<Distance>> {
        let mut parts = inner(pair);
        let (amount, unit) = (parts.next()?, parts.next()?);
        if unit.as_rule() == Rule::unknown_unit {
            self.unknown_unit(&amount, &unit);
            return None;
        }
        let digits = amount.as_str().chars().filter(|c| *c != '_').collect();
        Some(Spanned { node: distance(digits, &unit)?, span: self.span(pair) })
    }

    /// `09:30`
    pub fn clock(&mut self, pair: &Pair<'_>) -> Literal {
        let text = pair.as_str();
        if let Some(time) = TimeOfDay::parse(text) {
            return Literal::Time(time);
        }
        let span = self.span(pair);
        let shown = cut(text);
        let diagnostic = Diagnostic::error(Code::BadDate, span, format!("{shown} is not a time of day"));
        self.fail(match mended_time(text) {
            Some(time) => diagnostic.help(format!("write `{time}`")).suggest(span, time.to_string()),
            None if text.starts_with("24:") => {
                diagnostic.help("a day ends with `23:59`; the midnight after it is `00:00`")
            }
            None => diagnostic.help("a time of day has two digits for hour and minute, from `00:00` to `23:59`"),
        });
        HOLE
    }

    /// `2024-1-1` or `5-3`: neither a date nor a subtraction.
    pub fn bad_date(&mut self, pair: &Pair<'_>) -> Literal {
        let span = self.span(pair);
        let parts: Vec<&str> = pair.as_str().split('-').collect();
        let diagnostic = Diagnostic::error(Code::BadDate, span, format!("{} is not a date", cut(pair.as_str())));
        self.fail(match parts.as_slice() {
            [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
                let date = format!("{year}-{month:0>2}-{day:0>2}");
                diagnostic.help(format!("dates have two digits for month and day: `{date}`")).suggest(span, date)
            }
            [day, month, year] if year.len() == 4 && day.parse::<u8>().is_ok_and(|day| day > 12) => {
                let date = format!("{year}-{month:0>2}-{day:0>2}");
                diagnostic.help(format!("dates are written year-month-day: `{date}`")).suggest(span, date)
            }
            [left, right] => {
                let spaced = format!("{left} - {right}");
                diagnostic
                    .help(format!("for a subtraction put spaces around `-`: `{spaced}`; a date is `2026-01-31`"))
                    .suggest(span, spaced)
            }
            _ => diagnostic.help("dates are written year-month-day: `2026-01-31`"),
        });
        HOLE
    }

    /// A date or moment at the edge of a window.
    pub fn day(&mut self, pair: &Pair<'_>) -> Option<Date> {
        match pair.as_rule() {
            Rule::date => match self.date(pair) {
                Literal::Date(date) => Some(date),
                _ => None,
            },
            Rule::bad_date => {
                self.bad_date(pair);
                None
            }
            _ => {
                let span = self.span(pair);
                let help = "write the day alone: `2026-01-31`";
                self.fail(Diagnostic::error(Code::BadDate, span, "a window counts whole days").help(help));
                None
            }
        }
    }

    /// The content of a text, in NFC.
    pub fn text(&mut self, pair: &Pair<'_>) -> Name {
        let span = self.span(pair);
        let raw = pair.as_str();
        let content = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        let start = pair.as_span().start().saturating_add(1);
        let content = if content.contains('\\') { self.unescape(content, start) } else { content.to_owned() };
        let node = if is_nfc(&content) { content } else { content.nfc().collect() };
        Spanned { node, span }
    }

    fn unescape(&mut self, content: &str, start: usize) -> String {
        let mut out = String::with_capacity(content.len());
        let mut chars = content.char_indices();
        while let Some((at, c)) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some((_, '"')) => out.push('"'),
                Some((_, '\\')) => out.push('\\'),
                Some((_, 'n')) => out.push('\n'),
                Some((_, 't')) => out.push('\t'),
                other => {
                    let length = other.map_or(1, |(_, c)| c.len_utf8().saturating_add(1));
                    let at = start.saturating_add(at);
                    let span = self.place(at, at.saturating_add(length));
                    let written = self.slice(span);
                    self.fail(
                        Diagnostic::error(Code::BadEscape, span, format!("`{written}` means nothing in a text"))
                            .label("a backslash is written twice")
                            .help(format!("write `\\{written}`"))
                            .suggest(span, format!("\\{written}")),
                    );
                }
            }
        }
        out
    }

    /// A text in quotes of another kind.
    pub fn foreign_text(&mut self, pair: &Pair<'_>) -> Literal {
        let span = self.span(pair);
        let raw = pair.as_str();
        let content: String = raw.chars().skip(1).take(raw.chars().count().saturating_sub(2)).collect();
        let mended = crate::syntax::printer::quoted(&content);
        self.report(
            Diagnostic::error(Code::WrongQuotes, span, "texts stand in straight double quotes")
                .label("these are other quotes")
                .help(format!("write `{}`", cut(&mended)))
                .suggest(span, mended),
        );
        Literal::Text(content.nfc().collect())
    }
}

/// The symbol of a unit of distance that is written out.
fn distance_unit(word: &str) -> Option<&'static str> {
    match word {
        "metre" | "metres" | "meter" | "meters" => Some("m"),
        "kilometre" | "kilometres" | "kilometer" | "kilometers" | "kms" => Some("km"),
        "mile" | "miles" => Some("mi"),
        _ => None,
    }
}

fn distance(amount: String, unit: &Pair<'_>) -> Option<Distance> {
    Some(Distance { amount, unit: DistanceUnit::of_symbol(unit.as_str())? })
}

/// What `9:30` and `9:30pm` mean.
fn mended_time(text: &str) -> Option<TimeOfDay> {
    let lower = text.to_ascii_lowercase();
    let (clock, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (lower.as_str(), None),
    };
    let (hour, rest) = clock.split_once(':')?;
    let hour: u32 = hour.parse().ok()?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    TimeOfDay::parse(&format!("{hour:02}:{rest}"))
}

fn hole() -> Duration {
    Duration { parts: Vec::new(), period: Period::default() }
}
/// A moment that cannot be read: often only the offset is missing.
fn bad_moment(written: &str, span: Span) -> Diagnostic {
    let with_seconds = format!("{written}{}Z", if written.matches(':').count() == 1 { ":00" } else { "" });
    let help = "write date, time and offset: `2026-03-10T12:00:00+01:00` or `2026-03-10T11:00:00Z`";
    match Instant::parse(&with_seconds) {
        Some(_) => Diagnostic::error(Code::BadDate, span, "this moment has no offset")
            .label("midday in Paris is not midday in New York")
            .help(format!("{help}; `Z` is UTC"))
            .suggest(span, with_seconds),
        None => Diagnostic::error(Code::BadDate, span, "there is no such moment, or it is written in another way")
            .help(help),
    }
}
