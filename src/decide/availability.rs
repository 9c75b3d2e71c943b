//! Dates, stock, budgets, and what the caller has stopped.

use super::keep::{Cause, Left, left, whole};
use super::pipeline::Pipeline;
use super::{Reason, Stage};
use crate::check::tree::Sign;
use crate::compile::{Candidate, Stock, Unit, Who};
use crate::time::Instant;

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// The stages of availability and halt.
    pub(super) fn available(&self, number: usize, candidate: &'c Candidate<P>, channel: usize) -> Result<(), Left<'c>> {
        self.with_members(candidate, |one| self.runs(one))?;
        for stock in self.inputs.stock.iter().filter(|stock| self.is_of(stock, number)) {
            let before = self.taken.iter().filter(|taken| taken.counts() && self.is_of(stock, taken.candidate));
            let before = before.map(|taken| self.takes(stock, taken.candidate, taken.channel));
            let all: Option<u64> = before.chain([self.takes(stock, number, channel)]).sum();
            // What cannot be known to be left is not.
            if all.is_none_or(|all| all > stock.remaining) {
                return Err(Left { reason: Reason::Capacity, ..whole(Stage::Availability, candidate.span) });
            }
        }
        if self.inputs.is_halted(self.who(number)) || self.inputs.blocked.contains(&channel) {
            return Err(whole(Stage::Halt, candidate.span));
        }
        for (action, member) in self.members(candidate) {
            if self.inputs.is_halted(Who { action, row: None }) {
                return Err(Left { member: Some(action), ..whole(Stage::Halt, member.span) });
            }
        }
        Ok(())
    }

    /// Whether now is within its dates.
    fn runs(&self, candidate: &'c Candidate<P>) -> Result<(), Left<'c>> {
        let now = self.cx.moment.now;
        for valid in &candidate.valid {
            if now < valid.from {
                return Err(Left { cause: Some(Cause::Begins(valid.from)), ..left(Stage::Availability, valid.span) });
            }
            if valid.until < now {
                return Err(left(Stage::Availability, valid.span));
            }
        }
        Ok(())
    }

    /// How much of a stock a candidate takes on a channel, where that is known.
    pub(super) fn takes(&self, stock: &Stock, candidate: usize, channel: usize) -> Option<u64> {
        match stock.unit {
            Unit::Piece => Some(self.pieces(stock, candidate)),
            Unit::Cost => {
                // Of another candidate, perhaps, whose row is another one.
                let at_hand = self.cx.made_of.get();
                let costs = self.turn_to(candidate).and_then(|candidate| self.costs(candidate, channel));
                self.cx.made_of.set(at_hand);
                let [cost, of_channel] = costs?;
                Some(u64::try_from(cost.checked_add(of_channel)?).unwrap_or(0))
            }
        }
    }

    /// Whether a code that a customer gets once only was had before, or may have been.
    pub(super) fn had(&self, candidate: &'c Candidate<P>) -> Result<(), Left<'c>> {
        let Some(promo) = candidate.promo.as_ref().filter(|promo| promo.once) else { return Ok(()) };
        let known = self.contacts.rows.is_some() && self.contacts.lacking().is_none();
        let had = self.contacts.about(candidate.scopes.action).any(|contact| Sign::Exposed.is(contact.outcome));
        if known && !had { Ok(()) } else { Err(left(Stage::Journey, promo.span)) }
    }

    /// The first instant at which an action that is chosen now no longer holds good, if that is known.
    pub(super) fn valid_until(&self, candidate: &'c Candidate<P>) -> Option<Instant> {
        let members = self.members(candidate).flat_map(|(_, member)| &member.valid);
        let dates = candidate.valid.iter().chain(members).map(|valid| valid.until.saturating_add_millis(1));
        dates.chain(self.expires(candidate)).min()
    }

    /// When its code can no longer be used.
    pub(super) fn expires(&self, candidate: &Candidate<P>) -> Option<Instant> {
        let moment = self.cx.moment;
        candidate.promo.as_ref().map(|promo| moment.zone.plus(moment.now, promo.expires))
    }
}
