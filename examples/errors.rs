//! Six mistakes that are easily made, and what is said about them. All are found before any customer is.

use nextbest::Ruleset;

/// The world that the rules below speak of.
const WORLD: &str = r#"
ruleset shop { zone "Europe/Paris" currency EUR }
profile { person id  age int?  country enum(FR, DE, GB)? }
event order { total money EUR }
"#;

const MISTAKES: [(&str, &str); 6] = [
    ("A name that is almost right", "segment young when agee < 30"),
    ("Thirty what?", "segment recent when any(order within 30)"),
    ("Dollars against euros", "segment rich when sum(order.total) > 50 USD"),
    ("This and that or the other", "segment some when age < 30 and country = \"FR\" or country = \"DE\""),
    ("A country that is not on the list", "segment british when country = \"UK\""),
    ("Each waits for the other", "segment hen when not in segment egg\nsegment egg when not in segment hen"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    if std::env::args().any(|arg| arg == "--help" || arg == "-h") {
        println!("Six mistakes in rules and what is said about them.\n\ncargo run --example errors");
        return Ok(());
    }
    for (title, rule) in MISTAKES {
        let problems = Ruleset::load_records(&[("world.nba", WORLD), ("rules.nba", rule)])
            .err()
            .ok_or(format!("{title}: nothing is said"))?;
        println!("{title}\n\n{problems}");
    }
    Ok(())
}
