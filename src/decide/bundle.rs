//! Bundles: actions that put others together. One is for whom all of its members are, and takes one of each.

use super::keep::Left;
use super::pipeline::Pipeline;
use crate::compile::{Candidate, Stock, Unit, Who};

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The members of a bundle, each with its number; of others none.
    pub(super) fn members(
        &self,
        candidate: &'c Candidate<P>,
    ) -> impl Iterator<Item = (usize, &'c Candidate<P>)> + use<'c, P> {
        let candidates = &self.inner.candidates;
        candidate.members.iter().filter_map(|&number| Some((number, candidates.get(number)?)))
    }

    /// What an action has to pass, and each member of a bundle with it.
    pub(super) fn with_members(
        &self,
        candidate: &'c Candidate<P>,
        passes: impl Fn(&'c Candidate<P>) -> Result<(), Left<'c>>,
    ) -> Result<(), Left<'c>> {
        passes(candidate)?;
        self.each_member(candidate, passes)
    }

    /// The same of its members alone.
    pub(super) fn each_member(
        &self,
        candidate: &'c Candidate<P>,
        passes: impl Fn(&'c Candidate<P>) -> Result<(), Left<'c>>,
    ) -> Result<(), Left<'c>> {
        self.members(candidate)
            .try_for_each(|(number, member)| passes(member).map_err(|left| Left { member: Some(number), ..left }))
    }

    /// The action that a candidate left for: a member of it, or itself.
    pub fn held(&self, candidate: &'c Candidate<P>, left: &Left<'_>) -> &'c Candidate<P> {
        left.member.and_then(|member| self.inner.candidates.get(member)).unwrap_or(candidate)
    }

    /// Whether two candidates are one, or have a member in common, so that a decision shows one of them.
    pub(super) fn overlap(&self, one: usize, other: usize) -> bool {
        one == other || self.shares(one, other) || self.shares(other, one)
    }

    /// Whether one is, or has, a member of the other.
    fn shares(&self, one: usize, bundle: usize) -> bool {
        let rows = &self.inputs.rows;
        let (Some(one), Some(bundle)) = (rows.entrant(one), rows.entrant(bundle)) else { return false };
        let of = |action: usize| self.inner.candidates.get(action).map_or(&[][..], |candidate| &candidate.members);
        of(bundle.action).iter().any(|member| *member == one.action || of(one.action).contains(member))
    }

    /// Whether a candidate is of a stock, itself or, where pieces are counted, by a member. What a member costs is not spent.
    pub(super) fn is_of(&self, stock: &Stock, number: usize) -> bool {
        match stock.unit {
            Unit::Piece => self.pieces(stock, number) > 0,
            Unit::Cost => stock.holds(self.who(number)),
        }
    }

    /// How many pieces of a stock a candidate takes: one of each member that is of it, else one if it is itself.
    pub(super) fn pieces(&self, stock: &Stock, number: usize) -> u64 {
        let own = u64::from(stock.holds(self.who(number)));
        let Some(candidate) = self.action_of(number) else { return own };
        let members = candidate.members.iter().filter(|&&action| stock.holds(Who { action, row: None }));
        own.max(members.fold(0, |pieces, _| pieces.saturating_add(1)))
    }
}
