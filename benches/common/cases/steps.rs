//! Sequences over several kinds of event: by hand one merge of them, with what the next step has to know.

use std::collections::HashMap;

use super::Case;
use crate::common::customer::{DAY, now};
use crate::common::shopper::{Act, Shopper};

/// Events of each kind.
const EVENTS: usize = 100;
const NEVER: i64 = i64::MIN / 2;

pub fn cases() -> Vec<Case<Shopper>> {
    let case = |name, rule, twin| Case::new("sequence", name, EVENTS, rule, twin);
    let since = now().millis() - 365 * DAY;
    let recent = now().millis() - 90 * DAY;
    vec![
        case(
            "3 kinds",
            "views then clicks within 1 day then redemptions within 1 day",
            Box::new(|s| {
                let (mut view, mut click) = (NEVER, NEVER);
                some([s.views.as_slice(), s.clicks.as_slice(), s.redemptions.as_slice()], |kind, act| {
                    let at = act.at.millis();
                    match kind {
                        0 => view = at,
                        1 if at - view <= DAY => click = at,
                        2 if at - click <= DAY => return true,
                        _ => {}
                    }
                    false
                })
            }),
        ),
        case(
            "without",
            "(views where goods = \"toys\") then (redemptions where goods = \"toys\") without clicks within 7 days",
            Box::new(|s| {
                let mut view = NEVER;
                some([s.views.as_slice(), s.clicks.as_slice(), s.redemptions.as_slice()], |kind, act| {
                    let toys = act.goods == crate::common::customer::Goods::toys;
                    match kind {
                        0 if toys => view = act.at.millis(),
                        1 => view = NEVER,
                        2 if toys && act.at.millis() - view <= 7 * DAY => return true,
                        _ => {}
                    }
                    false
                })
            }),
        ),
        case(
            "by key",
            "(views as v within 365 days) then (redemptions where campaign = v.campaign) within 7 days",
            Box::new(move |s| {
                let mut views = HashMap::new();
                some([s.views.as_slice(), s.redemptions.as_slice(), &[]], |kind, act| {
                    let (campaign, at) = (act.campaign.as_str(), act.at.millis());
                    if kind == 0 && at > since {
                        views.insert(campaign, at);
                    }
                    kind == 1 && views.get(campaign).is_some_and(|view| at - view <= 7 * DAY)
                })
            }),
        ),
        case(
            "then not",
            "(sends where total > 80 EUR within 90 days) then not clicks within 14 days",
            Box::new(move |s| {
                let eur = crate::common::customer::euro();
                let mut waiting = i64::MAX;
                some([s.sends.as_slice(), s.clicks.as_slice(), &[]], |kind, act| {
                    let at = act.at.millis();
                    if waiting < at {
                        return true;
                    }
                    let dear = act.total.is_some_and(|total| total.currency == eur && total.minor > 8_000);
                    if kind == 1 {
                        waiting = i64::MAX;
                    } else if at > recent && dear {
                        waiting = waiting.min(at + 14 * DAY);
                    }
                    false
                }) || waiting <= now().millis()
            }),
        ),
        case(
            "then not, by key",
            "(views as v where goods = \"toys\" within 90 days) \
             then not (redemptions where campaign = v.campaign) within 60 days",
            Box::new(move |s| {
                let mut waiting: HashMap<&str, i64> = HashMap::new();
                some([s.views.as_slice(), s.redemptions.as_slice(), &[]], |kind, act| {
                    let (campaign, at) = (act.campaign.as_str(), act.at.millis());
                    if kind == 1 {
                        return waiting.remove(campaign).is_some_and(|deadline| deadline < at);
                    }
                    if at > recent && act.goods == crate::common::customer::Goods::toys {
                        waiting.entry(campaign).or_insert(at + 60 * DAY);
                    }
                    false
                }) || waiting.values().any(|&deadline| deadline <= now().millis())
            }),
        ),
    ]
}

/// Whether one of the events until now, in their order, is what `is_it` looks for.
fn some<'s>(kinds: [&'s [Act]; 3], mut is_it: impl FnMut(usize, &'s Act) -> bool) -> bool {
    let mut rest = kinds;
    let until = now();
    loop {
        let heads = rest.iter().enumerate().filter_map(|(kind, acts)| Some((acts.first()?.at, kind)));
        let Some((_, kind)) = heads.min().filter(|(at, _)| *at <= until) else { return false };
        let Some((next, others)) = rest[kind].split_first() else { return false };
        rest[kind] = others;
        if is_it(kind, next) {
            return true;
        }
    }
}
