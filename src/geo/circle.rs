//! A fixed circle on the map: whether a point is in it, told without a distance where that is plain.

use super::Point;
use super::point::{RADIANS, RADIUS, STEPS, chord, distance};

/// Metres by which a distance must miss the limit for a shortcut to be trusted. Rounding is worst half way round the Earth,
/// where it comes to a quarter of a metre.
const DOUBT: f64 = 10.0;

/// All points no farther than a limit from a centre: the same points for which [`distance`] says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circle {
    centre: Point,
    metres: f64,
    cosine: f64,
    /// Farther than this in latitude, or in longitude, is outside. In steps of a coordinate.
    lat: i64,
    lon: i64,
    /// Squares of half a chord: less than the first is inside, more than the second outside.
    inside: f64,
    outside: f64,
}

impl Circle {
    pub fn new(centre: Point, metres: f64) -> Self {
        let doubt = DOUBT + metres.abs() * 1e-9;
        let angle = (metres + doubt) / RADIUS;
        let lat = angle / RADIANS;
        // Where a circle reaches a pole, it is met on every meridian.
        let lon = match centre.lat().abs() + lat < 90.0 {
            true => libm::asin(libm::sin(angle) / libm::cos(centre.lat() * RADIANS)) / RADIANS,
            false => 360.0,
        };
        Circle {
            centre,
            metres,
            cosine: libm::cos(centre.lat() * RADIANS),
            lat: steps(lat),
            lon: steps(lon),
            inside: half_chord(metres - doubt),
            outside: half_chord(metres + doubt),
        }
    }

    pub fn contains(&self, point: Point) -> bool {
        let lat = (i64::from(point.lat) - i64::from(self.centre.lat)).abs();
        if lat > self.lat {
            return false;
        }
        let lon = (i64::from(point.lon) - i64::from(self.centre.lon)).abs();
        // The shorter way round.
        if lon.min(ROUND - lon) > self.lon {
            return false;
        }
        let h = chord(self.centre, point, self.cosine, libm::cos(point.lat() * RADIANS));
        if h < self.inside {
            return true;
        }
        h <= self.outside && distance(self.centre, point) <= self.metres
    }
}

/// All the way round the Earth.
const ROUND: i64 = 3_600_000_000;

/// Degrees in steps of a coordinate, rounded up.
fn steps(degrees: f64) -> i64 {
    (degrees.clamp(0.0, 360.0) * STEPS).ceil() as i64 + 1
}

/// The square of half the chord of a great-circle distance; −1 and 2, which no chord reaches, for what is no distance.
fn half_chord(metres: f64) -> f64 {
    let angle = metres / RADIUS / 2.0;
    if angle < 0.0 {
        return -1.0;
    }
    if angle >= std::f64::consts::FRAC_PI_2 {
        return 2.0;
    }
    let sine = libm::sin(angle);
    sine * sine
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(lat: f64, lon: f64) -> Point {
        Point::new(lat, lon).unwrap()
    }

    fn same(centre: Point, metres: f64, other: Point) -> Result<(), TestCaseError> {
        let plain = distance(centre, other) <= metres;
        prop_assert_eq!(Circle::new(centre, metres).contains(other), plain, "{} of {} by {}", other, centre, metres);
        Ok(())
    }

    proptest! {
        #[test]
        fn anywhere(a in (-90.0..=90.0, -180.0..=180.0), b in (-90.0..=90.0, -180.0..=180.0), metres in 0.0..2.1e7) {
            same(point(a.0, a.1), metres, point(b.0, b.1))?;
        }

        /// The limit is the distance itself, its neighbours and what is a little off.
        #[test]
        fn at_the_limit(
            a in (-90.0..=90.0, -180.0..=180.0),
            by in prop_oneof![-1e-4..1e-4, -1.0..1.0, -200.0..200.0],
            across in prop_oneof![-1e-4..1e-4, -1.0..1.0, -360.0..360.0],
            off in prop_oneof![Just(0.0), -1e-9..1e-9, -20.0..20.0],
        ) {
            let centre = point(a.0, a.1);
            let wrapped = |x: f64| if x > 180.0 { x - 360.0 } else if x < -180.0 { x + 360.0 } else { x };
            let other = point(f64::clamp(a.0 + by, -90.0, 90.0), wrapped(a.1 + across));
            let metres = distance(centre, other);
            for limit in [metres, metres.next_up(), metres.next_down(), metres + off] {
                same(centre, limit, other)?;
            }
        }

        /// The circle's own extremes: due east and west of its centre, at the poles, and half way round.
        #[test]
        fn where_bounds_are_tight(lat in -90.0..=90.0, lon in -180.0..=180.0, metres in prop_oneof![0.0..100.0, 0.0..2.1e7], step in -3..3i32) {
            let centre = point(lat, lon);
            let angle = metres / RADIUS;
            let widest = libm::asin((libm::sin(lat * RADIANS) / libm::cos(angle)).clamp(-1.0, 1.0)) / RADIANS;
            let across = libm::asin((libm::sin(angle) / libm::cos(lat * RADIANS)).clamp(-1.0, 1.0)) / RADIANS;
            let near = |x: f64, most: f64| (x + f64::from(step) * 1e-7).clamp(-most, most);
            for other in [
                point(near(widest, 90.0), near(lon + across, 180.0)),
                point(near(widest, 90.0), near(lon - across, 180.0)),
                point(near(lat + angle / RADIANS, 90.0), lon),
                point(near(90.0, 90.0), 0.0),
                point(near(-lat, 90.0), if lon > 0.0 { lon - 180.0 } else { lon + 180.0 }),
            ] {
                same(centre, metres, other)?;
            }
        }
    }

    #[test]
    fn what_is_no_distance_is_reached_by_none() {
        let paris = point(48.8566, 2.3522);
        assert!(!Circle::new(paris, -1.0).contains(paris));
        assert!(!Circle::new(paris, f64::next_down(0.0)).contains(paris));
        assert!(Circle::new(paris, 0.0).contains(paris));
        assert!(Circle::new(paris, 1e300).contains(point(-90.0, 0.0)));
    }
}
