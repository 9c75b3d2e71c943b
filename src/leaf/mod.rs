//! Accessor × literal → predicate.
//!
//! Everything here is generic over `R`, the thing a test reads: the customer, or a history of events of which
//! [`Cx::row`] names the row. Predicates are instantiated inside the schema builder, where the accessor's type is
//! still known, so a comparison is one indirect call and a compare. What to build is said by a [`plan::Plan`]: plain
//! data, already in negation normal form.

pub mod build;
mod call;
pub(crate) mod copy;
mod cx;
pub(crate) mod encode;
mod float;
pub(crate) mod fold;
pub mod form;
mod getter;
mod history;
mod index;
mod items;
pub mod like;
mod list;
mod map;
mod matcher;
pub mod plan;
mod program;
mod scope;
pub(crate) mod scratch;
pub(crate) mod standing;
mod text;
mod usable;
pub mod version;
pub mod visit;
mod word;
mod words;

pub(crate) use build::round_half_even;
pub use call::Given;
pub(crate) use call::{Function as Call, MOST as MOST_ARGUMENTS};
pub use cx::{Cx, Frame, Held, Moment};
pub(crate) use fold::{Kind, KindOf};
pub use getter::{Get, GetText, Next, Test};
pub use history::EventHistory;
pub(crate) use history::History;
pub(crate) use list::ListLeaves;
pub use map::{ItemLeaves, Keyed};
pub(crate) use matcher::regex;
pub(crate) use program::{Condition, Consents, Fold, Id, Named, NamedValue, Shared, consent_at, permits};
pub use program::{Consent, Program, ValueGetter};
pub use scope::Attributes;
pub(crate) use scope::OnCustomer;
pub(crate) use scratch::KEPT_ROWS;
pub use scratch::Scratch;
pub(crate) use usable::AsOf;
pub use word::Leaves;
pub(crate) use {
    float::FloatAccess, list::ListAccess, map::MapAccess, text::TextAccess, word::WordAccess, words::WordsAccess,
};
