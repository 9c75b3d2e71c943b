//! The funnel of a population: how many candidates and customers were lost at which stage, and by which rule.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::clause_text;
use crate::compile::{Engine, Inner, Request, Revision};
use crate::decide::{Answer, Keep, Left, Pipeline, Reason, Stage};
use crate::diagnostic::Span;
use crate::time::Instant;

/// What became of every candidate of every customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Funnel {
    /// The rules that decided.
    pub revision: Revision,
    /// The moment.
    pub now: Instant,
    /// One for each channel and slot of the request, in its order.
    pub slots: Vec<SlotFunnel>,
}

/// What became of them for the first action of one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SlotFunnel {
    /// The channel, or its slot: `web.hero`.
    pub channel: String,
    /// Customers asked about.
    pub customers: u64,
    /// Candidates: each pair of a customer and an action that has something for the channel.
    pub candidates: u64,
    /// The stages at which candidates were lost, in the order of a decision.
    pub stages: Vec<StageCount>,
    /// The rules that removed candidates, in the order of the stages, and of one stage those that removed most first.
    pub rules: Vec<RuleCount>,
    /// How often each action won, the most frequent first.
    pub actions: Vec<ActionCount>,
    /// How often there was nothing, by reason.
    pub nothing: Vec<ReasonCount>,
}

/// How many were lost at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// Candidates that it removed.
    pub lost: u64,
    /// Candidates that are left after it.
    pub left: u64,
    /// Customers who have a candidate left after it.
    pub customers: u64,
}

/// How many a rule removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleCount {
    /// The stage.
    pub stage: Stage,
    /// The rule as it is written.
    pub clause: String,
    /// Where it stands.
    pub span: Span,
    /// The reason that it gives.
    pub because: Option<String>,
    /// Candidates that it removed.
    pub lost: u64,
}

/// How often an action won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ActionCount {
    /// Its path.
    pub action: String,
    /// Customers.
    pub customers: u64,
}

/// How often there was nothing for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReasonCount {
    /// The reason.
    pub reason: Reason,
    /// Customers.
    pub customers: u64,
}

impl<P: Send + Sync + 'static> Engine<P> {
    /// Decides for every customer, and counts what became of the candidates: exactly, nobody is sampled. The order of the
    /// customers makes no difference.
    ///
    /// ```
    /// # use nextbest::{Instant, Ruleset, Stage};
    /// # let rules = Ruleset::parse(&[("a.nba", r#"
    /// # ruleset shop { currency EUR }
    /// # profile { id id  age int? }
    /// # channel web inbound
    /// # program p { campaign c for everyone every { service hello { basis contract  eligible when age >= 18  treat web "w" } } }
    /// # "#)])?;
    /// # let engine = rules.bind_records()?;
    /// # let schema = rules.record_schema()?;
    /// # let aged = |age: i64| -> Result<_, nextbest::RecordError> { let mut r = schema.record(); r.set("age", age)?; Ok(r) };
    /// let customers = [aged(12)?, aged(30)?, aged(50)?];
    /// let funnel = engine.funnel(&customers, &engine.request(Instant::from_millis(0)).channel("web")?);
    /// let stage = funnel.slots[0].stages[0];
    /// assert_eq!((stage.stage, stage.lost, stage.customers), (Stage::Eligible, 1, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn funnel<'p>(&self, customers: impl IntoIterator<Item = &'p P>, request: &Request) -> Funnel {
        let inner = &*self.0;
        let resolved = request.resolve(&inner.rules);
        let mut tallies: Vec<Tally> = resolved.places.iter().map(|_| Tally::default()).collect();
        inner.with_scratch(|scratch| {
            for customer in customers {
                let frame = inner.frame(customer, request.now(), &resolved, scratch, &inner.program);
                let cx = frame.of(customer);
                let mut pipeline = Pipeline::new(inner, customer, &cx, &resolved.inputs);
                for (asked, place) in pipeline.preference(&resolved.places).order(&resolved.places) {
                    let Some(tally) = tallies.get_mut(asked) else { continue };
                    tally.furthest = None;
                    let mut first = true;
                    let filled = pipeline.fill(place, |pipeline| match std::mem::take(&mut first) {
                        true => pipeline.explained(place, tally),
                        false => pipeline.slot(place),
                    });
                    tally.answered(filled.into_iter().next().map(|slot| slot.answer));
                }
            }
        });
        let slots = resolved.places.iter().zip(tallies);
        let slots = slots.map(|(&place, tally)| tally.counted(inner.rules.place_name(place), inner));
        Funnel { revision: inner.revision, now: request.now(), slots: slots.collect() }
    }
}

