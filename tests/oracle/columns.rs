//! The same customers in a store of a host's own: every attribute and property a column, no event a value of its own.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;

use nextbest::check::tree::Rules;
use nextbest::{
    Attribute, Category, Consent, Contact, Date, EventHistory, EventShape, Events, HistorySchema, Instant, Item,
    ItemSchema, Money, Point, RecordSchema, Schema, Shape, TimeOfDay, Type, Value, Zone,
};

use super::customer::{Customer, History, Row, Values};
use super::engine::{Held, record, to_value};
use super::generate::world::{COUNTRIES, STATES};

/// A table: when its rows happened, and a column for each property.
#[derive(Default)]
pub struct Table {
    at: Vec<Instant>,
    sequence: Vec<u64>,
    complete_since: Option<Instant>,
    /// Each a `Vec<Option<T>>` of the type that the property is read as.
    columns: Vec<Box<dyn Any + Send + Sync>>,
}

impl EventHistory for Table {
    fn len(&self) -> usize {
        self.at.len()
    }

    fn at(&self, row: usize) -> Instant {
        self.at[row]
    }

    fn sequence(&self, row: usize) -> u64 {
        self.sequence[row]
    }

    fn complete_since(&self) -> Option<Instant> {
        self.complete_since
    }
}

impl Table {
    fn new(properties: &[Attribute], history: Option<&History>) -> Self {
        let mut rows: Vec<&Row> = history.iter().flat_map(|history| &history.rows).collect();
        rows.sort_by_key(|row| (row.at, row.sequence));
        Table {
            at: rows.iter().map(|row| row.at).collect(),
            sequence: rows.iter().map(|row| row.sequence).collect(),
            complete_since: history.and_then(|history| history.complete_since),
            columns: columns(properties, rows.iter().map(|row| &row.properties)),
        }
    }

    fn get<T: 'static>(&self, column: usize, row: usize) -> Option<&T> {
        self.columns[column].downcast_ref::<Vec<Option<T>>>().expect("a column of its type")[row].as_ref()
    }
}

/// Describes an attribute to a builder, read from a column of a table at a row.
macro_rules! describe {
    ($schema:ident, $attribute:expr, $i:ident, ($($arg:ident: $ty:ty),+), $table:expr, $row:expr) => {{
        let name = $attribute.name.as_str();
        macro_rules! copied {
            ($method:ident, $held:ty) => {
                $schema.$method(name, move |$($arg: $ty),+| $table.get::<$held>($i, $row).copied())
            };
        }
        macro_rules! lent {
            ($method:ident, $held:ty) => {
                $schema.$method(name, move |$($arg: $ty),+| $table.get::<$held>($i, $row).map(|held| &**held))
            };
        }
        macro_rules! mapped {
            ($held:ty) => {
                $schema.map(name, move |$($arg: $ty),+| $table.get::<BTreeMap<String, $held>>($i, $row))
            };
        }
        let schema = match &$attribute.ty {
            Type::Bool => copied!(bool, bool),
            Type::Int => copied!(int, i64),
            Type::Number => copied!(number, f64),
            Type::Percent => copied!(percent, f64),
            Type::Distance => copied!(distance, f64),
            Type::Money(currency) => {
                $schema.money(name, *currency, move |$($arg: $ty),+| $table.get::<Money>($i, $row).copied())
            }
            Type::Text => lent!(text, String),
            Type::Version => lent!(version, String),
            Type::Enum(names) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                $schema.one_of(name, &names, move |$($arg: $ty),+| $table.get::<usize>($i, $row).copied())
            }
            Type::Date => copied!(date, Date),
            Type::Instant => copied!(instant, Instant),
            Type::Time => copied!(time, TimeOfDay),
            Type::Point => copied!(point, Point),
            Type::Texts => lent!(texts, Vec<String>),
            Type::List(item) => match &**item {
                Type::Int => lent!(ints, Vec<i64>),
                Type::Date => lent!(dates, Vec<Date>),
                _ => lent!(categories, Vec<Country>),
            },
            Type::Map(item) => match &**item {
                Type::Bool => mapped!(bool),
                Type::Int => mapped!(i64),
                Type::Number => mapped!(f64),
                Type::Text => mapped!(String),
                Type::Date => mapped!(Date),
                Type::Money(currency) => $schema.money_map(name, *currency, move |$($arg: $ty),+| {
                    $table.get::<BTreeMap<String, Money>>($i, $row)
                }),
                _ => mapped!(State),
            },
            other => panic!("a column of {other}"),
        };
        let schema = if $attribute.nocase { schema.nocase() } else { schema };
        let schema = if $attribute.pii { schema.pii() } else { schema };
        if $attribute.optional { schema } else { schema.required() }
    }};
}

