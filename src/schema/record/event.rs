//! Events of records.

use super::{Cell, RecordError, RecordItem, RecordSchema};
use crate::schema::{Event, EventSchema, Value};
use crate::time::Instant;

/// An event of a [`Record`](super::Record); which properties it has, the record's schema says.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordEvent {
    at: Instant,
    sequence: u64,
    /// What it is besides.
    row: RecordItem,
}

impl RecordEvent {
    pub(in crate::schema) fn new(schema: &RecordSchema, kind: usize, at: Instant, sequence: u64) -> Self {
        RecordEvent { at, sequence, row: RecordItem::new(schema, kind) }
    }

    pub(super) fn set(
        &mut self,
        schema: &RecordSchema,
        kind: usize,
        name: &str,
        value: Value,
    ) -> Result<(), RecordError> {
        self.row.set(schema, kind, name, value)
    }

    #[cfg(feature = "json")]
    pub(in crate::schema) fn put(&mut self, index: usize, cell: Option<Cell>) {
        self.row.put(index, cell);
    }

    pub(super) fn cell(&self, index: usize) -> Option<&Cell> {
        self.row.cell(index)
    }

    /// A property by its number in the shape.
    pub(super) fn value(&self, schema: &RecordSchema, kind: usize, index: usize) -> Option<Value> {
        self.row.value(schema, kind, index)
    }
}

impl Event for RecordEvent {
    fn at(&self) -> Instant {
        self.at
    }

    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn describe(schema: EventSchema<Self>) -> EventSchema<Self> {
        // Its properties are known at run time only: `RecordSchema::schema` describes them.
        schema
    }
}
