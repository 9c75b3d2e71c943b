//! What must not matter does not: the order of declaration but for ties, an ineligible campaign, the order in which rows and
//! consents are given. And what is revoked lets nobody pass.

use std::collections::BTreeSet;

use nextbest::syntax::ast::{File, StatementKind};
use nextbest::syntax::{Limits, parse_file, print_file};
use nextbest::{Answer, Consent, Decision, Explanation, Reason, Record, Request, Sharing, Stage};

use crate::oracle::customer::Situation;
use crate::oracle::engine::{Subject, engine};
use crate::oracle::generate::Rng;
use crate::oracle::generate::catalogue::{self, CHANNELS};
use crate::parallel::in_parallel;

const CASES: u64 = 60;
const CUSTOMERS: usize = 12;

fn bound(text: &str) -> Subject {
    engine(text).unwrap_or_else(|problems| panic!("{text}\n{problems}"))
}

fn situations(rng: &mut Rng, subject: &Subject) -> Vec<Situation> {
    (0..CUSTOMERS).map(|_| catalogue::situation(rng, subject.rules().zone)).collect()
}

fn asked(subject: &Subject, situation: &Situation, channels: &[&str]) -> (Record, Request) {
    let (record, request) = subject.asked(situation);
    (record, channels.iter().fold(request, |request, channel| request.channel(channel).unwrap()))
}

