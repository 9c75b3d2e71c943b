//! What the README says, run.

use nextbest::{Consent, Contact, Currency, Event, Events, Instant, Money, Profile, Ruleset};

const README: &str = include_str!("../README.md");

#[derive(Event)]
struct Order {
    at: Instant,
    #[event(currency = "EUR")]
    total: Money,
}

#[derive(Profile)]
struct Customer {
    #[profile(id)]
    id: String,
    country: Option<String>,
    #[profile(pii)]
    email: Option<String>,
    #[profile(events, rename = "order")]
    orders: Events<Order>,
    #[profile(consents)]
    consents: Vec<Consent>,
    #[profile(contacts)]
    contacts: Events<Contact>,
}

/// The text of the n-th block of a kind.
fn block(kind: &str, n: usize) -> &'static str {
    let opening = format!("```{kind}\n");
    README.split(&opening).nth(n + 1).and_then(|rest| rest.split("```").next()).unwrap()
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

#[test]
fn its_rules_decide() {
    let rules = Ruleset::parse(&[("shop.nba", block("text", 0))]).unwrap_or_else(|error| panic!("{error}"));
    let engine = rules.bind::<Customer>().unwrap_or_else(|error| panic!("{error}"));
    assert!(engine.warnings().is_empty(), "{}", engine.warnings());
    let mut customer = Customer {
        id: "c1".into(),
        country: Some("FR".into()),
        email: None,
        orders: vec![Order {
            at: instant("2026-01-10T12:00:00Z"),
            total: Money::new(60_000, Currency::named("EUR").unwrap()),
        }]
        .into(),
        consents: vec![Consent::granted("email", "marketing", instant("2026-01-01T00:00:00Z"))],
        contacts: Events::default(),
    };
    let request = engine.request(instant("2026-03-10T12:00:00Z")).channel("email").unwrap();
    let decision = engine.decide(&customer, &request);
    assert_eq!(decision.action().unwrap().action, "winback.come_back.gift");
    customer.country = Some("US".into());
    assert_eq!(
        engine.decide(&customer, &request).to_string().lines().next(),
        Some(
            "email: nothing: suppressed; winback.come_back.gift left at suppression because \"no shipping there yet\"",
        )
    );
}

#[test]
fn its_diagnostic_is_what_is_said() {
    let shown = block("text", 1);
    let rule = shown.lines().find_map(|line| line.strip_prefix("3 | ")).unwrap();
    let error = Ruleset::parse(&[("shop.nba", format!("\n\n{rule}"))]).unwrap_err();
    assert_eq!(error.to_string().trim_end(), shown.trim_end());
}
