//! Customers whose attributes are known only at run time.

mod cell;
mod copy;
mod error;
mod event;
mod item;
pub(super) mod keys;
pub(super) mod names;
mod otherwise;
mod schema;
mod union;
mod write;

#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeMap;

pub(crate) use cell::Cell;
use copy::Unknown;
pub use error::RecordError;
pub(crate) use error::hint;
pub use event::RecordEvent;
pub use item::RecordItem;
use keys::{CONSENTS, CONTACTS, SHARED_CONTACTS};
use names::{Names, nfc};
pub use schema::RecordSchema;

#[cfg(feature = "json")]
use super::Event;
use super::{Attribute, Consent, Contact, Events, Sharing, Value, Variant};
use crate::time::Instant;

/// A customer of a [`RecordSchema`].
///
/// Texts are brought to Unicode's normal form C on the way in, as those of rule files are.
///
/// ```
/// use nextbest::{Attribute, EventShape, Instant, RecordSchema, Shape, Type};
///
/// let schema = RecordSchema::new(Shape {
///     attributes: vec![Attribute::new("plan", Type::Enum(["basic".into(), "pro".into()].into()))],
///     events: vec![EventShape::new("visit", vec![Attribute::new("page", Type::Text)])],
///     ..Shape::default()
/// });
///
/// let mut customer = schema.record();
/// customer.set("plan", "pro")?;
/// customer.add_event("visit", Instant::from_millis(0), [("page", "home".into())])?;
///
/// let error = customer.set("plan", "por").err();
/// assert_eq!(
///     error.map(|error| error.to_string()).as_deref(),
///     Some("`por` is not one of the values of `plan`; did you mean `pro`?"),
/// );
/// # Ok::<(), nextbest::RecordError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    schema: RecordSchema,
    cells: Vec<Option<Cell>>,
    /// As of when each attribute is known.
    as_of: Vec<Option<Instant>>,
    histories: Vec<Events<RecordEvent>>,
    /// By the same numbers the lists of items; `None` where one is missing.
    items: Vec<Option<Vec<RecordItem>>>,
    consents: Vec<Consent>,
    contacts: Events<Contact>,
    /// Those that are counted together with others'.
    shared: BTreeMap<Sharing, Events<Contact>>,
    /// By number whether the customer is on a list; `None`: nothing is known of that.
    lists: Vec<Option<bool>>,
    /// What nobody knows.
    unknown: Unknown,
}

impl Record {
    pub(super) fn new(schema: &RecordSchema) -> Self {
        Record {
            schema: schema.clone(),
            cells: vec![None; schema.shape().attributes.len()],
            as_of: vec![None; schema.shape().attributes.len()],
            histories: schema.shape().events.iter().map(|_| Events::default()).collect(),
            items: vec![None; schema.shape().events.len()],
            consents: Vec::new(),
            contacts: Events::default(),
            shared: BTreeMap::new(),
            lists: vec![None; schema.shape().lists.len()],
            unknown: Unknown::default(),
        }
    }

    /// The schema it is of.
    pub fn schema(&self) -> &RecordSchema {
        &self.schema
    }

