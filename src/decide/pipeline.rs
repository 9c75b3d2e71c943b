//! The order of a decision: one function, whatever is kept of it.

use std::cell::RefCell;

use super::consent::{Consents, Permitted};
use super::contacts::Contacts;
use super::decision::{Answer, Chosen, Effect, Factors, Nearest, Nothing, Withheld};
use super::explore::Chances;
use super::keep::{Both, Cause, Furthest, Keep, Left, left, whole};
use super::rank::{Ranked, Worth};
use super::room::{Once, Room, emptied};
use super::variant::Shown;
use super::{Reason, Stage, content};
use crate::check::tree::{Rules, Showplace};
use crate::compile::{Candidate, Corners, Inner, Inputs, Treatment, Unit};
use crate::diagnostic::Span;
use crate::leaf::Cx;
use crate::schema::Money;
use crate::syntax::ast::ClauseKind;

/// A candidate that a slot has taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub candidate: usize,
    pub channel: usize,
    /// By whom it is withheld.
    pub withheld: Option<Stage>,
    pub worth: Worth,
}

impl Taken {
    /// Whether it counts as pending: a control group is not contacted.
    pub fn counts(&self) -> bool {
        self.withheld != Some(Stage::Control)
    }
}

/// What a slot shows, and what it would have shown.
pub(crate) struct Filled {
    pub answer: Answer,
    pub withheld: Vec<Withheld>,
    /// How likely each that could be shown was to be chosen, where that is left to chance.
    pub chances: Chances,
}

/// What is chosen for a slot.
#[derive(Default)]
struct Choice {
    chosen: Option<Chosen>,
    /// The action that the holdout withholds, with its reason.
    held_out: Option<Nearest>,
    withheld: Vec<Withheld>,
    chances: Chances,
}

/// One customer at one moment, with what earlier slots of the decision have taken.
pub(crate) struct Pipeline<'c, P: 'static> {
    pub(super) inner: &'c Inner<P>,
    pub(super) customer: &'c P,
    pub(super) cx: &'c Cx<'c>,
    consents: Consents<'c>,
    pub(super) contacts: Contacts<'c>,
    /// What the request says about actions.
    pub(super) inputs: &'c Inputs,
    /// Candidates that earlier slots have taken.
    pub(super) taken: Vec<Taken>,
    /// How many they were when the slot at hand was begun: what it draws by.
    pub(super) turn: usize,
    /// Which blocks of the policy do not hold, once somebody has asked.
    pub(super) blocks: Once<Vec<bool>>,
    /// Room for a ranking.
    ranking: Vec<Ranked<'c, P>>,
    /// Room to find out in when to try again.
    pub(super) corners: RefCell<Corners>,
    /// Where all that room comes from.
    room: Option<Box<Room<P>>>,
}

