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
        let text = format!("{world}{definitions}");
        let engine = engine(&text).unwrap_or_else(|problems| panic!("{problems}"));
        let compared = compare(&engine, std::slice::from_ref(&self.0));
        let found: Vec<String> = compared.disagreements.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{definitions}\n{}\n{}", self.0, found.join("\n"));
        let rules = engine.rules();
        let asked = rules.definitions.iter().position(|definition| definition.name == "asked").expect("`asked`");
        Oracle::new(rules, &self.0).truth_of(asked)
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

/// All of these hold.
#[track_caller]
pub fn all(given: &Given, expected: Truth, conditions: &[&str]) {
    for condition in conditions {
        assert_eq!(given.is(condition), expected, "{condition}");
    }
}
