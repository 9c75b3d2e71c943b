//! Decisions, stage by stage.

use nextbest::{
    Answer, Consent, Contact, ContactKind, Decision, Engine, Instant, Outcome, Reason, Record, Request, Ruleset, Stage,
};

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  age int?  owner bool?  email text? pii }
event order { total money EUR }
segment adult when age >= 18
segment lapsed "Silent for 30 days" when any(order) and none(order within 30 days)
channel email outbound needs consent email.marketing
channel web inbound
policy contact { cap marketing on email at most 2 in any 7 days }
threshold priority >= 0.05 EUR
program winback {
  campaign back for lapsed again after 60 days since exposed {
    offer gift { value 12 EUR cost 5 EUR propensity 3%  treat email "gift.mail"  treat web "gift.web" }
  }
}
program sales {
  campaign roof for adult every {
    suitable when email is known
    offer quote {
      value 25% of sum(order.total)  propensity 1%
      suppress when owner because "already a customer"
      treat email "roof.mail"  treat web "roof.web"
    }
  }
  campaign hello for everyone {
    message welcome { value 1 EUR propensity 20%  treat web "hello.web" }
  }
}
program service {
  campaign care for everyone every {
    service apology { basis contract  eligible when count(order) >= 5  treat web "care.web"  treat email "care.mail" }
  }
}
"#;

struct Shop {
    engine: Engine<Record>,
    customer: Record,
    now: Instant,
}

impl Shop {
    fn new() -> Self {
        Self::with(RULES)
    }

