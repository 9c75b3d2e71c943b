//! What the keys of a written record stand for.

use super::RecordSchema;

/// Names that stand for something else than an attribute or a kind of event wherever a record is written.
pub(in crate::schema) const COMPLETE_SINCE: &str = "complete_since";
pub(in crate::schema) const AS_OF: &str = "as_of";
pub(in crate::schema) const CONSENTS: &str = "consents";
pub(in crate::schema) const CONTACTS: &str = "contacts";
pub(in crate::schema) const SHARED_CONTACTS: &str = "shared_contacts";
pub(in crate::schema) const LISTS: &str = "lists";
/// The same within events.
pub(in crate::schema) const AT: &str = "at";
pub(in crate::schema) const SEQUENCE: &str = "sequence";

/// What a key of a written record stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::schema) enum Key {
    Attribute(usize),
    History(usize),
    Items(usize),
    AsOf,
    CompleteSince,
    Consents,
    Contacts,
    SharedContacts,
    Lists,
}

/// What a key of a written event stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::schema) enum EventKey {
    At,
    Sequence,
    Property(usize),
}

impl RecordSchema {
    /// Resolves a key: reserved ones first, then attributes, then lists of items, then kinds of event.
    pub(in crate::schema) fn key(&self, name: &str) -> Option<Key> {
        match name {
            COMPLETE_SINCE => Some(Key::CompleteSince),
            AS_OF if self.shape().attributes.iter().any(|attribute| attribute.dated) => Some(Key::AsOf),
            CONSENTS => self.shape().consents.then_some(Key::Consents),
            CONTACTS => self.shape().contacts.then_some(Key::Contacts),
            SHARED_CONTACTS if !self.shape().shared.is_empty() => Some(Key::SharedContacts),
            LISTS if !self.shape().lists.is_empty() => Some(Key::Lists),
            _ => {
                let items = || self.item_list(name).map(Key::Items);
                let kind = || self.kinds().find(name).map(Key::History);
                self.attributes().find(name).map(Key::Attribute).or_else(items).or_else(kind)
            }
        }
    }

    /// Resolves a key of an event.
    pub(in crate::schema) fn event_key(&self, kind: usize, name: &str) -> Option<EventKey> {
        match name {
            AT => Some(EventKey::At),
            SEQUENCE => Some(EventKey::Sequence),
            _ => self.properties(kind)?.find(name).map(EventKey::Property),
        }
    }
}
