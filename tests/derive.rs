//! The derives describe what would be described by hand.
#![cfg(feature = "derive")]
#![forbid(unsafe_code)]
#![deny(warnings)]

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use nextbest::{
    Category, Consent, Contact, Currency, Date, Event, EventSchema, Events, Instant, Money, Profile, Schema, Zone,
};

/// The names that generated code must not trip over.
mod traps {
    #![allow(dead_code, non_camel_case_types, non_upper_case_globals)]

    struct Option;
    struct Some;
    struct None;
    trait Clone {}
    trait From {}
    const schema: () = ();
    const row: () = ();
    const value: () = ();

    #[derive(nextbest::Event)]
    struct Visit {
        at: nextbest::Instant,
        sequence: i64,
        value: ::core::option::Option<String>,
    }

    #[derive(nextbest::Profile)]
    struct Customer {
        id: u64,
        row: ::core::option::Option<String>,
        schema: ::core::option::Option<nextbest::Date>,
        visits: nextbest::Events<Visit>,
    }
}

/// The crate under another name.
mod renamed {
    mod engine {
        pub use nextbest::*;
    }

    #[derive(nextbest::Profile)]
    #[profile(crate = "engine")]
    pub struct Customer {
        pub age: i64,
    }

    #[derive(nextbest::Event)]
    #[event(crate = "engine")]
    pub struct Visit {
        pub at: nextbest::Instant,
    }

    #[derive(Clone, Copy, nextbest::Category)]
    #[category(crate = "engine")]
    pub enum Plan {
        Flat,
    }
}

#[derive(Clone, Copy, Category)]
enum Country {
    FR,
    DE,
}

#[derive(Clone, Copy, Category)]
enum Source {
    Web,
    ThirdParty,
    #[category(rename = "walk-in")]
    WalkIn,
    r#Box,
}

/// A type with a name that is taken for something else.
mod odd {
    #[derive(Clone, Copy, nextbest::Category)]
    #[category(rename_all = "verbatim")]
    pub enum Date {
        First,
        SecondOne,
    }
}

struct Order {
    at: Instant,
    sequence: u64,
    amount: Money,
}

impl Event for Order {
    fn at(&self) -> Instant {
        self.at
    }

    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn describe(schema: EventSchema<Self>) -> EventSchema<Self> {
        match Currency::named("EUR") {
            Some(eur) => schema.money("amount", eur, |order| Some(order.amount)),
            None => schema,
        }
    }
}

#[derive(Profile)]
struct Customer {
    #[profile(id, pii)]
    id: String,
    active: bool,
    age: Option<u8>,
    visits: u32,
    points: u64,
    rank: Option<usize>,
    balance: i128,
    score: f64,
    ratio: Option<f32>,
    #[profile(percent, rename = "churn")]
    churn_risk: f64,
    plan: &'static str,
    #[profile(nocase)]
    city: Cow<'static, str>,
    street: Option<Box<str>>,
    #[profile(pii)]
    email: Option<Arc<str>>,
    tags: Vec<String>,
    badges: &'static [&'static str],
    labels: Option<Box<[Arc<str>]>>,
    born: Option<Date>,
    joined: chrono::NaiveDate,
    seen: Instant,
    left: Option<chrono::DateTime<chrono::Utc>>,
    country: Country,
    source: Option<Source>,
    #[profile(category)]
    odd: odd::Date,
    #[profile(currency = "EUR")]
    clv: Option<Money>,
    #[profile(currency = "JPY", pii)]
    cart: Money,
    home: Option<Zone>,
    r#type: String,
    orders: Events<Order>,
    #[profile(events, rename = "return")]
    returns: Events<Order>,
    #[profile(consents)]
    allowed: Vec<Consent>,
    #[profile(list)]
    newsletter: Option<bool>,
    #[profile(list, rename = "press")]
    on_press_list: bool,
    #[profile(contacts)]
    sent: Option<Events<Contact>>,
    #[profile(skip)]
    #[allow(dead_code)]
    session: HashMap<String, f64>,
}

