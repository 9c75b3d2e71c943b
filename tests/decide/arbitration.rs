//! What decides between actions: tiers, the priority and all that weighs it; dates, codes, stock and the kill switch.

use nextbest::{
    Answer, Contact, ContactKind, Currency, Decision, Effect, Engine, Factors, Instant, Money, Outcome, Reason, Record,
    Request, Ruleset, Stage,
};

const NOW: &str = "2026-03-10T12:00:00+01:00";

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

struct Shop {
    engine: Engine<Record>,
    customer: Record,
    now: Instant,
}

impl Shop {
    /// A program around the lines of its only campaign.
    fn of(statements: &str, campaign: &str) -> Self {
        let text = format!(
            "ruleset shop {{ zone \"Europe/Paris\"  currency EUR }}\nprofile {{ person id  clv money EUR?  rain bool? }}\n\
             channel web inbound\nchannel letter outbound needs consent letter.marketing cost 1.10 EUR\n\
             channel app inbound cost 1 EUR\n{statements}\nprogram p {{\ncampaign c for everyone every {{\n{campaign}\n}}\n}}\n"
        );
        let rules = Ruleset::parse(&[("shop.nba", &text)]).unwrap_or_else(|error| panic!("{error}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        let mut customer = rules.record_schema().unwrap().record();
        customer.set("person", "ann").unwrap();
        Shop { engine, customer, now: instant(NOW) }
    }

    fn request(&self, channel: &str) -> Request {
        self.engine.request(self.now).channel(channel).unwrap()
    }

    fn asked(&self, request: &Request) -> Decision {
        let decision = self.engine.decide(&self.customer, request);
        let explanation = self.engine.explain(&self.customer, request);
        assert_eq!(decision, explanation.decision, "{explanation}");
        let json = serde_json::to_string(&decision).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
        decision
    }

    fn on(&self, channel: &str) -> Decision {
        self.asked(&self.request(channel))
    }

    fn action(&self, channel: &str) -> String {
        self.on(channel).action().map_or("nothing".into(), |action| action.action.clone())
    }

    fn factors(&self, request: &Request) -> Factors {
        self.asked(request).action().unwrap().factors.unwrap()
    }
}

#[test]
fn tiers_come_before_all_priority() {
    let campaign = r#"
        offer dear { value 100 EUR  propensity 50%  treat web "a" }
        message kind { value 1 EUR  propensity 50%  treat web "b" }
        service owed { basis contract  treat web "c" }"#;
    assert_eq!(Shop::of("", campaign).action("web"), "p.c.owed");
    assert_eq!(Shop::of("tiers marketing > service", campaign).action("web"), "p.c.dear");
    assert_eq!(Shop::of("tiers message > service > offer", campaign).action("web"), "p.c.kind");
}

#[test]
fn every_factor_is_in_the_priority() {
    let campaign = r#"
        boost +10% when rain is known
        offer o {
          value 10 EUR  cost 2 EUR  propensity 5% trust 50 contacts
          boost +40% when rain
          lever +25% until 2026-03-10 by "CRM" because "a push"
          treat web "a"  treat app "b"
        }"#;
    let mut shop = Shop::of("", campaign);
    let plain = shop.factors(&shop.request("web"));
    assert_eq!((plain.propensity, plain.context, plain.lever), (0.05, 1.0, 1.25));
    assert_eq!((plain.value, plain.cost, plain.channel_cost, plain.margin), (1000, 200, 0, 800));
    assert_eq!(plain.priority, 0.05 * 1.0 * 800.0 * 1.25);
    shop.customer.set("rain", true).unwrap();
    let app = shop.factors(&shop.request("app"));
    assert_eq!((app.context, app.channel_cost, app.margin), (1.5, 100, 700));
    assert_eq!(app.to_string(), "priority 0.6563 EUR = 5% of 7.00 EUR × 1.5 context × 1.25 lever");
    let asked = shop.request("web").evidence("p.c.o", 20, 50).unwrap();
    let learnt = shop.factors(&asked);
    assert_eq!(learnt.propensity, (50.0 * 0.05 + 20.0) / (50.0 + 50.0));
    assert!(learnt.to_string().ends_with(", 20 of 50 before"), "{learnt}");
    let explanation = shop.engine.explain(&shop.customer, &asked);
    assert_eq!(
        explanation.slots[0].candidates[0].weights,
        [
            "boost +10% when rain is known",
            "boost +40% when rain",
            "lever +25% until 2026-03-10 by \"CRM\" because \"a push\""
        ]
    );
    // The last day of the lever counts as a whole, in the zone of the rules.
    shop.now = instant("2026-03-10T23:59:59+01:00");
    assert_eq!(shop.factors(&shop.request("web")).lever, 1.25);
    shop.now = instant("2026-03-11T00:00:00+01:00");
    assert_eq!(shop.factors(&shop.request("web")).lever, 1.0);
}

#[test]
fn evidence_is_for_what_there_is_and_can_be() {
    let shop = Shop::of(
        "",
        r#"offer o { value 1 EUR  propensity 5% trust 9 contacts  treat web "a" }
        offer q { value 1 EUR  propensity 5%  treat web "b" }"#,
    );
    let refused =
        |path: &str, positives, contacts| shop.request("web").evidence(path, positives, contacts).unwrap_err();
    assert_eq!(refused("p.c.oo", 1, 2).to_string(), "nothing has the path `p.c.oo`; did you mean `p.c.o`?");
    assert!(refused("p.c.o", 3, 2).to_string().starts_with("3 successes of 2 contacts are no evidence for `p.c.o`"));
    assert!(refused("p.c.q", 1, 2).to_string().ends_with("needs `trust … contacts`"));
}

#[test]
fn the_priority_is_any_arithmetic_of_its_factors() {
    let campaign = r#"
        offer likely { value 10 EUR  cost 9 EUR  propensity 50%  treat web "a" }
        offer dear { value 100 EUR  cost 50 EUR  propensity 0.5%  treat web "b" }
        offer free { value 9 EUR  propensity 1%  treat web "c" }"#;
    let won = |priority: &str| Shop::of(priority, campaign).action("web");
    assert_eq!(won(""), "p.c.likely");
    assert_eq!(won("priority margin * propensity"), "p.c.likely");
    assert_eq!(won("priority value"), "p.c.dear");
    assert_eq!(won("priority 20 EUR - cost"), "p.c.free");
    assert_eq!(won("priority propensity * value - cost / 100"), "p.c.likely");
    assert_eq!(won("priority margin / (cost / 1 EUR)"), "p.c.dear", "the free one has no such ratio");
    assert_eq!(won("priority -margin"), "nothing", "none is worth it");
    let shop = Shop::of("priority value", campaign);
    assert!(shop.on("web").to_string().contains("priority 100.0000 EUR from 0.5% of 50.00 EUR"));
    assert_eq!(
        Shop::of("priority 20 EUR - cost\nthreshold priority >= 20.01 EUR", campaign).on("web").reason(),
        Some(Reason::BelowThreshold)
    );
}

#[test]
fn ties_are_broken_by_value_and_then_by_the_text() {
    let campaign = r#"
        offer early { value 10 EUR  propensity 2%  treat web "a" }
        offer late { value 20 EUR  propensity 1%  treat web "b" }
        offer last_ { value 20 EUR  propensity 1%  treat web "c" }"#;
    assert_eq!(Shop::of("", campaign).action("web"), "p.c.late");
}

#[test]
fn dates_count_whole_days_in_the_zone_of_the_rules() {
    let campaign = r#"
        valid 2026-03-10 to 2026-03-29
        offer o { value 1 EUR  propensity 5%  valid 2026-03-11T08:00:00Z to 2026-12-31  treat web "a" }"#;
    let mut shop = Shop::of("", campaign);
    assert_eq!(shop.on("web").reason(), Some(Reason::NoCandidate));
    let nothing = |shop: &Shop| {
        let explanation = shop.engine.explain(&shop.customer, &shop.request("web"));
        let found = &explanation.slots[0].candidates[0];
        (found.left, found.clause.clone(), found.retry_at)
    };
    let begins = instant("2026-03-11T08:00:00Z");
    let (own, campaigns) = ("valid 2026-03-11T08:00:00Z to 2026-12-31", "valid 2026-03-10 to 2026-03-29");
    assert_eq!(nothing(&shop), (Some(Stage::Availability), own.into(), Some(begins)));
    shop.now = begins;
    // The clocks change on the last day.
    let ends = instant("2026-03-30T00:00:00+02:00");
    assert_eq!(shop.on("web").action().unwrap().valid_until, Some(ends));
    shop.now = ends.saturating_sub_millis(1);
    assert_eq!(shop.action("web"), "p.c.o");
    shop.now = ends;
    assert_eq!(nothing(&shop), (Some(Stage::Availability), campaigns.into(), None));
}

#[test]
fn a_code_comes_with_its_end_and_once_only() {
    let campaign = r#"
        valid 2026-03-01 to 2026-03-31
        offer o { value 5 EUR  propensity 5%  promo "ONCE" expires 3 days once  treat web "a" }
        offer more { value 1 EUR  propensity 5%  promo "AGAIN" expires 30 days  treat web "b" }"#;
    let mut shop = Shop::of("", campaign);
    let decision = shop.on("web");
    let until = instant("2026-03-13T12:00:00+01:00");
    let action = decision.action().unwrap();
    assert_eq!(action.effects, [Effect::Promo { code: "ONCE".into(), until }]);
    assert_eq!(action.valid_until, Some(until));
    assert!(decision.to_string().ends_with(", code ONCE until 2026-03-13T12:00:00+01:00"), "{decision}");
    let contact = |outcome, at: &str| Contact {
        id: "c1".into(),
        at: instant(at),
        outcome,
        action: "p.c.o".into(),
        kind: ContactKind::Offer,
        channel: "web".into(),
        variant: None,
    };
    shop.customer.add_contact(contact(Outcome::Withheld, "2025-03-01T12:00:00Z")).unwrap();
    assert_eq!(shop.action("web"), "p.c.o");
    shop.customer.add_contact(contact(Outcome::Impression, "2025-03-02T12:00:00Z")).unwrap();
    let decision = shop.on("web");
    assert_eq!(decision.action().unwrap().action, "p.c.more");
    assert_eq!(
        decision.action().unwrap().valid_until,
        Some(instant("2026-04-01T00:00:00+02:00")),
        "the campaign ends first"
    );
}

#[test]
fn what_does_not_fit_in_a_budget_is_not_shown() {
    let campaign = r#"
        offer a { value 50 EUR  cost 3 EUR  propensity 5%  treat web "a"  treat app "a" }
        offer b { value 40 EUR  cost 10% of clv  propensity 5%  treat web "b" }
        offer c { value 1 EUR  propensity 5%  treat web "c" }"#;
    let mut shop = Shop::of("", campaign);
    let money = |cents| Money::new(cents, Currency::named("EUR").unwrap());
    let won = |shop: &Shop, channel: &str, budgets: &[(&str, i64)]| {
        let request = budgets
            .iter()
            .fold(shop.request(channel), |request, (path, cents)| request.budget(path, money(*cents)).unwrap());
        let decision = shop.asked(&request);
        let effects = decision.action().map(|action| action.effects.clone()).unwrap_or_default();
        (decision.reason().map_or_else(|| decision.action().unwrap().action.clone(), |why| why.to_string()), effects)
    };
    let spend = |budget: &str, cents| Effect::Spend { budget: budget.into(), amount: money(cents) };
    assert_eq!(won(&shop, "web", &[("p", 300)]), ("p.c.a".into(), vec![spend("p", 300)]));
    assert_eq!(won(&shop, "app", &[("p", 400)]), ("p.c.a".into(), vec![spend("p", 400)]), "with its channel");
    assert_eq!(won(&shop, "app", &[("p", 399)]).0, "capacity");
    assert_eq!(won(&shop, "web", &[("p", 299)]), ("p.c.c".into(), vec![spend("p", 0)]), "what b costs is not known");
    shop.customer.set("clv", money(2_000)).unwrap();
    assert_eq!(won(&shop, "web", &[("p", 299), ("p.c.b", 200)]).1, [spend("p", 200), spend("p.c.b", 200)]);
    assert_eq!(won(&shop, "web", &[("p.c", -1)]), ("p.c.c".into(), vec![spend("p.c", 0)]));
    // What one slot spends is no longer there for the next.
    let both = shop.request("web").channel("app").unwrap().budget("p", money(320)).unwrap();
    let decision = shop.asked(&both);
    let Answer::Nothing(nothing) = &decision.slots[1].answer else { panic!("{decision}") };
    assert_eq!(nothing.reason, Reason::Capacity);
    assert!(decision.to_string().contains(", 3.00 EUR of the budget of p"), "{decision}");
    let dollars = Money::new(1, Currency::named("USD").unwrap());
    let error = shop.request("web").budget("p", dollars).unwrap_err().to_string();
    assert_eq!(error, "a budget is in the currency of the ruleset, EUR, and not in USD");
}

#[test]
fn what_is_stopped_or_out_of_stock_is_not_shown() {
    let campaign = r#"
        offer a { value 5 EUR  propensity 5%  treat web "a" }
        offer b { value 4 EUR  propensity 5%  treat web "b"  treat app "b" }
        service s { basis contract  treat app "s" }"#;
    let shop = Shop::of("", campaign);
    let won = |request: Request| {
        let decision = shop.asked(&request);
        match decision.reason() {
            Some(reason) => reason.to_string(),
            None => decision
                .slots
                .iter()
                .filter_map(|slot| slot.action())
                .map(|a| a.action.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        }
    };
    assert_eq!(won(shop.request("web").halt("p.c.a").unwrap()), "p.c.b");
    assert_eq!(won(shop.request("web").halt("p.c").unwrap()), "halted");
    assert_eq!(won(shop.request("app").halt("p").unwrap()), "halted", "service too");
    assert_eq!(won(shop.request("web").block_channel("web").unwrap()), "halted");
    assert_eq!(won(shop.request("app").block_channel("web").unwrap()), "p.c.s");
    assert_eq!(won(shop.request("web").stock("p.c.a", 0).unwrap()), "p.c.b");
    assert_eq!(won(shop.request("web").stock("p.c.a", 1).unwrap()), "p.c.a");
    assert_eq!(won(shop.request("web").stock("p.c", 0).unwrap()), "capacity");
    // Together they have one: what the first slot takes, the second one cannot.
    let both = shop.request("web").channel("app").unwrap().stock("p", 1).unwrap();
    assert_eq!(won(both), "p.c.a");
    assert_eq!(
        shop.request("web").halt("p.c.x").unwrap_err().to_string(),
        "nothing has the path `p.c.x`; did you mean `p.c.a`?"
    );
    assert!(shop.request("web").block_channel("wep").is_err());
}
