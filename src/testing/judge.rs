//! What is expected against what came.

use super::failure::{Difference, Failure};
use super::why_not::{self, Answer as WhyAnswer};
use super::{RuleTest, Scene};
use crate::check::testing::tree::{Code, Expected, ExpectedKind};
use crate::check::tree::is_under;
use crate::compile::{SegmentId, ValueId};
use crate::decide::{Answer, Nothing};
use crate::explain::{CandidateTrace, Explanation};
use crate::schema::Value;
use crate::time::Instant;

/// Of so many actions that are expected together it is told what would make them win.
const ACTIONS: usize = 3;

impl Scene {
    pub fn judge(&self, test: &RuleTest<'_>) -> Result<(), Failure> {
        // What decides and what explains are one; the traces of a failure are at hand.
        let explanation = self.engine.explain(&self.customer, &self.request);
        let expect = test.test.expect.iter();
        let differences: Vec<Difference> = expect.filter_map(|expected| self.differs(expected, &explanation)).collect();
        if differences.is_empty() { Ok(()) } else { Err(Failure::of(test, differences)) }
    }

    fn differs(&self, expected: &Expected, explanation: &Explanation) -> Option<Difference> {
        let (wanted, came, trace) = match &expected.kind {
            ExpectedKind::Action(path) => {
                let mut chosen = explanation.decision.slots.iter().filter_map(|slot| slot.action());
                if chosen.any(|chosen| is_under(&chosen.action, path)) {
                    return None;
                }
                let trace = traces(explanation, path) + &self.would_win(path);
                (path.clone(), explanation.decision.to_string(), trace)
            }
            ExpectedKind::Nothing { because, until } => {
                let answers = || explanation.decision.slots.iter().map(|slot| &slot.answer);
                let nothing = |answer: &Answer| match answer {
                    Answer::Nothing(nothing) => says(nothing, *because, *until),
                    Answer::Action(_) => false,
                };
                if !answers().any(|answer| matches!(answer, Answer::Action(_))) && answers().any(nothing) {
                    return None;
                }
                let nearest = answers().find_map(|answer| match answer {
                    Answer::Nothing(Nothing { nearest: Some(nearest), .. }) => Some(nearest.action.clone()),
                    Answer::Action(chosen) => Some(chosen.action.clone()),
                    Answer::Nothing(_) => None,
                });
                let trace = nearest.map(|path| traces(explanation, &path)).unwrap_or_default();
                (nothing_like(*because, *until), explanation.decision.to_string(), trace)
            }
            ExpectedKind::WhyNot { action, code } => {
                let of = || candidates(explanation, action);
                let says = |trace: &CandidateTrace| code.says(trace.left, trace.left.map(|stage| stage.reason()));
                if of().all(|trace| trace.left.is_some()) && of().any(says) {
                    return None;
                }
                let came = match of().find(|trace| trace.left.is_none()).or(of().next()).and_then(|trace| trace.left) {
                    Some(stage) => format!("{action} left at {stage}: {}", Code::Reason(stage.reason())),
                    None => format!("{action} wins"),
                };
                (format!("not {action}: {code}"), came, traces(explanation, action))
            }
            ExpectedKind::Value { definition, value } => {
                let found = self.value(*definition);
                if found == *value {
                    return None;
                }
                (self.named(*definition, value), self.named(*definition, &found), self.parts(*definition))
            }
            ExpectedKind::Segment { definition, is_in } => {
                let id = SegmentId { index: u32::try_from(*definition).ok()?, tag: self.engine.tag() };
                let found = self.engine.evaluator().is_in(&self.customer, &self.request, id).ok()?;
                if found == *is_in {
                    return None;
                }
                let name = self.engine.segment_name(id);
                let says = |is_in: bool| format!("{}in segment {name}", if is_in { "" } else { "not " });
                let trace = self.engine.explain_segment(&self.customer, &self.request, id);
                (says(*is_in), says(found), trace.map(|trace| trace.to_string()).unwrap_or_default())
            }
        };
        Some(Difference { span: expected.span, expected: wanted, came, trace })
    }

    /// What would make an action win that does not, a line for each that a path means, and none where nothing was found in short.
    fn would_win(&self, path: &str) -> String {
        let one = path.ends_with(']').then(|| path.to_owned());
        let all = self.engine.rules().actions().map(|(action, ..)| action).filter(|action| is_under(action, path));
        let asked = (&self.customer, &self.request);
        let actions = one.into_iter().chain(all).take(ACTIONS);
        let found = actions.filter_map(|action| why_not::in_short(&self.engine, asked, &action));
        found.filter(|why| matches!(why.answer, WhyAnswer::Changes(_))).map(|why| why.first_line() + "\n").collect()
    }

    fn value(&self, definition: usize) -> Option<Value> {
        let id = ValueId { index: u32::try_from(definition).ok()?, tag: self.engine.tag() };
        self.engine.evaluator().value(&self.customer, &self.request, id).ok()?
    }

    /// `rfm = 7`
    fn named(&self, definition: usize, value: &Option<Value>) -> String {
        let name = self.engine.rules().definitions.get(definition).map_or("", |definition| &definition.name);
        match value {
            Some(Value::Text(text)) => format!("{name} = \"{text}\""),
            Some(value) => format!("{name} = {value}"),
            None => format!("{name} is missing"),
        }
    }

    /// What a value is made of, one definition a line.
    fn parts(&self, definition: usize) -> String {
        let definitions = &self.engine.rules().definitions;
        let uses = definitions.get(definition).map(|definition| definition.uses.as_slice()).unwrap_or_default();
        let lines = uses.iter().map(|&id| self.named(id, &self.value(id)) + "\n");
        lines.collect()
    }
}

fn says(nothing: &Nothing, because: Option<Code>, until: Option<Instant>) -> bool {
    let stage = nothing.nearest.as_ref().map(|nearest| nearest.stage);
    because.is_none_or(|code| code.says(stage, Some(nothing.reason)))
        && until.is_none_or(|until| nothing.retry_at == Some(until))
}

/// `nothing because quiet until …`
fn nothing_like(because: Option<Code>, until: Option<Instant>) -> String {
    let because = because.map(|code| format!(" because {code}")).unwrap_or_default();
    let until = until.map(|until| format!(" until {until}")).unwrap_or_default();
    format!("nothing{because}{until}")
}

fn candidates<'e>(explanation: &'e Explanation, path: &'e str) -> impl Iterator<Item = &'e CandidateTrace> {
    explanation
        .slots
        .iter()
        .flat_map(|slot| &slot.candidates)
        .filter(move |candidate| is_under(&candidate.action, path))
}

/// What became of an action, on each channel.
fn traces(explanation: &Explanation, path: &str) -> String {
    candidates(explanation, path).map(CandidateTrace::to_string).collect()
}
