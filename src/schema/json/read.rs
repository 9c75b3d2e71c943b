//! Customers and events from JSON trees.

use std::collections::BTreeSet;

use super::node::Node;
use super::path::Path;
use super::scalar::{cell, expected, from_text};
use super::{JsonError, JsonErrors};
use crate::schema::record::keys::{AS_OF, AT, COMPLETE_SINCE, CONSENTS, CONTACTS, EventKey, Key, LISTS, SEQUENCE};
use crate::schema::record::names::nearest;
use crate::schema::record::{Cell, Record, RecordEvent, RecordItem, RecordSchema};
use crate::schema::{Attribute, Type};
use crate::time::Instant;

/// What a list of items looks like.
const ITEMS: &str = "a list of items";

/// Reads on after an error, so that all are found.
pub(super) struct Reader<'s> {
    pub(super) schema: &'s RecordSchema,
    line: Option<usize>,
    errors: JsonErrors,
}

impl<'s> Reader<'s> {
    pub fn new(schema: &'s RecordSchema) -> Self {
        Reader { schema, line: None, errors: JsonErrors::default() }
    }

    /// What was read, if nothing was wrong.
    pub fn finish<T>(self, read: T) -> Result<T, JsonErrors> {
        if self.errors.is_empty() { Ok(read) } else { Err(self.errors) }
    }

    /// Parses a text, which may be one line of many.
    pub fn parse(&mut self, text: &str, line: Option<usize>) -> Option<Node> {
        self.line = line;
        let (found_line, found) = match super::parse(text) {
            Ok(node) => return Some(node),
            Err(error) => error,
        };
        self.line = line.or(Some(found_line));
        self.error(&Path::Root, || "JSON".to_owned(), || found);
        None
    }

    /// Reports what is wrong at a place.
    pub fn error(&mut self, path: &Path<'_>, expected: impl FnOnce() -> String, found: impl FnOnce() -> String) {
        let line = self.line;
        self.errors.push(|| JsonError { line, path: path.to_string(), expected: expected(), found: found() });
    }

