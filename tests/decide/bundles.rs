//! Actions that put others together: `offer starter bundles phone, contract`.

use nextbest::{
    Answer, CandidateTrace, Contact, ContactKind, Decision, Effect, Engine, Instant, Outcome, Reason, Record, Request,
    Ruleset, Stage, Variant,
};

const WORLD: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  age int?  owner bool?  angry bool? }
channel web inbound { slot hero 1  slot banner 2 }
channel email outbound needs consent email.marketing
"#;

/// A phone, a contract, and both together.
const SHOP: &str = r#"
program plans {
  campaign sale for everyone every {
    offer phone { value 20 EUR  propensity 5%  suppress when owner because "has one"  treat web.hero "phone"  treat web.banner "phone" }
    offer contract { value 10 EUR  propensity 5%  suitable when age >= 18  treat web.banner "contract" }
    offer starter bundles phone, contract { value 60 EUR  propensity 5%  treat web.hero "starter"  treat web.banner "starter"  treat email "starter" }
    offer gift { value 1 EUR  propensity 5%  treat web.banner "gift"  treat email "gift" }
  }
}
"#;

struct Shop {
    engine: Engine<Record>,
    customer: Record,
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

const NOW: &str = "2026-03-10T12:00:00+01:00";

impl Shop {
    fn of(rules: &str) -> Self {
        let rules = Ruleset::parse(&[("shop.nba", format!("{WORLD}{rules}"))]).unwrap_or_else(|e| panic!("{e}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        let mut customer = rules.record_schema().unwrap().record();
        customer.set("person", "ann").unwrap().set("age", 30).unwrap().set("owner", false).unwrap();
        customer.add_consent(nextbest::Consent::granted("email", "marketing", Instant::MIN)).unwrap();
        Shop { engine, customer }
    }

    fn contact(mut self, action: &str, channel: &str, when: &str) -> Self {
        let (id, action, channel) = (format!("{action} {when}"), action.into(), channel.into());
        let outcome = if channel == "web" { Outcome::Impression } else { Outcome::Sent };
        let variant = Some(Variant::new("text", "b"));
        let contact = Contact { id, at: at(when), outcome, action, kind: ContactKind::Offer, channel, variant };
        self.customer.add_contact(contact).unwrap();
        self
    }

    fn request(&self, channel: &str) -> Request {
        self.engine.request(at(NOW)).channel(channel).unwrap()
    }

    fn decide(&self, request: &Request) -> Decision {
        let decision = self.engine.decide(&self.customer, request);
        assert_eq!(self.engine.explain(&self.customer, request).decision, decision);
        decision
    }

    fn names(&self, request: &Request) -> String {
        let slots = self.decide(request).slots;
        let names = slots.iter().map(|slot| match &slot.answer {
            Answer::Action(chosen) => chosen.action.rsplit('.').next().unwrap().to_owned(),
            Answer::Nothing(nothing) => nothing.reason.to_string(),
        });
        names.collect::<Vec<_>>().join(", ")
    }

    fn on(&self, channel: &str) -> String {
        self.names(&self.request(channel))
    }

    fn trace(&self, request: &Request, action: &str) -> CandidateTrace {
        let slot = self.engine.explain(&self.customer, request).slots.remove(0);
        slot.candidates.into_iter().find(|candidate| candidate.action.ends_with(action)).unwrap()
    }
}

#[test]
fn a_bundle_is_for_whom_all_of_its_members_are() {
    let mut shop = Shop::of(SHOP);
    assert_eq!(shop.on("email"), "starter");
    shop.customer.set("age", 12).unwrap();
    let trace = shop.trace(&shop.request("email"), "starter");
    assert_eq!((trace.left, trace.member.as_deref()), (Some(Stage::Suitable), Some("plans.sale.contract")));
    assert_eq!(trace.clause, "suitable when age >= 18");
    shop.customer.set("age", 30).unwrap().set("owner", true).unwrap();
    let trace = shop.trace(&shop.request("email"), "starter");
    assert_eq!((trace.left, trace.because.as_deref()), (Some(Stage::Suppression), Some("has one")));
    assert_eq!((trace.member.as_deref(), shop.on("email").as_str()), (Some("plans.sale.phone"), "gift"));
    let text = shop.engine.explain(&shop.customer, &shop.request("email")).to_string();
    assert!(text.contains("plans.sale.starter, for plans.sale.phone: suppress when owner"), "{text}");
}

#[test]
fn the_stages_come_one_after_another_for_all_of_them() {
    let mut shop = Shop::of(
        r#"program plans { campaign sale for everyone every {
          offer phone { value 20 EUR  propensity 5%  eligible when not owner  treat web.hero "phone" }
          offer contract { value 10 EUR  propensity 5%  treat web.hero "contract" }
          offer starter bundles phone, contract { value 60 EUR  propensity 5%  suitable when age >= 18  treat email "starter" }
        } }"#,
    );
    shop.customer.set("age", 12).unwrap().set("owner", true).unwrap();
    assert_eq!(shop.trace(&shop.request("email"), "starter").left, Some(Stage::Eligible));
}

#[test]
fn dates_halts_campaigns_and_stages_of_members_count_and_their_consent_and_worth_do_not() {
    let rules = |phone: &str| {
        format!(
            r#"segment owners when owner
            stages shopper {{ fresh  owning when owner }}
            program parts {{ campaign phones for {phone} propensity 5%  treat email "phone" }} }} }}
            program plans {{ campaign sale for everyone every {{
              offer contract {{ value 10 EUR  propensity 5%  treat web.hero "contract" }}
              offer starter bundles phones.phone, contract {{ value 60 EUR  propensity 5%  treat web.hero "starter" }}
            }} }}"#
        )
    };
    let of = |phone: &str| Shop::of(&rules(phone));
    let member = Some("parts.phones.phone".to_owned());
    for (phone, stage) in [
        ("everyone every { valid 2026-04-01 to 2026-04-30  offer phone { value 1 EUR", Stage::Availability),
        ("owners every { offer phone { value 1 EUR", Stage::Eligible),
        ("everyone every { offer phone { only in stage owning  value 1 EUR", Stage::Journey),
    ] {
        let shop = of(phone);
        let trace = shop.trace(&shop.request("web.hero"), "starter");
        assert_eq!((trace.left, trace.member, shop.on("web.hero").as_str()), (Some(stage), member.clone(), "contract"));
        if stage == Stage::Availability {
            assert_eq!(trace.retry_at, Some(at("2026-04-01T00:00:00+02:00")));
        }
    }
    let shop = of("everyone every { valid 2026-03-01 to 2026-03-31  offer phone { value 0.01 EUR");
    assert_eq!(shop.on("web.hero"), "starter");
    let chosen = shop.decide(&shop.request("web.hero"));
    assert_eq!(chosen.action().unwrap().valid_until, Some(at("2026-04-01T00:00:00+02:00")));
    let halted = shop.request("web.hero").halt("parts").unwrap();
    assert_eq!((shop.names(&halted).as_str(), shop.trace(&halted, "starter").left), ("contract", Some(Stage::Halt)));
}

