//! Thousands of segments: what the index finds is what testing one after another finds, also where values share a cell.

use std::fmt::Write as _;

use nextbest::{Engine, Instant, Limits, Record, Ruleset, Value};

const WORLD: &str = r#"
ruleset many { zone "Europe/Paris"  currency EUR }
profile {
  person id
  age int?  points int  rating number?  clv money EUR?  joined date?  vip bool?
  tier enum(bronze, silver, gold)?  city text?  tags list<text>?  prefs map<int>?
}
context { weather enum(sun, rain)?  device text? }
event order { total money EUR }
"#;

/// SplitMix64: the same every time.
struct Rng(u64);

impl Rng {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }

    fn condition(&mut self) -> String {
        let (a, b) = (self.below(5_000), self.below(5_000));
        match self.below(22) {
            0 => format!("age >= {}", a % 90),
            1 => format!("age between {} and {}", a % 40, 40 + b % 50),
            2 => format!("points > {a}"),
            3 => format!("not points between {} and {}", a.min(b), a.max(b)),
            4 => format!("rating < {}.5", a % 300),
            5 => format!("not rating < {}.25", a % 300),
            6 => format!("clv >= {a} EUR"),
            7 => format!("joined < 20{:02}-0{}-01", a % 26, 1 + b % 9),
            8 => ["vip", "not vip", "vip is missing", "vip is known"][a as usize % 4].to_owned(),
            9 => format!("tier in [\"{}\", \"gold\"]", ["bronze", "silver"][a as usize % 2]),
            10 => "tier != \"gold\"".to_owned(),
            11 => format!("city = \"c{}\"", a % 700),
            12 => format!("city in [\"c{}\", \"c{}\"]", a % 700, b % 700),
            13 => format!("not city in [\"c{}\", \"c{}\"]", a % 700, b % 700),
            14 => format!("city contains \"{}\"", a % 20),
            15 => format!("tags contains any of [\"t{}\", \"t{}\"]", a % 300, b % 300),
            16 => format!("tags contains none of [\"t{}\"]", a % 300),
            17 => format!("prefs[\"k{}\"] > {}", a % 3, b % 10),
            18 => ["context.weather = \"rain\"", "context.device is missing", "context.device = \"tv\""]
                [a as usize % 3]
                .to_owned(),
            19 => format!("count(order within {} days) >= {}", 1 + a % 60, b % 3),
            20 => format!("points in [{a}, {b}, {}]", self.below(5_000)),
            _ => ["age is missing", "city is known", "tags is empty", "city is empty"][a as usize % 4].to_owned(),
        }
    }

    fn segment(&mut self, number: u64) -> String {
        let mut parts: Vec<String> = (0..2 + self.below(4)).map(|_| self.condition()).collect();
        if self.below(3) == 0 {
            let ways: Vec<String> = (0..2 + self.below(3)).map(|_| self.condition()).collect();
            parts.push(format!("({})", ways.join(" or ")));
        }
        if self.below(20) == 0 {
            parts.push(format!("not ({} and {})", self.condition(), self.condition()));
        }
        if number > 0 && self.below(10) == 0 {
            parts.push(format!("in segment s{}", self.below(number)));
        }
        parts.join(" and ")
    }

    fn customer(&mut self, engine: &Engine<Record>, now: Instant) -> Record {
        let mut customer = nextbest::RecordSchema::new(engine.rules().shape.clone()).record();
        let day = 86_400_000;
        let mut set = |name: &str, missing: bool, value: Value| {
            if !missing {
                customer.set(name, value).unwrap();
            }
        };
        set("points", false, Value::Int(self.below(5_000) as i64));
        set("age", self.below(5) == 0, Value::Int(self.below(100) as i64));
        set("rating", self.below(5) == 0, Value::Number(self.below(1_200) as f64 / 4.0));
        set("vip", self.below(3) == 0, Value::Bool(self.below(2) == 0));
        set("tier", self.below(4) == 0, Value::Text(["bronze", "silver", "gold"][self.below(3) as usize].to_owned()));
        let city = if self.below(9) == 0 { String::new() } else { format!("c{}", self.below(750)) };
        set("city", self.below(6) == 0, Value::Text(city));
        let tags = (0..self.below(6)).map(|_| format!("t{}", self.below(320))).collect();
        set("tags", self.below(6) == 0, Value::Texts(tags));
        let prefs = (0..3).filter(|_| self.below(2) == 0).map(|k| (format!("k{k}"), Value::Int(5))).collect();
        set("prefs", self.below(6) == 0, Value::Map(prefs));
        let clv = nextbest::Money::new(self.below(500_000) as i64, nextbest::Currency::named("EUR").unwrap());
        set("clv", self.below(6) == 0, clv.into());
        let joined = nextbest::Date::new(2000 + self.below(26) as i32, 1 + self.below(12) as u32, 1).unwrap();
        set("joined", self.below(6) == 0, Value::Date(joined));
        for _ in 0..self.below(4) {
            let at = now.saturating_sub_millis(self.below(70) as i64 * day);
            customer.add_event("order", at, [("total", clv.into())]).unwrap();
        }
        customer
    }
}

#[test]
fn the_index_finds_what_testing_one_after_another_finds() {
    let mut rng = Rng(7);
    let mut text = WORLD.to_owned();
    for number in 0..2_500 {
        writeln!(text, "segment s{number} when {}", rng.segment(number)).unwrap();
    }
    let limits = Limits::default().nodes(5_000_000);
    let rules = Ruleset::parse_with(&[("many.nba", text)], &limits).unwrap_or_else(|found| panic!("{found}"));
    let engine = rules.bind_records().unwrap_or_else(|found| panic!("{found}"));
    let plan = engine.plan();
    // Several blocks, values that share cells, and what is tested for everybody.
    assert!(plan.rows > 2_500 && plan.tests > 500 && !plan.linear.is_empty(), "{plan}");
    assert!(plan.attributes.iter().any(|looked| looked.cells > 40), "{plan}");
    let now = Instant::parse("2026-03-10T12:00:00Z").unwrap();
    let requests =
        [engine.request(now), engine.request(now).context("weather", "rain").unwrap().context("device", "tv").unwrap()];
    let (mut indexed, mut linear) = (engine.evaluator().indexed(true), engine.evaluator().indexed(false));
    let mut members = 0;
    for number in 0..80 {
        let (customer, request) = (rng.customer(&engine, now), &requests[number % 2]);
        let found = indexed.segments(&customer, request).to_vec();
        assert_eq!(found, linear.segments(&customer, request), "customer {number}");
        members += found.len();
    }
    assert!(members > 80 * 50, "{members}");
}
