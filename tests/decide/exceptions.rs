//! Rules that hold for all of a ruleset, a program or a campaign, and exceptions from them.

use nextbest::diagnostic::Code;
use nextbest::{
    CandidateTrace, Contact, ContactKind, Engine, Explanation, Instant, Outcome, Record, Ruleset, Stage, Value,
};

/// A Saturday night.
const NOW: &str = "2026-03-14T22:00:00+01:00";

const WORLD: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  age int?  owner bool?  angry bool? }
channel web inbound
channel push outbound needs consent push.marketing
"#;

struct Shop {
    engine: Engine<Record>,
    customer: Record,
}

fn bound(rules: &str) -> (Ruleset, Engine<Record>) {
    let rules = Ruleset::parse(&[("shop.nba", format!("{WORLD}{rules}"))]).unwrap_or_else(|error| panic!("{error}"));
    let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
    (rules, engine)
}

impl Shop {
    fn of(rules: &str) -> Self {
        let (rules, engine) = bound(rules);
        let mut customer = rules.record_schema().unwrap().record();
        customer.set("person", "ann").unwrap();
        customer.add_consent(nextbest::Consent::granted("push", "marketing", Instant::MIN)).unwrap();
        Shop { engine, customer }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.customer.set(name, value).unwrap();
        self
    }

    fn explained(&self, channel: &str) -> Explanation {
        let request = self.engine.request(Instant::parse(NOW).unwrap()).channel(channel).unwrap();
        let explanation = self.engine.explain(&self.customer, &request);
        assert_eq!(self.engine.decide(&self.customer, &request), explanation.decision);
        explanation
    }

    fn action(&self, channel: &str) -> String {
        let decision = self.explained(channel).decision;
        decision.action().map_or_else(|| "nothing".to_owned(), |action| action.action.clone())
    }

    fn trace(&self, channel: &str, action: &str) -> CandidateTrace {
        let slot = self.explained(channel).slots.remove(0);
        slot.candidates.into_iter().find(|candidate| candidate.action == action).unwrap()
    }
}

const LEVELS: &str = r#"
suppress minors when age < 18 because "the law"
program shop {
  eligible grown when age >= 21
  campaign roofs for everyone every {
    suppress owners when owner because "already a customer"
    offer quote { value 90 EUR  propensity 10%  treat web "quote" }
    offer second { value 10 EUR  propensity 10%  except owners because "for a second house"  treat web "second" }
  }
  campaign young for everyone every {
    except grown because "made for them"
    message hello { value 1 EUR  propensity 10%  treat web "hello" }
    message toys { value 2 EUR  propensity 10%  except minors because "nothing in it that the law is about"  treat web "toys" }
  }
}
"#;

#[test]
fn what_stands_further_out_holds_for_all() {
    let left = |age: i64, action: &str| {
        let trace = Shop::of(LEVELS).with("age", age).with("owner", false).trace("web", action);
        (trace.left, trace.because)
    };
    let law = Some("the law".to_owned());
    assert_eq!(left(40, "shop.roofs.quote"), (None, None));
    assert_eq!(left(19, "shop.roofs.quote"), (Some(Stage::Eligible), None));
    assert_eq!(left(19, "shop.young.hello"), (Some(Stage::Rank), None));
    assert_eq!(left(12, "shop.young.hello"), (Some(Stage::Suppression), law));
    assert_eq!(left(12, "shop.young.toys"), (None, None));
    // Unknown blocks, but not what is not held by it.
    let unknown = Shop::of(LEVELS).with("owner", false);
    assert_eq!(unknown.action("web"), "shop.young.toys");
}

#[test]
fn the_trace_of_what_is_let_by_names_the_exception() {
    let owner = Shop::of(LEVELS).with("age", 40).with("owner", true);
    assert_eq!(owner.action("web"), "shop.roofs.second");
    assert_eq!(owner.trace("web", "shop.roofs.second").exceptions, ["except owners because \"for a second house\""]);
    assert!(owner.explained("web").to_string().contains("except owners because \"for a second house\""));
    // Where the rule would not hold it back the exception did nothing.
    let other = Shop::of(LEVELS).with("age", 40).with("owner", false);
    assert!(other.trace("web", "shop.roofs.second").exceptions.is_empty());
    assert!(other.trace("web", "shop.roofs.quote").exceptions.is_empty());
    let young = Shop::of(LEVELS).with("age", 12);
    assert_eq!(
        young.trace("web", "shop.young.toys").exceptions,
        ["except grown because \"made for them\"", "except minors because \"nothing in it that the law is about\""]
    );
}

#[test]
fn the_ruleset_lists_its_exceptions() {
    let (_, engine) = bound(LEVELS);
    let found = engine.rules().exceptions();
    let shown: Vec<(&str, &str)> = found.iter().map(|(path, one)| (path.as_str(), one.because.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("shop.roofs.second", "for a second house"),
            ("shop.young.toys", "nothing in it that the law is about"),
            ("shop.young", "made for them"),
        ]
    );
}

fn under(exception: &str) -> Shop {
    let mut shop = Shop::of(&format!(
        r#"
policy contact {{
  cap marketing on push at most 1 in any 7 days
  quiet 21:00 to 09:00 on push else wait
  rest each action 10 days after 1 reject within 1 day
  block marketing while angry because "service first"
}}
policy legal {{ cap marketing on any at most 1 per calendar year }}
program shop {{
  campaign news for everyone every {{
    message flash {{ value 1 EUR  propensity 10%  {exception}  treat push "flash" }}
  }}
}}
"#
    ));
    for outcome in [Outcome::Sent, Outcome::Rejected] {
        let at = Instant::parse("2026-03-14T12:00:00+01:00").unwrap();
        let (id, action, channel) = ("k".to_owned(), "shop.news.flash".to_owned(), "push".to_owned());
        shop.customer
            .add_contact(Contact { id, at, outcome, action, kind: ContactKind::Message, channel, variant: None })
            .unwrap();
    }
    shop
}

