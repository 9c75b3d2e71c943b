use proptest::prelude::*;

use super::*;
use crate::leaf::form::{FloatForm, Form, ListForm, MapForm, TextForm, WordForm, WordsForm};
use crate::leaf::{Cx, Frame, Leaves, Moment, Scratch};
use crate::schema::{ContactKind, Currency, Event, EventShape, Money, Outcome, Schema, Shape, Type, Variant};
use crate::time::{Date, Weekday, Zone};

fn attribute(name: &str, ty: Type) -> Attribute {
    Attribute::new(name, ty)
}

fn euro() -> Currency {
    Currency::named("EUR").unwrap()
}

pub(in crate::schema) fn shape() -> Shape {
    let names = |names: &[&str]| Type::Enum(names.iter().map(|&name| name.to_owned()).collect());
    Shape {
        groups: 0,
        attributes: vec![
            Attribute { optional: false, ..attribute("person", Type::Text) },
            attribute("country", names(&["FR", "DE", "caf\u{e9}"])),
            attribute("vip", Type::Bool),
            attribute("age", Type::Int),
            attribute("score", Type::Number),
            attribute("intent", Type::Percent),
            attribute("clv", Type::Money(euro())),
            attribute("birth_date", Type::Date),
            attribute("joined", Type::Instant),
            attribute("zone", Type::Zone),
            attribute("likes", Type::Texts),
            attribute("sizes", Type::List(Type::Int.into())),
            attribute("settings", Type::Map(Type::Bool.into())),
            attribute("spent", Type::Map(Type::Money(euro()).into())),
            Attribute { pii: true, ..attribute("email", Type::Text) },
        ],
        regions: Vec::new(),
        lists: vec![attribute("newsletter", Type::Bool), attribute("press", Type::Bool)],
        events: vec![
            EventShape::new(
                "order",
                vec![
                    Attribute { optional: false, ..attribute("total", Type::Money(euro())) },
                    attribute("category", Type::Text),
                ],
            ),
            EventShape::new("visit", vec![attribute("seconds", Type::Number)]),
            EventShape::items(
                "cart",
                vec![
                    Attribute { optional: false, ..attribute("sku", Type::Text) },
                    attribute("price", Type::Money(euro())),
                    attribute("at", Type::Instant),
                ],
            ),
        ],
        id: Some(0),
        zone: Some(9),
        consents: true,
        contacts: true,
        shared: Sharing::ALL.to_vec(),
        functions: Vec::new(),
    }
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

fn full(schema: &RecordSchema) -> Record {
    let mut record = schema.record();
    record.set("person", "p1").unwrap().set("country", "DE").unwrap().set("vip", true).unwrap();
    record.set("age", 31).unwrap().set("score", 0.5).unwrap().set("intent", Value::Percent(0.6)).unwrap();
    record.set("clv", Money::new(1250, euro())).unwrap().set("birth_date", date("1990-02-28")).unwrap();
    record.set("joined", at(5)).unwrap().set("zone", Zone::named("Europe/Paris").unwrap()).unwrap();
    record.set("sizes", [46, 47]).unwrap().set("settings", [("calls", false)]).unwrap();
    record.set("spent", [("shop", Money::new(5, euro()))]).unwrap();
    record.set("likes", ["a", "b"]).unwrap().set("email", "p1@example.org").unwrap();
    record
}

/// Runs `read` in an evaluation on nothing.
fn with_cx<T>(read: impl FnOnce(&Cx<'_>) -> T) -> T {
    let scratch = Scratch::default();
    let frame = Frame {
        moment: Moment { now: at(0), zone: Zone::UTC, week_start: Weekday::Monday },
        rankings: Default::default(),
        context: Default::default(),
        rows: &[],
        times: &[],
        program: &(),
        scratch: &scratch,
    };
    read(&frame.of(&()))
}

fn known<R: 'static>(leaves: &Leaves<R>, r: &R) -> bool {
    let form = match leaves {
        Leaves::Word(_) => Form::Word(WordForm::Present { known: true }),
        Leaves::Float(_) => Form::Float(FloatForm::Present { known: true }),
        Leaves::Text(_) => Form::Text(TextForm::Present { known: true }),
        Leaves::List(_) => Form::List(ListForm::Present { known: true }),
        Leaves::Words(_) => Form::Words(WordsForm::Present { known: true }),
        Leaves::Map(_) => Form::Map(MapForm::Present { known: true }),
    };
    with_cx(|cx| leaves.test(&form, None)(r, cx))
}

#[test]
fn what_is_set_can_be_got() {
    let record = full(&RecordSchema::new(shape()));
    assert_eq!(record.get("country"), Some("DE".into()));
    assert_eq!(record.get("intent"), Some(Value::Percent(0.6)));
    assert_eq!(record.get("clv"), Some(Money::new(1250, euro()).into()));
    assert_eq!(record.get("likes"), Some(["a", "b"].into()));
    assert_eq!(record.get("nonsense"), None);
}

#[test]
fn a_schema_says_its_own_shape() {
    let schema = RecordSchema::new(shape());
    assert_eq!(schema.schema().shape(), shape());
    assert_eq!(*schema.shape(), shape());
    let odd = RecordSchema::new(Shape { id: Some(2), zone: Some(99), ..shape() });
    assert_eq!((odd.shape().id, odd.shape().zone), (None, None));
    assert_eq!(odd.schema().shape(), *odd.shape());
}

#[test]
fn what_is_wrong_is_refused_and_changes_nothing() {
    let schema = RecordSchema::new(shape());
    let mut record = full(&schema);
    let before = record.clone();
    let pound = Currency::named("GBP").unwrap();
    let error = |result: Result<&mut Record, RecordError>| result.unwrap_err().to_string();

    assert_eq!(error(record.set("contry", "FR")), "there is no attribute `contry`; did you mean `country`?");
    assert_eq!(error(record.set("weather", "rain")), "there is no attribute `weather`");
    assert_eq!(error(record.set("age", 1.0)), "`age` is of type int, and was given a value of type number");
    assert_eq!(error(record.set("intent", 60)), "`intent` is of type percent, and was given a value of type int");
    assert_eq!(error(record.set("country", "FX")), "`FX` is not one of the values of `country`; did you mean `FR`?");
    let amount = Money::new(1, pound);
    assert_eq!(error(record.set("clv", amount)), "`clv` is in EUR, and was given an amount in GBP");
    assert_eq!(error(record.add_event("ordr", at(0), [])), "there is no event `ordr`; did you mean `order`?");
    let total = [("totl", amount.into())];
    assert_eq!(error(record.add_event("order", at(0), total)), "there is no property `totl`; did you mean `total`?");
    assert_eq!(error(record.complete_since("nope", at(0))), "there is no event `nope`");
    assert_eq!(record, before);

    let mut bare = RecordSchema::new(Shape::default()).record();
    let consent = Consent::granted("email", "marketing", at(0));
    assert_eq!(error(bare.add_consent(consent)), "no consents are held by records of this schema");
}

#[test]
fn numbers_that_are_not_finite_are_missing_and_whole_ones_are_numbers() {
    let mut record = full(&RecordSchema::new(shape()));
    for missing in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        record.set("score", 1).unwrap();
        assert_eq!(record.get("score"), Some(Value::Number(1.0)));
        record.set("score", missing).unwrap();
        assert_eq!(record.get("score"), None);
    }
    assert!(record.set("score", (1_i64 << 53) + 1).is_err());
    record.clear("age").unwrap();
    assert_eq!(record.get("age"), None);
}

