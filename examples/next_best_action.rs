//! The next best action for 419 real households, on one day, and why.

#[path = "households/mod.rs"]
mod households;
#[path = "support/mod.rs"]
mod support;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::read_to_string;
use std::io::{self, Write};
use std::process::ExitCode;

use households::Household;
use nextbest::{
    Answer, Date, Engine, Explanation, Factors, Funnel, Money, Request, Ruleset, SlotFunnel, Stage, StageCount,
};
use support::{Args, bar, exit, share};

const HELP: &str = "
The next best action for every household, the reasons for doing nothing, and one decision explained.

cargo run --release --example next_best_action -- [OPTIONS]

  --as-of DAY      decide with all that was known before this day [2017-10-01]
  --channel NAME   email, mail, till or web [email]
  --explain ID     explain the decision for this household [one with a story]
  --rules FILE     the rules [examples/grocer.nba]
  --data FOLDER    the households [data/complete-journey]
";

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Box<dyn Error>> {
    let Some(args) = Args::read(HELP)? else { return Ok(()) };
    let day = args.value("--as-of", Date::parse)?.or(Date::new(2017, 10, 1)).ok_or("no day")?;
    let channel = args.value("--channel", |name| Some(name.to_owned()))?.unwrap_or("email".to_owned());
    let file = args.path("--rules", households::rule_file("grocer.nba"));

    let engine: Engine<Household> = Ruleset::load(&[(file.display().to_string(), read_to_string(&file)?)])?;
    let request = engine.request(households::eve_of(day)).channel(&channel)?;
    let households = households::load(&args.path("--data", households::folder()))?;
    let households: Vec<Household> = households.into_iter().map(|h| h.known_at(request.now())).collect();

    let explained: Vec<(&Household, Explanation)> =
        households.iter().map(|household| (household, engine.explain(household, &request))).collect();
    let story = match args.value("--explain", |id| id.parse::<i64>().ok())? {
        Some(id) => explained.iter().find(|(household, _)| household.id == id).ok_or(format!("no household {id}"))?,
        None => explained.iter().max_by_key(|(h, e)| (turns(e), Reverse(h.id))).ok_or("no households")?,
    };

    let out = &mut io::stdout().lock();
    writeln!(out, "{} households, on {day}, by {channel}; rules {}", households.len(), engine.revision())?;
    answers(out, &explained)?;
    if let Some(earnings) = earnings(&explained) {
        writeln!(out, "\nTogether the actions are expected to earn {earnings}.")?;
    }
    funnel(out, &engine.funnel(&households, &request))?;
    let (household, explanation) = story;
    writeln!(out, "\nHousehold {}: {}", household.id, membership(&engine, household, &request))?;
    writeln!(out, "{explanation}")?;
    Ok(())
}

/// How often each action, and each reason for none.
fn answers(out: &mut impl Write, explained: &[(&Household, Explanation)]) -> io::Result<()> {
    let (mut actions, mut reasons) = (BTreeMap::new(), BTreeMap::new());
    let mut examples = BTreeMap::new();
    for (household, explanation) in explained {
        for slot in &explanation.decision.slots {
            match &slot.answer {
                Answer::Action(chosen) => *actions.entry(chosen.action.as_str()).or_default() += 1,
                Answer::Nothing(nothing) => {
                    *reasons.entry(nothing.reason.name()).or_default() += 1;
                    examples.entry(nothing.reason.name()).or_insert((household.id, &slot.answer));
                }
            }
        }
    }
    writeln!(out, "\nDo this")?;
    for (action, count) in by_count(actions) {
        line(out, action, count, explained.len())?;
    }
    writeln!(out, "\nDo nothing, because of")?;
    for (reason, count) in by_count(reasons) {
        line(out, reason, count, explained.len())?;
        if let Some((id, answer)) = examples.get(reason) {
            writeln!(out, "      household {id}: {answer}")?;
        }
    }
    Ok(())
}

/// The most frequent first.
fn by_count(counts: BTreeMap<&str, usize>) -> Vec<(&str, usize)> {
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| Reverse(count));
    counts
}

fn line(out: &mut impl Write, name: &str, count: usize, of: usize) -> io::Result<()> {
    writeln!(out, "  {name:<34} {count:>4} {}  {}", share(count, of), bar(count, of, 60))
}

/// What the actions are expected to earn together: each its priority, which is its chance times its margin.
fn earnings(explained: &[(&Household, Explanation)]) -> Option<Money> {
    let chosen = explained.iter().filter_map(|(_, explanation)| explanation.decision.action()?.factors);
    let factors: Vec<Factors> = chosen.collect();
    let minor: f64 = factors.iter().map(|factors| factors.priority).sum();
    Some(Money::new(minor.round() as i64, factors.first()?.currency))
}

/// How many candidates leave at each stage.
fn funnel(out: &mut impl Write, funnel: &Funnel) -> io::Result<()> {
    for SlotFunnel { candidates, stages, .. } in &funnel.slots {
        writeln!(
            out,
            "\n{candidates} candidates, one for each household and action here; stage by stage, these leave and these remain"
        )?;
        for StageCount { stage, lost, left, .. } in stages {
            let bar = bar(*left as usize, *candidates as usize, 50);
            writeln!(out, "  {:<20} {lost:>6} leave {left:>6} remain  {bar}", stage.name())?;
        }
    }
    Ok(())
}

/// How much there is to tell: a decision for something, and the different stages at which the others left.
fn turns(explanation: &Explanation) -> (bool, usize) {
    let candidates = explanation.slots.iter().flat_map(|slot| &slot.candidates);
    let stages: BTreeSet<Stage> = candidates.filter_map(|candidate| candidate.left).collect();
    (explanation.decision.action().is_some(), stages.len())
}

/// The segments that a household is in.
fn membership(engine: &Engine<Household>, household: &Household, request: &Request) -> String {
    let mut evaluator = engine.evaluator();
    let members = evaluator.segments(household, request);
    members.iter().map(|&segment| engine.segment_name(segment)).collect::<Vec<_>>().join(", ")
}
