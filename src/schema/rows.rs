//! Describing rows: events, and items of a list.

use super::attributes::{Fields, attribute_methods, category_type, collection_methods, in_currency, version};
use super::types::Type;
use super::{Category, Currency, Event, Events, Item, Money};
use crate::geo::Point;
use crate::leaf::{Cx, EventHistory};
use crate::time::{Date, Instant, TimeOfDay};

/// A builder of properties whose accessors take one row, of which a store holds many.
macro_rules! row_schema {
    ($(#[$doc:meta])* $name:ident<$row:ident: $bound:ident> of $store:ty) => {
        $(#[$doc])*
        pub struct $name<$row> {
            pub(super) fields: Fields<$store>,
        }

        impl<$row: $bound> $name<$row> {
            pub(super) fn new() -> Self {
                $name { fields: Fields::new() }
            }

            attribute_methods!($store, fields, (&$row), |read, rows, cx| rows.get(cx.row()).and_then(&read));

            /// Text.
            #[must_use]
            pub fn text(
                mut self,
                name: &str,
                read: impl for<'r> Fn(&'r $row) -> Option<&'r str> + Send + Sync + 'static,
            ) -> Self {
                self.fields.text(name, Type::Text, move |rows: &$store, cx: &Cx<'_>| {
                    rows.get(cx.row()).and_then(&read)
                });
                self
            }

            /// A version by Semantic Versioning, as text; a text that is none is missing.
            #[must_use]
            pub fn version(
                mut self,
                name: &str,
                read: impl for<'r> Fn(&'r $row) -> Option<&'r str> + Send + Sync + 'static,
            ) -> Self {
                self.fields.text(name, Type::Version, move |rows: &$store, cx: &Cx<'_>| {
                    rows.get(cx.row()).and_then(&read).and_then(version)
                });
                self
            }

            /// A list of texts.
            #[must_use]
            pub fn texts<S: AsRef<str> + 'static>(
                mut self,
                name: &str,
                read: impl for<'r> Fn(&'r $row) -> Option<&'r [S]> + Send + Sync + 'static,
            ) -> Self {
                self.fields.texts(name, move |rows: &$store, cx: &Cx<'_>| rows.get(cx.row()).and_then(&read));
                self
            }

            collection_methods!($row, fields, (), |read, rows: $store, cx| rows.get(cx.row()).and_then(&read));
        }
    };
}

row_schema! {
    /// Collects the properties of an event type that is held in [`Events`].
    EventSchema<E: Event> of Events<E>
}

row_schema! {
    /// Collects the properties of the items of a list.
    ItemSchema<T: Item> of Vec<T>
}

/// Collects the properties of events that are held in a store of the host's own: accessors take the store and a row.
pub struct HistorySchema<H> {
    pub(super) fields: Fields<H>,
}

impl<H: EventHistory> HistorySchema<H> {
    /// Nothing described yet.
    pub fn new() -> Self {
        HistorySchema { fields: Fields::new() }
    }

    attribute_methods!(H, fields, (&H, usize), |read, store, cx| read(store, cx.row()));

    /// Text.
    #[must_use]
    pub fn text(
        mut self,
        name: &str,
        read: impl for<'r> Fn(&'r H, usize) -> Option<&'r str> + Send + Sync + 'static,
    ) -> Self {
        self.fields.text(name, Type::Text, move |store: &H, cx: &Cx<'_>| read(store, cx.row()));
        self
    }

    /// A version by Semantic Versioning, as text; a text that is none is missing.
    #[must_use]
    pub fn version(
        mut self,
        name: &str,
        read: impl for<'r> Fn(&'r H, usize) -> Option<&'r str> + Send + Sync + 'static,
    ) -> Self {
        self.fields.text(name, Type::Version, move |store: &H, cx: &Cx<'_>| read(store, cx.row()).and_then(version));
        self
    }

    /// A list of texts.
    #[must_use]
    pub fn texts<S: AsRef<str> + 'static>(
        mut self,
        name: &str,
        read: impl for<'r> Fn(&'r H, usize) -> Option<&'r [S]> + Send + Sync + 'static,
    ) -> Self {
        self.fields.texts(name, move |store: &H, cx: &Cx<'_>| read(store, cx.row()));
        self
    }

    collection_methods!(H, fields, (usize), |read, store: H, cx| read(store, cx.row()));
}

impl<H: EventHistory> Default for HistorySchema<H> {
    fn default() -> Self {
        Self::new()
    }
}
