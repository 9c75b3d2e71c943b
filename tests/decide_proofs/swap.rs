//! Readers decide while a writer swaps rulesets: each decision is that of the revision it names, whole.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use nextbest::{Decision, Engine, Live, Record, Revision};

use crate::oracle::generate::Rng;
use crate::shop::{RULES, noon, shop, under};

const SWAPS: usize = 10_000;
const READERS: usize = 8;

#[test]
fn each_decision_is_that_of_the_revision_it_names() {
    // They differ in what wins, in channels, and in the numbers of everything.
    let texts = [
        RULES.to_owned(),
        RULES.replace("propensity 7%", "propensity 70%"),
        RULES.replace("channel letter", "channel push inbound\nchannel letter"),
        RULES.replace("segment lapsed", "segment adult when age >= 18\nsegment lapsed"),
        RULES.replace("holdout universal 4%", "holdout universal 60%"),
    ];
    let engines: Vec<Engine<Record>> = texts.iter().map(|text| under(text).engine).collect();
    let known: HashMap<Revision, &Engine<Record>> = engines.iter().map(|engine| (engine.revision(), engine)).collect();
    assert_eq!(known.len(), texts.len());
    let mut rng = Rng::new(7);
    let shop = shop();
    let customers: Vec<Record> = (0..40).map(|number| shop.customer(&mut rng, number)).collect();
    // Made for the first; the others resolve it anew.
    let request = shop.request(noon(20));
    let live = Live::new(engines[0].clone());
    let (done, decided) = (AtomicBool::new(false), AtomicUsize::new(0));
    let found: Vec<Vec<(usize, Decision)>> = std::thread::scope(|scope| {
        let reader = |first: usize| {
            let (live, customers, request, done, decided) = (&live, &customers, &request, &done, &decided);
            move || {
                let (mut found, mut number) = (Vec::new(), first);
                while !done.load(Ordering::Relaxed) || number < first + 200 {
                    let customer = number % customers.len();
                    found.push((customer, live.engine().decide(&customers[customer], request)));
                    number += 1;
                    decided.fetch_add(1, Ordering::Relaxed);
                }
                found
            }
        };
        let readers: Vec<_> = (0..READERS).map(|first| scope.spawn(reader(first))).collect();
        for swap in 0..SWAPS {
            live.swap(engines[swap % engines.len()].clone());
            // Now and then somebody is to decide meanwhile, however busy the machine is.
            let before = decided.load(Ordering::Relaxed);
            while swap % 1_000 == 0 && decided.load(Ordering::Relaxed) == before {
                std::thread::yield_now();
            }
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    let mut replayed: HashMap<(Revision, usize), Decision> = HashMap::new();
    let mut revisions: HashMap<Revision, usize> = HashMap::new();
    for (customer, decision) in found.into_iter().flatten() {
        let engine = known[&decision.revision];
        let replay = replayed
            .entry((decision.revision, customer))
            .or_insert_with(|| engine.decide(&customers[customer], &request));
        assert_eq!(decision, *replay);
        *revisions.entry(decision.revision).or_default() += 1;
    }
    assert!(revisions.len() > 1, "readers saw {} revisions", revisions.len());
}