#[test]
fn texts_are_normalised_on_the_way_in() {
    let mut record = RecordSchema::new(shape()).record();
    let (decomposed, composed) = ("cafe\u{301}", "caf\u{e9}");
    record.set("person", decomposed).unwrap().set("country", decomposed).unwrap().set("likes", [decomposed]).unwrap();
    record.add_consent(Consent::granted(decomposed, "marketing", at(0))).unwrap();
    assert_eq!(record.get("person"), Some(composed.into()));
    assert_eq!(record.get("country"), Some(composed.into()));
    assert_eq!(record.get("likes"), Some([composed].into()));
    assert_eq!(record.consents()[0].channel, composed);
}

#[test]
fn rules_read_what_was_set() {
    let schema = RecordSchema::new(shape());
    let access = schema.schema().access();
    let mut record = full(&schema);
    for leaves in &access.attributes.0 {
        assert!(known(leaves, &record));
    }
    let word = |name: &str, record: &Record| match &access.attributes.0[schema.attributes().find(name).unwrap()] {
        Leaves::Word(leaves) => with_cx(|cx| leaves.get()(record, cx)),
        _ => None,
    };
    assert_eq!(word("country", &record), Some(1));
    assert_eq!(word("vip", &record), Some(1));
    assert_eq!(word("clv", &record), Some(1250));
    assert_eq!(word("birth_date", &record), Some(date("1990-02-28").days().into()));
    assert_eq!(access.zone.as_ref().unwrap()(&record), Zone::named("Europe/Paris"));
    assert!(access.id.is_some());

    record.add_event("order", at(20), [("total", Money::new(5, euro()).into())]).unwrap();
    record.add_event("order", at(10), [("total", Money::new(3, euro()).into()), ("category", "x".into())]).unwrap();
    let total = access.kinds[0].word_at(Some(0));
    assert_eq!(
        with_cx(|cx| (total(&record, cx, 0), total(&record, cx, 1), total(&record, cx, 2))),
        (Some(3), Some(5), None)
    );
    for leaves in &access.attributes.0 {
        assert!(!known(leaves, &schema.record()));
    }
}

