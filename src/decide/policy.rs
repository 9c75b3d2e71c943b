//! What contact policies and journeys hold back. Service passes all of a policy.

use super::Stage;
use super::contacts::{Blocked, is_about};
use super::journey::{Follow, Journey};
use super::keep::{Cause, Left, left};
use super::pipeline::Pipeline;
use crate::check::tree::{Again, Channel, is_under};
use crate::compile::Candidate;
use crate::syntax::ast::ActionKind;

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
        if candidate.kind == ActionKind::Service {
            return Ok(());
        }
        for (number, rest) in self.inner.rules.policy.rests.iter().enumerate() {
            if self.contacts.rested(rest, candidate.scopes.on(rest.each)).is_err() {
                return Err(Left { cause: Some(Cause::Rest(number)), ..left(Stage::Journey, rest.span) });
            }
        }
        Ok(())
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
        // The same for all candidates, so that it is found out once.
        let passes = self
            .blocks
            .get_or_init(|| self.inner.blocks.iter().map(|block| (block.passes)(self.customer, self.cx)).collect());
        let blocks = self.inner.rules.policy.blocks.iter().zip(passes).enumerate();
        for (number, (block, passes)) in blocks {
            if !passes && is_about(block.kind, candidate.kind) {
                let (cause, because) = (Some(Cause::Block(number)), Some(block.because.as_str()));
                return Err(Left { cause, because, ..left(Stage::Block, block.span) });
            }
        }
        Ok(())
    }

    /// The stages of the one who would win a channel: caps, then quiet hours.
    pub(super) fn held_back(&self, candidate: &'c Candidate<P>, channel: usize) -> Result<(), Left<'c>> {
        let (policy, channels) = (&self.inner.rules.policy, &self.inner.rules.channels);
        for (number, cap) in policy.caps.iter().enumerate() {
            let concerned = |candidate: &Candidate<P>, on: usize| {
                let about = cap.of.as_ref().is_none_or(|path| is_under(&candidate.path, path));
                about && is_about(cap.kind, candidate.kind) && concerns(cap.channel, on, channels)
            };
            if !concerned(candidate, channel) {
                continue;
            }
            let pending = self.taken.iter().filter(|taken| {
                let candidate = self.inner.candidates.get(taken.candidate);
                let concerned = candidate.is_some_and(|candidate| concerned(candidate, taken.channel));
                taken.counts() && concerned && is_outbound(taken.channel, channels)
            });
            let pending = pending.count();
            if self.contacts.capped(number, cap, channels, pending).is_some() {
                let cause = Some(Cause::Cap { cap: number, pending });
                return Err(Left { cause, ..left(Stage::Cap, cap.span) });
            }
        }
        let moment = self.cx.moment;
        for (number, quiet) in policy.quiets.iter().enumerate() {
            let here = match quiet.channels.as_slice() {
                [] => is_outbound(channel, channels),
                named => named.contains(&channel),
            };
            let shown = quiet.zone.unwrap_or(moment.zone).time_of_day(moment.now);
            if here && candidate.kind != ActionKind::Service && shown.is_in(quiet.from, quiet.to) {
                return Err(Left { cause: Some(Cause::Quiet(number)), ..left(Stage::Quiet, quiet.span) });
            }
        }
        Ok(())
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
