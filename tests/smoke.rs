use nextbest::*;
#[test]
fn smoke() {
    let text = r#"
ruleset s { zone "Europe/Paris" currency EUR }
profile { person id  age int?  plan enum(basic, pro)?  likes list<text>  clv money EUR? birth date? }
context { weather enum(sun, rain)? }
event order { total money EUR  category text }
let spent = sum(order.total within 30 days)
score freq on count(order within 365 days) { 3 if >= 3, 2 if >= 2, else 1 }
segment adult "grown up" when age >= 18
segment pro when plan = "pro" or missing
segment buyer when count(order where total >= 10 EUR within 30 days) >= 2 and not in segment adult
segment rich when spent > 15 EUR and freq = 2
segment lapsed when any(order) and none(order within 30 days)
segment rainy when context.weather = "rain" and last(order).category starts with "sh"
"#;
    let rules = match Ruleset::parse(&[("a.nba", text)]) {
        Ok(r) => r,
        Err(e) => panic!("{e}"),
    };
    let engine = match rules.bind_records() {
        Ok(r) => r,
        Err(e) => panic!("{e}"),
    };
    println!("{}", engine.warnings());
    let schema = rules.record_schema().unwrap();
    let now = Instant::parse("2026-03-10T12:00:00+01:00").unwrap();
    let mut p = schema.record();
    let eur = Currency::named("EUR").unwrap();
    p.set("age", 17).unwrap();
    for d in [1i64, 5] {
        p.add_event(
            "order",
            now.saturating_sub_millis(d * 86_400_000),
            [("total", Value::Money(Money::new(1000, eur))), ("category", "shoes".into())],
        )
        .unwrap();
    }
    let req = engine.request(now).context("weather", "rain").unwrap();
    let mut ev = engine.evaluator();
    let names: Vec<String> =
        ev.segments(&p, &req).to_vec().iter().map(|id| engine.segment_name(*id).to_owned()).collect();
    assert_eq!(names, ["pro", "buyer", "rich", "rainy"]);
    assert_eq!(ev.value(&p, &req, engine.value("spent").unwrap()).unwrap(), Some(Value::Money(Money::new(2000, eur))));
}