/// What is counted on one channel.
#[derive(Default)]
struct Tally {
    customers: u64,
    /// What each rule removed.
    removed: BTreeMap<(Stage, Span), Removed>,
    /// The stage at which the last candidate of a customer was lost.
    lost: BTreeMap<Stage, u64>,
    won: BTreeMap<String, u64>,
    nothing: BTreeMap<Reason, u64>,
    /// The latest stage at which a candidate of the present customer was lost.
    furthest: Option<Stage>,
}

/// What a rule removed, if it was one.
struct Removed {
    lost: u64,
    /// The reason that it gives.
    because: Option<String>,
    rule: Option<Span>,
}

impl<'c> Keep<'c> for Tally {
    const HURRIED: bool = false;

    fn left(&mut self, _: usize, left: Left<'c>) {
        if !left.concerned {
            return;
        }
        self.furthest = self.furthest.max(Some(left.stage));
        let place = self.removed.entry((left.stage, left.span));
        let (because, rule) = (left.because.map(str::to_owned), left.rule());
        place.or_insert(Removed { lost: 0, because, rule }).lost += 1;
    }
}

impl Tally {
    fn answered(&mut self, answer: Option<Answer>) {
        self.customers += 1;
        match answer {
            Some(Answer::Action(chosen)) => *self.won.entry(chosen.action).or_default() += 1,
            Some(Answer::Nothing(nothing)) => {
                *self.nothing.entry(nothing.reason).or_default() += 1;
                if let Some(stage) = self.furthest {
                    *self.lost.entry(stage).or_default() += 1;
                }
            }
            None => {}
        }
    }

    fn counted<P>(self, channel: String, inner: &Inner<P>) -> SlotFunnel {
        let won: u64 = self.won.values().sum();
        let candidates = self.removed.values().map(|removed| removed.lost).sum::<u64>() + won;
        let mut customers = self.lost.values().sum::<u64>() + won;
        let mut left = candidates;
        let mut stages: Vec<StageCount> = Vec::new();
        for (&(stage, _), &Removed { lost, .. }) in &self.removed {
            left -= lost;
            match stages.last_mut().filter(|last| last.stage == stage) {
                Some(last) => *last = StageCount { lost: last.lost + lost, left, ..*last },
                None => {
                    customers -= self.lost.get(&stage).copied().unwrap_or_default();
                    stages.push(StageCount { stage, lost, left, customers });
                }
            }
        }
        let rule = |((stage, span), Removed { lost, because, rule }): ((Stage, Span), Removed)| {
            let clause = clause_text(inner.sources(), rule);
            (!clause.is_empty()).then_some(RuleCount { stage, clause, span, because, lost })
        };
        let mut rules: Vec<RuleCount> = self.removed.into_iter().filter_map(rule).collect();
        rules.sort_by_key(|rule| (rule.stage, std::cmp::Reverse(rule.lost)));
        let action = |(action, customers)| ActionCount { action, customers };
        let mut actions: Vec<ActionCount> = self.won.into_iter().map(action).collect();
        actions.sort_by_key(|action| std::cmp::Reverse(action.customers));
        let nothing = self.nothing.into_iter().map(|(reason, customers)| ReasonCount { reason, customers }).collect();
        SlotFunnel { channel, customers: self.customers, candidates, stages, rules, actions, nothing }
    }
}

impl fmt::Display for Funnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "at {}, rules {}", self.now, self.revision)?;
        self.slots.iter().try_for_each(|slot| write!(f, "\n{slot}"))
    }
}

impl fmt::Display for SlotFunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} customers, {} candidates", self.channel, self.customers, self.candidates)?;
        writeln!(f, "  {:<14} {:>9} {:>9} {:>9}", "stage", "lost", "left", "customers")?;
        for StageCount { stage, lost, left, customers } in &self.stages {
            writeln!(f, "  {:<14} {lost:>9} {left:>9} {customers:>9}", stage.name())?;
            for rule in self.rules.iter().filter(|rule| rule.stage == *stage) {
                writeln!(f, "    {:<12} {:>9}  {}", "", rule.lost, rule.clause)?;
            }
        }
        for ActionCount { action, customers } in &self.actions {
            writeln!(f, "  {customers:>9} {action}")?;
        }
        for ReasonCount { reason, customers } in &self.nothing {
            writeln!(f, "  {customers:>9} nothing: {reason}")?;
        }
        Ok(())
    }
}
