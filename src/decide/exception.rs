//! Which exceptions let a candidate by.

use super::pipeline::{Pipeline, Taken};
use crate::check::tree::Exception;
use crate::compile::Candidate;
use crate::syntax::ast::LineKind;

impl<P: Send + Sync + 'static> Pipeline<'_, P> {
    /// The exceptions of a candidate without which something would hold it back on a channel, where the slots before have
    /// taken so many. Found out only for those who ask.
    pub fn let_by<'a>(&self, candidate: &'a Candidate<P>, channel: usize, taken: usize) -> Vec<&'a Exception> {
        let taken = self.taken.get(..taken).unwrap_or(&self.taken);
        let matters = |exception: &&Exception| {
            self.fails(candidate, exception) || self.is_held(candidate, exception, channel, taken)
        };
        candidate.exempt.exceptions.iter().filter(matters).collect()
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
        let rests = policy.rests.iter().filter(|rest| meant(&rest.policy, LineKind::Rest));
        let blocks = policy.blocks.iter().enumerate().filter(|(_, block)| meant(&block.policy, LineKind::Block));
        rests.into_iter().any(|rest| self.rests(candidate, rest))
            || blocks.into_iter().any(|(number, block)| self.blocked(candidate, number, block))
            || caps.into_iter().any(|(number, _)| self.capped(candidate, channel, number, taken).is_some())
            || quiets.into_iter().any(|quiet| self.is_quiet(candidate, channel, quiet))
    }
}
