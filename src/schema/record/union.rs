//! Several records of one person as one.

use super::Record;
use super::copy::Unknown;
use crate::schema::{Consent, Contact, Events, Sharing};
use crate::time::Instant;

impl Record {
    /// One person who is known under several identities, a cookie and an account, say: `self`, under which they are here now, and
    /// others of the same schema; records of another one say nothing.
    ///
    /// An attribute, or a list of items, is that of the first identity that has it, the id included. Events and contacts
    /// are those of all, see [`Events::union`]; consents see [`Consent::union`]. They are on the lists that any of them is on.
    /// Caps `per identity` count the contacts of `self` alone.
    ///
    /// ```
    /// # use nextbest::{Instant, Ruleset};
    /// # let rules = Ruleset::parse(&[("a.nba", "profile { id id  city text? }\n event visit {}")])?;
    /// # let schema = rules.record_schema()?;
    /// # let (mut account, mut cookie) = (schema.record(), schema.record());
    /// account.set("id", "ann")?.set("city", "Paris")?;
    /// cookie.set("id", "7f3a")?.add_event("visit", Instant::from_millis(0), [])?;
    /// let person = account.union([&cookie]);
    /// assert_eq!(person.get("id"), Some("ann".into()));
    /// assert_eq!(person.events("visit").map(|visits| visits.as_slice().len()), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn union<'r>(&'r self, others: impl IntoIterator<Item = &'r Record>) -> Record {
        let others: Vec<&Record> = others.into_iter().filter(|other| other.schema == self.schema).collect();
        let all = || std::iter::once(self).chain(others.iter().copied());
        let mut person = self.clone();
        for (index, (cell, as_of)) in person.cells.iter_mut().zip(&mut person.as_of).enumerate() {
            if let Some(known) = all().find(|identity| identity.cell(index).is_some()) {
                (*cell, *as_of) = (known.cell(index).cloned(), known.known_as_of(index));
            }
        }
        for (kind, items) in person.items.iter_mut().enumerate() {
            *items = all().find_map(|identity| identity.item_list(kind)).cloned();
        }
        for (kind, history) in person.histories.iter_mut().enumerate() {
            let more = others.iter().filter_map(|other| other.history(kind).cloned());
            *history = std::mem::take(history).union(more);
        }
        person.consents = Consent::union(all().map(Record::consents));
        person.contacts = union(all().map(Record::contacts));
        for &sharing in &self.schema.shape().shared {
            // Of whom nobody said with whom they live, their own contacts are all there are.
            let shared = match sharing {
                Sharing::Identity => self.shared_contacts(sharing).clone(),
                _ if all().any(|identity| identity.shared.contains_key(&sharing)) => {
                    union(all().map(|identity| identity.shared_contacts(sharing)))
                }
                _ => continue,
            };
            person.shared.insert(sharing, shared);
        }
        for (index, on) in person.lists.iter_mut().enumerate() {
            *on = all().filter_map(|identity| identity.on_list(index)).max();
        }
        // What one of them does not know at all may lack anything.
        let unknown = |is: &dyn Fn(&Unknown) -> bool| {
            let many = all().filter(|identity| is(&identity.unknown)).count();
            (many > 0, many > others.len())
        };
        person.unknown = Unknown::default();
        for kind in 0..self.histories.len() {
            match unknown(&|unknown| unknown.kinds.contains(&kind)) {
                (_, true) => _ = person.unknown.kinds.insert(kind),
                (true, false) => person.put_since(kind, Instant::MAX),
                (false, false) => {}
            }
        }
        let (some, every) = unknown(&|unknown| unknown.contacts);
        person.unknown.contacts = every;
        if some && !every {
            person.contacts = std::mem::take(&mut person.contacts).complete_since(Instant::MAX);
        }
        let shared = Sharing::ALL.into_iter().filter(|sharing| unknown(&|unknown| unknown.shared.contains(sharing)).0);
        person.unknown.shared = shared.collect();
        person
    }
}

fn union<'r>(contacts: impl Iterator<Item = &'r Events<Contact>>) -> Events<Contact> {
    Events::default().union(contacts.cloned())
}
