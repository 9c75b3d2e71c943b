use nextbest::*;

#[derive(Event)]
struct Visit {
    when: Instant,
}

#[derive(Event)]
struct Empty {}

#[derive(Event)]
struct Twice {
    #[event(at)]
    start: Instant,
    #[event(at)]
    end: Instant,
}

#[derive(Event)]
struct Maybe {
    at: Option<Instant>,
    #[event(sequence)]
    sequence: String,
}

#[derive(Event)]
struct Secret {
    #[event(pii)]
    at: Instant,
}

fn main() {}
