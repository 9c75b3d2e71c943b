use nextbest::*;

#[derive(Profile)]
struct Customer {
    clv: Option<Money>,
    #[profile(currency = "EUX")]
    unknown: Money,
    #[profile(currency = "eur")]
    small: Money,
    #[profile(currency = "EUR")]
    number: f64,
    #[profile(currency = EUR)]
    quotes: Money,
    #[profile(currency)]
    none: Money,
}

fn main() {}
