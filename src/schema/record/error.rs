//! Why a record refuses a value.

use crate::schema::{Currency, Type};

/// Why a record refuses a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The schema names no such thing.
    #[error("there is no {what} `{name}`{}", hint(nearest))]
    UnknownName {
        /// Attribute, event or property.
        what: &'static str,
        /// The name given.
        name: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// A value of another type.
    #[error("`{name}` is of type {expected}, and was given a value of type {found}")]
    WrongType {
        /// The attribute or property.
        name: String,
        /// Its type.
        expected: Type,
        /// The type of the value.
        found: &'static str,
    },
    /// Something else than a list of items.
    #[error("`{name}` is a list of items, each of them values by name, and was given a value of type {found}")]
    NotItems {
        /// The list.
        name: String,
        /// The type of what was given for the list or an item.
        found: &'static str,
    },
    /// A text that is none of the names of an enum.
    #[error("`{value}` is not one of the values of `{name}`{}", hint(nearest))]
    UnknownEnumValue {
        /// The attribute or property.
        name: String,
        /// The text given.
        value: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// Money in another currency.
    #[error("`{name}` is in {expected}, and was given an amount in {found}")]
    WrongCurrency {
        /// The attribute or property.
        name: String,
        /// Its currency.
        expected: Currency,
        /// The currency given.
        found: Currency,
    },
    /// Consents, contacts, or as of when an attribute is known, where the schema says that none are held.
    #[error("no {what} are held by records of this schema")]
    NotHeld {
        /// What is not held.
        what: &'static str,
    },
}

/// A name that was probably meant, at the end of what is said.
pub(crate) fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}
