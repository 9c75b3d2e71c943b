//! Conditions with their negations pushed inward, one step at a time.

use crate::check::tree::{Expr, Kind};

/// A condition that is asked to hold, or not to hold.
#[derive(Clone, Copy)]
pub(super) struct Asked<'e> {
    pub expr: &'e Expr,
    pub holds: bool,
    /// Whether a `not` of its own stands somewhere around it, apart from `not in`, `is not` and their like.
    pub not: bool,
}

/// What is asked of several conditions.
pub(super) enum Shape<'e> {
    All(Vec<Asked<'e>>),
    Any(Vec<Asked<'e>>),
    AtLeast(usize, Vec<Asked<'e>>),
    Leaf(Asked<'e>),
}

impl<'e> Asked<'e> {
    pub fn of(expr: &'e Expr) -> Self {
        Asked { expr, holds: true, not: false }
    }

    /// The same of a part.
    fn part(self, expr: &'e Expr) -> Self {
        Asked { expr, ..self }
    }

    /// Without the negations around it.
    fn bare(self) -> Self {
        let mut bare = self;
        while let Kind::Not(inner) = &bare.expr.kind {
            bare = Asked { expr: inner, holds: !bare.holds, not: bare.not || bare.expr.span.start != inner.span.start };
        }
        bare
    }

    /// Of what it is made; what is joined in the same way is one.
    pub fn shape(self) -> Shape<'e> {
        let bare = self.bare();
        match (&bare.expr.kind, bare.holds) {
            (Kind::And(_), true) | (Kind::Or(_), false) => Shape::All(bare.flat(true)),
            (Kind::Or(_), true) | (Kind::And(_), false) => Shape::Any(bare.flat(false)),
            (Kind::AtLeast { count, of }, holds) => {
                // Fewer than k of n hold: n − k + 1 do not.
                let count = if holds { *count } else { of.len().saturating_add(1).saturating_sub(*count) };
                Shape::AtLeast(count, of.iter().map(|part| bare.part(part)).collect())
            }
            _ => Shape::Leaf(bare),
        }
    }

    fn flat(self, all: bool) -> Vec<Self> {
        let mut open = vec![self];
        let mut parts = Vec::new();
        while let Some(next) = open.pop() {
            let bare = next.bare();
            match (&bare.expr.kind, bare.holds == all) {
                (Kind::And(of), true) | (Kind::Or(of), false) => {
                    open.extend(of.iter().rev().map(|part| bare.part(part)))
                }
                _ => parts.push(bare),
            }
        }
        parts
    }
}
