//! Functions that a host adds to the language.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nextbest::diagnostic::Code;
use nextbest::{
    Currency, Date, Datum, Engine, Event, EventSchema, Events, Function, Instant, Limits, Money, Point, Profile,
    Record, RecordSchema, Ruleset, Schema, Truth, Type, Value,
};

const WORLD: &str = r#"
ruleset acme { zone "Europe/Paris"  currency EUR }
profile {
  age int?  name text?  worth money EUR?  rate percent?  height number?  born date?  seen instant?  vip bool?
  home point?  tier enum(basic, gold)?
}
context { here point? }
event order { total money EUR?  sku text? }
let odd = twice(age)
"#;

const NOON: &str = "2026-07-01T12:00:00+02:00";

fn eur() -> Currency {
    Currency::named("EUR").unwrap()
}

fn functions() -> Vec<Function> {
    let tiers = || Type::Enum(["basic", "gold"].map(str::to_owned).to_vec().into());
    vec![
        Function::new("twice", [Type::Int], Type::Int, |given| match given {
            [Datum::Int(n)] => n.checked_mul(2).map(Datum::Int),
            _ => None,
        }),
        Function::new("family", [Type::Text], Type::Text, |given| match given {
            [Datum::Text(sku)] => sku.split('-').next().map(Datum::Text),
            _ => None,
        }),
        Function::new("taxed", [Type::Money(eur()), Type::Percent], Type::Money(eur()), |given| match given {
            [Datum::Money(net), Datum::Percent(rate)] => {
                Some(Datum::Money(Money::new(net.minor + (net.minor as f64 * rate) as i64, net.currency)))
            }
            _ => None,
        }),
        Function::new("in_dollars", [Type::Money(eur())], Type::Money(eur()), |given| match given {
            [Datum::Money(net)] => Some(Datum::Money(Money::new(net.minor, Currency::named("USD").unwrap()))),
            _ => None,
        }),
        Function::new("inverse", [Type::Number], Type::Number, |given| match given {
            [Datum::Number(x)] => Some(Datum::Number(1.0 / x)),
            _ => None,
        }),
        Function::new("payday", [Type::Date], Type::Date, |given| match given {
            [Datum::Date(day)] => Date::from_days(day.days() + 3).map(Datum::Date),
            _ => None,
        }),
        Function::new("later", [Type::Instant], Type::Instant, |given| match given {
            [Datum::Instant(at)] => Some(Datum::Instant(at.saturating_sub_millis(-3_600_000))),
            _ => None,
        }),
        Function::new("served", [Type::Point, Type::Bool], Type::Bool, |given| match given {
            [Datum::Point(at), Datum::Bool(vip)] => Some(Datum::Bool(*vip || at.lat() > 50.0)),
            _ => None,
        }),
        Function::new("better", [tiers()], tiers(), |given| match given {
            [Datum::Choice(tier)] => Some(Datum::Choice(tier + 1)),
            _ => None,
        }),
        Function::new("answer", [], Type::Int, |_| Some(Datum::Int(42))),
    ]
}

/// How a host that knows its attributes at run time adds functions: to the schema that it binds to.
fn bound(rules: &str) -> (Engine<Record>, RecordSchema) {
    let rules = Ruleset::parse(&[("acme.nba", format!("{WORLD}{rules}"))]).unwrap_or_else(|found| panic!("{found}"));
    let records = rules.record_schema().unwrap();
    let schema = functions().into_iter().fold(records.schema(), Schema::function);
    (rules.bind_with(schema).unwrap_or_else(|found| panic!("{found}")), records)
}

fn truth(condition: &str, given: &[(&str, Value)]) -> Truth {
    let (engine, records) = bound(&format!("segment asked when {condition}"));
    let mut customer = records.record();
    for (name, value) in given {
        customer.set(name, value.clone()).unwrap();
    }
    let orders = [("2026-06-30", 10_000, "shoe-1"), ("2026-06-29", 500, "hat-2")];
    for (day, cents, sku) in orders {
        let at = Instant::parse(&format!("{day}T12:00:00+02:00")).unwrap();
        let row = [("total", Value::Money(Money::new(cents, eur()))), ("sku", Value::Text(sku.to_owned()))];
        customer.add_event("order", at, row).unwrap();
    }
    let request = engine.request(Instant::parse(NOON).unwrap());
    let segment = engine.segment("asked").unwrap();
    let truth = engine.explain_segment(&customer, &request, segment).unwrap().truth;
    let is_in = engine.evaluator().is_in(&customer, &request, segment).unwrap();
    assert_eq!(is_in, truth == Truth::True, "{condition}");
    truth
}

