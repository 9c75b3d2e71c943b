//! `explore`: what is drawn, and how likely it was.

#[path = "../oracle/explore.rs"]
mod naive;

use std::collections::BTreeMap;

use naive::Stream;
use nextbest::bucket::{bucket, threshold};
use nextbest::{Decision, Engine, Instant, Record, RecordSchema, Request, Ruleset};

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  vip bool? }
channel web  inbound
channel app  inbound { slot top 2 }
channel desk inbound
channel mail outbound needs consent mail.marketing
policy contact { cap marketing of p.c.good on app never }
program p {
  campaign c for everyone every {
    offer best  { value 10 EUR  propensity 12% trust 50 contacts  treat web "best"  treat app.top "best"  treat mail "best" }
    offer good  { value 10 EUR  propensity 10% trust 20 contacts  treat web "good"  treat app.top "good" }
    offer fair  { value 10 EUR  propensity 8% trust 10 contacts   treat web "fair"  treat app.top "fair" }
    offer known { value 10 EUR  propensity 9%  eligible when vip  treat web "known" }
    offer poor  { value 0.10 EUR  propensity 1% trust 10 contacts  treat web "poor"  treat desk "poor" }
    service owed { basis contract  treat desk "owed" }
  }
}
threshold priority >= 0.05 EUR
"#;

const NOW: &str = "2026-03-10T12:00:00+01:00";
const WEB: [(&str, f64, f64); 3] = [("p.c.best", 0.12, 50.0), ("p.c.good", 0.10, 20.0), ("p.c.fair", 0.08, 10.0)];

struct Shop {
    engine: Engine<Record>,
    schema: RecordSchema,
}

