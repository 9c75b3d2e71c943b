//! Events of records.

use super::{Cell, RecordError, RecordSchema, find, value};
use crate::schema::{Event, EventSchema, Value};
use crate::time::Instant;

/// An event of a [`Record`](super::Record); which properties it has, the record's schema says.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordEvent {
    at: Instant,
    sequence: u64,
    cells: Box<[Option<Cell>]>,
}

impl RecordEvent {
    pub(in crate::schema) fn new(schema: &RecordSchema, kind: usize, at: Instant, sequence: u64) -> Self {
        let properties = schema.shape().events.get(kind).map_or(0, |event| event.properties.len());
        RecordEvent { at, sequence, cells: vec![None; properties].into() }
    }

    pub(super) fn set(
        &mut self,
        schema: &RecordSchema,
        kind: usize,
        name: &str,
        value: Value,
    ) -> Result<(), RecordError> {
        let (Some(names), Some(event)) = (schema.properties(kind), schema.shape().events.get(kind)) else {
            return Ok(());
        };
        let index = find(names, "property", name)?;
        if let Some(property) = event.properties.get(index) {
            self.put(index, Cell::of(property, value)?);
        }
        Ok(())
    }

    pub(in crate::schema) fn put(&mut self, index: usize, cell: Option<Cell>) {
        if let Some(place) = self.cells.get_mut(index) {
            *place = cell;
        }
    }

    pub(super) fn cell(&self, index: usize) -> Option<&Cell> {
        self.cells.get(index)?.as_ref()
    }

    /// A property by its number in the shape.
    pub(super) fn value(&self, schema: &RecordSchema, kind: usize, index: usize) -> Option<Value> {
        value(&schema.shape().events.get(kind)?.properties, &self.cells, index)
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
