//! The same rules over records, and customers as records: what is to be changed, or joined, must not be the host's own.

use super::budget::Costs;
use super::lowered::Lowered;
use super::needs::Read;
use super::{Engine, Request};
use crate::schema::{Record, RecordSchema};

impl<P: Send + Sync + 'static> Engine<P> {
    /// The same rules, of the same revision, over records of the shape of these customers: see [`snapshot`](Engine::snapshot).
    /// They are lowered when they are first asked for, and kept.
    pub fn on_records(&self) -> Engine<Record> {
        let made = self.0.on_records.get_or_init(|| {
            let rules = self.rules().clone();
            let mut access = RecordSchema::new(rules.shape.clone()).schema().access();
            access.functions.clone_from(&self.0.access.functions);
            let lowered = Lowered::new(&rules);
            let costs = Costs::of(&lowered);
            Engine::new(rules, access, self.revision(), lowered, costs, self.warnings().clone())
        });
        made.clone()
    }

    /// A copy of a customer, as far as these rules can read it at the moment of a request: of maps the keys that they name.
    /// [`on_records`](Engine::on_records) decides about it as this engine does about the customer. Unlike the customer it can be
    /// changed, and be joined with others ([`Record::union`]).
    ///
    /// ```
    /// use nextbest::{Instant, Profile, Ruleset};
    ///
    /// #[derive(Profile)]
    /// struct Customer { #[profile(id)] id: u32, age: Option<i64> }
    ///
    /// let rules = Ruleset::parse(&[("a.nba", "segment adult when age >= 18")])?;
    /// let engine = rules.bind::<Customer>()?;
    /// let request = engine.request(Instant::from_millis(0));
    /// let mut copy = engine.snapshot(&Customer { id: 1, age: Some(17) }, &request);
    /// assert_eq!(copy.get("age"), Some(17.into()));
    /// copy.set("age", 18)?;
    /// let adult = engine.segment("adult")?;
    /// assert!(engine.on_records().evaluator().is_in(&copy, &request, adult)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn snapshot(&self, customer: &P, request: &Request) -> Record {
        let inner = &*self.0;
        let shape = &inner.rules.shape;
        let Read { attributes, lists, events, keys } = inner.reads.get_or_init(|| Read::of(&inner.rules));
        let mut record = RecordSchema::new(shape.clone()).record();
        let resolved = request.resolve(&inner.rules);
        inner.with_scratch(|scratch| {
            let frame = inner.frame(customer, request.now(), &resolved, scratch, &inner.program);
            let cx = &frame.of(customer);
            for &index in attributes.iter().chain(&shape.zone) {
                let Some(leaves) = inner.access.attributes.0.get(index) else { continue };
                let as_of = inner.access.as_of(index).and_then(|as_of| as_of(customer));
                record.copy_attribute(index, leaves.copier(keys)(customer, cx), as_of);
            }
            for &index in lists {
                let on = inner.access.lists.0.get(index).and_then(|leaves| leaves.copier(keys)(customer, cx));
                record.copy_list(index, on);
            }
            for &kind in events {
                let rows = inner.access.kinds.get(kind).and_then(|rows| rows.copy(customer, cx, keys));
                record.copy_rows(kind, rows);
            }
        });
        record.copy_consents(inner.access.consents.as_ref().map(|consents| consents(customer)).unwrap_or_default());
        if shape.contacts {
            record.copy_contacts(None, inner.access.contacts(None, customer));
        }
        for &sharing in &shape.shared {
            record.copy_contacts(Some(sharing), inner.access.contacts(Some(sharing), customer));
        }
        record
    }
}
