//! Records as maps, in the order of the schema.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::keys::{AS_OF, AT, COMPLETE_SINCE, CONSENTS, CONTACTS, EventKey, Key, LISTS, SEQUENCE, SHARED_CONTACTS};
use super::{Record, RecordEvent};
use crate::schema::{Event, Value};
use crate::time::Instant;

/// As an object: attributes, lists of items and histories under their names, then `complete_since`, `consents` and `contacts`. What is
/// missing or empty is left out, and so is what a key cannot tell apart from something else.
impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let schema = self.schema();
        let mut map = serializer.serialize_map(None)?;
        for (index, attribute) in schema.shape().attributes.iter().enumerate() {
            let meant = schema.key(&attribute.name) == Some(Key::Attribute(index));
            if let Some(value) = self.value(index).filter(|_| meant) {
                map.serialize_entry(&attribute.name, &value)?;
            }
        }
        for (kind, list) in schema.shape().events.iter().enumerate() {
            let meant = schema.key(&list.name) == Some(Key::Items(kind));
            if let Some(items) = self.item_list(kind).filter(|_| meant) {
                let items: Vec<_> = items.iter().map(|item| Entries(|| item.known(schema, kind))).collect();
                map.serialize_entry(&list.name, &items)?;
            }
        }
        for (kind, event) in schema.shape().events.iter().enumerate() {
            let meant = schema.key(&event.name) == Some(Key::History(kind));
            let rows = self.history(kind).map_or(&[][..], |history| history.as_slice());
            if meant && !rows.is_empty() {
                let rows: Vec<_> = rows.iter().map(|event| Row { record: self, kind, event }).collect();
                map.serialize_entry(&event.name, &rows)?;
            }
        }
        let as_of = Known(self);
        if as_of.entries().next().is_some() {
            map.serialize_entry(AS_OF, &as_of)?;
        }
        let since = Since(self);
        if since.entries().next().is_some() {
            map.serialize_entry(COMPLETE_SINCE, &since)?;
        }
        if !self.consents().is_empty() {
            map.serialize_entry(CONSENTS, self.consents())?;
        }
        if !self.contacts().as_slice().is_empty() {
            map.serialize_entry(CONTACTS, self.contacts().as_slice())?;
        }
        if !self.shared.is_empty() {
            let shared: BTreeMap<_, _> =
                self.shared.iter().map(|(sharing, rows)| (sharing.word(), rows.as_slice())).collect();
            map.serialize_entry(SHARED_CONTACTS, &shared)?;
        }
        if let Some(lists) = self.lists() {
            map.serialize_entry(LISTS, &lists.collect::<Vec<_>>())?;
        }
        map.end()
    }
}

struct Row<'r> {
    record: &'r Record,
    kind: usize,
    event: &'r RecordEvent,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let schema = self.record.schema();
        let properties = schema.shape().events.get(self.kind).map_or(&[][..], |event| &event.properties);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(AT, &self.event.at())?;
        if self.event.sequence() != 0 {
            map.serialize_entry(SEQUENCE, &self.event.sequence())?;
        }
        for (index, property) in properties.iter().enumerate() {
            let meant = schema.event_key(self.kind, &property.name) == Some(EventKey::Property(index));
            if let Some(value) = self.event.row.value(schema, self.kind, index).filter(|_| meant) {
                map.serialize_entry(&property.name, &value)?;
            }
        }
        map.end()
    }
}

/// Entries as a map.
struct Entries<F>(F);

impl<'r, I: Iterator<Item = (&'r str, Value)>, F: Fn() -> I> Serialize for Entries<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map((self.0)())
    }
}

struct Known<'r>(&'r Record);

impl Known<'_> {
    fn entries(&self) -> impl Iterator<Item = (&str, Instant)> {
        let attributes = self.0.schema().shape().attributes.iter().enumerate();
        attributes.filter_map(|(index, attribute)| Some((attribute.name.as_str(), self.0.known_as_of(index)?)))
    }
}

impl Serialize for Known<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}

struct Since<'r>(&'r Record);

impl Since<'_> {
    fn entries(&self) -> impl Iterator<Item = (&str, Instant)> {
        let shape = self.0.schema().shape();
        let kinds = shape.events.iter().zip(&self.0.histories).enumerate();
        let kinds = kinds.filter_map(|(kind, (event, history))| {
            let meant = self.0.schema().key(&event.name) == Some(Key::History(kind));
            Some((event.name.as_str(), history.since().filter(|_| meant)?))
        });
        kinds.chain(self.0.contacts.since().filter(|_| shape.contacts).map(|since| (CONTACTS, since)))
    }
}

impl Serialize for Since<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}
