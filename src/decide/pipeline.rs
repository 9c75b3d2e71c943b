//! The order of a decision: one function, whatever is kept of it.

use std::cell::OnceCell;

use super::Stage;
use super::consent::{self, Permitted};
use super::contacts::Contacts;
use super::decision::{Answer, Chosen};
use super::keep::{Both, Cause, Furthest, Keep, Left, Nobody, left};
use super::rank::{Ranked, factors};
use crate::compile::{Candidate, Inner};
use crate::diagnostic::Span;
use crate::leaf::{Consent, Cx};
use crate::syntax::ast::{ActionKind, ClauseKind};

/// One customer at one moment, with what earlier slots of the decision have taken.
pub(crate) struct Pipeline<'c, P> {
    pub(super) inner: &'c Inner<P>,
    pub(super) customer: &'c P,
    pub(super) cx: &'c Cx<'c>,
    consents: &'c [Consent],
    pub(super) contacts: Contacts<'c>,
    /// Candidates that have won a slot, with its channel.
    pub(super) taken: Vec<(usize, usize)>,
    /// Which blocks of the policy do not hold, once somebody has asked.
    pub(super) blocks: OnceCell<Vec<bool>>,
}

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    pub fn new(inner: &'c Inner<P>, customer: &'c P, cx: &'c Cx<'c>) -> Self {
        let rows = match &inner.access.contacts {
            Some(contacts) => contacts(customer),
            None => None,
        };
        Pipeline {
            inner,
            customer,
            cx,
            consents: inner.access.consents.as_ref().map(|consents| consents(customer)).unwrap_or_default(),
            contacts: Contacts { rows, moment: cx.moment },
            taken: Vec::new(),
            blocks: OnceCell::new(),
        }
    }

    /// The action for a channel, or the reason for none.
    pub fn slot(&mut self, channel: usize) -> Answer {
        match self.winner(channel, &mut Nobody) {
            Some(chosen) => Answer::Action(chosen),
            None => {
                let mut furthest = Furthest::default();
                self.winner(channel, &mut furthest);
                Answer::Nothing(furthest.nothing(self))
            }
        }
    }

    /// The same with everyone who leaves shown to `keep`.
    pub fn explained<K: Keep<'c>>(&mut self, channel: usize, keep: &mut K) -> Answer {
        let mut both = Both(Furthest::default(), keep);
        match self.winner(channel, &mut both) {
            Some(chosen) => Answer::Action(chosen),
            None => Answer::Nothing(both.0.nothing(self)),
        }
    }

    /// The action for a channel; everyone who leaves is shown to `keep`.
    pub fn winner<K: Keep<'c>>(&mut self, channel: usize, keep: &mut K) -> Option<Chosen> {
        let mut ranking: Vec<Ranked<'c>> = Vec::new();
        for number in 0..self.inner.candidates.len() {
            match self.admit::<K>(number, channel) {
                Ok(ranked) => ranking.push(ranked),
                Err(left) => {
                    let candidate = self.inner.candidates.get(number);
                    let concerned = candidate.is_some_and(|c| c.treatments.iter().any(|&(on, _)| on == channel));
                    keep.left(number, Left { concerned, ..left });
                }
            }
        }
        ranking.sort_by(Ranked::order);
        let mut winner = None;
        for ranked in ranking {
            let Some(candidate) = self.inner.candidates.get(ranked.candidate) else { continue };
            if winner.is_some() {
                keep.left(ranked.candidate, left(Stage::Rank, candidate.span).with(ranked.factors));
            } else if let Err(held) = self.held_back(candidate, channel) {
                keep.left(ranked.candidate, held.with(ranked.factors));
            } else {
                self.taken.push((ranked.candidate, channel));
                winner = Some(Chosen {
                    action: candidate.path.clone(),
                    kind: candidate.kind,
                    content: ranked.treatment.content().to_owned(),
                    factors: ranked.factors,
                    probability: 1.0,
                });
            }
        }
        winner
    }

    /// The stages before ranking.
    fn admit<K: Keep<'c>>(&self, number: usize, channel: usize) -> Result<Ranked<'c>, Left<'c>> {
        let Some(candidate) = self.inner.candidates.get(number) else {
            return Err(left(Stage::Availability, Span::default()));
        };
        let treatment = candidate.treatments.iter().find(|(on, _)| *on == channel).map(|(_, content)| content.as_str());
        if K::HURRIED && treatment.is_none() {
            return Err(left(Stage::Treatment, candidate.span));
        }
        let permitted = self.permitted(candidate, channel, treatment)?;
        if !self.belongs(candidate) {
            return Err(left(Stage::Eligible, candidate.segment_span));
        }
        self.clauses(candidate, |kind| kind != ClauseKind::Suppress)?;
        self.journey(candidate, channel)?;
        self.clauses(candidate, |kind| kind == ClauseKind::Suppress)?;
        self.unblocked(candidate)?;
        let taken = self.taken.iter().any(|&(taken, _)| taken == number);
        let treatment = permitted.filter(|_| !taken).ok_or_else(|| left(Stage::Treatment, candidate.span))?;
        self.rank(number, candidate, treatment)
    }

    /// Consent removes a treatment; an action that has none on the channel leaves at a later stage.
    fn permitted(
        &self,
        candidate: &'c Candidate<P>,
        channel: usize,
        treatment: Option<&'c str>,
    ) -> Result<Option<Permitted<'c>>, Left<'c>> {
        let (Some(content), Some(channel)) = (treatment, self.inner.rules.channels.get(channel)) else {
            return Ok(None);
        };
        match consent::check(candidate.kind, channel, content, self.consents, self.cx.moment.now) {
            Some(permitted) => Ok(Some(permitted)),
            None => Err(left(Stage::Consent, channel.span)),
        }
    }

    fn clauses(&self, candidate: &'c Candidate<P>, asked: impl Fn(ClauseKind) -> bool) -> Result<(), Left<'c>> {
        for (number, clause) in candidate.clauses.iter().enumerate().filter(|(_, clause)| asked(clause.kind)) {
            if !(clause.passes)(self.customer, self.cx) {
                let stage = match clause.kind {
                    ClauseKind::Eligible => Stage::Eligible,
                    ClauseKind::Applicable => Stage::Applicable,
                    ClauseKind::Suitable => Stage::Suitable,
                    ClauseKind::Suppress => Stage::Suppression,
                };
                return Err(Left {
                    because: clause.because.as_deref(),
                    cause: Some(Cause::Clause(number)),
                    ..left(stage, clause.span)
                });
            }
        }
        Ok(())
    }

    /// Score and threshold. Service is not weighed.
    fn rank(
        &self,
        number: usize,
        candidate: &'c Candidate<P>,
        treatment: Permitted<'c>,
    ) -> Result<Ranked<'c>, Left<'c>> {
        let service = candidate.kind == ActionKind::Service;
        let found = self.inner.rules.currency.and_then(|currency| factors(candidate, self.customer, self.cx, currency));
        let ranked = Ranked { candidate: number, service, factors: found, treatment };
        if service {
            return Ok(ranked);
        }
        let Some(factors) = found else { return Err(left(Stage::Score, candidate.span)) };
        let threshold = &self.inner.rules.threshold;
        let enough = threshold.as_ref().is_none_or(|threshold| factors.priority >= threshold.minor as f64);
        if factors.priority > 0.0 && enough {
            return Ok(ranked);
        }
        let span = threshold.as_ref().filter(|_| !enough).map_or(candidate.span, |threshold| threshold.span);
        Err(left(Stage::Threshold, span).with(found))
    }
}
