//! What is asked of attributes.

use super::{Case, Twin};
use crate::common::customer::{Country, Customer, Tier, euro};

pub fn cases() -> Vec<Case<Customer>> {
    let case = |group, name, rule, goal, twin| Case { goal, ..Case::new(group, name, 0, rule, twin) };
    let eur = euro();
    vec![
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
    ]
}

const MICROSEGMENT: &str = r#"email_consent and age between 22 and 64
    and country in ["US", "CA", "GB", "AU", "DE", "FR"]
    and lifetime_value >= 60 EUR and churn_score < 0.75
    and (tier in ["gold", "platinum"] or loyalty_points > 800 or orders_30d >= 2)
    and (days_since_last_order is missing or days_since_last_order < 120)
    and not device = "tv"
    and tags contains any of ["newsletter", "vip", "loyal"]"#;

fn microsegment() -> Twin<Customer> {
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

fn often() -> Twin<Customer> {
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
