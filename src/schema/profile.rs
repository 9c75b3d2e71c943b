//! What a host's types say of themselves.

use super::{EventSchema, ItemSchema, Schema};
use crate::time::Instant;

/// A customer type. Usually derived:
///
/// ```
/// use nextbest::Profile;
///
/// #[derive(Profile)]
/// struct Customer {
///     #[profile(id)]
///     id: String,
///     age: Option<i64>,
///     #[profile(pii)]
///     email: Option<String>,
/// }
/// ```
///
/// The derive writes [`describe`](Profile::describe) and nothing else; by hand it is as short:
///
/// ```
/// use nextbest::{Profile, Schema};
///
/// struct Customer { id: String, age: Option<i64>, email: Option<String> }
///
/// impl Profile for Customer {
///     fn describe(schema: Schema<Self>) -> Schema<Self> {
///         schema
///             .id_text("id", |c| Some(&c.id))
///             .int("age", |c| c.age)
///             .text("email", |c| c.email.as_deref()).pii()
///     }
/// }
/// ```
pub trait Profile: Sized + Send + Sync + 'static {
    /// Hands every attribute to the builder: a name, a type and an accessor.
    fn describe(schema: Schema<Self>) -> Schema<Self>;
}

/// A type of event. Usually derived, with `at` and, where the host has one, `sequence`.
#[diagnostic::on_unimplemented(message = "`{Self}` is no type of event", note = "derive `Event` for it")]
pub trait Event: Sized + Send + Sync + 'static {
    /// When it happened.
    fn at(&self) -> Instant;

    /// Its place among events at the same instant, across kinds; 0 where the host has none.
    fn sequence(&self) -> u64 {
        0
    }

    /// Hands every property to the builder.
    fn describe(schema: EventSchema<Self>) -> EventSchema<Self>;

    /// The id of the contact of which this says that it failed; rows of other types say no such thing.
    #[doc(hidden)]
    fn failure(&self) -> Option<&str> {
        None
    }

    /// Whether this is another one over again, known under two identities; rows without an id never tell.
    #[doc(hidden)]
    fn repeats(&self, other: &Self) -> bool {
        let _ = other;
        false
    }
}

/// A type of item, of which a customer has a list: what lies in a cart, what a subscription covers. Usually derived.
///
/// ```
/// use nextbest::{Currency, Item, ItemSchema, Money};
///
/// struct CartItem { sku: String, price: Money }
///
/// impl Item for CartItem {
///     fn describe(schema: ItemSchema<Self>) -> ItemSchema<Self> {
///         let schema = schema.text("sku", |item| Some(&item.sku)).required();
///         match Currency::named("EUR") {
///             Some(euro) => schema.money("price", euro, |item| Some(item.price)),
///             None => schema,
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is no type of item", note = "derive `Item` for it")]
pub trait Item: Sized + Send + Sync + 'static {
    /// Hands every property to the builder.
    fn describe(schema: ItemSchema<Self>) -> ItemSchema<Self>;
}

/// An enum whose variants are names in rules. Usually derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type that rules can speak of",
    note = "derive `Category` and `Copy` if it is an enum; write out the type if it is an alias; mark the field `items` if \
            it is a list of structs; else `skip` the field"
)]
pub trait Category: Copy + 'static {
    /// The names, in the order of the variants.
    const NAMES: &'static [&'static str];

    /// Which of the names this is.
    fn index(self) -> usize;
}
