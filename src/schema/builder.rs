//! Describing a customer type.

use std::sync::Arc;

use super::attributes::{Fields, attribute_methods, category_type, collection_methods, in_currency, version};
use super::types::Type;
use super::{
    Category, Contact, Currency, Event, EventSchema, EventShape, Events, Function, HistorySchema, Item, ItemSchema,
    Money, Shape, Sharing, Value,
};
use crate::geo::{Point, Region};
use crate::leaf::{AsOf, Attributes, Call, Consent, Consents, Cx, EventHistory, Id, Kind, KindOf, Leaves};
use crate::time::{Date, Instant, TimeOfDay, Zone};

type Contacts<P> = Arc<dyn for<'r> Fn(&'r P) -> Option<&'r Events<Contact>> + Send + Sync>;
type ZoneOf<P> = Arc<dyn Fn(&P) -> Option<Zone> + Send + Sync>;

/// Collects what rules may name about customers of type `P`, with the accessors that read it.
///
/// The names are resolved when rules are bound and never again; the accessors become part of the predicates.
pub struct Schema<P> {
    pub(super) fields: Fields<P>,
    pub(super) lists: Fields<P>,
    /// By attribute.
    as_of: Vec<(usize, AsOf<P>)>,
    pub(super) regions: Vec<(String, Arc<Region>)>,
    events: Vec<EventShape>,
    kinds: Vec<Box<dyn Kind<P>>>,
    id: Option<(usize, Arc<Id<P>>)>,
    zone: Option<(usize, ZoneOf<P>)>,
    consents: Option<Consents<P>>,
    contacts: Option<Contacts<P>>,
    shared: Vec<(Sharing, Contacts<P>)>,
    functions: Vec<Function>,
}

/// The accessors of a finished schema.
pub(crate) struct Access<P> {
    pub attributes: Attributes<P>,
    pub lists: Attributes<P>,
    as_of: Vec<(usize, AsOf<P>)>,
    pub kinds: Vec<Box<dyn Kind<P>>>,
    pub id: Option<Arc<Id<P>>>,
    pub zone: Option<ZoneOf<P>>,
    pub consents: Option<Consents<P>>,
    pub contacts: Option<Contacts<P>>,
    shared: Vec<(Sharing, Contacts<P>)>,
    pub functions: Vec<Call>,
}

