//! Items of records.

use super::{Cell, RecordError, RecordSchema, find, value};
use crate::schema::Value;

/// An item of a list of a [`Record`](super::Record); which properties it has, the record's schema says.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordItem {
    cells: Box<[Option<Cell>]>,
}

impl RecordItem {
    /// A row of a kind of event or list; all of its properties are missing.
    pub(in crate::schema) fn new(schema: &RecordSchema, kind: usize) -> Self {
        let properties = schema.shape().events.get(kind).map_or(0, |event| event.properties.len());
        RecordItem { cells: vec![None; properties].into() }
    }

    /// The items of a list, each of them values by name.
    pub(super) fn list(schema: &RecordSchema, kind: usize, name: &str, list: Value) -> Result<Vec<Self>, RecordError> {
        let wrong = |found: &Value| RecordError::NotItems { name: name.to_owned(), found: found.kind() };
        let Value::List(items) = list else { return Err(wrong(&list)) };
        let read = |item| match item {
            Value::Map(values) => {
                let mut row = RecordItem::new(schema, kind);
                values.into_iter().try_for_each(|(name, value)| row.set(schema, kind, &name, value))?;
                Ok(row)
            }
            other => Err(wrong(&other)),
        };
        items.into_iter().map(read).collect()
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

    /// What is known of it, in the order of the schema; of two properties of one name the first.
    pub(super) fn known<'r>(
        &'r self,
        schema: &'r RecordSchema,
        kind: usize,
    ) -> impl Iterator<Item = (&'r str, Value)> + use<'r> {
        let properties = schema.shape().events.get(kind).map_or(&[][..], |event| &event.properties);
        properties.iter().enumerate().filter_map(move |(index, property)| {
            let meant = schema.properties(kind)?.find(&property.name) == Some(index);
            Some((property.name.as_str(), self.value(schema, kind, index).filter(|_| meant)?))
        })
    }
}
