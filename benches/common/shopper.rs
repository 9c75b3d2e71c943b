//! A customer of the same shop, seen from elsewhere: texts, a place, and histories of several kinds of event.

use std::collections::BTreeMap;

use nextbest::{Contact, ContactKind, Event, Events, Instant, Money, Outcome, Point, Profile};

use super::Rng;
use super::customer::{DAY, Goods, euro, now};

#[derive(Profile)]
pub struct Shopper {
    #[profile(id)]
    pub id: i64,
    pub points: i64,
    pub town: String,
    /// A version, mostly.
    pub app: Option<String>,
    pub sku: String,
    pub settings: BTreeMap<String, bool>,
    pub home: Option<Point>,
    #[profile(events)]
    pub views: Events<Act>,
    #[profile(events)]
    pub clicks: Events<Act>,
    #[profile(events)]
    pub sends: Events<Act>,
    #[profile(events)]
    pub redemptions: Events<Act>,
    #[profile(contacts)]
    pub contacts: Events<Contact>,
}

#[derive(Event, Clone)]
pub struct Act {
    pub at: Instant,
    /// One of many.
    pub campaign: String,
    /// One of few.
    pub goods: Goods,
    #[event(currency = "EUR")]
    pub total: Option<Money>,
    pub quantity: i64,
}

/// So many customers, each with so many events of each kind over two years.
pub fn population(count: usize, events: usize) -> Vec<Shopper> {
    let mut rng = Rng::new(43);
    (0..count as i64).map(|id| shopper(&mut rng, id, events)).collect()
}

/// A town, of more than the list of a case has.
pub fn town(number: i64) -> String {
    format!("town-{number:05}")
}

fn shopper(rng: &mut Rng, id: i64, events: usize) -> Shopper {
    let version = |rng: &mut Rng| format!("{}.{}.{}", rng.int(2, 4), rng.int(0, 20), rng.int(0, 9));
    let acts = |rng: &mut Rng| (0..events).map(|_| act(rng, events)).collect();
    Shopper {
        id,
        points: rng.exponential(1200.0) as i64,
        town: town(rng.int(0, 20_000)),
        app: rng.chance(0.9).then(|| if rng.chance(0.95) { version(rng) } else { "web".to_owned() }),
        sku: format!("BK-{}-{}", rng.int(100, 99_999), rng.zipf(&["X", "XL", "S", "M", "L"])),
        settings: ["calls", "letters", "mails", "texts"]
            .into_iter()
            .map(|name| (name.to_owned(), rng.chance(0.5)))
            .filter(|(_, known)| *known || id % 3 > 0)
            .collect(),
        home: if rng.chance(0.9) { Point::new(40.0 + 15.0 * rng.unit(), 20.0 * rng.unit() - 5.0) } else { None },
        views: acts(rng),
        clicks: acts(rng),
        sends: acts(rng),
        redemptions: acts(rng),
        contacts: (0..events).map(|number| contact(rng, number)).collect(),
    }
}

fn some_time(rng: &mut Rng) -> Instant {
    now().saturating_sub_millis(rng.int(0, 730 * DAY))
}

fn act(rng: &mut Rng, events: usize) -> Act {
    Act {
        at: some_time(rng),
        campaign: format!("campaign-{}", rng.int(0, events as i64 / 2)),
        goods: rng.zipf(Goods::ALL),
        total: rng.chance(0.98).then(|| Money::new(rng.exponential(5_000.0) as i64, euro())),
        quantity: rng.int(1, 5),
    }
}

/// Every third one is not the first that is heard of a contact.
fn contact(rng: &mut Rng, number: usize) -> Contact {
    let outcomes = [Outcome::Sent, Outcome::Opened, Outcome::Failed, Outcome::Clicked, Outcome::Impression];
    let number = if rng.chance(0.33) { rng.int(0, number as i64) } else { number as i64 };
    Contact {
        id: format!("contact-{number}"),
        at: some_time(rng),
        outcome: rng.zipf(&outcomes),
        action: rng.zipf(&["winback.back.hello", "winback.back.gift", "cart.rescue.reminder"]).to_owned(),
        kind: ContactKind::Message,
        channel: "email".to_owned(),
        variant: None,
    }
}
