//! When something will be another: never before, and then indeed.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::oracle::engine::engine;
use crate::oracle::generate::Rng;
use crate::oracle::generate::catalogue::{self, CHANNELS};
use crate::parallel::{in_parallel, setting};
use nextbest::{CandidateTrace, Engine, Instant, Record, Request, Ruleset, Stage};

const DAY: i64 = 86_400_000;
const CASES: u64 = 40;

/// What became of every candidate at an instant.
fn state(
    engine: &Engine<Record>,
    customer: &Record,
    request: &Request,
    at: Instant,
) -> Vec<(String, Option<Stage>, String)> {
    let explanation = engine.explain(customer, &request.clone().at(at));
    let of = |candidate: &CandidateTrace| (candidate.action.clone(), candidate.left, format!("{:?}", candidate.span));
    explanation.slots.iter().flat_map(|slot| &slot.candidates).map(of).collect()
}

#[test]
fn generated_rules_change_then_and_not_before() {
    let (found, none) = (AtomicU64::new(0), AtomicU64::new(0));
    let cases = setting("NEXTBEST_CASES").unwrap_or(CASES);
    in_parallel(cases, |seed| {
        let mut rng = Rng::new(seed + 9_000);
        let text = catalogue::rules(&mut rng);
        let subject = engine(&text).unwrap_or_else(|problems| panic!("case {seed}\n{text}\n{problems}"));
        for _ in 0..6 {
            let situation = catalogue::situation(&mut rng, subject.rules().zone);
            let (record, request) = subject.asked(&situation);
            let request = CHANNELS.iter().fold(request, |request, channel| request.channel(channel).unwrap());
            let until = situation.now.saturating_add_millis(rng.between(1, 60) * DAY);
            let change = subject.engine().next_change(&record, &request, until);
            let state = |at| state(subject.engine(), &record, &request, at);
            let told = || format!("case {seed}, until {until}, told {change:?}\n{text}\n{situation}");
            let before = state(situation.now);
            let end = change.map_or(until, |at| at.saturating_sub_millis(1));
            assert!(situation.now <= end && end <= until, "{}", told());
            let span = end.millis() - situation.now.millis();
            let samples = (0..30).map(|_| situation.now.millis() + rng.between(0, span.max(1)).min(span));
            let samples: Vec<i64> = samples.chain([end.millis()]).collect();
            for at in samples.into_iter().map(Instant::from_millis) {
                assert_eq!(state(at), before, "something changed by {at}\n{}", told());
            }
            if let Some(change) = change {
                assert_ne!(state(change), before, "{}", told());
            }
            [&none, &found][usize::from(change.is_some())].fetch_add(1, Ordering::Relaxed);
        }
        true
    });
    println!("{found:?} changes, {none:?} without");
    assert!(cases < CASES || found.into_inner() > 100);
}

fn changes(rules: &str, now: &str, until: &str, given: impl FnOnce(&mut Record)) -> Option<String> {
    let world = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  renewal date?  seen instant?  opens time? }
event order {}
channel web inbound
channel email outbound needs consent email.marketing
"#;
    let rules = Ruleset::parse(&[("a.nba", format!("{world}{rules}"))]).unwrap_or_else(|found| panic!("{found}"));
    let engine = rules.bind_records().unwrap_or_else(|found| panic!("{found}"));
    let mut customer = rules.record_schema().unwrap().record();
    customer.add_consent(nextbest::Consent::granted("email", "marketing", Instant::MIN)).unwrap();
    given(&mut customer);
    let request = engine.request(Instant::parse(now).unwrap()).channel("web").unwrap().channel("email").unwrap();
    engine.next_change(&customer, &request, Instant::parse(until).unwrap()).map(|at| at.to_string())
}

fn offer(clauses: &str) -> String {
    format!(
        "program p {{ campaign c for everyone every {{ offer o {{ value 9 EUR propensity 10%  {clauses} treat web \"w\" \
         treat email \"e\" }} }} }}"
    )
}

#[test]
fn windows_clocks_and_dates_end_to_the_millisecond() {
    let (now, until) = ("2026-03-10T12:00:00+01:00", "2026-12-31T00:00:00+01:00");
    let order = |record: &mut Record| record.add_event("order", Instant::parse(now).unwrap(), []).map(drop).unwrap();
    let nobody = |_: &mut Record| {};
    let when = |clause: &str| offer(&format!("eligible when {clause}"));
    // Over the change of clocks, on the clock of Paris.
    assert_eq!(changes(&when("none(order within 30 days)"), now, until, order).unwrap(), "2026-04-09T10:00:00Z");
    assert_eq!(changes(&when("any(order within 36 hours)"), now, until, order).unwrap(), "2026-03-11T23:00:00Z");
    assert_eq!(changes(&when("count(order this month) >= 1"), now, until, order).unwrap(), "2026-03-31T22:00:00Z");
    assert_eq!(
        changes(&when("time(now) between 22:00 and 06:00"), now, until, nobody).unwrap(),
        "2026-03-10T21:00:00Z"
    );
    assert_eq!(changes(&when("any(order)"), now, until, nobody), None);
    let quiet = format!("policy contact {{ quiet 21:00 to 09:00 on email else wait }}\n{}", offer(""));
    // The web takes the action, whatever the hour.
    assert_eq!(changes(&quiet, now, until, nobody), None);
    let renewal = |record: &mut Record| {
        record.set("renewal", nextbest::Date::parse("2026-05-01").unwrap()).unwrap();
    };
    assert_eq!(
        changes(&when("renewal is in the next 7 days"), now, until, renewal).unwrap(),
        "2026-04-24T22:00:00Z",
        "the 25th is the first day of which it is one of seven"
    );
    let valid = offer("valid 2026-03-01 to 2026-03-31");
    assert_eq!(changes(&valid, now, until, nobody).unwrap(), "2026-03-31T22:00:00Z");
    assert_eq!(changes(&valid, now, "2026-03-31T00:00:00+02:00", nobody), None, "later than is asked about");
    // An event that lies ahead happens when it does.
    let ahead = |record: &mut Record| {
        record.add_event("order", Instant::parse("2026-03-12T08:00:00Z").unwrap(), []).map(drop).unwrap()
    };
    assert_eq!(changes(&when("any(order)"), now, until, ahead).unwrap(), "2026-03-12T08:00:00Z");
}
