//! The shape that records are of, and how rules read them.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::cell::{Cell, CellLeaves};
use super::names::Names;
use super::{Record, RecordEvent, RecordItem};
use crate::leaf::Cx;
use crate::leaf::plan::Class;
use crate::schema::attributes::Fields;
use crate::schema::{Attribute, Contact, Events, HistorySchema, Schema, Shape, Type};

/// What [`Record`]s hold: a [`Shape`], shared by all records made from it. Cloning is cheap.
///
/// Two schemas of equal shapes are the same: a record of one can be read by rules bound to the other.
///
/// ```
/// use nextbest::{Attribute, RecordSchema, Shape, Type};
///
/// let schema = RecordSchema::new(Shape { attributes: vec![Attribute::new("age", Type::Int)], ..Shape::default() });
///
/// let mut customer = schema.record();
/// customer.set("age", 31)?;
/// assert_eq!(customer.get("age"), Some(31.into()));
/// # Ok::<(), nextbest::RecordError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RecordSchema {
    inner: Arc<Inner>,
    fingerprint: u128,
}

#[derive(Debug)]
struct Inner {
    shape: Shape,
    attributes: Names,
    kinds: Names,
    /// Lists of items, among the kinds of event.
    items: Names,
    lists: Names,
    properties: Vec<Names>,
}

impl RecordSchema {
    /// The schema of a shape; that of checked rules (`engine.rules().shape`) gives the schema of the records that they are bound
    /// to. An `id` that is neither text nor int, and a `zone` that is no zone, are dropped from it.
    pub fn new(mut shape: Shape) -> Self {
        let ty = |index: usize| shape.attributes.get(index).map(|attribute| &attribute.ty);
        let id = shape.id.filter(|&id| matches!(ty(id), Some(Type::Text | Type::Int)));
        let zone = shape.zone.filter(|&zone| matches!(ty(zone), Some(Type::Zone)));
        (shape.id, shape.zone) = (id, zone);
        // Checked rules know more than records hold: contacts and groups among the events, what the program brings.
        shape.events.retain(|event| event.name != Contact::KIND);
        shape.events.truncate(shape.events.len().saturating_sub(std::mem::take(&mut shape.groups)));
        (shape.regions, shape.functions) = (Vec::new(), Vec::new());

        let rows = |timeless: bool| {
            let rows = shape.events.iter().enumerate().filter(|(_, event)| event.timeless == timeless);
            Names::numbered(rows.map(|(kind, event)| (kind, event.name.as_str())))
        };
        let names = |attributes: &[Attribute]| Names::new(attributes.iter().map(|attribute| attribute.name.as_str()));
        RecordSchema {
            fingerprint: fingerprint(&shape),
            inner: Arc::new(Inner {
                attributes: names(&shape.attributes),
                kinds: rows(false),
                items: rows(true),
                lists: names(&shape.lists),
                properties: shape.events.iter().map(|event| names(&event.properties)).collect(),
                shape,
            }),
        }
    }

    /// The shape.
    pub fn shape(&self) -> &Shape {
        &self.inner.shape
    }

    /// A customer of whom nothing is known but that nothing ever happened: every attribute and list of items is missing, and
    /// every history is empty and complete.
    pub fn record(&self) -> Record {
        Record::new(self)
    }

    /// Describes records of this schema to the engine.
    ///
    /// Of a record of another schema every attribute is missing and every history unknown, and it has no consents.
    pub fn schema(&self) -> Schema<Record> {
        let fingerprint = self.fingerprint;
        let shape = self.shape();
        let mut schema = Schema::new();
        for (index, attribute) in shape.attributes.iter().enumerate() {
            describe(&mut schema.fields, attribute, move |record: &Record, _| record.of(fingerprint)?.cell(index));
            if shape.id == Some(index) {
                schema = schema.identified_by_last();
            }
            if attribute.dated {
                schema = schema.as_of(move |record: &Record| record.of(fingerprint)?.known_as_of(index));
            }
            if shape.zone == Some(index) {
                schema = schema.zoned_by_last(Arc::new(move |record| record.of(fingerprint)?.cell(index)?.zone()));
            }
        }
        for (kind, event) in shape.events.iter().enumerate() {
            if event.timeless {
                let properties = item(&event.properties);
                schema = schema.list_of(
                    &event.name,
                    move |record| record.of(fingerprint)?.item_list(kind),
                    properties,
                    event.optional,
                );
            } else {
                let properties = properties(&event.properties);
                schema =
                    schema.history(&event.name, move |record| record.of(fingerprint)?.known_history(kind), properties);
            }
        }
        for (index, list) in shape.lists.iter().enumerate() {
            schema = schema.list(&list.name, move |record| record.of(fingerprint)?.on_list(index));
        }
        if shape.consents {
            schema = schema.consents(move |record| record.of(fingerprint).map_or(&[], Record::consents));
        }
        if shape.contacts {
            schema = schema.contacts_if_known(move |record| record.of(fingerprint)?.known_contacts(None));
        }
        for &sharing in &shape.shared {
            schema =
                schema.shared_contacts(sharing, move |record| record.of(fingerprint)?.known_contacts(Some(sharing)));
        }
        schema
    }

