//! A contextual bandit: coefficients in the rules, and what is drawn by them.

use nextbest::{Instant, Ruleset};

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  age int? }
context { weather enum(sun, rain)? }
channel web inbound
score rain on context.weather { 1 if = "rain", else 0 }
program p {
  campaign c for everyone every {
    offer umbrella { value 10 EUR  propensity logistic(-2.5 + 0.02 * number(age) + 1.5 * number(rain))  treat web "umbrella" }
    offer hat { value 10 EUR  propensity logistic(-1.5)  treat web "hat" }
  }
}
"#;

/// How likely each was, at an age and in a weather.
fn chosen(explore: &str, age: Option<i64>, weather: &str) -> (String, f64, f64) {
    let rules = Ruleset::parse(&[("shop.nba", format!("{RULES}{explore}"))]).unwrap();
    let engine = rules.bind_records().unwrap();
    let mut customer = rules.record_schema().unwrap().record();
    customer.set("person", "c1").unwrap();
    if let Some(age) = age {
        customer.set("age", age).unwrap();
    }
    let now = Instant::parse("2026-03-10T12:00:00+01:00").unwrap();
    let request = engine.request(now).channel("web").unwrap().context("weather", weather).unwrap();
    let decision = engine.decide(&customer, &request);
    assert_eq!(decision, engine.explain(&customer, &request).decision);
    let chosen = decision.action().unwrap();
    (chosen.action.clone(), chosen.factors.unwrap().propensity, chosen.probability)
}

#[test]
fn coefficients_score_the_customer_in_the_context() {
    let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    assert_eq!(chosen("", Some(20), "sun"), ("p.c.hat".into(), logistic(-1.5), 1.0));
    assert_eq!(chosen("", Some(20), "rain"), ("p.c.umbrella".into(), logistic(-2.5 + 0.02 * 20.0 + 1.5), 1.0));
    assert_eq!(chosen("", Some(90), "sun").0, "p.c.umbrella");
    assert_eq!(chosen("", None, "rain").0, "p.c.hat", "without its age there is no score");
    // A chance that no float can tell from 0 or 1 is one.
    for (bias, chance) in [(800.0, Some(1.0)), (-800.0, None)] {
        let rules = RULES.replace("logistic(-1.5)", &format!("logistic({bias:.1})"));
        let engine = Ruleset::parse(&[("shop.nba", rules)]).unwrap().bind_records().unwrap();
        let customer = nextbest::Ruleset::parse(&[("shop.nba", RULES)]).unwrap().record_schema().unwrap().record();
        let now = Instant::parse("2026-03-10T12:00:00+01:00").unwrap();
        let decision = engine.decide(&customer, &engine.request(now).channel("web").unwrap());
        assert_eq!(decision.action().map(|chosen| chosen.factors.unwrap().propensity), chance);
    }
}

#[test]
fn exploration_draws_by_them_and_tells_how_likely_it_was() {
    let (action, _, probability) = chosen("explore softmax 0.50 EUR", Some(20), "rain");
    let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    // Priorities in cents.
    let (umbrella, hat) = (1000.0 * logistic(-0.6), 1000.0 * logistic(-1.5));
    let first = 1.0 / (1.0 + libm::exp((hat - umbrella) / 50.0));
    let expected = if action == "p.c.umbrella" { first } else { 1.0 - first };
    assert!((probability - expected).abs() < 1e-12, "{action}: {probability} {expected}");
    let (action, _, probability) = chosen("explore epsilon 10%", Some(20), "rain");
    let expected = if action == "p.c.umbrella" { 0.95 } else { 0.05 };
    assert!((probability - expected).abs() < 1e-12, "{action}: {probability}");
}
