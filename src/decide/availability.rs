//! Dates, stock, and what the caller has stopped.

use super::keep::{Cause, Left, left, whole};
use super::pipeline::Pipeline;
use super::{Reason, Stage};
use crate::compile::Candidate;
use crate::schema::Outcome;
use crate::time::Instant;

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The stages of availability and halt.
    pub(super) fn available(&self, number: usize, candidate: &'c Candidate<P>, channel: usize) -> Result<(), Left<'c>> {
        let now = self.cx.moment.now;
        for valid in &candidate.valid {
            if now < valid.from {
                return Err(Left { cause: Some(Cause::Begins(valid.from)), ..left(Stage::Availability, valid.span) });
            }
            if valid.until < now {
                return Err(left(Stage::Availability, valid.span));
            }
        }
        for stock in self.inputs.stock_of(number) {
            let taken = self.taken.iter().filter(|taken| taken.counts() && stock.holds(taken.candidate)).count();
            if u64::try_from(taken).is_ok_and(|taken| taken >= stock.remaining) {
                return Err(Left { reason: Reason::Capacity, ..whole(Stage::Availability, candidate.span) });
            }
        }
        if self.inputs.halted.contains(&number) || self.inputs.blocked.contains(&channel) {
            return Err(whole(Stage::Halt, candidate.span));
        }
        Ok(())
    }

    /// Whether a code that a customer gets once only was had before, or may have been.
    pub(super) fn had(&self, candidate: &'c Candidate<P>) -> Result<(), Left<'c>> {
        let Some(promo) = candidate.promo.as_ref().filter(|promo| promo.once) else { return Ok(()) };
        let known = self.contacts.rows.is_some() && self.contacts.lacking().is_none();
        let exposed = |outcome| matches!(outcome, Outcome::Sent | Outcome::Impression);
        let had = self.contacts.about(candidate.scopes.action).any(|contact| exposed(contact.outcome));
        if known && !had { Ok(()) } else { Err(left(Stage::Journey, promo.span)) }
    }

    /// The first instant at which an action that is chosen now no longer holds good, if that is known.
    pub(super) fn valid_until(&self, candidate: &Candidate<P>) -> Option<Instant> {
        let dates = candidate.valid.iter().map(|valid| valid.until.saturating_add_millis(1));
        dates.chain(self.expires(candidate)).min()
    }

    /// When its code can no longer be used.
    pub(super) fn expires(&self, candidate: &Candidate<P>) -> Option<Instant> {
        let moment = self.cx.moment;
        candidate.promo.as_ref().map(|promo| moment.zone.plus(moment.now, promo.expires))
    }
}