    /// Gives an attribute its value. A number that is not finite is missing; a whole number that a number can hold
    /// exactly may be given for one; nothing else converts. A list of items is a [`Value::List`] of [`Value::Map`]s.
    ///
    /// # Errors
    /// [`RecordError`] for an unknown name, or a value that the attribute cannot hold; the record then stays as it was.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) -> Result<&mut Self, RecordError> {
        if let Some(kind) = self.schema.item_list(name) {
            let items = RecordItem::list(&self.schema, kind, name, value.into())?;
            self.put_items(kind, Some(items));
            return Ok(self);
        }
        let index = find(self.schema.attributes(), "attribute", name)?;
        if let Some(attribute) = self.schema.shape().attributes.get(index) {
            let cell = Cell::of(attribute, value.into())?;
            self.put(index, cell);
        }
        Ok(self)
    }

    /// Says as of when the value of an attribute is known: see [`Schema::as_of`](crate::Schema::as_of).
    ///
    /// # Errors
    /// [`RecordError::UnknownName`], or [`RecordError::NotHeld`] for an attribute of which no provenance is declared.
    pub fn set_as_of(&mut self, name: &str, at: Instant) -> Result<&mut Self, RecordError> {
        let index = find(self.schema.attributes(), "attribute", name)?;
        if !self.schema.is_dated(index) {
            return Err(RecordError::NotHeld { what: "instants of attributes without a provenance" });
        }
        self.put_as_of(index, at);
        Ok(self)
    }

    /// Makes an attribute missing.
    ///
    /// # Errors
    /// [`RecordError::UnknownName`].
    pub fn clear(&mut self, name: &str) -> Result<&mut Self, RecordError> {
        if let Some(kind) = self.schema.item_list(name) {
            self.put_items(kind, None);
            return Ok(self);
        }
        let index = find(self.schema.attributes(), "attribute", name)?;
        self.put(index, None);
        Ok(self)
    }

    /// The value of an attribute; `None` where it is missing, or the schema has no such attribute.
    pub fn get(&self, name: &str) -> Option<Value> {
        if let Some(kind) = self.schema.item_list(name) {
            let values = |item: &RecordItem| {
                let known = item.known(&self.schema, kind);
                Value::Map(known.map(|(name, value)| (name.to_owned(), value)).collect())
            };
            return Some(Value::List(self.item_list(kind)?.iter().map(values).collect()));
        }
        self.value(self.schema.attributes().find(name)?)
    }

    /// Adds an event; properties that are not given are missing.
    ///
    /// # Errors
    /// [`RecordError`] for an unknown name, or a value that a property cannot hold; nothing is added then.
    pub fn add_event<'n>(
        &mut self,
        kind: &str,
        at: Instant,
        properties: impl IntoIterator<Item = (&'n str, Value)>,
    ) -> Result<&mut Self, RecordError> {
        self.add_event_with_sequence(kind, at, 0, properties)
    }

    /// Adds an event with its place among those of the same instant.
    ///
    /// # Errors
    /// As for [`add_event`](Record::add_event).
    pub fn add_event_with_sequence<'n>(
        &mut self,
        kind: &str,
        at: Instant,
        sequence: u64,
        properties: impl IntoIterator<Item = (&'n str, Value)>,
    ) -> Result<&mut Self, RecordError> {
        let index = find(self.schema.kinds(), "event", kind)?;
        let mut event = RecordEvent::new(&self.schema, index, at, sequence);
        for (name, value) in properties {
            event.row.set(&self.schema, index, name, value)?;
        }
        if let Some(history) = self.histories.get_mut(index) {
            history.push(event);
        }
        Ok(self)
    }

    /// Says that events of a kind from before `since` may be lacking.
    ///
    /// # Errors
    /// [`RecordError::UnknownName`].
    pub fn complete_since(&mut self, kind: &str, since: Instant) -> Result<&mut Self, RecordError> {
        let index = find(self.schema.kinds(), "event", kind)?;
        self.put_since(index, since);
        Ok(self)
    }

    /// Says that contacts from before `since` may be lacking.
    ///
    /// # Errors
    /// [`RecordError::NotHeld`] where the schema holds none.
    pub fn contacts_complete_since(&mut self, since: Instant) -> Result<&mut Self, RecordError> {
        if !self.schema.shape().contacts {
            return Err(RecordError::NotHeld { what: CONTACTS });
        }
        for contacts in std::iter::once(&mut self.contacts).chain(self.shared.values_mut()) {
            *contacts = std::mem::take(contacts).complete_since(since);
        }
        Ok(self)
    }

    /// Adds a consent, or a refusal.
    ///
    /// # Errors
    /// [`RecordError::NotHeld`] where the schema holds none.
    pub fn add_consent(&mut self, consent: Consent) -> Result<&mut Self, RecordError> {
        if !self.schema.shape().consents {
            return Err(RecordError::NotHeld { what: CONSENTS });
        }
        let Consent { channel, purpose, .. } = consent;
        self.consents.push(Consent { channel: nfc(channel), purpose: nfc(purpose), ..consent });
        Ok(self)
    }

    /// Adds an outcome of a contact.
    ///
    /// # Errors
    /// [`RecordError::NotHeld`] where the schema holds none.
    pub fn add_contact(&mut self, contact: Contact) -> Result<&mut Self, RecordError> {
        if !self.schema.shape().contacts {
            return Err(RecordError::NotHeld { what: CONTACTS });
        }
        self.contacts.push(normal(contact));
        Ok(self)
    }

    /// Adds an outcome of a contact of the customer's household, say: of all who belong to it, so that the customer's own are
    /// given too. Until one is given the customer is alone in it.
    ///
    /// # Errors
    /// [`RecordError::NotHeld`] where the schema holds none.
    pub fn add_shared_contact(&mut self, sharing: Sharing, contact: Contact) -> Result<&mut Self, RecordError> {
        if !self.schema.shape().shared.contains(&sharing) {
            return Err(RecordError::NotHeld { what: SHARED_CONTACTS });
        }
        self.sharing(sharing).push(normal(contact));
        Ok(self)
    }

    fn sharing(&mut self, sharing: Sharing) -> &mut Events<Contact> {
        let since = self.contacts.since();
        self.shared.entry(sharing).or_insert_with(|| match since {
            Some(since) => Events::default().complete_since(since),
            None => Events::default(),
        })
    }

    /// Says which lists the customer is on: these, and no other that the program keeps. Until then nothing is known of that.
    ///
    /// # Errors
    /// [`RecordError::UnknownName`]; the record then stays as it was.
    pub fn set_lists<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Result<&mut Self, RecordError> {
        let mut on = vec![Some(false); self.schema.shape().lists.len()];
        for name in names {
            let index = find(self.schema.lists(), "list", name)?;
            on.iter_mut().skip(index).take(1).for_each(|on| *on = Some(true));
        }
        self.lists = on;
        Ok(self)
    }

    /// The lists that the customer is on; `None` where nothing is known of that.
    pub fn lists(&self) -> Option<impl Iterator<Item = &str>> {
        let names = self.schema.shape().lists.iter().map(|list| list.name.as_str());
        let known = self.lists.iter().any(Option::is_some);
        known.then(|| names.zip(&self.lists).filter_map(|(name, on)| (*on == Some(true)).then_some(name)))
    }

    /// The events of a kind, oldest first; `None` where the schema has no such kind.
    pub fn events(&self, kind: &str) -> Option<&Events<RecordEvent>> {
        self.history(self.schema.kinds().find(kind)?)
    }

    /// The consents, in the order in which they were added.
    pub fn consents(&self) -> &[Consent] {
        &self.consents
    }

    /// The contacts, oldest first.
    pub fn contacts(&self) -> &Events<Contact> {
        &self.contacts
    }

    /// The contacts of the customer's household, say; the customer's own where none were given.
    pub fn shared_contacts(&self, sharing: Sharing) -> &Events<Contact> {
        self.shared.get(&sharing).unwrap_or(&self.contacts)
    }

    /// This record, if it is of that schema.
    fn of(&self, fingerprint: u128) -> Option<&Self> {
        (self.schema.fingerprint() == fingerprint).then_some(self)
    }

    pub(super) fn cell(&self, index: usize) -> Option<&Cell> {
        self.cells.get(index)?.as_ref()
    }

    pub(super) fn put(&mut self, index: usize, cell: Option<Cell>) {
        if let Some(place) = self.cells.get_mut(index) {
            *place = cell;
        }
    }

    pub(super) fn put_as_of(&mut self, index: usize, at: Instant) {
        if let Some(place) = self.as_of.get_mut(index) {
            *place = Some(at);
        }
    }

    /// As of when an attribute is known.
    fn known_as_of(&self, index: usize) -> Option<Instant> {
        self.as_of.get(index).copied().flatten()
    }

    fn on_list(&self, index: usize) -> Option<bool> {
        self.lists.get(index).copied().flatten()
    }

    pub(super) fn put_since(&mut self, kind: usize, since: Instant) {
        if let Some(history) = self.histories.get_mut(kind) {
            *history = std::mem::take(history).complete_since(since);
        }
    }

    fn value(&self, index: usize) -> Option<Value> {
        value(&self.schema.shape().attributes, &self.cells, index)
    }

    /// A list of items.
    fn item_list(&self, kind: usize) -> Option<&Vec<RecordItem>> {
        self.items.get(kind)?.as_ref()
    }

    pub(super) fn put_items(&mut self, kind: usize, items: Option<Vec<RecordItem>>) {
        if let Some(place) = self.items.get_mut(kind) {
            *place = items;
        }
    }

    fn history(&self, kind: usize) -> Option<&Events<RecordEvent>> {
        self.histories.get(kind)
    }
}

