//! Random rule files: segments of three to six predicates of mixed type, a third of them with an alternative.

use super::Rng;
use super::customer::{CATEGORIES, Country, Goods, TAGS, Tier};
use super::segments::quoted;

/// A file of so many segments; the same for the same number.
pub fn file(count: usize) -> String {
    let mut rng = Rng::new(11);
    (0..count).map(|i| format!("segment s{i} \"Random, number {i}\" when {}\n", condition(&mut rng))).collect()
}

fn condition(rng: &mut Rng) -> String {
    let mut terms: Vec<String> = (0..rng.int(3, 6)).map(|_| predicate(rng)).collect();
    if rng.chance(0.33) {
        let last = terms.len() - 1;
        terms[last] = format!("({} or {})", predicate(rng), predicate(rng));
    }
    terms.join(" and ")
}

fn predicate(rng: &mut Rng) -> String {
    let over = if rng.chance(0.5) { ">=" } else { "<" };
    match rng.int(0, 15) {
        0 | 1 => format!("country in {}", quoted(&rng.some(Country::ALL, 5))),
        2 => format!("tier in {}", quoted(&rng.some(Tier::ALL, 2))),
        3 => format!("age {over} {}", rng.int(18, 80)),
        4 => format!("age between {} and {}", rng.int(18, 40), rng.int(41, 80)),
        5 => format!("lifetime_value {over} {} EUR", rng.int(1, 60) * 50),
        6 => format!("orders_30d >= {}", rng.int(1, 5)),
        7 => format!("days_since_last_order {over} {}", rng.int(3, 365)),
        8 => "email_consent".to_owned(),
        9 => format!("sms_consent = {}", rng.chance(0.8)),
        10 => format!("churn_score {over} {:?}", rng.int(1, 19) as f64 / 20.0),
        11 => format!("tags contains any of {}", quoted(&rng.some(&TAGS, 3))),
        12 => format!("categories contains any of {}", quoted(&rng.some(&CATEGORIES, 3))),
        13 => format!("signed_up is within {} days", rng.int(7, 400)),
        14 => format!("city starts with \"{}\"", rng.zipf(&["New", "Spring", "River", "Lake"])),
        _ => {
            let goods = quoted(&[rng.zipf(Goods::ALL)]);
            format!("count(orders where goods in {goods} within {} days) >= {}", rng.int(1, 12) * 7, rng.int(1, 4))
        }
    }
}
