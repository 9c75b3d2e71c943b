//! What is shown where: slots, conditions, languages and parameters of treatments.

use nextbest::{Decision, Engine, Instant, Reason, Record, Ruleset, Stage, Value};

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  first_name text? pii  language enum(fr, de, en)?  visits int?  clv money EUR?  member bool? }
context { device enum(phone, desktop)? }
event view { product text }
channel web        inbound { slot hero 1  slot banner 2 }
channel app        inbound
channel email      outbound needs consent email.marketing cost 0.01 EUR
program shop {
  campaign daily for everyone every {
    offer shoes  { value 30 EUR  propensity 10%  treat web.hero "shoes.hero"  treat web.banner "shoes.banner" }
    offer books { value 20 EUR  propensity 10%  treat web.banner "books.banner"  treat web.hero "books.hero" }
    offer hats  { value 10 EUR  propensity 10%  treat web.banner "hats.banner" when context.device = "phone" }
    message hello {
      value 5 EUR  propensity 10%
      treat app "hello.seen" with { product: last(view).product, visits: visits else 0, worth: clv else 0 EUR }
                             when visits > 2
      treat app "hello.named" in [fr, de] with { name: first_name, member: member }
      treat email "hello.mail" in [en, fr]
    }
  }
}
"#;

struct Shop {
    engine: Engine<Record>,
    customer: Record,
    device: Option<&'static str>,
}

