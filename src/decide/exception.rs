//! Which exceptions let a candidate by.

use super::pipeline::{Pipeline, Taken};
use crate::check::tree::Exception;
use crate::compile::Candidate;
use crate::syntax::ast::LineKind;

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The exceptions of a candidate without which something would hold it back on a channel, where the slots before have
    /// taken so many. Found out only for those who ask.
    pub fn let_by(&self, candidate: &'c Candidate<P>, channel: usize, taken: usize) -> Vec<&'c Exception> {
        let taken = self.taken.get(..taken).unwrap_or(&self.taken);
        let matters = |exception: &&Exception| {
            self.fails(candidate, exception) || self.is_held(candidate, exception, channel, taken)
        };
        let of_member = |member: &'c Candidate<P>| {
            let lines = move |exception: &&Exception| self.fails(member, exception) || self.is_kept(member, exception);
            member.exempt.exceptions.iter().filter(lines)
        };
        let members = self.members(candidate).flat_map(|(_, member)| of_member(member));
        candidate.exempt.exceptions.iter().filter(matters).chain(members).collect()
    }

    /// Whether a clause that an exception is made from does not let the candidate pass.
    fn fails(&self, candidate: &Candidate<P>, exception: &Exception) -> bool {
        let named = candidate.clauses.iter().filter(|clause| exception.of.is_rule(clause.name.as_deref()));
        named.into_iter().any(|clause| !(clause.passes)(self.customer, self.cx))
    }

    /// Whether a line of a policy would hold it back.
    fn is_held(&self, candidate: &Candidate<P>, exception: &Exception, channel: usize, taken: &[Taken]) -> bool {
        let policy = &self.inner.rules.policy;
        let meant = |policy: &str, kind| exception.of.is_line(policy, kind);
        let caps = policy.caps.iter().enumerate().filter(|(_, cap)| meant(&cap.policy, LineKind::Cap));
        let quiets = policy.quiets.iter().filter(|quiet| meant(&quiet.policy, LineKind::Quiet));
        let limits = policy.limits.iter().filter(|limit| meant(&limit.policy, LineKind::Limit));
        self.is_kept(candidate, exception)
            || caps.into_iter().any(|(number, _)| self.capped(candidate, channel, number, taken).is_some())
            || limits.into_iter().any(|limit| self.is_shown_enough(candidate, limit, taken))
            || quiets.into_iter().any(|quiet| self.is_quiet(candidate, channel, quiet))
    }

    /// Whether a rest or a block would, which hold for the members of a bundle too.
    fn is_kept(&self, candidate: &Candidate<P>, exception: &Exception) -> bool {
        let policy = &self.inner.rules.policy;
        let meant = |policy: &str, kind| exception.of.is_line(policy, kind);
        let rests = policy.rests.iter().filter(|rest| meant(&rest.policy, LineKind::Rest));
        let blocks = policy.blocks.iter().enumerate().filter(|(_, block)| meant(&block.policy, LineKind::Block));
        rests.into_iter().any(|rest| self.rests(candidate, rest))
            || blocks.into_iter().any(|(number, block)| self.blocked(candidate, number, block))
    }
}
