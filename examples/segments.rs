//! Who is in which segment: sizes, overlaps, and why one household is in one or is not.

#[path = "households/mod.rs"]
mod households;
#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::read_to_string;
use std::io::{self, Write};
use std::process::ExitCode;

use households::Household;
use nextbest::{Date, Engine, Ruleset, SegmentId};
use support::{Args, bar, exit, share};

const HELP: &str = "
The segments of a rule file on real households: how many are in each, and which overlap.

cargo run --release --example segments -- [OPTIONS]

  --as-of DAY      with all that was known before this day [2017-10-01]
  --explain ID     why this household is in each segment, or is not
  --ids            only the members, for machines: `segment<TAB>household`, one a line
  --rules FILE     the rules [examples/households.nba]
  --data FOLDER    the households [data/complete-journey]
";

/// A segment and the ids of its members.
struct Members {
    segment: SegmentId,
    ids: BTreeSet<i64>,
}

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Box<dyn Error>> {
    let Some(args) = Args::read(HELP)? else { return Ok(()) };
    let day = args.value("--as-of", Date::parse)?.or(Date::new(2017, 10, 1)).ok_or("no day")?;
    let file = args.path("--rules", households::rule_file("households.nba"));

    let engine: Engine<Household> = Ruleset::load(&[(file.display().to_string(), read_to_string(&file)?)])?;
    let request = engine.request(households::eve_of(day));
    let households = households::load(&args.path("--data", households::folder()))?;
    let population = engine.population(&households, &request).named("all households");
    let request = request.population(&population);

    let out = &mut io::BufWriter::new(io::stdout().lock());
    if let Some(id) = args.value("--explain", |id| id.parse::<i64>().ok())? {
        let household = households.iter().find(|h| h.id == id).ok_or(format!("no household {id}"))?;
        for segment in engine.segments() {
            writeln!(out, "{}", engine.explain_segment(household, &request, segment)?)?;
        }
        return Ok(());
    }

    let mut evaluator = engine.evaluator();
    let mut all: Vec<Members> = engine.segments().map(|segment| Members { segment, ids: BTreeSet::new() }).collect();
    for household in &households {
        let found = evaluator.segments(household, &request);
        for members in all.iter_mut().filter(|members| found.contains(&members.segment)) {
            members.ids.insert(household.id);
        }
    }
    if args.has("--ids") {
        for Members { segment, ids } in &all {
            ids.iter().try_for_each(|id| writeln!(out, "{}\t{id}", engine.segment_name(*segment)))?;
        }
        return Ok(());
    }
    writeln!(out, "{} households as of {day}; rules {}\n", households.len(), engine.revision())?;
    sizes(out, &engine, &all, households.len())?;
    overlaps(out, &engine, &all)?;
    Ok(())
}

fn sizes(out: &mut impl Write, engine: &Engine<Household>, all: &[Members], households: usize) -> io::Result<()> {
    for Members { segment, ids } in all {
        let (share, bar) = (share(ids.len(), households), bar(ids.len(), households, 40));
        writeln!(out, "{:<28} {:>4} {share}  {bar}", engine.segment_name(*segment), ids.len())?;
        writeln!(out, "    {}", engine.segment_doc(*segment).unwrap_or_default())?;
    }
    Ok(())
}

/// The pairs that share the most: Jaccard's index is the share of those in both among those in either.
fn overlaps(out: &mut impl Write, engine: &Engine<Household>, all: &[Members]) -> io::Result<()> {
    let mut pairs = Vec::new();
    for (number, a) in all.iter().enumerate() {
        for b in all.iter().skip(number + 1) {
            let (both, either) = (a.ids.intersection(&b.ids).count(), a.ids.union(&b.ids).count());
            if both > 0 {
                pairs.push((both as f64 / either as f64, both, a.segment, b.segment));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    writeln!(out, "\nThe pairs that overlap most\n\n  jaccard  both")?;
    for (jaccard, both, a, b) in pairs.into_iter().take(10) {
        writeln!(out, "  {jaccard:>7.2} {both:>5}  {} and {}", engine.segment_name(a), engine.segment_name(b))?;
    }
    Ok(())
}
