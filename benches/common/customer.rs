//! A customer of an online shop: 21 attributes and a history of orders.

use std::sync::LazyLock;

use nextbest::{Category, Currency, Event, Events, Instant, Money, Profile};

use super::Rng;

macro_rules! category {
    ($name:ident: $($variant:ident)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Category)]
        #[category(rename_all = "verbatim")]
        #[allow(clippy::upper_case_acronyms, non_camel_case_types)]
        pub enum $name { $($variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
        }
    };
}

category!(Country: US GB DE FR CA AU IT ES NL SE PL BR MX JP IN CH AT BE DK NO FI IE PT CZ GR RO HU TR ZA AE SG HK KR TW TH MY ID PH VN NZ);
category!(Tier: bronze silver gold platinum diamond);
category!(Goods: shoes dresses jackets phones laptops books toys kitchen);

#[derive(Profile)]
pub struct Customer {
    #[profile(id)]
    pub id: i64,
    pub age: Option<i64>,
    pub country: Country,
    pub tier: Tier,
    pub language: Option<&'static str>,
    pub device: &'static str,
    pub city: String,
    #[profile(pii)]
    pub email: Option<String>,
    pub tags: Vec<String>,
    pub categories: Vec<String>,
    pub orders_30d: i64,
    pub days_since_last_order: Option<i64>,
    pub rfm_r: i64,
    pub rfm_f: i64,
    pub rfm_m: i64,
    pub loyalty_points: i64,
    pub signed_up: Instant,
    #[profile(currency = "EUR")]
    pub lifetime_value: Option<Money>,
    pub cart_value: f64,
    pub churn_score: Option<f64>,
    pub email_consent: bool,
    pub sms_consent: Option<bool>,
    #[profile(events)]
    pub orders: Events<Order>,
}

#[derive(Event, Clone)]
pub struct Order {
    pub at: Instant,
    #[event(currency = "EUR")]
    pub total: Option<Money>,
    pub goods: Goods,
    pub quantity: Option<i64>,
}

pub const DAY: i64 = 86_400_000;

/// Read once: twins ask for it again and again.
pub fn now() -> Instant {
    static NOW: LazyLock<Instant> = LazyLock::new(|| Instant::parse("2026-01-01T12:00:00Z").unwrap());
    *NOW
}

pub fn euro() -> Currency {
    Currency::named("EUR").unwrap()
}

const LANGUAGES: [&str; 6] = ["en", "de", "fr", "es", "it", "nl"];
const DEVICES: [&str; 5] = ["ios", "android", "web", "tablet", "tv"];
const STEMS: [&str; 8] =
    ["New Haven", "Springfield", "Riverton", "Ashville", "Newport", "Lakewood", "Brookville", "Georgetown"];
const MAIL: [&str; 5] = ["gmail.com", "outlook.com", "yahoo.com", "icloud.com", "example.org"];
pub const TAGS: [&str; 24] = [
    "newsletter",
    "sale_hunter",
    "vip",
    "early_adopter",
    "gift_buyer",
    "app_user",
    "referrer",
    "student",
    "parent",
    "pet_owner",
    "reviewer",
    "returner",
    "night_owl",
    "weekend",
    "big_basket",
    "coupon",
    "loyal",
    "lapsed",
    "wishlist",
    "subscriber",
    "beta",
    "eco",
    "luxury",
    "budget",
];
pub const CATEGORIES: [&str; 10] =
    ["shoes", "dresses", "jackets", "phones", "laptops", "audio", "books", "toys", "kitchen", "bikes"];

/// So many customers, each with so many orders over two years.
pub fn population(count: usize, orders: usize) -> Vec<Customer> {
    let mut rng = Rng::new(42);
    (0..count as i64).map(|id| customer(&mut rng, id, orders)).collect()
}

fn customer(rng: &mut Rng, id: i64, orders: usize) -> Customer {
    let country = rng.zipf(Country::ALL);
    Customer {
        id,
        age: rng.chance(0.95).then(|| rng.int(18, 40) + rng.int(0, 40)),
        country,
        tier: rng.zipf(Tier::ALL),
        language: rng.chance(0.9).then(|| rng.zipf(&LANGUAGES)),
        device: rng.zipf(&DEVICES),
        city: format!("{} {country:?}", rng.zipf(&STEMS)),
        email: rng.chance(0.9).then(|| format!("user{id}@{}", rng.zipf(&MAIL))),
        tags: rng.some(&TAGS, 5).into_iter().map(str::to_owned).collect(),
        categories: rng.some(&CATEGORIES, 3).into_iter().map(str::to_owned).collect(),
        orders_30d: rng.exponential(1.3) as i64,
        days_since_last_order: rng.chance(0.85).then(|| rng.exponential(60.0) as i64),
        rfm_r: rng.int(1, 5),
        rfm_f: rng.int(1, 5),
        rfm_m: rng.int(1, 5),
        loyalty_points: rng.exponential(1200.0) as i64,
        signed_up: now().saturating_sub_millis(rng.int(0, 3650) * DAY + rng.int(0, DAY - 1)),
        lifetime_value: rng.chance(0.95).then(|| Money::new(rng.exponential(30_000.0) as i64, euro())),
        cart_value: if rng.chance(0.65) { 0.0 } else { rng.exponential(60.0) },
        churn_score: rng.chance(0.9).then(|| (rng.unit() + rng.unit()) / 2.0),
        email_consent: rng.chance(0.62),
        sms_consent: rng.chance(0.7).then(|| rng.chance(0.4)),
        orders: (0..orders).map(|_| order(rng)).collect(),
    }
}

fn order(rng: &mut Rng) -> Order {
    Order {
        at: now().saturating_sub_millis(rng.int(0, 730 * DAY)),
        total: rng.chance(0.98).then(|| Money::new(rng.exponential(5_000.0) as i64, euro())),
        goods: rng.zipf(Goods::ALL),
        quantity: rng.chance(0.95).then(|| rng.int(1, 5)),
    }
}
