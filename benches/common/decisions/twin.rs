//! The same decision written out in Rust, as one would for these campaigns and this policy, and no others.

use nextbest::{Contact, Instant, Outcome, Stage};

use super::super::customer::DAY;
use super::client::Client;
use super::plan::{Plan, Who};

/// What to send.
pub struct Show {
    pub action: String,
    pub content: String,
    pub priority: f64,
}

/// Why nothing is sent: where the campaign left that came furthest.
pub struct Nothing {
    pub stage: Stage,
    pub nearest: String,
}

/// The best of the campaigns for a customer, by mail.
pub fn decide(plans: &[Plan], client: &Client, now: Instant) -> Result<Show, Nothing> {
    let mut furthest: Option<(bool, Stage, usize)> = None;
    let mut leaves = |number: usize, stage: Stage| {
        // Who is not meant says less than what was held back.
        let held_back = stage != Stage::Eligible;
        if furthest.is_none_or(|(before, at, _)| (before, at) < (held_back, stage)) {
            furthest = Some((held_back, stage, number));
        }
    };
    let consent = client.consents.iter().filter(|c| c.channel == "email" && c.purpose == "marketing" && c.at <= now);
    let consent = consent.max_by_key(|c| c.at);
    let permitted = consent.is_some_and(|c| c.granted && c.expires.is_none_or(|end| now < end));
    // Unknown blocks.
    let blocked = client.churn.is_none_or(|score| score > 0.97);
    let mut ranking: Vec<(f64, i64, usize)> = Vec::new();
    for (number, plan) in plans.iter().enumerate() {
        if !permitted {
            leaves(number, Stage::Consent);
        } else if !plan.who.has(client, now) || plan.eligible.as_ref().is_some_and(|c| !c.contains(&client.country)) {
            leaves(number, Stage::Eligible);
        } else if rests(plan, client, now) {
            leaves(number, Stage::Journey);
        } else if plan.suppressed_above.is_some_and(|limit| client.churn.is_none_or(|score| score > limit)) {
            leaves(number, Stage::Suppression);
        } else if blocked {
            leaves(number, Stage::Block);
        } else {
            let priority = plan.propensity * (plan.value - plan.cost) as f64;
            if priority >= 20.0 {
                ranking.push((priority, plan.value, number));
            } else {
                leaves(number, Stage::Threshold);
            }
        }
    }
    ranking.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
    let Some(&(priority, _, number)) = ranking.first() else {
        let (stage, number) = furthest.map_or((Stage::Consent, 0), |(_, stage, number)| (stage, number));
        return Err(Nothing { stage, nearest: plans[number].path.clone() });
    };
    let plan = &plans[number];
    if is_capped(client, now) || is_quiet(now) {
        let stage = if is_capped(client, now) { Stage::Cap } else { Stage::Quiet };
        return Err(Nothing { stage, nearest: plan.path.clone() });
    }
    Ok(Show { action: plan.path.clone(), content: format!("c{number}.mail"), priority })
}

impl Who {
    fn has(&self, client: &Client, now: Instant) -> bool {
        let since = |days: i64| now.saturating_sub_millis(days * DAY);
        let orders = |days| {
            let after = since(days);
            client.orders.as_slice().iter().rev().skip_while(move |o| o.at > now).take_while(move |o| o.at > after)
        };
        match *self {
            Who::Buyers { goods, days, least } => {
                orders(days).filter(|order| order.goods == goods).take(least).count() == least
            }
            Who::Silent { days } => orders(days).next().is_none(),
            Who::Grown { from, to, tier } => {
                client.age.is_some_and(|age| from <= age && age <= to) && client.tier == tier
            }
            Who::Spenders { days, least } => {
                orders(days).filter_map(|order| order.total).map(|total| total.minor).sum::<i64>() >= least
            }
            Who::Browsers { goods, days } => {
                let after = since(days);
                let mut views = client.views.as_slice().iter().rev();
                views
                    .by_ref()
                    .skip_while(|view| view.at > now)
                    .take_while(|view| view.at > after)
                    .any(|view| view.goods == goods)
                    && !orders(days).any(|order| order.goods == goods)
            }
        }
    }
}

/// What was sent and did not fail, newest first.
fn sent(client: &Client, now: Instant, after: Instant) -> impl Iterator<Item = &Contact> {
    let contacts = client.contacts.as_slice();
    contacts
        .iter()
        .rev()
        .skip_while(move |contact| contact.at > now)
        .take_while(move |contact| contact.at > after)
        .filter(move |contact| {
            contact.outcome == Outcome::Sent
                && !contacts.iter().any(|c| c.outcome == Outcome::Failed && c.at <= now && c.id == contact.id)
        })
}

/// Sent less than 30 days ago, or turned down less than 60 days ago.
fn rests(plan: &Plan, client: &Client, now: Instant) -> bool {
    let contacts = client.contacts.as_slice().iter().rev().skip_while(|contact| contact.at > now);
    let after = now.saturating_sub_millis(60 * DAY);
    contacts
        .take_while(|contact| contact.at > after)
        .any(|contact| contact.outcome == Outcome::Rejected && contact.action == plan.path)
        || sent(client, now, now.saturating_sub_millis(30 * DAY)).any(|contact| contact.action == plan.path)
}

/// Two in seven days, or one today.
fn is_capped(client: &Client, now: Instant) -> bool {
    let midnight = Instant::from_millis(now.millis().div_euclid(DAY) * DAY - 1);
    sent(client, now, now.saturating_sub_millis(7 * DAY)).take(2).count() == 2
        || sent(client, now, midnight).next().is_some()
}

fn is_quiet(now: Instant) -> bool {
    let hour = now.millis().rem_euclid(DAY) / (DAY / 24);
    !(9..21).contains(&hour)
}
