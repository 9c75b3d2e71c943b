//! The objective: values made of several aims, weighed by segment.

use nextbest::{CandidateTrace, Currency, Engine, Instant, Money, Record, Request, Ruleset, Stage, Value};

const AIMS: &str = "revenue in money  retention in points of 4 EUR  reach in points of 0.25 EUR";
const WEIGHTS: &str = "weights revenue 70%, retention 30%  weights revenue 20%, retention 80% for vip";

struct Shop {
    engine: Engine<Record>,
    customer: Record,
}

fn euros(cents: i64) -> Money {
    Money::new(cents, Currency::named("EUR").unwrap())
}

impl Shop {
    /// Offers under an objective.
    fn of(weights: &str, offers: &str) -> Self {
        Shop::under(&format!("objective growth {{ {AIMS}  {weights} }}"), offers)
    }

    fn under(statements: &str, offers: &str) -> Self {
        let text = format!(
            "ruleset shop {{ currency EUR  zone \"Europe/Paris\" }}\n\
             profile {{ person id  clv money EUR?  visits int?  rating number?  vip_since date?  staff bool? }}\n\
             channel web inbound\nsegment vip when vip_since is known\nsegment staff_only when staff\n{statements}\n\
             program p {{\ncampaign c for everyone every {{\n{offers}\n}}\n}}\n"
        );
        let rules = Ruleset::parse(&[("shop.nba", &text)]).unwrap_or_else(|error| panic!("{error}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        let mut customer = rules.record_schema().unwrap().record();
        customer.set("person", "ann").unwrap();
        Shop { engine, customer }
    }

    fn vip(mut self) -> Self {
        self.customer.set("vip_since", Value::Date(nextbest::Date::parse("2026-01-01").unwrap())).unwrap();
        self
    }

    fn request(&self) -> Request {
        self.engine.request(Instant::parse("2026-03-10T12:00:00+01:00").unwrap()).channel("web").unwrap()
    }

    fn trace(&self) -> CandidateTrace {
        let explanation = self.engine.explain(&self.customer, &self.request());
        assert_eq!(explanation.decision, self.engine.decide(&self.customer, &self.request()));
        explanation.slots[0].candidates[0].clone()
    }

    fn value(&self) -> Option<i64> {
        let decision = self.engine.decide(&self.customer, &self.request());
        decision.action().and_then(|action| action.factors).map(|factors| factors.value)
    }

    fn action(&self) -> String {
        let decision = self.engine.decide(&self.customer, &self.request());
        decision.action().map_or("nothing".into(), |action| action.action.clone())
    }
}

fn offer(value: &str) -> String {
    format!("offer o {{ value {value}  propensity 5%  treat web \"o\" }}")
}

#[test]
fn a_value_is_the_sum_of_its_weighed_parts() {
    let shop = Shop::of(WEIGHTS, &offer("revenue: 30 EUR, retention: 2 points"));
    assert_eq!(shop.value(), Some(2_100 + 240));
    assert_eq!(shop.vip().value(), Some(600 + 640));
}

#[test]
fn weights_decide_what_comes_first() {
    let offers = r#"
        offer boots { value revenue: 30 EUR  propensity 5%  treat web "boots" }
        offer club { value retention: 6 points, revenue: 1 EUR  propensity 5%  treat web "club" }"#;
    assert_eq!(Shop::of(WEIGHTS, offers).action(), "p.c.boots");
    assert_eq!(Shop::of(WEIGHTS, offers).vip().action(), "p.c.club");
    // Cost and priority are as ever.
    let shop = Shop::of(WEIGHTS, r#"offer o { value revenue: 30 EUR  cost 1 EUR  propensity 5%  treat web "o" }"#);
    let decision = shop.engine.decide(&shop.customer, &shop.request());
    let factors = decision.action().unwrap().factors.unwrap();
    assert_eq!((factors.value, factors.margin, factors.priority), (2_100, 2_000, 0.05 * 2_000.0));
}

#[test]
fn the_first_line_that_definitely_holds_counts_wherever_the_general_one_stands() {
    let weights = "weights revenue 50%, retention 50% for staff_only  weights revenue 10%, retention 90%  \
                   weights revenue 100% for vip";
    let mut shop = Shop::of(weights, &offer("revenue: 10 EUR")).vip();
    // Whether the customer is staff is not known.
    assert_eq!(shop.value(), Some(1_000));
    shop.customer.set("staff", true).unwrap();
    assert_eq!(shop.value(), Some(500));
    shop.customer.set("staff", false).unwrap();
    assert_eq!(shop.value(), Some(1_000));
    assert_eq!(Shop::of(weights, &offer("revenue: 10 EUR")).value(), Some(100));
}

#[test]
fn each_product_is_rounded_half_to_even() {
    let weights = "weights revenue 50%, retention 25%, reach 25%";
    // 0.5 and 1.5 cents, and 2.5.
    assert_eq!(Shop::of(weights, &offer("revenue: 0.01 EUR, retention: 1 point")).value(), Some(100));
    assert_eq!(Shop::of(weights, &offer("revenue: 0.03 EUR, retention: 1 point")).value(), Some(2 + 100));
    assert_eq!(Shop::of(weights, &offer("revenue: 0.05 EUR, retention: 1 point")).value(), Some(2 + 100));
    // 0.1 points of 25 cents are 2.5, so 2 cents, of which a quarter is 0.5, so none; 0.3 are 7.5, so 8, so 2.
    assert_eq!(Shop::of(weights, &offer("reach: 0.1 points, retention: 1 point")).value(), Some(100));
    assert_eq!(Shop::of(weights, &offer("reach: 0.3 points, retention: 1 point")).value(), Some(2 + 100));
    // Each by itself, not their sum.
    let weights = "weights revenue 50%, retention 0.125%, reach 49.875%";
    assert_eq!(Shop::of(weights, &offer("revenue: 10.01 EUR, retention: 1 point")).value(), Some(500));
}

#[test]
fn points_are_counted_for_each_customer() {
    let mut shop = Shop::of("weights retention 100%", &offer("retention: visits points, revenue: clv else 10 EUR"));
    assert_eq!((shop.value(), shop.trace().left), (None, Some(Stage::Score)));
    shop.customer.set("visits", 3).unwrap();
    // What weighs nothing has to be known all the same; here something stands in for it.
    assert_eq!(shop.value(), Some(1_200));
    let mut shop = Shop::of("weights retention 100%", &offer("retention: rating * 1.5 else 0.5 points"));
    assert_eq!(shop.value(), Some(200));
    shop.customer.set("rating", 4.5).unwrap();
    assert_eq!(shop.value(), Some(2_700));
    shop.customer.set("rating", 1e300).unwrap();
    assert_eq!((shop.value(), shop.trace().left), (None, Some(Stage::Score)));
    let mut shop = Shop::of("weights retention 100%", &offer("retention: visits else 1 point"));
    shop.customer.set("visits", i64::MAX / 2).unwrap();
    assert_eq!(shop.value(), None, "too much is not missing: nothing stands in for it");
}

#[test]
fn a_share_of_money_is_a_worth_as_ever() {
    let mut shop = Shop::of("weights revenue 50%, reach 50%", &offer("revenue: 25% of clv"));
    assert_eq!(shop.value(), None);
    shop.customer.set("clv", euros(9_002)).unwrap();
    // 22.505 is 22.50, and half of it 11.25.
    assert_eq!(shop.value(), Some(1_125));
}

#[test]
fn the_explanation_says_which_weights_counted_and_each_part() {
    let shop = Shop::of(WEIGHTS, &offer("retention: 2 points, revenue: 30 EUR")).vip();
    let worth = shop.trace().worth.unwrap();
    assert_eq!((worth.objective.as_str(), worth.segment.as_deref()), ("growth", Some("vip")));
    let parts: Vec<_> =
        worth.parts.iter().map(|part| (part.aim.as_str(), part.weight, part.worth, part.weighed)).collect();
    let revenue = ("revenue", 0.2, Some(euros(3_000)), Some(euros(600)));
    assert_eq!(parts, [revenue, ("retention", 0.8, Some(euros(800)), Some(euros(640)))]);
    assert_eq!(
        worth.to_string(),
        "growth for vip: revenue 6.00 EUR (20% of 30.00 EUR) + retention 6.40 EUR (80% of 8.00 EUR)"
    );
    let shop = Shop::of(WEIGHTS, &offer("revenue: clv"));
    let trace = shop.trace();
    assert_eq!(trace.worth.as_ref().unwrap().to_string(), "growth: revenue missing");
    assert!(trace.to_string().contains(", growth: revenue missing"), "{trace}");
    assert_eq!(Shop::under("", &offer("30 EUR")).trace().worth, None);
}

#[test]
fn who_is_not_weighed_has_no_part_in_it() {
    let shop =
        Shop::of(WEIGHTS, r#"service s { basis contract  treat web "s" }  fallback message m { treat web "m" }"#);
    assert_eq!(shop.action(), "p.c.s");
    assert_eq!(shop.trace().worth, None);
}

#[test]
fn next_change_and_why_not_look_at_whose_weights_count() {
    let statements = format!(
        "objective growth {{ {AIMS}  weights retention 100%  weights revenue 100% for young }}\n\
        segment young when vip_since is within 10 days of today\nthreshold priority >= 1 EUR"
    );
    let mut shop = Shop::under(&statements, &offer("revenue: 30 EUR"));
    shop.customer.set("vip_since", Value::Date(nextbest::Date::parse("2026-03-05").unwrap())).unwrap();
    assert_eq!(shop.action(), "p.c.o");
    let until = Instant::parse("2026-05-01T00:00:00Z").unwrap();
    let change = shop.engine.next_change(&shop.customer, &shop.request(), until);
    assert_eq!(change, Some(Instant::parse("2026-03-16T00:00:00+01:00").unwrap()));
    shop.customer.set("vip_since", Value::Date(nextbest::Date::parse("2026-01-05").unwrap())).unwrap();
    assert_eq!(shop.action(), "nothing");
    let answer = shop.engine.why_not(&shop.customer, &shop.request(), "p.c.o", &[]).unwrap().to_string();
    assert!(answer.starts_with("p.c.o would win with vip_since = 2026-03-"), "{answer}");
}

#[test]
fn rows_earn_each_by_itself() {
    let statements =
        format!("objective growth {{ {AIMS}  {WEIGHTS} }}\ncatalog products {{ sku id  price money EUR  love int }}");
    let offers = "offer o for x in products limit 9 { value revenue: 10% of x.price, retention: x.love points  propensity 5%  treat web \"o\" }";
    let shop = Shop::under(&statements, offers).vip();
    let rows = r#"[{"sku": "dear", "price": "900 EUR", "love": 0}, {"sku": "dear_to", "price": "9 EUR", "love": 9}]"#;
    let request = shop.request().rows_from_json("products", rows).unwrap();
    let decision = shop.engine.decide(&shop.customer, &request);
    assert_eq!(decision.action().unwrap().action, "p.c.o[dear_to]");
    assert_eq!(decision.action().unwrap().factors.unwrap().value, 18 + 2_880);
}

#[test]
fn an_objective_is_written_in_one_way() {
    let text = "OBJECTIVE growth { weights revenue 70%,retention 30%, retention in points of 4 EUR, weights revenue 20.0%, retention 80% for vip
        revenue in money }\nprogram p { campaign c for everyone every { offer o { treat web \"o\" propensity 1% \
        value retention : visits   else 1 points,revenue:25% of clv } } }";
    let formatted = nextbest::format("a.nba", text).unwrap();
    let objective = "objective growth {\n  retention in points of 4 EUR\n  revenue in money\n  weights revenue 70%, retention 30%\n  \
                     weights revenue 20.0%, retention 80% for vip\n}\n";
    assert!(formatted.starts_with(objective), "{formatted}");
    assert!(formatted.contains("      value retention: visits else 1 point, revenue: 25% of clv\n"), "{formatted}");
    assert_eq!(nextbest::format("a.nba", &formatted).unwrap(), formatted);
}

#[test]
fn its_words_are_names_elsewhere() {
    let text = "ruleset shop { currency EUR  zone \"Europe/Paris\" }
profile { person id  points int  weights money EUR  over int  objective bool  decaying bool }
event decaying { over int }
channel web inbound
segment money when objective and decaying
objective objective {
  weights in money
  points in points of 1 EUR
  weights weights 50%, points 50%
  weights points 100% for money
}
program value { campaign weights for money every {
  boost +50% after decaying where over > 2 decaying over 2 days when over > 1 and
    objective
  offer points { value points: points points, weights: weights else 1 EUR propensity 50%  treat web \"o\" }
} }";
    let rules = Ruleset::parse(&[("shop.nba", text)]).unwrap_or_else(|error| panic!("{error}"));
    let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
    let mut customer = rules.record_schema().unwrap().record();
    customer.set("points", 7).unwrap().set("over", 2).unwrap().set("weights", euros(5)).unwrap();
    customer.set("objective", true).unwrap().set("decaying", true).unwrap();
    let now = Instant::parse("2026-03-10T12:00:00+01:00").unwrap();
    customer.add_event("decaying", now, [("over", 3.into())]).unwrap();
    let decision = engine.decide(&customer, &engine.request(now).channel("web").unwrap());
    let factors = decision.action().unwrap().factors.unwrap();
    assert_eq!((factors.value, factors.context), (700, 1.5));
    let formatted = nextbest::format("shop.nba", text).unwrap();
    assert_eq!(nextbest::format("shop.nba", &formatted).unwrap(), formatted);
}
