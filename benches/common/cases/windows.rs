//! Aggregates over the events of a window.

use super::Case;
use crate::common::customer::{Customer, DAY, Goods, euro, now};

pub fn cases() -> Vec<Case<Customer>> {
    let window = |name, rule, goal, twin| Case { goal, ..Case::new("event_window", name, 200, rule, twin) };
    let eur = euro();
    let until = now();
    let since = until.saturating_sub_millis(30 * DAY);
    vec![
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
    ]
}

const FILTERED: &str = "count(orders where goods = \"shoes\" within 30 days) >= 3";
