use nextbest::*;

#[derive(Profile)]
struct Customer<T> {
    value: T,
}

#[derive(Event)]
struct Visit<'a> {
    at: Instant,
    page: &'a str,
}

#[derive(Category)]
enum Plan<const N: usize> {
    Flat,
}

fn main() {}
