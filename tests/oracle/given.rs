//! Small cases by hand: a customer, a condition, and its truth, asked of the engine in all ways and of the oracle.

#![allow(dead_code)] // No file of tests needs all of it.

use nextbest::{Consent, Date, Instant};

use super::Oracle;
use super::customer::{Row, Situation};
use super::engine::{compare, engine};
use super::value::{Truth, Val};

pub const WORLD: &str = r#"
ruleset acme { zone "Europe/Paris"  week starts monday  currency EUR }
profile {
  person   id
  zone     zone?
  country  enum(FR, DE, GB)?
  points   int?
  rating   number?
  risk     percent?
  clv      money EUR?
  yen      money JPY?
  name     text?
  likes    list<text>?
  born     date?
  renewal  date?
  joined   instant?
  vip      bool?
}
context { weather enum(sun, rain)?  load number? }
event order { total money EUR?  items int?  weight number?  category text? }
event login {}
"#;

/// A customer of one minute: an id and nothing else, at noon in Paris.
pub fn nobody() -> Given {
    at("2026-05-14T12:00:00+02:00")
}

pub fn at(now: &str) -> Given {
    let mut customer = super::customer::Customer::default();
    customer.attributes.insert("person".into(), Val::Text("customer-1".into()));
    Given(Situation { now: instant(now), context: Default::default(), customer, crowd: None })
}

pub struct Given(pub Situation);

impl Given {
    pub fn with(mut self, name: &str, value: Val) -> Self {
        self.0.customer.attributes.insert(name.into(), value);
        self
    }

    /// Says as of when an attribute is known.
    pub fn dated(mut self, name: &str, as_of: &str) -> Self {
        self.0.customer.as_of.insert(name.into(), instant(as_of));
        self
    }

    pub fn context(mut self, name: &str, value: Val) -> Self {
        self.0.context.insert(name.into(), value);
        self
    }

    pub fn event(self, kind: &str, at: &str, properties: &[(&str, Val)]) -> Self {
        self.event_in_order(kind, at, 0, properties)
    }

    pub fn event_in_order(mut self, kind: &str, at: &str, sequence: u64, properties: &[(&str, Val)]) -> Self {
        let properties = properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let rows = &mut self.0.customer.histories.entry(kind.into()).or_default().rows;
        rows.push(Row { at: instant(at), sequence, properties });
        self
    }

    pub fn order(self, at: &str) -> Self {
        self.event("order", at, &[])
    }

    /// Orders of so many cents each, one a day.
    pub fn orders(self, totals: &[i64]) -> Self {
        totals.iter().enumerate().fold(self, |given, (day, &cents)| {
            given.event("order", &format!("2026-05-0{}T12:00:00Z", day + 1), &[("total", Val::Money(cents))])
        })
    }

    pub fn complete_since(mut self, kind: &str, since: &str) -> Self {
        self.0.customer.histories.entry(kind.into()).or_default().complete_since = Some(instant(since));
        self
    }

    pub fn consent(mut self, consent: Consent) -> Self {
        self.0.customer.consents.push(consent);
        self
    }

    /// The truth of a condition.
    pub fn is(&self, condition: &str) -> Truth {
        self.asks(&format!("segment asked when {condition}"))
    }

    /// The truth of the segment `asked` in some definitions.
    pub fn asks(&self, definitions: &str) -> Truth {
        self.asks_in(WORLD, definitions)
    }

    /// The same in a world of its own.
    pub fn asks_in(&self, world: &str, definitions: &str) -> Truth {
        self.truths(&format!("{world}{definitions}"), &["asked"])[0]
    }

    /// The truths of named segments, on which the engine and the oracle agree.
    fn truths(&self, rules: &str, names: &[&str]) -> Vec<Truth> {
        let engine = engine(rules).unwrap_or_else(|problems| panic!("{problems}"));
        let compared = compare(&engine, std::slice::from_ref(&self.0));
        let found: Vec<String> = compared.disagreements.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{rules}\n{}\n{}", self.0, found.join("\n"));
        let rules = engine.rules();
        let place = |name: &&str| rules.definitions.iter().position(|definition| definition.name == *name).expect(name);
        names.iter().map(|name| Oracle::new(rules, &self.0).truth_of(place(name))).collect()
    }

    /// Conditions in a world have these truths, asked together.
    #[track_caller]
    pub fn hold(&self, world: &str, cases: &[(&str, Truth)]) {
        let names: Vec<String> = (0..cases.len()).map(|i| format!("hold_{i}")).collect();
        let segments =
            names.iter().zip(cases).map(|(name, (condition, _))| format!("segment {name} when {condition}\n"));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = self.truths(&format!("{world}\n{}", segments.collect::<String>()), &names);
        let told: Vec<(&str, Truth)> = cases.iter().map(|(condition, _)| *condition).zip(found).collect();
        assert_eq!(told, cases, "{}", self.0);
    }
}

pub fn instant(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

pub fn date(text: &str) -> Val {
    Val::Date(Date::parse(text).expect("a date"))
}

pub fn moment(text: &str) -> Val {
    Val::Instant(instant(text))
}

pub fn text(text: &str) -> Val {
    Val::Text(text.into())
}

pub fn texts(texts: &[&str]) -> Val {
    Val::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
}

/// All of these hold.
#[track_caller]
pub fn all(given: &Given, expected: Truth, conditions: &[&str]) {
    for condition in conditions {
        assert_eq!(given.is(condition), expected, "{condition}");
    }
}
