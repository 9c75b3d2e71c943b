use nextbest::*;

#[derive(Profile)]
struct Customer {
    id: String,
    #[profile(household)]
    household: Events<Contact>,
    #[profile(contacts, address, identity)]
    address: Events<Contact>,
    #[profile(contacts, household, household)]
    twice: Events<Contact>,
}

#[derive(Profile)]
struct Other {
    #[profile(contacts)]
    own: Events<Contact>,
    #[profile(contacts, household)]
    household: Events<Contact>,
    #[profile(contacts, household)]
    again: Events<Contact>,
    #[profile(contacts, address)]
    address: String,
    #[profile(contacts, flat)]
    flat: Events<Contact>,
    #[profile(id, household)]
    id: u64,
}

fn main() {}
