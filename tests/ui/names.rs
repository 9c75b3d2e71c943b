use nextbest::*;

#[derive(Profile)]
struct Customer {
    city: String,
    #[profile(rename = "city")]
    town: String,
    #[profile(rename = "home address")]
    address: String,
    prénom: String,
    visit: Events<Visit>,
    #[profile(rename = "visit")]
    visits: Events<Visit>,
}

#[derive(Event)]
struct Visit {
    #[event(at)]
    time: Instant,
    at: Instant,
}

fn main() {}