fn all(expected: Truth, given: &[(&str, Value)], conditions: &[&str]) {
    for condition in conditions {
        assert_eq!(truth(condition, given), expected, "{condition}");
    }
}

#[test]
fn functions_take_and_give_values_of_every_type() {
    let point = Point::new(52.5, 13.4).unwrap();
    let given = [
        ("age", Value::Int(21)),
        ("name", Value::Text("smith-ann".to_owned())),
        ("worth", Value::Money(Money::new(1_000, eur()))),
        ("rate", Value::Percent(0.2)),
        ("height", Value::Number(0.5)),
        ("born", Value::Date(Date::parse("2026-06-30").unwrap())),
        ("seen", Value::Instant(Instant::parse("2026-07-01T11:30:00+02:00").unwrap())),
        ("vip", Value::Bool(false)),
        ("home", Value::Point(point)),
        ("tier", Value::Text("basic".to_owned())),
    ];
    let conditions = [
        "twice(age) = 42",
        "twice(age) = answer()",
        "twice(twice(age) - 1) = 82",
        "odd = 42",
        "family(name) = \"smith\"",
        "family(name) starts with \"SM\" ignoring case",
        "length(family(name)) = 5",
        "taxed(worth, rate) = 12 EUR",
        "taxed(10 EUR, 20%) + 1 EUR > 12.99 EUR",
        "inverse(height) >= 2.0",
        "payday(born) is in the next 7 days",
        "payday(born) = 2026-07-03",
        "later(seen) > seen",
        "served(home, vip)",
        "not served(point(10, 10), vip)",
        "better(tier) = \"gold\"",
        "better(tier) in [\"gold\"]",
        "twice(age) between 40 and 50 and twice(age) is known",
    ];
    all(Truth::True, &given, &conditions);
}

#[test]
fn what_is_missing_goes_in_and_out_unseen() {
    let nothing = [
        "twice(age) = 42",
        "twice(age) != 42",
        "not (twice(age) = 42)",
        "served(home, vip)",
        "not served(home, vip)",
        "taxed(worth, 20%) > 0 EUR",
        "family(name) = \"a\"",
    ];
    all(Truth::Unknown, &[], &nothing);
    all(Truth::True, &[], &["twice(age) is missing", "twice(age) = 42 or missing", "served(home, vip) is missing"]);
    // What it must not give is missing too: an overflow, an infinity, another currency, a name past the last.
    let beyond = [
        ("age", Value::Int(i64::MAX)),
        ("height", Value::Number(0.0)),
        ("worth", Value::Money(Money::new(100, eur()))),
        ("tier", Value::Text("gold".to_owned())),
    ];
    let conditions =
        ["twice(age) > 0", "inverse(height) > 0.0", "in_dollars(worth) > 0 EUR", "better(tier) != \"basic\""];
    all(Truth::Unknown, &beyond, &conditions);
}

#[test]
fn functions_are_called_for_every_row() {
    let conditions = [
        "any(order where family(sku) = \"shoe\" and total > 99 EUR)",
        "none(order where family(sku) = \"shoe\" and total < 99 EUR)",
        "count(order where twice(length(sku)) > 10) = 1",
        "all(order have taxed(total, 20%) > total)",
        "family(last(order).sku) = \"shoe\"",
        "taxed(sum(order.total), 10%) = 115.50 EUR",
        "any(order as o where any(order where family(sku) != family(o.sku) and at < o.at))",
        "none(order as o where any(order where family(sku) = family(o.sku) and at < o.at))",
        "(order where family(sku) = \"hat\") then (order where family(sku) = \"shoe\") within 1 day",
        "(order where twice(length(sku)) = 10) then order",
        "any(order within 3 days before later(last(order)))",
    ];
    for condition in conditions {
        assert_eq!(truth(condition, &[]), Truth::True, "{condition}");
    }
}

#[test]
fn a_function_runs_only_when_all_that_it_takes_is_known() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let both = Function::new("both", [Type::Int, Type::Int], Type::Int, move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Some(Datum::Int(1))
    });
    let rules = Ruleset::parse(&[("r.nba", "profile { a int?  b int? }\nsegment s when both(a, b) = 1")]).unwrap();
    let records = rules.record_schema().unwrap();
    let engine = rules.bind_with(records.schema().function(both)).unwrap();
    let request = engine.request(Instant::from_millis(0));
    let mut customer = records.record();
    customer.set("a", 1).unwrap();
    assert_eq!(engine.evaluator().segments(&customer, &request).len(), 0);
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    customer.set("b", 1).unwrap();
    assert_eq!(engine.evaluator().segments(&customer, &request).len(), 1);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[test]
