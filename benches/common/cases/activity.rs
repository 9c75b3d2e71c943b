//! What activity says over time, and what came of contacts.

use std::collections::{HashMap, HashSet};

use nextbest::{Contact, Outcome};

use super::Case;
use crate::common::customer::{DAY, Goods, euro, now};
use crate::common::shopper::{Act, Shopper};

/// Events of each kind.
const EVENTS: usize = 100;

pub fn cases() -> Vec<Case<Shopper>> {
    let case = |name, rule, twin| Case::new("activity", name, EVENTS, rule, twin);
    let eur = euro();
    vec![
        case("lifecycle", "lifecycle(views, 10 days) = \"returning\"", {
            Box::new(|s| {
                let (current, last) = (now().millis() - 10 * DAY, now().millis() - 20 * DAY);
                let mut rest = within(s, 20).map(|view| view.at.millis()).peekable();
                rest.peek().is_some_and(|&at| at > current) && rest.any(|at| at > last && at <= current)
            })
        }),
        case("stopped", "stopped(views, 10 days, 30 days)", {
            Box::new(|s| within(s, 30).next().is_some_and(|newest| newest.at.millis() <= now().millis() - 10 * DAY))
        }),
        case("most frequent choice", "most_frequent(views.goods within 90 days) = \"dresses\"", {
            Box::new(|s| {
                let mut counts = [0; Goods::ALL.len()];
                let mut newest = Vec::with_capacity(Goods::ALL.len());
                for view in within(s, 90) {
                    let goods = view.goods as usize;
                    if counts[goods] == 0 {
                        newest.push(goods);
                    }
                    counts[goods] += 1;
                }
                // Of two equally frequent ones the newer.
                newest.iter().rev().max_by_key(|&&goods| counts[goods]) == Some(&(Goods::dresses as usize))
            })
        }),
        case("most frequent text", "most_frequent(views.campaign within 1 year) starts with \"campaign-3\"", {
            Box::new(|s| {
                let mut counts: HashMap<&str, (usize, i64)> = HashMap::new();
                for view in within(s, 365) {
                    counts.entry(&view.campaign).or_insert((0, view.at.millis())).0 += 1;
                }
                let most = counts.iter().max_by_key(|(_, most)| **most);
                most.is_some_and(|(campaign, _)| campaign.starts_with("campaign-3"))
            })
        }),
        case("median", "median(views.total within 1 year) >= 35 EUR", {
            Box::new(move |s| {
                let known = within(s, 365).filter_map(|view| view.total.filter(|total| total.currency == eur));
                let mut known: Vec<i64> = known.map(|total| total.minor).collect();
                if known.is_empty() {
                    return false;
                }
                let (half, odd) = (known.len() / 2, known.len() % 2 == 1);
                let (below, &mut middle, _) = known.select_nth_unstable(half);
                let lower = if odd { middle } else { below.iter().copied().max().unwrap_or(middle) };
                // Half a cent rounds to the even amount.
                lower + middle >= 2 * 3_500 - 1
            })
        }),
        case("distinct texts", "count(distinct views.campaign within 90 days) >= 11", {
            Box::new(|s| within(s, 90).map(|view| view.campaign.as_str()).collect::<HashSet<_>>().len() >= 11)
        }),
        case("days with", "count(days with views within 90 days) >= 12", {
            Box::new(|s| different(within(s, 90).map(|view| view.at.millis().div_euclid(DAY))) >= 12)
        }),
        case("rolling weeks", "count(rolling weeks with views within 26 weeks) >= 16", {
            Box::new(|s| different(within(s, 182).map(|view| (now().millis() - view.at.millis()) / (7 * DAY))) >= 16)
        }),
        Case {
            with: PROGRAM.to_owned(),
            ..case("outcome", "any(exposed(hello) within 14 days)", {
                Box::new(|s| {
                    let contacts = s.contacts.as_slice();
                    let failed = |shown: &Contact| {
                        contacts
                            .iter()
                            .any(|other| other.outcome == Outcome::Failed && other.at <= now() && other.id == shown.id)
                    };
                    let since = now().saturating_sub_millis(14 * DAY);
                    let seen = contacts.iter().rev().skip_while(|contact| contact.at > now());
                    seen.take_while(|contact| contact.at > since).any(|contact| {
                        matches!(contact.outcome, Outcome::Sent | Outcome::Impression)
                            && contact.action == "winback.back.hello"
                            && !failed(contact)
                    })
                })
            })
        },
    ]
}

const PROGRAM: &str = r#"
ruleset shop { currency EUR }
channel email outbound needs consent email.marketing
program winback {
  campaign back for everyone every {
    service hello { basis contract treat email "a" }
    service gift { basis contract treat email "b" }
  }
}"#;

/// The views of so many days, newest first.
fn within(s: &Shopper, days: i64) -> impl Iterator<Item = &Act> {
    let until = now();
    let since = until.saturating_sub_millis(days * DAY);
    let seen = s.views.as_slice().iter().rev().skip_while(move |view| view.at > until);
    seen.take_while(move |view| view.at > since)
}

/// How many different ones there are in a list that is in order.
fn different(mut sorted: impl Iterator<Item = i64>) -> usize {
    let Some(mut last) = sorted.next() else { return 0 };
    1 + sorted.filter(|&next| std::mem::replace(&mut last, next) != next).count()
}
