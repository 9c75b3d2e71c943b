use nextbest::*;

#[derive(Profile)]
struct Customer {
    #[profile(id)]
    id: String,
    #[profile(id)]
    number: u64,
}

#[derive(Profile)]
struct Other {
    #[profile(id)]
    id: bool,
}

fn main() {}
