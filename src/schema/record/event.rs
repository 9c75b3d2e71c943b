//! Events of records.

use super::{RecordItem, RecordSchema};
use crate::schema::{Event, EventSchema};
use crate::time::Instant;

/// An event of a [`Record`](super::Record); which properties it has, the record's schema says.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordEvent {
    at: Instant,
    sequence: u64,
    /// What it is besides.
    pub(in crate::schema) row: RecordItem,
}

impl RecordEvent {
    pub(in crate::schema) fn new(schema: &RecordSchema, kind: usize, at: Instant, sequence: u64) -> Self {
        RecordEvent { at, sequence, row: RecordItem::new(schema, kind) }
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