impl<P: 'static> Access<P> {
    /// Makes the values of an attribute missing that are not known as of an instant within a resolved time.
    pub fn keep_fresh(&mut self, attribute: usize, time: usize) {
        let as_of = self.as_of(attribute).cloned().unwrap_or_else(|| Arc::new(|_| None));
        self.limit(attribute, |leaves| leaves.fresh(as_of, time));
    }

    /// Makes the values of an attribute missing of customers who have not consented to what they are for.
    pub fn permit(&mut self, attribute: usize, purpose: &str) {
        let consents = self.consents.clone().unwrap_or_else(|| Arc::new(|_| &[]));
        self.limit(attribute, |leaves| leaves.permitted(consents, purpose));
    }

    fn limit(&mut self, attribute: usize, limit: impl FnOnce(Leaves<P>) -> Leaves<P>) {
        if let Some(place) = self.attributes.0.get_mut(attribute) {
            let nothing = Leaves::Word(Arc::new(crate::leaf::WordAccess(Arc::new(|_: &P, _: &Cx<'_>| None))));
            *place = limit(std::mem::replace(place, nothing));
        }
    }

    /// The contacts that count for a customer, where they are known.
    pub fn contacts<'p>(&self, sharing: Option<Sharing>, p: &'p P) -> Option<&'p Events<Contact>> {
        let read = match sharing {
            None => self.contacts.as_ref(),
            Some(sharing) => self.shared.iter().find(|(known, _)| *known == sharing).map(|(_, read)| read),
        };
        read.and_then(|read| read(p))
    }

    /// How the instant is read as of which an attribute is known.
    pub fn as_of(&self, attribute: usize) -> Option<&AsOf<P>> {
        self.as_of.iter().find(|(index, _)| *index == attribute).map(|(_, as_of)| as_of)
    }

    /// What a list attribute holds, `item` being made of its words; `None` where it is missing.
    pub fn list(&self, index: usize, p: &P, cx: &Cx<'_>, item: &dyn Fn(i64) -> Option<Value>) -> Option<Value> {
        match self.attributes.0.get(index)? {
            Leaves::List(leaves) => {
                let mut texts = Vec::new();
                leaves.each(p, cx, &mut |text| texts.push(text.to_owned())).then_some(Value::Texts(texts))
            }
            Leaves::Words(leaves) => {
                let mut items = Vec::new();
                leaves.each(p, cx, &mut |word| items.extend(item(word))).then_some(Value::List(items))
            }
            _ => None,
        }
    }
}

impl<P: Send + Sync + 'static> Schema<P> {
    /// Nothing described yet.
    pub fn new() -> Self {
        Schema {
            fields: Fields::new(),
            lists: Fields::new(),
            as_of: Vec::new(),
            regions: Vec::new(),
            events: Vec::new(),
            kinds: Vec::new(),
            id: None,
            zone: None,
            consents: None,
            contacts: None,
            shared: Vec::new(),
            functions: Vec::new(),
        }
    }

    attribute_methods!(P, fields, (&P), |read, p, _cx| read(p));

    /// Text.
    #[must_use]
    pub fn text(mut self, name: &str, read: impl for<'r> Fn(&'r P) -> Option<&'r str> + Send + Sync + 'static) -> Self {
        self.fields.text(name, Type::Text, move |p: &P, _: &Cx<'_>| read(p));
        self
    }

    /// A version by Semantic Versioning, as text; a text that is none is missing.
    #[must_use]
    pub fn version(
        mut self,
        name: &str,
        read: impl for<'r> Fn(&'r P) -> Option<&'r str> + Send + Sync + 'static,
    ) -> Self {
        self.fields.text(name, Type::Version, move |p: &P, _: &Cx<'_>| read(p).and_then(version));
        self
    }

    /// A list of texts.
    #[must_use]
    pub fn texts<S: AsRef<str> + 'static>(
        mut self,
        name: &str,
        read: impl for<'r> Fn(&'r P) -> Option<&'r [S]> + Send + Sync + 'static,
    ) -> Self {
        self.fields.texts(name, move |p: &P, _: &Cx<'_>| read(p));
        self
    }

    collection_methods!(P, fields, (), |read, p: P, _cx| read(p));

    /// Says as of when the value of the last attribute is known. An attribute that a rule file declares `fresh 7 days` is
    /// missing where that is not known, lies in the future, or is seven days ago or longer.
    #[must_use]
    pub fn as_of(mut self, read: impl Fn(&P) -> Option<Instant> + Send + Sync + 'static) -> Self {
        if let Some(attribute) = self.fields.last() {
            attribute.dated = true;
            self.as_of.push((self.fields.shapes.len() - 1, Arc::new(read)));
        }
        self
    }

    /// What identifies the customer, as text: also what buckets are made of. A missing id is in no bucket.
    #[must_use]
    pub fn id_text(
        mut self,
        name: &str,
        read: impl for<'r> Fn(&'r P) -> Option<&'r str> + Send + Sync + 'static,
    ) -> Self {
        self = self.text(name, read);
        self.identified_by_last()
    }

    /// What identifies the customer, as a whole number; buckets hash its decimal digits.
    #[must_use]
    pub fn id_int(mut self, name: &str, read: impl Fn(&P) -> Option<i64> + Send + Sync + 'static) -> Self {
        self = self.int(name, read);
        self.identified_by_last()
    }

    /// Says that the last attribute, a text or an int, identifies the customer.
    pub(super) fn identified_by_last(mut self) -> Self {
        let id = match self.fields.leaves.last() {
            Some(Leaves::Text(leaves)) => Id::Text(leaves.get()),
            Some(Leaves::Word(leaves)) => Id::Int(leaves.get()),
            _ => return self,
        };
        self.id = Some((self.fields.leaves.len() - 1, Arc::new(id)));
        self
    }

    /// The customer's own time zone: it comes before the ruleset's, and after one written in a rule.
    #[must_use]
    pub fn zone(mut self, name: &str, read: impl Fn(&P) -> Option<Zone> + Send + Sync + 'static) -> Self {
        let read: ZoneOf<P> = Arc::new(read);
        let named = Arc::clone(&read);
        self.fields.text(name, Type::Zone, move |p: &P, _: &Cx<'_>| named(p).map(Zone::name));
        self.zoned_by_last(read)
    }

    /// Says that the last attribute is the name of the customer's own zone, and how to read the zone itself.
    pub(super) fn zoned_by_last(mut self, read: ZoneOf<P>) -> Self {
        self.zone = self.fields.leaves.len().checked_sub(1).map(|last| (last, read));
        self
    }

    /// A list that the program keeps, as `in list newsletter` asks of it: whether the customer is on it.
    #[must_use]
    pub fn list(mut self, name: &str, read: impl Fn(&P) -> Option<bool> + Send + Sync + 'static) -> Self {
        self.lists.word(name, Type::Bool, move |p: &P, _: &Cx<'_>| read(p).map(i64::from));
        self
    }

    /// A region of the map, as `home is inside "stores"` asks of it.
    #[must_use]
    pub fn region(mut self, name: &str, region: Region) -> Self {
        self.regions.push((name.to_owned(), Arc::new(region)));
        self
    }

    /// A kind of event.
    #[must_use]
    pub fn events<E: Event>(
        self,
        name: &str,
        read: impl for<'r> Fn(&'r P) -> &'r Events<E> + Send + Sync + 'static,
    ) -> Self {
        let EventSchema { fields } = E::describe(EventSchema::new());
        self.history(name, move |p: &P| Some(read(p)), HistorySchema { fields })
    }

    /// A kind of event held in a store of the host's own; where the accessor finds none, nothing is known of these
    /// events.
    #[must_use]
    pub fn history<H: EventHistory>(
        mut self,
        name: &str,
        read: impl for<'r> Fn(&'r P) -> Option<&'r H> + Send + Sync + 'static,
        properties: HistorySchema<H>,
    ) -> Self {
        let (properties, leaves) = properties.fields.attributes();
        self.events.push(EventShape::new(name, properties));
        self.kinds.push(Box::new(KindOf::new(move |p: &P, _: &Cx<'_>| read(p), leaves)));
        self
    }

    /// A list of items, which is there always, if empty.
    #[must_use]
    pub fn items<T: Item>(
        self,
        name: &str,
        read: impl for<'r> Fn(&'r P) -> &'r Vec<T> + Send + Sync + 'static,
    ) -> Self {
        self.list_of(name, move |p: &P| Some(read(p)), T::describe(ItemSchema::new()).fields, false)
    }

    /// A list of items that may be missing: then nothing is known of it, and no question about it has an answer.
    #[must_use]
    pub fn items_if_known<T: Item>(
        self,
        name: &str,
        read: impl for<'r> Fn(&'r P) -> Option<&'r Vec<T>> + Send + Sync + 'static,
    ) -> Self {
        self.list_of(name, read, T::describe(ItemSchema::new()).fields, true)
    }

    /// A list of items, given what there is to know of one.
    pub(super) fn list_of<T: Send + Sync + 'static>(
        mut self,
        name: &str,
        read: impl for<'r> Fn(&'r P) -> Option<&'r Vec<T>> + Send + Sync + 'static,
        properties: Fields<Vec<T>>,
        optional: bool,
    ) -> Self {
        let (properties, leaves) = properties.attributes();
        self.events.push(EventShape { optional, ..EventShape::items(name, properties) });
        self.kinds.push(Box::new(KindOf::new(move |p: &P, _: &Cx<'_>| read(p), leaves)));
        self
    }

    /// The customer's consents.
    #[must_use]
    pub fn consents(mut self, read: impl for<'r> Fn(&'r P) -> &'r [Consent] + Send + Sync + 'static) -> Self {
        self.consents = Some(Arc::new(read));
        self
    }

    /// What was shown or sent to the customer before.
    #[must_use]
    pub fn contacts(self, read: impl for<'r> Fn(&'r P) -> &'r Events<Contact> + Send + Sync + 'static) -> Self {
        self.contacts_if_known(move |p: &P| Some(read(p)))
    }

    /// The same for hosts that may not know; an unknown contact history blocks what a cap could block.
    #[must_use]
    pub fn contacts_if_known(
        mut self,
        read: impl for<'r> Fn(&'r P) -> Option<&'r Events<Contact>> + Send + Sync + 'static,
    ) -> Self {
        self.contacts = Some(Arc::new(read));
        self
    }

    /// The contacts of all with whom the customer shares a household, say, the customer's own among them, for caps `per
    /// household`. Where the accessor finds none, nothing is known of them, and unknown blocks.
    #[must_use]
    pub fn shared_contacts(
        mut self,
        sharing: Sharing,
        read: impl for<'r> Fn(&'r P) -> Option<&'r Events<Contact>> + Send + Sync + 'static,
    ) -> Self {
        self.shared.retain(|(known, _)| *known != sharing);
        self.shared.push((sharing, Arc::new(read)));
        self
    }

    /// A function that rules may call.
    #[must_use]
    pub fn function(mut self, function: Function) -> Self {
        self.functions.push(function);
        self
    }

    /// The names and types alone.
    pub fn shape(&self) -> Shape {
        Shape {
            attributes: self.fields.shapes.clone(),
            events: self.events.clone(),
            groups: 0,
            lists: self.lists.shapes.clone(),
            regions: self.regions.clone(),
            id: self.id.as_ref().map(|(index, _)| *index),
            zone: self.zone.as_ref().map(|(index, _)| *index),
            consents: self.consents.is_some(),
            contacts: self.contacts.is_some(),
            shared: self.shared.iter().map(|(sharing, _)| *sharing).collect(),
            functions: self.functions.iter().map(|function| function.signature().clone()).collect(),
        }
    }

    pub(crate) fn access(mut self) -> Access<P> {
        // Where the checker puts them too: after the kinds that rules can name.
        if let Some(contacts) = self.contacts.clone() {
            self = self.history(Contact::KIND, move |p: &P| contacts(p), Contact::properties());
        }
        Access {
            attributes: Attributes(self.fields.leaves),
            lists: Attributes(self.lists.leaves),
            as_of: self.as_of,
            kinds: self.kinds,
            id: self.id.map(|(_, id)| id),
            zone: self.zone.map(|(_, zone)| zone),
            consents: self.consents,
            contacts: self.contacts,
            shared: self.shared,
            functions: self.functions.into_iter().map(Function::held).collect(),
        }
    }
}

impl<P: Send + Sync + 'static> Default for Schema<P> {
    fn default() -> Self {
        Self::new()
    }
}