/// All of a history at once, for readers.
#[cfg(feature = "json")]
impl Record {
    pub(super) fn put_history(&mut self, kind: usize, events: Vec<RecordEvent>) {
        if let Some(history) = self.histories.get_mut(kind) {
            refill(history, events);
        }
    }

    pub(super) fn put_contacts(&mut self, contacts: Vec<Contact>) {
        refill(&mut self.contacts, contacts.into_iter().map(normal).collect());
    }

    pub(super) fn put_shared(&mut self, sharing: Sharing, contacts: Vec<Contact>) {
        refill(self.sharing(sharing), contacts.into_iter().map(normal).collect());
    }
}

/// Sorts the rows once; since when they are complete stays as it was.
#[cfg(feature = "json")]
fn refill<E: Event>(history: &mut Events<E>, rows: Vec<E>) {
    let events = Events::new(rows);
    *history = match history.since() {
        Some(since) => events.complete_since(since),
        None => events,
    };
}

fn normal(contact: Contact) -> Contact {
    let Contact { id, action, channel, variant, .. } = contact;
    let variant = variant.map(|Variant { experiment, arm }| Variant { experiment: nfc(experiment), arm: nfc(arm) });
    Contact { id: nfc(id), action: nfc(action), channel: nfc(channel), variant, ..contact }
}

fn value(attributes: &[Attribute], cells: &[Option<Cell>], index: usize) -> Option<Value> {
    cells.get(index)?.as_ref()?.value(&attributes.get(index)?.ty)
}

fn find(names: &Names, what: &'static str, name: &str) -> Result<usize, RecordError> {
    names.find(name).ok_or_else(|| RecordError::UnknownName {
        what,
        name: name.to_owned(),
        nearest: names.nearest(name),
    })
}
