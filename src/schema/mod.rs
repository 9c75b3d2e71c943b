//! The shape of the world that rules speak of: types and values, customers and events, described once.

mod attributes;
mod builder;
mod contact;
mod events;
mod money;
mod profile;
mod shape;
mod types;

pub use attributes::{EventSchema, HistorySchema};
pub(crate) use builder::Access;
pub use builder::Schema;
pub use contact::{Contact, ContactKind, Outcome};
pub use events::{Events, EventsError};
pub use money::{Currency, Money};
pub use profile::{Category, Event, Profile};
pub use shape::{Attribute, EventShape, Shape};
pub use types::Type;

pub use crate::leaf::{Consent, EventHistory};
