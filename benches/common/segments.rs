//! A thousand segments as a shop has them: a few patterns, each with constants of its own. A twin is the pattern written
//! out by hand, its constants captured.

use super::Rng;
use super::cases::Twin as TwinOf;
use super::customer::{CATEGORIES, Country, Customer, DAY, TAGS, Tier, euro, now};

pub fn quoted(items: &[impl std::fmt::Debug]) -> String {
    let items: Vec<String> =
        items.iter().map(|item| format!("\"{}\"", format!("{item:?}").trim_matches('"'))).collect();
    format!("[{}]", items.join(", "))
}

type Twin = TwinOf<Customer>;

/// So many segments: the text of each condition, and its twin.
pub fn segments(count: usize) -> Vec<(String, Twin)> {
    let mut rng = Rng::new(7);
    (0..count).map(|_| segment(&mut rng)).collect()
}

pub fn text<'t>(conditions: impl IntoIterator<Item = &'t str>) -> String {
    conditions.into_iter().enumerate().map(|(i, when)| format!("segment s{i} when {when}\n")).collect()
}

fn has(list: &[String], wanted: &[&str]) -> bool {
    list.iter().any(|item| wanted.contains(&item.as_str()))
}

fn segment(rng: &mut Rng) -> (String, Twin) {
    let eur = euro();
    let countries = rng.some(Country::ALL, 5);
    let tiers = rng.some(Tier::ALL, 2);
    let tags = rng.some(&TAGS, 3);
    let categories = rng.some(&CATEGORIES, 3);
    let (low, points, orders, days) = (rng.int(18, 60), rng.int(1, 40) * 100, rng.int(1, 5), rng.int(3, 365));
    let (high, euros, rfm) = (low + rng.int(4, 25), rng.int(10, 1000), rng.int(2, 4));
    let churn = rng.int(1, 19) as f64 / 20.0;
    let opted = rng.chance(0.8);
    let (in_countries, in_tiers) = (quoted(&countries), quoted(&tiers));
    let (any_tag, any_category) = (quoted(&tags), quoted(&categories));
    match rng.int(0, 7) {
        0 => (
            format!("country in {in_countries} and age between {low} and {high} and lifetime_value >= {euros} EUR"),
            Box::new(move |c: &Customer| {
                countries.contains(&c.country)
                    && c.age.is_some_and(|age| low <= age && age <= high)
                    && c.lifetime_value.is_some_and(|v| v.currency == eur && v.minor >= euros * 100)
            }),
        ),
        1 => (
            format!("tier in {in_tiers} and orders_30d >= {orders} and churn_score < {churn:?} and email_consent"),
            Box::new(move |c: &Customer| {
                tiers.contains(&c.tier)
                    && c.orders_30d >= orders
                    && c.churn_score.is_some_and(|score| score < churn)
                    && c.email_consent
            }),
        ),
        2 => (
            format!("sms_consent = {opted} and tags contains any of {any_tag} and days_since_last_order > {days}"),
            Box::new(move |c: &Customer| {
                c.sms_consent == Some(opted)
                    && has(&c.tags, &tags)
                    && c.days_since_last_order.is_some_and(|since| since > days)
            }),
        ),
        3 => (
            format!(
                "country in {in_countries} and (tier in {in_tiers} or loyalty_points >= {points}) and rfm_r >= {rfm} \
                 and categories contains any of {any_category}"
            ),
            Box::new(move |c: &Customer| {
                countries.contains(&c.country)
                    && (tiers.contains(&c.tier) || c.loyalty_points >= points)
                    && c.rfm_r >= rfm
                    && has(&c.categories, &categories)
            }),
        ),
        4 => (
            format!(
                "age >= {low} and not country in {in_countries} and rfm_f <= {rfm} and signed_up is within {days} days"
            ),
            Box::new(move |c: &Customer| {
                let until = now();
                c.age.is_some_and(|age| age >= low)
                    && !countries.contains(&c.country)
                    && c.rfm_f <= rfm
                    && c.signed_up > until.saturating_sub_millis(days * DAY)
                    && c.signed_up <= until
            }),
        ),
        5 => (
            format!("device in [\"ios\", \"android\"] and cart_value > {euros} and email ends with \"gmail.com\""),
            Box::new(move |c: &Customer| {
                matches!(c.device, "ios" | "android")
                    && c.cart_value > euros as f64
                    && c.email.as_ref().is_some_and(|email| email.ends_with("gmail.com"))
            }),
        ),
        6 => (
            format!(
                "(days_since_last_order is missing or days_since_last_order > {days}) and language in [\"en\", \"de\"] \
                 and age < {high} and churn_score >= {churn:?} and email_consent"
            ),
            Box::new(move |c: &Customer| {
                c.days_since_last_order.is_none_or(|since| since > days)
                    && matches!(c.language, Some("en" | "de"))
                    && c.age.is_some_and(|age| age < high)
                    && c.churn_score.is_some_and(|score| score >= churn)
                    && c.email_consent
            }),
        ),
        _ => (
            format!("city contains \"ville\" and lifetime_value < {euros} EUR and rfm_m >= {rfm}"),
            Box::new(move |c: &Customer| {
                c.city.contains("ville")
                    && c.lifetime_value.is_some_and(|v| v.currency == eur && v.minor < euros * 100)
                    && c.rfm_m >= rfm
            }),
        ),
    }
}
