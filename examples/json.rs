//! A harness for machines: rules and customers in, members and decisions out, as JSON lines.

#[path = "support/mod.rs"]
mod support;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, path::Path};

use nextbest::{Engine, Instant, Record, RecordSchema, Ruleset};
use support::Args;

const HELP: &str = "
Decides for customers in JSON by the rules of a file: one line of JSON for each customer, with the segments that it is
in and, where a channel is named, the decision.

cargo run --features json --example json -- [RULES.nba CUSTOMERS.json] [OPTIONS]

The rules declare what a customer is: `profile { … }`, `event … { … }`. Customers are a JSON array, or an object on each
line. Without files, a small shop is decided for.

  --now INSTANT      such as 2026-03-10T12:00:00+01:00 [the clock's; for the shop, that]
  --channel NAME     decide for this channel; may be repeated [none; for the shop, email and web]
  --context TEXT     a value of the context: `weather=rain`; may be repeated

Exit status: 0, 1 for mistakes in the rules, 2 for mistakes in the customers, 3 for all else.
";

/// What went wrong, by exit status.
enum Failure {
    Rules(Box<dyn Error>),
    Customers(Box<dyn Error>),
    Else(Box<dyn Error>),
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::Else(error.into())
    }
}

fn main() -> ExitCode {
    let (status, problem) = match run() {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Rules(problem)) => (1, problem),
        Err(Failure::Customers(problem)) => (2, problem),
        Err(Failure::Else(problem)) => (3, problem),
    };
    eprintln!("{problem}");
    ExitCode::from(status)
}

fn run() -> Result<(), Failure> {
    let Some(args) = Args::read(HELP)? else { return Ok(()) };
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/json");
    let (rules, customers) = match args.plain() {
        [] => (shop.join("rules.nba"), shop.join("customers.json")),
        [rules, customers] => (rules.into(), customers.into()),
        _ => return Err("give a file of rules and one of customers, or none; see `--help`".into()),
    };
    let now = match args.value("--now", Instant::parse)? {
        Some(now) => now,
        None if args.plain().is_empty() => Instant::parse("2026-03-10T12:00:00+01:00").unwrap_or(Instant::MIN),
        None => Instant::from_millis(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?),
    };

    let (engine, schema) = bound(&rules).map_err(Failure::Rules)?;
    let customers = read(&schema, &customers).map_err(Failure::Customers)?;
    let mut request = engine.request(now);
    let channels = match (args.all("--channel"), args.plain()) {
        ([], []) => vec!["email", "web"],
        (channels, _) => channels.iter().map(String::as_str).collect(),
    };
    for channel in &channels {
        request = request.channel(channel)?;
    }
    for pair in args.all("--context") {
        let (name, value) = pair.split_once('=').ok_or("a context value is written `name=value`")?;
        request = request.context(name, value)?;
    }

    let shape = schema.shape();
    let id = shape.id.and_then(|id| shape.attributes.get(id)).map(|attribute| attribute.name.as_str());
    let mut evaluator = engine.evaluator();
    let mut out = io::stdout().lock();
    for customer in &customers {
        let members = evaluator.segments(customer, &request);
        let members: Vec<&str> = members.iter().map(|&segment| engine.segment_name(segment)).collect();
        let decided = (!channels.is_empty()).then(|| engine.decide(customer, &request));
        let line = serde_json::json!({
            "customer": id.and_then(|id| customer.get(id)),
            "segments": members,
            "decision": decided,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn bound(file: &Path) -> Result<(Engine<Record>, RecordSchema), Box<dyn Error>> {
    let text = fs::read_to_string(file).map_err(|problem| format!("{}: {problem}", file.display()))?;
    let engine = Ruleset::load_records(&[(file.display().to_string(), text)])?;
    let schema = RecordSchema::new(engine.rules().shape.clone());
    Ok((engine, schema))
}

fn read(schema: &RecordSchema, file: &Path) -> Result<Vec<Record>, Box<dyn Error>> {
    let text = fs::read_to_string(file).map_err(|problem| format!("{}: {problem}", file.display()))?;
    Ok(match text.trim_start().starts_with('[') {
        true => schema.records_from_json_array(&text)?,
        false => schema.records_from_json_lines(&text)?,
    })
}
