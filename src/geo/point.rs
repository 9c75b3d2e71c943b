//! Points, and how far they are from each other.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

/// Steps of a coordinate in a degree: seven decimals, about a centimetre, as maps commonly keep them.
pub(super) const STEPS: f64 = 1e7;

/// The mean radius of the Earth, in metres.
pub(super) const RADIUS: f64 = 6_371_008.8;

/// In a degree.
pub(super) const RADIANS: f64 = std::f64::consts::PI / 180.0;

/// A point on the Earth, in degrees of latitude and longitude, to seven decimals (about a centimetre).
///
/// Serialized as `{"lat": 48.8566, "lon": 2.3522}`.
///
/// ```
/// use nextbest::Point;
/// let paris = Point::new(48.8566, 2.3522).ok_or("no such point")?;
/// assert_eq!(paris.lat(), 48.8566);
/// assert_eq!(paris.to_string(), "48.8566, 2.3522");
/// assert_eq!(Point::new(91.0, 0.0), None);
/// assert_eq!(Point::new(0.0, f64::NAN), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Point {
    pub(super) lat: i32,
    pub(super) lon: i32,
}

impl Point {
    /// Latitude from −90 to 90 degrees, longitude from −180 to 180, each rounded to seven decimals; `None` outside.
    pub fn new(lat: f64, lon: f64) -> Option<Self> {
        let steps = |degrees: f64, most: f64| (degrees.abs() <= most).then(|| (degrees * STEPS).round() as i32);
        Some(Point { lat: steps(lat, 90.0)?, lon: steps(lon, 180.0)? })
    }

    /// Degrees north of the equator.
    pub fn lat(self) -> f64 {
        f64::from(self.lat) / STEPS
    }

    /// Degrees east of Greenwich.
    pub fn lon(self) -> f64 {
        f64::from(self.lon) / STEPS
    }

    /// Both coordinates in one word, as evaluations hold them.
    pub(crate) fn word(self) -> i64 {
        i64::from(self.lat) << 32 | i64::from(self.lon as u32)
    }

    /// What [`word`](Self::word) made.
    pub(crate) fn of_word(word: i64) -> Self {
        Point { lat: (word >> 32) as i32, lon: word as i32 }
    }
}

/// The great-circle distance in metres, by the haversine formula.
pub(crate) fn distance(a: Point, b: Point) -> f64 {
    let h = chord(a, b, libm::cos(a.lat() * RADIANS), libm::cos(b.lat() * RADIANS));
    // Rounding can carry opposite points a little past 1.
    2.0 * RADIUS * libm::asin(h.min(1.0).sqrt())
}

/// The square of half the chord between two points of the unit sphere, given the cosines of their latitudes.
pub(super) fn chord(a: Point, b: Point, cosine_a: f64, cosine_b: f64) -> f64 {
    let square_of_half_sine = |a: f64, b: f64| {
        let sine = libm::sin((a - b) * RADIANS / 2.0);
        sine * sine
    };
    square_of_half_sine(a.lat(), b.lat()) + cosine_a * cosine_b * square_of_half_sine(a.lon(), b.lon())
}

/// As rules write it between the parentheses of `point(…)`.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.lat(), self.lon())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Degrees {
    lat: f64,
    lon: f64,
}

impl Serialize for Point {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Degrees { lat: self.lat(), lon: self.lon() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Degrees { lat, lon } = Degrees::deserialize(deserializer)?;
        Point::new(lat, lon).ok_or_else(|| de::Error::custom("latitude is -90 to 90 degrees, longitude -180 to 180"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(lat: f64, lon: f64) -> Point {
        Point::new(lat, lon).unwrap()
    }

    #[test]
    fn distances_are_those_of_a_sphere() {
        let (paris, london) = (point(48.8566, 2.3522), point(51.5074, -0.1278));
        assert!((distance(paris, london) - 343_556.0).abs() < 1.0, "{}", distance(paris, london));
        assert_eq!(distance(paris, paris), 0.0);
        // A degree of a meridian, and half way round, pole to pole and along the equator.
        let degree = std::f64::consts::PI * RADIUS / 180.0;
        assert!((distance(point(10.0, 5.0), point(11.0, 5.0)) - degree).abs() < 1e-6);
        assert!((distance(point(90.0, 0.0), point(-90.0, 120.0)) - 180.0 * degree).abs() < 1e-6);
        assert!((distance(point(0.0, 0.0), point(0.0, 180.0)) - 180.0 * degree).abs() < 1e-6);
        // The date line is no border, and all of a pole is one point.
        assert!((distance(point(0.0, 179.5), point(0.0, -179.5)) - degree).abs() < 1e-6);
        assert!(distance(point(90.0, 0.0), point(90.0, 90.0)) < 1e-6);
    }

    #[test]
    fn coordinates_outside_of_the_earth_are_no_point() {
        for (lat, lon) in [(90.000_001, 0.0), (-91.0, 0.0), (0.0, 180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Point::new(lat, lon), None, "{lat}, {lon}");
        }
        assert_eq!(point(-90.0, -180.0).to_string(), "-90, -180");
    }

    proptest! {
        #[test]
        fn words_text_and_json_give_it_back(lat in -90.0..=90.0, lon in -180.0..=180.0) {
            let point = point(lat, lon);
            prop_assert_eq!(Point::of_word(point.word()), point);
            prop_assert_eq!(Point::new(point.lat(), point.lon()), Some(point));
            let json = serde_json::to_string(&point).unwrap();
            prop_assert_eq!(serde_json::from_str::<Point>(&json).unwrap(), point);
        }

        #[test]
        fn distance_has_no_direction(a in (-90.0..=90.0, -180.0..=180.0), b in (-90.0..=90.0, -180.0..=180.0)) {
            let (a, b) = (point(a.0, a.1), point(b.0, b.1));
            prop_assert_eq!(distance(a, b), distance(b, a));
        }
    }
}
