//! What contact policies and journeys hold back. Service passes all of a policy.

use super::Stage;
use super::contacts::Blocked;
use super::journey::{Follow, Journey};
use super::keep::{Cause, Left, left};
use super::pipeline::{Pipeline, Taken};
use crate::check::tree::{Again, Block, Cap, Channel, PerDecision, Quiet, Rest};
use crate::compile::Candidate;
use crate::syntax::ast::{ActionKind, LineKind};
use crate::time::Instant;

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// Whether a campaign is for this customer, or the customer has entered it and has not left.
    pub(super) fn belongs(&self, candidate: &'c Candidate<P>) -> bool {
        let is_in = |segment| self.inner.program.condition(self.customer, self.cx, segment, true);
        candidate.segment.is_none_or(is_in)
            || candidate.entry.lasts() && self.follow(candidate).journey().is_some_and(|journey| journey.is_open())
    }

    /// The journey stage: entries into the campaign, and rests.
    pub(super) fn journey(&self, candidate: &'c Candidate<P>, channel: usize) -> Result<(), Left<'c>> {
        if self.admits(candidate, channel).is_err() {
            let cause = Some(Cause::Entry { channel });
            return Err(Left { cause, ..left(Stage::Journey, candidate.entry.again_span) });
        }
        self.rested(candidate)
    }

    /// Rests alone.
    pub(super) fn rested(&self, candidate: &'c Candidate<P>) -> Result<(), Left<'c>> {
        for (number, rest) in self.inner.rules.policy.rests.iter().enumerate() {
            if !candidate.exempt.from(LineKind::Rest, number) && self.rests(candidate, rest) {
                return Err(Left { cause: Some(Cause::Rest(number)), ..left(Stage::Journey, rest.span) });
            }
        }
        Ok(())
    }

    /// Whether a candidate rests, for all that a line says.
    pub(super) fn rests(&self, candidate: &Candidate<P>, rest: &Rest) -> bool {
        candidate.kind != ActionKind::Service && self.contacts.rested(rest, candidate.scopes.on(rest.each)).is_err()
    }

    /// Whether the campaign may address the customer on a channel.
    pub(super) fn admits(&self, candidate: &'c Candidate<P>, channel: usize) -> Result<(), Blocked> {
        if candidate.entry.again == Again::Every && !candidate.entry.lasts() {
            return Ok(());
        }
        let follow = self.follow(candidate);
        let journey: Journey = follow.journey().ok_or(Blocked { until: None })?;
        let channel = self.inner.rules.channels.get(channel).filter(|channel| channel.is_outbound());
        follow.admits(&journey, channel.map(|channel| channel.name.as_str()))
    }

    fn follow(&self, candidate: &'c Candidate<P>) -> Follow<'_, 'c, P> {
        Follow {
            entry: &candidate.entry,
            scopes: candidate.scopes,
            contacts: &self.contacts,
            channels: &self.inner.rules.channels,
            customer: self.customer,
            cx: self.cx,
        }
    }

    /// The block stage.
    pub(super) fn unblocked(&self, candidate: &'c Candidate<P>) -> Result<(), Left<'c>> {
        for (number, block) in self.inner.rules.policy.blocks.iter().enumerate() {
            if !candidate.exempt.from(LineKind::Block, number) && self.blocked(candidate, number, block) {
                let (cause, because) = (Some(Cause::Block(number)), Some(block.because.as_str()));
                return Err(Left { cause, because, ..left(Stage::Block, block.span) });
            }
        }
        Ok(())
    }

    /// Whether a block holds a candidate back.
    pub(super) fn blocked(&self, candidate: &Candidate<P>, number: usize, block: &Block) -> bool {
        // The same for all candidates, so that it is found out once.
        let passes = self.blocks.get(|mut blocks| {
            blocks.clear();
            blocks.extend(self.inner.blocks.iter().map(|block| (block.passes)(self.customer, self.cx)));
            blocks
        });
        block.kind.means(candidate.kind) && passes.get(number) == Some(&false)
    }

    /// The stages of the one who would win a channel: what a decision shows at most, caps, then quiet hours.
    pub(super) fn held_back(&self, candidate: &'c Candidate<P>, channel: usize) -> Result<(), Left<'c>> {
        let policy = &self.inner.rules.policy;
        for (number, limit) in policy.limits.iter().enumerate() {
            if !candidate.exempt.from(LineKind::Limit, number) && self.is_shown_enough(candidate, limit, &self.taken) {
                return Err(left(Stage::Cap, limit.span));
            }
        }
        for (number, cap) in policy.caps.iter().enumerate() {
            if candidate.exempt.from(LineKind::Cap, number) {
                continue;
            }
            if let Some(pending) = self.capped(candidate, channel, number, &self.taken) {
                let cause = Some(Cause::Cap { cap: number, pending });
                return Err(Left { cause, ..left(Stage::Cap, cap.span) });
            }
        }
        for (number, quiet) in policy.quiets.iter().enumerate() {
            if !candidate.exempt.from(LineKind::Quiet, number) && self.is_quiet(candidate, channel, quiet) {
                return Err(Left { cause: Some(Cause::Quiet(number)), ..left(Stage::Quiet, quiet.span) });
            }
        }
        Ok(())
    }

    /// Whether a decision that has taken these shows enough of what a candidate is part of.
    pub(super) fn is_shown_enough(&self, candidate: &Candidate<P>, limit: &PerDecision, taken: &[Taken]) -> bool {
        let same = |taken: &&Taken| {
            let other = self.action_of(taken.candidate);
            taken.counts()
                && other.is_some_and(|o| !o.is_service() && o.scopes.on(limit.each) == candidate.scopes.on(limit.each))
        };
        let most = usize::try_from(limit.most).unwrap_or(usize::MAX);
        !candidate.is_service() && taken.iter().filter(same).count() >= most
    }

    /// Where a cap holds a candidate back, how many of those that the decision has taken it counts.
    pub(super) fn capped(
        &self,
        candidate: &Candidate<P>,
        channel: usize,
        number: usize,
        taken: &[Taken],
    ) -> Option<usize> {
        let cap = self.inner.rules.policy.caps.get(number)?;
        let channels = &self.inner.rules.channels;
        let concerned = |candidate: &Candidate<P>, on: usize| {
            cap.is_of(&candidate.path) && cap.kind.means(candidate.kind) && concerns(cap.channel, on, channels)
        };
        if !concerned(candidate, channel) {
            return None;
        }
        let pending = taken.iter().filter(|taken| {
            let candidate = self.action_of(taken.candidate);
            let concerned = candidate.is_some_and(|candidate| concerned(candidate, taken.channel));
            taken.counts() && concerned && is_outbound(taken.channel, channels)
        });
        let pending = pending.count();
        self.reached(number, cap, pending).map(|_| pending)
    }

    /// What must leave the window of a cap before it is no longer reached, `pending` contacts of the decision included.
    pub(super) fn reached(&self, number: usize, cap: &Cap, pending: usize) -> Option<Option<Instant>> {
        let channels = &self.inner.rules.channels;
        self.contacts.capped(number, pending, || {
            let wish = self.inner.wishes.get(number).and_then(Option::as_ref);
            let wish = wish.and_then(|wish| wish(self.customer, self.cx));
            match cap.per {
                None => self.contacts.reached(cap, wish, channels, pending),
                shared => {
                    let rows = self.inner.access.contacts(shared, self.customer);
                    self.contacts.of(rows).reached(cap, wish, channels, pending)
                }
            }
        })
    }

    /// Whether quiet hours hold a candidate back.
    pub(super) fn is_quiet(&self, candidate: &Candidate<P>, channel: usize, quiet: &Quiet) -> bool {
        let moment = self.cx.moment;
        let here = match quiet.channels.as_slice() {
            [] => is_outbound(channel, &self.inner.rules.channels),
            named => named.contains(&channel),
        };
        let shown = || quiet.zone.unwrap_or(moment.zone).time_of_day(moment.now);
        here && candidate.kind != ActionKind::Service && shown().is_in(quiet.from, quiet.to)
    }
}

/// Whether a cap is about a channel: by name, or, where it is on any, about an outbound one.
fn concerns(cap: Option<usize>, channel: usize, channels: &[Channel]) -> bool {
    match cap {
        Some(capped) => capped == channel,
        None => is_outbound(channel, channels),
    }
}

fn is_outbound(channel: usize, channels: &[Channel]) -> bool {
    channels.get(channel).is_some_and(Channel::is_outbound)
}
