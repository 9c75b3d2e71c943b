//! One event in the light of another: by hand a hash map of what is asked for, built for each customer.

use std::collections::{HashMap, HashSet};

use super::Case;
use crate::common::customer::{DAY, Goods, now};
use crate::common::shopper::{Act, Shopper};

/// Events of each kind.
const EVENTS: usize = 100;

pub fn cases() -> Vec<Case<Shopper>> {
    let case = |name, rule, twin| Case::new("join", name, EVENTS, rule, twin);
    let until = now();
    let since = until.saturating_sub_millis(90 * DAY);
    let recent = move |s: &'_ Act| s.at > since && s.at <= until;
    vec![
        case(
            "none by text",
            "any(sends as s where goods = \"toys\" and none(redemptions where campaign = s.campaign) within 90 days)",
            Box::new(move |s| {
                let used: HashSet<&str> = known(s.redemptions.as_slice()).map(|act| act.campaign.as_str()).collect();
                let mut sends = s.sends.as_slice().iter().filter(|send| recent(send) && send.goods == Goods::toys);
                sends.any(|send| !used.contains(send.campaign.as_str()))
            }),
        ),
        case(
            "any later by text",
            "any(sends as s where any(redemptions where campaign = s.campaign and at > s.at) within 90 days)",
            Box::new(move |s| {
                let last: HashMap<&str, _> =
                    known(s.redemptions.as_slice()).map(|act| (act.campaign.as_str(), act.at)).collect();
                let mut sends = s.sends.as_slice().iter().filter(|send| recent(send));
                sends.any(|send| last.get(send.campaign.as_str()).is_some_and(|&last| last > send.at))
            }),
        ),
        case(
            "none later by choice",
            "any(sends as s where none(redemptions where goods = s.goods and at > s.at) within 90 days)",
            Box::new(move |s| {
                let mut last = [i64::MIN; Goods::ALL.len()];
                for act in known(s.redemptions.as_slice()) {
                    last[act.goods as usize] = act.at.millis();
                }
                let mut sends = s.sends.as_slice().iter().filter(|send| recent(send));
                sends.any(|send| last[send.goods as usize] <= send.at.millis())
            }),
        ),
        case(
            "any before by text",
            "any(sends as s where any(views where campaign = s.campaign within 7 days before s.at))",
            Box::new(|s| {
                let mut views = known(s.views.as_slice()).peekable();
                let mut last = HashMap::new();
                known(s.sends.as_slice()).any(|send| {
                    while let Some(view) = views.next_if(|view| view.at <= send.at) {
                        last.insert(view.campaign.as_str(), view.at.millis());
                    }
                    last.get(send.campaign.as_str()).is_some_and(|last| send.at.millis() - last <= 7 * DAY)
                })
            }),
        ),
        case(
            "any before by choice",
            "any(sends as s where any(views where goods = s.goods within 1 hour before s.at))",
            Box::new(|s| {
                let mut views = known(s.views.as_slice()).peekable();
                let mut last = [i64::MIN / 2; Goods::ALL.len()];
                known(s.sends.as_slice()).any(|send| {
                    while let Some(view) = views.next_if(|view| view.at <= send.at) {
                        last[view.goods as usize] = view.at.millis();
                    }
                    send.at.millis() - last[send.goods as usize] <= DAY / 24
                })
            }),
        ),
        case(
            "any before",
            "any(sends as s where any(views within 10 minutes before s.at))",
            Box::new(|s| {
                let mut views = known(s.views.as_slice()).peekable();
                let mut last = i64::MIN / 2;
                known(s.sends.as_slice()).any(|send| {
                    while let Some(view) = views.next_if(|view| view.at <= send.at) {
                        last = view.at.millis();
                    }
                    send.at.millis() - last <= DAY / 144
                })
            }),
        ),
        case(
            "the same again",
            "any(views as v where any(views where goods = v.goods and quantity = v.quantity and at > v.at) within 30 days)",
            Box::new(move |s| {
                let mut seen = HashSet::new();
                let later = s.views.as_slice().iter().rev().skip_while(|view| view.at > until);
                let month = until.saturating_sub_millis(30 * DAY);
                later.take_while(|view| view.at > month).any(|view| !seen.insert((view.goods as u8, view.quantity)))
            }),
        ),
    ]
}

/// Those that have happened.
fn known(acts: &[Act]) -> impl Iterator<Item = &Act> {
    let until = now();
    acts.iter().take_while(move |act| act.at <= until)
}