#[test]
fn a_record_of_another_schema_reads_all_missing() {
    let schema = RecordSchema::new(shape());
    let access = schema.schema().access();
    let mut other = shape();
    other.attributes[11].name = "mail".to_owned();
    let other = RecordSchema::new(other);
    assert_ne!(schema, other);
    let mut foreign = other.record();
    foreign.set("age", 31).unwrap();
    foreign.add_event("order", at(0), []).unwrap();
    foreign.add_consent(Consent::granted("email", "marketing", at(0))).unwrap();

    assert!(access.attributes.0.iter().all(|leaves| !known(leaves, &foreign)));
    assert_eq!(with_cx(|cx| access.kinds[0].word_at(None)(&foreign, cx, 0)), None, "its events are not seen");
    assert!(access.consents.as_ref().unwrap()(&foreign).is_empty());
    assert!(access.contacts.as_ref().unwrap()(&foreign).is_none());
    assert_eq!(access.zone.as_ref().unwrap()(&foreign), None);

    let twin = full(&RecordSchema::new(shape()));
    assert!(access.attributes.0.iter().all(|leaves| known(leaves, &twin)));
    assert!(access.contacts.as_ref().unwrap()(&twin).is_some());
}

#[test]
fn events_keep_their_order_and_describe_nothing_by_themselves() {
    let mut record = RecordSchema::new(shape()).record();
    for (millis, sequence) in [(5, 2), (5, 1), (4, 9), (5, 1)] {
        record.add_event_with_sequence("visit", at(millis), sequence, []).unwrap();
    }
    let rows = record.events("visit").unwrap().as_slice();
    let order: Vec<_> = rows.iter().map(|row| (row.at().millis(), row.sequence())).collect();
    assert_eq!(order, [(4, 9), (5, 1), (5, 1), (5, 2)]);
    let schema: Schema<Events<RecordEvent>> = Schema::new();
    assert!(schema.events::<RecordEvent>("visit", |rows| rows).shape().events[0].properties.is_empty());
}

#[test]
fn a_list_of_items_is_set_and_got_like_an_attribute() {
    let schema = RecordSchema::new(shape());
    let mut record = schema.record();
    assert_eq!(record.get("cart"), None);
    let price = Money::new(990, euro());
    let items = vec![Value::from([("sku", "a")]), Value::from([("sku", Value::from("b")), ("price", price.into())])];
    record.set("cart", items.clone()).unwrap();
    assert_eq!(record.get("cart"), Some(Value::List(items)));
    let kind = &schema.schema().access().kinds[2];
    let price = kind.word_at(Some(1));
    assert_eq!(with_cx(|cx| [0, 1, 2].map(|row| price(&record, cx, row))), [None, Some(990), None]);
    record.set("cart", Vec::<Value>::new()).unwrap();
    assert_eq!(record.get("cart"), Some(Value::List(Vec::new())));
    record.clear("cart").unwrap();
    assert_eq!(record.get("cart"), None);

    let error = |value: Value| schema.record().set("cart", value).unwrap_err().to_string();
    let wrong = "`cart` is a list of items, each of them values by name, and was given a value of type";
    assert_eq!(error("x".into()), format!("{wrong} text"));
    assert_eq!(error(vec![Value::from(3)].into()), format!("{wrong} int"));
    let misspelt = vec![Value::from([("prise", "a")])];
    assert_eq!(error(misspelt.into()), "there is no property `prise`; did you mean `price`?");
    let price = vec![Value::from([("price", 3)])];
    assert_eq!(error(price.into()), "`price` is of type money EUR, and was given a value of type int");
    let mut record = schema.record();
    assert_eq!(record.add_event("cart", at(0), []).unwrap_err().to_string(), "there is no event `cart`");
    assert!(record.events("cart").is_none());
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,6}", "\\PC{0,8}", Just("e\u{301} \" \\ \n \u{0} \u{1F600}".to_owned())]
}

fn instants() -> impl Strategy<Value = Instant> {
    prop_oneof![any::<i64>(), 0..2_000_000_000_000_i64].prop_map(Instant::from_millis)
}

