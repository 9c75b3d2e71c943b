//! One linear look at a statement before the grammar sees it: brackets, quotes and limits.
//!
//! The grammar is recursive and stops at its first surprise, so what could exhaust the stack must be refused here,
//! and what has a better explanation than "unexpected text" is explained here.

use crate::diagnostic::{Code, Diagnostic, Span};

use super::limits::Limits;
use super::scan::{Kind, Scanner, Token};

/// What is open around the current token.
struct Level<'a> {
    open: Token<'a>,
    height: Height,
    prefixes: usize,
}

/// How deep the tree of an expression will be, counted from its leaves while reading it.
#[derive(Default)]
struct Height {
    /// Of the operands since the last separator.
    chain: usize,
    /// Of everything before.
    finished: usize,
    /// `not` and `-` waiting for their operand.
    prefixes: usize,
    /// Whether an operand was read, so that `-` subtracts.
    operand: bool,
    /// Whether this part already compares; a second comparison nests.
    compared: bool,
}

impl Height {
    fn operand(&mut self, height: usize) {
        self.chain = self.chain.max(height.saturating_add(self.prefixes));
        self.prefixes = 0;
        self.operand = true;
    }

    fn operator(&mut self) {
        self.chain = self.chain.saturating_add(1);
        self.operand = false;
    }

    /// The first comparison is free, a second one compares the result of the first.
    fn comparison(&mut self) {
        if self.compared && self.operand {
            self.operator();
        }
        self.compared = true;
        self.operand = false;
    }

    fn separator(&mut self) {
        self.finished = self.total();
        *self = Height { finished: self.finished, ..Height::default() };
    }

    fn total(&self) -> usize {
        self.finished.max(self.chain.saturating_add(self.prefixes))
    }
}

/// Checks one statement; `None` when the grammar may read it.
pub(super) fn check(text: &str, span: impl Fn(usize, usize) -> Span, limits: &Limits) -> Option<Diagnostic> {
    let mut levels: Vec<Level<'_>> = Vec::new();
    let mut height = Height::default();
    let mut atoms: usize = 1;
    let place = |token: &Token<'_>| span(token.start, token.end());
    let mut scanner = Scanner::new(text).peekable();
    let mut after_is = false;
    while let Some(token) = scanner.next() {
        let is_not = std::mem::replace(&mut after_is, token.is_word("is"));
        match token.kind {
            Kind::OpenText => {
                return Some(
                    Diagnostic::error(Code::UnterminatedText, place(&token), "this text has no closing quote")
                        .label("opened here")
                        .help("close it with `\"` on the same line"),
                );
            }
            Kind::Open => {
                if token.text == "{" {
                    atoms = 1;
                }
                let prefixes = height.prefixes;
                levels.push(Level { open: token, height: std::mem::take(&mut height), prefixes });
            }
            Kind::Close => {
                let Some(level) = levels.pop() else {
                    return Some(unopened(&token, place(&token)));
                };
                if partner(level.open.text) != token.text {
                    return Some(mismatched(&level.open, &token, place(&level.open), place(&token)));
                }
                let inner = height.total().saturating_add(1);
                height = level.height;
                height.prefixes = level.prefixes;
                height.operand(inner);
                if token.text == "}" {
                    atoms = 1;
                    height.separator();
                }
            }
            Kind::Number | Kind::Text => height.operand(0),
            Kind::Word => match word(&token) {
                Word::Not if is_not => {}
                Word::Not if !height.operand => height.prefixes = height.prefixes.saturating_add(1),
                // `x not in …`: part of an operator.
                Word::Not => height.operand = false,
                // `or missing` follows a condition and wraps it.
                Word::Joint if scanner.peek().is_some_and(|next| next.is_word("missing")) => height.operator(),
                Word::Joint => {
                    atoms = atoms.saturating_add(1);
                    height.separator();
                }
                Word::Start => {
                    atoms = 1;
                    height.separator();
                }
                Word::Comparison => height.comparison(),
                Word::Wrap => height.operator(),
                Word::Other => height.operand(0),
            },
            Kind::Symbol => match token.text {
                "," => {
                    atoms = atoms.saturating_add(1);
                    height.separator();
                }
                "-" | "!" if !height.operand => height.prefixes = height.prefixes.saturating_add(1),
                "+" | "-" | "*" | "/" => height.operator(),
                "=" | "<" | ">" | "&" | "|" | "!" => height.comparison(),
                _ => {}
            },
        }
        if levels.len().max(height.total()) > limits.nesting {
            let help = "give a part of it a name with `let` or `segment`, and use the name here";
            return Some(nested(limits.nesting, place(&token), help));
        }
        if levels.iter().rev().take(1).any(|level| level.prefixes > limits.nesting) {
            return Some(nested(limits.nesting, place(&token), "remove the repeated `not` or `-`"));
        }
        if atoms > limits.atoms {
            let message = format!("too many conditions and items in one rule: at most {} are allowed", limits.atoms);
            let help =
                "split the rule into several segments; a long list is better kept as an attribute of the customer";
            return Some(Diagnostic::exceeded(message, place(&token), help, "atoms"));
        }
    }
    levels.last().map(|level| unclosed(&level.open, place(&level.open)))
}

enum Word {
    Not,
    Joint,
    Comparison,
    Wrap,
    Start,
    Other,
}

fn word(token: &Token<'_>) -> Word {
    let is = |word: &str| token.is_word(word);
    if is("not") {
        Word::Not
    } else if is("and") || is("or") {
        Word::Joint
    } else if is("is") || is("between") {
        Word::Comparison
    } else if is("ignoring") {
        Word::Wrap
    } else if is("when") || is("value") || is("treat") || is("campaign") {
        Word::Start
    } else {
        Word::Other
    }
}

fn partner(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

fn unclosed(open: &Token<'_>, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnbalancedBrackets, span, format!("this `{}` is never closed", open.text))
        .label(format!("its `{}` is missing", partner(open.text)))
}

fn unopened(close: &Token<'_>, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnbalancedBrackets, span, format!("this `{}` closes nothing", close.text))
        .label("nothing is open here")
        .help(format!("remove it, or write the `{}` that it should close", opener(close.text)))
}

fn opener(close: &str) -> &'static str {
    match close {
        ")" => "(",
        "]" => "[",
        _ => "{",
    }
}

fn mismatched(open: &Token<'_>, close: &Token<'_>, open_at: Span, close_at: Span) -> Diagnostic {
    let right = partner(open.text);
    let message = format!("a `{}` is closed with `{right}`, not with `{}`", open.text, close.text);
    Diagnostic::error(Code::UnbalancedBrackets, close_at, message)
        .label(format!("should be `{right}`, or a `{right}` is missing before it"))
        .related(open_at, "opened here")
}

fn nested(limit: usize, span: Span, repair: &str) -> Diagnostic {
    let message = format!("this is nested too deeply: at most {limit} levels are allowed");
    Diagnostic::exceeded(message, span, repair, "nesting")
}