/// An item of a list.
struct Thing(Table);

thread_local! {
    /// What the list that is being described holds: a type of the host's would know by itself.
    static HELD: RefCell<Vec<Attribute>> = const { RefCell::new(Vec::new()) };
}

impl Item for Thing {
    fn describe(schema: ItemSchema<Self>) -> ItemSchema<Self> {
        HELD.with_borrow(|properties| {
            properties
                .iter()
                .enumerate()
                .fold(schema, |schema, (i, property)| describe!(schema, property, i, (thing: &Thing), thing.0, 0))
        })
    }
}

/// A customer: attributes are a table of one row.
pub struct Columnar {
    attributes: Table,
    as_of: Vec<Option<Instant>>,
    /// By number of the kind; empty for lists of items.
    histories: Vec<Table>,
    /// By number of the kind; `None` where the list is missing, and for events.
    items: Vec<Option<Vec<Thing>>>,
    consents: Vec<Consent>,
    contacts: Events<Contact>,
    lists: Option<Vec<bool>>,
}

impl Held for Columnar {
    fn schema(records: &RecordSchema) -> Schema<Self> {
        schema(records.shape())
    }

    fn of(records: &RecordSchema, rules: &Rules, customer: &Customer) -> Self {
        let Shape { attributes, events, lists, .. } = records.shape();
        let alone = |attributes: &[Attribute], values: &Values| Table {
            columns: columns(attributes, std::iter::once(values)),
            ..Table::default()
        };
        let items = |kind: &EventShape| {
            let rows = customer.items.get(&kind.name)?;
            Some(rows.iter().map(|row| Thing(alone(&kind.properties, &row.properties))).collect())
        };
        Columnar {
            attributes: alone(attributes, &customer.attributes),
            items: events.iter().map(items).collect(),
            as_of: attributes.iter().map(|attribute| customer.as_of.get(&attribute.name).copied()).collect(),
            histories: events
                .iter()
                .map(|kind| Table::new(&kind.properties, customer.histories.get(&kind.name)))
                .collect(),
            consents: customer.consents.clone(),
            contacts: record(records, rules, customer).contacts().clone(),
            lists: customer.lists.as_ref().map(|on| lists.iter().map(|list| on.contains(&list.name)).collect()),
        }
    }
}

/// Names that are known when compiling, as lists and maps of them need.
macro_rules! category {
    ($name:ident, $names:expr) => {
        #[derive(Clone, Copy)]
        struct $name(usize);

        impl Category for $name {
            const NAMES: &'static [&'static str] = $names;

            fn index(self) -> usize {
                self.0
            }
        }

        impl $name {
            fn named(value: Value) -> Self {
                let Value::Text(name) = value else { panic!("{value:?} is no name") };
                $name($names.iter().position(|known| *known == name).expect("a known name"))
            }
        }
    };
}

category!(Country, COUNTRIES);
category!(State, STATES);

fn columns<'v>(
    attributes: &[Attribute],
    rows: impl Iterator<Item = &'v Values> + Clone,
) -> Vec<Box<dyn Any + Send + Sync>> {
    let cells = |attribute: &Attribute| {
        let value = |row: &Values| to_value(&attribute.ty, row.get(&attribute.name)?.clone());
        column(&attribute.ty, rows.clone().map(value).collect())
    };
    attributes.iter().map(cells).collect()
}

/// The variant that a value is known to be.
macro_rules! as_is {
    ($variant:ident) => {
        |value| match value {
            Value::$variant(held) => held,
            other => panic!("{other:?} in a column of another type"),
        }
    };
}

