//! Single segments, each beside a twin: plain Rust over the same struct, making the same checks for what is missing,
//! called through the same kind of box.

use std::collections::BTreeMap;

use nextbest::{Engine, Ruleset, SegmentId};

use super::customer::{Country, Customer, DAY, Goods, Tier, euro, now, population};

pub type Twin = Box<dyn Fn(&Customer) -> bool>;

pub struct Case {
    pub group: &'static str,
    pub name: &'static str,
    /// Orders of each customer.
    pub orders: usize,
    pub rule: &'static str,
    pub twin: Twin,
    /// The most that the engine may take, in times of the twin.
    pub goal: Option<f64>,
}

impl Case {
    /// A ruleset of this segment alone, and the segment.
    pub fn engine(&self) -> (Engine<Customer>, SegmentId) {
        engine(&format!("segment it when {}", self.rule), "it")
    }
}

pub fn engine(text: &str, segment: &str) -> (Engine<Customer>, SegmentId) {
    let rules = Ruleset::parse(&[("bench.nba", text)]).unwrap_or_else(|errors| panic!("{errors}"));
    let engine = rules.bind::<Customer>().unwrap_or_else(|errors| panic!("{errors}"));
    let segment = engine.segment(segment).unwrap();
    (engine, segment)
}

/// Customers to rotate over: more than a branch predictor learns by heart, few enough for the second-level cache.
pub const CUSTOMERS: usize = 4_096;

/// The customers of cases, by how many orders each has: fewer of them where they have more.
#[derive(Default)]
pub struct Crowds(BTreeMap<usize, Vec<Customer>>);

impl Crowds {
    pub fn with(&mut self, orders: usize) -> &[Customer] {
        self.0.entry(orders).or_insert_with(|| match orders {
            0 => population(CUSTOMERS, 0),
            _ => population((CUSTOMERS * 25 / orders).clamp(4, CUSTOMERS / 8), orders),
        })
    }
}

pub fn cases() -> Vec<Case> {
    let case = |group, name, rule, goal, twin| Case { group, name, orders: 0, rule, twin, goal };
    let window = |name, rule, goal, twin| Case { group: "event_window", name, orders: 200, rule, twin, goal };
    let eur = euro();
    let until = now();
    let since = until.saturating_sub_millis(30 * DAY);
    let mut cases = vec![
        case("comparison", "int", "age >= 40", Some(2.0), Box::new(|c| c.age.is_some_and(|age| age >= 40))),
        case("comparison", "enum", "country = \"US\"", Some(2.0), Box::new(|c| c.country == Country::US)),
        case("comparison", "bool", "sms_consent", Some(2.0), Box::new(|c| c.sms_consent == Some(true))),
        case(
            "comparison",
            "number",
            "churn_score < 0.5",
            Some(2.0),
            Box::new(|c| c.churn_score.is_some_and(|score| score < 0.5)),
        ),
        case(
            "comparison",
            "money",
            "lifetime_value >= 200 EUR",
            Some(2.0),
            Box::new(move |c| c.lifetime_value.is_some_and(|value| value.currency == eur && value.minor >= 20_000)),
        ),
        case("comparison", "text", "device = \"web\"", Some(2.0), Box::new(|c| c.device == "web")),
        case(
            "comparison",
            "contains",
            "email contains \"@gmail\"",
            Some(2.0),
            Box::new(|c| c.email.as_ref().is_some_and(|email| email.contains("@gmail"))),
        ),
        case(
            "comparison",
            "texts",
            "tags contains any of [\"vip\", \"loyal\", \"newsletter\"]",
            Some(2.0),
            Box::new(|c| c.tags.iter().any(|tag| matches!(tag.as_str(), "vip" | "loyal" | "newsletter"))),
        ),
        case("microsegment", "12 terms", MICROSEGMENT, Some(2.5), microsegment()),
        case("microsegment", "12 terms, often true", OFTEN, Some(2.5), often()),
        // The whole history, front to back, as one writes it first.
        window(
            "filtered count, plain loop",
            FILTERED,
            Some(1.5),
            Box::new(move |c| {
                let mut count = 0;
                for order in c.orders.as_slice() {
                    if order.at > since && order.at <= until && order.goods == Goods::shoes {
                        count += 1;
                    }
                }
                count >= 3
            }),
        ),
        // The best that one writes by hand: from the newest order back, until the window or the question ends.
        window(
            "filtered count, newest first",
            FILTERED,
            None,
            Box::new(move |c| {
                let mut count = 0;
                for order in c.orders.as_slice().iter().rev() {
                    if order.at > until {
                        continue;
                    }
                    if order.at <= since {
                        break;
                    }
                    if order.goods == Goods::shoes {
                        count += 1;
                        if count >= 3 {
                            return true;
                        }
                    }
                }
                false
            }),
        ),
        window(
            "count",
            "count(orders within 30 days) >= 9",
            None,
            Box::new(move |c| {
                let seen = c.orders.as_slice().iter().rev().skip_while(|order| order.at > until);
                seen.take_while(|order| order.at > since).count() >= 9
            }),
        ),
        window(
            "sum",
            "sum(orders.total within 30 days) >= 400 EUR",
            None,
            Box::new(move |c| {
                let seen = c.orders.as_slice().iter().rev().skip_while(|order| order.at > until);
                let window = seen.take_while(|order| order.at > since);
                let known = window.filter_map(|order| order.total.filter(|total| total.currency == eur));
                known.map(|total| total.minor).sum::<i64>() >= 40_000
            }),
        ),
        window(
            "last",
            "last(orders).goods = \"shoes\"",
            None,
            Box::new(move |c| {
                let newest = c.orders.as_slice().iter().rev().find(|order| order.at <= until);
                newest.is_some_and(|order| order.goods == Goods::shoes)
            }),
        ),
    ];
    cases.extend(sequences());
    cases
}

