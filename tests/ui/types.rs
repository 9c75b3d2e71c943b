use nextbest::*;

#[derive(Profile)]
struct Customer {
    sizes: Vec<f64>,
    orders: Vec<bool>,
    map: std::collections::HashMap<String, Money>,
    pair: (i64, i64),
    twice: Option<Option<String>>,
    contacts: Events<Contact>,
    allowed: Vec<Consent>,
    maybe: Option<Events<Order>>,
    #[profile(events)]
    list: Vec<Order>,
    #[profile(pii)]
    private: Events<Order>,
    #[profile(consents)]
    consents: Vec<String>,
    #[profile(contacts, rename = "contacts")]
    sent: Events<Contact>,
    home: Zone,
    #[profile(version)]
    build: i64,
    #[profile(distance)]
    radius: i64,
    #[profile(zone)]
    away: String,
}

#[derive(Event)]
struct Order {
    at: Instant,
    zone: Zone,
    lines: Events<Order>,
}

fn main() {}
