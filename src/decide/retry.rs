//! When a clause that blocks will no longer do so, where time alone brings that about.

use super::keep::{Cause, Left};
use super::pipeline::Pipeline;
use crate::leaf::{Moment, Test};
use crate::time::{Instant, Period};

/// The first instant after now at which `blocks` no longer holds; it can only end as what has happened leaves a window of
/// `span`.
fn first_free(moment: Moment, span: Period, blocks: impl Fn(Instant) -> bool) -> Option<Instant> {
    let Moment { now, zone, .. } = moment;
    // Some days of slack, since calendar arithmetic there and back can differ by a clock change or a month's end.
    let slack = Period { days: 4, ..Period::default() };
    let (mut held, mut free) = (now, zone.plus(zone.plus(now, span), slack));
    if blocks(free) {
        return None;
    }
    while held.saturating_add_millis(1) < free {
        let middle = Instant::from_millis(held.millis().midpoint(free.millis()));
        if blocks(middle) { held = middle } else { free = middle }
    }
    Some(free)
}

impl<P: Send + Sync + 'static> Pipeline<'_, P> {
    /// When what removed a candidate will no longer do so. This is found out only for those who ask.
    pub fn retry_at(&self, candidate: usize, left: &Left<'_>) -> Option<Instant> {
        let (candidate, policy) = (self.inner.candidates.get(candidate)?, &self.inner.rules.policy);
        match left.cause? {
            Cause::Clause(number) => {
                let clause = candidate.clauses.get(number)?;
                self.opens(clause.opens?, &clause.passes)
            }
            Cause::Block(number) => {
                let block = self.inner.blocks.get(number)?;
                self.opens(block.opens?, &block.passes)
            }
            Cause::Entry { channel } => self.admits(candidate, channel).err()?.until,
            Cause::Rest(number) => {
                let rest = policy.rests.get(number)?;
                self.contacts.rested(rest, candidate.scopes.on(rest.each)).err()?.until
            }
            Cause::Cap { cap, pending } => {
                let (number, cap) = (cap, policy.caps.get(cap)?);
                let held = self.reached(number, cap, pending)??;
                self.contacts.released(cap.limit.as_ref()?, held)
            }
            Cause::Begins(at) => Some(at),
            Cause::Quiet(number) => {
                let quiet = policy.quiets.get(number).filter(|quiet| quiet.waits)?;
                let moment = self.cx.moment;
                Some(quiet.zone.unwrap_or(moment.zone).clock_leaves(quiet.from, quiet.to, moment.now))
            }
        }
    }

    /// When a condition will let pass that events of `span` matter to.
    fn opens(&self, span: Period, passes: &Test<P>) -> Option<Instant> {
        let passes = |now| self.inner.at(self.customer, self.cx, now, |cx| passes(self.customer, cx));
        first_free(self.cx.moment, span, |now| !passes(now))
    }
}
