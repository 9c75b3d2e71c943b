//! The least there is to it: a customer type, a rule, an answer.

use nextbest::{Instant, Profile, Ruleset};

#[derive(Profile)]
struct Customer {
    age: Option<i64>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules = Ruleset::parse(&[("adults.nba", "segment adult \"Old enough for a contract\" when age >= 18")])?;
    let engine = rules.bind::<Customer>()?;
    let request = engine.request(Instant::parse("2026-03-10T12:00:00Z").ok_or("no instant")?);
    for age in [Some(17), Some(18), None] {
        let segment = engine.segment("adult")?;
        println!("{}", engine.explain_segment(&Customer { age }, &request, segment)?);
    }
    Ok(())
}
