//! Searchers for text, prepared once.

use std::sync::Arc;

use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};

use super::form::Pattern;
use super::like::{Sign, fits};
use super::plan::Order;
use super::version::{OwnVersion, Reading, Version};

/// Compiles a regular expression of at most so many bytes when compiled.
///
/// # Errors
/// What is wrong with it.
pub fn regex(pattern: &str, ignoring_case: bool, size: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).case_insensitive(ignoring_case).size_limit(size).build()
}

/// A prepared search. One type per kind, so that a leaf's comparison is compiled into it.
pub trait Matcher: Send + Sync + 'static {
    /// Whether the text matches.
    fn matches(&self, text: &str) -> bool;
}

/// The whole text, exactly.
pub struct Equals(Piece);
/// One of several.
pub struct OneOf {
    /// The lengths of the short ones, a bit each: most texts are of another one.
    lengths: u32,
    /// Those of up to sixteen bytes, as most are: compared as words, without a call.
    short: Box<[(usize, Ends)]>,
    /// The longer ones, sorted.
    long: Box<[Arc<str>]>,
}
/// Somewhere inside.
pub struct Contains(Finder<'static>);
/// At the start.
pub struct StartsWith(Piece);
/// At the end.
pub struct EndsWith(Piece);

/// A text to compare with.
struct Piece {
    text: Arc<str>,
    ends: Option<Ends>,
}

/// The first and the last eight bytes (of less than eight: four; of less than four: all) of a text of up to sixteen: of
/// two texts of the same length, equal if and only if the texts are.
type Ends = (u64, u64);

#[inline]
fn ends(bytes: &[u8]) -> Option<Ends> {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return (bytes.len() <= 16).then(|| (u64::from_ne_bytes(*first), u64::from_ne_bytes(*last)));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return Some((u32::from_ne_bytes(*first).into(), u32::from_ne_bytes(*last).into()));
    }
    let first = bytes.first_chunk().map_or(0, |first| u16::from_ne_bytes(*first));
    Some((first.into(), bytes.last().copied().unwrap_or_default().into()))
}

impl Piece {
    fn new(text: &Arc<str>) -> Self {
        Piece { text: Arc::clone(text), ends: ends(text.as_bytes()) }
    }

    fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether these bytes, as many as the piece has, are the same.
    #[inline]
    fn is(&self, bytes: &[u8]) -> bool {
        match self.ends {
            Some(own) => ends(bytes) == Some(own),
            None => bytes == self.text.as_bytes(),
        }
    }
}

impl Equals {
    /// Prepares.
    pub fn new(text: &Arc<str>) -> Self {
        Equals(Piece::new(text))
    }
}

impl OneOf {
    /// Prepares.
    pub fn new(items: &[Arc<str>]) -> Self {
        let short = items.iter().filter_map(|item| Some((item.len(), ends(item.as_bytes())?)));
        let mut long: Vec<Arc<str>> = items.iter().filter(|item| item.len() > 16).cloned().collect();
        long.sort_unstable();
        let mut short: Box<[_]> = short.collect();
        short.sort_unstable();
        let lengths = short.iter().fold(0, |lengths, (len, _)| lengths | 1 << len);
        OneOf { lengths, short, long: long.into() }
    }
}

impl Contains {
    /// Prepares.
    pub fn new(needle: &str) -> Self {
        Contains(Finder::new(needle.as_bytes()).into_owned())
    }
}

impl Pieces {
    /// Prepares a pattern of two texts and more with runs between them; `None` where it is none.
    pub fn new(signs: &[Sign]) -> Option<Self> {
        let texts = signs.split(|sign| *sign == Sign::Run).map(|signs| {
            let chars = signs.iter().map(|sign| match sign {
                Sign::Char(c) => Some(*c),
                Sign::Run | Sign::One => None,
            });
            chars.collect::<Option<String>>().map(Arc::from)
        });
        let texts = texts.collect::<Option<Vec<Arc<str>>>>()?;
        let [start, inside @ .., end] = texts.as_slice() else { return None };
        Some(Pieces {
            start: Piece::new(start),
            inside: inside.iter().map(|text| Finder::new(text.as_bytes()).into_owned()).collect(),
            end: Piece::new(end),
        })
    }
}

impl StartsWith {
    /// Prepares.
    pub fn new(needle: &Arc<str>) -> Self {
        StartsWith(Piece::new(needle))
    }
}

impl EndsWith {
    /// Prepares.
    pub fn new(needle: &Arc<str>) -> Self {
        EndsWith(Piece::new(needle))
    }
}

/// A text at the start, one at the end, and some in between, in their order.
pub struct Pieces {
    start: Piece,
    inside: Box<[Finder<'static>]>,
    end: Piece,
}

/// Anything else: by regular expression, or ignoring case.
pub struct Loose(pub LooseKind);

/// The slower searches.
pub enum LooseKind {
    /// With wildcards; but for case, if so.
    Like(Vec<Sign>, bool),
    /// With wildcards that are runs only.
    Pieces(Pieces),
    /// By the order of versions; `None` matches nothing.
    Version(Order, Option<OwnVersion>),
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
        text.len() == self.0.len() && self.0.is(text.as_bytes())
    }
}

