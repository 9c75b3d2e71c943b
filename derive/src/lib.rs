//! Derive macros for `nextbest`: [`Profile`], [`Event`], [`Item`] and [`Category`]. The `nextbest` crate re-exports them by its
//! feature `derive`, which is on unless switched off; depend on that crate, not on this one.
//!
//! Each macro writes the implementation of the trait of its name and nothing else: what could be written by hand.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
// Bad input is answered, never met with a panic.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable
)]

mod attributes;
mod category;
mod errors;
mod event;
mod item;
mod profile;
mod structs;
mod types;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives `nextbest::Profile` for a struct with named fields: every field becomes an attribute, a kind of event, a
/// list of items, the consents or the contacts of a customer.
///
/// ```
/// use nextbest::{Category, Consent, Contact, Date, Event, Events, Instant, Item, Money, Profile, Schema, Zone};
///
/// #[derive(Clone, Copy, Category)]
/// enum Country { FR, DE, NL }
///
/// #[derive(Event)]
/// struct Order {
///     at: Instant,
///     #[event(currency = "EUR")]
///     amount: Money,
/// }
///
/// #[derive(Item)]
/// struct CartItem {
///     sku: String,
///     pieces: i64,
/// }
///
/// #[derive(Profile)]
/// struct Customer {
///     #[profile(id)]
///     id: String,
///     country: Country,
///     birth_date: Option<Date>,
///     interests: Vec<String>,
///     #[profile(currency = "EUR")]
///     clv: Option<Money>,
///     #[profile(percent)]
///     churn_risk: f64,
///     #[profile(pii)]
///     email: Option<String>,
///     zone: Option<Zone>,
///     #[profile(events, rename = "order")]
///     orders: Events<Order>,
///     #[profile(items)]
///     cart: Vec<CartItem>,
///     #[profile(consents)]
///     consents: Vec<Consent>,
///     #[profile(contacts)]
///     contacts: Events<Contact>,
///     #[profile(skip)]
///     session: std::collections::HashMap<String, String>,
/// }
///
/// let shape = Customer::describe(Schema::new()).shape();
/// let names: Vec<&str> = shape.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
/// assert_eq!(names, ["id", "country", "birth_date", "interests", "clv", "churn_risk", "email", "zone"]);
/// assert_eq!((&*shape.events[0].name, &*shape.events[1].name), ("order", "cart"));
/// ```
///
/// | on a field: `#[profile(…)]` | |
/// |---|---|
/// | `id` | what identifies the customer: text or an integer; on one field at most |
/// | `pii` | personal data: explanations hide its value |
/// | `nocase` | a text, or a list of texts, whose case never matters: every comparison ignores it |
/// | `rename = "x"` | its name in rules; otherwise that of the field |
/// | `skip` | rules do not see it, whatever its type |
/// | `currency = "EUR"` | what a `Money`, or a map of it, is counted in; an amount of another currency is missing |
/// | `percent` | a float that is a share: 0.2 is 20% |
/// | `distance` | a float that is a length on the map, in metres |
/// | `version` | text that is a version, `"3.10.0"`; any other text is missing |
/// | `category` | the type implements `Category`; needed only where the type has parameters or a name of the table below |
/// | `zone` | the customer's own time zone: a `Zone`, or text that names one |
/// | `events` | a kind of event; implied by the type `Events<…>` |
/// | `items` | a `Vec` of a type that derives [`Item`], or an `Option` of one: a list of items, asked about like events but without time |
/// | `consents` | a list of `Consent` |
/// | `list` | a `bool`: whether the customer is on a list that the program keeps, asked as `in list …` |
/// | `contacts` | an `Events<Contact>`, or an `Option` of one where the host may not know |
/// | `contacts, household` | the contacts of all who live together, the customer's own among them, for caps `per household`; likewise `contacts, address` and `contacts, identity` |
///
/// On the struct, `#[profile(crate = "path")]` says where `nextbest` is found under another name.
///
/// | type of a field | type in rules |
/// |---|---|
/// | `bool` | bool |
/// | an integer | int; of types wider than `i64` a number that does not fit is missing |
/// | `f32`, `f64` | number; NaN is missing |
/// | `String`, `&'static str`, `Cow<'static, str>`, `Box<str>`, `Arc<str>` | text |
/// | `Vec`, `Box<[…]>`, `Arc<[…]>` or `&'static […]` of such texts | list of texts |
/// | the same of integers up to `i64`, of `Date` or of a `Category` | list of ints, dates or choices |
/// | `BTreeMap` or `HashMap` of text to bool, `i64`, `f64`, `String`, `Date`, `Instant`, a `Category` or `Money` | map |
/// | `Date`, chrono's `NaiveDate` | date |
/// | `Instant`, chrono's `DateTime` | instant |
/// | `TimeOfDay`, chrono's `NaiveTime` | time of day |
/// | `Point` | point on the map |
/// | `Zone` | the customer's own zone |
/// | `Money` | money of the `currency` given |
/// | `Events<E>` | a kind of event, described by `E` |
/// | `Vec<T>`, marked `items` | a list of items, described by `T` |
/// | any other type without parameters | one of the names of its `Category` |
/// | `Option` of one of these, `Events` excepted | the same; `None` is missing |
///
/// Types are told apart by the last name of their path, since a macro sees no more: write out what an alias stands
/// for. A field that always has a value (no `Option`, no float, no money, no integer that may not fit) is described as
/// required. Types with parameters or lifetimes are refused.
#[proc_macro_derive(Profile, attributes(profile))]
pub fn derive_profile(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    written(profile::expand(&input))
}

