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

pub(crate) use asking::Asking;
pub(crate) use change::Fate;
pub(crate) use conditions::condition_of;
pub use contact::FoundContact;
pub use decision::{CandidateTrace, Explanation, SlotTrace};
pub use funnel::{ActionCount, Funnel, ReasonCount, RuleCount, SlotFunnel, StageCount};
pub use segment::SegmentExplainer;
pub use trace::{FoundValue, RankedBy, RankedIn, Reveal, SegmentTrace, Shown, Source, Trace, Window};
pub use truth::Truth;

use crate::compile::{Engine, EngineError, Inner, Request, Resolved, SegmentId};
use crate::decide::{Keep, Left, Pipeline};
use crate::diagnostic::{Sources, Span};
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
        let (mut slots, mut traces) = (Vec::new(), Vec::new());
        for &place in &resolved.places {
            let mut found = Vec::new();
            let filled = pipeline.fill(place, |pipeline| {
                let mut everyone = Everyone(vec![None; pipeline.candidates()]);
                let before = pipeline.taken();
                let answer = pipeline.explained(place, &mut everyone);
                let candidates = everyone.0.into_iter().enumerate().filter_map(|(number, left)| {
                    let retry_at = left.as_ref().and_then(|left| pipeline.retry_at(number, left));
                    let candidate = pipeline.turn_to(number)?;
                    let weighed = left.as_ref().is_none_or(|left| left.factors.is_some());
                    let spans = pipeline.boosts(candidate).map(|boost| boost.span);
                    let spans = spans.chain(pipeline.levers(candidate).map(|lever| lever.span));
                    let weights = spans.filter(|_| weighed).map(|span| clause_text(inner.sources(), Some(span)));
                    let weights = weights.collect();
                    let exceptions = pipeline.let_by(candidate, place.channel, before);
                    let exceptions = exceptions.iter().map(|one| clause_text(inner.sources(), Some(one.span)));
                    let exceptions = exceptions.collect();
                    let chance = answer.chances.iter().find(|(of, _)| *of == number);
                    let probability = chance.map(|&(_, chance)| chance);
                    let row = cx.made_of.get();
                    let condition = |span| condition(span, row);
                    let trace = candidate_trace(inner.sources(), &condition, &pipeline.path(number), left, retry_at);
                    Some(CandidateTrace { weights, exceptions, probability, ..trace })
                });
                found.push(candidates.collect());
                answer
            });
            for (slot, candidates) in filled.into_iter().zip(found) {
                traces.push(SlotTrace { channel: slot.channel.clone(), slot: slot.slot.clone(), candidates });
                slots.push(slot);
            }
        }
        Explanation { decision: pipeline.decision(&resolved.places, slots), slots: traces }
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
            condition: None,
            retry_at: None,
            factors: None,
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
        condition,
        retry_at,
        factors: left.factors,
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