#[test]
fn blocks_and_rests_hold_members_with_their_own_kind_and_exceptions() {
    let rules = |policy: &str, exception: &str| {
        format!(
            r#"policy contact {{ {policy} }}
            program plans {{ campaign sale for everyone every {{
              message phone {{ value 20 EUR  propensity 5%  {exception}  treat web.hero "phone" }}
              offer contract {{ value 10 EUR  propensity 5%  treat web.hero "contract" }}
              offer starter bundles phone, contract {{ value 60 EUR  propensity 5%  treat email "starter" }}
            }} }}"#
        )
    };
    let block = "block message while angry because \"calm down\"";
    let mut shop = Shop::of(&rules(block, ""));
    shop.customer.set("angry", true).unwrap();
    assert_eq!(shop.on("email"), "service first");
    let mut excepted = Shop::of(&rules(block, "except policy contact because \"they must know\""));
    excepted.customer.set("angry", true).unwrap();
    assert_eq!(excepted.on("email"), "starter");
    let trace = excepted.trace(&excepted.request("email"), "starter");
    assert_eq!(trace.exceptions, ["except policy contact because \"they must know\""]);
    // What came of the phone alone rests the bundle; what came of the bundle rests the phone.
    let rest = rules("rest each action 10 days after 1 exposure within 3 days", "");
    let shop = Shop::of(&rest).contact("plans.sale.phone", "web", "2026-03-08T12:00:00+01:00");
    let trace = shop.trace(&shop.request("email"), "starter");
    assert_eq!((trace.left, trace.member.as_deref()), (Some(Stage::Journey), Some("plans.sale.phone")));
    assert_eq!(trace.retry_at, Some(at("2026-03-18T12:00:00+01:00")));
    let shop = Shop::of(&rest).contact("plans.sale.starter", "email", "2026-03-08T12:00:00+01:00");
    assert_eq!(shop.on("web.hero"), "resting");
}

