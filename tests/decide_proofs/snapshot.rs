//! A copy of a customer is decided about as the customer is, whatever the customer's type.

use std::collections::BTreeMap;

use nextbest::testing::Answer;
use nextbest::{
    Category, Consent, Contact, ContactKind, Currency, Datum, Engine, Event, EventHistory, Events, Function,
    HistorySchema, Instant, Item, Money, Outcome, Profile, Record, Request, Ruleset, Schema, Sharing, Type, Zone,
};

use crate::oracle::engine::engine;
use crate::oracle::generate::catalogue::{self, CHANNELS};
use crate::oracle::generate::{Rng, sampling};
use crate::parallel::in_parallel;

fn the_same<P: Send + Sync + 'static>(engine: &Engine<P>, customer: &P, request: &Request, told: impl Fn() -> String) {
    let (records, copy) = (engine.on_records(), engine.snapshot(customer, request));
    assert_eq!(records.digest(&copy, request), engine.digest(customer, request), "{}", told());
    assert_eq!(records.explain(&copy, request), engine.explain(customer, request), "{}", told());
    // A copy of a copy is the same.
    assert_eq!(records.snapshot(&copy, request), copy, "{}", told());
}

#[test]
fn a_copy_of_a_generated_customer_is_decided_about_as_they_are() {
    in_parallel(40, |seed| {
        let mut rng = Rng::new(seed + 21_000);
        let text = catalogue::rules(&mut rng);
        let text = sampling::vary(&mut rng, &text);
        let subject = engine(&text).unwrap_or_else(|problems| panic!("{text}\n{problems}"));
        for _ in 0..8 {
            let situation = catalogue::situation(&mut rng, subject.rules().zone);
            let (record, request) = subject.asked(&situation);
            let request = CHANNELS.iter().fold(request, |request, channel| request.channel(channel).unwrap());
            the_same(subject.engine(), &record, &request, || format!("case {seed}\n{text}\n{situation}"));
        }
        true
    });
}

#[derive(Clone, Copy, Category)]
enum Plan {
    Basic,
    Pro,
}

#[derive(Event)]
struct Order {
    at: Instant,
    sequence: u64,
    #[event(currency = "EUR")]
    total: Money,
    tags: Vec<String>,
}

#[derive(Item)]
struct Line {
    sku: String,
    price: Option<f64>,
}

/// Visits in a column.
struct Visits(Vec<Instant>);

impl EventHistory for Visits {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn at(&self, row: usize) -> Instant {
        self.0.get(row).copied().unwrap_or(Instant::MAX)
    }

    fn complete_since(&self) -> Option<Instant> {
        self.0.first().copied()
    }
}

/// One of each kind of thing that a program may know of a customer.
struct Customer {
    id: u32,
    zone: Option<Zone>,
    plan: Plan,
    age: Option<i64>,
    rate: f64,
    likes: Vec<String>,
    scores: BTreeMap<String, i64>,
    intent: Option<f64>,
    orders: Events<Order>,
    visits: Option<Visits>,
    cart: Option<Vec<Line>>,
    newsletter: Option<bool>,
    consents: Vec<Consent>,
    contacts: Option<Events<Contact>>,
    household: Option<Events<Contact>>,
}

impl Profile for Customer {
    fn describe(schema: Schema<Self>) -> Schema<Self> {
        schema
            .id_int("person", |c| Some(c.id.into()))
            .zone("zone", |c| c.zone)
            .category("plan", |c| Some(c.plan))
            .int("age", |c| c.age)
            .number("rate", |c| Some(c.rate))
            .texts("likes", |c| Some(&c.likes[..]))
            .map("scores", |c| Some(&c.scores))
            .percent("intent", |c| c.intent)
            .as_of(|_| Some(noon()))
            .events("order", |c| &c.orders)
            .history("visit", |c| c.visits.as_ref(), HistorySchema::new())
            .items_if_known("cart", |c| c.cart.as_ref())
            .list("newsletter", |c| c.newsletter)
            .consents(|c| &c.consents)
            .contacts_if_known(|c| c.contacts.as_ref())
            .shared_contacts(Sharing::Household, |c| c.household.as_ref())
            .function(Function::new("twice", [Type::Int], Type::Int, |given| match given {
                [Datum::Int(number)] => number.checked_mul(2).map(Datum::Int),
                _ => None,
            }))
    }
}

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
channel web   inbound
channel email outbound needs consent email.marketing
policy contact {
  cap marketing on email at most 1 in any 7 days
  cap offer on email at most 1 in any 30 days per household
  quiet 21:00 to 09:00 on email else wait
}
program shop {
  campaign daily for everyone every {
    offer adult  { value 9 EUR  propensity 10%  eligible when twice(age) >= 36 and plan = "pro"  treat web "adult" }
    offer liked  { value 8 EUR  propensity 10%  eligible when likes contains "shoes" or rate > 0.5  treat web "liked" }
    offer scored { value 7 EUR  propensity 10%  eligible when scores["golf"] > 3 or scores is empty  treat web "scored" }
    offer intent { value 6 EUR  propensity 10%  applicable when intent >= 60%  treat web "intent" }
    offer orders { value 5 EUR  propensity 10%  eligible when any(order where tags contains "gift" and total > 10 EUR)  treat web "o" }
    offer latest { value 5 EUR  propensity 10%  eligible when last(order).total > 10 EUR  treat web "last" }
    offer visits { value 4 EUR  propensity 10%  eligible when count(visit within 7 days) >= 0  treat web "visits" }
    offer gone   { value 4 EUR  propensity 10%  suppress when any(visit within 1 day) because "here"  treat web "gone" }
    offer cart   { value 3 EUR  propensity 10%  eligible when any(cart where price > 2)  treat web "cart" }
    offer paper  { value 2 EUR  propensity 10%  eligible when in list newsletter  treat email "paper" }
    offer mail   { value 1 EUR  propensity 10%  treat email "mail" }
  }
}
"#;

