//! Items of records.

use std::collections::BTreeMap;

use super::{Cell, RecordError, RecordSchema, find, value};
use crate::schema::{Item, ItemSchema, Value};

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

    /// What is known of it, by name.
    pub(super) fn values(&self, schema: &RecordSchema, kind: usize) -> BTreeMap<String, Value> {
        let properties = schema.shape().events.get(kind).map_or(&[][..], |event| &event.properties);
        let known = |(index, property): (usize, &crate::schema::Attribute)| {
            Some((property.name.clone(), self.value(schema, kind, index)?))
        };
        properties.iter().enumerate().filter_map(known).collect()
    }
}

impl Item for RecordItem {
    fn describe(schema: ItemSchema<Self>) -> ItemSchema<Self> {
        // Its properties are known at run time only: `RecordSchema::schema` describes them.
        schema
    }
}
