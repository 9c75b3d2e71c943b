//! Records as they would be had something not happened, or some more.

use super::{Record, RecordEvent, RecordItem, normal};
use crate::schema::{Contact, Events};

impl Record {
    fn kind(&self, name: &str) -> Option<(usize, bool)> {
        let events = &self.schema.shape().events;
        let number = events.iter().position(|event| event.name == name)?;
        Some((number, events.get(number).is_some_and(|event| event.timeless)))
    }

    /// Whether events of a kind, or items of a list, may be lacking.
    pub(crate) fn may_lack(&self, kind: &str) -> bool {
        match self.kind(kind) {
            Some((number, true)) => self.item_list(number).is_none(),
            Some((number, false)) => {
                let late = self.history(number).is_some_and(|history| history.since().is_some());
                late || self.unknown.kinds.contains(&number)
            }
            None => false,
        }
    }

    /// Whether contacts may be lacking.
    pub(crate) fn may_lack_contacts(&self) -> bool {
        let shared = || self.shared.values().any(|rows| rows.since().is_some());
        let unknown = self.unknown.contacts || !self.unknown.shared.is_empty();
        unknown || self.contacts.since().is_some() || shared()
    }

    /// The rows of a kind by their places, oldest first: only those that are kept stay. Where `certain`, none is lacking then.
    pub(crate) fn keep_events(&mut self, kind: &str, certain: bool, mut keep: impl FnMut(usize) -> bool) {
        let Some((number, timeless)) = self.kind(kind) else { return };
        if timeless {
            if let Some(items) = self.items.get_mut(number).filter(|items| certain || items.is_some()) {
                let kept = items.take().unwrap_or_default().into_iter().enumerate();
                *items = Some(kept.filter(|(place, _)| keep(*place)).map(|(_, item)| item).collect());
            }
        } else if let Some(history) = self.histories.get_mut(number) {
            let rows = std::mem::take(history);
            let since = rows.since().filter(|_| !certain);
            let kept = rows.into_rows().into_iter().enumerate().filter(|(place, _)| keep(*place));
            *history = Events::new(kept.map(|(_, row)| row).collect());
            if let Some(since) = since {
                *history = std::mem::take(history).complete_since(since);
            }
            if certain {
                self.unknown.kinds.remove(&number);
            }
        }
    }

    /// The events of a kind.
    pub(crate) fn rows_of(&self, kind: &str) -> &[RecordEvent] {
        let history = self.kind(kind).and_then(|(number, _)| self.history(number));
        history.map_or(&[], |history| history.as_slice())
    }

    /// The items of a list.
    pub(crate) fn items_of(&self, list: &str) -> &[RecordItem] {
        let items = self.kind(list).and_then(|(number, _)| self.item_list(number));
        items.map_or(&[], Vec::as_slice)
    }

    /// A row of another record of the same schema, alone of its kind.
    pub(crate) fn only_event(&mut self, kind: &str, row: &RecordEvent) {
        if let Some(history) = self.kind(kind).and_then(|(number, _)| self.histories.get_mut(number)) {
            *history = Events::new(vec![row.clone()]);
        }
    }

    /// An item, likewise.
    pub(crate) fn only_item(&mut self, list: &str, item: &RecordItem) {
        if let Some((number, _)) = self.kind(list) {
            self.put_items(number, Some(vec![item.clone()]));
        }
    }

    /// Contacts, the customer's own and those counted together with others': only what is kept stays. Where `certain`, none is lacking.
    pub(crate) fn keep_contacts(&mut self, certain: bool, keep: impl Fn(&Contact) -> bool) {
        for contacts in std::iter::once(&mut self.contacts).chain(self.shared.values_mut()) {
            let rows = std::mem::take(contacts);
            let since = rows.since().filter(|_| !certain);
            *contacts = Events::new(rows.into_rows().into_iter().filter(|row| keep(row)).collect());
            if let Some(since) = since {
                *contacts = std::mem::take(contacts).complete_since(since);
            }
        }
        if certain {
            (self.unknown.contacts, self.unknown.shared) = Default::default();
        }
    }

    /// One contact of another record of the same schema with all of its rows, and no other.
    pub(crate) fn only_contact(&mut self, of: &Record, id: &str) {
        let rows = of.contacts.as_slice().iter().filter(|row| row.id == id).cloned();
        self.contacts = Events::new(rows.collect());
        self.shared.clear();
        (self.unknown.contacts, self.unknown.shared) = Default::default();
    }

    /// One more contact of the customer's own, which counts together with others' too.
    pub(crate) fn one_more_contact(&mut self, contact: Contact) {
        let contact = normal(contact);
        self.shared.values_mut().for_each(|rows| rows.push(contact.clone()));
        self.contacts.push(contact);
    }

    /// All contacts that are counted for anything, those of others included.
    pub(crate) fn all_contacts(&self) -> impl Iterator<Item = &Contact> {
        let shared = self.shared.values().flat_map(|rows| rows.as_slice());
        self.contacts.as_slice().iter().chain(shared)
    }
}
