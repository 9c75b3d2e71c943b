//! Which token of the printed statement each token of the written one became.

use super::super::outline::Outline;
use super::super::scan::{Kind, Token};

/// For each token of `source` its place in `printed`; tokens that printing drops (parentheses, commas) have none.
///
/// The two outlines say the same, so their places pair up: where a part begins and ends in one text, its twin does in the
/// other. Between them are words and punctuation that printing keeps in order. `base` is where `source` begins in its file.
pub(super) fn align(
    source: &[Token<'_>],
    printed: &[Token<'_>],
    base: usize,
    outlines: (&Outline, &Outline),
) -> Vec<Option<usize>> {
    let mut images = Images { source, printed, of: vec![None; source.len()], taken: vec![false; printed.len()] };
    images.link(0, 0);
    // Inner parts come last and are the most exact.
    for (written, shown) in outlines.0.places.iter().zip(&outlines.1.places).rev() {
        let edges = |tokens: &[Token<'_>], start: u32, end: u32, base: usize| {
            let within = |at: u32| (at as usize).saturating_sub(base);
            let first = tokens.partition_point(|token| token.start < within(start));
            let after = tokens.partition_point(|token| token.end() <= within(end));
            (first, after.checked_sub(1).filter(|last| *last >= first))
        };
        let (first, last) = edges(source, written.start, written.end, base);
        let (first_shown, last_shown) = edges(printed, shown.start, shown.end, 0);
        if let (Some(last), Some(last_shown)) = (last, last_shown) {
            images.link(first, first_shown);
            images.link(last, last_shown);
        }
    }
    images.extend_forward();
    images.extend_backward();
    images.of
}

struct Images<'a> {
    source: &'a [Token<'a>],
    printed: &'a [Token<'a>],
    of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Images<'_> {
    /// Pairs two tokens if they are alike and both free.
    fn link(&mut self, from: usize, to: usize) -> bool {
        let (Some(written), Some(shown)) = (self.source.get(from), self.printed.get(to)) else { return false };
        let punctuation = matches!(written.kind, Kind::Open | Kind::Close | Kind::Symbol);
        let alike = written.kind == shown.kind && (!punctuation || written.text == shown.text);
        match (self.of.get_mut(from), self.taken.get_mut(to)) {
            (Some(image @ None), Some(taken @ false)) if alike => {
                *image = Some(to);
                *taken = true;
                true
            }
            _ => false,
        }
    }

    fn same(&self, from: usize, to: usize) -> bool {
        let (Some(written), Some(shown)) = (self.source.get(from), self.printed.get(to)) else { return false };
        written.text.eq_ignore_ascii_case(shown.text)
    }

    fn inserted(&self, to: usize) -> bool {
        self.printed.get(to).is_some_and(|token| matches!(token.text, "," | "(" | ")"))
    }

    /// Tokens that follow a paired one, in order; punctuation that printing adds is passed over.
    fn extend_forward(&mut self) {
        let mut last = None::<usize>;
        for from in 0..self.source.len() {
            if let Some(image) = self.image(from) {
                last = Some(image);
                continue;
            }
            let Some(next) = last.map(|last| last.saturating_add(1)) else { continue };
            let second = next.saturating_add(1);
            if self.same(from, next) && self.link(from, next) {
                last = Some(next);
            } else if self.inserted(next) && self.same(from, second) && self.link(from, second) {
                last = Some(second);
            }
        }
    }

    /// Tokens before a paired one, backwards.
    fn extend_backward(&mut self) {
        let mut last = None::<usize>;
        for from in (0..self.source.len()).rev() {
            if let Some(image) = self.image(from) {
                last = Some(image);
                continue;
            }
            let Some(before) = last.and_then(|last| last.checked_sub(1)) else { continue };
            let second = before.saturating_sub(1);
            if self.same(from, before) && self.link(from, before) {
                last = Some(before);
            } else if self.inserted(before) && self.same(from, second) && self.link(from, second) {
                last = Some(second);
            }
        }
    }

    fn image(&self, from: usize) -> Option<usize> {
        self.of.get(from).copied().flatten()
    }
}
