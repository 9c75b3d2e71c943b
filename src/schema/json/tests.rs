use proptest::prelude::*;

use crate::schema::record::tests::{records, shape};
use crate::schema::{Attribute, JsonErrors, Money, Outcome, Record, RecordSchema, Shape, Type, Value};
use crate::time::{Instant, Zone};

const CUSTOMER: &str = r#"{
    "person": "p1", "country": "FR", "age": 31, "score": 2, "clv": {"currency": "EUR", "amount": "12.50"},
    "birth_date": "1990-02-28", "likes": ["a"], "zone": "Europe/Paris", "intent": "60%", "vip": null,
    "complete_since": {"order": "2025-01-01T00:00:00Z", "contacts": "2025-06-01T00:00:00Z"},
    "order": [
        {"at": "2026-03-01T10:00:00Z", "sequence": 1, "total": "10.00 EUR", "category": "x"},
        {"at": "2026-02-01T10:00:00+01:00", "total": "5 EUR"}
    ],
    "consents": [{"channel": "email", "purpose": "marketing", "granted": true, "at": "2026-01-01T00:00:00Z"}],
    "contacts": [{"id": "c1", "at": "2026-01-02T00:00:00Z", "outcome": "sent", "action": "a.b.c", "kind": "offer",
                  "channel": "email"}]
}"#;

fn schema() -> RecordSchema {
    RecordSchema::new(shape())
}

fn problems<T: std::fmt::Debug>(read: Result<T, JsonErrors>) -> Vec<String> {
    read.unwrap_err().iter().map(ToString::to_string).collect()
}

fn euros(minor: i64) -> Value {
    let Type::Money(euro) = shape().attributes[6].ty else { panic!("clv is money") };
    Money::new(minor, euro).into()
}

#[test]
fn a_customer_is_read() {
    let record = schema().record_from_json(CUSTOMER).unwrap();
    assert_eq!(record.get("country"), Some("FR".into()));
    assert_eq!(record.get("score"), Some(2.0.into()));
    assert_eq!(record.get("clv"), Some(euros(1250)));
    assert_eq!(record.get("intent"), Some(Value::Percent(0.6)));
    assert_eq!(record.get("zone"), Some(Zone::named("Europe/Paris").unwrap().into()));
    assert_eq!(record.get("vip"), None);
    let orders = record.events("order").unwrap();
    assert_eq!(orders.since(), Instant::parse("2025-01-01T00:00:00Z"));
    assert_eq!(orders.as_slice().len(), 2);
    assert_eq!(record.consents()[0].expires, None);
    assert_eq!(record.contacts().as_slice()[0].outcome, Outcome::Sent);
    assert_eq!(record.contacts().since(), Instant::parse("2025-06-01T00:00:00Z"));
}

#[test]
fn records_are_written_in_the_order_of_the_schema() {
    let text = schema().record_from_json(CUSTOMER).unwrap().to_json();
    let expected = concat!(
        r#"{"person":"p1","country":"FR","age":31,"score":2.0,"intent":0.6,"clv":"12.50 EUR","#,
        r#""birth_date":"1990-02-28","zone":"Europe/Paris","likes":["a"],"#,
        r#""order":[{"at":"2026-02-01T09:00:00Z","total":"5.00 EUR"},"#,
        r#"{"at":"2026-03-01T10:00:00Z","sequence":1,"total":"10.00 EUR","category":"x"}],"#,
        r#""complete_since":{"order":"2025-01-01T00:00:00Z","contacts":"2025-06-01T00:00:00Z"},"#,
        r#""consents":[{"channel":"email","purpose":"marketing","granted":true,"at":"2026-01-01T00:00:00Z","#,
        r#""expires":null}],"#,
        r#""contacts":[{"id":"c1","at":"2026-01-02T00:00:00Z","outcome":"sent","action":"a.b.c","kind":"offer","#,
        r#""channel":"email"}]}"#,
    );
    assert_eq!(text, expected);
}

