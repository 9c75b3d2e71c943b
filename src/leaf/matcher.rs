//! Searchers for text, prepared once.

use std::sync::Arc;

use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};

use super::form::Pattern;

/// Regular expressions larger than this when compiled are refused: a megabyte.
pub const REGEX_SIZE: usize = 1 << 20;

/// Compiles a regular expression within the size limit.
///
/// # Errors
/// The text of what is wrong with it.
pub fn regex(pattern: &str, ignoring_case: bool) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(ignoring_case)
        .size_limit(REGEX_SIZE)
        .build()
        .map_err(|error| error.to_string())
}

/// A prepared search. One type per kind, so that a leaf's comparison is compiled into it.
pub trait Matcher: Send + Sync + 'static {
    /// Whether the text matches.
    fn matches(&self, text: &str) -> bool;
}

/// The whole text, exactly.
pub struct Equals(pub Arc<str>);
/// One of several, sorted.
pub struct OneOf(pub Arc<[Arc<str>]>);
/// Somewhere inside.
pub struct Contains(pub Finder<'static>);
/// At the start.
pub struct StartsWith(pub Arc<str>);
/// At the end.
pub struct EndsWith(pub Arc<str>);
/// Anything else: by regular expression, or ignoring case.
pub struct Loose(pub LooseKind);

/// The slower searches.
pub enum LooseKind {
    /// A regular expression; `None` matches nothing.
    Regex(Option<Regex>),
    /// Equal to one of these but for case.
    OneOf(Vec<Vec<char>>),
    /// Contains but for case.
    Contains(Vec<char>),
    /// Starts with but for case.
    StartsWith(Vec<char>),
    /// Ends with but for case.
    EndsWith(Vec<char>),
}

impl Matcher for Equals {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        text == &*self.0
    }
}

impl Matcher for OneOf {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        self.0.binary_search_by(|item| (**item).cmp(text)).is_ok()
    }
}

impl Matcher for Contains {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        self.0.find(text.as_bytes()).is_some()
    }
}

impl Matcher for StartsWith {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        text.starts_with(&*self.0)
    }
}

impl Matcher for EndsWith {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        text.ends_with(&*self.0)
    }
}

impl Matcher for Loose {
    fn matches(&self, text: &str) -> bool {
        match &self.0 {
            LooseKind::Regex(regex) => regex.as_ref().is_some_and(|regex| regex.is_match(text)),
            LooseKind::OneOf(items) => items.iter().any(|item| folded(text).eq(item.iter().copied())),
            LooseKind::Contains(needle) => {
                let mut rest = folded(text);
                loop {
                    if starts(rest.clone(), needle) {
                        return true;
                    }
                    if rest.next().is_none() {
                        return false;
                    }
                }
            }
            LooseKind::StartsWith(needle) => starts(folded(text), needle),
            LooseKind::EndsWith(needle) => {
                let mut tail = text.chars().rev().map(fold);
                needle.iter().rev().all(|&c| tail.next() == Some(c))
            }
        }
    }
}

fn starts(mut text: impl Iterator<Item = char>, needle: &[char]) -> bool {
    needle.iter().all(|&c| text.next() == Some(c))
}

/// The search for a pattern that needs no exact comparison.
pub fn loose(pattern: &Pattern, ignoring_case: bool) -> Loose {
    let fold_all = |text: &str| folded(text).collect::<Vec<char>>();
    Loose(match pattern {
        Pattern::OneOf(items) => LooseKind::OneOf(items.iter().map(|item| fold_all(item)).collect()),
        Pattern::Contains(needle) => LooseKind::Contains(fold_all(needle)),
        Pattern::StartsWith(needle) => LooseKind::StartsWith(fold_all(needle)),
        Pattern::EndsWith(needle) => LooseKind::EndsWith(fold_all(needle)),
        Pattern::Regex(source) => LooseKind::Regex(regex(source, ignoring_case).ok()),
    })
}

/// Equality but for case.
pub fn same_ignoring_case(a: &str, b: &str) -> bool {
    folded(a).eq(folded(b))
}

/// A text by Unicode simple case folding, one scalar at a time, so that nothing is allocated.
fn folded(text: &str) -> impl Iterator<Item = char> + Clone + '_ {
    text.chars().map(fold)
}

fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    unicode_case_mapping::case_folded(c).and_then(|folded| char::from_u32(folded.get())).unwrap_or(c)
}
