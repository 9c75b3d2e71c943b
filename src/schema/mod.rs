//! The shape of the world that rules speak of: types and values, customers and events, described once.

mod attributes;
mod builder;
mod contact;
mod events;
mod failures;
mod function;
#[cfg(feature = "json")]
mod json;
mod map;
mod money;
mod profile;
mod record;
mod rows;
mod shape;
mod types;
mod union;
mod value;

pub(crate) use builder::Access;
pub use builder::Schema;
pub use contact::{Contact, ContactKind, Outcome, Sharing, Variant};
pub use events::{Events, EventsError};
pub use function::{Datum, Function, Signature};
#[cfg(feature = "json")]
pub use json::{JsonError, JsonErrors};
pub use map::MapValue;
pub use money::{Currency, Money};
pub use profile::{Category, Event, Item, Profile};
pub(crate) use record::{Cell, hint};
pub use record::{Record, RecordError, RecordEvent, RecordItem, RecordSchema};
pub use rows::{EventSchema, HistorySchema, ItemSchema};
pub use shape::{Attribute, EventShape, Party, Provenance, Shape};
pub use types::Type;
pub use value::Value;
pub(crate) use value::share_of;

pub use crate::leaf::{Consent, EventHistory, Keyed};
