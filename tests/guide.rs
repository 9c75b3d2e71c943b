//! The language guide, held to its word.
//!
//! Every `nba` block of the guide, of `docs/decisions.md` and of `docs/differences.md` is read together with the world that `docs/language.md` declares at its beginning:
//!
//! * ```` ```nba ```` is accepted without a warning; after a definition, `# => ann, bob` says which of the guide's customers
//!   are in the segment (`nobody` for none), and `# => ann: 3, bob: missing` what the value of a `let`, `score` or `group` is;
//!   `# on web => ann: shop.daily.shoes, bob: nothing because capped` says what is decided for whom, several actions of one
//!   decision with ` + ` between them, and the key of the content behind the action where it is given;
//!   `# rows of products: [{"sku": "boots"}]` says which rows the request brings;
//! * ```` ```nba refused NB0105 ```` is refused, with these codes; ```` ```nba warned NB0901 ```` is accepted with these warnings.
#![cfg(feature = "json")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use nextbest::{Diagnostics, Engine, Instant, Record, RecordSchema, Ruleset};

const NOW: &str = "2026-03-10T12:00:00+01:00";

/// A fenced block.
struct Block {
    place: String,
    info: Vec<String>,
    text: String,
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn blocks(file: &Path) -> Vec<Block> {
    let text = fs::read_to_string(file).unwrap_or_else(|problem| panic!("{}: {problem}", file.display()));
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(info)) => {
                let place = format!("{}:{}", file.file_name().unwrap().to_string_lossy(), number + 1);
                let info = info.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { place, info, text: String::new() });
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block of {} is never closed", file.display());
    blocks
}

impl Block {
    fn is(&self, info: &[&str]) -> bool {
        self.info.iter().map(String::as_str).eq(info.iter().copied())
    }
}

struct World {
    rules: String,
    customers: String,
}

impl World {
    fn of_the_guide() -> Self {
        let blocks = blocks(&docs().join("language.md"));
        let text = |info: &[&str]| {
            let block = blocks.iter().find(|block| block.is(info));
            block.unwrap_or_else(|| panic!("the guide has no block `{}`", info.join(" "))).text.clone()
        };
        World { rules: text(&["nba", "world"]), customers: text(&["json", "customers"]) }
    }

    /// The rules of a block within the world; the block is the second file, so that its places are its own.
    fn bind(&self, block: &str) -> Result<(Engine<Record>, RecordSchema), Diagnostics> {
        let rules = Ruleset::parse(&[("world.nba", self.rules.as_str()), ("block.nba", block)])?;
        Ok((rules.bind_records()?, rules.record_schema()?))
    }
}

fn codes(found: &Diagnostics) -> BTreeSet<String> {
    found.iter().map(|diagnostic| diagnostic.code.to_string()).collect()
}

/// What a block claims of a definition: after `# =>`, the rest of the line.
fn claims(text: &str) -> Vec<(&str, &str, &str)> {
    let mut claims = Vec::new();
    let mut last = None;
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if let (Some(keyword @ ("segment" | "let" | "score" | "group" | "stages")), Some(name)) =
            (words.next(), words.next())
        {
            last = Some((keyword, name));
        }
        if let Some((_, claim)) = line.split_once("# =>") {
            let (keyword, name) = last.unwrap_or_else(|| panic!("what is `{claim}` about?"));
            claims.push((keyword, name, claim.trim()));
        }
    }
    claims
}

/// Holds a block to its claims; those that are not true go to `broken`.
fn hold(world: &World, block: &Block, broken: &mut Vec<String>) -> usize {
    let (engine, schema) = world.bind(&block.text).unwrap_or_else(|problems| panic!("{}\n{problems}", block.place));
    // Examples define what nothing uses, and show what is left out where something is missing.
    let warned =
        engine.warnings().iter().filter(|d| !["NB0205", "NB0501", "NB0502"].contains(&d.code.as_str())).count();
    assert_eq!(warned, 0, "{}\n{}", block.place, engine.warnings());
    let customers = schema.records_from_json_array(&world.customers).unwrap();
    let request = request(&engine, &customers);
    let mut evaluator = engine.evaluator();
    let name = |customer: &Record| customer.get("name").unwrap().to_string();
    let claims = claims(&block.text);
    for (keyword, definition, claim) in &claims {
        let found = if *keyword == "segment" {
            let id = engine.segment(definition).unwrap();
            let members: Vec<String> =
                customers.iter().filter(|c| evaluator.is_in(c, &request, id).unwrap()).map(name).collect();
            if members.is_empty() { "nobody".to_owned() } else { members.join(", ") }
        } else {
            let id = engine.value(definition).unwrap();
            let named = claim.split(", ").filter_map(|pair| pair.split_once(':')).map(|(name, _)| name.trim());
            let by_name: BTreeMap<String, &Record> = customers.iter().map(|c| (name(c), c)).collect();
            let values = named.map(|name| {
                let customer = by_name.get(name).unwrap_or_else(|| panic!("{}: who is {name}?", block.place));
                let value = evaluator.value(customer, &request, id).unwrap();
                format!("{name}: {}", value.map_or("missing".to_owned(), |value| value.to_string()))
            });
            values.collect::<Vec<_>>().join(", ")
        };
        if found != *claim {
            broken.push(format!("{}: `{definition}` is said to be {claim}, and is {found}", block.place));
        }
    }
    let decided = decided(&engine, &customers, &request, block, broken);
    claims.len() + decided
}