fn by_hand(schema: Schema<Customer>) -> Option<Schema<Customer>> {
    let (eur, jpy) = (Currency::named("EUR")?, Currency::named("JPY")?);
    let schema = schema
        .id_text("id", |c| Some(&c.id))
        .required()
        .pii()
        .bool("active", |c| Some(c.active))
        .required()
        .int("age", |c| c.age.map(i64::from))
        .int("visits", |c| Some(c.visits.into()))
        .required()
        .int("points", |c| c.points.try_into().ok())
        .int("rank", |c| c.rank?.try_into().ok())
        .int("balance", |c| c.balance.try_into().ok())
        .number("score", |c| Some(c.score))
        .number("ratio", |c| c.ratio.map(f64::from))
        .percent("churn", |c| Some(c.churn_risk))
        .text("plan", |c| Some(c.plan))
        .required()
        .text("city", |c| Some(&c.city))
        .required()
        .nocase()
        .text("street", |c| c.street.as_deref())
        .text("email", |c| c.email.as_deref())
        .pii()
        .texts("tags", |c| Some(&c.tags))
        .required()
        .texts("badges", |c| Some(c.badges))
        .required()
        .texts("labels", |c| c.labels.as_deref())
        .date("born", |c| c.born)
        .date("joined", |c| Some(c.joined.into()))
        .required()
        .instant("seen", |c| Some(c.seen))
        .required()
        .instant("left", |c| c.left.map(Instant::from))
        .category("country", |c| Some(c.country))
        .required()
        .category("source", |c| c.source)
        .category("odd", |c| Some(c.odd))
        .required()
        .money("clv", eur, |c| c.clv)
        .money("cart", jpy, |c| Some(c.cart))
        .pii()
        .zone("home", |c| c.home)
        .text("type", |c| Some(&c.r#type))
        .required()
        .events("orders", |c| &c.orders)
        .events("return", |c| &c.returns)
        .consents(|c| &c.allowed)
        .list("newsletter", |c| c.newsletter)
        .list("press", |c| Some(c.on_press_list))
        .contacts_if_known(|c| c.sent.as_ref());
    Some(schema)
}

#[test]
fn a_derived_profile_describes_what_one_by_hand_does() {
    let by_hand = by_hand(Schema::new()).map(|schema| schema.shape());
    assert_eq!(Some(Customer::describe(Schema::new()).shape()), by_hand);
}

#[test]
fn a_zone_may_be_text_and_an_id_a_number() {
    #[derive(Profile)]
    struct Customer {
        #[profile(id)]
        number: u64,
        #[profile(zone)]
        lives_in: String,
        #[profile(contacts)]
        contacts: Events<Contact>,
    }

    let by_hand = Schema::<Customer>::new()
        .id_int("number", |c| c.number.try_into().ok())
        .zone("lives_in", |c| Zone::named(&c.lives_in))
        .contacts(|c| &c.contacts);
    assert_eq!(Customer::describe(Schema::new()).shape(), by_hand.shape());
}

#[test]
fn types_that_come_out_of_macros_are_recognised() {
    macro_rules! customer {
        ($name:ident, $field:ident: $ty:ty) => {
            #[derive(Profile)]
            struct $name {
                $field: Option<$ty>,
                all: Vec<$ty>,
            }
        };
    }
    customer!(Customer, city: String);

    let by_hand = Schema::<Customer>::new().text("city", |c| c.city.as_deref()).texts("all", |c| Some(&c.all));
    assert_eq!(Customer::describe(Schema::new()).shape(), by_hand.required().shape());
}

#[derive(Event)]
struct Visit {
    #[event(at)]
    start: chrono::DateTime<chrono::FixedOffset>,
    #[event(sequence)]
    number: i32,
    /// A property, since another field is the sequence.
    sequence: Option<u64>,
    #[event(pii)]
    address: String,
    pages: Vec<String>,
    #[event(rename = "spent", currency = "EUR")]
    amount: Money,
    #[event(percent)]
    scrolled: Option<f64>,
    source: Source,
    #[event(skip)]
    #[allow(dead_code)]
    headers: HashMap<String, String>,
}

struct ByHand(Visit);

impl Event for ByHand {
    fn at(&self) -> Instant {
        Instant::from(self.0.start)
    }

    fn describe(schema: EventSchema<Self>) -> EventSchema<Self> {
        let schema = schema
            .int("sequence", |v| v.0.sequence?.try_into().ok())
            .text("address", |v| Some(&v.0.address))
            .required()
            .pii()
            .texts("pages", |v| Some(&v.0.pages))
            .required();
        let schema = match Currency::named("EUR") {
            Some(eur) => schema.money("spent", eur, |v| Some(v.0.amount)),
            None => schema,
        };
        schema.percent("scrolled", |v| v.0.scrolled).category("source", |v| Some(v.0.source)).required()
    }
}

#[derive(Profile)]
struct Derived {
    visits: Events<Visit>,
}

#[derive(Profile)]
struct Written {
    visits: Events<ByHand>,
}

#[test]
fn a_derived_event_describes_what_one_by_hand_does() {
    assert_eq!(Derived::describe(Schema::new()).shape(), Written::describe(Schema::new()).shape());
}

#[test]
fn a_derived_event_reads_its_instant_and_sequence() {
    let start = chrono::DateTime::parse_from_rfc3339("2026-05-01T12:00:00+02:00").unwrap();
    let eur = Currency::named("EUR").unwrap();
    let mut visit = Visit {
        start,
        number: 3,
        sequence: None,
        address: String::new(),
        pages: Vec::new(),
        amount: Money::new(0, eur),
        scrolled: None,
        source: Source::Web,
        headers: HashMap::new(),
    };
    assert_eq!((visit.at(), visit.sequence()), (Instant::from(start), 3));
    visit.number = -1;
    assert_eq!(visit.sequence(), 0);
    assert_eq!(renamed::Visit { at: Instant::MAX }.sequence(), 0);
}

#[test]
fn variants_are_names_in_their_order() {
    assert_eq!(Country::NAMES, ["FR", "DE"]);
    assert_eq!((Country::FR.index(), Country::DE.index()), (0, 1));
    assert_eq!(Source::NAMES, ["web", "third_party", "walk-in", "box"]);
    let all = [Source::Web, Source::ThirdParty, Source::WalkIn, Source::Box];
    assert_eq!(all.map(Source::index), [0, 1, 2, 3]);
    assert_eq!(odd::Date::NAMES, ["First", "SecondOne"]);
    assert_eq!((odd::Date::First.index(), odd::Date::SecondOne.index()), (0, 1));
    assert_eq!((renamed::Plan::NAMES, renamed::Plan::Flat.index()), (["flat"].as_slice(), 0));
}

#[test]
fn the_crate_may_have_another_name() {
    let shape = renamed::Customer::describe(Schema::new()).shape();
    assert_eq!(shape, Schema::<renamed::Customer>::new().int("age", |c| Some(c.age)).required().shape());
}