/// Up to so many are looked through, more are searched.
const FEW: usize = 12;

impl Matcher for OneOf {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        let len = text.len();
        if len <= 16 && self.lengths >> len & 1 == 0 {
            return false;
        }
        match ends(text.as_bytes()) {
            Some(ends) if self.short.len() <= FEW => self.short.contains(&(len, ends)),
            Some(ends) => self.short.binary_search(&(len, ends)).is_ok(),
            None => self.long.binary_search_by(|item| (**item).cmp(text)).is_ok(),
        }
    }
}

impl Matcher for Contains {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        self.0.find(text.as_bytes()).is_some()
    }
}

impl Matcher for Pieces {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        let ends = text.as_bytes().split_at_checked(self.start.len()).and_then(|(start, rest)| {
            let (inside, end) = rest.split_at_checked(rest.len().checked_sub(self.end.len())?)?;
            (self.start.is(start) && self.end.is(end)).then_some(inside)
        });
        // The first place for each leaves most room for those that follow.
        ends.and_then(|inside| {
            self.inside.iter().try_fold(inside, |rest, piece| rest.get(piece.find(rest)? + piece.needle().len()..))
        })
        .is_some()
    }
}

impl Matcher for StartsWith {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        text.as_bytes().get(..self.0.len()).is_some_and(|start| self.0.is(start))
    }
}

impl Matcher for EndsWith {
    #[inline]
    fn matches(&self, text: &str) -> bool {
        let start = text.len().checked_sub(self.0.len());
        start.and_then(|start| text.as_bytes().get(start..)).is_some_and(|end| self.0.is(end))
    }
}

impl Matcher for Loose {
    fn matches(&self, text: &str) -> bool {
        match &self.0 {
            LooseKind::Pieces(pieces) => pieces.matches(text),
            LooseKind::Like(signs, true) => fits(signs, folded(text)),
            LooseKind::Like(signs, false) => fits(signs, text.chars()),
            LooseKind::Version(order, bound) => {
                let version = Version::parse(text, Reading::Lenient);
                version.zip(bound.as_ref()).is_some_and(|(version, bound)| order.holds(&version, &bound.get()))
            }
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
        Pattern::Like(signs) => {
            if let Some(pieces) = Pieces::new(signs).filter(|_| !ignoring_case) {
                return Loose(LooseKind::Pieces(pieces));
            }
            let folded = |sign: &Sign| match sign {
                Sign::Char(c) if ignoring_case => Sign::Char(fold(*c)),
                sign => *sign,
            };
            LooseKind::Like(signs.iter().map(folded).collect(), ignoring_case)
        }
        Pattern::Version(order, bound) => {
            LooseKind::Version(*order, Version::parse(bound, Reading::Lenient).map(|version| version.own()))
        }
        // The checker has seen to its size.
        Pattern::Regex(source) => LooseKind::Regex(regex(source, ignoring_case, usize::MAX).ok()),
    })
}

/// Equality but for case.
pub fn same_ignoring_case(a: &str, b: &str) -> bool {
    folded(a).eq(folded(b))
}

/// Order but for case.
pub fn order_ignoring_case(a: &str, b: &str) -> std::cmp::Ordering {
    folded(a).cmp(folded(b))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prepared_searches_agree_with_plain_ones() {
        let texts: Vec<Arc<str>> = (0..20)
            .flat_map(|n| [("a", "b"), ("b", "a"), ("a", "a"), ("é", "a")].map(|(x, y)| format!("{}{y}", x.repeat(n))))
            .chain(["".into()])
            .map(Into::into)
            .collect();
        let two = |a: &Arc<str>, b: &Arc<str>| OneOf::new(&[Arc::clone(a), Arc::clone(b)]);
        let all = OneOf::new(&texts);
        for a in &texts {
            assert!(all.matches(a) && !all.matches(&format!("{a}?")));
            for b in &texts {
                assert_eq!(Equals::new(a).matches(b), a == b, "{a} = {b}");
                assert_eq!(StartsWith::new(a).matches(b), b.starts_with(&**a), "{b} starts with {a}");
                assert_eq!(EndsWith::new(a).matches(b), b.ends_with(&**a), "{b} ends with {a}");
                let chars = |text: &Arc<str>| text.chars().map(Sign::Char).collect::<Vec<_>>();
                let (pattern, whole) = ([chars(a), vec![Sign::Run], chars(b)].concat(), format!("{b}{a}"));
                for text in [a, b, &Arc::from(whole)] {
                    let pieces = Pieces::new(&pattern).is_some_and(|pieces| pieces.matches(text));
                    assert_eq!(pieces, fits(&pattern, text.chars()), "{text} like {a}%{b}");
                }
                assert_eq!(two(a, &texts[0]).matches(b), a == b || *b == texts[0], "{b} in [{a}, ..]");
            }
        }
    }
}
