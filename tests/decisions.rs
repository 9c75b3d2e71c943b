//! Decisions against the naive procedure, on generated programs, policies and customers.
//!
//! `cargo test --test decisions` compares some 20,000 decisions; `NEXTBEST_CASES=200000 cargo test --release --test
//! decisions -- --nocapture` is the long run (a case is one ruleset with 24 customers), and `NEXTBEST_SEED=7` begins
//! elsewhere. A failure prints the seed, the rules, the customer and both answers.

#![allow(dead_code)] // The rest of the oracle is for properties.rs.

mod oracle;
#[path = "support/parallel.rs"]
mod parallel;

use std::collections::BTreeMap;
use std::sync::Mutex;

use nextbest::{Answer, Instant, Reason, Stage, Variant};
use oracle::Oracle;
use oracle::customer::Situation;
use oracle::decide::billionths;
use oracle::decide::{self, Stopped};
use oracle::engine::{Subject, engine, to_values};
use oracle::generate::Rng;
use oracle::generate::catalogue::{self, CHANNELS};
use oracle::generate::sampling;
use oracle::sample::{Asked, variant};
use parallel::{in_parallel, setting};

/// Rulesets compared when nothing else is asked for.
const CASES: u64 = 450;
const CUSTOMERS: u64 = 24;

/// What all cases together came to.
#[derive(Debug, Default)]
struct Total {
    decisions: u64,
    actions: u64,
    retries: u64,
    explored: u64,
    /// Rows that won.
    rows: u64,
    crossed: u64,
    reasons: BTreeMap<Reason, u64>,
    stages: BTreeMap<Stage, u64>,
    failures: Vec<String>,
    bundles: u64,
    /// Bundles that left for one of their members.
    for_members: u64,
}

#[test]
fn the_engine_decides_as_the_naive_procedure_does() {
    let cases = setting("NEXTBEST_CASES").unwrap_or(CASES);
    let total = Mutex::new(Total::default());
    in_parallel(cases, |seed| {
        let mut rng = Rng::new(seed);
        let text = catalogue::rules(&mut rng);
        let text = sampling::vary(&mut rng, &text);
        let subject = engine(&text).unwrap_or_else(|problems| panic!("case {seed}\n{text}\n{problems}"));
        for _ in 0..CUSTOMERS {
            let mut situation = catalogue::situation(&mut rng, subject.rules().zone);
            sampling::shown(&mut rng, subject.rules(), &mut situation);
            let mut channels = CHANNELS;
            rng.shuffle(&mut channels);
            let channels = &channels[..1 + rng.below(3) as usize];
            let asked = sampling::asked(&mut rng, subject.rules(), channels);
            if rng.percent(4) {
                situation.customer.attributes.remove("person");
            }
            if let Err(problem) = compare(&subject, &situation, &asked, &total) {
                let mut total = total.lock().unwrap();
                total.failures.push(format!("case {seed}, {asked:?}\n{text}\n{situation}\n{problem}"));
                return total.failures.len() < 3;
            }
        }
        true
    });
    let total = total.into_inner().unwrap();
    assert!(total.failures.is_empty(), "{}", total.failures.join("\n\n"));
    println!("{cases} rulesets: {total:#?}");
    if cases >= CASES {
        assert!(total.bundles > 40 && total.for_members > 1_000, "{total:?}");
        assert!(total.explored > 300 && total.crossed > 20 && total.rows > 1_000, "{total:?}");
        assert!(total.decisions >= 20_000 && total.actions * 4 > total.decisions && total.retries > 200, "{total:?}");
        for stage in
            [Stage::Availability, Stage::Consent, Stage::Eligible, Stage::Applicable, Stage::Suitable, Stage::Journey]
        {
            assert!(total.stages.get(&stage) > Some(&100), "{stage} is too rare: {total:?}");
        }
        for stage in [
            Stage::ExperimentArm,
            Stage::Control,
            Stage::Holdout,
            Stage::Suppression,
            Stage::Block,
            Stage::Score,
            Stage::Threshold,
            Stage::Rank,
            Stage::Cap,
            Stage::Quiet,
        ] {
            assert!(total.stages.get(&stage) > Some(&100), "{stage} is too rare: {total:?}");
        }
    }
}