impl<P> Drop for Pipeline<'_, P> {
    /// Gives its memory back for the next decision.
    fn drop(&mut self) {
        let Some(mut room) = self.room.take() else { return };
        room.contacts = self.contacts.spare();
        room.blocks = self.blocks.spare();
        room.taken = std::mem::take(&mut self.taken);
        room.ranking = emptied(std::mem::take(&mut self.ranking));
        room.corners = self.corners.take();
        self.cx.scratch.leave(room);
    }
}

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    pub fn new(inner: &'c Inner<P>, customer: &'c P, cx: &'c Cx<'c>, inputs: &'c Inputs) -> Self {
        let rows = inner.access.contacts(None, customer);
        let mut room = cx.scratch.take::<Room<P>>();
        let Room { contacts, blocks, mut taken, ranking, corners } = std::mem::take(&mut *room);
        taken.clear();
        let consents = inner.access.consents.as_ref().map(|consents| consents(customer));
        Pipeline {
            inner,
            customer,
            cx,
            consents: Consents::new(consents.unwrap_or_default(), cx.moment.now),
            contacts: Contacts::new(rows, cx.moment, &inner.scopes, contacts),
            inputs,
            taken,
            turn: 0,
            blocks: Once::new(blocks),
            ranking: emptied(ranking),
            corners: RefCell::new(corners),
            room: Some(room),
        }
    }

    /// The rules by which it is decided.
    pub fn rules(&self) -> &'c Rules {
        &self.inner.rules
    }

    /// How many the slots so far have taken.
    pub fn taken(&self) -> usize {
        self.taken.len()
    }

    /// The action for a place, or the reason for none.
    pub fn slot(&mut self, place: Showplace) -> Filled {
        let mut furthest = Furthest::default();
        let choice = self.choose(place, &mut furthest);
        self.filled(choice, furthest)
    }

    /// The same with everyone who leaves shown to `keep`.
    pub fn explained<K: Keep<'c>>(&mut self, place: Showplace, keep: &mut K) -> Filled {
        let mut both = Both(Furthest::default(), keep);
        let choice = self.choose(place, &mut both);
        self.filled(choice, both.0)
    }

    fn filled(&self, choice: Choice, furthest: Furthest<'c>) -> Filled {
        let answer = match (choice.chosen, choice.held_out) {
            (Some(chosen), None) => Answer::Action(chosen),
            (_, Some(nearest)) => {
                Answer::Nothing(Nothing { reason: Reason::Holdout, nearest: Some(nearest), retry_at: None })
            }
            (None, None) => Answer::Nothing(furthest.nothing(self)),
        };
        Filled { answer, withheld: choice.withheld, chances: choice.chances }
    }

    /// The action for a place; everyone who leaves is shown to `keep`.
    fn choose<K: Keep<'c>>(&mut self, place: Showplace, keep: &mut K) -> Choice {
        let channel = place.channel;
        self.turn = self.taken.len();
        let mut ranking = std::mem::take(&mut self.ranking);
        ranking.clear();
        for number in 0..self.candidates() {
            match self.admit::<K>(number, place) {
                Ok(ranked) => ranking.push(ranked),
                Err(left) => {
                    let candidate = self.action_of(number);
                    let concerned = candidate.is_some_and(|c| c.treatments.iter().any(|t| t.place == place));
                    keep.left(number, Left { concerned, ..left });
                }
            }
        }
        // The order is total, so that equals need not keep their places.
        ranking.sort_unstable_by(Ranked::order);
        let ranking = self.explore(ranking);
        let mut choice = Choice::default();
        for (place, ranked) in ranking.iter().enumerate() {
            let number = ranked.candidate;
            let Some(candidate) = self.turn_to(number) else { continue };
            let worth = ranked.worth();
            if choice.chosen.is_some() || choice.held_out.is_some() {
                if K::HURRIED {
                    break;
                }
                keep.left(number, whole(Stage::Rank, candidate.span).with(ranked.factors));
            } else if let Err(held) = self.held_back(candidate, channel) {
                keep.left(number, held.with(ranked.factors));
            } else if let Some(control) = candidate.control.filter(|_| self.in_control(candidate)) {
                keep.left(number, left(Stage::Control, control.span).with(ranked.factors));
                let chances = self.chances_of(ranked, ranking.get(place..).unwrap_or_default(), channel);
                choice.withheld.push(Withheld { action: self.chosen(candidate, ranked, &chances), by: Stage::Control });
                self.taken.push(Taken { candidate: number, channel, withheld: Some(Stage::Control), worth });
            } else {
                // Before it counts as taken: what could be shown instead is what could be without it.
                choice.chances = self.chances_of(ranked, ranking.get(place..).unwrap_or_default(), channel);
                let holdout = self.inner.rules.holdout.as_ref().filter(|_| self.held_out(candidate));
                let withheld = holdout.map(|_| Stage::Holdout);
                let action = self.chosen(candidate, ranked, &choice.chances);
                self.taken.push(Taken { candidate: number, channel, withheld, worth });
                match holdout {
                    Some(holdout) => {
                        let (stage, path) = (Stage::Holdout, action.action.clone());
                        keep.left(number, left(stage, holdout.span).with(ranked.factors));
                        choice.held_out = Some(Nearest { action: path, stage, because: None });
                        choice.withheld.push(Withheld { action, by: stage });
                    }
                    None => choice.chosen = Some(action),
                }
            }
        }
        self.ranking = ranking;
        choice
    }

    /// The stages before ranking.
    fn admit<K: Keep<'c>>(&self, number: usize, place: Showplace) -> Result<Ranked<'c, P>, Left<'c>> {
        let Some(candidate) = self.turn_to(number) else {
            return Err(left(Stage::Availability, Span::default()));
        };
        let shown = candidate.treatments.iter().any(|treatment| treatment.place == place);
        if K::HURRIED && !shown {
            return Err(whole(Stage::Treatment, candidate.span));
        }
        self.available(number, candidate, place.channel)?;
        self.permitted(candidate, place)?;
        self.with_members(candidate, |one| match self.belongs(one) {
            true => Ok(()),
            false => Err(left(Stage::Eligible, one.segment_span)),
        })?;
        // All but suppressions, in the order of the stages: the last of them begin the one of journeys.
        if candidate.members.is_empty() {
            self.clauses(candidate, |kind| kind != ClauseKind::Suppress)?;
        } else {
            for of in ClauseKind::ALL.into_iter().filter(|kind| *kind != ClauseKind::Suppress) {
                self.with_members(candidate, |one| self.clauses(one, |kind| kind == of))?;
            }
        }
        self.journey(candidate, place.channel)?;
        self.had(candidate)?;
        self.each_member(candidate, |one| self.rested(one))?;
        self.with_members(candidate, |one| self.clauses(one, |kind| kind == ClauseKind::Suppress))?;
        self.with_members(candidate, |one| self.unblocked(one))?;
        let taken = self.taken.iter().any(|taken| self.overlap(taken.candidate, number));
        let treatment = self.treatment(candidate, place)?.filter(|_| !taken);
        let treatment = treatment.ok_or_else(|| whole(Stage::Treatment, candidate.span))?;
        self.drawn(candidate, treatment.treatment())?;
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
        self.consents.check(candidate.kind, channels, treatment).ok_or_else(|| {
            let channel = channels.get(treatment.place.channel);
            left(Stage::Consent, channel.map_or(candidate.span, |channel| channel.span))
        })
    }

    /// The first treatment for a place that is for this customer and has all that its content is filled with; where there is
    /// none, the experiment that another customer would be in, or what the first one lacks.
    fn treatment(&self, candidate: &'c Candidate<P>, place: Showplace) -> Result<Option<Permitted<'c, P>>, Left<'c>> {
        let mut lacking = None;
        for treatment in candidate.treatments.iter().filter(|treatment| treatment.place == place) {
            match (content::lacking(treatment, self.customer, self.cx), treatment.content.trial()) {
                (Some(span), _) => lacking = lacking.or(Some((Stage::Treatment, span))),
                (None, Some(trial)) if !self.is_exposed(candidate, &treatment.content) => {
                    lacking = Some((Stage::ExperimentArm, trial.span));
                }
                (None, _) => return self.consent(candidate, treatment).map(Some),
            }
        }
        lacking.map_or(Ok(None), |(stage, span)| Err(left(stage, span)))
    }

    fn chosen(&self, candidate: &'c Candidate<P>, ranked: &Ranked<'c, P>, chances: &Chances) -> Chosen {
        let treatment = ranked.treatment.treatment();
        let Shown { content, variant, filled } = self.shown(candidate, treatment).unwrap_or_default();
        let mut effects = self.effects(ranked.candidate, candidate, treatment.place.channel);
        effects.extend(variant.as_ref().and_then(|variant| self.to_assign(candidate, treatment, variant)));
        Chosen {
            action: self.path(ranked.candidate).into_owned(),
            kind: candidate.kind,
            fallback: candidate.fallback,
            content: content.to_owned(),
            crossed: variant.as_ref().is_some_and(|variant| self.crossed(candidate, variant)),
            variant,
            language: treatment.language(self.customer, self.cx).map(str::to_owned),
            parameters: filled.into_iter().chain(content::parameters(treatment, self.customer, self.cx)).collect(),
            effects,
            valid_until: self.valid_until(candidate),
            factors: ranked.factors,
            probability: chances
                .iter()
                .find(|(number, _)| *number == ranked.candidate)
                .map_or(1.0, |(_, chance)| *chance),
            explored: chances.first().is_some_and(|(best, _)| *best != ranked.candidate),
            draws: self.draws().filter(|_| chances.len() > 1),
        }
    }

    /// What is to be done besides showing it.
    fn effects(&self, number: usize, candidate: &'c Candidate<P>, channel: usize) -> Vec<Effect> {
        let promo = candidate.promo.as_ref().zip(self.expires(candidate));
        let promo = promo.map(|(promo, until)| Effect::Promo { code: promo.code.clone(), until });
        let mut effects: Vec<Effect> = promo.into_iter().collect();
        for stock in self.inputs.stock.iter().filter(|stock| self.is_of(stock, number)) {
            match stock.unit {
                Unit::Piece => {
                    let pieces = 0..self.pieces(stock, number);
                    effects.extend(pieces.map(|_| Effect::Reserve { stock: stock.path.clone() }));
                }
                Unit::Cost => {
                    let minor = self.takes(stock, number, channel).and_then(|minor| i64::try_from(minor).ok());
                    let amount = minor.zip(self.inner.rules.currency).map(|(minor, of)| Money::new(minor, of));
                    effects.extend(amount.map(|amount| Effect::Spend { budget: stock.path.clone(), amount }));
                }
            }
        }
        effects
    }

    fn clauses(&self, candidate: &'c Candidate<P>, asked: impl Fn(ClauseKind) -> bool) -> Result<(), Left<'c>> {
        for (number, clause) in candidate.clauses.iter().enumerate().filter(|(_, clause)| asked(clause.kind)) {
            if !clause.excepted && !(clause.passes)(self.customer, self.cx) {
                let stage = match clause.kind {
                    ClauseKind::Eligible => Stage::Eligible,
                    ClauseKind::Applicable => Stage::Applicable,
                    ClauseKind::Suitable => Stage::Suitable,
                    ClauseKind::Only => Stage::Journey,
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

    /// Score and threshold. Service is not weighed, nor is what is for where nothing else is shown.
    fn rank(
        &self,
        number: usize,
        candidate: &'c Candidate<P>,
        treatment: Permitted<'c, P>,
    ) -> Result<Ranked<'c, P>, Left<'c>> {
        if candidate.is_service() || candidate.fallback {
            return Ok(Ranked { candidate: number, tier: candidate.tier, factors: None, treatment });
        }
        let channel = treatment.treatment().place.channel;
        let found = self.factors(number, candidate, channel);
        let ranked = Ranked { candidate: number, tier: candidate.tier, factors: found, treatment };
        let Some(factors) = found else { return Err(whole(Stage::Score, candidate.span)) };
        let threshold = &self.inner.rules.threshold;
        if self.is_enough(&factors) {
            return Ok(ranked);
        }
        let below = threshold.as_ref().filter(|threshold| factors.priority < threshold.minor as f64);
        let left = below.map_or_else(
            || whole(Stage::Threshold, candidate.span),
            |threshold| left(Stage::Threshold, threshold.span),
        );
        Err(Left { cause: Some(Cause::Threshold { channel }), ..left.with(found) })
    }

    /// Whether a priority beats doing nothing, and reaches the threshold.
    pub(super) fn is_enough(&self, factors: &Factors) -> bool {
        let threshold = self.inner.rules.threshold.as_ref();
        factors.priority > 0.0 && threshold.is_none_or(|threshold| factors.priority >= threshold.minor as f64)
    }
}
