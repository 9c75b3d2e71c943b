//! Consents and contacts from JSON trees.

use std::collections::BTreeSet;

use super::node::Node;
use super::path::Path;
use super::read::Reader;
use super::scalar::expected;
use crate::schema::record::Record;
use crate::schema::record::names::nearest;
use crate::schema::{Consent, Contact, Type, Variant};

/// A key of an object with a fixed set of keys, with what is expected there; optional ones say nothing.
type Fixed = (&'static str, Option<&'static str>);

const INSTANT: &str = "an instant like \"2026-03-01T10:00:00Z\"";
const OUTCOME: &str = "an outcome: pending, sent, failed, delivered, impression, opened, clicked, accepted, rejected, \
                       converted, unsubscribed or withheld";
const KIND: &str = "offer, message or service";

const CONSENT: [Fixed; 5] = [
    ("channel", Some("a text")),
    ("purpose", Some("a text")),
    ("granted", Some("true or false")),
    ("at", Some(INSTANT)),
    ("expires", None),
];

const CONTACT: [Fixed; 7] = [
    ("id", Some("a text")),
    ("at", Some(INSTANT)),
    ("outcome", Some(OUTCOME)),
    ("action", Some("a text")),
    ("kind", Some(KIND)),
    ("channel", Some("a text")),
    ("variant", None),
];

const VARIANT: [Fixed; 2] = [("experiment", Some("a text")), ("arm", Some("a text"))];

impl Reader<'_> {
    /// Adds the consents of a list.
    pub fn consents(&mut self, record: &mut Record, node: &Node, path: &Path<'_>) {
        self.list(node, path, "a list of consents", |reader, node, path| {
            if let Some(consent) = reader.consent(node, path) {
                _ = record.add_consent(consent);
            }
        });
    }

    /// Adds the contacts of a list.
    pub fn contacts(&mut self, record: &mut Record, node: &Node, path: &Path<'_>) {
        let mut contacts = Vec::new();
        self.list(node, path, "a list of contacts", |reader, node, path| contacts.extend(reader.contact(node, path)));
        record.put_contacts(contacts);
    }

    /// The contacts of a household and the like, by what is shared.
    pub fn shared_contacts(&mut self, record: &mut Record, node: &Node, path: &Path<'_>) {
        let known = self.schema.shape().shared.clone();
        let sharing = |name: &str| known.iter().copied().find(|sharing| sharing.word() == name);
        let near = |name: &str| nearest(name, known.iter().map(|sharing| sharing.word()));
        self.object(node, path, "an object of lists of contacts", (sharing, near), |reader, sharing, node, path| {
            let mut contacts = Vec::new();
            reader.list(node, path, "a list of contacts", |reader, node, path| {
                contacts.extend(reader.contact(node, path))
            });
            record.put_shared(sharing, contacts);
        });
    }

    /// The lists that the customer is on, by name.
    pub fn lists(&mut self, record: &mut Record, node: &Node, path: &Path<'_>) {
        let lists = self.schema.lists();
        let mut names = Vec::new();
        self.list(node, path, "a list of names of lists", |reader, node, path| match node {
            Node::Text(name) if lists.find(name).is_some() => names.push(name.clone()),
            Node::Text(name) => {
                let near = lists.nearest(name).map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
                reader.error(path, || format!("the name of a list{near}"), || node.found());
            }
            _ => reader.error(path, || "the name of a list".to_owned(), || node.found()),
        });
        // Names that are no lists have been reported.
        _ = record.set_lists(names.iter().map(String::as_str));
    }

    fn consent(&mut self, node: &Node, path: &Path<'_>) -> Option<Consent> {
        let (mut channel, mut purpose, mut granted, mut at, mut expires) = (None, None, None, None, None);
        self.fixed(node, path, "a consent, which is an object", &CONSENT, |reader, key, node, path| match key {
            "channel" => channel = reader.text(node, path),
            "purpose" => purpose = reader.text(node, path),
            "granted" => granted = reader.bool(node, path),
            "at" => at = reader.instant(node, path),
            _ => expires = reader.instant(node, path),
        })?;
        Some(Consent { channel: channel?, purpose: purpose?, granted: granted?, at: at?, expires })
    }

    fn contact(&mut self, node: &Node, path: &Path<'_>) -> Option<Contact> {
        let (mut id, mut at, mut outcome, mut action, mut kind, mut channel) = (None, None, None, None, None, None);
        let mut variant = None;
        self.fixed(node, path, "a contact, which is an object", &CONTACT, |reader, key, node, path| match key {
            "id" => id = reader.text(node, path),
            "at" => at = reader.instant(node, path),
            "outcome" => outcome = reader.named(node, path, || OUTCOME.to_owned()),
            "action" => action = reader.text(node, path),
            "kind" => kind = reader.named(node, path, || KIND.to_owned()),
            "channel" => channel = reader.text(node, path),
            _ => variant = reader.variant(node, path),
        })?;
        Some(Contact { id: id?, at: at?, outcome: outcome?, action: action?, kind: kind?, channel: channel?, variant })
    }

    fn variant(&mut self, node: &Node, path: &Path<'_>) -> Option<Variant> {
        let (mut experiment, mut arm) = (None, None);
        self.fixed(node, path, "the arm of an experiment, which is an object", &VARIANT, |reader, key, node, path| {
            let text = reader.text(node, path);
            *(if key == "arm" { &mut arm } else { &mut experiment }) = text;
        })?;
        Some(Variant { experiment: experiment?, arm: arm? })
    }

    /// An object with a fixed set of keys.
    fn fixed(
        &mut self,
        node: &Node,
        path: &Path<'_>,
        what: &str,
        keys: &[Fixed],
        visit: impl FnMut(&mut Self, &'static str, &Node, &Path<'_>),
    ) -> Option<BTreeSet<&'static str>> {
        let names = || keys.iter().map(|(key, _)| *key);
        let key_of = |name: &str| names().find(|key| *key == name);
        let given = self.object(node, path, what, (key_of, |name: &str| nearest(name, names())), visit)?;
        for (key, expected) in keys {
            if let Some(expected) = expected.filter(|_| !given.contains(key)) {
                self.missing(path, key, || expected.to_owned());
            }
        }
        Some(given)
    }

    fn text(&mut self, node: &Node, path: &Path<'_>) -> Option<String> {
        self.named(node, path, || expected(&Type::Text, None))
    }

    fn bool(&mut self, node: &Node, path: &Path<'_>) -> Option<bool> {
        match node {
            Node::Bool(value) => Some(*value),
            _ => {
                self.error(path, || expected(&Type::Bool, None), || node.found());
                None
            }
        }
    }
}
