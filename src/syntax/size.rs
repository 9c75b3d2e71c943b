//! How large statements are, so that a ruleset can be bounded as a whole though its files are read one by one.

use super::limits::Limits;
use crate::diagnostic::{Diagnostic, Span};

/// What a statement adds to its ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// Its first word.
    pub place: Span,
    /// Whether it counts as a rule.
    pub rule: bool,
    /// Pairs that the grammar makes of it.
    pub nodes: usize,
}

/// The sum so far.
#[derive(Default)]
pub(super) struct Sum {
    rules: usize,
    nodes: usize,
}

impl Sum {
    /// Adds a statement; the limit that is exceeded with it.
    pub fn add(&mut self, size: &Size, limits: &Limits) -> Option<Diagnostic> {
        self.rules = self.rules.saturating_add(size.rule.into());
        self.nodes = self.nodes.saturating_add(size.nodes);
        if self.rules > limits.rules {
            let message = format!("too many rules: at most {} are allowed in all files together", limits.rules);
            return Some(Diagnostic::exceeded(message, size.place, "keep fewer rules in one ruleset", "rules"));
        }
        (self.nodes > limits.nodes).then(|| {
            let message = format!(
                "the rules are too long: at most {} names, values, operators and what they form are allowed in all files \
                 together",
                limits.nodes
            );
            Diagnostic::exceeded(message, size.place, "keep fewer rules in one ruleset", "nodes")
        })
    }
}

/// The limit that statements exceed together.
pub(crate) fn exceeded<'s>(sizes: impl IntoIterator<Item = &'s Size>, limits: &Limits) -> Option<Diagnostic> {
    let mut sum = Sum::default();
    sizes.into_iter().find_map(|size| sum.add(size, limits))
}
