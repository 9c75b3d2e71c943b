//! Why: the truth of every condition, the values behind it, and what became of every candidate.

mod asking;
mod change;
mod conditions;
mod contact;
mod decision;
mod explainer;
mod funnel;
mod segment;
mod text;
mod trace;
mod truth;
mod worth;

pub(crate) use asking::Asking;
pub(crate) use change::Fate;
pub(crate) use conditions::condition_of;
pub use contact::FoundContact;
pub use decision::{CandidateTrace, Explanation, Preferred, SlotTrace};
pub use funnel::{ActionCount, Funnel, ReasonCount, RuleCount, SlotFunnel, StageCount};
pub use segment::SegmentExplainer;
pub use trace::{FoundValue, RankedBy, RankedIn, Reveal, SegmentTrace, Shown, Source, Trace, Window};
pub use truth::Truth;
pub use worth::{PartTrace, WorthTrace};

use crate::compile::{Engine, EngineError, Inner, Preference, Request, Resolved, SegmentId};
use crate::decide::{Keep, Left, Pipeline, Stage};
use crate::diagnostic::{Sources, Span};
use crate::leaf::Cx;
use crate::time::Instant;
use explainer::Explainer;

impl<P: Send + Sync + 'static> Engine<P> {
    /// Why a customer is in a segment, or is not. Personal data is redacted.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    pub fn explain_segment(
        &self,
        customer: &P,
        request: &Request,
        segment: SegmentId,
    ) -> Result<SegmentTrace, EngineError> {
        Ok(self.explainer(segment)?.explain(customer, request))
    }

    /// The same with personal data shown.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    pub fn explain_segment_revealing(
        &self,
        customer: &P,
        request: &Request,
        segment: SegmentId,
        reveal: Reveal,
    ) -> Result<SegmentTrace, EngineError> {
        Ok(self.explainer(segment)?.explain_revealing(customer, request, reveal))
    }

    /// How a decision comes about: what became of every candidate. Personal data is redacted.
    pub fn explain(&self, customer: &P, request: &Request) -> Explanation {
        self.explanation(customer, request, false)
    }

    /// The same with personal data shown.
    pub fn explain_revealing(&self, customer: &P, request: &Request, _: Reveal) -> Explanation {
        self.explanation(customer, request, true)
    }

    fn explanation(&self, customer: &P, request: &Request, reveal: bool) -> Explanation {
        let inner = &*self.0;
        let resolved = request.resolve(&inner.rules);
        let explainer = explainer(inner, customer, request, &resolved, reveal);
        let explain = |condition: &Explain<'_>| traced(&explainer, condition);
        match conditions::of(inner) {
            Some(conditions) => explainer.with(conditions, |run, conditions| {
                explain(&|clause, row| conditions.get(&clause).map(|condition| run.trace_of(condition, row)))
            }),
            None => explain(&|_, _| None),
        }
    }
}

/// Explains the clause that stands somewhere, for the row that a candidate is made of.
type Explain<'e> = dyn Fn(Span, Option<usize>) -> Option<Trace> + 'e;

/// A decision with what became of every candidate; `condition` explains what removed it.
fn traced<P: Send + Sync + 'static>(explainer: &Explainer<'_, P>, condition: &Explain<'_>) -> Explanation {
    let Explainer { inner, customer, now, resolved, .. } = *explainer;
    inner.with_scratch(|scratch| {
        let frame = inner.frame(customer, now, resolved, scratch, &inner.program);
        let cx = frame.of(customer);
        let mut pipeline = Pipeline::new(inner, customer, &cx, &resolved.inputs);
        let mut filled_places = Vec::new();
        let preference = pipeline.preference(&resolved.places);
        for (asked, place) in preference.order(&resolved.places) {
            let mut found = Vec::new();
            let filled = pipeline.fill(place, |pipeline| {
                let mut everyone = Everyone(vec![None; pipeline.candidates()]);
                let before = pipeline.taken();
                let answer = pipeline.explained(place, &mut everyone);
                let candidates = everyone.0.into_iter().enumerate().filter_map(|(number, left)| {
                    let retry_at = left.as_ref().and_then(|left| pipeline.retry_at(number, left));
                    let candidate = pipeline.turn_to(number)?;
                    let scored = left.as_ref().is_none_or(|left| left.stage >= Stage::Score);
                    let worth = scored.then(|| worth::worth_of(pipeline, candidate)).flatten();
                    let member = left.as_ref().and_then(|left| inner.candidates.get(left.member?));
                    let member = member.map(|member| member.path.clone());
                    let weighed = left.as_ref().is_none_or(|left| left.factors.is_some());
                    let text = |span| clause_text(inner.sources(), Some(span));
                    let boosts = pipeline.boosts(candidate).map(|(boost, change)| match boost.decays() {
                        true => format!("{} ({} now)", text(boost.span), text::change(change)),
                        false => text(boost.span),
                    });
                    let levers = pipeline.levers(candidate).map(|lever| text(lever.span));
                    let weights = boosts.chain(levers).filter(|_| weighed).collect();
                    let exceptions = pipeline.let_by(candidate, place.channel, before);
                    let exceptions = exceptions.iter().map(|one| clause_text(inner.sources(), Some(one.span)));
                    let exceptions = exceptions.collect();
                    let chance = answer.chances.iter().find(|(of, _)| *of == number);
                    let probability = chance.map(|&(_, chance)| chance);
                    let row = cx.made_of.get();
                    let condition = |span| condition(span, row);
                    let trace = candidate_trace(inner.sources(), &condition, &pipeline.path(number), left, retry_at);
                    Some(CandidateTrace { worth, member, weights, exceptions, probability, ..trace })
                });
                found.push(candidates.collect());
                answer
            });
            for (slot, candidates) in filled.into_iter().zip(found) {
                let trace = SlotTrace { channel: slot.channel.clone(), slot: slot.slot.clone(), candidates };
                filled_places.push((asked, slot, trace));
            }
        }
        // Each stands where it is asked for.
        filled_places.sort_by_key(|(asked, ..)| *asked);
        let (slots, traces) = filled_places.into_iter().map(|(_, slot, trace)| (slot, trace)).unzip();
        let preferred = preferred(explainer, &cx, preference);
        Explanation { decision: pipeline.decision(&resolved.places, slots), slots: traces, preferred }
    })
}

