//! The derives describe what would be described by hand.
#![cfg(feature = "derive")]
#![forbid(unsafe_code)]
#![deny(warnings)]

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use nextbest::{
    Category, Consent, Contact, ContactKind, Currency, Date, Event, EventSchema, Events, Instant, Item, ItemSchema,
    Money, Outcome, Point, Profile, Reason, Ruleset, Schema, Sharing, TimeOfDay, Zone,
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

    #[derive(nextbest::Item)]
    struct Line {
        value: ::core::option::Option<String>,
    }

    #[derive(nextbest::Profile)]
    struct Customer {
        #[profile(items)]
        lines: ::core::option::Option<Vec<Line>>,
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
        #[profile(items)]
        pub lines: Vec<Line>,
    }

    #[derive(nextbest::Item)]
    #[item(crate = "engine")]
    pub struct Line {
        pub size: i64,
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

#[derive(Item)]
struct Line {
    #[item(nocase)]
    sku: String,
    #[item(currency = "EUR", rename = "cost")]
    price: Option<Money>,
    #[item(percent)]
    discount: f64,
    pieces: u32,
    at: Option<Instant>,
    tags: Vec<String>,
    sizes: Vec<i64>,
    #[item(pii)]
    engraved: Option<String>,
    #[item(skip)]
    #[allow(dead_code)]
    events: (),
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
    opens: TimeOfDay,
    closes: Option<chrono::NaiveTime>,
    place: Option<Point>,
    #[profile(version)]
    app: Option<String>,
    #[profile(distance)]
    radius: f32,
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
    #[profile(items)]
    lines: Vec<Line>,
    #[profile(items, rename = "wishes")]
    wanted: Option<Vec<Line>>,
    #[profile(consents)]
    allowed: Vec<Consent>,
    sizes: Vec<i64>,
    floors: Option<Box<[u8]>>,
    lived_in: Vec<Country>,
    trips: Vec<Date>,
    settings: std::collections::BTreeMap<String, bool>,
    counts: Option<HashMap<String, i64>>,
    #[profile(currency = "EUR")]
    budgets: HashMap<Box<str>, Money>,
    #[profile(list)]
    newsletter: Option<bool>,
    #[profile(list, rename = "press")]
    on_press_list: bool,
    #[profile(contacts)]
    sent: Option<Events<Contact>>,
    #[profile(contacts, household)]
    household: Events<Contact>,
    #[profile(identity, contacts)]
    device: Option<Events<Contact>>,
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
        .time("opens", |c| Some(c.opens))
        .required()
        .time("closes", |c| c.closes.map(TimeOfDay::from))
        .point("place", |c| c.place)
        .version("app", |c| c.app.as_deref())
        .distance("radius", |c| Some(c.radius.into()))
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
        .items("lines", |c: &Customer| &c.lines)
        .items_if_known("wishes", |c: &Customer| c.wanted.as_ref())
        .consents(|c| &c.allowed)
        .ints("sizes", |c| Some(&c.sizes))
        .required()
        .ints("floors", |c| c.floors.as_deref())
        .categories("lived_in", |c| Some(&c.lived_in))
        .required()
        .dates("trips", |c| Some(&c.trips))
        .required()
        .map("settings", |c| Some(&c.settings))
        .required()
        .map("counts", |c| c.counts.as_ref())
        .money_map("budgets", eur, |c| Some(&c.budgets))
        .list("newsletter", |c| c.newsletter)
        .list("press", |c| Some(c.on_press_list))
        .contacts_if_known(|c| c.sent.as_ref())
        .shared_contacts(Sharing::Household, |c| Some(&c.household))
        .shared_contacts(Sharing::Identity, |c| c.device.as_ref());
    Some(schema)
}

#[test]
fn a_derived_profile_describes_what_one_by_hand_does() {
    let by_hand = by_hand(Schema::new()).map(|schema| schema.shape());
    assert_eq!(Some(Customer::describe(Schema::new()).shape()), by_hand);
}

#[test]
fn a_derived_item_describes_what_one_by_hand_does() {
    struct ByHand(Line);

    impl Item for ByHand {
        fn describe(schema: ItemSchema<Self>) -> ItemSchema<Self> {
            let schema = schema.text("sku", |line| Some(&line.0.sku)).required().nocase();
            let Some(eur) = Currency::named("EUR") else { return schema };
            schema
                .money("cost", eur, |line| line.0.price)
                .percent("discount", |line| Some(line.0.discount))
                .int("pieces", |line| Some(line.0.pieces.into()))
                .required()
                .instant("at", |line| line.0.at)
                .texts("tags", |line| Some(&line.0.tags))
                .required()
                .ints("sizes", |line| Some(&line.0.sizes))
                .required()
                .text("engraved", |line| line.0.engraved.as_deref())
                .pii()
        }
    }

    let by_hand = Schema::<Vec<ByHand>>::new().items::<ByHand>("lines", |all| all).shape();
    let derived = Customer::describe(Schema::new()).shape();
    let lines = derived.events.iter().find(|list| list.name == "lines");
    assert_eq!(lines, by_hand.events.first());
    assert!(lines.is_some_and(|lines| lines.timeless && !lines.optional));
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
fn contacts_that_others_share_are_counted_by_caps_about_them() {
    #[derive(Profile)]
    struct Customer {
        #[profile(id)]
        number: u64,
        #[profile(contacts)]
        own: Events<Contact>,
        #[profile(contacts, household)]
        household_contacts: Events<Contact>,
        #[profile(contacts, address)]
        at_the_address: Option<Events<Contact>>,
    }

    let rules = "ruleset shop { currency EUR }
        channel web inbound
        policy p { cap marketing on web at most 1 in any 7 days per household  cap offer on web at most 1 in any 1 day per address }
        program p { campaign c for everyone every { offer hello { value 9 EUR  propensity 10%  treat web \"hello\" } } }";
    let engine = Ruleset::load::<Customer>(&[("shop.nba", rules)]).unwrap_or_else(|found| panic!("{found}"));
    let shown = Contact {
        id: "k".to_owned(),
        at: Instant::from_millis(0),
        outcome: Outcome::Impression,
        action: "p.c.hello".to_owned(),
        kind: ContactKind::Offer,
        channel: "web".to_owned(),
        variant: None,
    };
    let reason = |household: &[Contact], address: Option<&[Contact]>| {
        let customer = Customer {
            number: 1,
            own: Events::default(),
            household_contacts: Events::new(household.to_vec()),
            at_the_address: address.map(|rows| Events::new(rows.to_vec())),
        };
        let request = engine.request(Instant::from_millis(1_000)).channel("web").unwrap();
        engine.decide(&customer, &request).reason()
    };
    assert_eq!(reason(&[], Some(&[])), None);
    assert_eq!(reason(std::slice::from_ref(&shown), Some(&[])), Some(Reason::Capped));
    assert_eq!(reason(&[], Some(std::slice::from_ref(&shown))), Some(Reason::Capped));
    assert_eq!(reason(&[], None), Some(Reason::Capped));
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
    #[event(rename = "origin")]
    from: Point,
    #[event(version)]
    client: Option<Arc<str>>,
    #[event(distance)]
    walked: Option<f64>,
    local: Option<TimeOfDay>,
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
        let schema = schema
            .percent("scrolled", |v| v.0.scrolled)
            .point("origin", |v| Some(v.0.from))
            .required()
            .version("client", |v| v.0.client.as_deref())
            .distance("walked", |v| v.0.walked)
            .time("local", |v| v.0.local);
        schema.category("source", |v| Some(v.0.source)).required()
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
        from: Point::new(0.0, 0.0).unwrap(),
        client: None,
        walked: None,
        local: None,
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
fn maps_of_either_kind_are_asked_by_key_and_counted() {
    #[derive(Profile)]
    struct Customer {
        sorted: std::collections::BTreeMap<String, i64>,
        hashed: HashMap<String, i64>,
    }
    let rules = "
segment keyed when sorted[\"a\"] = 1 and hashed[\"a\"] = 1 and sorted[\"b\"] is missing and hashed[\"b\"] is missing
segment counted when length(sorted) = 2 and length(hashed) = 2
segment empty when sorted is empty and hashed is empty
";
    let engine = nextbest::Ruleset::parse(&[("maps.nba", rules)]).unwrap().bind::<Customer>().unwrap();
    let request = engine.request(Instant::from_millis(0));
    let names = |pairs: &[(&str, i64)]| {
        let pairs = || pairs.iter().map(|(key, value)| ((*key).to_owned(), *value));
        let customer = Customer { sorted: pairs().collect(), hashed: pairs().collect() };
        let mut evaluator = engine.evaluator();
        ["keyed", "counted", "empty"]
            .map(|name| evaluator.is_in(&customer, &request, engine.segment(name).unwrap()).unwrap())
    };
    assert_eq!(names(&[("a", 1), ("c", 2)]), [true, true, false]);
    assert_eq!(names(&[("a", 2)]), [false, false, false]);
    assert_eq!(names(&[]), [false, false, true]);
}

#[test]
fn the_crate_may_have_another_name() {
    let shape = renamed::Customer::describe(Schema::new()).shape();
    let by_hand = Schema::<renamed::Customer>::new().int("age", |c| Some(c.age)).required();
    assert_eq!(shape, by_hand.items("lines", |c: &renamed::Customer| &c.lines).shape());
}

mod dated {
    use nextbest::Ruleset;

    use super::*;

    #[derive(Profile)]
    struct Customer {
        #[profile(as_of = "scored")]
        intent: Option<f64>,
        #[profile(as_of = "asked")]
        answer: bool,
        scored: Option<Instant>,
        #[profile(skip)]
        asked: Instant,
        undated: Option<f64>,
    }

    const RULES: &str = r#"
profile { intent number? from third_party "DMP" fresh 7 days  answer bool from first_party fresh 1 day }
segment a when intent > 0.5
segment b when answer
"#;

    #[test]
    fn another_field_says_as_of_when_a_value_is_known() {
        let engine = Ruleset::parse(&[("a.nba", RULES)]).unwrap().bind::<Customer>().unwrap();
        let at = |text: &str| Instant::parse(text).unwrap();
        let mut customer = Customer {
            intent: Some(0.7),
            answer: true,
            scored: Some(at("2026-03-09T00:00:00Z")),
            asked: at("2026-03-10T00:00:00Z"),
            undated: None,
        };
        let mut evaluator = engine.evaluator();
        let mut members = |customer: &Customer, now| {
            let request = engine.request(at(now));
            ["a", "b"].map(|name| evaluator.is_in(customer, &request, engine.segment(name).unwrap()).unwrap())
        };
        assert_eq!(members(&customer, "2026-03-10T12:00:00Z"), [true, true]);
        assert_eq!(members(&customer, "2026-03-11T12:00:00Z"), [true, false]);
        assert_eq!(members(&customer, "2026-03-16T00:00:00Z"), [false, false]);
        customer.scored = None;
        assert_eq!(members(&customer, "2026-03-10T12:00:00Z"), [false, true]);
    }

    #[test]
    fn what_a_value_is_for_needs_consents() {
        let file = "profile { undated number? from third_party \"DMP\" for marketing }\nsegment a when undated > 0.5";
        let error = Ruleset::parse(&[("a.nba", file)]).unwrap().bind::<Customer>().unwrap_err().to_string();
        assert!(error.contains("the program does not say who consents to marketing"), "{error}");
        assert!(error.contains("leave out `for marketing`, or have the program say it: `consents`"), "{error}");
    }

    #[test]
    fn what_the_program_does_not_date_is_never_fresh() {
        let rules = RULES.replace("intent", "undated");
        let error = Ruleset::parse(&[("a.nba", &rules)]).unwrap().bind::<Customer>().unwrap_err().to_string();
        assert!(error.contains("the program does not say as of when `undated` is known"), "{error}");
        // Without `fresh` the file alone knows whence a value is.
        let file = "profile { undated number? from third_party \"DMP\" }\nsegment a when undated > 0.5";
        assert!(Ruleset::parse(&[("a.nba", file)]).unwrap().bind::<Customer>().is_ok());
    }
}
