//! For whom an experiment is, layers of experiments, and the schemes of other products.

use nextbest::bucket::{Scheme, bucket, threshold};
use nextbest::{Chosen, Decision, Engine, Instant, Record, RecordSchema, Request, Ruleset, Stage};

const HEAD: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id }
channel web inbound
channel app inbound
"#;

pub struct Shop {
    pub engine: Engine<Record>,
    pub rules: Ruleset,
    schema: RecordSchema,
}

impl Shop {
    pub fn new(treatments: &str) -> Self {
        Self::of(&format!(
            "{HEAD} program p {{ campaign c for everyone every {{ offer o {{ value 5 EUR  propensity 10% {treatments} }} }} }}"
        ))
    }

    pub fn of(rules: &str) -> Self {
        let rules = Ruleset::parse(&[("shop.nba", rules)]).unwrap_or_else(|error| panic!("{error}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        Shop { engine, schema: rules.record_schema().unwrap(), rules }
    }

    pub fn request(&self, channel: &str) -> Request {
        self.engine.request(Instant::parse("2026-03-10T12:00:00+01:00").unwrap()).channel(channel).unwrap()
    }

    pub fn customer(&self, id: &str) -> Record {
        let mut customer = self.schema.record();
        if !id.is_empty() {
            customer.set("person", id).unwrap();
        }
        customer
    }

    pub fn decide(&self, id: &str, request: &Request) -> Decision {
        let customer = self.customer(id);
        let decision = self.engine.decide(&customer, request);
        assert_eq!(decision, self.engine.explain(&customer, request).decision);
        decision
    }

    pub fn shown(&self, id: &str, channel: &str) -> Option<Chosen> {
        self.decide(id, &self.request(channel)).action().cloned()
    }

    pub fn content(&self, id: &str, channel: &str) -> String {
        self.shown(id, channel).map(|chosen| chosen.content).unwrap_or_default()
    }
}

pub fn ids(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("customer-{number}"))
}

fn ramp(share: &str, behind: &str) -> Shop {
    Shop::new(&format!(r#"treat web experiment greeting for {share} {{ a 50% "a"  b 50% "b" }} {behind}"#))
}

#[test]
fn more_and_more_see_an_experiment_and_nobody_changes_arms() {
    let shops = ["10%", "35%", "100%"].map(|share| ramp(share, r#"treat web "as ever""#));
    let mut seen = [0; 3];
    for id in ids(1000) {
        let contents: Vec<String> = shops.iter().map(|shop| shop.content(&id, "web")).collect();
        let exposed =
            |percent: &str| threshold(percent).unwrap().contains(bucket(&["exposure", "p.c.o", "greeting"], &id));
        let arm = match threshold("50").unwrap().contains(bucket(&["experiment", "p.c.o", "greeting"], &id)) {
            true => "a",
            false => "b",
        };
        for (number, percent) in ["10", "35", "100"].into_iter().enumerate() {
            assert_eq!(contents[number], if exposed(percent) { arm } else { "as ever" });
            seen[number] += usize::from(exposed(percent));
        }
    }
    assert!((70..130).contains(&seen[0]) && (300..400).contains(&seen[1]) && seen[2] == 1000, "{seen:?}");
}

#[test]
fn who_is_not_in_it_leaves_at_the_experiment_or_sees_what_stands_behind() {
    let (alone, behind) = (ramp("10%", ""), ramp("10%", r#"treat web "as ever""#));
    let id = ids(100).find(|id| behind.content(id, "web") == "as ever").unwrap();
    for id in [id.as_str(), ""] {
        let explanation = alone.engine.explain(&alone.customer(id), &alone.request("web"));
        assert_eq!(explanation.slots[0].candidates[0].left, Some(Stage::ExperimentArm));
        assert_eq!(behind.content(id, "web"), "as ever");
    }
    // Who has been in an arm stays in it, and a preview shows the first.
    let kept = behind.request("web").assigned("p.c.o.greeting", "b").unwrap();
    assert_eq!(behind.decide(&id, &kept).action().unwrap().content, "b");
    assert_eq!(behind.decide(&id, &behind.request("web").undrawn()).action().unwrap().content, "a");
}

#[test]
fn experiments_of_a_layer_have_no_customer_in_common() {
    let shop = Shop::of(&format!(
        r#"{HEAD}
program p {{
  campaign one for everyone every {{
    offer early {{
      value 5 EUR  propensity 10%
      treat web experiment subject for 30% of layer checkout {{ a 50% "1a"  b 50% "1b" }}
      treat app experiment subject for 30% of layer checkout {{ a 50% "1a"  b 50% "1b" }}
    }}
  }}
  campaign two for everyone every {{
    offer late {{
      value 4 EUR  propensity 10%
      treat web experiment picture for 45.5% of layer checkout {{ a 50% "2a"  b 50% "2b" }}
    }}
    offer rest {{ value 1 EUR  propensity 10%  treat web "rest" }}
  }}
}}"#
    ));
    let mut counts = [0; 3];
    for id in ids(2000) {
        let drawn = bucket(&["layer", "checkout"], &id);
        let below = |percent: &str| threshold(percent).unwrap().contains(drawn);
        let (place, expected) = match () {
            () if below("30") => (0, "p.one.early"),
            () if below("75.5") => (1, "p.two.late"),
            () => (2, "p.two.rest"),
        };
        assert_eq!(shop.shown(&id, "web").unwrap().action, expected);
        assert_eq!(shop.content(&id, "app").is_empty(), place != 0, "on several places it is one");
        counts[place] += 1;
    }
    assert!((520..680).contains(&counts[0]) && (820..1000).contains(&counts[1]), "{counts:?}");
}

#[test]
fn arms_are_drawn_as_another_product_drew_them() {
    let shop = |scheme: &str| {
        Shop::new(&format!(r#"treat web experiment greeting using {scheme} {{ a 52.78% "a"  b 47.22% "b" }}"#))
    };
    // Shards 5277, 9704, 3340 and 7551 of 10,000.
    let eppo = shop(r#"eppo "traffic-new-user-onboarding-experiment""#);
    let arms = ["alice", "bob", "charlie", "debra"].map(|id| eppo.content(id, "web"));
    assert_eq!(arms, ["a", "b", "a", "b"]);
    assert_eq!(eppo.content("", "web"), "", "who has no id is in no arm, not in the first");
    let launchdarkly = shop(r#"launchdarkly "hashKey.saltyA""#);
    let arms = ["userKeyA", "userKeyB", "userKeyC"].map(|id| launchdarkly.content(id, "web"));
    assert_eq!(arms, ["a", "b", "a"]);
    // Shards 23 and 51 of 100.
    let unleash = ramp(r#"40% by unleash "AB12A""#, r#"treat web "as ever""#);
    assert_ne!(unleash.content("122", "web"), "as ever");
    assert_eq!(["123", ""].map(|id| unleash.content(id, "web")), ["as ever", "as ever"]);
    for scheme in Scheme::ALL {
        let shop = Shop::new(&format!(
            r#"treat web experiment greeting using {} "7" {{ a 20% "a"  b 30% "b"  c 50% "c" }}"#,
            scheme.name()
        ));
        for id in ids(200) {
            let arm = scheme.arm("7", &id, &[(20, 100), (30, 100), (50, 100)]).unwrap();
            assert_eq!(shop.content(&id, "web"), ["a", "b", "c"][arm]);
        }
    }
}
