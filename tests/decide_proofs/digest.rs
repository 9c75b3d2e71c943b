//! The digest of the inputs: what can be read and is another gives another, and nothing else does.

use std::collections::HashMap;

use nextbest::{Consent, Decision, Digest, Instant, Money, Outcome, Record, Request, Value, Zone};

use crate::oracle::generate::Rng;
use crate::shop::{Shop, euros, noon, sent, shop};

/// One thing changed of a customer or of a request.
type Change = (&'static str, fn(&mut Record), fn(Request) -> Request);

const SAME: fn(Request) -> Request = |request| request;
const NOBODY: fn(&mut Record) = |_| {};

fn base(shop: &Shop) -> (Record, Request) {
    let mut customer = shop.schema.record();
    customer.set("person", "ann").unwrap().set("age", 30).unwrap().set("city", "Lyon").unwrap();
    customer.add_event("order", noon(3), [("total", euros(500).into())]).unwrap();
    customer.add_contact(sent("k", noon(4), Outcome::Sent, "trips.sea.ferry", "email")).unwrap();
    customer.add_consent(Consent::granted("email", "marketing", noon(1))).unwrap();
    (customer, shop.request(noon(10)))
}

const CHANGES: [Change; 28] = [
    ("another id", |c| set(c, "person", "bob"), SAME),
    ("another age", |c| set(c, "age", 31), SAME),
    ("a value more", |c| set(c, "clv", euros(0)), SAME),
    ("personal data", |c| set(c, "city", "Paris"), SAME),
    ("a zone", |c| set(c, "zone", Zone::named("Europe/Madrid").unwrap()), SAME),
    ("a list", |c| set(c, "interests", vec!["trains".to_owned()]), SAME),
    ("an empty list", |c| set(c, "interests", Vec::<String>::new()), SAME),
    ("a list of two", |c| set(c, "interests", vec!["tr".to_owned(), "ains".to_owned()]), SAME),
    ("an event more", |c| happened(c, "order", noon(3)), SAME),
    ("of another kind", |c| happened(c, "complaint", noon(3)), SAME),
    ("a moment later", |c| happened(c, "order", noon(3).saturating_add_millis(1)), SAME),
    ("with a property", |c| happened_for(c, euros(1)), SAME),
    ("a contact more", |c| add(c, "k", Outcome::Clicked, "trips.sea.ferry", "email"), SAME),
    ("of another id", |c| add(c, "l", Outcome::Clicked, "trips.sea.ferry", "email"), SAME),
    ("another outcome", |c| add(c, "k", Outcome::Opened, "trips.sea.ferry", "email"), SAME),
    ("another action", |c| add(c, "k", Outcome::Clicked, "trips.sea.cruise", "email"), SAME),
    ("another channel", |c| add(c, "k", Outcome::Clicked, "trips.sea.ferry", "letter"), SAME),
    ("a consent more", |c| said(c, Consent::granted("letter", "marketing", noon(1))), SAME),
    ("a consent of later", |c| said(c, Consent::granted("letter", "marketing", noon(2))), SAME),
    ("another moment", NOBODY, |r| r.at(noon(10).saturating_add_millis(1))),
    ("the context", NOBODY, |r| r.context("weather", "rain").unwrap()),
    ("its opposite", NOBODY, |r| r.context("weather", "sun").unwrap()),
    ("a halt", NOBODY, |r| r.halt("trips.sea.ferry").unwrap()),
    ("a stock", NOBODY, |r| r.stock("trips.sea.ferry", 3).unwrap()),
    ("a smaller one", NOBODY, |r| r.stock("trips.sea.ferry", 2).unwrap()),
    ("a budget", NOBODY, |r| r.budget("trips.sea.ferry", euros(3)).unwrap()),
    ("evidence", NOBODY, |r| r.evidence("trips.sea.cruise", 1, 9).unwrap()),
    ("nobody drawn", NOBODY, Request::undrawn),
];

fn set(customer: &mut Record, name: &str, value: impl Into<Value>) {
    customer.set(name, value).unwrap();
}

fn happened(customer: &mut Record, kind: &str, at: Instant) {
    customer.add_event(kind, at, []).unwrap();
}

fn happened_for(customer: &mut Record, total: Money) {
    customer.add_event("order", noon(3), [("total", total.into())]).unwrap();
}

fn said(customer: &mut Record, consent: Consent) {
    customer.add_consent(consent).unwrap();
}

fn add(customer: &mut Record, id: &str, outcome: Outcome, action: &str, channel: &str) {
    customer.add_contact(sent(id, noon(5), outcome, action, channel)).unwrap();
}

#[test]
fn each_input_that_is_another_gives_another() {
    let shop = shop();
    let mut seen: HashMap<Digest, &str> = HashMap::new();
    let (customer, request) = base(&shop);
    seen.insert(shop.engine.digest(&customer, &request), "as it is");
    for (what, customer_changes, request_changes) in CHANGES {
        let (mut customer, request) = base(&shop);
        customer_changes(&mut customer);
        let request = request_changes(request);
        let digest = shop.engine.digest(&customer, &request);
        assert_eq!(seen.insert(digest, what), None, "{what}");
        assert_eq!(shop.engine.digest(&customer.clone(), &request.clone()), digest, "{what}");
    }
    let other = request.clone().block_channel("email").unwrap();
    assert!(!seen.contains_key(&shop.engine.digest(&customer, &other)));
}

#[test]
fn what_cannot_matter_does_not() {
    let shop = shop();
    let (customer, request) = base(&shop);
    let digest = shop.engine.digest(&customer, &request);
    let mut other = customer.clone();
    other.set("shoe", 43).unwrap();
    assert_eq!(shop.engine.digest(&other, &request), digest, "no rule asks for the size of a shoe");
    let granted = |channel: &str| Consent::granted(channel, "marketing", noon(1));
    let consents = |order: [&str; 2]| {
        let mut customer = customer.clone();
        order.into_iter().for_each(|channel| said(&mut customer, granted(channel)));
        shop.engine.digest(&customer, &request)
    };
    assert_eq!(consents(["letter", "sms"]), consents(["sms", "letter"]), "the order of consents means nothing");
    let stocked = |paths: [&str; 2]| {
        let request = paths.into_iter().fold(request.clone(), |request, path| request.stock(path, 1).unwrap());
        shop.engine.digest(&customer, &request)
    };
    assert_eq!(stocked(["trips", "care"]), stocked(["care", "trips"]));
}

#[test]
fn a_decision_carries_it_where_it_is_asked_for() {
    let shop = shop();
    let mut rng = Rng::new(3);
    for number in 0..50 {
        let customer = shop.customer(&mut rng, number);
        let plain = shop.request(noon(20));
        let request = plain.clone().digested();
        let decision = shop.engine.decide(&customer, &request);
        assert_eq!(decision.inputs, Some(shop.engine.digest(&customer, &plain)));
        assert_eq!(shop.engine.explain(&customer, &request).decision, decision);
        let json = serde_json::to_string(&decision).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&json).unwrap().inputs, decision.inputs);
        let without = shop.engine.decide(&customer, &plain);
        assert!(without.inputs.is_none() && !serde_json::to_string(&without).unwrap().contains("inputs"));
        assert_eq!(without.slots, decision.slots, "it changes nothing");
    }
    let digest = shop.engine.digest(&base(&shop).0, &base(&shop).1);
    assert_eq!(digest.to_string().len(), 16);
    assert_eq!(format!("{digest:?}"), format!("Digest({digest})"));
}