#[test]
fn every_problem_is_reported_at_once_with_its_place() {
    let text = r#"{
        "contry": "FR", "country": "FX", "vip": 1, "age": 31.5, "age": 31, "score": "2", "clv": "12.50 USD",
        "birth_date": "1990-02-30", "joined": "2026-01-01", "zone": "Europe/Pairs", "likes": ["a", 1],
        "intent": "60", "email": 5551234,
        "order": [{"at": "2026-03-01T10:00:00Z", "total": "1.234 EUR"}, {"totl": "1 EUR", "sequence": -1}, 7],
        "visit": {},
        "complete_since": {"order": 5, "ordr": "2025-01-01T00:00:00Z"},
        "consents": [{"channel": "email", "granted": "yes", "at": "2026-01-01T00:00:00Z", "expire": null}],
        "contacts": [{"id": "c1", "at": "?", "outcome": "lost", "action": "a", "kind": "ad", "channel": 3}]
    }"#;
    let expected = [
        "$.contry: expected a known key (did you mean `country`?), found `contry`",
        "$.country: expected one of FR, DE, caf\u{e9} (did you mean `FR`?), found \"FX\"",
        "$.vip: expected true or false, found 1",
        "$.age: expected a whole number, found 31.5",
        "$.age: expected each key once, found `age` again",
        "$.score: expected a number, found \"2\"",
        "$.clv: expected an amount like \"12.50 EUR\", found \"12.50 USD\"",
        "$.birth_date: expected a day like \"1990-02-28\", found \"1990-02-30\"",
        "$.joined: expected an instant like \"2026-03-01T10:00:00Z\", found \"2026-01-01\"",
        "$.zone: expected a time zone like \"Europe/Paris\", found \"Europe/Pairs\"",
        "$.likes: expected a list of texts, found a list",
        "$.intent: expected a percentage like 0.6 or \"60%\", found \"60\"",
        "$.email: expected a text, found a number",
        "$.order[0].total: expected an amount like \"12.50 EUR\", found \"1.234 EUR\"",
        "$.order[1].totl: expected a known key (did you mean `total`?), found `totl`",
        "$.order[1].sequence: expected a whole number, 0 or more, found -1",
        "$.order[1].at: expected an instant like \"2026-03-01T10:00:00Z\" (required), found nothing",
        "$.order[1].total: expected an amount like \"12.50 EUR\" (required), found nothing",
        "$.order[2]: expected an event, which is an object, found 7",
        "$.visit: expected a list of events, found an object",
        "$.complete_since.order: expected an instant like \"2026-03-01T10:00:00Z\", found 5",
        "$.complete_since.ordr: expected a known key (did you mean `order`?), found `ordr`",
        "$.consents[0].granted: expected true or false, found \"yes\"",
        "$.consents[0].expire: expected a known key (did you mean `expires`?), found `expire`",
        "$.consents[0].purpose: expected a text (required), found nothing",
        "$.contacts[0].at: expected an instant like \"2026-03-01T10:00:00Z\", found \"?\"",
        "$.contacts[0].outcome: expected an outcome: pending, sent, failed, delivered, impression, opened, clicked, \
         accepted, rejected, converted, unsubscribed or withheld, found \"lost\"",
        "$.contacts[0].kind: expected offer, message or service, found \"ad\"",
        "$.contacts[0].channel: expected a text, found 3",
        "$.person: expected a text (required), found nothing",
    ];
    assert_eq!(problems(schema().record_from_json(text)), expected);
}

