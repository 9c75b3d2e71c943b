//! What would make an action win: it does, and with less it does not.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::oracle::engine::engine;
use crate::oracle::generate::Rng;
use crate::oracle::generate::catalogue::{self, CHANNELS};
use crate::parallel::{in_parallel, setting};
use nextbest::testing::{Answer, Change, WhyNot};
use nextbest::{Consent, Engine, Instant, Record, Request, Ruleset, Stage};

fn wins(engine: &Engine<Record>, customer: &Record, request: &Request, action: &str) -> bool {
    engine.decide(customer, request).slots.iter().filter_map(|slot| slot.action()).any(|chosen| chosen.action == action)
}

/// How often each kind of change was told.
#[derive(Default)]
struct Told(Mutex<BTreeMap<&'static str, usize>>);

impl Told {
    fn note(&self, changes: &[Change]) {
        let mut told = self.0.lock().unwrap();
        for change in changes {
            let kind = match change {
                Change::NoEvents { rows, .. } if rows.is_empty() => "no events lacking",
                Change::NoEvents { .. } => "no events",
                Change::NoContacts { contacts, .. } if contacts.is_empty() => "no contacts lacking",
                Change::NoContacts { .. } => "no contacts",
                Change::Events { .. } => "events",
                Change::Contacts { .. } => "contacts",
                _ => "what is",
            };
            *told.entry(kind).or_default() += 1;
        }
    }
}

/// The changes with less gone by one row, for each row.
fn with_one_row_back(changes: &[Change]) -> Vec<Vec<Change>> {
    let mut all = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        let mut with = |fewer: Change| {
            let mut changes = changes.to_vec();
            changes[place] = fewer;
            all.push(changes);
        };
        match change {
            Change::NoEvents { clause, rows, all, certain } if rows.len() > 1 => {
                for row in 0..rows.len() {
                    let mut rows = rows.clone();
                    rows.remove(row);
                    let (clause, certain) = (clause.clone(), certain.clone());
                    with(Change::NoEvents { clause, rows, all: *all, certain });
                }
            }
            Change::NoContacts { clause, contacts, certain } if contacts.len() > 1 => {
                for contact in 0..contacts.len() {
                    let mut contacts = contacts.clone();
                    contacts.remove(contact);
                    with(Change::NoContacts { clause: clause.clone(), contacts, certain: *certain });
                }
            }
            _ => {}
        }
    }
    all
}

#[test]
fn generated_rules_are_won_with_the_changes_and_not_with_fewer() {
    let (told, never) = (Told::default(), AtomicU64::new(0));
    let cases = setting("NEXTBEST_CASES").unwrap_or(24);
    in_parallel(cases, |seed| {
        let mut rng = Rng::new(seed + 5_000);
        let text = catalogue::rules(&mut rng);
        let subject = engine(&text).unwrap_or_else(|problems| panic!("case {seed}\n{text}\n{problems}"));
        let actions: Vec<String> = subject.rules().actions().map(|(path, ..)| path).collect();
        let situation = catalogue::situation(&mut rng, subject.rules().zone);
        let (record, request) = subject.asked(&situation);
        let request = CHANNELS.iter().fold(request, |request, channel| request.channel(channel).unwrap());
        // Now and then nothing but the past may be otherwise.
        let fixed: &[&str] = match seed % 3 {
            0 => &["clv"],
            1 => &["clv", "consents", "zone", "age", "mails", "vip", "chance", "born", "joined"],
            _ => &["clv", "contacts", "order"],
        };
        for action in actions.iter().take(4) {
            let why = subject.engine().why_not(&record, &request, action, fixed).unwrap();
            let tale = || format!("case {seed}\n{text}\n{situation}\n{why}");
            assert_eq!(why.answer == Answer::Wins, wins(subject.engine(), &record, &request, action), "{}", tale());
            let Answer::Changes(changes) = &why.answer else {
                never.fetch_add(u64::from(why.answer == Answer::Never), Ordering::Relaxed);
                continue;
            };
            let with = |some: Vec<Change>| {
                let mut why = why.clone();
                why.answer = Answer::Changes(some);
                let (record, request) = why.changed(&record, &request);
                wins(subject.engine(), &record, &request, action)
            };
            assert!(with(changes.clone()), "it does not win\n{}", tale());
            for some in 0..(1u32 << changes.len()) - 1 {
                let some = changes.iter().enumerate().filter(|(place, _)| some >> place & 1 == 1);
                let some: Vec<Change> = some.map(|(_, change)| change.clone()).collect();
                assert!(!with(some.clone()), "{some:?} are enough\n{}", tale());
            }
            for fewer in with_one_row_back(changes) {
                assert!(!with(fewer.clone()), "{fewer:?} are enough\n{}", tale());
            }
            // What is fixed stays as it is.
            for change in changes {
                let touched = match change {
                    Change::Attribute { name, .. } => vec![name.as_str()],
                    Change::Consent { .. } => vec!["consents"],
                    Change::NoEvents { rows, .. } => rows.iter().map(|row| row.kind.as_str()).collect(),
                    Change::Events { kind, .. } => vec![kind.as_str()],
                    Change::Contacts { .. } | Change::NoContacts { .. } => vec!["contacts"],
                    _ => vec![],
                };
                assert!(touched.iter().all(|name| !fixed.contains(name)), "{}", tale());
            }
            told.note(changes);
        }
        true
    });
    let told = told.0.into_inner().unwrap();
    println!("{told:?}, {never:?} never");
    for (kind, from) in [("what is", 24), ("no events", 24), ("events", 24), ("contacts", 24), ("no contacts", 300)] {
        assert!(cases < from || told.contains_key(kind), "no answer has {kind}: {told:?}");
    }
}

