//! Several kinds of event as one.

use super::Case;
use crate::common::customer::{DAY, Goods, euro, now};
use crate::common::shopper::{Act, Shopper};

/// Events of each kind.
const EVENTS: usize = 100;

pub fn cases() -> Vec<Case<Shopper>> {
    let case = |name, rule, twin| Case {
        with: "event engaged = views | clicks".to_owned(),
        ..Case::new("group of events", name, EVENTS, rule, twin)
    };
    let eur = euro();
    vec![
        case(
            "any",
            "any(engaged where goods = \"kitchen\" within 30 days)",
            Box::new(|s| recent(s).any(|act| act.goods == Goods::kitchen)),
        ),
        case(
            "none",
            "none(engaged where goods = \"kitchen\" within 30 days)",
            Box::new(|s| !recent(s).any(|act| act.goods == Goods::kitchen)),
        ),
        case("count", "count(engaged within 30 days) >= 9", Box::new(|s| recent(s).count() >= 9)),
        case(
            "filtered count",
            "count(engaged where goods = \"shoes\" within 30 days) >= 3",
            Box::new(|s| recent(s).filter(|act| act.goods == Goods::shoes).nth(2).is_some()),
        ),
        case(
            "sum",
            "sum(engaged.total within 30 days) >= 400 EUR",
            Box::new(move |s| {
                let known = recent(s).filter_map(|act| act.total.filter(|total| total.currency == eur));
                known.map(|total| total.minor).sum::<i64>() >= 40_000
            }),
        ),
        case(
            "max",
            "max(engaged.total within 30 days) >= 200 EUR",
            Box::new(move |s| {
                let known = recent(s).filter_map(|act| act.total.filter(|total| total.currency == eur));
                known.map(|total| total.minor).max().is_some_and(|most| most >= 20_000)
            }),
        ),
        case(
            "last",
            "last(engaged).goods = \"shoes\"",
            Box::new(|s| {
                let last = |acts: &'_ [Act]| acts.iter().rposition(|act| act.at <= now());
                let view = last(s.views.as_slice()).map(|row| &s.views.as_slice()[row]);
                let click = last(s.clicks.as_slice()).map(|row| &s.clicks.as_slice()[row]);
                let newest = view.into_iter().chain(click).max_by_key(|act| act.at);
                newest.is_some_and(|act| act.goods == Goods::shoes)
            }),
        ),
        case(
            "last that fits",
            "last(engaged where quantity = 5).goods = \"shoes\"",
            Box::new(|s| {
                let last = |acts: &'_ [Act]| acts.iter().rposition(|act| act.at <= now() && act.quantity == 5);
                let view = last(s.views.as_slice()).map(|row| &s.views.as_slice()[row]);
                let click = last(s.clicks.as_slice()).map(|row| &s.clicks.as_slice()[row]);
                let newest = view.into_iter().chain(click).max_by_key(|act| act.at);
                newest.is_some_and(|act| act.goods == Goods::shoes)
            }),
        ),
    ]
}

/// What of both kinds happened within 30 days, each newest first.
fn recent(s: &Shopper) -> impl Iterator<Item = &Act> {
    let until = now();
    let since = until.saturating_sub_millis(30 * DAY);
    within(s.views.as_slice(), since, until).chain(within(s.clicks.as_slice(), since, until))
}

fn within(acts: &[Act], since: nextbest::Instant, until: nextbest::Instant) -> impl Iterator<Item = &Act> {
    acts.iter().rev().skip_while(move |act| act.at > until).take_while(move |act| act.at > since)
}
