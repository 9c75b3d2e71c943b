//! Evaluation: one customer, one request, working memory that is kept.

use std::cell::Cell;

use super::engine::Inner;
use super::request::Resolved;
use super::{Engine, EngineError, Request, SegmentId, ValueId};
use crate::leaf::{Cx, Held, Moment, Program, Scratch, ValueGetter};
use crate::schema::{Money, Type, Value};
use crate::time::{Date, Instant, Zone};

/// Evaluates, with working memory of its own. Nothing is allocated per customer after the first few.
pub struct Evaluator<P> {
    engine: Engine<P>,
    scratch: Scratch,
    members: Vec<SegmentId>,
}

impl<P: Send + Sync + 'static> Evaluator<P> {
    pub(super) fn new(engine: Engine<P>) -> Self {
        let scratch = engine.0.scratch();
        Evaluator { engine, scratch, members: Vec::new() }
    }

    /// The engine behind it.
    pub fn engine(&self) -> &Engine<P> {
        &self.engine
    }

    /// The segments that a customer is definitely in.
    pub fn segments(&mut self, customer: &P, request: &Request) -> &[SegmentId] {
        self.members.clear();
        let (inner, tag) = (&*self.engine.0, self.engine.tag());
        let resolved = request.resolve(&inner.rules);
        let cx = inner.begin(customer, request.now(), &resolved, &self.scratch);
        for &index in inner.segment_definitions() {
            if inner.program.condition(customer, &cx, index, true) {
                self.members.extend(u32::try_from(index).map(|index| SegmentId { index, tag }));
            }
        }
        &self.members
    }

    /// Whether a customer is definitely in a segment.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    pub fn is_in(&mut self, customer: &P, request: &Request, segment: SegmentId) -> Result<bool, EngineError> {
        let index = self.engine.own(segment.index, segment.tag)?;
        let inner = &*self.engine.0;
        let resolved = request.resolve(&inner.rules);
        let cx = inner.begin(customer, request.now(), &resolved, &self.scratch);
        Ok(inner.program.condition(customer, &cx, index, true))
    }

    /// The value of a `let`, `score` or `group`; `None` where it is missing or unknown.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    pub fn value(&mut self, customer: &P, request: &Request, value: ValueId) -> Result<Option<Value>, EngineError> {
        let index = self.engine.own(value.index, value.tag)?;
        let inner = &*self.engine.0;
        let resolved = request.resolve(&inner.rules);
        let cx = inner.begin(customer, request.now(), &resolved, &self.scratch);
        Ok(inner.named_value(customer, &cx, index))
    }
}

impl<P: Send + Sync + 'static> Inner<P> {
    /// Begins an evaluation: forgets what was shared for the customer before.
    pub(crate) fn begin<'a>(
        &'a self,
        customer: &'a P,
        now: Instant,
        resolved: &'a Resolved,
        scratch: &'a Scratch,
    ) -> Cx<'a> {
        self.begin_with(customer, now, &resolved.context, scratch, &self.program)
    }

    /// The same with a program of its own, for explanations.
    pub(crate) fn begin_with<'a>(
        &'a self,
        customer: &'a P,
        now: Instant,
        context: &'a [Option<Held>],
        scratch: &'a Scratch,
        program: &'a Program<P>,
    ) -> Cx<'a> {
        let moment = Moment { now, zone: self.zone_of(customer), week_start: self.rules.week_start };
        scratch.begin(moment);
        Cx { moment, context, times: &program.times, customer, program, scratch, row: Cell::new(0) }
    }

    /// The customer's own zone, or the ruleset's.
    pub(crate) fn zone_of(&self, customer: &P) -> Zone {
        self.access.zone.as_ref().and_then(|zone| zone(customer)).unwrap_or(self.rules.zone)
    }

    pub(crate) fn named_value(&self, customer: &P, cx: &Cx<'_>, index: usize) -> Option<Value> {
        let ty = &self.rules.definitions.get(index)?.ty;
        if *ty == Type::Bool {
            let yes = self.program.condition(customer, cx, index, true);
            return (yes || self.program.condition(customer, cx, index, false)).then_some(Value::Bool(yes));
        }
        if let Some(ValueGetter::Text(_)) = self.program.values.get(index)?.get {
            return self.program.text(customer, cx, index).map(|text| Value::Text(text.to_owned()));
        }
        shown(ty, self.program.value(customer, cx, index)?)
    }
}

/// A word, or the bits of a float, as a value of its type.
pub(crate) fn shown(ty: &Type, word: i64) -> Option<Value> {
    Some(match ty {
        Type::Bool => Value::Bool(word != 0),
        Type::Int => Value::Int(word),
        Type::Number => Value::Number(f64::from_bits(word as u64)),
        Type::Percent => Value::Percent(f64::from_bits(word as u64)),
        Type::Money(currency) => Value::Money(Money::new(word, *currency)),
        Type::Enum(names) => Value::Text(names.get(usize::try_from(word).ok()?)?.clone()),
        Type::Date => Value::Date(Date::from_days(i32::try_from(word).ok()?)?),
        Type::Instant => Value::Instant(Instant::from_millis(word)),
        Type::Text | Type::Zone | Type::Texts | Type::Duration | Type::Bucket => return None,
    })
}
