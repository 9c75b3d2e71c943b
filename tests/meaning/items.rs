//! What rules mean of lists of items.

use crate::oracle::customer::Row;
use crate::oracle::given::{Given, moment, nobody, text};
use crate::oracle::value::Truth::{self, False, True, Unknown};
use crate::oracle::value::Val;
use nextbest::{Instant, Ruleset, Value};

const WORLD: &str = r#"
ruleset acme { zone "Europe/Paris"  currency EUR }
profile {
  person id
  cart list<{ sku text  price money EUR?  qty int?  gift bool?  at instant?  tags list<text>? }>
  wishes list<{ sku text }>?
  country text?
}
event order { sku text  total money EUR? }
"#;

type Item<'a> = &'a [(&'a str, Val)];

fn with(mut given: Given, list: &str, items: &[Item<'_>]) -> Given {
    let properties = |item: &Item<'_>| item.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let row = |item| Row { at: Instant::MIN, sequence: 0, properties: properties(item) };
    given.0.customer.items.insert(list.into(), items.iter().map(row).collect());
    given
}

/// A book as a gift, two shoes without a price, three more books.
fn full() -> Given {
    let cents = |cents| ("price", Val::Money(cents));
    let sku = |sku| ("sku", text(sku));
    let qty = |qty| ("qty", Val::Int(qty));
    let tags = ("tags", Val::Texts(vec!["red".into(), "new".into()]));
    let items: [Item<'_>; 3] = [
        &[sku("book"), cents(1500), qty(1), ("gift", Val::Bool(true))],
        &[sku("shoe"), qty(2), ("at", moment("2026-05-01T12:00:00Z")), tags],
        &[sku("book"), cents(2500), qty(3), ("gift", Val::Bool(false))],
    ];
    with(with(nobody(), "cart", &items), "wishes", &[])
}

#[track_caller]
fn all(given: &Given, expected: Truth, conditions: &[&str]) {
    for condition in conditions {
        assert_eq!(given.asks_in(WORLD, &format!("segment asked when {condition}")), expected, "{condition}");
    }
}

#[test]
fn items_are_quantified_like_events() {
    let (full, empty) = (full(), with(nobody(), "cart", &[]));
    all(
        &full,
        True,
        &["any(cart)", "any(cart where price > 20 EUR)", "none(cart where sku = \"hat\")", "count(cart) = 3"],
    );
    all(
        &full,
        True,
        &["all(cart have qty > 0)", "all(cart where gift have price < 20 EUR)", "count(cart where gift) = 1"],
    );
    all(
        &full,
        False,
        &["none(cart)", "all(cart have gift)", "all(cart have price > 0 EUR)", "any(cart where qty > 3)"],
    );
    all(&full, True, &["any(cart where tags contains \"red\")", "count(cart where price is missing) = 1"]);
    all(&empty, True, &["none(cart)", "none(cart where gift)", "count(cart) = 0", "sum(cart.price) = 0 EUR"]);
    all(&empty, False, &["any(cart)", "all(cart have qty > 0)"]);
    all(&empty, Unknown, &["first(cart).sku = \"book\"", "avg(cart.qty) > 0.5", "max(cart.price) > 1 EUR"]);
}

#[test]
fn what_is_computed_of_items_leaves_out_what_is_missing() {
    let full = full();
    all(&full, True, &["sum(cart.price) = 40 EUR", "avg(cart.price) = 20 EUR", "median(cart.qty) between 2.0 and 2.0"]);
    all(&full, True, &["min(cart.price) = 15 EUR", "max(cart.qty) = 3", "sum(cart.price where gift) = 15 EUR"]);
    all(&full, True, &["count(distinct cart.sku) = 2", "most_frequent(cart.sku) = \"book\""]);
}

#[test]
fn first_and_last_are_those_of_the_list() {
    let full = full();
    all(&full, True, &["first(cart).qty = 1", "last(cart).qty = 3", "last(cart where sku = \"shoe\").qty = 2"]);
    all(&full, True, &["first(cart where sku = \"book\").price = 15 EUR", "last(cart.price) = 25 EUR"]);
    all(&full, Unknown, &["last(cart where sku = \"hat\").qty = 2", "first(cart where sku = \"shoe\").price > 0 EUR"]);
    // Of two equally frequent values the later one.
    let tied = with(nobody(), "cart", &[&[("sku", text("a"))], &[("sku", text("b"))]]);
    all(&tied, True, &["most_frequent(cart.sku) = \"b\""]);
}

#[test]
fn a_list_that_is_missing_is_unknown() {
    let nobody = nobody();
    for list in ["cart", "wishes"] {
        for condition in ["any(L)", "none(L)", "none(L where sku = \"a\")", "all(L have sku = \"a\")", "count(L) = 0"] {
            all(&nobody, Unknown, &[&condition.replace('L', list)]);
        }
        all(&nobody, True, &[&format!("{list} is missing"), &format!("count({list}) is missing")]);
        all(&nobody, False, &[&format!("{list} is known")]);
        all(&nobody, Unknown, &[&format!("{list} is empty"), &format!("first({list}).sku = \"a\"")]);
    }
    all(&nobody, True, &["(none(wishes) or missing)", "(count(wishes) < 2 or missing)"]);
    let full = full();
    all(
        &full,
        True,
        &["cart is known", "wishes is known", "wishes is empty", "cart is not empty", "cart is not missing"],
    );
    all(&full, False, &["(any(wishes) or missing)", "wishes is missing", "cart is empty"]);
}

#[test]
fn a_property_may_be_called_as_the_moment_of_an_event_is() {
    all(&full(), True, &["count(cart where at is known) = 1", "any(cart where at is before 2026-05-02)"]);
    all(&full(), True, &["any(cart as c where any(cart where at < 2026-05-02T00:00:00Z and sku = c.sku))"]);
}

#[test]
fn items_and_events_are_asked_about_in_the_light_of_each_other() {
    let bought = full().event("order", "2026-05-10T12:00:00Z", &[("sku", text("shoe"))]);
    all(&bought, True, &["any(cart as c where none(order where sku = c.sku within 30 days))"]);
    all(&bought, True, &["count(cart as c where any(order where sku = c.sku within 30 days)) = 1"]);
    all(&bought, False, &["any(cart as c where any(order where sku = c.sku within 1 day))"]);
    all(&bought, True, &["any(order as o where any(cart where sku = o.sku and qty = 2) within 30 days)"]);
    all(&bought, True, &["any(order as o where none(cart where sku = o.sku and qty > 2))"]);
    // Another item of the same name, and one of another list.
    all(&bought, True, &["any(cart as c where any(cart where sku = c.sku and qty > c.qty))"]);
    all(&bought, True, &["none(cart as c where any(wishes where sku = c.sku))"]);
    // Where the list is missing, no event can be held against it.
    let missing = nobody().event("order", "2026-05-10T12:00:00Z", &[("sku", text("shoe"))]);
    all(&missing, False, &["any(order as o where any(cart where sku = o.sku))"]);
    all(&missing, False, &["any(order as o where none(cart where sku = o.sku))"]);
}

#[test]
fn a_sequence_may_filter_its_events_by_items() {
    let bought = full().event("order", "2026-05-10T12:00:00Z", &[("sku", text("shoe"))]).event(
        "order",
        "2026-05-11T12:00:00Z",
        &[("sku", text("hat"))],
    );
    all(
        &bought,
        True,
        &["(order as o where any(cart where sku = o.sku)) then (order where sku = \"hat\") within 2 days"],
    );
    all(&bought, False, &["(order where sku = \"hat\") then (order as o where any(cart where sku = o.sku))"]);
}

#[test]
fn lists_of_items_are_needed_like_attributes() {
    let rules = format!("{WORLD}segment a when any(cart where price > 2 EUR) and any(order)");
    let engine = Ruleset::parse(&[("rules.nba", rules)]).unwrap().bind_records().unwrap();
    let needs = engine.needs();
    assert_eq!(needs.attributes, ["cart"]);
    assert_eq!(needs.events.iter().map(|need| need.event.as_str()).collect::<Vec<_>>(), ["order"]);
}

#[test]
fn an_explanation_counts_items() {
    let rules = format!("{WORLD}segment a when any(cart where qty > 1)");
    let engine = Ruleset::parse(&[("rules.nba", rules)]).unwrap().bind_records().unwrap();
    let schema = engine.rules().shape.clone();
    let mut record = nextbest::RecordSchema::new(schema).record();
    record.set("cart", [2, 3, 0].map(|pieces| Value::from([("qty", pieces)])).to_vec()).unwrap();
    let request = engine.request(Instant::from_millis(0));
    let segment = engine.segment("a").unwrap();
    let trace = engine.explain_segment(&record, &request, segment).unwrap().to_string();
    assert!(trace.contains("number of such items"), "{trace}");
    assert!(trace.contains('2'), "{trace}");
}
