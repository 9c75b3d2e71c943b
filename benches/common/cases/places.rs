//! Points on the map.

use super::Case;
use crate::common::shopper::Shopper;
use nextbest::Point;

/// Corners of a region, in degrees of latitude and longitude.
const CORNERS: [(f64, f64); 8] =
    [(51.0, 2.5), (49.0, 8.2), (47.6, 7.5), (46.0, 6.1), (43.8, 7.5), (42.5, 3.1), (43.4, -1.8), (48.4, -4.8)];

pub fn cases() -> Vec<Case<Shopper>> {
    let case = |name, rule, twin| Case { goal: Some(2.0), ..Case::new("place", name, 0, rule, twin) };
    let corners: String = CORNERS.iter().map(|(lat, lon)| format!(" point({lat:?}, {lon:?})")).collect();
    vec![
        case("circle of 300 km", "home is within 300 km of point(48.8566, 2.3522)", {
            Box::new(|s| s.home.is_some_and(|home| metres(home, 48.8566, 2.3522) <= 300_000.0))
        }),
        Case {
            with: format!("region france {{{corners} }}"),
            ..case("region of 8 corners", "home is inside \"france\"", {
                Box::new(|s| s.home.is_some_and(|home| is_inside(home.lat(), home.lon())))
            })
        },
    ]
}

/// By the haversine formula, on a sphere with the Earth's mean radius.
fn metres(from: Point, lat: f64, lon: f64) -> f64 {
    let (north, east) = ((lat - from.lat()).to_radians(), (lon - from.lon()).to_radians());
    let across = from.lat().to_radians().cos() * lat.to_radians().cos();
    let h = (north / 2.0).sin().powi(2) + across * (east / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * h.sqrt().asin()
}

/// Whether a line to the north pole crosses the sides an odd number of times.
fn is_inside(lat: f64, lon: f64) -> bool {
    let mut inside = false;
    let (mut from_lat, mut from_lon) = CORNERS[CORNERS.len() - 1];
    for (to_lat, to_lon) in CORNERS {
        if (from_lon > lon) != (to_lon > lon)
            && lat < from_lat + (to_lat - from_lat) * (lon - from_lon) / (to_lon - from_lon)
        {
            inside = !inside;
        }
        (from_lat, from_lon) = (to_lat, to_lon);
    }
    inside
}
