use nextbest::*;

#[derive(Profile)]
enum Customer {
    Known,
    Unknown,
}

#[derive(Profile)]
struct Tuple(String);

#[derive(Event)]
struct Unit;

#[derive(Event)]
union Visit {
    at: Instant,
}

#[derive(Category)]
struct Country {
    name: String,
}

fn main() {}
