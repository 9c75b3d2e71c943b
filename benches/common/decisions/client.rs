//! A customer with a history: orders, views, and what was sent.

use nextbest::{Consent, Contact, ContactKind, Event, Events, Instant, Money, Outcome, Profile};

use super::super::Rng;
use super::super::customer::{Country, DAY, Goods, Tier, euro, now};
use super::plan::Plan;

#[derive(Profile)]
pub struct Client {
    #[profile(id)]
    pub id: i64,
    pub age: Option<i64>,
    pub country: Country,
    pub tier: Tier,
    pub churn: Option<f64>,
    #[profile(events, rename = "order")]
    pub orders: Events<Order>,
    #[profile(events, rename = "view")]
    pub views: Events<View>,
    #[profile(consents)]
    pub consents: Vec<Consent>,
    #[profile(contacts)]
    pub contacts: Events<Contact>,
}

#[derive(Event, Clone)]
pub struct Order {
    pub at: Instant,
    #[event(currency = "EUR")]
    pub total: Option<Money>,
    pub goods: Goods,
}

#[derive(Event, Clone)]
pub struct View {
    pub at: Instant,
    pub goods: Goods,
}

/// So many customers, each with so many events in a year: two fifths of them orders, two fifths views, a fifth contacts.
pub fn population(count: usize, events: usize, plans: &[Plan]) -> Vec<Client> {
    let mut rng = Rng::new(44);
    (0..count as i64).map(|id| client(&mut rng, id, events, plans)).collect()
}

fn ago(rng: &mut Rng) -> Instant {
    now().saturating_sub_millis(rng.int(0, 365 * DAY))
}

fn client(rng: &mut Rng, id: i64, events: usize, plans: &[Plan]) -> Client {
    let granted = rng.chance(0.9);
    Client {
        id,
        age: rng.chance(0.95).then(|| rng.int(18, 80)),
        country: rng.zipf(Country::ALL),
        tier: rng.zipf(Tier::ALL),
        churn: rng.chance(0.9).then(|| rng.unit()),
        orders: (0..events * 2 / 5)
            .map(|_| Order {
                at: ago(rng),
                total: rng.chance(0.98).then(|| Money::new(rng.exponential(5_000.0) as i64, euro())),
                goods: rng.zipf(Goods::ALL),
            })
            .collect(),
        views: (0..events * 2 / 5).map(|_| View { at: ago(rng), goods: rng.zipf(Goods::ALL) }).collect(),
        consents: vec![
            Consent { granted, ..Consent::granted("email", "marketing", Instant::from_millis(0)) },
            Consent::granted("push", "marketing", Instant::from_millis(0)),
        ],
        contacts: (0..events / 5).flat_map(|number| contact(rng, number, plans)).collect(),
    }
}

/// What was sent, and what came of it.
fn contact(rng: &mut Rng, number: usize, plans: &[Plan]) -> Vec<Contact> {
    let plan = &plans[rng.int(0, plans.len() as i64 - 1) as usize];
    let sent = Contact {
        id: format!("m{number}"),
        at: ago(rng),
        outcome: Outcome::Sent,
        action: plan.path.clone(),
        kind: ContactKind::Offer,
        channel: "email".to_owned(),
        variant: None,
    };
    let came = match rng.unit() {
        u if u < 0.7 => return vec![sent],
        u if u < 0.8 => Outcome::Rejected,
        u if u < 0.85 => Outcome::Failed,
        _ => Outcome::Clicked,
    };
    let at = sent.at.saturating_add_millis(rng.int(1, DAY / 24)).min(now());
    vec![Contact { at, outcome: came, ..sent.clone() }, sent]
}