/// A value for the attribute, of its type.
fn value_of(ty: &Type) -> BoxedStrategy<Value> {
    match ty.clone() {
        Type::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Type::Int => any::<i64>().prop_map(Value::from).boxed(),
        Type::Number => any::<f64>().prop_map(Value::from).boxed(),
        Type::Percent => prop_oneof![any::<f64>(), -1.0..1.0].prop_map(Value::Percent).boxed(),
        Type::Money(currency) => any::<i64>().prop_map(move |minor| Money::new(minor, currency).into()).boxed(),
        Type::Enum(names) => (0..names.len()).prop_map(move |index| names[index].as_str().into()).boxed(),
        Type::Date => {
            (Date::MIN.days()..=Date::MAX.days()).prop_map(|days| Date::from_days(days).unwrap().into()).boxed()
        }
        Type::Instant => instants().prop_map(Value::from).boxed(),
        Type::Zone => (0..Zone::names().count())
            .prop_map(|index| Zone::named(Zone::names().nth(index).unwrap()).unwrap().into())
            .boxed(),
        Type::Texts => prop::collection::vec(texts(), 0..4).prop_map(Value::from).boxed(),
        Type::List(item) => prop::collection::vec(value_of(&item), 0..4).prop_map(Value::from).boxed(),
        Type::Map(item) => {
            prop::collection::btree_map("[a-c]{0,2}", value_of(&item), 0..4).prop_map(Value::from).boxed()
        }
        _ => texts().prop_map(Value::from).boxed(),
    }
}

/// Values by name; those that are required are always there.
fn values_of(attributes: Vec<Attribute>) -> impl Strategy<Value = Vec<(String, Value)>> {
    let one = |attribute: Attribute| {
        let value = value_of(&attribute.ty);
        let value = if attribute.optional { prop::option::of(value).boxed() } else { value.prop_map(Some).boxed() };
        value.prop_map(move |value| value.map(|value| (attribute.name.clone(), value)))
    };
    let all: Vec<_> = attributes.into_iter().map(one).collect();
    all.prop_map(|values| values.into_iter().flatten().collect())
}

fn contacts() -> impl Strategy<Value = Contact> {
    let outcome = prop::sample::select(vec![Outcome::Pending, Outcome::Sent, Outcome::Clicked, Outcome::Withheld]);
    let kind = prop::sample::select(vec![ContactKind::Offer, ContactKind::Message, ContactKind::Service]);
    let variant = prop::option::of((texts(), texts()).prop_map(|(experiment, arm)| Variant { experiment, arm }));
    (texts(), instants(), outcome, texts(), kind, texts(), variant).prop_map(
        |(id, at, outcome, action, kind, channel, variant)| Contact { id, at, outcome, action, kind, channel, variant },
    )
}

fn consents() -> impl Strategy<Value = Consent> {
    (texts(), texts(), any::<bool>(), instants(), prop::option::of(instants()))
        .prop_map(|(channel, purpose, granted, at, expires)| Consent { channel, purpose, granted, at, expires })
}

/// Any record of [`shape`] that has what is required.
pub(in crate::schema) fn records() -> impl Strategy<Value = Record> {
    let kinds = shape().events.into_iter().map(|event| {
        let row = (instants(), prop_oneof![Just(0), any::<u64>()], values_of(event.properties));
        (Just(event.name), prop::collection::vec(row, 0..5), prop::option::of(instants()))
    });
    (
        values_of(shape().attributes),
        kinds.collect::<Vec<_>>(),
        prop::collection::vec(consents(), 0..3),
        prop::collection::vec(contacts(), 0..3),
        prop::option::of(instants()),
    )
        .prop_map(|(values, kinds, consents, contacts, since)| {
            let mut record = RecordSchema::new(shape()).record();
            for (name, value) in values {
                record.set(&name, value).unwrap();
            }
            for (kind, rows, since) in kinds {
                if shape().events.iter().any(|event| event.timeless && event.name == kind) {
                    let items = rows.into_iter().map(|(_, _, values)| Value::Map(values.into_iter().collect()));
                    // It is known as often as other histories are complete.
                    if since.is_none() {
                        record.set(&kind, items.collect::<Vec<_>>()).unwrap();
                    }
                    continue;
                }
                for (at, sequence, values) in rows {
                    let values: Vec<_> = values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                    record.add_event_with_sequence(&kind, at, sequence, values).unwrap();
                }
                if let Some(since) = since {
                    record.complete_since(&kind, since).unwrap();
                }
            }
            for consent in consents {
                record.add_consent(consent).unwrap();
            }
            for contact in contacts {
                record.add_contact(contact).unwrap();
            }
            if let Some(since) = since {
                record.contacts_complete_since(since).unwrap();
            }
            record
        })
}

proptest! {
    #[test]
    fn rules_and_getters_agree_on_what_is_known(record in records()) {
        let access = record.schema().schema().access();
        for (leaves, attribute) in access.attributes.0.iter().zip(&record.schema().shape().attributes) {
            prop_assert_eq!(known(leaves, &record), record.get(&attribute.name).is_some());
        }
    }
}