/// Holds a block to what it says is decided.
fn decided(
    engine: &Engine<Record>,
    customers: &[Record],
    request: &nextbest::Request,
    block: &Block,
    broken: &mut Vec<String>,
) -> usize {
    let claims = block.text.lines().filter_map(|line| line.split_once("# on ")?.1.split_once(" => "));
    let rows = block.text.lines().filter_map(|line| line.split_once("# rows of ")?.1.split_once(": "));
    let request = rows.fold(request.clone(), |request, (catalog, rows)| {
        request.rows_from_json(catalog, rows).unwrap_or_else(|problem| panic!("{}: {problem}", block.place))
    });
    let mut held = 0;
    for (channel, claims) in claims {
        let request = request.clone().channel(channel.trim()).unwrap_or_else(|p| panic!("{}: {p}", block.place));
        for (name, claim) in claims.split(", ").filter_map(|claim| claim.split_once(": ")) {
            let customer = customers.iter().find(|c| c.get("name").unwrap().to_string() == name.trim());
            let customer = customer.unwrap_or_else(|| panic!("{}: who is {name}?", block.place));
            let decision = engine.decide(customer, &request);
            let actions = decision.slots.iter().filter_map(nextbest::Slot::action);
            let found = actions.map(|chosen| match claim.contains(' ') && !claim.contains(" + ") {
                true => format!("{} {}", chosen.action, chosen.content),
                false => chosen.action.clone(),
            });
            let found = found.collect::<Vec<_>>().join(" + ");
            let found = match decision.reason() {
                Some(reason) => format!("nothing because {reason}"),
                None => found,
            };
            held += 1;
            if found != claim.trim() {
                broken.push(format!("{}: {name} on {channel} is said to get {claim}, and gets {found}", block.place));
            }
        }
    }
    held
}

fn request(engine: &Engine<Record>, customers: &[Record]) -> nextbest::Request {
    let request = engine.request(Instant::parse(NOW).unwrap());
    let request = request.context("weather", "rain").unwrap();
    let population = engine.population(customers, &request);
    request.population(&population)
}

#[test]
fn every_block_means_what_is_said_of_it() {
    let world = World::of_the_guide();
    let (mut accepted, mut refused, mut claimed) = (0, 0, 0);
    let mut broken = Vec::new();
    let files = ["language.md", "decisions.md", "differences.md"].map(|name| docs().join(name));
    for block in files.iter().flat_map(|file| blocks(file)) {
        let info: Vec<&str> = block.info.iter().map(String::as_str).collect();
        let expected = |codes: &[&str]| -> BTreeSet<String> { codes.iter().map(|&code| code.to_owned()).collect() };
        match info.as_slice() {
            ["nba"] => {
                claimed += hold(&world, &block, &mut broken);
                accepted += 1;
            }
            ["nba", "refused", wanted @ ..] => {
                let Err(problems) = world.bind(&block.text) else { panic!("{} is accepted", block.place) };
                assert_eq!(codes(&problems), expected(wanted), "{}\n{problems}", block.place);
                refused += 1;
            }
            ["nba", "warned", wanted @ ..] => {
                let (engine, _) = world.bind(&block.text).unwrap_or_else(|p| panic!("{}\n{p}", block.place));
                assert_eq!(codes(engine.warnings()), expected(wanted), "{}\n{}", block.place, engine.warnings());
                refused += 1;
            }
            _ => {}
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    println!("{accepted} blocks accepted, {refused} refused or warned of, {claimed} claims hold");
    assert!(accepted >= 20 && refused >= 5 && claimed >= 40, "the guide's blocks are not found");
}