/// Both answers for every channel, and what the explanation says of every candidate.
fn compare(subject: &Subject, situation: &Situation, asked: &Asked, total: &Mutex<Total>) -> Result<(), String> {
    let oracle = Oracle { rows: &asked.rows, ..Oracle::new(subject.rules(), situation) };
    let (record, mut request) = subject.asked(situation);
    for place in &asked.places {
        request = request.channel(place).expect("declared");
    }
    for (path, positives, contacts) in &asked.evidence {
        request = request.evidence(path, *positives, *contacts).expect("trusted");
    }
    for (experiment, arm) in &asked.assigned {
        request = request.assigned(experiment, arm).expect("declared");
    }
    let columns = &subject.rules().catalogs[0].columns;
    let rows = asked.rows.iter().map(|row| to_values(columns, row));
    request = request.rows("products", rows).expect("as declared");
    if let Some(seed) = &asked.seed {
        request = request.seed(seed);
    }
    if asked.undrawn {
        request = request.undrawn();
    }
    let decision = subject.engine().decide(&record, &request);
    let explanation = subject.engine().explain(&record, &request);
    if explanation.decision != decision {
        return Err(format!("decide says {decision}\nexplain says {}", explanation.decision));
    }
    let naive = oracle.decide(asked);
    if naive.len() != decision.slots.len() {
        return Err(format!("the engine says\n{decision}\nthe naive procedure\n{naive:?}"));
    }
    for (place, (naive, stopped)) in naive.into_iter().enumerate() {
        let slot = &decision.slots[place];
        let mut found = decide::Answer::default();
        let mut retry_at = None;
        match &slot.answer {
            Answer::Action(chosen) => {
                let content = match &chosen.variant {
                    Some(of) => variant(&chosen.content, &of.experiment, &of.arm),
                    None => chosen.content.clone(),
                };
                found.chosen = Some((chosen.action.clone(), content));
                // The arms of a row are those of its action.
                let action = chosen.action.split('[').next().expect("at least one part");
                if let Some(Variant { experiment, arm, .. }) = &chosen.variant
                    && chosen.crossed != oracle.is_crossed(asked, action, experiment, arm)
                {
                    return Err(format!("{chosen:?} is said to be crossed, or not"));
                }
            }
            Answer::Nothing(nothing) => {
                found.reason = Some(nothing.reason);
                found.nearest = nothing.nearest.as_ref().map(|nearest| (nearest.action.clone(), nearest.stage));
                retry_at = nothing.retry_at;
            }
        }
        let candidates = &explanation.slots[place].candidates;
        total.lock().unwrap().for_members += candidates.iter().filter(|c| c.member.is_some()).count() as u64;
        let told = |probability: f64| billionths(probability);
        found.withheld =
            slot.withheld.iter().map(|w| (w.action.action.clone(), w.by, told(w.action.probability))).collect();
        let chances = candidates.iter().filter_map(|c| Some((c.action.clone(), told(c.probability?))));
        found.chances = chances.collect();
        if let Answer::Action(chosen) = &slot.answer {
            let chance = found.chances.get(&chosen.action).copied().unwrap_or(billionths(1.0));
            if chance != told(chosen.probability) {
                return Err(format!("the decision tells {}, the explanation {chance}", chosen.probability));
            }
        }
        found.left = candidates.iter().map(|candidate| (candidate.action.clone(), candidate.left)).collect();
        if found != naive {
            return Err(format!("on {} the engine says\n{found:?}\nthe naive procedure\n{naive:?}", slot.channel));
        }
        if let Some(stopped) = stopped {
            retry(&oracle, situation, &stopped, retry_at)?;
        }
        let mut total = total.lock().unwrap();
        total.decisions += 1;
        total.rows += u64::from(naive.chosen.as_ref().is_some_and(|(path, _)| path.contains('[')));
        let bundle = |(path, _): &(String, String)| oracle.members_of(path).len() > 1;
        total.bundles += u64::from(naive.chosen.as_ref().is_some_and(bundle));
        total.actions += u64::from(naive.chosen.is_some());
        total.retries += u64::from(retry_at.is_some());
        total.explored += u64::from(naive.chances.len() > 1);
        total.crossed += u64::from(slot.action().is_some_and(|chosen| chosen.crossed));
        if let Some(reason) = naive.reason {
            *total.reasons.entry(reason).or_default() += 1;
        }
        for (_, stage) in naive.left {
            stage.into_iter().for_each(|stage| *total.stages.entry(stage).or_default() += 1);
        }
    }
    Ok(())
}

/// At `retry_at` it no longer holds, and up to a millisecond before it does; without one it does for as long as it looks back.
fn retry(
    oracle: &Oracle<'_>,
    situation: &Situation,
    stopped: &Stopped<'_>,
    retry_at: Option<Instant>,
) -> Result<(), String> {
    let now = situation.now;
    let moments = |until: Instant| (0..40).map(move |n| between(now, until, n));
    match retry_at {
        Some(at) => {
            if at <= now || oracle.still(stopped, at) {
                return Err(format!("it still holds at {at}"));
            }
            let before = moments(at).chain([at.saturating_sub_millis(1)]).find(|&t| !oracle.still(stopped, t));
            before.map_or(Ok(()), |t| Err(format!("{at} is too late, it no longer holds at {t}")))
        }
        None => {
            // After `drop` nothing is tried again.
            if matches!(stopped, Stopped::Quiet(quiet) if !quiet.waits) {
                return Ok(());
            }
            let end = now.saturating_add_millis(400 * 86_400_000);
            let free = moments(end).chain([end]).find(|&t| !oracle.still(stopped, t));
            free.map_or(Ok(()), |t| Err(format!("nothing is said of when it ends, but it does not hold at {t}")))
        }
    }
}

fn between(from: Instant, to: Instant, n: i64) -> Instant {
    Instant::from_millis(from.millis() + (to.millis() - from.millis()) / 40 * n)
}
