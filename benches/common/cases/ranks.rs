//! Where a customer stands among all: the twins have worked the bounds out before, as the engine has.

use super::{CUSTOMERS, Case};
use crate::common::shopper::{Shopper, population};

pub fn cases() -> Vec<Case<Shopper>> {
    let case = |name, rule, twin| Case { goal: Some(2.0), ..Case::new("rank", name, 0, rule, twin) };
    let mut points: Vec<i64> = population(CUSTOMERS, 0).iter().map(|shopper| shopper.points).collect();
    points.sort_unstable();
    let fifths: Vec<f64> = (1..5).map(|fifth| at(&points, f64::from(fifth) / 5.0)).collect();
    let cut = points[points.len() - points.len().div_ceil(10)];
    vec![
        case("quantile", "quantile(points, 5) >= 4", {
            Box::new(move |s| 1 + fifths.iter().filter(|&&edge| s.points as f64 > edge).count() >= 4)
        }),
        case("percentile", "percentile(points) >= 80%", {
            Box::new(move |s| points.partition_point(|&other| other <= s.points) as f64 / points.len() as f64 >= 0.8)
        }),
        case("top 10%", "top 10% by points", Box::new(move |s| s.points >= cut)),
    ]
}

/// The value below which a share of the sorted ones lies, between two of them by how far it is from each.
fn at(sorted: &[i64], share: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * share;
    let (below, above) = (sorted[place.floor() as usize] as f64, sorted[place.ceil() as usize] as f64);
    below + (above - below) * place.fract()
}
