use nextbest::*;

#[derive(Profile)]
#[profile(rename_all = "snake_case")]
struct Customer {
    #[profile(identifier = "yes", pii, secret(very))]
    id: String,
    #[profile(percent, category)]
    share: f64,
    #[profile(pii, skip)]
    hidden: String,
    #[profile(rename = "a", rename = "b")]
    twice: String,
    #[profile]
    nothing: String,
    #[profile(percent)]
    whole: i64,
    #[profile(nocase)]
    age: Option<i64>,
    #[profile(nocase)]
    visits: Events<Visit>,
}

#[derive(Event)]
struct Visit {
    at: Instant,
    #[event(id)]
    id: String,
}

fn main() {}
