//! The funnel of a population, against the explanations of its customers one by one.

use std::collections::BTreeMap;

use nextbest::{Answer, Consent, Currency, Engine, Instant, Money, Reason, Record, Request, Ruleset, Stage};

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  age int?  owner bool? }
event order { total money EUR }
channel email outbound needs consent email.marketing
channel web   inbound
threshold priority >= 0.05 EUR
program sales {
  campaign roof for everyone every {
    eligible when age >= 18
    offer quote {
      value 25% of sum(order.total)  propensity 1%
      suppress when owner because "has one"
      treat email "roof.mail"  treat web "roof.web"
    }
    offer gutter { value 6 EUR  propensity 1%  suitable when age < 60 because "no ladders"  treat email "gutter.mail" }
  }
}
program service {
  campaign care for everyone every { service sorry { basis contract  eligible when count(order) >= 5  treat web "care.web" } }
}
"#;

fn shop() -> (Engine<Record>, Vec<Record>, Request) {
    let rules = Ruleset::parse(&[("shop.nba", RULES)]).expect("well-formed");
    let engine = rules.bind_records().expect("well-typed");
    let schema = rules.record_schema().expect("declared");
    let now = Instant::parse("2026-03-10T12:00:00+01:00").expect("a moment");
    let euros = |n: i64| Money::new(n * 100, Currency::named("EUR").expect("known"));
    let customer = |n: i64| {
        let mut customer = schema.record();
        customer.set("person", format!("c{n}")).expect("an id");
        if n % 4 != 0 {
            customer.set("age", 10 + n % 60).expect("an age");
        }
        if n % 3 != 0 {
            customer.set("owner", n % 5 == 0).expect("a bool");
        }
        for order in 0..n % 7 {
            let at = now.saturating_sub_millis(86_400_000 * (order + 1));
            customer.add_event("order", at, [("total", euros(n % 11).into())]).expect("declared");
        }
        if n % 2 == 0 {
            let at = now.saturating_sub_millis(1);
            customer.add_consent(Consent::granted("email", "marketing", at)).expect("declared");
        }
        customer
    };
    let request = engine.request(now).channel("email").and_then(|request| request.channel("web")).expect("declared");
    (engine, (0..420).map(customer).collect(), request)
}

#[test]
fn it_counts_what_the_explanations_say() {
    let (engine, customers, request) = shop();
    let funnel = engine.funnel(&customers, &request);
    let shown: [&[&str]; 2] = [&["sales.roof.quote", "sales.roof.gutter"], &["sales.roof.quote", "service.care.sorry"]];
    assert_eq!(funnel.slots.len(), 2);
    for (place, slot) in funnel.slots.iter().enumerate() {
        let (mut lost, mut rules) = (BTreeMap::<Stage, u64>::new(), BTreeMap::<(Stage, String), u64>::new());
        let (mut won, mut nothing) = (BTreeMap::<String, u64>::new(), BTreeMap::<Reason, u64>::new());
        let mut furthest = Vec::new();
        for customer in &customers {
            let explanation = engine.explain(customer, &request);
            let mut last = None;
            for candidate in &explanation.slots[place].candidates {
                // What has nothing for the channel is no candidate on it.
                let Some(stage) = candidate.left.filter(|_| shown[place].contains(&&*candidate.action)) else {
                    continue;
                };
                *lost.entry(stage).or_default() += 1;
                last = last.max(Some(stage));
                if !candidate.clause.is_empty() {
                    *rules.entry((stage, candidate.clause.clone())).or_default() += 1;
                }
            }
            match &explanation.decision.slots[place].answer {
                Answer::Action(chosen) => *won.entry(chosen.action.clone()).or_default() += 1,
                Answer::Nothing(no) => {
                    *nothing.entry(no.reason).or_default() += 1;
                    furthest.push(last.expect("every customer has candidates"));
                }
            }
        }
        let counted: BTreeMap<Stage, u64> = slot.stages.iter().map(|count| (count.stage, count.lost)).collect();
        assert_eq!(counted, lost, "{slot}");
        assert!(slot.stages.is_sorted_by_key(|count| count.stage));
        assert_eq!(slot.rules.iter().map(|r| ((r.stage, r.clause.clone()), r.lost)).collect::<BTreeMap<_, _>>(), rules);
        assert_eq!(slot.actions.iter().map(|a| (a.action.clone(), a.customers)).collect::<BTreeMap<_, _>>(), won);
        assert_eq!(slot.nothing.iter().map(|n| (n.reason, n.customers)).collect::<BTreeMap<_, _>>(), nothing);
        assert_eq!(slot.customers, 420);
        let mut left = slot.candidates;
        for count in &slot.stages {
            left -= count.lost;
            let gone = furthest.iter().filter(|&&stage| stage <= count.stage).count() as u64;
            assert_eq!((count.left, count.customers), (left, 420 - gone), "{slot}");
        }
        assert_eq!(left, won.values().sum::<u64>(), "who is left has won");
    }
}

#[test]
fn it_is_a_page_for_people_and_does_not_depend_on_order() {
    let (engine, mut customers, request) = shop();
    let funnel = engine.funnel(&customers, &request);
    let page = funnel.to_string();
    for line in
        ["email: 420 customers, 840 candidates", "suppress when owner because \"has one\"", "nothing: not permitted"]
    {
        assert!(page.contains(line), "{line} is lacking:\n{page}");
    }
    customers.reverse();
    assert_eq!(engine.funnel(&customers, &request), funnel);
    assert_eq!(engine.funnel([], &request).slots[0].customers, 0);
}
