//! Evaluation: one customer, one request, working memory that is kept.

use std::borrow::Cow;

use super::engine::Inner;
use super::index::{self, Finder};
use super::request::Resolved;
use super::{Engine, EngineError, Request, SegmentId, ValueId};
use crate::geo::Point;
use crate::leaf::{Condition, Cx, Frame, Moment, Program, Scratch, Test, ValueGetter};
use crate::schema::{Money, Type, Value};
use crate::time::{Date, Instant, TimeOfDay, Zone};

/// Evaluates, with working memory of its own. Nothing is allocated per customer after the first few.
pub struct Evaluator<P> {
    engine: Engine<P>,
    scratch: Scratch,
    finder: Finder,
    indexed: bool,
    members: Vec<SegmentId>,
}

/// An evaluator within a request: for many customers in a row, what the request says is looked up once.
///
/// ```
/// # use nextbest::{Instant, Ruleset};
/// # let rules = Ruleset::parse(&[("a.nba", "profile { id id  age int? }\nsegment adult when age >= 18")])?;
/// # let (engine, schema) = (rules.bind_records()?, rules.record_schema()?);
/// # let customers = [schema.record(), schema.record()];
/// let (request, adult) = (engine.request(Instant::from_millis(0)), engine.segment("adult")?);
/// let mut evaluator = engine.evaluator();
/// let mut now = evaluator.within(&request);
/// for customer in &customers {
///     assert!(!now.is_in(customer, adult)?);
/// }
/// let mut adults = now.only(adult)?;
/// assert_eq!(customers.iter().filter(|customer| adults.is_in(customer)).count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Within<'e, P> {
    inner: &'e Inner<P>,
    frame: Frame<'e>,
    finder: Option<&'e mut Finder>,
    members: &'e mut Vec<SegmentId>,
}

/// One segment within a request: the fastest way to ask the same question of many customers.
pub struct Only<'e, P> {
    within: Within<'e, P>,
    condition: &'e Condition<P>,
    holds: &'e Test<P>,
    /// Whether there is nothing to do but test: no zone to move to, nothing to forget.
    alone: bool,
}

impl<P: Send + Sync + 'static> Only<'_, P> {
    /// Whether a customer is definitely in the segment.
    #[inline]
    pub fn is_in(&mut self, customer: &P) -> bool {
        if self.alone {
            return (self.holds)(customer, &self.within.frame.of(customer));
        }
        self.within.holds(customer, self.condition)
    }
}

impl<P: Send + Sync + 'static> Evaluator<P> {
    pub(super) fn new(engine: Engine<P>) -> Self {
        let scratch = engine.0.program.scratch();
        let indexed = engine.0.segment_definitions().len() >= index::FROM;
        Evaluator { engine, scratch, finder: Finder::default(), indexed, members: Vec::new() }
    }

    /// Whether [`segments`](Self::segments) looks segments up in an index, or tests one after another: by default where there are
    /// 48 of them or more. What is found is the same. The index is made when it is first needed, and shared by all evaluators.
    #[must_use]
    pub fn indexed(mut self, indexed: bool) -> Self {
        self.indexed = indexed;
        self
    }

    /// The engine behind it.
    pub fn engine(&self) -> &Engine<P> {
        &self.engine
    }

    /// The same within a request, for many customers in a row.
    #[inline]
    pub fn within<'e>(&'e mut self, request: &'e Request) -> Within<'e, P> {
        let inner = &*self.engine.0;
        let moment = Moment { now: request.now(), zone: inner.rules.zone, week_start: inner.rules.week_start };
        if inner.access.zone.is_none() {
            self.scratch.at(moment);
        }
        let (context, rankings) = match request.resolve(&inner.rules) {
            Cow::Borrowed(resolved) => (Cow::Borrowed(&*resolved.context), Cow::Borrowed(&*resolved.rankings)),
            Cow::Owned(resolved) => (Cow::Owned(resolved.context), Cow::Owned(resolved.rankings)),
        };
        let (times, program, scratch) = (&inner.program.times, &inner.program, &self.scratch);
        let frame = Frame { moment, context, rows: &[], rankings, times, program, scratch };
        let finder = self.indexed.then_some(&mut self.finder);
        Within { inner, frame, finder, members: &mut self.members }
    }

    /// The segments that a customer is definitely in.
    pub fn segments(&mut self, customer: &P, request: &Request) -> &[SegmentId] {
        self.within(request).find(customer);
        &self.members
    }

    /// Whether a customer is definitely in a segment.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    #[inline]
    pub fn is_in(&mut self, customer: &P, request: &Request, segment: SegmentId) -> Result<bool, EngineError> {
        self.within(request).is_in(customer, segment)
    }

    /// The value of a `let`, `score`, `group` or `stages`; `None` where it is missing or unknown.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    #[inline]
    pub fn value(&mut self, customer: &P, request: &Request, value: ValueId) -> Result<Option<Value>, EngineError> {
        self.within(request).value(customer, value)
    }
}

