//! Where the grammar stops: what it expected, in the words of whoever writes rules.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::cut;
use super::grammar::Rule;
use super::phrase::{VALUE, keyword, phrase, spellings};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::syntax::scan::{Kind, Scanner, Token};
use crate::syntax::words;

/// Explains why a statement could not be read.
pub(super) fn translate(
    error: &Error<Rule>,
    text: &str,
    statement: &str,
    span: &impl Fn(usize, usize) -> Span,
) -> Diagnostic {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => &[],
    };
    let (mut earlier, mut last) = (None, None);
    let mut found = None;
    let mut next = None;
    let mut then = None;
    for token in Scanner::new(text) {
        if token.end() <= at {
            earlier = last.replace(token);
        } else if found.is_none() {
            found = Some(token);
        } else if next.is_none() {
            next = Some(token);
        }
        if next.is_some() && !found.as_ref().is_some_and(begins_step) {
            break;
        }
        if found.is_some() && token.is_word("then") {
            then = Some(token);
            break;
        }
    }
    let place = match (&found, &last) {
        (Some(token), _) => span(token.start, token.end()),
        (None, Some(last)) => span(last.end(), last.end()),
        (None, None) => span(0, 0),
    };
    let span_of = &|token: &Token<'_>| span(token.start, token.end());
    let context = Context { expected, statement, found, next, then, last, earlier, place, span_of };
    context.explain()
}

/// Whether the parenthesis around this word may be a step of `(…) then (…)`.
fn begins_step(token: &Token<'_>) -> bool {
    token.is_word("within") || token.is_word("where") || token.is_word("as")
}

struct Context<'a> {
    expected: &'a [Rule],
    statement: &'a str,
    found: Option<Token<'a>>,
    next: Option<Token<'a>>,
    /// The word `then` further on.
    then: Option<Token<'a>>,
    last: Option<Token<'a>>,
    /// The one before that.
    earlier: Option<Token<'a>>,
    place: Span,
    span_of: &'a dyn Fn(&Token<'_>) -> Span,
}