#[test]
fn what_came_of_a_bundle_came_of_each_member() {
    let rules = r#"
        program parts { campaign phones for everyone once {
          offer phone { value 20 EUR  propensity 5%  treat web.hero "phone"  treat email "phone" }
        } }
        program plans { campaign sale for everyone every {
          offer contract { value 10 EUR  propensity 5%  eligible when none(exposed(phone)) and none(exposed(parts))  treat web.hero "contract" }
          offer starter bundles phone, contract { value 60 EUR  propensity 5%  treat email "starter" }
          offer note { value 1 EUR  propensity 5%  applicable when any(exposed(starter))  treat web.hero "note" }
        } }"#;
    let shop = Shop::of(rules);
    assert_eq!(shop.on("web.hero"), "phone");
    // The campaign of the phone has addressed the customer, and whoever asks of the phone is told.
    let shop = Shop::of(rules).contact("plans.sale.starter", "email", "2026-03-08T12:00:00+01:00");
    assert_eq!(shop.on("web.hero"), "note");
    assert_eq!(shop.trace(&shop.request("web.hero"), "phones.phone").left, Some(Stage::Journey));
    assert_eq!(shop.trace(&shop.request("web.hero"), "contract").left, Some(Stage::Eligible));
    // A phone is no bundle.
    let shop = Shop::of(rules).contact("parts.phones.phone", "email", "2026-03-08T12:00:00+01:00");
    assert_eq!(shop.trace(&shop.request("web.hero"), "note").left, Some(Stage::Applicable));
}

#[test]
fn a_cap_of_a_member_counts_the_bundle_and_one_of_everything_counts_it_once() {
    let left = |cap: &str, action: &str| {
        let shop = Shop::of(&format!("policy contact {{ {cap} }} {SHOP}"));
        let shop = shop.contact(action, "email", "2026-03-08T12:00:00+01:00");
        shop.trace(&shop.request("email"), "starter").left
    };
    let of_phone = "cap marketing of phone on email at most 1 in any 7 days";
    assert_eq!(left(of_phone, "plans.sale.starter"), Some(Stage::Cap));
    assert_eq!(left(of_phone, "plans.sale.phone"), Some(Stage::Cap));
    assert_eq!(left(of_phone, "plans.sale.gift"), None);
    assert_eq!(left("cap marketing of starter on email at most 1 in any 7 days", "plans.sale.phone"), None);
    assert_eq!(left("cap marketing of plans on email at most 2 in any 7 days", "plans.sale.starter"), None);
    assert_eq!(left("cap marketing of plans on email at most 1 in any 7 days", "plans.sale.starter"), Some(Stage::Cap));
}

#[test]
fn an_arm_of_a_bundle_is_none_of_its_members() {
    let rules = r#"program plans { campaign sale for everyone every {
      offer phone { value 20 EUR  propensity 5%  treat web.hero experiment text { a 99.9% "a"  b 0.1% "b" } }
      offer contract { value 10 EUR  propensity 5%  treat web.banner "contract" }
      offer starter bundles phone, contract { value 60 EUR  propensity 5%  treat email experiment text { a 50% "a"  b 50% "b" } }
    } }"#;
    let arm = |shop: &Shop, channel| {
        let decision = shop.decide(&shop.request(channel));
        let chosen = decision.action().unwrap();
        (chosen.variant.as_ref().unwrap().arm.clone(), chosen.crossed)
    };
    let shop = Shop::of(rules).contact("plans.sale.starter", "email", "2026-03-08T12:00:00+01:00");
    assert_eq!(arm(&shop, "email"), ("b".to_owned(), false));
    assert_eq!(arm(&shop, "web.hero"), ("a".to_owned(), false));
}

#[test]
fn a_decision_shows_a_bundle_or_its_members() {
    let shop = Shop::of(SHOP);
    assert_eq!(shop.on("web"), "starter, gift");
    let mut shop = Shop::of(&SHOP.replace("value 60", "value 15"));
    assert_eq!(shop.on("web"), "phone, contract, gift");
    shop.customer.set("age", 12).unwrap();
    assert_eq!(shop.on("web"), "phone, gift");
    // Two bundles that have a member in common.
    let two = SHOP.replace(
        "offer gift",
        "offer other bundles contract, gift { value 50 EUR  propensity 5%  treat web.banner \"other\" }  offer gift",
    );
    assert_eq!(Shop::of(&two).on("web"), "starter, gift");
}