    /// Hands every item of a list to `visit`.
    pub fn list(
        &mut self,
        node: &Node,
        path: &Path<'_>,
        expected: &str,
        mut visit: impl FnMut(&mut Self, &Node, &Path<'_>),
    ) {
        let Node::List(items) = node else {
            return self.error(path, || expected.to_owned(), || node.found());
        };
        for (index, item) in items.iter().enumerate() {
            visit(self, item, &Path::Item(path, index));
        }
    }

    /// Hands every entry of an object that is not null to `visit`, and returns which there were. `keys` says what a key
    /// stands for, and which one was meant by an unknown one.
    pub fn object<K: Ord + Copy>(
        &mut self,
        node: &Node,
        path: &Path<'_>,
        expected: &str,
        keys: (impl Fn(&str) -> Option<K>, impl Fn(&str) -> Option<String>),
        mut visit: impl FnMut(&mut Self, K, &Node, &Path<'_>),
    ) -> Option<BTreeSet<K>> {
        let Node::Object(entries) = node else {
            self.error(path, || expected.to_owned(), || node.found());
            return None;
        };
        let (key_of, nearest) = keys;
        let (mut seen, mut given) = (BTreeSet::new(), BTreeSet::new());
        for (name, node) in entries {
            let path = Path::Key(path, name);
            let found = || format!("`{name}`");
            let Some(key) = key_of(name) else {
                let hint = || nearest(name).map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default();
                self.error(&path, || format!("a known key{}", hint()), found);
                continue;
            };
            if !seen.insert(key) {
                self.error(&path, || "each key once".to_owned(), || format!("{} again", found()));
                continue;
            }
            if *node != Node::Null {
                given.insert(key);
                visit(self, key, node, &path);
            }
        }
        Some(given)
    }

    /// Reports something that is not there.
    pub fn missing(&mut self, path: &Path<'_>, key: &str, expected: impl FnOnce() -> String) {
        self.error(&Path::Key(path, key), || format!("{} (required)", expected()), || "nothing".to_owned());
    }

    /// A customer; where something is wrong, what could be read of it.
    pub fn customer(&mut self, node: &Node, path: &Path<'_>) -> Record {
        let schema = self.schema;
        let mut record = schema.record();
        let given = self.object(
            node,
            path,
            "a customer, which is an object",
            (|name: &str| schema.key(name), |name: &str| nearest_key(schema, name)),
            |reader, key, node, path| match key {
                Key::Attribute(index) => {
                    let cell = schema.shape().attributes.get(index).and_then(|ty| reader.cell(ty, node, path));
                    record.put(index, cell);
                }
                Key::History(kind) => {
                    let events = reader.events(kind, node, path);
                    record.put_history(kind, events);
                }
                Key::Items(list) => {
                    let items = reader.items(list, node, path);
                    record.put_items(list, Some(items));
                }
                Key::AsOf => reader.as_of(&mut record, node, path),
                Key::CompleteSince => reader.complete_since(&mut record, node, path),
                Key::Consents => reader.consents(&mut record, node, path),
                Key::Contacts => reader.contacts(&mut record, node, path),
                Key::SharedContacts => reader.shared_contacts(&mut record, node, path),
                Key::Lists => reader.lists(&mut record, node, path),
            },
        );
        if let Some(given) = given {
            self.required(&schema.shape().attributes, path, |index| given.contains(&Key::Attribute(index)));
            for (kind, list) in schema.shape().events.iter().enumerate() {
                let required = list.timeless && !list.optional && schema.key(&list.name) == Some(Key::Items(kind));
                if required && !given.contains(&Key::Items(kind)) {
                    self.missing(path, &list.name, || ITEMS.to_owned());
                }
            }
        }
        record
    }

    fn events(&mut self, kind: usize, node: &Node, path: &Path<'_>) -> Vec<RecordEvent> {
        let mut events = Vec::new();
        self.list(node, path, "a list of events", |reader, node, path| events.extend(reader.event(kind, node, path)));
        events
    }

    fn event(&mut self, kind: usize, node: &Node, path: &Path<'_>) -> Option<RecordEvent> {
        let schema = self.schema;
        let properties = &schema.shape().events.get(kind)?.properties;
        let (mut at, mut sequence, mut cells) = (None, 0, Vec::new());
        let given = self.object(
            node,
            path,
            "an event, which is an object",
            (|name: &str| schema.event_key(kind, name), |name: &str| nearest_event_key(schema, kind, name)),
            |reader, key, node, path| match key {
                EventKey::At => at = reader.instant(node, path),
                EventKey::Sequence => sequence = reader.sequence(node, path).unwrap_or_default(),
                EventKey::Property(index) => {
                    cells.push((index, properties.get(index).and_then(|ty| reader.cell(ty, node, path))));
                }
            },
        )?;
        if !given.contains(&EventKey::At) {
            self.missing(path, AT, || expected(&Type::Instant, None));
        }
        self.required(properties, path, |index| given.contains(&EventKey::Property(index)));
        let mut event = RecordEvent::new(schema, kind, at?, sequence);
        for (index, cell) in cells {
            event.row.put(index, cell);
        }
        Some(event)
    }

    fn items(&mut self, kind: usize, node: &Node, path: &Path<'_>) -> Vec<RecordItem> {
        let mut items = Vec::new();
        self.list(node, path, ITEMS, |reader, node, path| items.extend(reader.item(kind, node, path)));
        items
    }

    fn item(&mut self, kind: usize, node: &Node, path: &Path<'_>) -> Option<RecordItem> {
        let schema = self.schema;
        let properties = &schema.shape().events.get(kind)?.properties;
        let names = schema.properties(kind)?;
        let mut item = RecordItem::new(schema, kind);
        let given = self.object(
            node,
            path,
            "an item, which is an object",
            (|name: &str| names.find(name), |name: &str| names.nearest(name)),
            |reader, index, node, path| {
                item.put(index, properties.get(index).and_then(|ty| reader.cell(ty, node, path)));
            },
        )?;
        self.required(properties, path, |index| given.contains(&index));
        Some(item)
    }

    fn required(&mut self, attributes: &[Attribute], path: &Path<'_>, given: impl Fn(usize) -> bool) {
        for (index, attribute) in attributes.iter().enumerate() {
            if !attribute.optional && !given(index) {
                self.missing(path, &attribute.name, || expected(&attribute.ty, None));
            }
        }
    }

    fn cell(&mut self, attribute: &Attribute, node: &Node, path: &Path<'_>) -> Option<Cell> {
        cell(attribute, node).unwrap_or_else(|expected| {
            let found = || if attribute.pii { node.kind().to_owned() } else { node.found() };
            self.error(path, || expected, found);
            None
        })
    }

    /// As of when attributes are known: an object of those that have a provenance.
    fn as_of(&mut self, record: &mut Record, node: &Node, path: &Path<'_>) {
        let schema = self.schema;
        let attribute = |name: &str| schema.attributes().find(name).filter(|index| schema.is_dated(*index));
        let dated = || schema.shape().attributes.iter().filter(|attribute| attribute.dated);
        let nearest = |name: &str| nearest(name, dated().map(|attribute| attribute.name.as_str()));
        self.object(node, path, "an object of instants", (attribute, nearest), |reader, index, node, path| {
            if let Some(at) = reader.instant(node, path) {
                record.put_as_of(index, at);
            }
        });
    }

    /// Since when histories are complete: an object of kinds, `contacts` among them.
    fn complete_since(&mut self, record: &mut Record, node: &Node, path: &Path<'_>) {
        let schema = self.schema;
        let kind = |name: &str| schema.key(name).filter(|key| matches!(key, Key::History(_) | Key::Contacts));
        let nearest = |name: &str| schema.kinds().nearest(name);
        self.object(node, path, "an object of instants", (kind, nearest), |reader, key, node, path| {
            match (key, reader.instant(node, path)) {
                (Key::History(kind), Some(since)) => record.put_since(kind, since),
                (_, Some(since)) => _ = record.contacts_complete_since(since),
                _ => {}
            }
        });
    }

    /// An instant.
    pub fn instant(&mut self, node: &Node, path: &Path<'_>) -> Option<Instant> {
        self.named(node, path, || expected(&Type::Instant, None))
    }

    /// Anything that is written as a text.
    pub fn named<'n, T: serde::Deserialize<'n>>(
        &mut self,
        node: &'n Node,
        path: &Path<'_>,
        expected: impl FnOnce() -> String,
    ) -> Option<T> {
        let read = match node {
            Node::Text(text) => from_text(text),
            _ => None,
        };
        if read.is_none() {
            self.error(path, expected, || node.found());
        }
        read
    }

    fn sequence(&mut self, node: &Node, path: &Path<'_>) -> Option<u64> {
        let read = match node {
            Node::Whole(value) => u64::try_from(*value).ok(),
            _ => None,
        };
        if read.is_none() {
            self.error(path, || "a whole number, 0 or more".to_owned(), || node.found());
        }
        read
    }
}

fn nearest_key(schema: &RecordSchema, name: &str) -> Option<String> {
    let shape = schema.shape();
    let attributes = shape.attributes.iter().map(|attribute| &*attribute.name);
    let kinds = shape.events.iter().map(|event| &*event.name);
    let reserved =
        [AS_OF, COMPLETE_SINCE, CONSENTS, CONTACTS, LISTS].into_iter().filter(|name| schema.key(name).is_some());
    nearest(name, attributes.chain(kinds).chain(reserved))
}

fn nearest_event_key(schema: &RecordSchema, kind: usize, name: &str) -> Option<String> {
    let properties = schema.shape().events.get(kind).map_or(&[][..], |event| &event.properties);
    nearest(name, properties.iter().map(|property| &*property.name).chain([AT, SEQUENCE]))
}