#[test]
fn a_policy_is_passed_by_its_name_or_line_by_line() {
    let left =
        |exception: &str, angry: bool| under(exception).with("angry", angry).trace("push", "shop.news.flash").left;
    let because = "because \"it is urgent\"";
    assert_eq!(left("", true), Some(Stage::Journey));
    assert_eq!(left(&format!("except rest of policy contact {because}"), true), Some(Stage::Block));
    let two = format!("except rest of policy contact {because} except block of policy contact {because}");
    assert_eq!(left(&two, true), Some(Stage::Cap));
    assert_eq!(
        left(&format!("{two} except cap of policy contact {because}"), true),
        Some(Stage::Cap),
        "of the other policy"
    );
    assert_eq!(left(&format!("except policy contact {because}"), true), Some(Stage::Cap));
    assert_eq!(left(&format!("except policy contact {because} except policy legal {because}"), true), None);
    let but_quiet = format!("{two} except cap of policy contact {because} except policy legal {because}");
    assert_eq!(left(&but_quiet, true), Some(Stage::Quiet));
    let shown = under(&but_quiet).with("angry", false).trace("push", "shop.news.flash").exceptions;
    assert_eq!(shown.len(), 3, "of the block nothing is to be seen: {shown:?}");
}

/// An exception holds for what makes it; what it sends counts for all others.
#[test]
fn what_is_sent_by_exception_counts() {
    let shop = Shop::of(
        r#"
policy contact { cap marketing on push at most 1 in any 7 days }
program shop {
  campaign news for everyone every {
    message flash { value 9 EUR  propensity 10%  except policy contact because "it is urgent"  treat push "flash" }
    message slow { value 1 EUR  propensity 10%  treat push "slow" }
  }
}
"#,
    );
    let request = shop.engine.request(Instant::parse(NOW).unwrap()).channel("push").unwrap();
    assert_eq!(shop.engine.decide(&shop.customer, &request).action().unwrap().action, "shop.news.flash");
    let mut told = Shop { engine: shop.engine.clone(), customer: shop.customer.clone() };
    let at = Instant::parse("2026-03-13T12:00:00+01:00").unwrap();
    let contact = Contact {
        id: "k".into(),
        at,
        outcome: Outcome::Sent,
        action: "shop.news.flash".into(),
        kind: ContactKind::Message,
        channel: "push".into(),
        variant: None,
    };
    told.customer.add_contact(contact).unwrap();
    assert_eq!(told.action("push"), "shop.news.flash");
    assert_eq!(told.trace("push", "shop.news.slow").left, Some(Stage::Rank));
    let request = request.halt("shop.news.flash").unwrap();
    let explained = told.engine.explain(&told.customer, &request);
    assert_eq!(explained.slots[0].candidates[1].left, Some(Stage::Cap));
}

#[test]
fn what_changes_nothing_is_told() {
    let warned = |rules: &str| {
        let (_, engine) = bound(rules);
        engine.warnings().iter().filter(|found| found.code == Code::IdleException).count()
    };
    let policy = "policy contact { cap offer on push at most 1 in any 7 days  quiet 21:00 to 09:00 on push else wait }";
    let action = |kind: &str, exceptions: &str, channel: &str| {
        let worth = if kind == "service" { "basis contract" } else { "value 1 EUR  propensity 10%" };
        format!(
            "{policy}\nprogram p {{ campaign c for everyone every {{ {kind} a {{ {worth} {exceptions} treat {channel} \"k\" }} }} }}"
        )
    };
    let all = "except policy contact because \"x\"";
    assert_eq!(warned(&action("offer", all, "push")), 0);
    assert_eq!(warned(&action("offer", all, "web")), 1);
    assert_eq!(warned(&action("service", all, "push")), 1);
    assert_eq!(warned(&action("message", "except cap of policy contact because \"x\"", "push")), 1);
    assert_eq!(warned(&action("message", "except quiet of policy contact because \"x\"", "push")), 0);
    assert_eq!(warned(&action("message", "except rest of policy contact because \"x\"", "push")), 1);
    let twice = format!("{all} except quiet of policy contact because \"x\"");
    assert_eq!(warned(&action("offer", &twice, "push")), 1);
    let further_out = |inner: &str| {
        format!(
            "{policy}\nprogram p {{ {all}\ncampaign c for everyone every {{ offer a {{ value 1 EUR  propensity 1%  {inner} treat push \"k\" }} }} }}"
        )
    };
    assert_eq!(warned(&further_out("")), 0);
    assert_eq!(warned(&further_out("except cap of policy contact because \"x\"")), 1);
}

#[test]
fn services_alone_need_no_currency() {
    let text = r#"
profile { person id }
channel web inbound
program care { campaign open for everyone every { service sorry { basis contract  treat web "sorry" } } }
"#;
    let rules = Ruleset::parse(&[("care.nba", text)]).unwrap();
    let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
    let request = engine.request(Instant::parse(NOW).unwrap()).channel("web").unwrap();
    let decision = engine.decide(&rules.record_schema().unwrap().record(), &request);
    assert_eq!(decision.action().unwrap().action, "care.open.sorry");
}