impl<'e, P: Send + Sync + 'static> Within<'e, P> {
    /// One segment alone, looked up once.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    pub fn only(self, segment: SegmentId) -> Result<Only<'e, P>, EngineError> {
        let index = self.inner.own(segment.index, segment.tag)?;
        let condition = self.inner.program.conditions.get(index).ok_or(EngineError::ForeignId)?;
        let holds = condition.yes.as_ref().ok_or(EngineError::ForeignId)?;
        let alone = !condition.keeps && condition.first.is_empty() && self.inner.access.zone.is_none();
        Ok(Only { condition, holds, alone, within: self })
    }

    /// The segments that a customer is definitely in.
    pub fn segments(&mut self, customer: &P) -> &[SegmentId] {
        self.find(customer);
        self.members
    }

    /// Whether a customer is definitely in a segment.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    #[inline]
    pub fn is_in(&mut self, customer: &P, segment: SegmentId) -> Result<bool, EngineError> {
        let index = self.inner.own(segment.index, segment.tag)?;
        Ok(self.inner.program.conditions.get(index).is_some_and(|condition| self.holds(customer, condition)))
    }

    /// The value of a `let`, `score`, `group` or `stages`; `None` where it is missing or unknown.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    #[inline]
    pub fn value(&mut self, customer: &P, value: ValueId) -> Result<Option<Value>, EngineError> {
        let index = self.inner.own(value.index, value.tag)?;
        self.begin(customer);
        Ok(self.inner.named_value(customer, &self.frame.of(customer), index))
    }

    /// A customer alone, for who reads values that have no name.
    pub(super) fn of<'c>(&'c mut self, customer: &'c P) -> Cx<'c> {
        self.begin(customer);
        self.frame.of(customer)
    }

    fn find(&mut self, customer: &P) {
        self.begin(customer);
        self.members.clear();
        let (inner, cx) = (self.inner, self.frame.of(customer));
        if let Some(finder) = &mut self.finder {
            let ids = inner.segment_ids();
            inner.index().find(customer, &cx, ids.len(), finder);
            finder.each_found(|place| self.members.extend(ids.get(place)));
            return;
        }
        for (&(index, referred), id) in inner.segment_definitions().iter().zip(inner.segment_ids()) {
            // What nothing refers to is asked for once: no need to keep its answer.
            let is_in = match referred {
                true => inner.program.condition(customer, &cx, index, true),
                false => {
                    let condition = inner.program.conditions.get(index);
                    condition.is_some_and(|condition| inner.program.test(customer, &cx, condition, true))
                }
            };
            if is_in {
                self.members.push(*id);
            }
        }
    }

    /// Whether a condition definitely holds for a customer who is asked about nothing else.
    #[inline]
    fn holds(&mut self, customer: &P, condition: &Condition<P>) -> bool {
        self.move_to(customer);
        if condition.keeps {
            self.frame.scratch.forget();
        }
        self.inner.program.test(customer, &self.frame.of(customer), condition, true)
    }

    /// Moves to a customer's own zone, and forgets the customer before.
    #[inline]
    fn begin(&mut self, customer: &P) {
        self.move_to(customer);
        self.frame.scratch.forget();
    }

    /// Moves to a customer's own zone, where customers have one.
    #[inline]
    fn move_to(&mut self, customer: &P) {
        if self.inner.access.zone.is_some() {
            self.frame.moment.zone = self.inner.zone_of(customer);
            self.frame.scratch.at(self.frame.moment);
        }
    }
}

impl<P: Send + Sync + 'static> Inner<P> {
    /// The frame of one customer's evaluation.
    pub(crate) fn frame<'a>(
        &'a self,
        customer: &P,
        now: Instant,
        resolved: &'a Resolved,
        scratch: &'a Scratch,
        program: &'a Program<P>,
    ) -> Frame<'a> {
        let moment = Moment { now, zone: self.zone_of(customer), week_start: self.rules.week_start };
        scratch.at(moment);
        scratch.forget();
        let (context, rankings) = (Cow::Borrowed(&*resolved.context), Cow::Borrowed(&*resolved.rankings));
        let rows = &*resolved.inputs.rows.all;
        Frame { moment, context, rows, rankings, times: &program.times, program, scratch }
    }

    /// The same evaluation at another moment, in a working memory of its own.
    pub(crate) fn at<T>(&self, customer: &P, cx: &Cx<'_>, now: Instant, work: impl FnOnce(&Cx<'_>) -> T) -> T {
        self.with_scratch(|scratch| {
            let moment = Moment { now, ..cx.moment };
            scratch.at(moment);
            scratch.forget();
            let (context, rankings) = (Cow::Borrowed(&*cx.context), Cow::Borrowed(&*cx.rankings));
            let Frame { rows, times, program, .. } = **cx;
            let frame = Frame { moment, context, rows, rankings, times, program, scratch };
            let then = frame.of(customer);
            then.made_of.set(cx.made_of.get());
            work(&then)
        })
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
        Type::Time => Value::Time(TimeOfDay::from_millis(u32::try_from(word).ok()?)?),
        Type::Point => Value::Point(Point::of_word(word)),
        Type::Distance => Value::Distance(f64::from_bits(word as u64)),
        Type::Text | Type::Zone | Type::Version | Type::Texts => return None,
        Type::List(_) | Type::Map(_) | Type::Duration | Type::Bucket => return None,
    })
}
