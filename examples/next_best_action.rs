//! The next best action for 419 real households, on one morning, and why.

#[path = "households/mod.rs"]
mod households;
#[path = "support/mod.rs"]
mod support;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::{File, read_to_string};
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use households::Household;
use nextbest::{
    Chosen, Date, Decision, Engine, Explanation, Factors, Funnel, Money, Request, Ruleset, Slot, SlotFunnel, Stage,
    StageCount,
};
use support::{Args, bar, exit, share};

const HELP: &str = "
The next best action for every household, the reasons for doing nothing, and one decision explained.

cargo run --release --example next_best_action -- [OPTIONS]

  --as-of DAY      decide at ten in the morning of this day [2017-10-01]
  --channel NAME   email, mail, till or web [email]
  --explain ID     explain the decision for this household [one with a story]
  --why ACTION     what would make this action win for it [the one that comes nearest]
  --json FILE      write every decision there, a line of JSON each
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
    let request = engine.request(households::morning_of(day)).channel(&channel)?;
    let households = households::load(&args.path("--data", households::folder()))?;
    let households: Vec<Household> = households.into_iter().map(|h| h.known_at(request.now())).collect();

    let explained: Vec<(&Household, Explanation)> =
        households.iter().map(|household| (household, engine.explain(household, &request))).collect();
    let story = match args.value("--explain", |id| id.parse::<i64>().ok())? {
        Some(id) => explained.iter().find(|(household, _)| household.id == id).ok_or(format!("no household {id}"))?,
        None => explained.iter().max_by_key(|(h, e)| (turns(e), Reverse(h.id))).ok_or("no households")?,
    };

    let out = &mut io::stdout().lock();
    writeln!(
        out,
        "{} households, on the morning of {day}, by {channel}; rules {}",
        households.len(),
        engine.revision()
    )?;
    let whole = engine.funnel(&households, &request);
    answers(out, &whole, &explained)?;
    trials(out, &explained)?;
    if let Some(earnings) = earnings(&explained) {
        writeln!(out, "\nTogether the actions are expected to earn {earnings}.")?;
    }
    funnel(out, &whole)?;
    let (household, explanation) = story;
    writeln!(out, "\nHousehold {}: {}", household.id, membership(&engine, household, &request))?;
    writeln!(out, "{explanation}")?;
    if let Some(action) = args.value("--why", |name| Some(name.to_owned()))?.or_else(|| nearest(explanation)) {
        let why = engine.why_not(household, &request, &action, &[]).ok_or(format!("no action {action}"))?;
        writeln!(out, "\nWhy not {action}?\n{why}")?;
    }
    if let Some(file) = args.value("--json", |file| Some(file.to_owned()))? {
        lines(&mut BufWriter::new(File::create(file)?), &explained)?;
    }
    Ok(())
}

/// How often each action, and each reason for none.
fn answers(out: &mut impl Write, funnel: &Funnel, explained: &[(&Household, Explanation)]) -> io::Result<()> {
    for SlotFunnel { customers, actions, nothing, .. } in &funnel.slots {
        writeln!(out, "\nDo this")?;
        for action in actions {
            line(out, &action.action, action.customers, *customers)?;
        }
        writeln!(out, "\nDo nothing, because of")?;
        for reason in nothing {
            line(out, reason.reason.name(), reason.customers, *customers)?;
            let example =
                explained.iter().find(|(_, explanation)| explanation.decision.reason() == Some(reason.reason));
            if let Some((household, Explanation { decision, .. })) = example {
                writeln!(out, "      household {}: {decision}", household.id)?;
            }
        }
    }
    Ok(())
}

/// What is tried out: the arms of each experiment, and whom control groups and the holdout leave alone.
fn trials(out: &mut impl Write, explained: &[(&Household, Explanation)]) -> io::Result<()> {
    let mut arms: BTreeMap<(&str, &str), BTreeMap<&str, u64>> = BTreeMap::new();
    for (action, variant) in chosen(explained).filter_map(|action| Some((action, action.variant.as_ref()?))) {
        *arms.entry((&action.action, &variant.experiment)).or_default().entry(&variant.arm).or_default() += 1;
    }
    for ((action, experiment), arms) in arms {
        writeln!(out, "\nExperiment {experiment} of {action}")?;
        let all = arms.values().sum();
        for (arm, count) in arms {
            line(out, arm, count, all)?;
        }
    }
    let mut withheld: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for withheld_action in slots(explained).flat_map(|(_, slot)| &slot.withheld) {
        *withheld.entry((withheld_action.by.name(), &withheld_action.action.action)).or_default() += 1;
    }
    if !withheld.is_empty() {
        writeln!(out, "\nWithheld, to find out what it is worth")?;
    }
    for ((by, action), count) in withheld {
        line(out, &format!("{action} ({by})"), count, explained.len() as u64)?;
    }
    Ok(())
}

