//! What a decision was made of, as a digest: the same inputs have the same, and whatever the rules can read and is another
//! gives another.

use std::fmt;

use super::hash::Sha;
use super::needs::Read;
use super::{Engine, Inner, Inputs, Request, Resolved};
use crate::check::tree::Showplace;
use crate::leaf::Cx;
use crate::leaf::encode::Encoder;
use crate::schema::{Category, Contact, Events};

/// A digest of the inputs of a decision: of the request, and of everything of the customer that the rules can read. Displayed as
/// sixteen hexadecimal digits, serialized as all 64 of them.
///
/// Together with the revision and the versions it says whether two decisions were asked for with the same facts; a host that
/// keeps it can prove later what a decision was made of. It is made of personal data: where those can be guessed, so can it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Digest(Sha);

impl Digest {
    /// The whole hash.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl<P: Send + Sync + 'static> Engine<P> {
    /// The digest of a request and of everything of a customer that these rules can read. It costs as much as reading all of
    /// that, so that decisions have it only where the request is [`digested`](Request::digested).
    pub fn digest(&self, customer: &P, request: &Request) -> Digest {
        let inner = &*self.0;
        let resolved = request.resolve(&inner.rules);
        let Resolved { places, inputs, .. } = &*resolved;
        inner.with_scratch(|scratch| {
            let frame = inner.frame(customer, request.now(), &resolved, scratch, &inner.program);
            inner.digest(customer, &frame.of(customer), inputs, places)
        })
    }
}

impl<P: Send + Sync + 'static> Inner<P> {
    pub(crate) fn digest(&self, customer: &P, cx: &Cx<'_>, inputs: &Inputs, places: &[Showplace]) -> Digest {
        let mut to = Encoder::new("nextbest inputs 1");
        to.word(cx.moment.now.millis());
        to.text(cx.moment.zone.name());
        to.size(places.len());
        places.iter().for_each(|&place| to.text(&self.rules.place_name(place)));
        let context = self.rules.context.iter().zip(cx.context.iter());
        for (attribute, held) in context.filter_map(|(attribute, held)| Some((attribute, held.as_ref()?))) {
            to.text(&attribute.name);
            held.encode(&mut to);
        }
        self.said(inputs, cx, &mut to);
        self.read(customer, cx, &mut to);
        Digest(Sha(to.finish()))
    }

    /// What the request says about actions and about the population.
    fn said(&self, inputs: &Inputs, cx: &Cx<'_>, to: &mut Encoder) {
        inputs.encode(&self.rules, to);
        let population = || {
            let mut to = Encoder::new("population");
            to.size(cx.rankings.len());
            cx.rankings.iter().for_each(|ranking| to.option(ranking.as_deref(), |to, ranking| ranking.encode(to)));
            to.finish()
        };
        to.bytes(inputs.ranked.get_or_init(population));
    }

    /// What the rules can read of the customer.
    fn read(&self, customer: &P, cx: &Cx<'_>, to: &mut Encoder) {
        let (shape, read) = (&self.rules.shape, self.reads.get_or_init(|| Read::of(&self.rules)));
        let Read { attributes, lists, events, keys } = read;
        for &index in attributes {
            let (Some(attribute), Some(leaves)) = (shape.attributes.get(index), self.access.attributes.0.get(index))
            else {
                continue;
            };
            to.text(&attribute.name);
            leaves.writer(keys)(customer, cx, to);
            let as_of = self.access.as_of(index).and_then(|as_of| as_of(customer));
            to.option(as_of, |to, at| to.word(at.millis()));
        }
        for &index in lists {
            let (Some(list), Some(leaves)) = (shape.lists.get(index), self.access.lists.0.get(index)) else { continue };
            to.text(&list.name);
            leaves.writer(keys)(customer, cx, to);
        }
        for &kind in events {
            let (Some(event), Some(rows)) = (shape.events.get(kind), self.access.kinds.get(kind)) else { continue };
            to.text(&event.name);
            rows.encode(customer, cx, keys, to);
        }
        self.said_and_sent(customer, to);
    }

    /// Consents, whose order means nothing, and contacts.
    fn said_and_sent(&self, customer: &P, to: &mut Encoder) {
        let given = self.access.consents.as_ref().map(|consents| consents(customer)).unwrap_or_default();
        let mut consents: Vec<_> = given
            .iter()
            .map(|said| {
                (&said.channel, &said.purpose, said.at.millis(), said.granted, said.expires.map(|at| at.millis()))
            })
            .collect();
        consents.sort_unstable();
        to.size(consents.len());
        for (channel, purpose, at, granted, expires) in consents {
            to.text(channel);
            to.text(purpose);
            to.word(at);
            to.word(granted.into());
            to.option(expires, Encoder::word);
        }
        for sharing in std::iter::once(None).chain(self.rules.policy.sharings().into_iter().map(Some)) {
            to.option(self.access.contacts(sharing, customer), |to, contacts| sent(contacts, to));
        }
    }
}

fn sent(contacts: &Events<Contact>, to: &mut Encoder) {
    to.option(contacts.since(), |to, since| to.word(since.millis()));
    to.size(contacts.as_slice().len());
    for contact in contacts.as_slice() {
        to.text(&contact.id);
        to.word(contact.at.millis());
        to.text(&contact.outcome.to_string());
        to.text(&contact.action);
        to.size(contact.kind.index());
        to.text(&contact.channel);
        to.option(contact.variant.as_ref(), |to, variant| {
            to.text(&variant.experiment);
            to.text(&variant.arm);
        });
    }
}