#[test]
fn lists_of_items_are_read_in_their_order_and_strictly() {
    let cart = r#"[{"sku": "b", "price": "9.90 EUR", "at": "2026-03-01T10:00:00Z"}, {"sku": "a"}]"#;
    let record = schema().record_from_json(&format!(r#"{{"person": "p", "cart": {cart}}}"#)).unwrap();
    let text = record.to_json();
    let written = r#""cart":[{"sku":"b","price":"9.90 EUR","at":"2026-03-01T10:00:00Z"},{"sku":"a"}]"#;
    assert_eq!(text, format!(r#"{{"person":"p",{written}}}"#));
    assert_eq!(schema().record_from_json(&text), Ok(record));
    let empty = schema().record_from_json(r#"{"person": "p", "cart": []}"#).unwrap();
    assert_eq!(empty.to_json(), r#"{"person":"p","cart":[]}"#);
    assert_eq!(schema().record_from_json(r#"{"person": "p", "cart": null}"#).unwrap().get("cart"), None);

    let wrong = r#"{"person": "p", "cart": [{"prise": "a", "price": 3}, 7, {"sku": null, "sequence": 1}],
        "complete_since": {"cart": "2025-01-01T00:00:00Z"}}"#;
    assert_eq!(
        problems(schema().record_from_json(wrong)),
        [
            "$.cart[0].prise: expected a known key (did you mean `price`?), found `prise`",
            "$.cart[0].price: expected an amount like \"12.50 EUR\", found 3",
            "$.cart[0].sku: expected a text (required), found nothing",
            "$.cart[1]: expected an item, which is an object, found 7",
            "$.cart[2].sequence: expected a known key, found `sequence`",
            "$.cart[2].sku: expected a text (required), found nothing",
            "$.complete_since.cart: expected a known key, found `cart`",
        ],
    );
    assert_eq!(
        problems(schema().record_from_json(r#"{"person": "p", "cart": {}}"#)),
        ["$.cart: expected a list of items, found an object"],
    );
    let mut required = shape();
    required.events[2].optional = false;
    assert_eq!(
        problems(RecordSchema::new(required).record_from_json(r#"{"person": "p"}"#)),
        ["$.cart: expected a list of items (required), found nothing"],
    );
}

#[test]
fn what_the_schema_does_not_hold_is_unknown() {
    let bare = RecordSchema::new(Shape::default());
    let read = bare.record_from_json(r#"{"consents": [], "contacts": [], "complete_since": {"contacts": null}}"#);
    assert_eq!(
        problems(read),
        [
            "$.consents: expected a known key, found `consents`",
            "$.contacts: expected a known key, found `contacts`",
            "$.complete_since.contacts: expected a known key, found `contacts`",
        ],
    );
    assert!(bare.record_from_json("{}").is_ok());
}

#[test]
fn a_null_is_missing_even_where_it_is_required() {
    let read = schema().record_from_json(r#"{"person": null}"#);
    assert_eq!(problems(read), ["$.person: expected a text (required), found nothing"]);
    assert!(schema().record_from_json(r#"{"person": "p", "order": null, "consents": null}"#).is_ok());
}

#[test]
fn whole_numbers_are_within_range_and_exact() {
    let age = |text: &str| schema().record_from_json(&format!(r#"{{"person": "p", "age": {text}}}"#));
    for (text, value) in
        [("9223372036854775807", i64::MAX), ("-9223372036854775808", i64::MIN), ("31.0", 31), ("3e1", 30)]
    {
        assert_eq!(age(text).unwrap().get("age"), Some(value.into()), "{text}");
    }
    for text in ["9223372036854775808", "1e19", "0.5", "9007199254740993.5"] {
        assert!(age(text).is_err(), "{text}");
    }
}

#[test]
fn text_that_is_not_json_is_located() {
    let read = schema().record_from_json("{\"person\":\n \"p1\",}");
    assert_eq!(problems(read), ["line 2: $: expected JSON, found trailing comma at column 7"]);
    assert_eq!(schema().record_from_json("{} {}").unwrap_err().iter().count(), 1);
    assert!(schema().record_from_json(&"[".repeat(1_000_000)).is_err());
    assert_eq!(problems(schema().record_from_json("[]")), ["$: expected a customer, which is an object, found a list"]);
}

#[test]
fn arrays_and_lines_say_which_customer_is_wrong() {
    let read = schema().records_from_json_array(r#"[{"person": "a"}, {"person": 1}]"#);
    assert_eq!(problems(read), ["$[1].person: expected a text, found 1"]);
    let lines = "{\"person\": \"a\"}\n\n{\"person\": 1}\r\n{\"person\"\n{\"person\": \"b\"}\n";
    let read = schema().records_from_json_lines(lines);
    assert_eq!(
        problems(read),
        [
            "line 3: $.person: expected a text, found 1",
            "line 4: $: expected JSON, found EOF while parsing an object at column 9",
        ],
    );
    let lines = schema().records_from_json_lines("{\"person\": \"a\"}\n{\"person\": \"b\"}").unwrap();
    let array = schema().records_from_json_array(r#"[{"person": "a"}, {"person": "b"}]"#).unwrap();
    assert_eq!(lines, array);
}

#[test]
fn errors_are_kept_to_a_hundred() {
    let errors = schema().records_from_json_array(&format!("[{}0]", "0,".repeat(249))).unwrap_err();
    assert_eq!((errors.iter().count(), errors.more()), (100, 150));
    assert!(errors.to_string().ends_with("\nand 150 more"));
}

fn read(text: &str) -> Result<Record, JsonErrors> {
    schema().record_from_json(text)
}

proptest! {
    #[test]
    fn records_survive_the_round_trip(record in records()) {
        let text = record.to_json();
        let again = read(&text).map_err(|errors| TestCaseError::fail(format!("{errors}\n{text}")))?;
        prop_assert_eq!(again.to_json(), text);
        prop_assert_eq!(again, record);
    }

    #[test]
    fn lines_and_arrays_survive_the_round_trip(records in prop::collection::vec(records(), 0..4)) {
        let texts: Vec<_> = records.iter().map(Record::to_json).collect();
        prop_assert_eq!(&schema().records_from_json_lines(&texts.join("\n")).unwrap(), &records);
        prop_assert_eq!(&schema().records_from_json_array(&format!("[{}]", texts.join(","))).unwrap(), &records);
    }

    #[test]
    fn broken_text_is_an_error_or_a_record_and_never_a_panic(
        record in records(), cut in any::<prop::sample::Index>(), junk in "[\\[\\]{}:,\"0-9a-z\\\\ ]{0,3}",
    ) {
        let text = record.to_json();
        let place = text.char_indices().map(|(place, _)| place).nth(cut.index(text.chars().count())).unwrap();
        let (before, after) = text.split_at(place);
        _ = read(&format!("{before}{junk}{after}"));
        _ = read(before);
        _ = schema().records_from_json_lines(&format!("{before}\n{after}"));
    }
}

#[test]
fn lists_are_named_or_unknown() {
    let read = |json: &str| schema().record_from_json(json);
    let on = |record: &Record| record.lists().map(|lists| lists.map(str::to_owned).collect::<Vec<_>>());
    let unknown = read(r#"{"person": "p"}"#).unwrap();
    assert_eq!(on(&unknown), None);
    let known = read(r#"{"person": "p", "lists": ["press"]}"#).unwrap();
    assert_eq!(on(&known), Some(vec!["press".to_owned()]));
    assert_eq!(known.to_json(), r#"{"person":"p","lists":["press"]}"#);
    assert_eq!(
        problems(read(r#"{"person": "p", "lists": ["pres", 3]}"#)),
        [
            "$.lists[0]: expected the name of a list (did you mean `press`?), found \"pres\"",
            "$.lists[1]: expected the name of a list, found 3",
        ],
    );
}

#[test]
fn times_versions_and_places_are_read_and_written() {
    let types = [("opens", Type::Time), ("app", Type::Version), ("home", Type::Point), ("radius", Type::Distance)];
    let attributes = types.map(|(name, ty)| Attribute::new(name, ty)).to_vec();
    let schema = RecordSchema::new(Shape { attributes, ..Shape::default() });
    let text = r#"{"opens":"09:30:15.250","app":"3.10.0-rc.1","home":{"lat":48.8566,"lon":-2.3522},"radius":1500.0}"#;
    let record = schema.record_from_json(text).unwrap();
    assert_eq!(record.to_json(), text);
    assert_eq!(record.get("radius"), Some(Value::Distance(1500.0)));
    let turned = schema.record_from_json(r#"{"home":{"lon":180,"lat":-90},"app":"latest","opens":"09:30"}"#).unwrap();
    assert_eq!(turned.get("home").unwrap().to_string(), "-90, 180");
    assert_eq!(turned.get("app"), None);
    for wrong in
        [r#"{"opens":"24:00"}"#, r#"{"home":{"lat":91,"lon":0}}"#, r#"{"home":{"lat":1}}"#, r#"{"radius":"1 km"}"#]
    {
        assert_eq!(problems(schema.record_from_json(wrong)).len(), 1, "{wrong}");
    }
}

#[test]
fn lists_and_maps_hold_what_their_type_says() {
    let choice = Type::Enum(["a".to_owned(), "b".to_owned()].into());
    let schema = RecordSchema::new(Shape {
        attributes: vec![
            Attribute::new("sizes", Type::List(Type::Int.into())),
            Attribute::new("choices", Type::List(choice.into())),
            Attribute::new("settings", Type::Map(Type::Bool.into())),
            Attribute::new("share", Type::Map(Type::Percent.into())),
        ],
        ..Shape::default()
    });
    let text = r#"{"sizes":[46,-1],"choices":["b"],"settings":{"calls":false,"post":true},"share":{}}"#;
    let record = schema.record_from_json(text).unwrap();
    assert_eq!(record.to_json(), text);
    let mut by_hand = schema.record();
    by_hand.set("sizes", [46, -1]).unwrap();
    by_hand.set("choices", ["b"]).unwrap();
    by_hand.set("settings", [("calls", false), ("post", true)]).unwrap();
    by_hand.set("share", [("shop", f64::NAN)]).unwrap();
    assert_eq!(record, by_hand);
    assert_eq!(
        problems(
            schema.record_from_json(r#"{"sizes": [4.5], "choices": ["c"], "settings": {"calls": "no"}, "share": []}"#)
        ),
        [
            "$.sizes: expected a list, each item a whole number, found a list",
            "$.choices: expected a list, each item one of a, b, found a list",
            "$.settings: expected an object, each value true or false, found an object",
            "$.share: expected an object, each value a percentage like 0.6 or \"60%\", found a list",
        ],
    );
}