fn column(ty: &Type, values: Vec<Option<Value>>) -> Box<dyn Any + Send + Sync> {
    fn of<T: Send + Sync + 'static>(
        values: Vec<Option<Value>>,
        each: impl Fn(Value) -> T,
    ) -> Box<dyn Any + Send + Sync> {
        Box::new(values.into_iter().map(|value| value.map(&each)).collect::<Vec<Option<T>>>())
    }
    fn list<T>(each: impl Fn(Value) -> T) -> impl Fn(Value) -> Vec<T> {
        move |value| as_is!(List)(value).into_iter().map(&each).collect()
    }
    fn map<T>(each: impl Fn(Value) -> T) -> impl Fn(Value) -> BTreeMap<String, T> {
        move |value| as_is!(Map)(value).into_iter().map(|(key, value)| (key, each(value))).collect()
    }
    match ty {
        Type::Bool => of(values, as_is!(Bool)),
        Type::Int => of(values, as_is!(Int)),
        Type::Number => of(values, as_is!(Number)),
        Type::Percent => of(values, as_is!(Percent)),
        Type::Distance => of(values, as_is!(Distance)),
        Type::Money(_) => of(values, as_is!(Money)),
        Type::Text | Type::Version => of(values, as_is!(Text)),
        Type::Enum(names) => of(values, |value| {
            let name = as_is!(Text)(value);
            names.iter().position(|known| *known == name).expect("a known name")
        }),
        Type::Date => of(values, as_is!(Date)),
        Type::Instant => of(values, as_is!(Instant)),
        Type::Time => of(values, as_is!(Time)),
        Type::Point => of(values, as_is!(Point)),
        Type::Zone => of(values, as_is!(Zone)),
        Type::Texts => of(values, as_is!(Texts)),
        Type::List(item) => match &**item {
            Type::Int => of(values, list(as_is!(Int))),
            Type::Date => of(values, list(as_is!(Date))),
            Type::Enum(_) => of(values, list(Country::named)),
            other => panic!("a list of {other}"),
        },
        Type::Map(item) => match &**item {
            Type::Bool => of(values, map(as_is!(Bool))),
            Type::Int => of(values, map(as_is!(Int))),
            Type::Number => of(values, map(as_is!(Number))),
            Type::Text => of(values, map(as_is!(Text))),
            Type::Date => of(values, map(as_is!(Date))),
            Type::Money(_) => of(values, map(as_is!(Money))),
            Type::Enum(_) => of(values, map(State::named)),
            other => panic!("a map of {other}"),
        },
        other => panic!("a column of {other}"),
    }
}

fn history(properties: &[Attribute]) -> HistorySchema<Table> {
    properties.iter().enumerate().fold(
        HistorySchema::new(),
        |schema, (i, property)| describe!(schema, property, i, (table: &Table, row: usize), table, row),
    )
}

/// The schema of customers of a shape.
fn schema(shape: &Shape) -> Schema<Columnar> {
    let mut schema = Schema::new();
    for (i, attribute) in shape.attributes.iter().enumerate() {
        let name = attribute.name.as_str();
        schema = match &attribute.ty {
            Type::Zone => schema.zone(name, move |c: &Columnar| c.attributes.get::<Zone>(i, 0).copied()),
            Type::Int if shape.id == Some(i) => {
                schema.id_int(name, move |c: &Columnar| c.attributes.get::<i64>(i, 0).copied()).required()
            }
            Type::Text if shape.id == Some(i) => schema
                .id_text(name, move |c: &Columnar| c.attributes.get::<String>(i, 0).map(|held| &**held))
                .required(),
            _ => describe!(schema, attribute, i, (c: &Columnar), c.attributes, 0),
        };
        if attribute.dated {
            schema = schema.as_of(move |c: &Columnar| c.as_of[i]);
        }
    }
    for (i, kind) in shape.events.iter().enumerate() {
        if !kind.timeless {
            schema = schema.history(&kind.name, move |c: &Columnar| c.histories.get(i), history(&kind.properties));
            continue;
        }
        HELD.set(kind.properties.clone());
        schema = match kind.optional {
            true => schema.items_if_known(&kind.name, move |c: &Columnar| c.items[i].as_ref()),
            false => schema.items(&kind.name, move |c: &Columnar| c.items[i].as_ref().expect("a list that is there")),
        };
    }
    for (i, list) in shape.lists.iter().enumerate() {
        schema = schema.list(&list.name, move |c: &Columnar| Some(c.lists.as_ref()?[i]));
    }
    schema.consents(|c: &Columnar| &c.consents).contacts(|c: &Columnar| &c.contacts)
}
