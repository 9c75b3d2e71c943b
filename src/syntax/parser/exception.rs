//! Exceptions.

use super::grammar::{Pair, Rule};
use super::lower::{Lower, child};
use crate::syntax::ast::{Excepted, Exception, LineKind};

impl Lower<'_> {
    /// `except owners because "…"`, `except quiet of policy contact because "…"`
    pub(super) fn exception(&mut self, pair: &Pair<'_>) -> Option<Exception> {
        let of = match child(pair, Rule::excepted_policy) {
            Some(lines) => {
                let word = child(&lines, Rule::line_kind);
                let kind = |word: &str| LineKind::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word));
                let line = word.and_then(|word| kind(word.as_str()));
                Excepted::Policy { line, policy: self.name(&child(&lines, Rule::name)?) }
            }
            None => Excepted::Rule(self.name(&child(pair, Rule::name)?)),
        };
        Some(Exception { of, because: self.because(pair), span: self.span(pair) })
    }
}