const SHOP: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  age int?  vip bool?  city text? }
context { weather enum(sun, rain)? }
event order { total money EUR? }
channel web inbound
channel email outbound needs consent email.marketing
policy contact { cap marketing on email at most 1 in any 7 days  quiet 21:00 to 09:00 on email else wait }
program p {
  campaign c for everyone every {
    offer adult { value 9 EUR  propensity 10%  eligible when age >= 18 and vip  treat web "adult" }
    offer loyal { value 9 EUR  propensity 10%  eligible when count(order within 30 days) >= 2  treat web "loyal" }
    offer fresh { value 9 EUR  propensity 10%  eligible when none(order within 30 days)  treat web "fresh" }
    offer rain  { value 1 EUR  propensity 10%  suitable when context.weather = "rain"  treat web "rain" }
    offer mail  { value 1 EUR  propensity 10%  treat email "mail" }
    offer local { value 90 EUR  propensity 10%  eligible when city = "Lyon"  treat web "local" }
  }
}
"#;

struct Shop {
    engine: Engine<Record>,
    customer: Record,
    request: Request,
}

fn shop() -> Shop {
    let rules = Ruleset::parse(&[("shop.nba", SHOP)]).unwrap_or_else(|found| panic!("{found}"));
    let engine = rules.bind_records().unwrap_or_else(|found| panic!("{found}"));
    let mut customer = rules.record_schema().unwrap().record();
    customer.set("person", "ann").unwrap();
    let now = Instant::parse("2026-03-10T22:00:00+01:00").unwrap();
    customer.add_event("order", now.saturating_sub_millis(86_400_000), []).unwrap();
    let request = engine.request(now).channel("web").unwrap().channel("email").unwrap();
    Shop { engine, customer, request }
}

impl Shop {
    fn why(&self, action: &str, fixed: &[&str]) -> WhyNot {
        self.engine.why_not(&self.customer, &self.request, action, fixed).unwrap()
    }

    fn first(&self, action: &str, fixed: &[&str]) -> String {
        self.why(action, fixed).to_string().lines().next().unwrap().to_owned()
    }
}

#[test]
fn the_fewest_changes_are_told_for_people() {
    let mut shop = shop();
    assert_eq!(shop.first("p.c.adult", &[]), "p.c.adult would win with age = 18, vip = true");
    assert_eq!(shop.first("p.c.rain", &[]), "p.c.rain would win with context.weather = \"rain\"");
    assert_eq!(shop.first("p.c.local", &[]), "p.c.local would win with city = \"Lyon\"");
    assert_eq!(shop.first("p.c.fresh", &[]), "p.c.fresh would win with now 2026-04-08T20:00:00Z");
    assert_eq!(shop.first("p.c.loyal", &[]), "p.c.loyal would win had there been one order at 2026-03-10T21:00:00Z");
    // Nothing that is fixed is changed.
    let fixed = shop.why("p.c.local", &["city"]);
    assert_eq!(fixed.answer, Answer::Never);
    assert_eq!(
        fixed.to_string(),
        "p.c.local does not win, whatever is changed\n  left at eligible: eligible when city = \"Lyon\""
    );
    // A consent, and the end of quiet hours.
    assert_eq!(
        shop.first("p.c.mail", &[]),
        "p.c.mail would win with consent email.marketing, now 2026-03-11T08:00:00Z"
    );
    // Another one wins; with the same worth it is declared before.
    shop.customer.set("age", 20).unwrap().set("vip", true).unwrap();
    assert_eq!(shop.first("p.c.adult", &[]), "p.c.adult wins");
    let rain = shop.why("p.c.rain", &[]);
    assert_eq!(rain.stopped.first().map(|(stage, _)| *stage), Some(Stage::Suitable));
    assert_eq!(rain.to_string().lines().next().unwrap().matches(", ").count(), 1, "{rain}");
    shop.request = shop.request.clone().halt("p").unwrap();
    assert_eq!(shop.first("p.c.adult", &[]), "p.c.adult would win with nothing halted or blocked");
    shop.customer.add_consent(Consent::granted("email", "marketing", Instant::MIN)).unwrap();
    assert!(shop.engine.why_not(&shop.customer, &shop.request, "p.c.none", &[]).is_none());
}
