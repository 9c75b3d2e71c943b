//! Records that are copies of customers of another type.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cell, Record, RecordEvent, RecordItem};
use crate::leaf::copy::{Copied, CopiedRow, CopiedRows};
use crate::schema::{Consent, Contact, Events, Sharing, Type};
use crate::time::{Instant, Zone};

/// What a customer's program does not know at all. Only copies of customers are like that: records are made of what is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Unknown {
    /// Kinds of event.
    pub kinds: BTreeSet<usize>,
    pub contacts: bool,
    /// The contacts of others.
    pub shared: BTreeSet<Sharing>,
}

impl Record {
    /// A value of an attribute, and as of when it is known.
    pub(crate) fn copy_attribute(&mut self, index: usize, value: Option<Copied>, as_of: Option<Instant>) {
        let ty = self.schema.shape().attributes.get(index).map(|attribute| attribute.ty.clone());
        self.put(index, value.zip(ty).and_then(|(value, ty)| cell(value, &ty)));
        as_of.into_iter().for_each(|at| self.put_as_of(index, at));
    }

    /// The rows of a kind of event, or of a list of items; `None` where nothing is known of them.
    pub(crate) fn copy_rows(&mut self, kind: usize, copied: Option<CopiedRows>) {
        let Some(event) = self.schema.shape().events.get(kind) else { return };
        let (timeless, types) = (event.timeless, event.properties.iter().map(|property| property.ty.clone()));
        let types: Vec<Type> = types.collect();
        let filled = |item: &mut RecordItem, values: Vec<Option<Copied>>| {
            for (index, (value, ty)) in values.into_iter().zip(&types).enumerate() {
                item.put(index, value.and_then(|value| cell(value, ty)));
            }
        };
        if timeless {
            let item = |row: CopiedRow| {
                let mut item = RecordItem::new(&self.schema, kind);
                filled(&mut item, row.values);
                item
            };
            let items = copied.map(|copied| copied.rows.into_iter().map(item).collect());
            self.put_items(kind, items);
            return;
        }
        let Some(CopiedRows { since, rows }) = copied else {
            self.unknown.kinds.insert(kind);
            return;
        };
        let event = |row: CopiedRow| {
            let mut event = RecordEvent::new(&self.schema, kind, row.at, row.sequence);
            filled(&mut event.row, row.values);
            event
        };
        let events = Events::new(rows.into_iter().map(event).collect());
        if let Some(history) = self.histories.get_mut(kind) {
            *history = match since {
                Some(since) => events.complete_since(since),
                None => events,
            };
        }
    }

    /// The customer's contacts, or those that are counted together with others'; `None` where nothing is known of them.
    pub(crate) fn copy_contacts(&mut self, sharing: Option<Sharing>, contacts: Option<&Events<Contact>>) {
        match (sharing, contacts) {
            (None, None) => self.unknown.contacts = true,
            (None, Some(contacts)) => self.contacts = contacts.clone(),
            (Some(sharing), None) => _ = self.unknown.shared.insert(sharing),
            (Some(sharing), Some(contacts)) => _ = self.shared.insert(sharing, contacts.clone()),
        }
    }

    /// Whether the customer is on a list.
    pub(crate) fn copy_list(&mut self, index: usize, on: Option<Copied>) {
        if let Some(place) = self.lists.get_mut(index) {
            *place = on.map(|on| on == Copied::Word(1));
        }
    }

    pub(crate) fn copy_consents(&mut self, consents: &[Consent]) {
        self.consents = consents.to_vec();
    }

    /// The events of a kind, where anything is known of them.
    pub(super) fn known_history(&self, kind: usize) -> Option<&Events<RecordEvent>> {
        self.history(kind).filter(|_| !self.unknown.kinds.contains(&kind))
    }

    /// The contacts, likewise.
    pub(super) fn known_contacts(&self, sharing: Option<Sharing>) -> Option<&Events<Contact>> {
        match sharing {
            None => Some(self.contacts()).filter(|_| !self.unknown.contacts),
            Some(sharing) => Some(self.shared_contacts(sharing)).filter(|_| !self.unknown.shared.contains(&sharing)),
        }
    }
}

fn cell(value: Copied, ty: &Type) -> Option<Cell> {
    Some(match value {
        Copied::Word(word) => Cell::Word(word),
        Copied::Float(float) => return float.is_finite().then_some(Cell::Float(float)),
        Copied::Text(name) if *ty == Type::Zone => Cell::Zone(Zone::named(&name)?),
        Copied::Text(text) => Cell::Text(text),
        Copied::Texts(texts) => Cell::List(texts),
        Copied::Words(words) => Cell::Words(words),
        Copied::Map(entries, others) => {
            let Type::Map(item) = ty else { return None };
            let known = entries.into_iter().filter_map(|(key, value)| Some((key, cell(value, item)?)));
            let mut cells: BTreeMap<String, Cell> = known.collect();
            if others {
                // No rule names it, and it is not empty.
                cells.insert(OTHERS.to_owned(), Cell::List(Vec::new()));
            }
            Cell::Map(cells)
        }
    })
}

/// A key in place of all those that no rule names: no value that a map can hold stands under it.
const OTHERS: &str = "…";