fn noon() -> Instant {
    Instant::parse("2026-03-10T12:00:00+01:00").unwrap()
}

fn ago(hours: i64) -> Instant {
    noon().saturating_sub_millis(hours * 3_600_000)
}

fn some<T>(rng: &mut Rng, value: T) -> Option<T> {
    rng.percent(60).then_some(value)
}

fn contacts(rng: &mut Rng) -> Events<Contact> {
    let row = |number: u64| Contact {
        id: format!("k{number}"),
        at: ago(20 * number as i64 + 1),
        outcome: Outcome::Sent,
        action: "shop.daily.mail".into(),
        kind: ContactKind::Offer,
        channel: "email".into(),
        variant: None,
    };
    let rows = (0..rng.below(3)).map(row).collect();
    if rng.percent(30) { Events::new(rows).complete_since(ago(50)) } else { Events::new(rows) }
}

fn customer(rng: &mut Rng, id: u32) -> Customer {
    let order = |rng: &mut Rng| Order {
        at: ago(rng.between(-5, 300)),
        sequence: rng.below(3),
        total: Money::new(rng.between(0, 3_000), Currency::named("EUR").unwrap()),
        tags: some(rng, "gift".to_owned()).into_iter().collect(),
    };
    let scores = [("golf", 60), ("tennis", 40)].map(|(key, odds)| (rng.percent(odds), key, rng.between(0, 9)));
    let visits = Visits((0..rng.below(3)).map(|n| ago(60 - 25 * n as i64)).collect());
    let line = |rng: &mut Rng| Line { sku: "a".into(), price: some(rng, 2.5) };
    let lines = (0..rng.below(3)).map(|_| line(rng)).collect();
    Customer {
        id,
        zone: some(rng, Zone::named("Asia/Kathmandu").unwrap()),
        plan: if rng.percent(50) { Plan::Basic } else { Plan::Pro },
        age: some(rng, 20).map(|age| age - id as i64 % 4),
        rate: if rng.percent(20) { f64::NAN } else { rng.between(0, 10) as f64 / 10.0 },
        likes: some(rng, "shoes".to_owned()).into_iter().collect(),
        scores: scores
            .into_iter()
            .filter(|(there, ..)| *there)
            .map(|(_, key, score)| (key.to_owned(), score))
            .collect(),
        intent: some(rng, 0.7),
        orders: (0..rng.below(4)).map(|_| order(rng)).collect(),
        visits: some(rng, visits),
        cart: some(rng, lines),
        newsletter: some(rng, id.is_multiple_of(2)),
        consents: some(rng, Consent::granted("email", "marketing", ago(100))).into_iter().collect(),
        contacts: Some(contacts(rng)).filter(|_| !id.is_multiple_of(5)),
        household: Some(contacts(rng)).filter(|_| !id.is_multiple_of(7)),
    }
}

fn shop() -> Engine<Customer> {
    Ruleset::load(&[("shop.nba", RULES)]).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn a_copy_of_a_customer_of_any_type_is_decided_about_as_they_are() {
    let (engine, mut rng) = (shop(), Rng::new(1));
    for id in 0..300 {
        let customer = customer(&mut rng, id);
        for channel in ["web", "email"] {
            for now in [noon(), ago(-10)] {
                let request = engine.request(now).channel(channel).unwrap();
                let (records, copy) = (engine.on_records(), engine.snapshot(&customer, &request));
                let (told, expected) = (records.explain(&copy, &request), engine.explain(&customer, &request));
                assert_eq!(told, expected, "customer {id}\n{copy:#?}");
            }
        }
    }
}

#[test]
fn why_not_is_told_of_customers_of_any_type() {
    let (engine, mut rng) = (shop(), Rng::new(2));
    let request = engine.request(noon()).channel("web").unwrap().channel("email").unwrap();
    let mut changed = 0;
    for id in 0..12 {
        let customer = customer(&mut rng, id);
        for action in ["shop.daily.adult", "shop.daily.liked", "shop.daily.mail"] {
            let why = engine.why_not(&customer, &request, action, &["rate"]).unwrap();
            let copy: Record = engine.snapshot(&customer, &request);
            assert_eq!(why, engine.on_records().why_not(&copy, &request, action, &["rate"]).unwrap());
            let won = |record: &Record, request: &Request| {
                let decision = engine.on_records().decide(record, request);
                decision.slots.iter().filter_map(|slot| slot.action()).any(|chosen| chosen.action == action)
            };
            assert_eq!(why.answer == Answer::Wins, won(&copy, &request));
            if matches!(why.answer, Answer::Changes(_)) {
                let (record, request) = why.changed(&copy, &request);
                assert!(won(&record, &request), "{why}");
                changed += 1;
            }
        }
    }
    assert!(changed > 10, "{changed}");
    assert!(engine.why_not(&customer(&mut rng, 1), &request, "shop.daily.none", &[]).is_none());
}
