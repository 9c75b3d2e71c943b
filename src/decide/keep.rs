//! What is kept of a decision while it is made: the candidate that got furthest, or everyone.

use super::decision::{Factors, Nearest, Nothing};
use super::pipeline::Pipeline;
use super::{Reason, Stage};
use crate::diagnostic::Span;
use crate::time::Instant;

/// Where a candidate left, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Left<'c> {
    pub stage: Stage,
    /// What it is a reason of, where nobody comes further.
    pub reason: Reason,
    /// The clause that removed it, or all of the action where no clause did.
    pub span: Span,
    /// Whether it is all of the action.
    pub whole: bool,
    pub because: Option<&'c str>,
    /// The member of a bundle for which the bundle left, by the number of its action.
    pub member: Option<usize>,
    /// What of the rules removed it, where time alone may change that.
    pub cause: Option<Cause>,
    pub factors: Option<Factors>,
    /// Whether it has anything to show on the channel.
    pub concerned: bool,
}

/// What removed a candidate: the number of a clause of its own, or of a line of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    Clause(usize),
    /// Its campaign, on this channel.
    Entry {
        channel: usize,
    },
    Rest(usize),
    Block(usize),
    /// A cap, with what the decision itself adds to it.
    Cap {
        cap: usize,
        pending: usize,
    },
    Quiet(usize),
    /// What it is worth on this channel.
    Threshold {
        channel: usize,
    },
    /// Its dates: they begin then.
    Begins(Instant),
}

impl Left<'_> {
    /// The clause that removed it, if one did.
    pub fn rule(&self) -> Option<Span> {
        (!self.whole).then_some(self.span)
    }

    /// How far it got. One that does not concern this customer on this channel, wherever that was found out, says less about
    /// why there is nothing than one that was held back.
    pub fn distance(&self) -> (bool, Stage) {
        (self.concerned && self.reason != Reason::NoCandidate, self.stage)
    }
}

/// What is kept of a decision while it is made.
pub(crate) trait Keep<'c> {
    /// Whether it does not matter where a candidate leaves that has nothing for the channel, or that another has won against.
    const HURRIED: bool;

    /// A candidate leaves.
    fn left(&mut self, candidate: usize, left: Left<'c>);
}

/// Keeps the candidate that got furthest: of several at one stage the first to leave, which is the one that ranks before
/// the others or is declared before them.
#[derive(Default)]
pub(crate) struct Furthest<'c>(Option<(usize, Left<'c>)>);

impl<'c> Keep<'c> for Furthest<'c> {
    const HURRIED: bool = true;

    fn left(&mut self, candidate: usize, left: Left<'c>) {
        // What has nothing for the channel says nothing about it, however far it gets.
        if left.concerned && self.0.as_ref().is_none_or(|(_, before)| before.distance() < left.distance()) {
            self.0 = Some((candidate, left));
        }
    }
}

/// Keeps what two keep.
pub(super) struct Both<'k, 'c, K>(pub Furthest<'c>, pub &'k mut K);

impl<'c, K: Keep<'c>> Keep<'c> for Both<'_, 'c, K> {
    const HURRIED: bool = false;

    fn left(&mut self, candidate: usize, left: Left<'c>) {
        self.1.left(candidate, left.clone());
        self.0.left(candidate, left);
    }
}

impl Furthest<'_> {
    /// What it says of doing nothing.
    pub(super) fn nothing<P: Send + Sync + 'static>(self, pipeline: &Pipeline<'_, P>) -> Nothing {
        let Some((candidate, left)) = self.0 else {
            return Nothing { reason: Reason::NoCandidate, nearest: None, retry_at: None };
        };
        let action = pipeline.path(candidate).into_owned();
        let nearest = Nearest { action, stage: left.stage, because: left.because.map(str::to_owned) };
        Nothing { reason: left.reason, nearest: Some(nearest), retry_at: pipeline.retry_at(candidate, &left) }
    }
}

pub(super) fn left<'c>(stage: Stage, span: Span) -> Left<'c> {
    Left {
        stage,
        reason: stage.reason(),
        span,
        whole: false,
        because: None,
        member: None,
        cause: None,
        factors: None,
        concerned: true,
    }
}

/// The same where no clause removed it.
pub(super) fn whole<'c>(stage: Stage, action: Span) -> Left<'c> {
    Left { whole: true, ..left(stage, action) }
}

impl Left<'_> {
    pub(super) fn with(self, factors: Option<Factors>) -> Self {
        Left { factors, ..self }
    }
}