fn what_rules_share_is_computed_once_for_a_customer() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let net = Function::new("net", [Type::Int], Type::Int, move |given| match given {
        [Datum::Int(gross)] => {
            counted.fetch_add(1, Ordering::Relaxed);
            Some(Datum::Int(gross * 4 / 5))
        }
        _ => None,
    });
    let rules = "profile { a int? }\nevent order { gross int }\n\
        segment s when max(order.gross where net(gross) > 1) > 10\n\
        segment t when max(order.gross where net(gross) > 1) > 20\n\
        let half = net(a)\nsegment u when half > 1\nsegment v when half > 2";
    let rules = Ruleset::parse(&[("r.nba", rules)]).unwrap();
    let records = rules.record_schema().unwrap();
    let engine = rules.bind_with(records.schema().function(net)).unwrap();
    let mut customer = records.record();
    customer.set("a", 100).unwrap();
    for gross in [15, 30, 5] {
        customer.add_event("order", Instant::from_millis(0), [("gross", Value::Int(gross))]).unwrap();
    }
    let mut evaluator = engine.evaluator();
    assert_eq!(evaluator.segments(&customer, &engine.request(Instant::from_millis(0))).len(), 4);
    assert_eq!(calls.load(Ordering::Relaxed), 4, "once for each order, and once for the value with a name");
}

#[test]
fn a_declared_cost_counts_and_puts_what_is_cheap_first() {
    let slow = |cost: u32, calls: &Arc<AtomicUsize>| {
        let calls = Arc::clone(calls);
        let function = Function::new("slow", [Type::Int], Type::Int, move |_| {
            calls.fetch_add(1, Ordering::Relaxed);
            None
        });
        function.costing(cost)
    };
    let rules = "profile { a int?  b int? }\nsegment s when slow(a) = 1 and b = 2";
    let rules =
        Ruleset::parse_with(&[("r.nba", rules)], &Limits::default().rule_cost(u64::MAX).total_cost(u64::MAX)).unwrap();
    let records = rules.record_schema().unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let bind = |cost| rules.bind_with(records.schema().function(slow(cost, &calls))).unwrap();
    let (cheap, dear) = (bind(1), bind(u32::MAX));
    assert_eq!(dear.cost().total - cheap.cost().total, u64::from(u32::MAX) - 1);
    let mut customer = records.record();
    customer.set("a", 1).unwrap().set("b", 3).unwrap();
    assert!(dear.evaluator().segments(&customer, &dear.request(Instant::from_millis(0))).is_empty());
    assert_eq!(calls.load(Ordering::Relaxed), 0, "the cheap half has settled it");
}

#[test]
fn explanations_show_what_a_function_gave() {
    let (engine, records) = bound("segment asked when twice(age) > 50");
    let mut customer = records.record();
    customer.set("age", 21).unwrap();
    let request = engine.request(Instant::parse(NOON).unwrap());
    let shown = engine.explain_segment(&customer, &request, engine.segment("asked").unwrap()).unwrap().to_string();
    assert!(shown.contains("twice(age) > 50") && shown.contains("42"), "{shown}");
}

struct Customer {
    age: i64,
    orders: Events<Order>,
}

struct Order {
    at: Instant,
    pieces: i64,
}

impl Profile for Customer {
    fn describe(schema: Schema<Self>) -> Schema<Self> {
        schema.int("age", |c| Some(c.age)).events("order", |c: &Customer| &c.orders)
    }
}

impl Event for Order {
    fn at(&self) -> Instant {
        self.at
    }

    fn describe(schema: EventSchema<Self>) -> EventSchema<Self> {
        schema.int("pieces", |order| Some(order.pieces))
    }
}

#[test]
fn a_type_of_the_hosts_own_has_functions_too() {
    let text = "segment s when any(order where pieces = half(customer.age))";
    let rules = Ruleset::parse(&[("r.nba", text)]).unwrap();
    let half = Function::new("half", [Type::Int], Type::Int, |given| match given {
        [Datum::Int(n)] => Some(Datum::Int(n / 2)),
        _ => None,
    });
    let engine = rules.bind_with(Customer::describe(Schema::new()).function(half)).unwrap_or_else(|e| panic!("{e}"));
    let at = Instant::from_millis(0);
    let customer = |age| Customer { age, orders: [Order { at, pieces: 10 }].into_iter().collect() };
    let members = |age| engine.evaluator().segments(&customer(age), &engine.request(at)).len();
    assert_eq!((members(20), members(24)), (1, 0));
    // Without it the name is unknown.
    let found = rules.bind::<Customer>().unwrap_err();
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::UnknownName]);
}
