//! One event after another.

use super::{Case, Twin};
use crate::common::customer::{Customer, DAY, Goods, now};

/// Three steps in one pass, over so many orders; limits of a day each, which the calendar has to count, or of its hours.
pub fn cases() -> impl Iterator<Item = Case<Customer>> {
    let sized = [
        (20, "3 steps in hours, 20 orders", "3 steps in days, 20 orders"),
        (200, "3 steps in hours, 200 orders", "3 steps in days, 200 orders"),
        (2_000, "3 steps in hours, 2,000 orders", "3 steps in days, 2,000 orders"),
        (20_000, "3 steps in hours, 20,000 orders", "3 steps in days, 20,000 orders"),
    ];
    let case = |name, orders, rule| Case::new("sequence", name, orders, rule, sequence());
    sized.into_iter().flat_map(move |(orders, hours, days)| [case(hours, orders, HOURS), case(days, orders, DAYS)])
}

const HOURS: &str = "(orders where goods = \"shoes\" within 365 days) then (orders where goods = \"books\") within 24 hours \
                     then (orders where goods = \"toys\") within 24 hours";
const DAYS: &str = "(orders where goods = \"shoes\" within 365 days) then (orders where goods = \"books\") within 1 day \
                    then (orders where goods = \"toys\") within 1 day";

/// The latest first and second step are all that the next one has to know of.
fn sequence() -> Twin<Customer> {
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
