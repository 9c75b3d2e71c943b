//! What must grow no faster than the events it looks at. No answer is found early: every event is looked at.

use super::Crowds;
use crate::common::shopper::{self, Shopper};

/// A rule, and what it refers to.
pub struct Growing {
    pub name: &'static str,
    pub with: &'static str,
    pub rule: &'static str,
}

/// Events of each kind in the smaller crowd; the other one has twice as many each, and as many in all.
pub const EVENTS: usize = 1_000;

pub fn cases() -> (Vec<Growing>, Crowds<Shopper>) {
    let case = |name, rule| Growing { name, with: "", rule };
    let group = |name, rule| Growing { name, with: "event engaged = views | clicks", rule };
    let cases = vec![
        case("sequence", "views then clicks within 1 minute then redemptions within 1 minute"),
        case("sequence without", "views then clicks without redemptions within 1 second"),
        case("sequence by text", "(views as v) then (clicks where campaign = v.campaign) within 1 second"),
        case("sequence by choice", "(views as v) then (clicks where goods = v.goods) within 1 second"),
        case("then not", "sends then not views within 2000 days"),
        case("join by text", "count(sends as s where none(redemptions where campaign = s.campaign)) >= 99999"),
        case("join by choice", "count(sends as s where none(redemptions where goods = s.goods)) >= 99999"),
        case("later, by text", "count(sends as s where any(views where campaign = s.campaign and at > s.at)) >= 99999"),
        case("later, by choice", "count(sends as s where any(views where goods = s.goods and at > s.at)) >= 99999"),
        case("earlier, by choice", "count(sends as s where any(views where goods = s.goods and at < s.at)) >= 99999"),
        case(
            "before, by text",
            "count(sends as s where any(views where campaign = s.campaign within 1 minute before s.at)) >= 99999",
        ),
        case(
            "before, by choice",
            "count(sends as s where any(views where goods = s.goods within 1 minute before s.at)) >= 99999",
        ),
        case("before", "count(sends as s where any(views within 1 minute before s.at)) >= 99999"),
        group("group, sum", "sum(engaged.total) >= 99999999 EUR"),
        group("group, sequence", "engaged then redemptions within 1 second"),
        case("most frequent text", "most_frequent(views.campaign) = \"none\""),
        case("distinct texts", "count(distinct views.campaign) >= 99999"),
    ];
    (cases, Crowds::of(5, shopper::population))
}