/// Three steps in one pass, over so many orders; limits of a day each, which the calendar has to count, or of its hours.
fn sequences() -> impl Iterator<Item = Case> {
    let sized = [
        (20, "3 steps in hours, 20 orders", "3 steps in days, 20 orders"),
        (200, "3 steps in hours, 200 orders", "3 steps in days, 200 orders"),
        (2_000, "3 steps in hours, 2,000 orders", "3 steps in days, 2,000 orders"),
        (20_000, "3 steps in hours, 20,000 orders", "3 steps in days, 20,000 orders"),
    ];
    let case = |name, orders, rule| Case { group: "sequence", name, orders, rule, twin: sequence(), goal: None };
    sized.into_iter().flat_map(move |(orders, hours, days)| [case(hours, orders, HOURS), case(days, orders, DAYS)])
}

const HOURS: &str = "(orders where goods = \"shoes\" within 365 days) then (orders where goods = \"books\") within 24 hours \
                     then (orders where goods = \"toys\") within 24 hours";
const DAYS: &str = "(orders where goods = \"shoes\" within 365 days) then (orders where goods = \"books\") within 1 day \
                    then (orders where goods = \"toys\") within 1 day";

/// The latest first and second step are all that the next one has to know of.
fn sequence() -> Twin {
    let until = now();
    let since = until.saturating_sub_millis(365 * DAY);
    Box::new(move |c| {
        let (mut first, mut second) = (i64::MIN, i64::MIN);
        for order in c.orders.as_slice() {
            if order.at > until {
                break;
            }
            let at = order.at.millis();
            match order.goods {
                Goods::toys if second != i64::MIN && at <= second + DAY => return true,
                Goods::books if first != i64::MIN && at <= first + DAY => second = at,
                Goods::shoes if order.at > since => first = at,
                _ => {}
            }
        }
        false
    })
}

const FILTERED: &str = "count(orders where goods = \"shoes\" within 30 days) >= 3";

const MICROSEGMENT: &str = r#"email_consent and age between 22 and 64
    and country in ["US", "CA", "GB", "AU", "DE", "FR"]
    and lifetime_value >= 60 EUR and churn_score < 0.75
    and (tier in ["gold", "platinum"] or loyalty_points > 800 or orders_30d >= 2)
    and (days_since_last_order is missing or days_since_last_order < 120)
    and not device = "tv"
    and tags contains any of ["newsletter", "vip", "loyal"]"#;

fn microsegment() -> Twin {
    let eur = euro();
    Box::new(move |c| {
        c.email_consent
            && c.age.is_some_and(|age| (22..=64).contains(&age))
            && matches!(c.country, Country::US | Country::CA | Country::GB | Country::AU | Country::DE | Country::FR)
            && c.lifetime_value.is_some_and(|value| value.currency == eur && value.minor >= 6_000)
            && c.churn_score.is_some_and(|score| score < 0.75)
            && (matches!(c.tier, Tier::gold | Tier::platinum) || c.loyalty_points > 800 || c.orders_30d >= 2)
            && c.days_since_last_order.is_none_or(|days| days < 120)
            && c.device != "tv"
            && c.tags.iter().any(|tag| matches!(tag.as_str(), "newsletter" | "vip" | "loyal"))
    })
}

/// Nothing in it is settled early: about half of the customers pass every term.
const OFTEN: &str = r#"age >= 20 and loyalty_points < 5000 and orders_30d <= 8
    and country not in ["NZ", "VN", "PH"]
    and lifetime_value >= 5 EUR and lifetime_value < 2000 EUR and churn_score between 0.05 and 0.95
    and (rfm_r >= 2 or rfm_f >= 3)
    and not email ends with "@example.org"
    and not city starts with "George"
    and (sms_consent is missing or tier != "diamond")"#;

fn often() -> Twin {
    let eur = euro();
    Box::new(move |c| {
        c.age.is_some_and(|age| age >= 20)
            && c.loyalty_points < 5000
            && c.orders_30d <= 8
            && !matches!(c.country, Country::NZ | Country::VN | Country::PH)
            && c.lifetime_value.is_some_and(|v| v.currency == eur && v.minor >= 500 && v.minor < 200_000)
            && c.churn_score.is_some_and(|score| (0.05..=0.95).contains(&score))
            && (c.rfm_r >= 2 || c.rfm_f >= 3)
            && c.email.as_ref().is_some_and(|email| !email.ends_with("@example.org"))
            && !c.city.starts_with("George")
            && (c.sms_consent.is_none() || c.tier != Tier::diamond)
    })
}
