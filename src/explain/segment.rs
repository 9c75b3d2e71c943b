//! Explaining one segment, for any number of customers.

use super::explainer::{Built, Prepared};
use super::{Reveal, SegmentTrace, explainer};
use crate::check::tree::{Body, Definition};
use crate::compile::{Engine, EngineError, Inner, Request, SegmentId};

/// Explains one segment of an engine. Its conditions are built once, so that explaining many customers costs little
/// more than evaluating them.
///
/// # Example
/// ```
/// use nextbest::{Instant, Ruleset, Truth};
///
/// let rules = Ruleset::parse(&[("a.nba", "profile { age int? }\nsegment adult when age >= 18")])?;
/// let engine = rules.bind_records()?;
/// let schema = rules.record_schema()?;
/// let request = engine.request(Instant::from_millis(0));
/// let explainer = engine.explainer(engine.segment("adult")?)?;
/// for (age, adult) in [(17, Truth::False), (18, Truth::True)] {
///     let mut customer = schema.record();
///     customer.set("age", age)?;
///     assert_eq!(explainer.explain(&customer, &request).truth, adult);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SegmentExplainer<'e, P> {
    inner: &'e Inner<P>,
    definition: &'e Definition,
    condition: Prepared<P, Built<P>>,
}

impl<P: Send + Sync + 'static> Engine<P> {
    /// Explains a segment for one customer after the other.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    pub fn explainer(&self, segment: SegmentId) -> Result<SegmentExplainer<'_, P>, EngineError> {
        let index = self.own(segment.index, segment.tag)?;
        let inner = &*self.0;
        let definition = inner.rules.definitions.get(index).ok_or(EngineError::ForeignId)?;
        let Body::Expr(expr) = &definition.body else { return Err(EngineError::ForeignId) };
        Ok(SegmentExplainer { inner, definition, condition: Prepared::one(inner, expr, definition.zone) })
    }
}

impl<P: Send + Sync + 'static> SegmentExplainer<'_, P> {
    /// Why a customer is in the segment, or is not. Personal data is redacted.
    pub fn explain(&self, customer: &P, request: &Request) -> SegmentTrace {
        self.trace(customer, request, false)
    }

    /// The same with personal data shown.
    pub fn explain_revealing(&self, customer: &P, request: &Request, _: Reveal) -> SegmentTrace {
        self.trace(customer, request, true)
    }

    fn trace(&self, customer: &P, request: &Request, reveal: bool) -> SegmentTrace {
        let SegmentExplainer { inner, definition, condition } = self;
        let resolved = request.resolve(&inner.rules);
        let explainer = explainer(inner, customer, request, &resolved, reveal);
        let condition = explainer.with(condition, |run, condition| run.trace(condition));
        SegmentTrace {
            segment: definition.name.clone(),
            doc: definition.doc.clone(),
            truth: condition.truth,
            now: request.now(),
            zone: definition.zone.unwrap_or_else(|| inner.zone_of(customer)),
            condition,
        }
    }
}
