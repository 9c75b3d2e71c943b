//! Actions that are made of rows which the request brings.

use nextbest::{
    Consent, Contact, ContactKind, Currency, Decision, Engine, Instant, Money, Outcome, Reason, Record, Request,
    RequestError, Ruleset, Stage, Value,
};

const NOW: &str = "2026-03-10T12:00:00+01:00";

const SHOP: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  dislikes list<text>  budget money EUR? }
event order { sku text }
event view { sku text  price money EUR }
catalog products { sku id  category text  price money EUR  stock int  ends_at instant? }
channel web inbound { slot hero 1  slot banner 3 }
channel email outbound needs consent email.marketing
policy contact { cap marketing of pick on email at most 2 in any 7 days }
program shop {
  campaign daily for everyone every {
    offer pick for product in products where product.stock > 0 and product.category != "spare" limit 5 {
      value 50% of product.price   cost 1 EUR   propensity 10% trust 100 contacts
      boost +100% when any(view where sku = product.sku within 7 days)
      applicable when product.ends_at is missing or product.ends_at is after now
      suitable when not dislikes contains any of ["nothing"]
      suppress when any(order where sku = product.sku within 30 days) because "has it"
      suppress when count(view where price > product.price within 7 days) >= 2 because "looks for better ones"
      treat web.hero "pick" with { sku: product.sku, price: product.price }
      treat web.banner "pick.small"
      treat email "pick.mail"
    }
    offer house { value 1 EUR  propensity 10%  treat web.hero "house" }
  }
}
"#;

