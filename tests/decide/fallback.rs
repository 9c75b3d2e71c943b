//! What is shown where nothing else is, and how many of one kind a decision shows.

use nextbest::{Consent, Decision, Engine, Instant, Reason, Record, Ruleset, Stage};

const NOW: &str = "2026-03-10T12:00:00+01:00";

struct Shop {
    engine: Engine<Record>,
    customer: Record,
}

impl Shop {
    fn of(rules: &str) -> Self {
        let text = format!(
            "ruleset shop {{ zone \"Europe/Paris\"  currency EUR }}\nprofile {{ person id  vip bool? }}\n\
             channel web inbound {{ slot hero 1  slot banner 3 }}\n\
             channel email outbound needs consent email.marketing\n{rules}"
        );
        let rules = Ruleset::parse(&[("shop.nba", text)]).unwrap_or_else(|error| panic!("{error}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        let mut customer = rules.record_schema().unwrap().record();
        customer.set("person", "ann").unwrap();
        Shop { engine, customer }
    }

    fn on(&self, places: &[&str]) -> Decision {
        let mut request = self.engine.request(Instant::parse(NOW).unwrap());
        for place in places {
            request = request.channel(place).unwrap();
        }
        let decision = self.engine.decide(&self.customer, &request);
        assert_eq!(decision, self.engine.explain(&self.customer, &request).decision);
        let json = serde_json::to_string(&decision).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
        decision
    }

    fn shown(&self, places: &[&str]) -> Vec<String> {
        let decision = self.on(places);
        let last = |action: &nextbest::Chosen| action.action.rsplit('.').next().unwrap().to_owned();
        decision.slots.iter().map(|slot| slot.action().map_or("nothing".into(), last)).collect()
    }
}

const HOUSE: &str = r#"
threshold priority >= 1 EUR
policy contact { quiet 11:00 to 13:00 on email else wait }
program shop {
  campaign daily for everyone every {
    fallback message house { treat web.hero "house"  treat email "house.mail" }
    fallback message second { treat web.hero "second" }
    offer dear { value 100 EUR  propensity 5%  eligible when vip  treat web.hero "dear" }
    offer cheap { value 1 EUR  propensity 5%  treat web.hero "cheap" }
  }
}
"#;

#[test]
fn a_fallback_is_shown_where_nothing_else_is() {
    let mut shop = Shop::of(HOUSE);
    let decision = shop.on(&["web.hero"]);
    let chosen = decision.action().unwrap();
    assert_eq!((chosen.action.as_str(), chosen.fallback, chosen.factors), ("shop.daily.house", true, None));
    assert_eq!(decision.to_string(), "web.hero: shop.daily.house \"house\", a fallback");
    assert!(serde_json::to_string(&decision).unwrap().contains("\"fallback\":true"));
    shop.customer.set("vip", true).unwrap();
    let decision = shop.on(&["web.hero"]);
    assert_eq!(decision.action().unwrap().action, "shop.daily.dear");
    assert!(!serde_json::to_string(&decision).unwrap().contains("fallback"));
}

/// It passes what all marketing has to pass, or nothing is shown.
#[test]
fn a_fallback_needs_consent_and_obeys_the_policy() {
    let mut shop = Shop::of(HOUSE);
    assert_eq!(shop.on(&["email"]).reason(), Some(Reason::NotPermitted));
    shop.customer.add_consent(Consent::granted("email", "marketing", Instant::MIN)).unwrap();
    assert_eq!(shop.on(&["email"]).reason(), Some(Reason::Quiet));
    let request = shop.engine.request(Instant::parse("2026-03-10T13:00:00+01:00").unwrap()).channel("email").unwrap();
    assert!(shop.engine.decide(&shop.customer, &request).action().unwrap().fallback);
}

const MANY: &str = r#"
program shoes {
  campaign one for everyone every {
    offer a { value 90 EUR  propensity 5%  treat web.banner "a"  treat web.hero "a" }
    offer b { value 80 EUR  propensity 5%  treat web.banner "b" }
    service s { basis contract  treat web.banner "s" }
  }
  campaign two for everyone every { offer c { value 70 EUR  propensity 5%  treat web.banner "c" } }
}
program second { campaign one for everyone every { offer d { value 60 EUR  propensity 5%  treat web.banner "d" } } }
"#;

#[test]
fn a_decision_shows_so_many_of_each() {
    let shown =
        |policy: &str, places: &[&str]| Shop::of(&format!("tiers marketing > service\n{policy}\n{MANY}")).shown(places);
    assert_eq!(shown("", &["web.banner"]), ["a", "b", "c"]);
    assert_eq!(shown("policy p { limit each program 1 per decision }", &["web.banner"]), ["a", "d", "s"]);
    assert_eq!(shown("policy p { limit each campaign 1 per decision }", &["web.banner"]), ["a", "c", "d"]);
    assert_eq!(shown("policy p { limit each program 2 per decision }", &["web.banner"]), ["a", "b", "d"]);
    // Over all slots of the decision.
    assert_eq!(shown("policy p { limit each program 1 per decision }", &["web.hero", "web.banner"]), ["a", "d", "s"]);
}

#[test]
fn what_is_enough_leaves_at_the_cap_unless_excepted() {
    let policy = "policy p { limit each program 1 per decision }";
    let shop = Shop::of(&format!("tiers marketing > service\n{policy}\n{MANY}"));
    let request = shop.engine.request(Instant::parse(NOW).unwrap()).channel("web.banner").unwrap();
    let explained = shop.engine.explain(&shop.customer, &request);
    let b = &explained.slots[1].candidates[1];
    assert_eq!((b.left, b.clause.as_str(), b.retry_at), (Some(Stage::Cap), "limit each program 1 per decision", None));
    let excepted = MANY.replace("offer b {", "offer b { except limit of policy p because \"part of a pair\"");
    let shop = Shop::of(&format!("tiers marketing > service\n{policy}\n{excepted}"));
    assert_eq!(shop.shown(&["web.banner"]), ["a", "b", "d"]);
    let explained = shop.engine.explain(&shop.customer, &request_of(&shop));
    assert_eq!(explained.slots[0].candidates[1].exceptions, [""; 0]);
    assert_eq!(explained.slots[1].candidates[1].exceptions, ["except limit of policy p because \"part of a pair\""]);
}

fn request_of(shop: &Shop) -> nextbest::Request {
    shop.engine.request(Instant::parse(NOW).unwrap()).channel("web.banner").unwrap()
}