impl Shop {
    fn new(explore: &str) -> Self {
        let rules = Ruleset::parse(&[("shop.nba", &format!("{RULES}{explore}"))]).unwrap_or_else(|e| panic!("{e}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        Shop { engine, schema: rules.record_schema().unwrap() }
    }

    fn request(&self, channel: &str) -> Request {
        self.engine.request(Instant::parse(NOW).unwrap()).channel(channel).unwrap()
    }

    fn decide(&self, id: &str, request: &Request) -> Decision {
        let mut customer = self.schema.record();
        customer.set("person", id).unwrap();
        self.engine.decide(&customer, request)
    }

    /// The same, with all that must hold of every decision.
    fn checked(&self, id: &str, request: &Request) -> Decision {
        let mut customer = self.schema.record();
        customer.set("person", id).unwrap();
        let explanation = self.engine.explain(&customer, request);
        let decision = self.decide(id, request);
        assert_eq!(decision, explanation.decision);
        let json = serde_json::to_string(&decision).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
        for (slot, trace) in decision.slots.iter().zip(&explanation.slots) {
            let Some(chosen) = slot.action() else { continue };
            let told: Vec<f64> = trace.candidates.iter().filter_map(|candidate| candidate.probability).collect();
            let sum: f64 = told.iter().sum();
            assert!(told.is_empty() || (sum - 1.0).abs() < 1e-12, "{told:?}");
            let winner = trace.candidates.iter().find(|candidate| candidate.left.is_none()).unwrap();
            assert_eq!(winner.probability.unwrap_or(1.0), chosen.probability);
        }
        decision
    }
}

fn ids(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("customer-{number}"))
}

/// How often each action was chosen for so many customers who are alike, and the mean of the probabilities told.
fn frequencies(shop: &Shop, request: &Request, count: usize) -> BTreeMap<String, (f64, f64)> {
    let mut found: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for id in ids(count) {
        let decision = shop.decide(&id, request);
        let chosen = decision.action().unwrap();
        let (times, told) = found.entry(chosen.action.clone()).or_default();
        *times += 1.0;
        *told += chosen.probability;
    }
    found.into_iter().map(|(action, (times, told))| (action, (times / count as f64, told / times))).collect()
}

/// Five standard deviations of a share of so many.
fn bound(chance: f64, count: usize) -> f64 {
    5.0 * (chance * (1.0 - chance) / count as f64).sqrt()
}

fn now() -> String {
    Instant::parse(NOW).unwrap().millis().to_string()
}

#[test]
fn epsilon_shuffles_once_in_a_while() {
    let shop = Shop::new("explore epsilon 30%");
    let mut explored = 0;
    for id in ids(2000) {
        let decision = shop.checked(&id, &shop.request("web"));
        let chosen = decision.action().unwrap();
        let tries = threshold("30").unwrap().contains(bucket(&["explore", &now(), "0"], &id));
        let key = |action: &str| Stream::of(&now(), 0, action, &id).uniform();
        let actions = WEB.map(|(action, ..)| action);
        let expected = match tries {
            true => actions.into_iter().max_by(|a, b| key(a).total_cmp(&key(b))).unwrap(),
            false => "p.c.best",
        };
        assert_eq!(chosen.action, expected);
        assert_eq!(chosen.explored, expected != "p.c.best");
        let probability = if expected == "p.c.best" { 1.0 - 0.3 + 0.3 / 3.0 } else { 0.3 / 3.0 };
        assert_eq!((chosen.probability, chosen.draws), (probability, None));
        explored += usize::from(chosen.explored);
    }
    assert!((320..480).contains(&explored), "{explored} of 2000, where 400 are expected");
}

#[test]
fn softmax_goes_by_the_exponential_of_the_priority() {
    let shop = Shop::new("explore softmax 0.20 EUR");
    let weights = WEB.map(|(_, propensity, _)| libm::exp((propensity * 1000.0 - 120.0) / 20.0));
    let sum: f64 = weights.iter().sum();
    for id in ids(2000) {
        let decision = shop.checked(&id, &shop.request("web"));
        let chosen = decision.action().unwrap();
        let key = |(action, propensity, _): (&str, f64, f64)| {
            propensity * 1000.0 / 20.0 + Stream::of(&now(), 0, action, &id).gumbel()
        };
        let (number, _) = WEB.into_iter().enumerate().max_by(|a, b| key(a.1).total_cmp(&key(b.1))).unwrap();
        assert_eq!(chosen.action, WEB[number].0);
        assert!((chosen.probability - weights[number] / sum).abs() < 1e-12, "{chosen:?}");
    }
}

#[test]
fn thompson_goes_by_chances_as_they_may_be() {
    let shop = Shop::new("explore thompson 40 draws");
    let request = shop.request("web").evidence("p.c.fair", 30, 290).unwrap();
    // (start · trust + positives) of trust + contacts.
    let known = [(6.0, 50.0), (2.0, 20.0), (0.8 + 30.0, 10.0 + 290.0)];
    for id in ids(500) {
        let decision = shop.checked(&id, &request);
        let chosen = decision.action().unwrap();
        let mut streams = WEB.map(|(action, ..)| Stream::of(&now(), 0, action, &id));
        let mut first = [0; 3];
        let mut decided = None;
        for _ in 0..40 {
            let mut best = (0, f64::NEG_INFINITY);
            for (number, (stream, (successes, of))) in streams.iter_mut().zip(known).enumerate() {
                let mean = successes / of;
                let drawn = stream.beta(mean * of, (1.0 - mean) * of);
                if drawn > best.1 {
                    best = (number, drawn);
                }
            }
            first[best.0] += 1;
            decided = decided.or(Some(best.0));
        }
        let decided = decided.unwrap();
        assert_eq!(chosen.action, WEB[decided].0, "{id}");
        assert_eq!((chosen.probability, chosen.draws), (f64::from(first[decided]) / 40.0, Some(40)));
    }
}

#[test]
fn the_probability_told_is_how_often_it_happens() {
    const COUNT: usize = 100_000;
    for explore in ["explore epsilon 12%", "explore softmax 0.15 EUR"] {
        let shop = Shop::new(explore);
        let found = frequencies(&shop, &shop.request("web"), COUNT);
        assert_eq!(found.len(), 3, "{found:?}");
        for (action, (times, told)) in found {
            assert!((times - told).abs() < bound(told, COUNT), "{explore}: {action} {times}, {told} were told");
        }
    }
}

/// The chance that the first of two is greater, by the densities of both, in 20,000 steps.
fn greater(first: (f64, f64), second: (f64, f64)) -> f64 {
    const STEPS: usize = 20_000;
    let density = |(a, b): (f64, f64), x: f64| {
        let norm = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
        libm::exp(norm + (a - 1.0) * libm::log(x) + (b - 1.0) * libm::log(1.0 - x))
    };
    let (mut below, mut sum) = (0.0, 0.0);
    for step in 0..STEPS {
        let x = (step as f64 + 0.5) / STEPS as f64;
        let here = density(second, x) / STEPS as f64;
        sum += density(first, x) / STEPS as f64 * (below + here / 2.0);
        below += here;
    }
    sum
}

#[test]
fn thompson_is_as_likely_as_the_integral_says() {
    const COUNT: usize = 20_000;
    let shop = Shop::new("explore thompson 25 draws");
    let request = shop.request("web").halt("p.c.good").unwrap();
    let found = frequencies(&shop, &request, COUNT);
    let chance = greater((6.0, 44.0), (0.8, 9.2));
    let (times, _) = found["p.c.best"];
    assert!((times - chance).abs() < bound(chance, COUNT) + 1e-3, "{times}, where {chance} is expected");
    // Each estimate has the draw that decided in it, which weighs one in 25.
    let told: f64 =
        ids(2000).map(|id| shop.decide(&id, &request).action().unwrap().clone()).fold(0.0, |sum, chosen| {
            sum + if chosen.action == "p.c.best" { chosen.probability } else { 1.0 - chosen.probability }
        }) / 2000.0;
    assert!((told - chance).abs() < 0.02, "{told}, where {chance} is expected");
}

#[test]
fn only_what_could_be_shown_is_tried() {
    let shop = Shop::new("explore epsilon 100%");
    for id in ids(300) {
        // What is not eligible, not worth it, or capped, is not; each slot draws anew.
        let decision = shop.checked(&id, &shop.request("app"));
        let shown: Vec<_> = decision.slots.iter().filter_map(|slot| slot.action()).collect();
        assert_eq!(shown.iter().map(|chosen| chosen.probability).collect::<Vec<_>>(), [0.5, 1.0]);
        assert!(shown.iter().all(|chosen| chosen.action != "p.c.good"));
        // Service is not weighed, nor passed by what is.
        let decision = shop.checked(&id, &shop.request("desk"));
        let owed = decision.action().unwrap();
        assert_eq!((owed.action.as_str(), owed.probability, owed.explored), ("p.c.owed", 1.0, false));
        // Consent is asked before.
        assert!(shop.checked(&id, &shop.request("mail")).action().is_none());
    }
    let slots: Vec<String> =
        ids(300).map(|id| shop.decide(&id, &shop.request("app")).action().unwrap().action.clone()).collect();
    assert!((100..200).contains(&slots.iter().filter(|action| *action == "p.c.best").count()));
}

#[test]
fn the_same_seed_draws_the_same_and_previews_draw_nothing() {
    let shop = Shop::new("explore softmax 1 EUR");
    let later = |request: Request| request.at(Instant::parse("2026-03-11T12:00:00+01:00").unwrap());
    let actions = |request: &Request| -> Vec<String> {
        ids(200).map(|id| shop.decide(&id, request).action().unwrap().action.clone()).collect()
    };
    let today = actions(&shop.request("web"));
    assert_eq!(today, actions(&shop.request("web")));
    assert_ne!(today, actions(&later(shop.request("web"))));
    let session = actions(&shop.request("web").seed("session 1"));
    assert_eq!(session, actions(&later(shop.request("web").seed("session 1"))));
    assert_ne!(session, actions(&shop.request("web").seed("session 2")));
    let preview = shop.request("web").undrawn();
    assert!(ids(50).all(|id| shop.checked(&id, &preview).action().unwrap().action == "p.c.best"));
    // Who has no id is not drawn for anything.
    let nobody = shop.engine.decide(&shop.schema.record(), &shop.request("web"));
    assert_eq!(nobody.action().unwrap().action, "p.c.best");
    assert_eq!(nobody.action().unwrap().probability, 1.0);
}

#[test]
fn what_was_tried_is_told() {
    let shop = Shop::new("explore epsilon 2%");
    let id = ids(2000).find(|id| shop.decide(id, &shop.request("web")).action().unwrap().explored).unwrap();
    let text = shop.decide(&id, &shop.request("web")).to_string();
    assert!(text.ends_with(", probability 0.6667%"), "{text}");
    let mut customer = shop.schema.record();
    customer.set("person", id).unwrap();
    let explained = shop.engine.explain(&customer, &shop.request("web")).to_string();
    assert!(explained.contains(", probability 0.9867\n"), "{explained}");
}