/// Every slot of every household.
fn slots<'e>(explained: &'e [(&Household, Explanation)]) -> impl Iterator<Item = (&'e Household, &'e Slot)> {
    explained.iter().flat_map(|(household, e)| e.decision.slots.iter().map(move |slot| (*household, slot)))
}

/// Every action that is decided for.
fn chosen<'e>(explained: &'e [(&Household, Explanation)]) -> impl Iterator<Item = &'e Chosen> {
    slots(explained).filter_map(|(_, slot)| slot.action())
}

fn line(out: &mut impl Write, name: &str, count: u64, of: u64) -> io::Result<()> {
    let (count, of) = (count as usize, of as usize);
    writeln!(out, "  {name:<40} {count:>4} {}  {}", share(count, of), bar(count, of, 54))
}

/// What the actions are expected to earn together: each its priority, which is its chance times its margin.
fn earnings(explained: &[(&Household, Explanation)]) -> Option<Money> {
    let factors: Vec<Factors> = chosen(explained).filter_map(|action| action.factors).collect();
    let minor: f64 = factors.iter().map(|factors| factors.priority).sum();
    Some(Money::new(minor.round() as i64, factors.first()?.currency))
}

/// How many candidates leave at each stage, and by which rules most.
fn funnel(out: &mut impl Write, funnel: &Funnel) -> io::Result<()> {
    for SlotFunnel { candidates, stages, rules, .. } in &funnel.slots {
        writeln!(
            out,
            "\n{candidates} candidates, one for each household and action here; stage by stage, these leave and these remain"
        )?;
        for StageCount { stage, lost, left, .. } in stages {
            let bar = bar(*left as usize, *candidates as usize, 50);
            writeln!(out, "  {:<20} {lost:>6} leave {left:>6} remain  {bar}", stage.name())?;
        }
        writeln!(out, "\nThe rules of the policy and of suppression that remove most")?;
        let held_back = |stage: Stage| matches!(stage, Stage::Suppression | Stage::Cap | Stage::Quiet | Stage::Journey);
        for rule in rules.iter().filter(|rule| held_back(rule.stage)).take(8) {
            writeln!(out, "  {:>6}  {:<12} {}", rule.lost, rule.stage.name(), rule.clause)?;
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

/// The action that comes furthest without being shown, other than by being outbid or drawn.
fn nearest(explanation: &Explanation) -> Option<String> {
    let candidates = explanation.slots.iter().flat_map(|slot| &slot.candidates);
    let held_back = |stage: Stage| {
        !matches!(stage, Stage::Treatment | Stage::ExperimentArm | Stage::Rank | Stage::Control | Stage::Holdout)
    };
    let stages = candidates.filter_map(|c| Some((c.left.filter(|&stage| held_back(stage))?, &c.action)));
    stages.max_by_key(|(stage, _)| *stage).map(|(_, action)| action.clone())
}

/// The segments that a household is in.
fn membership(engine: &Engine<Household>, household: &Household, request: &Request) -> String {
    let mut evaluator = engine.evaluator();
    let members = evaluator.segments(household, request);
    members.iter().map(|&segment| engine.segment_name(segment)).collect::<Vec<_>>().join(", ")
}

/// A decision, as a line of JSON has it.
#[derive(serde::Serialize)]
struct Line<'d> {
    household: i64,
    #[serde(flatten)]
    decision: &'d Decision,
}

fn lines(out: &mut impl Write, explained: &[(&Household, Explanation)]) -> Result<(), Box<dyn Error>> {
    for (household, Explanation { decision, .. }) in explained {
        serde_json::to_writer(&mut *out, &Line { household: household.id, decision })?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(())
}