/// Derives `nextbest::Event` for a struct with named fields: one is the instant, one may be the sequence, and the others
/// are properties.
///
/// ```
/// use nextbest::{Event, Instant, Money};
///
/// #[derive(Event)]
/// struct Order {
///     #[event(at)]
///     placed: Instant,
///     sequence: u64,
///     #[event(currency = "EUR")]
///     amount: Money,
///     #[event(rename = "brand")]
///     brand_name: Option<String>,
///     #[event(percent)]
///     discount: f64,
/// }
/// # let eur = nextbest::Currency::named("EUR").ok_or("no such currency")?;
///
/// let placed = Instant::from_millis(1_000);
/// let order = Order { placed, sequence: 7, amount: Money::new(1250, eur), brand_name: None, discount: 0.2 };
/// assert_eq!((order.at(), order.sequence()), (placed, 7));
/// # Ok::<(), &str>(())
/// ```
///
/// | on a field: `#[event(…)]` | |
/// |---|---|
/// | `at` | when it happened: an `Instant`, or what is cloned into one, as chrono's `DateTime` is; without it, the field `at` |
/// | `sequence` | its place among events at the same instant: an integer, a negative one being 0; without it, an integer field `sequence`, else 0 |
/// | `pii`, `nocase`, `rename`, `skip`, `currency`, `percent`, `distance`, `version`, `category` | of a property, as for [`Profile`] |
///
/// On the struct, `#[event(crate = "path")]` says where `nextbest` is found under another name. The types of properties
/// are those of a [`Profile`]'s attributes, without zones and events. `at` always names the instant in rules, so that no
/// property may.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    written(event::expand(&input))
}

/// Derives `nextbest::Item` for a struct with named fields: each is a property of an item of a list.
///
/// ```
/// use nextbest::{Item, Money, Profile, Ruleset};
///
/// #[derive(Item)]
/// struct CartItem {
///     sku: String,
///     #[item(currency = "EUR")]
///     price: Money,
///     gift: Option<bool>,
/// }
///
/// #[derive(Profile)]
/// struct Customer {
///     #[profile(items)]
///     cart: Vec<CartItem>,
/// }
///
/// let rules = "segment generous when any(cart where gift and price > 20 EUR)";
/// assert!(Ruleset::parse(&[("rules.nba", rules)])?.bind::<Customer>().is_ok());
/// # Ok::<(), nextbest::Diagnostics>(())
/// ```
///
/// | on a field: `#[item(…)]` | |
/// |---|---|
/// | `pii`, `nocase`, `rename`, `skip`, `currency`, `percent`, `distance`, `version`, `category` | of a property, as for [`Profile`] |
///
/// On the struct, `#[item(crate = "path")]` says where `nextbest` is found under another name. The types of properties are
/// those of a [`Profile`]'s attributes, without zones, events and items.
#[proc_macro_derive(Item, attributes(item))]
pub fn derive_item(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    written(item::expand(&input))
}

/// Derives `nextbest::Category` for an enum whose variants have no fields: they become names in rules. The enum must be
/// `Copy`.
///
/// ```
/// use nextbest::Category;
///
/// #[derive(Clone, Copy, Category)]
/// enum Origin { FR, Web, ThirdParty }
///
/// #[derive(Clone, Copy, Category)]
/// enum Age {
///     #[category(rename = "18-24")]
///     Young,
///     #[category(rename = "25-34")]
///     Adult,
/// }
///
/// #[derive(Clone, Copy, Category)]
/// #[category(rename_all = "kebab-case")]
/// enum Plan { PayAsYouGo, Flat }
///
/// assert_eq!(Origin::NAMES, ["FR", "web", "third_party"]);
/// assert_eq!(Age::NAMES, ["18-24", "25-34"]);
/// assert_eq!((Plan::NAMES, Plan::Flat.index()), (["pay-as-you-go", "flat"].as_slice(), 1));
/// # let _ = (Origin::FR, Origin::Web, Origin::ThirdParty, Age::Young, Age::Adult, Plan::PayAsYouGo);
/// ```
///
/// | attribute | |
/// |---|---|
/// | on a variant: `#[category(rename = "25-34")]` | its name in rules |
/// | on the enum: `#[category(rename_all = "…")]` | `lowercase`, `UPPERCASE`, `snake_case`, `kebab-case`, or `verbatim`: as written |
/// | on the enum: `#[category(crate = "path")]` | where `nextbest` is found under another name |
///
/// Without `rename_all`, names of capitals and digits alone stay as they are (`FR`), and others become snake_case
/// (`ThirdParty` is `third_party`). Two variants cannot have one name.
#[proc_macro_derive(Category, attributes(category))]
pub fn derive_category(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    written(category::expand(&input))
}

/// The code, or the mistakes.
fn written(code: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    code.unwrap_or_else(syn::Error::into_compile_error).into()
}