impl Shop {
    fn new() -> Self {
        let rules = Ruleset::parse(&[("shop.nba", RULES)]).unwrap_or_else(|error| panic!("{error}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        assert!(engine.warnings().is_empty(), "{}", engine.warnings());
        Shop { engine, customer: rules.record_schema().unwrap().record(), device: None }
    }

    fn on(&self, channels: &[&str]) -> Decision {
        let mut request = self.engine.request(Instant::parse("2026-03-10T12:00:00+01:00").unwrap());
        for channel in channels {
            request = request.channel(channel).unwrap();
        }
        if let Some(device) = self.device {
            request = request.context("device", device).unwrap();
        }
        let decision = self.engine.decide(&self.customer, &request);
        assert_eq!(decision, self.engine.explain(&self.customer, &request).decision);
        decision
    }

    /// What is shown: `hero shoes.hero`, `banner nothing`.
    fn shown(&self, channels: &[&str]) -> Vec<String> {
        let decision = self.on(channels);
        let shown = decision.slots.iter().map(|slot| {
            let name = slot.slot.as_deref().unwrap_or(&slot.channel);
            format!("{name} {}", slot.action().map_or("nothing", |action| action.content.as_str()))
        });
        shown.collect()
    }

    fn left_at(&self, action: &str, channel: &str) -> (Option<Stage>, String) {
        let request = self.engine.request(Instant::parse("2026-03-10T12:00:00+01:00").unwrap());
        let explanation = self.engine.explain(&self.customer, &request.channel(channel).unwrap());
        let found = explanation.slots[0].candidates.iter().find(|candidate| candidate.action == action).unwrap();
        (found.left, found.clause.clone())
    }
}

#[test]
fn a_slot_shows_as_many_as_it_can_and_an_action_fills_one() {
    let mut shop = Shop::new();
    assert_eq!(shop.shown(&["web"]), ["hero shoes.hero", "banner books.banner"], "none is left for the second banner");
    shop.device = Some("phone");
    assert_eq!(shop.shown(&["web"]), ["hero shoes.hero", "banner books.banner", "banner hats.banner"]);
    assert_eq!(shop.shown(&["web.banner"]), ["banner shoes.banner", "banner books.banner"]);
    assert_eq!(shop.shown(&["web.banner", "web.hero"]), ["banner shoes.banner", "banner books.banner", "hero nothing"]);
    assert_eq!(shop.shown(&["web.hero", "web"]), shop.shown(&["web"]), "asked for twice is asked for once");
    assert_eq!(
        shop.on(&["web.hero", "app"]).to_string().lines().next(),
        Some("web.hero: shop.daily.shoes \"shoes.hero\", priority 3.0000 EUR = 10% of 30.00 EUR")
    );
}

#[test]
fn a_place_that_is_not_there_is_refused() {
    let shop = Shop::new();
    let request = |name: &str| shop.engine.request(Instant::from_millis(0)).channel(name).unwrap_err().to_string();
    assert_eq!(request("web.heroo"), "the channel `web` has no slot `heroo`; did you mean `hero`?");
    assert_eq!(request("ap"), "there is no channel `ap`; did you mean `app`?");
    assert_eq!(request("app.top"), "the channel `app` has no slot `top`");
}

#[test]
fn a_treatment_is_for_those_who_meet_its_condition() {
    let mut shop = Shop::new();
    assert_eq!(
        shop.left_at("shop.daily.hats", "web.banner"),
        (Some(Stage::Treatment), "context.device = \"phone\"".into())
    );
    assert_eq!(
        shop.left_at("shop.daily.hello", "web.banner"),
        (Some(Stage::Treatment), String::new()),
        "nothing to show"
    );
    shop.device = Some("desktop");
    assert_eq!(shop.shown(&["web.banner"]), ["banner shoes.banner", "banner books.banner"]);
}

#[test]
fn content_is_filled_or_another_is_shown() {
    let mut shop = Shop::new();
    // Neither a product nor a name: nothing is greeted without one.
    assert_eq!(shop.on(&["app"]).reason(), Some(Reason::NoCandidate));
    assert_eq!(shop.left_at("shop.daily.hello", "app"), (Some(Stage::Treatment), "visits > 2".into()));
    shop.customer.set("visits", 3).unwrap();
    assert_eq!(shop.left_at("shop.daily.hello", "app").1, "product: last(view).product");
    shop.customer.set("first_name", "Zoë").unwrap();
    assert_eq!(shop.on(&["app"]).reason(), Some(Reason::NoCandidate), "not known whether a member");
    shop.customer.set("member", false).unwrap();
    assert_eq!(shop.shown(&["app"]), ["app hello.named"]);
    shop.customer
        .add_event("view", Instant::parse("2026-03-09T12:00:00Z").unwrap(), [("product", "boots".into())])
        .unwrap();
    let decision = shop.on(&["app"]);
    let action = decision.action().unwrap();
    assert_eq!(action.content, "hello.seen");
    let named: Vec<String> = action.parameters.iter().map(ToString::to_string).collect();
    assert_eq!(named, ["product: boots", "visits: 3", "worth: 0.00 EUR"]);
    let json = serde_json::to_string(&decision).unwrap();
    assert!(json.contains(r#"{"name":"product","type":"text","value":"boots"}"#), "{json}");
    assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
}

#[test]
fn the_language_is_the_customers_or_the_first() {
    let mut shop = Shop::new();
    shop.customer.set("first_name", "Zoë").unwrap();
    shop.customer.set("member", true).unwrap();
    let language = |shop: &Shop| shop.on(&["app"]).action().unwrap().language.clone().unwrap();
    assert_eq!(language(&shop), "fr", "not known");
    shop.customer.set("language", "de").unwrap();
    assert_eq!(language(&shop), "de");
    shop.customer.set("language", "en").unwrap();
    assert_eq!(language(&shop), "fr", "there is none in English");
}

#[test]
fn personal_data_fills_content_and_is_shown_nowhere() {
    let mut shop = Shop::new();
    shop.customer.set("first_name", "Canary").unwrap();
    shop.customer.set("member", true).unwrap();
    let decision = shop.on(&["app"]);
    let name = &decision.action().unwrap().parameters[0];
    assert_eq!((name.name.as_str(), &name.value), ("name", &Some(Value::Text("Canary".into()))));
    let json = serde_json::to_string(&decision).unwrap();
    for shown in [&format!("{decision:?}"), &decision.to_string(), &json] {
        assert!(!shown.contains("Canary") && shown.contains("redacted"), "{shown}");
    }
    let back: Decision = serde_json::from_str(&json).unwrap();
    assert_eq!(back.action().unwrap().parameters[0].value, None);
    assert_eq!(serde_json::to_string(&back).unwrap(), json);
}
