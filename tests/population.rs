//! Scores: by bands, and by where a customer stands among others: the formulas on a handful of customers, and what
//! populations are to hosts.

use nextbest::check::tree::Measure;
use nextbest::{
    Currency, Engine, Evaluator, Instant, LookBack, Money, Population, Record, RecordSchema, Request, Ruleset, Truth,
    Value,
};

const WORLD: &str = "
ruleset acme { zone \"Europe/Paris\"  currency EUR }
profile { person id<int>  zone zone?  points int?  rating number?  clv money EUR?  joined date?  email text? pii  age int? pii }
event order { total money EUR?  place point? }
";

struct Acme {
    engine: Engine<Record>,
    schema: RecordSchema,
}

fn acme(rules: &str) -> Acme {
    let rules = Ruleset::parse(&[("acme.nba", format!("{WORLD}{rules}"))]).unwrap_or_else(|wrong| panic!("{wrong}"));
    let engine = rules.bind_records().unwrap_or_else(|wrong| panic!("{wrong}"));
    Acme { engine, schema: rules.record_schema().unwrap() }
}

fn noon() -> Instant {
    Instant::parse("2026-05-14T12:00:00+02:00").unwrap()
}

impl Acme {
    fn request(&self) -> Request {
        self.engine.request(noon())
    }

    fn record(&self, id: i64) -> Record {
        let mut record = self.schema.record();
        record.set("person", id).unwrap();
        record
    }

    /// Customers 0, 1, 2 … with these points.
    fn with_points(&self, points: &[Option<i64>]) -> Vec<Record> {
        let one = |(id, points): (i64, &Option<i64>)| {
            let mut record = self.record(id);
            if let Some(points) = points {
                record.set("points", *points).unwrap();
            }
            record
        };
        (0..).zip(points).map(one).collect()
    }

    fn among(&self, customers: &[Record]) -> Request {
        let request = self.request();
        let population = self.engine.population(customers, &request);
        request.population(&population)
    }

    fn values(&self, customers: &[Record], request: &Request, name: &str) -> Vec<Option<Value>> {
        let mut evaluator = self.engine.evaluator();
        customers.iter().map(|customer| self.value(&mut evaluator, customer, request, name)).collect()
    }

    fn value(&self, evaluator: &mut Evaluator<Record>, of: &Record, request: &Request, name: &str) -> Option<Value> {
        evaluator.value(of, request, self.engine.value(name).unwrap()).unwrap()
    }

    fn ints(&self, points: &[i64], name: &str) -> Vec<i64> {
        let points: Vec<Option<i64>> = points.iter().copied().map(Some).collect();
        let customers = self.with_points(&points);
        let found = self.values(&customers, &self.among(&customers), name);
        found
            .into_iter()
            .map(|value| if let Some(Value::Int(score)) = value { score } else { panic!("{value:?}") })
            .collect()
    }

    fn truth(&self, customer: &Record, request: &Request, segment: &str) -> Truth {
        self.engine.explain_segment(customer, request, self.engine.segment(segment).unwrap()).unwrap().truth
    }

    fn members(&self, customers: &[Record], request: &Request, segment: &str) -> Vec<usize> {
        let (mut evaluator, segment) = (self.engine.evaluator(), self.engine.segment(segment).unwrap());
        let is_in = |&place: &usize| evaluator.is_in(&customers[place], request, segment).unwrap();
        (0..customers.len()).filter(is_in).collect()
    }
}

/// The two customers of the brief, whose scores from 1 to 3 for recency, frequency and money it adds up.
#[test]
fn sam_is_a_seven_and_billy_a_five() {
    let acme = acme(
        "score recency   on time since last(order)           { 3 if <= 30 days,  2 if <= 90 days,  else 1 }
         score frequency on count(order within 365 days)     { 3 if >= 6,        2 if >= 2,        else 1 }
         score monetary  on sum(order.total within 365 days) { 3 if >= 500 EUR,  2 if >= 100 EUR,  else 1 }
         let rfm = recency + frequency + monetary
         group rfm_group on (recency, frequency, monetary) {
           champions      if 3, 3, 3
           cant_lose      if 1, 3, 3
           loyal          if 2..3, 2..3, 2..3
           at_risk        if 1, 2..3, 2..3
           new            if 3, 1, any
           promising      if 3, any, any
           needs_care     if 2, 2..3, any
           about_to_sleep if 2, any, any
           else hibernating
         }",
    );
    let bought = |orders: &[(i64, i64)]| {
        let mut record = acme.record(1);
        for (days_ago, euros) in orders {
            let total = Money::new(euros * 100, Currency::named("EUR").unwrap());
            let at = noon().saturating_sub_millis(days_ago * 86_400_000);
            record.add_event("order", at, [("total", Value::Money(total))]).unwrap();
        }
        record
    };
    let sam = bought(&[(100, 100), (120, 100), (121, 100), (122, 100), (123, 100), (124, 100)]);
    let billy = bought(&[(60, 150)]);
    let nobody = bought(&[]);
    let customers = [sam, billy, nobody];
    let of = |name: &str| acme.values(&customers, &acme.request(), name);
    let ints = |scores: [i64; 3]| scores.map(|score| Some(Value::Int(score)));
    assert_eq!(of("recency"), ints([1, 2, 1]));
    assert_eq!(of("frequency"), ints([3, 1, 1]));
    assert_eq!(of("monetary"), ints([3, 2, 1]));
    assert_eq!(of("rfm"), ints([7, 5, 3]));
    let groups = ["cant_lose", "about_to_sleep", "hibernating"].map(|group| Some(Value::Text(group.to_owned())));
    assert_eq!(of("rfm_group"), groups);
}

const SCORES: &str = "
let fifth = quantile(points, 5)
let mirrored = quantile(points, 5) descending
let half = quantile(points, 2)
let pile = ntile(points, 3)
let pile_down = ntile(points, 3) descending
let share = cume_dist(points, 3)
let share_down = cume_dist(points, 3) descending
let percent = percentile(points)
";

#[test]
fn quantiles_count_the_edges_below() {
    let acme = acme(SCORES);
    // Of 0 … 10 the edges are 2, 4, 6, 8: who lies on an edge is not above it.
    let all: Vec<i64> = (0..=10).collect();
    assert_eq!(acme.ints(&all, "fifth"), [1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    assert_eq!(acme.ints(&all, "mirrored"), [5, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
    // The edge between 1 and 2 is 1.5, between 1 and 4 it is 2.5.
    assert_eq!(acme.ints(&[2, 1], "half"), [2, 1]);
    assert_eq!(acme.ints(&[1, 4, 1, 4], "half"), [1, 2, 1, 2]);
    // Equal values have equal scores, however many they are.
    assert_eq!(acme.ints(&[7, 7, 7, 7], "fifth"), [1, 1, 1, 1]);
    assert_eq!(acme.ints(&[7], "fifth"), [1]);
    assert_eq!(acme.ints(&[7], "mirrored"), [5]);
    // Exact where floats are not: the edge is i64::MAX − 0.5.
    assert_eq!(acme.ints(&[i64::MAX, i64::MAX - 1], "half"), [2, 1]);
    assert_eq!(acme.ints(&[i64::MAX, i64::MIN], "half"), [2, 1]);
}

#[test]
fn piles_part_equal_values_by_id() {
    let acme = acme(SCORES);
    // Seven on three piles: three, two and two.
    assert_eq!(acme.ints(&[1, 2, 3, 4, 5, 6, 7], "pile"), [1, 1, 1, 2, 2, 3, 3]);
    assert_eq!(acme.ints(&[1, 2, 3, 4, 5, 6, 7], "pile_down"), [3, 3, 2, 2, 1, 1, 1]);
    // Ids ascend in both directions.
    assert_eq!(acme.ints(&[5, 5, 5], "pile"), [1, 2, 3]);
    assert_eq!(acme.ints(&[5, 5, 5], "pile_down"), [1, 2, 3]);
    // Fewer than there are piles.
    assert_eq!(acme.ints(&[9, 3], "pile"), [2, 1]);
    // Ids are numbers here: 10 comes after 9.
    let customers = acme.with_points(&[Some(1); 12]);
    let found = acme.values(&customers, &acme.among(&customers), "pile");
    let piles: Vec<i64> = found.iter().map(|v| if let Some(Value::Int(pile)) = v { *pile } else { 0 }).collect();
    assert_eq!(piles, [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
}

#[test]
fn shares_count_who_has_as_much_or_less() {
    let acme = acme(SCORES);
    assert_eq!(acme.ints(&[1, 2, 3, 4, 5, 6], "share"), [1, 1, 2, 2, 3, 3]);
    assert_eq!(acme.ints(&[1, 2, 3, 4, 5, 6], "share_down"), [3, 3, 2, 2, 1, 1]);
    assert_eq!(acme.ints(&[1, 1, 1, 4], "share"), [3, 3, 3, 3]);
    assert_eq!(acme.ints(&[1, 4, 4, 4], "share"), [1, 3, 3, 3]);
    let customers = acme.with_points(&[Some(1), Some(4), Some(4), None, Some(9)]);
    let percent = |share| Some(Value::Percent(share));
    let found = acme.values(&customers, &acme.among(&customers), "percent");
    assert_eq!(found, [percent(0.25), percent(0.75), percent(0.75), None, percent(1.0)]);
}

#[test]
fn ties_at_the_cut_are_all_in() {
    let acme = acme(
        "segment top_fifth when top 20% by points
         segment same when percentile(points) > 80%
         segment bottom_fifth when bottom 20% by points
         segment rest when not top 20% by points
         segment tiny when top 0.01% by points",
    );
    let points = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(Some);
    let customers = acme.with_points(&points);
    let request = acme.among(&customers);
    assert_eq!(acme.members(&customers, &request, "top_fifth"), [8, 9]);
    assert_eq!(acme.members(&customers, &request, "bottom_fifth"), [0, 1]);
    assert_eq!(acme.members(&customers, &request, "tiny"), [9]);

    // Five share the second place; two of ten would be a fifth.
    let customers = acme.with_points(&[1, 1, 1, 1, 8, 8, 8, 8, 8, 9].map(Some));
    let request = acme.among(&customers);
    assert_eq!(acme.members(&customers, &request, "top_fifth"), [4, 5, 6, 7, 8, 9]);
    assert_eq!(acme.members(&customers, &request, "same"), [4, 5, 6, 7, 8, 9]);
    assert_eq!(acme.members(&customers, &request, "bottom_fifth"), [0, 1, 2, 3]);
    assert_eq!(acme.members(&customers, &request, "rest"), [0, 1, 2, 3]);

    // A fifth of eleven is two and a bit: three are in.
    let customers = acme.with_points(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(Some));
    assert_eq!(acme.members(&customers, &acme.among(&customers), "top_fifth"), [8, 9, 10]);
}

#[test]
fn who_was_not_ranked_is_held_against_those_who_were() {
    let acme = acme(SCORES);
    let ranked = acme.with_points(&[10, 20, 30].map(Some));
    let request = acme.among(&ranked);
    let mut evaluator = acme.engine.evaluator();
    let mut of = |points: i64, name: &str| {
        let mut record = acme.record(7);
        record.set("points", points).unwrap();
        acme.value(&mut evaluator, &record, &request, name).unwrap()
    };
    assert_eq!((of(5, "fifth"), of(99, "fifth")), (Value::Int(1), Value::Int(5)));
    assert_eq!((of(5, "share"), of(15, "share"), of(99, "share")), (Value::Int(1), Value::Int(1), Value::Int(3)));
    assert_eq!((of(5, "pile"), of(25, "pile"), of(99, "pile")), (Value::Int(1), Value::Int(2), Value::Int(3)));
    assert_eq!((of(5, "percent"), of(99, "percent")), (Value::Percent(0.0), Value::Percent(1.0)));
}

#[test]
fn without_a_population_or_a_value_nothing_is_known() {
    let acme = acme(
        "let fifth = quantile(points, 5)\nlet percent = percentile(points)\nsegment best when top 10% by points\nsegment not_best when not top 10% by points",
    );
    let customers = acme.with_points(&[Some(1), None]);
    let everyone_missing = acme.among(&customers[1..]);
    let nobody = acme.among(&[]);
    for request in [&acme.request(), &everyone_missing, &nobody] {
        assert_eq!(acme.truth(&customers[0], request, "best"), Truth::Unknown);
        assert_eq!(acme.truth(&customers[0], request, "not_best"), Truth::Unknown);
        assert_eq!(acme.values(&customers, request, "fifth"), [None, None]);
        assert_eq!(acme.values(&customers, request, "percent"), [None, None]);
    }
    let request = acme.among(&customers);
    assert_eq!(acme.truth(&customers[0], &request, "best"), Truth::True);
    assert_eq!(acme.truth(&customers[1], &request, "best"), Truth::Unknown);
    assert_eq!(acme.truth(&customers[1], &request, "not_best"), Truth::Unknown);
}

#[test]
fn customers_are_ranked_by_numbers_days_and_histories() {
    let acme = acme(
        "let by_rating = quantile(rating, 2)
         let by_day = quantile(joined, 2)
         let by_last = quantile(last(order), 2)
         let by_orders = quantile(count(order within 30 days), 2)
         let by_spent = quantile(sum(order.total), 2) descending
         let spare = today - joined",
    );
    let eur = |cents| Money::new(cents, Currency::named("EUR").unwrap());
    let mut customers = Vec::new();
    for id in 0..4i64 {
        let mut record = acme.record(id);
        record.set("rating", [f64::NAN, -0.0, 0.0, 0.5][id as usize]).unwrap();
        record.set("joined", nextbest::Date::new(2026, 5, 10 + id as u32).unwrap()).unwrap();
        for n in 0..id {
            let at = noon().saturating_sub_millis(86_400_000 * (40 - 10 * id - n));
            record.add_event("order", at, [("total", Value::Money(eur(100 + n)))]).unwrap();
        }
        customers.push(record);
    }
    let request = acme.among(&customers);
    let score = |n| Some(Value::Int(n));
    // NaN is missing, and the edge of −0, 0 and 0.5 is zero.
    assert_eq!(acme.values(&customers, &request, "by_rating"), [None, score(1), score(1), score(2)]);
    assert_eq!(acme.values(&customers, &request, "by_day"), [score(1), score(1), score(2), score(2)]);
    assert_eq!(acme.values(&customers, &request, "by_last"), [None, score(1), score(1), score(2)]);
    assert_eq!(acme.values(&customers, &request, "by_orders"), [score(1), score(1), score(2), score(2)]);
    assert_eq!(acme.values(&customers, &request, "by_spent"), [score(2), score(2), score(1), score(1)]);
    assert_eq!(acme.values(&customers, &request, "spare"), [score(4), score(3), score(2), score(1)]);
}

#[test]
fn a_population_outlives_what_it_does_not_depend_on() {
    let old = acme("let worth = clv * 2\nsegment best when top 10% by worth\nlet fifth = quantile(points, 5)");
    let mut customers = old.with_points(&[1, 2, 3].map(Some));
    for customer in &mut customers {
        customer.set("clv", Money::new(500, Currency::named("EUR").unwrap())).unwrap();
    }
    let population = old.engine.population(&customers, &old.request()).named("night");
    let found = |rules: &str, name: &str| {
        let new = acme(rules);
        let mut customer = new.record(1);
        customer.set("points", 3).unwrap().set("clv", Money::new(500, Currency::named("EUR").unwrap())).unwrap();
        // Directly, or by a request that was made for the old rules.
        let direct = new.values(std::slice::from_ref(&customer), &new.request().population(&population), name);
        let resolved = new.values(std::slice::from_ref(&customer), &old.request().population(&population), name);
        assert_eq!(direct, resolved);
        direct[0].clone()
    };
    // Another layout, other rules, another place.
    let same = "segment other when points > 1\nlet  worth=clv*2 # as before\nlet best = top 10% by (worth)";
    assert_eq!(found(same, "best"), Some(Value::Bool(true)));
    assert_eq!(found("let new = quantile(points, 5)", "new"), Some(Value::Int(5)));
    // What has changed its meaning is another thing, and what was not asked is not there.
    assert_eq!(found("let worth = clv * 3\nlet best = top 10% by worth", "best"), None);
    assert_eq!(found("let base = clv\nlet worth = base * 2\nlet best = top 10% by worth", "best"), None);
    assert_eq!(found("let worth = clv * 2\nlet best = top 20% by worth", "best"), None);
    assert_eq!(found("let fifth in zone \"Asia/Tokyo\" = quantile(points, 5)", "fifth"), None);
    assert_eq!(found("let tenth = quantile(points, 10)", "tenth"), None);
}

#[test]
fn what_a_list_or_a_region_holds_is_part_of_what_is_ranked_by() {
    let rules = |price: &str, corner: &str| {
        acme(&format!(
            "list gifts [{price} EUR]\nregion north {{ point(50.0, 0.0) point(50.0, {corner}) point(60.0, 0.0) }}
             let given = quantile(count(order where total in list gifts), 5)
             let seen = quantile(count(order where place is inside \"north\"), 5)"
        ))
    };
    let old = rules("5", "9.0");
    let population = old.engine.population(&old.with_points(&[None; 3]), &old.request());
    let found = |price: &str, corner: &str| {
        let new = rules(price, corner);
        let request = new.request().population(&population);
        ["given", "seen"].map(|name| new.values(&[new.record(1)], &request, name) != [None])
    };
    assert_eq!(found("5", "9.0"), [true, true]);
    assert_eq!(found("6", "9.0"), [false, true]);
    assert_eq!(found("5", "8.0"), [true, false]);
}

#[test]
fn shares_of_shares_are_shares_and_all_else_is_a_number() {
    let acme = acme(
        "let more = percentile(points) + 25%\nlet less = percentile(points) - 25%\nlet twice = percentile(points) * 2.0
         let rated = rating + 25%",
    );
    let mut customers = acme.with_points(&[1, 2].map(Some));
    customers.iter_mut().for_each(|customer| _ = customer.set("rating", 1.5).unwrap());
    let request = acme.among(&customers);
    let of = |name: &str| acme.values(&customers[..1], &request, name)[0].clone();
    assert_eq!([of("more"), of("less")], [0.75, 0.25].map(|share| Some(Value::Percent(share))));
    assert_eq!([of("twice"), of("rated")], [1.0, 1.75].map(|number| Some(Value::Number(number))));
}

#[test]
fn a_population_says_what_it_holds_and_no_more() {
    let acme = acme(
        "let fifth = quantile(points, 5)\nsegment best when top 10% by clv
         segment next_best when top 10% by clv\nsegment last_pile when ntile(age, 4) = 4\nsegment few when percentile(count(order)) < 10%",
    );
    let customers = acme.with_points(&[Some(0), Some(3), None, Some(1)]);
    let population = acme.engine.population(&customers, &acme.request()).named("night");
    assert_eq!((population.name(), population.now(), population.customers()), ("night", noon(), 4));
    assert_eq!(population.revision(), acme.engine.revision());
    let held: Vec<(&str, u64)> = population.metrics().iter().map(|m| (m.text(), m.ranked())).collect();
    assert_eq!(held, [("points", 3), ("clv", 0), ("age", 0), ("count(order)", 4)]);
    let bounds: Vec<_> = population.metrics().iter().flat_map(|metric| metric.bounds()).collect();
    let quantile = Measure::Quantile { parts: 5, descending: false };
    assert_eq!(bounds, [(quantile, vec![0.4, 0.8, 1.0 + 0.4, 2.0 + 0.2]), (Measure::Percentile, vec![])]);
    assert!(!format!("{population:?}").contains("bounds"));

    let again: Population = serde_json::from_str(&serde_json::to_string(&population).unwrap()).unwrap();
    assert_eq!(again, population);

    let needs = acme.engine.needs();
    assert_eq!(needs.population, ["age", "clv", "count(order)", "points"]);
    assert!(needs.attributes.contains(&"person".to_owned()), "ntile breaks ties by id");
    assert_eq!(needs.events[0].look_back, LookBack::Everything);
}

#[test]
fn exclusion_comes_before_ranking() {
    let acme = acme("segment gone when points < 0\nsegment best when top 50% by points");
    let customers = acme.with_points(&[-5, -4, -3, 1, 2].map(Some));
    assert_eq!(acme.members(&customers, &acme.among(&customers), "best"), [2, 3, 4]);
    let (mut evaluator, gone) = (acme.engine.evaluator(), acme.engine.segment("gone").unwrap());
    let request = acme.request();
    let left = customers.iter().filter(|customer| !evaluator.is_in(customer, &request, gone).unwrap());
    let population = acme.engine.population(left, &request);
    assert_eq!(acme.members(&customers, &request.population(&population), "best"), [4]);
}

#[test]
fn groups_are_made_of_places_in_a_population_too() {
    let acme = acme(
        "let fifth = quantile(points, 3)
         score buys on count(order) { 2 if >= 1, else 1 }
         group standing on (fifth, buys) { best if 3, 2 good if 2..3, any else others }
         group level on (fifth, buys) { high if 2..3, any any_other if any, any }",
    );
    let mut customers = acme.with_points(&[Some(1), Some(2), Some(3), None]);
    customers[2].add_event("order", noon(), []).unwrap();
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    let request = acme.among(&customers);
    assert_eq!(acme.values(&customers, &request, "standing"), [text("others"), text("good"), text("best"), None]);
    assert_eq!(acme.values(&customers, &request, "level"), [text("any_other"), text("high"), text("high"), None]);
    assert_eq!(acme.values(&customers, &acme.request(), "standing"), [None, None, None, None]);
}

#[test]
fn inside_a_clause_a_name_reaches_a_ranking() {
    let acme = acme("let fifth = quantile(points, 5)\nsegment s when any(order where customer.fifth = 5)");
    let mut customers = acme.with_points(&[1, 2, 3].map(Some));
    for customer in &mut customers {
        customer.add_event("order", noon(), []).unwrap();
    }
    assert_eq!(acme.members(&customers, &acme.among(&customers), "s"), [2]);
}

#[test]
fn explanations_show_the_population() {
    let acme = acme(
        "segment best when top 34% by clv and quantile(points, 5) >= 3
         segment old when top 10% by age",
    );
    let eur = Currency::named("EUR").unwrap();
    let mut customers = acme.with_points(&[1, 2, 3].map(Some));
    for (id, customer) in (1..).zip(&mut customers) {
        customer.set("clv", Money::new(id * 1000, eur)).unwrap().set("age", 30 + id).unwrap();
    }
    let request = acme.request();
    let population = acme.engine.population(&customers, &request).named("night");
    let explained = |request: &Request, segment: &str| {
        acme.engine.explain_segment(&customers[1], request, acme.engine.segment(segment).unwrap()).unwrap().to_string()
    };
    assert_eq!(
        explained(&request.clone().population(&population), "best"),
        "in segment best
at 2026-05-14T10:00:00Z in Europe/Paris
  yes     top 34% by clv and quantile(points, 5) >= 3
    yes     top 34% by clv; clv is 20.00 EUR; among 3 ranked by clv, from 20.00 EUR, in population \"night\" as of 2026-05-14T10:00:00Z
    yes     quantile(points, 5) >= 3; quantile(points, 5) is 3; among 3 ranked by points, in population \"night\" as of 2026-05-14T10:00:00Z
"
    );
    assert_eq!(
        explained(&request, "best").lines().nth(3).unwrap(),
        "    unknown top 34% by clv; clv is 20.00 EUR; no population is ranked by clv"
    );
    // What a neighbour's age is, is personal too.
    assert_eq!(
        explained(&request.population(&population), "old").lines().nth(2).unwrap(),
        "  no      top 10% by age; age is ‹redacted›; among 3 ranked by age, in population \"night\" as of 2026-05-14T10:00:00Z"
    );
}