type Row = Vec<(&'static str, Value)>;

fn euros(amount: i64) -> Value {
    Money::new(amount * 100, Currency::named("EUR").unwrap()).into()
}

fn row(sku: &'static str, price: i64, stock: i64) -> Row {
    vec![("sku", sku.into()), ("category", "shoes".into()), ("price", euros(price)), ("stock", stock.into())]
}

fn engine_of(rules: &str) -> (Engine<Record>, Record) {
    let rules = Ruleset::parse(&[("shop.nba", rules)]).unwrap_or_else(|error| panic!("{error}"));
    let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
    let mut customer = rules.record_schema().unwrap().record();
    customer.set("person", "ann").unwrap();
    (engine, customer)
}

fn shop() -> (Engine<Record>, Record) {
    let (engine, mut customer) = engine_of(SHOP);
    customer.set("dislikes", Value::Texts(Vec::new())).unwrap();
    customer.add_consent(Consent::granted("email", "marketing", Instant::MIN)).unwrap();
    (engine, customer)
}

fn at(engine: &Engine<Record>) -> Request {
    engine.request(Instant::parse(NOW).unwrap())
}

fn asked(engine: &Engine<Record>, on: &str, rows: &[Row]) -> Request {
    at(engine).channel(on).unwrap().rows("products", rows.to_vec()).unwrap()
}

/// What a decision shows, by the last part of each path; the same whether it is explained or not.
fn shown(engine: &Engine<Record>, customer: &Record, request: &Request) -> Vec<String> {
    let decision = engine.decide(customer, request);
    assert_eq!(decision, engine.explain(customer, request).decision);
    let json = serde_json::to_string(&decision).unwrap();
    assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
    let last = |action: &nextbest::Chosen| action.action.strip_prefix("shop.daily.").unwrap().to_owned();
    decision.slots.iter().map(|slot| slot.action().map_or("nothing".into(), last)).collect()
}

fn stock() -> Vec<Row> {
    vec![row("boots", 60, 3), row("skis", 300, 2), row("socks", 10, 9), row("sold", 900, 0)]
}

#[test]
fn each_row_is_a_candidate_with_its_own_worth() {
    let (engine, customer) = shop();
    let request = asked(&engine, "web.hero", &stock());
    assert_eq!(shown(&engine, &customer, &request), ["pick[skis]"]);
    let decision = engine.decide(&customer, &request);
    let chosen = decision.action().unwrap();
    assert_eq!(chosen.factors.as_ref().unwrap().value, 15_000);
    assert_eq!(
        decision.to_string(),
        "web.hero: shop.daily.pick[skis] \"pick\" with sku: skis, price: 300.00 EUR, priority 14.9000 EUR = 10% of 149.00 EUR"
    );
    // Others rank behind it, and what is not in stock is no candidate at all.
    let explanation = engine.explain(&customer, &request);
    let candidates: Vec<_> = explanation.slots[0].candidates.iter().map(|c| (c.action.as_str(), c.left)).collect();
    let rank = Some(Stage::Rank);
    assert_eq!(
        candidates,
        [
            ("shop.daily.pick[boots]", rank),
            ("shop.daily.pick[skis]", None),
            ("shop.daily.pick[socks]", rank),
            ("shop.daily.house", rank)
        ]
    );
}

#[test]
fn without_rows_there_are_no_candidates() {
    let (engine, customer) = shop();
    let request = at(&engine).channel("web.hero").unwrap();
    assert_eq!(shown(&engine, &customer, &request), ["house"]);
    let request = asked(&engine, "web.banner", &[]);
    assert_eq!(engine.decide(&customer, &request).reason(), Some(Reason::NoCandidate));
    // Rows that are given again stand for those before.
    let request = asked(&engine, "web.hero", &stock()).rows("products", [row("boots", 60, 1)]).unwrap();
    assert_eq!(shown(&engine, &customer, &request), ["pick[boots]"]);
}

#[test]
fn slots_show_several_rows() {
    let (engine, customer) = shop();
    let request = asked(&engine, "web", &stock());
    let expected = ["pick[skis]", "pick[boots]", "pick[socks]"];
    assert_eq!(shown(&engine, &customer, &request), expected);
}

/// What is counted for one row says nothing of another.
#[test]
fn clauses_are_asked_of_each_row() {
    let (engine, mut customer) = shop();
    let day = |days: i64| Instant::parse(NOW).unwrap().saturating_sub_millis(days * 86_400_000);
    customer.add_event("order", day(3), [("sku", Value::from("skis"))]).unwrap();
    let request = asked(&engine, "web.hero", &stock());
    assert_eq!(shown(&engine, &customer, &request), ["pick[boots]"]);
    let text = engine.explain(&customer, &request).to_string();
    let left = "left at suppression shop.daily.pick[skis]: suppress when any(order where sku = product.sku within 30 days) \
                because \"has it\"; again from 2026-04-06T12:00:00+02:00";
    assert!(text.contains(left), "{text}");
    // Doubled by a boost: 2 · 10% · (5 − 1) < 10% · (30 − 1), so boots stay, and socks come with two dear views.
    customer.add_event("view", day(2), [("sku", "socks".into()), ("price", euros(70))]).unwrap();
    assert_eq!(shown(&engine, &customer, &request), ["pick[boots]"]);
    customer.add_event("view", day(1), [("sku", "boots".into()), ("price", euros(65))]).unwrap();
    assert_eq!(shown(&engine, &customer, &request), ["house"]);
    let explanation = engine.explain(&customer, &request);
    let boots = explanation.slots[0].candidates.iter().find(|c| c.action.ends_with("[boots]")).unwrap();
    assert_eq!((boots.left, boots.because.as_deref()), (Some(Stage::Suppression), Some("looks for better ones")));
    assert!(boots.condition.as_ref().unwrap().to_string().contains('2'));
}

#[test]
fn the_order_of_rows_means_nothing() {
    let (engine, customer) = shop();
    // Four of one worth: the id decides.
    let mut rows = vec![row("d", 60, 1), row("b", 60, 1), row("c", 60, 1), row("a", 60, 1)];
    let ask = |rows: &[Row]| asked(&engine, "web", rows).digested();
    let first = engine.decide(&customer, &ask(&rows));
    assert_eq!(shown(&engine, &customer, &ask(&rows)), ["pick[a]", "pick[b]", "pick[c]", "pick[d]"]);
    for _ in 0..3 {
        rows.rotate_left(1);
        assert_eq!(engine.decide(&customer, &ask(&rows)), first);
    }
    rows[0][2].1 = euros(61);
    assert_ne!(engine.decide(&customer, &ask(&rows)).inputs, first.inputs);
}

#[test]
fn numbers_are_ids_in_the_order_of_numbers() {
    let rules = r#"
ruleset shop { currency EUR }
profile { person id }
catalog shops { number id<int>  name text? }
channel web inbound { slot list 3 }
program shop { campaign daily for everyone every {
  message visit for shop in shops limit 3 { value 1 EUR  propensity 10%  treat web.list "visit" with { name: shop.name else "a shop" } }
} }
"#;
    let (engine, customer) = engine_of(rules);
    let rows = [10, 9, 100].map(|number| [("number", number)]);
    let request = at(&engine).channel("web").unwrap().rows("shops", rows).unwrap();
    assert_eq!(shown(&engine, &customer, &request), ["visit[9]", "visit[10]", "visit[100]"]);
}

#[test]
fn a_request_refuses_what_is_wrong_with_rows() {
    let (engine, _) = shop();
    let request = || at(&engine);
    let refused = |rows: Vec<Row>| request().rows("products", rows).unwrap_err();
    assert_eq!(
        request().rows("product", stock()).unwrap_err().to_string(),
        "there is no catalog `product`; did you mean `products`?"
    );
    let mut rows = stock();
    rows[1][2].0 = "prize";
    assert_eq!(refused(rows).to_string(), "row 1 of `products`: there is no column `prize`; did you mean `price`?");
    let mut rows = stock();
    rows[0][3].1 = "many".into();
    let wrong = refused(rows);
    assert!(matches!(wrong, RequestError::Row { row: 0, .. }), "{wrong}");
    let mut rows = stock();
    rows[2].remove(2);
    assert_eq!(refused(rows).to_string(), "row 2 of `products` has no `price`");
    let mut rows = stock();
    rows[2].remove(0);
    assert_eq!(refused(rows).to_string(), "row 2 of `products` has no `sku`");
    let mut rows = stock();
    rows.push(row("boots", 1, 0));
    assert_eq!(refused(rows).to_string(), "two rows of `products` have the id `boots`");
    // What `where` does not let pass does not count; of what it does, nothing is left out.
    let many = ["a", "b", "c", "d", "e", "f"].map(|sku| row(sku, 1, 1));
    assert!(request().rows("products", many[..5].iter().cloned().chain([row("f", 1, 0)])).is_ok());
    assert_eq!(
        refused(many.to_vec()).to_string(),
        "`shop.daily.pick` is made of 6 rows of `products`, and its limit is 5"
    );
}

#[test]
fn what_is_said_of_actions_can_be_said_of_one_row() {
    let (engine, customer) = shop();
    let request = || asked(&engine, "web.hero", &stock());
    let shown = |request: Request| shown(&engine, &customer, &request).join(" ");
    assert_eq!(shown(request().halt("shop.daily.pick[skis]").unwrap()), "pick[boots]");
    assert_eq!(shown(request().halt("shop.daily.pick").unwrap()), "house");
    assert_eq!(shown(request().stock("shop.daily.pick[skis]", 0).unwrap()), "pick[boots]");
    assert_eq!(shown(request().stock("shop.daily.pick", 0).unwrap()), "house");
    // Of a row that is not there, too: stock is told of all that a shop has.
    assert_eq!(shown(request().stock("shop.daily.pick[gone]", 0).unwrap()), "pick[skis]");
    assert!(request().stock("shop.daily.house[skis]", 0).is_err());
    // (100 · 10% + 0) / (100 + 900) of 149 EUR is less than 10% of 29 EUR; what is known of all is for all others.
    let known = request().evidence("shop.daily.pick[skis]", 0, 900).unwrap();
    assert_eq!(shown(known), "pick[boots]");
    let known = request().evidence("shop.daily.pick[skis]", 10, 100).unwrap();
    assert_eq!(shown(known.evidence("shop.daily.pick", 0, 10_000).unwrap()), "pick[skis]");
    let decision = engine.decide(&customer, &request().stock("shop.daily.pick[skis]", 4).unwrap());
    assert!(decision.to_string().contains("one of the stock of shop.daily.pick[skis]"), "{decision}");
}

/// Before the rows are given or after, it is the same.
#[test]
fn the_order_of_what_a_request_says_means_nothing() {
    let (engine, customer) = shop();
    let before = at(&engine).halt("shop.daily.pick[skis]").unwrap().channel("web.hero").unwrap();
    let before = before.rows("products", stock()).unwrap();
    assert_eq!(shown(&engine, &customer, &before), ["pick[boots]"]);
    // In another revision as well, which knows the rows anew.
    let (other, _) = engine_of(&SHOP.replace("limit 5", "limit 4"));
    assert_eq!(shown(&other, &customer, &before), ["pick[boots]"]);
    let (fewer, _) = engine_of(&SHOP.replace("limit 5", "limit 2"));
    assert_eq!(shown(&fewer, &customer, &before), ["house"]);
}

#[test]
fn stock_of_a_row_is_shared_among_customers() {
    let (engine, customer) = shop();
    let schema = customer.schema().clone();
    let customers: Vec<Record> = ["ann", "bob", "cid"]
        .into_iter()
        .map(|person| {
            let mut customer = schema.record();
            customer.set("person", person).unwrap();
            customer.set("dislikes", Value::Texts(Vec::new())).unwrap();
            customer
        })
        .collect();
    let request = asked(&engine, "web.hero", &stock()).stock("shop.daily.pick[skis]", 1).unwrap();
    let decisions = engine.decide_all(&customers, &request);
    let actions: Vec<_> = decisions.iter().map(|d| d.action().unwrap().action.as_str()).collect();
    assert_eq!(actions, ["shop.daily.pick[skis]", "shop.daily.pick[boots]", "shop.daily.pick[boots]"]);
}

/// A contact about a row is one about its action.
#[test]
fn contacts_about_rows_count_for_the_action() {
    let (engine, mut customer) = shop();
    let request = asked(&engine, "email", &stock());
    let day = |days: i64| Instant::parse(NOW).unwrap().saturating_sub_millis(days * 86_400_000);
    let sent = |id: &str, days: i64, action: &str| Contact {
        id: id.into(),
        at: day(days),
        outcome: Outcome::Sent,
        action: action.into(),
        kind: ContactKind::Offer,
        channel: "email".into(),
        variant: None,
    };
    customer.add_contact(sent("1", 3, "shop.daily.pick[a.b]")).unwrap();
    assert_eq!(shown(&engine, &customer, &request), ["pick[skis]"]);
    customer.add_contact(sent("2", 2, "shop.daily.pick[gone]")).unwrap();
    let decision = engine.decide(&customer, &request);
    assert_eq!(decision.reason(), Some(Reason::Capped));
    assert!(decision.to_string().contains("shop.daily.pick[skis]"), "{decision}");
    let text = SHOP.replace("suitable when", "suitable when none(exposed(pick) within 2 days) and");
    let (engine, _) = engine_of(&text);
    let request = asked(&engine, "web.hero", &stock());
    assert_eq!(shown(&engine, &customer, &request), ["pick[skis]"]);
    customer.add_contact(sent("3", 1, "shop.daily.pick[gone]")).unwrap();
    assert_eq!(shown(&engine, &customer, &request), ["house"]);
}

#[test]
fn what_a_row_says_of_time_is_looked_ahead_to() {
    let (engine, customer) = shop();
    let mut rows = stock();
    let until = Instant::parse("2026-03-20T18:00:00+01:00").unwrap();
    rows[1].push(("ends_at", until.into()));
    let request = asked(&engine, "web.hero", &rows);
    let ahead = Instant::parse("2026-12-31T00:00:00Z").unwrap();
    assert_eq!(engine.next_change(&customer, &request, ahead), Some(until));
    assert_eq!(shown(&engine, &customer, &request.clone().at(until.saturating_sub_millis(1))), ["pick[skis]"]);
    assert_eq!(shown(&engine, &customer, &request.at(until)), ["pick[boots]"]);
}

#[test]
fn rows_are_read_from_json() {
    let (engine, customer) = shop();
    let request = || at(&engine).channel("web.hero").unwrap();
    let text = r#"[{"sku": "skis", "category": "sport", "price": "300.00 EUR", "stock": 2},
                   {"sku": "boots", "category": "shoes", "price": "60.00 EUR", "stock": 2, "ends_at": null}]"#;
    let request_ = request().rows_from_json("products", text).unwrap();
    assert_eq!(shown(&engine, &customer, &request_), ["pick[skis]"]);
    let wrong = request().rows_from_json("products", r#"[{"sku": 1, "colour": "red"}]"#).unwrap_err().to_string();
    assert!(wrong.contains("$[0].sku") && wrong.contains("$[0].colour"), "{wrong}");
    assert!(matches!(request().rows_from_json("goods", "[]"), Err(RequestError::UnknownCatalog { .. })));
}

/// A thousand rows against plain arithmetic.
#[test]
fn a_thousand_rows() {
    let text = SHOP.replace("limit 5", "limit 1000").replace("banner 3", "banner 5");
    let (engine, mut customer) = engine_of(&text);
    customer.set("dislikes", Value::Texts(Vec::new())).unwrap();
    let price = |n: i64| (n * 7919) % 1009 + 5;
    let rows = (0..1000_i64).map(|n| {
        let sku = format!("s{n:04}");
        [("sku", sku.into()), ("category", "x".into()), ("price", euros(price(n))), ("stock", Value::from(1))]
    });
    let mut expected: Vec<i64> = (0..1000).collect();
    expected.sort_by_key(|&n| (std::cmp::Reverse(price(n)), n));
    let request = at(&engine).channel("web.banner").unwrap().rows("products", rows).unwrap();
    let expected: Vec<String> = expected.iter().take(5).map(|n| format!("pick[s{n:04}]")).collect();
    assert_eq!(shown(&engine, &customer, &request), expected);
}

/// A row is made up where a campaign has nothing else to offer.
#[test]
fn a_campaign_of_rows_is_reachable() {
    let rules = SHOP.replace("offer house { value 1 EUR  propensity 10%  treat web.hero \"house\" }", "");
    let rules = rules.replace("      suitable when not dislikes contains any of [\"nothing\"]\n", "");
    let rules = Ruleset::parse(&[("shop.nba", format!("{rules}\ncheck every campaign reachable\n"))]).unwrap();
    let report = rules.tests().unwrap().run();
    assert!(report.passed(), "{report}");
    assert!(report.to_string().contains("products { "), "{report}");
}