    /// Equal for equal shapes.
    pub(super) fn fingerprint(&self) -> u128 {
        self.fingerprint
    }

    pub(in crate::schema) fn attributes(&self) -> &Names {
        &self.inner.attributes
    }

    /// Whether records say as of when an attribute is known.
    pub(in crate::schema) fn is_dated(&self, attribute: usize) -> bool {
        self.shape().attributes.get(attribute).is_some_and(|attribute| attribute.dated)
    }

    pub(in crate::schema) fn kinds(&self) -> &Names {
        &self.inner.kinds
    }

    /// The number of a list of items, where no attribute has its name.
    pub(in crate::schema) fn item_list(&self, name: &str) -> Option<usize> {
        let list = self.inner.items.find(name)?;
        self.attributes().find(name).is_none().then_some(list)
    }

    pub(in crate::schema) fn lists(&self) -> &Names {
        &self.inner.lists
    }

    /// The names of the properties of a kind of event.
    pub(in crate::schema) fn properties(&self, kind: usize) -> Option<&Names> {
        self.inner.properties.get(kind)
    }
}

impl PartialEq for RecordSchema {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl Eq for RecordSchema {}

fn properties(attributes: &[Attribute]) -> HistorySchema<Events<RecordEvent>> {
    let mut schema = HistorySchema::new();
    for (index, property) in attributes.iter().enumerate() {
        describe(&mut schema.fields, property, move |rows: &Events<RecordEvent>, cx| {
            rows.get(cx.row())?.row.cell(index)
        });
    }
    schema
}

fn item(attributes: &[Attribute]) -> Fields<Vec<RecordItem>> {
    let mut fields = Fields::new();
    for (index, property) in attributes.iter().enumerate() {
        describe(&mut fields, property, move |rows: &Vec<RecordItem>, cx| rows.get(cx.row())?.cell(index));
    }
    fields
}

/// Adds an attribute whose values are cells.
fn describe<R, F>(fields: &mut Fields<R>, attribute: &Attribute, cell: F)
where
    R: 'static,
    F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r Cell> + Send + Sync + 'static,
{
    let Attribute { name, ty, .. } = attribute;
    match ty.class() {
        Class::Word => fields.word(name, ty.clone(), move |r, cx| cell(r, cx)?.word()),
        Class::Float => fields.float(name, ty.clone(), move |r, cx| cell(r, cx)?.float()),
        Class::Text => fields.text(name, ty.clone(), move |r, cx| cell(r, cx)?.text()),
        Class::List => fields.texts(name, move |r, cx| cell(r, cx)?.list()),
        Class::Words => {
            let item = if let Type::List(item) = ty { (**item).clone() } else { Type::Int };
            fields.words(name, item, move |r, cx| cell(r, cx)?.words(), |word: &i64| *word);
        }
        Class::Map => {
            let item = if let Type::Map(item) = ty { (**item).clone() } else { Type::Text };
            let class = item.class();
            fields.map(name, item, move |r, cx| cell(r, cx)?.map(), CellLeaves(class));
        }
    }
    if let Some(described) = fields.last() {
        described.clone_from(attribute);
    }
}

/// A hash of the shape that no two shapes share in practice, so that comparing schemas is comparing numbers.
fn fingerprint(shape: &Shape) -> u128 {
    struct Sha(Sha256);
    impl Hasher for Sha {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0 // Not asked for: the digest is read whole.
        }
    }
    let mut hasher = Sha(Sha256::new());
    shape.hash(&mut hasher);
    let digest: [u8; 32] = hasher.0.finalize().into();
    digest.first_chunk().map_or(0, |first| u128::from_le_bytes(*first))
}