#[test]
fn one_of_each_member_is_taken() {
    let shop = Shop::of(SHOP);
    let reserved = |request: &Request| {
        let decision = shop.decide(request);
        let effects = decision.action().unwrap().effects.clone();
        effects
            .into_iter()
            .map(|effect| match effect {
                Effect::Reserve { stock } => stock,
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    let request = shop.request("email").stock("plans.sale.phone", 1).unwrap();
    assert_eq!(reserved(&request), ["plans.sale.phone"]);
    let both = request.clone().stock("plans.sale.contract", 3).unwrap().stock("plans.sale.starter", 2).unwrap();
    assert_eq!(reserved(&both), ["plans.sale.phone", "plans.sale.contract", "plans.sale.starter"]);
    assert_eq!(shop.names(&request.stock("plans.sale.phone", 0).unwrap()), "gift");
    // Of a stock that both members are of it takes two.
    let campaign = |left| shop.request("email").stock("plans.sale", left).unwrap();
    assert_eq!(reserved(&campaign(2)), ["plans.sale", "plans.sale"]);
    assert_eq!(shop.names(&campaign(1)), "gift");
    let none = shop.request("web.hero").stock("plans.sale.contract", 0).unwrap().stock("plans.sale.phone", 0).unwrap();
    assert_eq!(shop.decide(&none).reason(), Some(Reason::Capacity));
    // What the members cost nobody spends.
    let budget = shop
        .request("email")
        .budget("plans.sale.phone", nextbest::Money::new(0, nextbest::Currency::named("EUR").unwrap()));
    assert_eq!(shop.names(&budget.unwrap()), "starter");
}

#[test]
fn who_shares_stock_takes_one_of_each_member() {
    let shop = Shop::of(SHOP);
    let customer = |id: &str| {
        let mut customer = shop.customer.clone();
        customer.set("person", id).unwrap();
        customer
    };
    let customers = [customer("cid"), customer("ann"), customer("bob")];
    let request = shop.request("email").stock("plans.sale.phone", 2).unwrap().stock("plans.sale.contract", 1).unwrap();
    let decisions = shop.engine.decide_all(&customers, &request);
    let actions: Vec<_> = decisions.iter().map(|decision| decision.action().unwrap().action.as_str()).collect();
    assert_eq!(actions, ["plans.sale.gift", "plans.sale.starter", "plans.sale.gift"]);
}

#[test]
fn what_is_only_given_together_need_not_be_shown_by_itself() {
    let warned = |bundle: &str| {
        let shop = Shop::of(&format!(
            r#"program plans {{ campaign sale for everyone every {{
              offer phone {{ value 20 EUR  propensity 5%  treat web.hero "phone" }}
              offer case {{ value 1 EUR  propensity 5% }}
              {bundle}
            }} }}"#
        ));
        shop.engine.warnings().iter().map(|warning| warning.message.clone()).collect::<Vec<_>>()
    };
    assert!(warned("").iter().any(|message| message == "`case` has no treatment"));
    let bundle = "offer both bundles phone, case { value 30 EUR  propensity 5%  treat email \"both\" }";
    assert_eq!(warned(bundle), [""; 0]);
}

#[test]
fn why_not_changes_what_a_member_lacks() {
    let mut shop = Shop::of(SHOP);
    shop.customer.set("age", 12).unwrap();
    let told =
        shop.engine.why_not(&shop.customer, &shop.request("email"), "plans.sale.starter", &[]).unwrap().to_string();
    assert!(told.starts_with("plans.sale.starter would win with age = 18"), "{told}");
    assert!(told.contains("left at suitable: suitable when age >= 18"), "{told}");
}

#[test]
fn a_service_in_a_bundle_is_held_as_a_service_is() {
    let shop = Shop::of(
        r#"policy contact { block marketing while angry because "calm down" }
        program plans { campaign sale for everyone every {
          service setup { basis contract  eligible when owner  treat web.hero "setup" }
          offer phone { value 20 EUR  propensity 5%  treat web.hero "phone" }
          offer both bundles setup, phone { value 30 EUR  propensity 5%  treat email "both" }
        } }"#,
    );
    assert_eq!(shop.trace(&shop.request("email"), "both").member.as_deref(), Some("plans.sale.setup"));
}