/// Which places were filled first, and why.
fn preferred<P: Send + Sync + 'static>(
    explainer: &Explainer<'_, P>,
    cx: &Cx<'_>,
    preference: Preference,
) -> Option<Preferred> {
    let Explainer { inner, customer, resolved, reveal, .. } = *explainer;
    let prefers = inner.prefers.as_ref().filter(|_| resolved.places.len() > 1)?;
    let hidden = prefers.personal && !reveal;
    let found = match hidden {
        true => FoundValue::Redacted,
        false => prefers.value(customer, cx).map_or(FoundValue::Missing, FoundValue::Value),
    };
    let mut channels: Vec<usize> = preference.first.into_iter().filter(|_| !hidden).chain(preference.next).collect();
    channels.dedup();
    let asked = |channel: &usize| resolved.places.iter().any(|place| place.channel == *channel);
    let named = channels.into_iter().filter(asked).filter_map(|channel| inner.rules.channels.get(channel));
    Some(Preferred {
        channels: named.map(|channel| channel.name.clone()).collect(),
        found,
        clause: clause_text(inner.sources(), Some(prefers.span)),
        span: prefers.span,
    })
}

/// Keeps everyone who left.
struct Everyone<'c>(Vec<Option<Left<'c>>>);

impl<'c> Keep<'c> for Everyone<'c> {
    const HURRIED: bool = false;

    fn left(&mut self, candidate: usize, left: Left<'c>) {
        if let Some(place) = self.0.get_mut(candidate) {
            *place = Some(left);
        }
    }
}

fn explainer<'a, P>(
    inner: &'a Inner<P>,
    customer: &'a P,
    request: &'a Request,
    resolved: &'a Resolved,
    reveal: bool,
) -> Explainer<'a, P> {
    let population = request.asked_population();
    Explainer { inner, customer, now: request.now(), resolved, population, reveal }
}

fn candidate_trace(
    sources: &Sources,
    condition: &dyn Fn(Span) -> Option<Trace>,
    path: &str,
    left: Option<Left<'_>>,
    retry_at: Option<Instant>,
) -> CandidateTrace {
    let action = path.to_owned();
    let Some(left) = left else {
        let span = Span::default();
        return CandidateTrace {
            action,
            left: None,
            held_back: false,
            clause: String::new(),
            span,
            because: None,
            member: None,
            condition: None,
            retry_at: None,
            factors: None,
            worth: None,
            probability: None,
            weights: Vec::new(),
            exceptions: Vec::new(),
        };
    };
    let clause = clause_text(sources, left.rule());
    let condition = left.rule().and_then(condition);
    CandidateTrace {
        action,
        left: Some(left.stage),
        held_back: left.distance().0,
        clause,
        span: left.span,
        because: left.because.map(str::to_owned),
        member: None,
        condition,
        retry_at,
        factors: left.factors,
        worth: None,
        probability: None,
        weights: Vec::new(),
        exceptions: Vec::new(),
    }
}

/// What stands somewhere in a rule file, on one line.
pub(crate) fn written_at(sources: &Sources, span: Span) -> String {
    clause_text(sources, Some(span))
}

/// The clause that removed a candidate as it is written; empty where none did.
pub(crate) fn clause_text(sources: &Sources, rule: Option<Span>) -> String {
    rule.map_or(String::new(), |span| text::one_line(sources.slice(span).unwrap_or_default()))
}
