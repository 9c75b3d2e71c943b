//! Where points are: from the formulas in the books, on plain degrees.

use nextbest::Point;

/// Haversine, on a sphere of 6,371.0088 km.
pub fn metres(a: Point, b: Point) -> f64 {
    let radians = |degrees: f64| degrees * (std::f64::consts::PI / 180.0);
    let half_sine_squared = |degrees: f64| {
        let sine = libm::sin(radians(degrees) / 2.0);
        sine * sine
    };
    let along = half_sine_squared(a.lat() - b.lat());
    let across = half_sine_squared(a.lon() - b.lon());
    let h = along + libm::cos(radians(a.lat())) * libm::cos(radians(b.lat())) * across;
    2.0 * 6_371_008.8 * libm::asin(f64::min(1.0, h).sqrt())
}
