//! The order of a decision: one function, whatever is kept of it.

use std::cell::OnceCell;

use super::consent::{self, Permitted};
use super::contacts::Contacts;
use super::decision::{Answer, Chosen, Slot};
use super::keep::{Both, Cause, Furthest, Keep, Left, Nobody, left, whole};
use super::rank::{Ranked, factors};
use super::{Stage, content};
use crate::check::tree::Showplace;
use crate::compile::{Candidate, Inner, Treatment};
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

    /// The slots of a place, up to as many as it shows: what there is no action for is told once, and only if it is the first.
    pub fn fill(&mut self, place: Showplace, mut answer: impl FnMut(&mut Self) -> Answer) -> Vec<Slot> {
        let Some(channel) = self.inner.rules.channels.get(place.channel) else { return Vec::new() };
        let slot = place.slot.and_then(|slot| channel.slots.get(slot));
        let mut slots = Vec::new();
        for number in 0..slot.map_or(1, |slot| slot.capacity) {
            let answer = answer(self);
            let is_action = matches!(answer, Answer::Action(_));
            if is_action || number == 0 {
                let name = slot.map(|slot| slot.name.clone());
                slots.push(Slot { channel: channel.name.clone(), slot: name, answer });
            }
            if !is_action {
                break;
            }
        }
        slots
    }

    /// The action for a place, or the reason for none.
    pub fn slot(&mut self, place: Showplace) -> Answer {
        match self.winner(place, &mut Nobody) {
            Some(chosen) => Answer::Action(chosen),
            None => {
                let mut furthest = Furthest::default();
                self.winner(place, &mut furthest);
                Answer::Nothing(furthest.nothing(self))
            }
        }
    }

    /// The same with everyone who leaves shown to `keep`.
    pub fn explained<K: Keep<'c>>(&mut self, place: Showplace, keep: &mut K) -> Answer {
        let mut both = Both(Furthest::default(), keep);
        match self.winner(place, &mut both) {
            Some(chosen) => Answer::Action(chosen),
            None => Answer::Nothing(both.0.nothing(self)),
        }
    }

    /// The action for a place; everyone who leaves is shown to `keep`.
    pub fn winner<K: Keep<'c>>(&mut self, place: Showplace, keep: &mut K) -> Option<Chosen> {
        let channel = place.channel;
        let mut ranking: Vec<Ranked<'c, P>> = Vec::new();
        for number in 0..self.inner.candidates.len() {
            match self.admit::<K>(number, place) {
                Ok(ranked) => ranking.push(ranked),
                Err(left) => {
                    let candidate = self.inner.candidates.get(number);
                    let concerned = candidate.is_some_and(|c| c.treatments.iter().any(|t| t.place == place));
                    keep.left(number, Left { concerned, ..left });
                }
            }
        }
        ranking.sort_by(Ranked::order);
        let mut winner = None;
        for ranked in ranking {
            let Some(candidate) = self.inner.candidates.get(ranked.candidate) else { continue };
            if winner.is_some() {
                keep.left(ranked.candidate, whole(Stage::Rank, candidate.span).with(ranked.factors));
            } else if let Err(held) = self.held_back(candidate, channel) {
                keep.left(ranked.candidate, held.with(ranked.factors));
            } else {
                self.taken.push((ranked.candidate, channel));
                winner = Some(self.chosen(candidate, &ranked));
            }
        }
        winner
    }

    /// The stages before ranking.
    fn admit<K: Keep<'c>>(&self, number: usize, place: Showplace) -> Result<Ranked<'c, P>, Left<'c>> {
        let Some(candidate) = self.inner.candidates.get(number) else {
            return Err(left(Stage::Availability, Span::default()));
        };
        let shown = candidate.treatments.iter().any(|treatment| treatment.place == place);
        if K::HURRIED && !shown {
            return Err(whole(Stage::Treatment, candidate.span));
        }
        self.permitted(candidate, place)?;
        if !self.belongs(candidate) {
            return Err(left(Stage::Eligible, candidate.segment_span));
        }
        self.clauses(candidate, |kind| kind != ClauseKind::Suppress)?;
        self.journey(candidate, place.channel)?;
        self.clauses(candidate, |kind| kind == ClauseKind::Suppress)?;
        self.unblocked(candidate)?;
        let taken = self.taken.iter().any(|&(taken, _)| taken == number);
        let treatment = self.treatment(candidate, place)?.filter(|_| !taken);
        let treatment = treatment.ok_or_else(|| whole(Stage::Treatment, candidate.span))?;
        self.rank(number, candidate, treatment)
    }

    /// Consent removes treatments, all that are on the channel; an action that has none there leaves at a later stage.
    fn permitted(&self, candidate: &'c Candidate<P>, place: Showplace) -> Result<(), Left<'c>> {
        match candidate.treatments.iter().find(|treatment| treatment.place == place) {
            Some(treatment) => self.consent(candidate, treatment).map(|_| ()),
            None => Ok(()),
        }
    }

    fn consent(&self, candidate: &'c Candidate<P>, treatment: &'c Treatment<P>) -> Result<Permitted<'c, P>, Left<'c>> {
        let channels = &self.inner.rules.channels;
        consent::check(candidate.kind, channels, treatment, self.consents, self.cx.moment.now).ok_or_else(|| {
            let channel = channels.get(treatment.place.channel);
            left(Stage::Consent, channel.map_or(candidate.span, |channel| channel.span))
        })
    }

    /// The first treatment for a place that is for this customer and has all that its content is filled with; where there is
    /// none, what the first one lacks.
    fn treatment(&self, candidate: &'c Candidate<P>, place: Showplace) -> Result<Option<Permitted<'c, P>>, Left<'c>> {
        let mut lacking = None;
        for treatment in candidate.treatments.iter().filter(|treatment| treatment.place == place) {
            match content::lacking(treatment, self.customer, self.cx) {
                None => return self.consent(candidate, treatment).map(Some),
                Some(span) => lacking = lacking.or(Some(span)),
            }
        }
        lacking.map_or(Ok(None), |span| Err(left(Stage::Treatment, span)))
    }

    fn chosen(&self, candidate: &'c Candidate<P>, ranked: &Ranked<'c, P>) -> Chosen {
        let treatment = ranked.treatment.treatment();
        Chosen {
            action: candidate.path.clone(),
            kind: candidate.kind,
            content: treatment.content.clone(),
            language: treatment.language(self.customer, self.cx).map(str::to_owned),
            parameters: content::parameters(treatment, self.customer, self.cx),
            factors: ranked.factors,
            probability: 1.0,
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
        treatment: Permitted<'c, P>,
    ) -> Result<Ranked<'c, P>, Left<'c>> {
        let service = candidate.kind == ActionKind::Service;
        let found = self.inner.rules.currency.and_then(|currency| factors(candidate, self.customer, self.cx, currency));
        let ranked = Ranked { candidate: number, service, factors: found, treatment };
        if service {
            return Ok(ranked);
        }
        let Some(factors) = found else { return Err(whole(Stage::Score, candidate.span)) };
        let threshold = &self.inner.rules.threshold;
        let enough = threshold.as_ref().is_none_or(|threshold| factors.priority >= threshold.minor as f64);
        if factors.priority > 0.0 && enough {
            return Ok(ranked);
        }
        let below = threshold.as_ref().filter(|_| !enough);
        let left = below.map_or_else(
            || whole(Stage::Threshold, candidate.span),
            |threshold| left(Stage::Threshold, threshold.span),
        );
        Err(left.with(found))
    }
}
