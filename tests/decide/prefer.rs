//! Which channel comes first: `prefer channel`.

use nextbest::{Answer, Engine, FoundValue, Instant, Record, Reveal, Ruleset};

const WORLD: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  likes text?  reach enum(email, sms, post)?  secret text? pii }
event order {}
channel web inbound { slot hero 1  slot banner 2 }
channel email outbound needs consent email.marketing
channel sms outbound needs consent sms.marketing
program shop {
  campaign daily for everyone every {
    offer best { value 30 EUR propensity 10%  treat web.banner "b" treat email "b" treat sms "b" }
    offer good { value 20 EUR propensity 10%  treat web.banner "g" treat email "g" treat sms "g" }
    offer fair { value 10 EUR propensity 10%  treat web.hero "f" treat web.banner "f" treat email "f" treat sms "f" }
  }
}
"#;

const NOW: &str = "2026-03-10T12:00:00+01:00";

struct Shop {
    engine: Engine<Record>,
    customer: Record,
}

impl Shop {
    /// A policy of these lines.
    fn under(lines: &str) -> Self {
        let rules = Ruleset::parse(&[("shop.nba", format!("{WORLD} policy contact {{ {lines} }}"))])
            .unwrap_or_else(|error| panic!("{error}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        let mut customer = rules.record_schema().unwrap().record();
        for channel in ["email", "sms"] {
            customer.add_consent(nextbest::Consent::granted(channel, "marketing", Instant::MIN)).unwrap();
        }
        Shop { engine, customer }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.customer.set(name, value).unwrap();
        self
    }

    fn request(&self, channels: &[&str]) -> nextbest::Request {
        let request = self.engine.request(Instant::parse(NOW).unwrap());
        channels.iter().fold(request, |request, channel| request.channel(channel).unwrap())
    }

    /// `email best, sms good`
    fn on(&self, channels: &[&str]) -> String {
        let request = self.request(channels);
        let decision = self.engine.decide(&self.customer, &request);
        assert_eq!(self.engine.explain(&self.customer, &request).decision, decision);
        let slots = decision.slots.iter().map(|slot| {
            let action = match &slot.answer {
                Answer::Action(chosen) => chosen.action.rsplit('.').next().unwrap().to_owned(),
                Answer::Nothing(nothing) => nothing.reason.to_string(),
            };
            let place = slot.slot.as_ref().map_or(slot.channel.clone(), |name| format!("{}.{name}", slot.channel));
            format!("{place} {action}")
        });
        slots.collect::<Vec<_>>().join(", ")
    }
}

#[test]
fn the_best_action_goes_to_the_preferred_channel() {
    let shop = || Shop::under("prefer channel likes else sms");
    assert_eq!(shop().with("likes", "email").on(&["sms", "email"]), "sms good, email best");
    assert_eq!(shop().with("likes", "sms").on(&["email", "sms"]), "email good, sms best");
    // What nobody asks for, or is no channel, or is missing, changes nothing: then comes what stands behind `else`.
    for nothing in ["web", "pigeon"] {
        assert_eq!(shop().with("likes", nothing).on(&["email", "sms"]), "email good, sms best");
    }
    assert_eq!(shop().on(&["email", "sms"]), "email good, sms best");
    let alone = || Shop::under("prefer channel likes");
    assert_eq!(alone().on(&["email", "sms"]), "email best, sms good");
    assert_eq!(alone().with("likes", "pigeon").on(&["email", "sms"]), "email best, sms good");
    // The value first, then `else`, then the rest as they are asked for.
    assert_eq!(
        shop().with("likes", "email").on(&["web.banner", "sms", "email"]),
        "web.banner fair, sms good, email best"
    );
}

#[test]
fn slots_of_a_channel_keep_their_order_and_the_decision_that_of_the_request() {
    let shop = Shop::under("prefer channel likes").with("likes", "web");
    assert_eq!(
        shop.on(&["email", "web", "sms"]),
        "email no candidate, web.hero fair, web.banner best, web.banner good, sms no candidate"
    );
    let names = |channels: &[&str]| -> Vec<String> {
        let slots = shop.engine.explain(&shop.customer, &shop.request(channels)).slots;
        slots
            .into_iter()
            .map(|slot| slot.slot.map_or(slot.channel.clone(), |name| format!("{}.{name}", slot.channel)))
            .collect()
    };
    assert_eq!(names(&["email", "web"]), ["email", "web.hero", "web.banner", "web.banner"]);
}

#[test]
fn a_cap_leaves_the_preferred_channel_its_message() {
    let shop = Shop::under("prefer channel reach  cap marketing on any at most 1 per calendar day");
    assert_eq!(shop.on(&["email", "sms"]), "email best, sms capped");
    assert_eq!(shop.with("reach", "sms").on(&["email", "sms"]), "email capped, sms best");
}

#[test]
fn it_is_no_permission() {
    let mut shop = Shop::under("prefer channel \"sms\"");
    shop.customer.add_consent(nextbest::Consent::denied("sms", "marketing", Instant::parse(NOW).unwrap())).unwrap();
    assert_eq!(shop.on(&["email", "sms"]), "email best, sms not permitted");
}

#[test]
fn the_explanation_says_which_and_why() {
    let shop = Shop::under("prefer channel likes else sms").with("likes", "email");
    let told = |shop: &Shop, channels: &[&str]| {
        shop.engine.explain(&shop.customer, &shop.request(channels)).preferred.map(|told| (told.channels, told.found))
    };
    let (channels, found) = told(&shop, &["web.hero", "sms", "email"]).unwrap();
    assert_eq!(
        (channels.as_slice(), found),
        (&["email".to_owned(), "sms".to_owned()][..], FoundValue::Value("email".into()))
    );
    let (channels, _) = told(&shop, &["web.hero", "sms"]).unwrap();
    assert_eq!(channels, ["sms"]);
    assert_eq!(told(&shop, &["sms"]), None, "there is nothing to prefer it to");
    let text = shop.engine.explain(&shop.customer, &shop.request(&["sms", "email"])).to_string();
    assert!(text.contains("first of all email, sms: prefer channel likes else sms; it is \"email\""), "{text}");
    let missing = Shop::under("prefer channel likes");
    assert_eq!(told(&missing, &["sms", "email"]), Some((vec![], FoundValue::Missing)));
}

#[test]
fn what_is_personal_is_not_shown() {
    let shop = Shop::under("prefer channel secret else sms").with("secret", "email");
    let request = shop.request(&["sms", "email"]);
    assert_eq!(shop.on(&["sms", "email"]), "sms good, email best");
    let hidden = shop.engine.explain(&shop.customer, &request).preferred.unwrap();
    assert_eq!((hidden.channels.as_slice(), hidden.found), (&["sms".to_owned()][..], FoundValue::Redacted));
    let shown = shop.engine.explain_revealing(&shop.customer, &request, Reveal).preferred.unwrap();
    assert_eq!(shown.channels, ["email", "sms"]);
}
