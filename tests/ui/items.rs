use nextbest::*;

#[derive(Item)]
struct Line {
    #[item(at)]
    added: Instant,
    #[item(currency = "euro")]
    price: Money,
    amount: Money,
    zone: Zone,
    lines: Events<Visit>,
    sizes: Vec<f64>,
    #[item(rename = "amount")]
    twice: i64,
}

#[derive(Item)]
struct Pair(i64, i64);

#[derive(Item)]
struct Part {
    sku: String,
}

#[derive(Event)]
struct Visit {
    at: Instant,
}

#[derive(Profile)]
struct Customer {
    #[profile(items)]
    cart: Part,
    #[profile(items)]
    boxed: Box<[Part]>,
    #[profile(items)]
    past: Events<Visit>,
    #[profile(items, pii)]
    secret: Vec<Part>,
    #[profile(items)]
    wishes: Vec<Part>,
    #[profile(events, rename = "wishes")]
    visits: Events<Visit>,
    #[profile(items, rename = "sizes")]
    parts: Vec<Part>,
    sizes: Vec<i64>,
}

fn main() {}