    fn with(rules: &str) -> Self {
        let rules = Ruleset::parse(&[("shop.nba", rules)]).unwrap_or_else(|error| panic!("{error}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        assert!(engine.warnings().is_empty(), "{}", engine.warnings());
        let customer = rules.record_schema().unwrap().record();
        Shop { engine, customer, now: Instant::parse("2026-03-10T12:00:00+01:00").unwrap() }
    }

    fn days_ago(&self, days: i64) -> Instant {
        self.now.saturating_sub_millis(days * 86_400_000)
    }

    fn order(&mut self, euros: i64, days: i64) -> &mut Self {
        let at = self.days_ago(days);
        let total = nextbest::Money::new(euros * 100, nextbest::Currency::named("EUR").unwrap());
        self.customer.add_event("order", at, [("total", total.into())]).unwrap();
        self
    }

    fn consent(&mut self) -> &mut Self {
        let at = self.days_ago(100);
        self.customer.add_consent(Consent::granted("email", "marketing", at)).unwrap();
        self
    }

    fn contact(&mut self, id: &str, action: &str, outcome: Outcome, days: i64) -> &mut Self {
        let contact = Contact {
            id: id.into(),
            at: self.days_ago(days),
            outcome,
            action: action.into(),
            kind: ContactKind::Offer,
            channel: "email".into(),
            variant: None,
        };
        self.customer.add_contact(contact).unwrap();
        self
    }

    fn request(&self, channel: &str) -> Request {
        self.engine.request(self.now).channel(channel).unwrap()
    }

    fn on(&self, channel: &str) -> Decision {
        let request = self.request(channel);
        let decision = self.engine.decide(&self.customer, &request);
        let explanation = self.engine.explain(&self.customer, &request);
        assert_eq!(decision, explanation.decision, "decide and explain are one function");
        println!("{explanation}");
        let json = serde_json::to_string(&decision).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
        decision
    }

    fn action(&self, channel: &str) -> String {
        self.on(channel).action().map(|chosen| chosen.action.clone()).unwrap_or_default()
    }

    fn reason(&self, channel: &str) -> Option<Reason> {
        self.on(channel).reason()
    }

    fn stage_of(&self, action: &str, channel: &str) -> Option<Stage> {
        let explanation = self.engine.explain(&self.customer, &self.request(channel));
        let candidate = explanation.slots[0].candidates.iter().find(|candidate| candidate.action == action);
        candidate.unwrap().left
    }

    fn retry_at(&self, channel: &str) -> Option<Instant> {
        match &self.on(channel).slots[0].answer {
            Answer::Nothing(nothing) => nothing.retry_at,
            Answer::Action(chosen) => panic!("{chosen:?}"),
        }
    }
}

#[test]
fn nothing_without_consent() {
    let mut shop = Shop::new();
    shop.order(50, 40);
    assert_eq!(shop.reason("email"), Some(Reason::NotPermitted));
    shop.consent();
    assert_eq!(shop.action("email"), "winback.back.gift");
    assert_eq!(shop.stage_of("winback.back.gift", "email"), None);
}

#[test]
fn a_consent_that_ended_is_none() {
    let mut shop = Shop::new();
    shop.order(50, 40);
    let (at, ends) = (shop.days_ago(100), shop.now);
    shop.customer.add_consent(Consent::granted("email", "marketing", at).until(ends)).unwrap();
    assert_eq!(shop.reason("email"), Some(Reason::NotPermitted), "valid until just before its end");
}

#[test]
fn the_best_priority_wins_and_the_rest_rank_below() {
    let mut shop = Shop::new();
    shop.order(50, 40);
    // gift: 3% of 7 EUR = 0.21; welcome: 20% of 1 EUR = 0.20
    assert_eq!(shop.action("web"), "winback.back.gift");
    assert_eq!(shop.stage_of("sales.hello.welcome", "web"), Some(Stage::Rank));
    assert_eq!(shop.stage_of("sales.roof.quote", "web"), Some(Stage::Eligible));
}

#[test]
fn unknown_suppresses_and_does_not_qualify() {
    let mut shop = Shop::new();
    shop.order(5000, 2);
    shop.customer.set("age", 40).unwrap();
    assert_eq!(shop.stage_of("sales.roof.quote", "web"), Some(Stage::Suitable), "no e-mail address");
    shop.customer.set("email", "a@b.example").unwrap();
    assert_eq!(shop.stage_of("sales.roof.quote", "web"), Some(Stage::Suppression), "not known whether an owner");
    shop.customer.set("owner", true).unwrap();
    assert_eq!(shop.stage_of("sales.roof.quote", "web"), Some(Stage::Suppression));
    shop.customer.set("owner", false).unwrap();
    assert_eq!(shop.action("web"), "sales.roof.quote", "1% of a quarter of 5000 EUR");
}

#[test]
fn service_comes_first_and_needs_no_consent() {
    let mut shop = Shop::new();
    for day in 1..=5 {
        shop.order(10, day * 50);
    }
    assert_eq!(shop.action("web"), "service.care.apology");
    assert_eq!(shop.action("email"), "service.care.apology");
}

#[test]
fn a_cap_counts_contacts_once_and_says_when_it_ends() {
    let mut shop = Shop::new();
    shop.order(50, 40).consent();
    shop.contact("c1", "sales.roof.quote", Outcome::Sent, 6).contact("c1", "sales.roof.quote", Outcome::Delivered, 5);
    assert_eq!(shop.action("email"), "winback.back.gift", "one contact, twice recorded");
    shop.contact("c2", "sales.roof.quote", Outcome::Sent, 3);
    assert_eq!(shop.reason("email"), Some(Reason::Capped));
    let retry = shop.retry_at("email").unwrap();
    assert_eq!(retry, shop.days_ago(6).saturating_add_millis(7 * 86_400_000));
    let at = |now| shop.engine.decide(&shop.customer, &shop.request("email").at(now)).reason();
    assert_eq!(at(retry.saturating_sub_millis(1)), Some(Reason::Capped));
    assert_eq!(at(retry), None);
    shop.contact("c2", "sales.roof.quote", Outcome::Failed, 3);
    assert_eq!(shop.action("email"), "winback.back.gift", "a contact that failed counts for nothing");
}

#[test]
fn a_cap_on_any_channel_is_about_those_that_go_out() {
    let any = RULES.replace("cap marketing on email at most 2", "cap marketing on any at most 1");
    let mut shop = Shop::with(&any);
    shop.order(50, 40).consent();
    shop.customer.set("email", "a@x.com").unwrap().set("age", 30).unwrap().set("owner", false).unwrap();
    assert_eq!((shop.action("email"), shop.action("web")), ("winback.back.gift".into(), "winback.back.gift".into()));
    // What is shown to those who come counts for nothing, and is shown whatever was sent.
    let request = shop.request("web").channel("email").unwrap();
    let decision = shop.engine.decide(&shop.customer, &request);
    assert!(decision.slots.iter().all(|slot| slot.action().is_some()), "{decision:?}");
    shop.contact("c1", "sales.roof.quote", Outcome::Sent, 3);
    assert_eq!(shop.reason("email"), Some(Reason::Capped));
    assert_eq!(shop.action("web"), "winback.back.gift");
}

#[test]
fn a_campaign_rests_after_an_exposure() {
    let mut shop = Shop::new();
    shop.order(50, 200).consent();
    shop.contact("c1", "winback.back.gift", Outcome::Sent, 59);
    assert_eq!(shop.reason("email"), Some(Reason::Resting));
    let retry = shop.retry_at("email").unwrap();
    assert_eq!(retry.to_string(), "2026-03-11T11:00:00Z");
    assert_eq!(shop.action("web"), "sales.hello.welcome");
    shop.contact("c2", "sales.hello.welcome", Outcome::Impression, 400);
    assert_eq!(shop.stage_of("sales.hello.welcome", "web"), Some(Stage::Journey), "once is once");
}

#[test]
fn long_contact_histories_are_no_burden() {
    let mut shop = Shop::new();
    shop.order(50, 40).consent();
    // Each of 20,000 contacts is recorded thrice, and every second one failed at last.
    for number in 0..20_000 {
        let id = format!("c{number}");
        shop.contact(&id, "sales.roof.quote", Outcome::Pending, 40_000 - number);
        shop.contact(&id, "sales.roof.quote", Outcome::Sent, 40_000 - number);
        let last = if number % 2 == 0 { Outcome::Failed } else { Outcome::Clicked };
        shop.contact(&id, "sales.roof.quote", last, 40_000 - number);
    }
    assert_eq!(shop.action("email"), "winback.back.gift");
    shop.contact("x", "winback.back.gift", Outcome::Sent, 2).contact("y", "winback.back.gift", Outcome::Sent, 1);
    let rested = shop.retry_at("email").unwrap();
    assert_eq!(rested.to_string(), "2026-05-08T10:00:00Z", "60 days after the latest, on the same clock");
}

const CART: &str = r#"
ruleset cart { zone "Europe/Paris"  currency EUR }
profile { person id  vip bool }
event order { total money EUR }
channel web inbound
program cart {
  campaign left for everyone every {
    offer discount {
      value 10 EUR propensity 10%
      applicable when none(exposed(reminder) within 3 days) and (vip or none(order within 36 hours))
      applicable when any(order within 1 year) or not vip
      suppress when any(rejected(discount) within 1 month) because "did not want it"
      treat web "b"
    }
    message reminder { value 1 EUR propensity 10%  applicable when count(order) > 9  treat web "a" }
  }
}
"#;

#[test]
fn a_clause_that_time_alone_will_let_pass_says_when() {
    let rules = Ruleset::parse(&[("cart.nba", CART)]).unwrap_or_else(|error| panic!("{error}"));
    let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
    let mut customer = rules.record_schema().unwrap().record();
    customer.set("vip", false).unwrap();
    let mut shop = Shop { engine, customer, now: Instant::parse("2026-03-10T12:00:00+01:00").unwrap() };
    let held = |shop: &Shop, stage, until: &str| {
        assert_eq!(shop.stage_of("cart.left.discount", "web"), Some(stage));
        let retry = shop.retry_at("web").unwrap();
        assert_eq!(retry, Instant::parse(until).unwrap());
        let asked = |now| {
            let explanation = shop.engine.explain(&shop.customer, &shop.request("web").at(now));
            let candidates = &explanation.slots[0].candidates;
            candidates.iter().find(|candidate| candidate.action == "cart.left.discount").unwrap().left
        };
        assert_eq!(asked(retry.saturating_sub_millis(1)), Some(stage), "until then it is held back");
        assert_ne!(asked(retry), Some(stage));
    };
    assert_eq!(shop.action("web"), "cart.left.discount");
    shop.contact("a", "cart.left.reminder", Outcome::Sent, 2).contact("b", "cart.left.reminder", Outcome::Sent, 1);
    held(&shop, Stage::Applicable, "2026-03-12T12:00:00+01:00");
    shop.contact("b", "cart.left.reminder", Outcome::Failed, 0);
    held(&shop, Stage::Applicable, "2026-03-11T12:00:00+01:00");
    shop.contact("a", "cart.left.reminder", Outcome::Failed, 0);
    shop.contact("c", "cart.left.discount", Outcome::Rejected, 9);
    held(&shop, Stage::Suppression, "2026-04-01T12:00:00+02:00");
    shop.order(10, 1);
    held(&shop, Stage::Applicable, "2026-03-11T00:00:00+01:00");
    // What only an order will change, or only time will end, has no such moment.
    shop.customer.set("vip", true).unwrap();
    assert_eq!(shop.stage_of("cart.left.discount", "web"), Some(Stage::Suppression));
    shop.now = Instant::parse("2027-05-01T12:00:00+02:00").unwrap();
    assert_eq!(shop.stage_of("cart.left.discount", "web"), Some(Stage::Applicable));
    assert_eq!(shop.retry_at("web"), None);
}

#[test]
fn an_unknown_contact_history_blocks() {
    let mut shop = Shop::new();
    shop.order(50, 40).consent();
    let since = shop.days_ago(1);
    shop.customer.contacts_complete_since(since).unwrap();
    assert_eq!(shop.reason("email"), Some(Reason::Resting));
}

#[test]
fn several_channels_are_several_slots_and_an_action_fills_one() {
    let mut shop = Shop::new();
    shop.order(50, 40).consent();
    let request = shop.request("email").channel("web").unwrap();
    let decision = shop.engine.decide(&shop.customer, &request);
    let actions: Vec<&str> = decision.slots.iter().map(|slot| slot.action().unwrap().action.as_str()).collect();
    assert_eq!(actions, ["winback.back.gift", "sales.hello.welcome"]);
    assert_eq!(decision, shop.engine.explain(&shop.customer, &request).decision);
}