impl Context<'_> {
    fn explain(&self) -> Diagnostic {
        self.later()
            .or_else(|| self.split_unit())
            .or_else(|| self.missing_where())
            .or_else(|| self.missing_colon())
            .or_else(|| self.foreign())
            .or_else(|| self.missing_when())
            .or_else(|| self.misplaced())
            .or_else(|| self.reserved())
            .unwrap_or_else(|| self.unexpected())
    }

    fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    /// A word of a feature that does not exist yet, where it was met or just before.
    fn later(&self) -> Option<Diagnostic> {
        let is_later = |token: &Token<'_>| token.kind == Kind::Word && words::is_later(token.text);
        let call =
            self.found.filter(|token| token.text == "(" && self.last.is_some_and(|last| last.kind == Kind::Word));
        let later = self.found.filter(is_later).or_else(|| self.last.filter(is_later));
        let then = self.then.filter(|_| self.found.as_ref().is_some_and(begins_step));
        if let Some(token) = later.or(then) {
            let message = format!("`{}` is not supported yet", cut(token.text));
            return Some(Diagnostic::error(Code::Unsupported, (self.span_of)(&token), message));
        }
        let token = call.and(self.last)?;
        let message = format!("`{}(…)` is not supported here yet", cut(token.text));
        Some(Diagnostic::error(Code::Unsupported, (self.span_of)(&token), message))
    }

    /// `5 day s`
    fn split_unit(&self) -> Option<Diagnostic> {
        let (last, found) = (self.last?, self.found?);
        let joined = format!("{}{}", last.text, found.text);
        let unit = (last.kind == Kind::Word && found.kind == Kind::Word).then(|| crate::time::Unit::parse(&joined))?;
        let whole = (self.span_of)(&last).to(self.place);
        unit.map(|_| {
            Diagnostic::error(Code::UnknownUnit, whole, "this unit is written in two words")
                .help(format!("write `{joined}`"))
                .suggest(whole, joined)
        })
    }

    /// `value revenue 30 EUR`
    fn missing_colon(&self) -> Option<Diagnostic> {
        let first = self.earlier.is_some_and(|token| token.is_word("value"));
        let (aim, amount) = match self.expects(Rule::worth) {
            true => (self.found?, self.next?),
            false => (self.last.filter(|_| first)?, self.found?),
        };
        let missing = aim.kind == Kind::Word && amount.kind == Kind::Number;
        let end = (self.span_of)(&aim).end;
        missing.then(|| {
            Diagnostic::error(
                Code::Syntax,
                (self.span_of)(&amount),
                "a colon is missing between an aim and what is earned towards it",
            )
            .label(format!("towards `{}`?", cut(aim.text)))
            .help(format!("write `{}: {} …`", cut(aim.text), cut(amount.text)))
            .suggest(Span { start: end, end, ..self.place }, ":")
        })
    }

    /// Characters that other languages or word processors use.
    fn foreign(&self) -> Option<Diagnostic> {
        let found = self.found?;
        let first = found.text.chars().next()?;
        let right = match first {
            '≥' => ">=",
            '≤' => "<=",
            '≠' => "!=",
            '×' => "*",
            '÷' => "/",
            '–' | '—' | '−' => "-",
            '’' if self.last.is_some_and(|last| last.kind == Kind::Word && last.end() == found.start) => {
                let message = "names consist of the letters a–z, digits and `_`";
                return Some(Diagnostic::error(Code::Syntax, self.place, message).label("not allowed in a name"));
            }
            '‘' | '’' | '“' | '”' | '„' | '«' | '»' | '\'' | '`' => {
                let code = if found.text.len() > first.len_utf8() { Code::WrongQuotes } else { Code::UnterminatedText };
                let diagnostic = Diagnostic::error(code, self.place, "texts stand in straight double quotes");
                if code == Code::UnterminatedText {
                    return Some(diagnostic.help("write for example `\"Paris\"`"));
                }
                let content: String = found.text.chars().skip(1).collect();
                let content = content.get(..content.char_indices().next_back()?.0)?;
                let mended = crate::syntax::printer::quoted(content);
                return Some(
                    diagnostic
                        .label("these are other quotes")
                        .help(format!("write `{}`", cut(&mended)))
                        .suggest(self.place, mended),
                );
            }
            _ if found.kind == Kind::Symbol && first.is_alphabetic() => {
                let message = "names consist of the letters a–z, digits and `_`";
                return Some(Diagnostic::error(Code::Syntax, self.place, message).label("not allowed in a name"));
            }
            ';' => {
                let message = "statements need no `;` between them";
                return Some(
                    Diagnostic::error(Code::Syntax, self.place, message).help("remove it").suggest(self.place, ""),
                );
            }
            _ => return None,
        };
        Some(super::repair::operator(self.place, found.text, right))
    }

    fn missing_when(&self) -> Option<Diagnostic> {
        let found = self.found?;
        if !self.expects(Rule::kw_when) || self.statement != "segment" {
            return None;
        }
        let here = Span { end: self.place.start, ..self.place };
        Some(
            Diagnostic::error(Code::Syntax, self.place, format!("expected `when`, found `{}`", cut(found.text)))
                .help("write `when` before the condition: `segment vip when …`")
                .suggest(here, "when "),
        )
    }

    /// Words that are right elsewhere.
    fn misplaced(&self) -> Option<Diagnostic> {
        let found = self.found?;
        let here = Span { end: self.place.start, ..self.place };
        let error = |message: &str| Diagnostic::error(Code::Syntax, self.place, message);
        if !self.expects(Rule::symbol_op) {
            return None;
        }
        if found.is_word("within") || found.is_word("since") || found.is_word("until") {
            let diagnostic = error("a period of time cannot stand here").label("of which date or event?");
            let name = self.last.filter(|last| last.kind == Kind::Word && !words::is_state(last.text));
            if let Some(name) = name {
                let help = format!("for a date, write `{} is {} …`", cut(name.text), found.text.to_lowercase());
                return Some(diagnostic.help(help).suggest(here, "is "));
            }
            let help =
                "a period follows an event, inside the parentheses: `any(order within 30 days)`; or a date and `is`";
            return Some(diagnostic.help(help));
        }
        if found.is_word("not") {
            let verbs = [("contains", "contain"), ("starts", "start"), ("ends", "end"), ("matches", "match")];
            let next = self.next?;
            let verb = verbs.iter().find(|(verb, stem)| next.is_word(verb) || next.is_word(stem));
            let diagnostic = error("`not` cannot stand here");
            let Some((_, stem)) = verb else {
                return Some(diagnostic.help("write `!=`, `not in [ … ]`, `does not contain …` or `is not …`"));
            };
            let whole = self.place.to((self.span_of)(&next));
            let mended = format!("does not {stem}");
            return Some(diagnostic.help(format!("write `{mended}`")).suggest(whole, mended));
        }
        if found.is_word("in") {
            return Some(
                error("`in segment` asks about the customer, not about a value")
                    .help("write `in segment vip` alone, or `x in [ … ]`"),
            );
        }
        // Something that can only begin another condition.
        let begins = match found.kind {
            Kind::Word => self.next.is_some_and(|next| {
                matches!(next.text, "=" | "<" | ">" | "!" | "(" | ".")
                    || next.kind == Kind::Word && words::is_test(next.text)
            }),
            Kind::Open => found.text == "(",
            _ => false,
        };
        let whole = self.last.is_some_and(|last| !words::demands_operand(last.text));
        (begins && whole && !self.misspelled(&found)).then(|| {
            error(&format!("`and` or `or` is missing before `{}`", cut(found.text)))
                .label("another condition begins here")
                .help("if both must hold, write `and` before it; if one is enough, `or`")
        })
    }

    /// Whether a word is nearly one that could stand here.
    fn misspelled(&self, found: &Token<'_>) -> bool {
        let known: Vec<String> = self.expected.iter().flat_map(|rule| spellings(*rule)).collect();
        nearest(found.text, known.iter().map(String::as_str)).is_some()
    }

    /// `any(order.total > 5)`
    fn missing_where(&self) -> Option<Diagnostic> {
        let found = self.found.filter(|found| matches!(found.text, "=" | "<" | ">" | "!"))?;
        if !self.expects(Rule::kw_where) && !self.expects(Rule::where_part) {
            return None;
        }
        let message = "a condition on an event stands after `where`";
        let mut diagnostic = Diagnostic::error(Code::Syntax, self.place, message).label("nothing can be compared here");
        if let Some(property) = self.last.filter(|last| last.kind == Kind::Word) {
            let help = format!("write for example `any(order where {} {} …)`", cut(property.text), found.text);
            diagnostic = diagnostic.help(help);
        }
        Some(diagnostic)
    }

    /// A word of the language where only a name can stand.
    fn reserved(&self) -> Option<Diagnostic> {
        let found = self.found.filter(|token| token.kind == Kind::Word && words::is_reserved(token.text))?;
        let value = self.expected.iter().any(|rule| phrase(*rule) == Some(VALUE));
        if !self.expects(Rule::name) || value {
            return None;
        }
        let message = format!("`{}` is a word of the language and cannot be a name", cut(found.text));
        let renamed = format!("{}_", found.text);
        Some(
            Diagnostic::error(Code::ReservedWord, self.place, message)
                .help(format!("choose another name, such as `{renamed}`")),
        )
    }

    fn unexpected(&self) -> Diagnostic {
        let mut phrases: Vec<String> = Vec::new();
        for rule in self.expected {
            let text = phrase(*rule).map_or_else(|| keyword(*rule), |text| Some(text.to_owned()));
            if let Some(text) = text.filter(|text| !phrases.contains(text)) {
                phrases.push(text);
            }
        }
        if phrases.is_empty() {
            // The grammar names its rules, not its punctuation; what is left is punctuation.
            phrases.push(
                if self.last.is_some_and(|last| last.kind == Kind::Word) {
                    "`{`, `(` or `=`"
                } else {
                    "something else"
                }
                .to_owned(),
            );
        }
        if phrases.iter().any(|phrase| phrase == VALUE) {
            phrases = vec![VALUE.to_owned()];
        }
        phrases.truncate(6);
        let expected = match phrases.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => phrases.concat(),
        };
        let found =
            self.found.map_or_else(|| "the end of the statement".to_owned(), |token| format!("`{}`", cut(token.text)));
        let diagnostic = Diagnostic::error(Code::Syntax, self.place, format!("expected {expected}, found {found}"));
        let near = self.found.filter(|token| token.kind == Kind::Word && token.text.len() < 40).and_then(|token| {
            let keywords: Vec<String> = self.expected.iter().flat_map(|rule| spellings(*rule)).collect();
            nearest(token.text, keywords.iter().map(String::as_str)).map(str::to_owned)
        });
        match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")).suggest(self.place, near),
            None if self.found.is_none() => diagnostic.label("something is missing here"),
            None if phrases == ["a name"] && self.found.is_some_and(|found| found.kind == Kind::Text) => {
                diagnostic.help("a name is one word of letters, digits and `_`, without quotes")
            }
            None => diagnostic.label("not expected here"),
        }
    }
}
