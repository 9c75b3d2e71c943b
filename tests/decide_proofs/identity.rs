//! A person under several identities is one customer with all of their rows, whichever identity is named first.

use std::collections::BTreeMap;

use nextbest::{Consent, Decision, Record, Request};

use crate::oracle::contact::CONTACT;
use crate::oracle::customer::{Customer, History, Situation};
use crate::oracle::engine::{Subject, engine};
use crate::oracle::generate::catalogue::{self, CHANNELS};
use crate::oracle::generate::{Rng, sampling};
use crate::parallel::in_parallel;

const CASES: u64 = 60;
const CUSTOMERS: usize = 12;
const IDENTITIES: usize = 3;

/// The same customer under several identities: what is known of them with the first, and each row with some of them.
fn scattered(rng: &mut Rng, customer: &Customer) -> Vec<Customer> {
    let mut identities = vec![Customer::default(); IDENTITIES];
    identities[0].attributes = customer.attributes.clone();
    for (kind, history) in &customer.histories {
        for (number, identity) in identities.iter_mut().enumerate() {
            let since = history.complete_since.filter(|_| number == 1);
            identity.histories.insert(kind.clone(), History { rows: Vec::new(), complete_since: since });
        }
        for row in &history.rows {
            let whose = rng.below(IDENTITIES as u64) as usize;
            // Both may know of a contact.
            let twice = kind == CONTACT && rng.percent(20);
            for number in if twice { vec![whose, (whose + 1) % IDENTITIES] } else { vec![whose] } {
                identities[number].histories.get_mut(kind).unwrap().rows.push(row.clone());
            }
        }
    }
    for consent in &customer.consents {
        // All that is said of a channel is said under one identity: who says more than one is another test.
        let whose = consent.channel.len() % IDENTITIES;
        identities[whose].consents.push(consent.clone());
    }
    identities
}

fn decided(subject: &Subject, request: &Request, record: &Record) -> Decision {
    subject.engine().decide(record, request)
}

#[test]
fn several_identities_are_one_customer_with_all_of_their_rows() {
    in_parallel(CASES, |seed| {
        let mut rng = Rng::new(seed + 11_000);
        let text = catalogue::rules(&mut rng);
        let text = sampling::vary(&mut rng, &text);
        let subject = engine(&text).unwrap_or_else(|problems| panic!("{text}\n{problems}"));
        for _ in 0..CUSTOMERS {
            let mut situation = catalogue::situation(&mut rng, subject.rules().zone);
            sampling::shown(&mut rng, subject.rules(), &mut situation);
            let histories = &mut situation.customer.histories;
            for history in histories.values_mut() {
                // Which of two at one instant comes first is the caller's to say.
                history.rows.sort_by_key(|row| row.at);
                history.rows.dedup_by_key(|row| row.at);
            }
            let mine = histories[CONTACT].rows.clone();
            if histories.get("household").is_some_and(|all| mine.iter().any(|row| !all.rows.contains(row))) {
                histories.remove("household");
            }
            let identities = scattered(&mut rng, &situation.customer);
            let (whole, request) = subject.asked(&situation);
            let request = CHANNELS.iter().fold(request, |request, channel| request.channel(channel).unwrap());
            let records = identities.into_iter().map(|customer| {
                let situation = Situation { customer, ..situation.clone() };
                subject.asked(&situation).0
            });
            let mut records: Vec<Record> = records.collect();
            let expected = decided(&subject, &request, &whole);
            for turn in 0..IDENTITIES {
                let (first, others) = records.split_first().unwrap();
                let person = first.union(others);
                let found = decided(&subject, &request, &person);
                assert_eq!(found, expected, "case {seed}, turn {turn}\n{text}\n{situation}\n{records:#?}");
                records.rotate_left(1);
            }
        }
        true
    });
}

#[test]
fn a_withdrawal_under_any_identity_lets_nobody_pass() {
    in_parallel(CASES, |seed| {
        let mut rng = Rng::new(seed + 12_000);
        let subject = engine(&catalogue::rules(&mut rng)).unwrap();
        for _ in 0..CUSTOMERS {
            let situation = catalogue::situation(&mut rng, subject.rules().zone);
            let (account, request) = subject.asked(&situation);
            let request = request.channel("email").unwrap();
            let none = decided(&subject, &request, &Record::union(&account, [&account.schema().record()]));
            assert_eq!(none, decided(&subject, &request, &account), "who says nothing takes nothing away");

            let mut refusing = account.schema().record();
            let long_ago = situation.now.saturating_sub_millis(500 * 86_400_000);
            let channel = |number: usize| subject.rules().channels[number].consent.clone();
            let needed: BTreeMap<_, _> = (0..subject.rules().channels.len()).filter_map(channel).collect();
            for (channel, purpose) in needed {
                refusing.add_consent(Consent::denied(channel, purpose, long_ago)).unwrap();
            }
            let chosen = decided(&subject, &request, &account.union([&refusing]));
            let marketing = chosen.action().filter(|chosen| chosen.factors.is_some());
            assert_eq!(marketing, None, "case {seed}\n{situation}");
        }
        true
    });
}