/// Actions, campaigns and programs in another order.
fn reordered(text: &str, rng: &mut Rng) -> String {
    let mut problems = Vec::new();
    let mut file: File = parse_file(text, 0, &Limits::default(), &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    let mut programs = Vec::new();
    file.statements.retain(|statement| {
        let is_program = matches!(statement.node, StatementKind::Program { .. });
        programs.extend(Some(statement.clone()).filter(|_| is_program));
        !is_program
    });
    for statement in &mut programs {
        if let StatementKind::Program { campaigns, .. } = &mut statement.node {
            campaigns.iter_mut().for_each(|campaign| rng.shuffle(&mut campaign.actions));
            rng.shuffle(campaigns);
        }
    }
    rng.shuffle(&mut programs);
    file.statements.extend(programs);
    print_file(&file)
}

/// Whether what two decisions show for a place are equals.
fn tied(one: &Answer, other: &Answer) -> bool {
    match (one, other) {
        (Answer::Action(one), Answer::Action(other)) => {
            let rank = |f: nextbest::Factors| (f.priority.to_bits(), f.value);
            one.action != other.action && one.factors.map(rank) == other.factors.map(rank)
        }
        (Answer::Nothing(one), Answer::Nothing(other)) => {
            let stage = |nothing: &nextbest::Nothing| nothing.nearest.as_ref().map(|nearest| nearest.stage);
            stage(one) == stage(other)
        }
        _ => false,
    }
}

#[test]
fn the_order_of_declaration_settles_ties_and_nothing_else() {
    in_parallel(CASES, |seed| {
        let mut rng = Rng::new(seed);
        let text = catalogue::rules(&mut rng);
        let other = reordered(&text, &mut rng);
        let (first, second) = (bound(&text), bound(&other));
        for situation in situations(&mut rng, &first) {
            let (record, request) = asked(&first, &situation, &CHANNELS);
            let one = first.engine().decide(&record, &request);
            let (record, request) = asked(&second, &situation, &CHANNELS);
            let two = second.engine().decide(&record, &request);
            for (one, two) in one.slots.iter().zip(&two.slots) {
                if one.answer != two.answer {
                    assert!(tied(&one.answer, &two.answer), "case {seed}\n{text}\n{other}\n{situation}\n{one}\n{two}");
                    // What another slot shows then may differ for good reasons.
                    if matches!(one.answer, Answer::Action(_)) {
                        break;
                    }
                }
            }
        }
        true
    });
}

/// Who came past the consent stage, on each place.
fn past_consent(explanation: &Explanation) -> BTreeSet<(usize, String)> {
    let slots = explanation.slots.iter().enumerate();
    slots
        .flat_map(|(place, slot)| slot.candidates.iter().map(move |candidate| (place, candidate)))
        .filter(|(_, candidate)| candidate.left.is_none_or(|stage| stage > Stage::Consent))
        .map(|(place, candidate)| (place, candidate.action.clone()))
        .collect()
}

#[test]
fn revoking_a_consent_lets_nobody_pass() {
    let revoked = std::sync::atomic::AtomicUsize::new(0);
    in_parallel(CASES, |seed| {
        let mut rng = Rng::new(seed + 1_000);
        let text = catalogue::rules(&mut rng);
        let subject = bound(&text);
        for situation in situations(&mut rng, &subject) {
            let (record, request) = asked(&subject, &situation, &CHANNELS);
            let before = past_consent(&subject.engine().explain(&record, &request));
            for channel in &CHANNELS[1..] {
                let mut record = record.clone();
                let refusal = Consent { granted: false, ..Consent::granted(*channel, "marketing", situation.now) };
                record.add_consent(refusal).unwrap();
                let after = past_consent(&subject.engine().explain(&record, &request));
                assert!(after.is_subset(&before), "case {seed}, {channel}\n{text}\n{situation}");
                revoked.fetch_add(before.len() - after.len(), std::sync::atomic::Ordering::Relaxed);
            }
        }
        true
    });
    assert!(revoked.into_inner() > 500);
}

/// The same without the nearest of those that do not concern the customer.
fn concerning(mut decision: Decision) -> Decision {
    for slot in &mut decision.slots {
        if let Answer::Nothing(nothing) = &mut slot.answer
            && nothing.reason == Reason::NoCandidate
        {
            (nothing.nearest, nothing.retry_at) = (None, None);
        }
    }
    decision
}

#[test]
fn a_campaign_that_nobody_is_eligible_for_changes_no_action() {
    in_parallel(CASES, |seed| {
        let mut rng = Rng::new(seed + 2_000);
        let text = catalogue::rules(&mut rng);
        let treatments: String = CHANNELS.iter().map(|channel| format!("treat {channel} \"no\" ")).collect();
        let value = if text.contains("objective ") { "revenue: 100000 EUR" } else { "100000 EUR" };
        let more = format!(
            "{text}\nprogram closed {{ campaign no for everyone every {{\n  eligible when age > 1000\n  \
             offer much {{ value {value} propensity 100% {treatments} }}\n  \
             service help {{ basis contract {treatments} }}\n}} }}\n"
        );
        let (plain, other) = (bound(&text), bound(&more));
        for situation in situations(&mut rng, &plain) {
            let (record, request) = asked(&plain, &situation, &CHANNELS);
            let one = concerning(plain.engine().decide(&record, &request));
            let (record, request) = asked(&other, &situation, &CHANNELS);
            let two = concerning(other.engine().decide(&record, &request));
            for (one, two) in one.slots.iter().zip(&two.slots) {
                // Who has nothing that concerns them may hear first of the consent that they have not given.
                let first_told = matches!((&one.answer, &two.answer), (Answer::Nothing(one), Answer::Nothing(two))
                    if one.reason == Reason::NoCandidate && two.reason == Reason::NotPermitted);
                assert!(one == two || first_told, "case {seed}\n{text}\n{situation}\n{one}\n{two}");
            }
        }
        true
    });
}

/// Contacts, the customer's own or a household's, have no numbers: those of one instant stay as they are.
fn is_of_contacts(kind: &str) -> bool {
    kind.starts_with('(') || Sharing::ALL.iter().any(|sharing| sharing.word() == kind)
}

#[test]
fn the_order_in_which_rows_and_consents_are_given_means_nothing() {
    in_parallel(CASES, |seed| {
        let mut rng = Rng::new(seed + 3_000);
        let text = catalogue::rules(&mut rng);
        let subject = bound(&text);
        for mut situation in situations(&mut rng, &subject) {
            for (kind, history) in &mut situation.customer.histories {
                if is_of_contacts(kind) {
                    history.rows.dedup_by_key(|row| row.at);
                } else {
                    history.rows.iter_mut().zip(1..).for_each(|(row, number)| row.sequence = number);
                }
            }
            let (record, request) = asked(&subject, &situation, &CHANNELS);
            let before = subject.engine().explain(&record, &request.clone().digested());
            let consents: BTreeSet<_> =
                situation.customer.consents.iter().map(|said| (&said.channel, &said.purpose, said.at)).collect();
            if consents.len() == situation.customer.consents.len() {
                rng.shuffle(&mut situation.customer.consents);
            }
            for (kind, history) in &mut situation.customer.histories {
                if !is_of_contacts(kind) {
                    rng.shuffle(&mut history.rows);
                }
            }
            let (record, request) = asked(&subject, &situation, &CHANNELS);
            assert_eq!(
                subject.engine().explain(&record, &request.digested()),
                before,
                "case {seed}\n{text}\n{situation}"
            );
        }
        true
    });
}
