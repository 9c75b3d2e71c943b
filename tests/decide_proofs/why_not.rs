//! What would make an action win: it does, and with less it does not.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::oracle::engine::engine;
use crate::oracle::generate::Rng;
use crate::oracle::generate::catalogue::{self, CHANNELS};
use crate::parallel::{in_parallel, setting};
use nextbest::testing::{Answer, WhyNot};
use nextbest::{Consent, Engine, Instant, Record, Request, Ruleset, Stage};

fn wins(engine: &Engine<Record>, customer: &Record, request: &Request, action: &str) -> bool {
    engine.decide(customer, request).slots.iter().filter_map(|slot| slot.action()).any(|chosen| chosen.action == action)
}

#[test]
fn generated_rules_are_won_with_the_changes_and_not_with_fewer() {
    let (changed, never) = (AtomicU64::new(0), AtomicU64::new(0));
    let cases = setting("NEXTBEST_CASES").unwrap_or(16);
    in_parallel(cases, |seed| {
        let mut rng = Rng::new(seed + 5_000);
        let text = catalogue::rules(&mut rng);
        let subject = engine(&text).unwrap_or_else(|problems| panic!("case {seed}\n{text}\n{problems}"));
        let actions: Vec<String> = subject.rules().actions().map(|(path, ..)| path).collect();
        let situation = catalogue::situation(&mut rng, subject.rules().zone);
        let (record, request) = subject.asked(&situation);
        let request = CHANNELS.iter().fold(request, |request, channel| request.channel(channel).unwrap());
        for action in actions.iter().take(4) {
            let why = subject.engine().why_not(&record, &request, action, &["clv"]).unwrap();
            let told = || format!("case {seed}\n{text}\n{situation}\n{why}");
            assert_eq!(why.answer == Answer::Wins, wins(subject.engine(), &record, &request, action), "{}", told());
            let Answer::Changes(changes) = &why.answer else {
                never.fetch_add(u64::from(why.answer == Answer::Never), Ordering::Relaxed);
                continue;
            };
            let with = |left_out: Option<usize>| {
                let mut some = changes.clone();
                left_out.into_iter().for_each(|place| drop(some.remove(place)));
                let mut why = why.clone();
                why.answer = Answer::Changes(some);
                let (record, request) = why.changed(&record, &request);
                wins(subject.engine(), &record, &request, action)
            };
            assert!(with(None), "it does not win\n{}", told());
            for place in 0..changes.len() {
                assert!(!with(Some(place)), "{:?} is not needed\n{}", changes.get(place), told());
            }
            assert!(!why.to_string().contains(" clv = "), "{}", told());
            changed.fetch_add(1, Ordering::Relaxed);
        }
        true
    });
    println!("{changed:?} with changes, {never:?} never");
    assert!(cases < 16 || changed.into_inner() >= 8);
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
    assert_eq!(shop.first("p.c.loyal", &[]), "p.c.loyal would win with order at 2026-03-10T21:00:00Z");
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
