//! Who is drawn for what: experiments, control groups, the holdout.

use nextbest::bucket::{bucket, threshold};
use nextbest::{Decision, Engine, Instant, Reason, Record, RecordSchema, Request, Ruleset, Stage};

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id }
channel web inbound
channel app inbound { slot top 2 }
channel care inbound
holdout universal 20% salt "2026H2" except service, other
program own {
  campaign tried for everyone every control 10% {
    message hello {
      value 5 EUR  propensity 10%
      treat web experiment greeting { a 50% "hello.a"  b 30% "hello.b"  c 20% "hello.c" }
      treat app.top experiment greeting { a 50% "app.a"  b 30% "app.b"  c 20% "app.c" }
    }
  }
  campaign plain for everyone every {
    message bye { value 2 EUR  propensity 10%  treat web "bye"  treat app.top "bye" }
    service owed { basis contract  treat care "owed" }
  }
}
program other { campaign rest_ for everyone every { offer kept { value 1 EUR  propensity 10%  treat web "kept" } } }
"#;

struct Shop {
    engine: Engine<Record>,
    schema: RecordSchema,
}

impl Shop {
    fn new() -> Self {
        let rules = Ruleset::parse(&[("shop.nba", RULES)]).unwrap_or_else(|error| panic!("{error}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        Shop { engine, schema: rules.record_schema().unwrap() }
    }

    fn request(&self, channel: &str) -> Request {
        self.engine.request(Instant::parse("2026-03-10T12:00:00+01:00").unwrap()).channel(channel).unwrap()
    }

    fn decide(&self, id: &str, request: &Request) -> Decision {
        let mut customer = self.schema.record();
        if !id.is_empty() {
            customer.set("person", id).unwrap();
        }
        let decision = self.engine.decide(&customer, request);
        assert_eq!(decision, self.engine.explain(&customer, request).decision);
        let json = serde_json::to_string(&decision).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
        decision
    }

    /// Ids with whether they are held out and in the control group, as the native scheme says.
    fn ids(&self) -> impl Iterator<Item = (String, bool, bool)> {
        let share = |percent: &str| threshold(percent).unwrap();
        (0..2000).map(move |number| {
            let id = format!("customer-{number}");
            let held = share("20").contains(bucket(&["holdout", "universal", "2026H2"], &id));
            let control = share("10").contains(bucket(&["control", "own.tried"], &id));
            (id, held, control)
        })
    }
}

fn arm(id: &str) -> &'static str {
    let drawn = bucket(&["experiment", "own.tried.hello", "greeting"], id);
    let below = |percent: &str| threshold(percent).unwrap().contains(drawn);
    if below("50") {
        "a"
    } else if below("80") {
        "b"
    } else {
        "c"
    }
}

#[test]
fn arms_are_drawn_by_the_native_scheme_and_the_same_everywhere() {
    let shop = Shop::new();
    let mut seen = [0; 3];
    for (id, ..) in shop.ids().filter(|(_, held, control)| !held && !control) {
        let on = |channel: &str| shop.decide(&id, &shop.request(channel)).action().unwrap().clone();
        let (web, app) = (on("web"), on("app"));
        let expected = arm(&id);
        assert_eq!(web.content, format!("hello.{expected}"));
        assert_eq!(app.content, format!("app.{expected}"));
        assert_eq!(web.variant.as_ref().unwrap().arm, expected);
        assert_eq!(web.variant, app.variant);
        seen["abc".find(expected).unwrap()] += 1;
    }
    assert!(seen.iter().all(|&arms| arms > 200), "{seen:?}");
}

#[test]
fn who_has_no_id_is_in_no_arm() {
    let shop = Shop::new();
    let decision = shop.decide("", &shop.request("web"));
    assert_eq!(decision.action().unwrap().action, "own.plain.bye");
    let explanation = shop.engine.explain(&shop.schema.record(), &shop.request("web"));
    assert_eq!(explanation.slots[0].candidates[0].left, Some(Stage::ExperimentArm));
}

#[test]
fn an_assignment_sticks() {
    let shop = Shop::new();
    let (id, ..) = shop.ids().find(|(id, held, control)| !held && !control && arm(id) == "a").unwrap();
    let request = shop.request("web").assigned("own.tried.hello.greeting", "c").unwrap();
    let decision = shop.decide(&id, &request);
    assert_eq!(decision.to_string().split(',').next(), Some("web: own.tried.hello \"hello.c\" (greeting c)"));
    let refused = |experiment: &str, arm: &str| shop.request("web").assigned(experiment, arm).unwrap_err().to_string();
    assert_eq!(refused("own.tried.hello.greeting", "d"), "the experiment `own.tried.hello.greeting` has no arm `d`");
    assert_eq!(refused("greeting", "a"), "nothing has the path `greeting`");
}

#[test]
fn a_control_group_is_left_alone_and_the_next_one_is_shown() {
    let shop = Shop::new();
    let mut held_back = 0;
    for (id, held, control) in shop.ids().filter(|(_, held, _)| !held) {
        let decision = shop.decide(&id, &shop.request("web"));
        let slot = &decision.slots[0];
        let action = slot.action().unwrap().action.as_str();
        assert_eq!(action, if control { "own.plain.bye" } else { "own.tried.hello" });
        let withheld: Vec<(&str, Stage)> = slot.withheld.iter().map(|w| (w.action.action.as_str(), w.by)).collect();
        assert_eq!(withheld, if control { vec![("own.tried.hello", Stage::Control)] } else { vec![] });
        held_back += usize::from(control);
        assert!(!held);
    }
    assert!((100..220).contains(&held_back), "{held_back} of some 1600");
    // Where there is nothing else, that is the reason.
    let (id, ..) = shop.ids().find(|(_, held, control)| !held && *control).unwrap();
    let request = shop.request("web").halt("own.plain").unwrap().halt("other").unwrap();
    let decision = shop.decide(&id, &request);
    assert_eq!(decision.reason(), Some(Reason::Control));
    assert_eq!(decision.slots[0].withheld[0].action.variant.as_ref().unwrap().arm, arm(&id));
}

#[test]
fn the_holdout_empties_every_slot_and_records_what_it_withholds() {
    let shop = Shop::new();
    let mut held_out = 0;
    for (id, ..) in shop.ids().filter(|(_, held, _)| *held) {
        held_out += 1;
        let decision = shop.decide(&id, &shop.request("app").channel("web").unwrap());
        let slots: Vec<String> = decision.slots.iter().map(|slot| slot.to_string()).collect();
        let nothing = "nothing: holdout; own.tried.hello left at holdout; own.tried.hello withheld by holdout";
        assert_eq!(slots[0], format!("app.top: {nothing}"), "of those held out none is in a control group");
        assert_eq!(slots[1], format!("app.top: {}", nothing.replace("tried.hello", "plain.bye")));
        // What is excepted is shown where it wins.
        assert!(slots[2].starts_with("web: other.rest_.kept"), "{slots:?}");
        assert_eq!(slots.len(), 3);
        let web = shop.decide(&id, &shop.request("web"));
        assert_eq!((web.reason(), web.slots[0].withheld[0].by), (Some(Reason::Holdout), Stage::Holdout));
        assert_eq!(shop.decide(&id, &shop.request("care")).action().unwrap().action, "own.plain.owed");
    }
    assert!((320..480).contains(&held_out), "{held_out} of 2000");
}

#[test]
fn nobody_is_drawn_in_a_preview() {
    let shop = Shop::new();
    for (id, ..) in shop.ids().take(50).chain([(String::new(), false, false)]) {
        let decision = shop.decide(&id, &shop.request("web").undrawn());
        assert_eq!(decision.action().unwrap().content, "hello.a");
        assert!(decision.slots[0].withheld.is_empty());
    }
}
