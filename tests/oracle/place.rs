//! Where points are: from the formulas in the books, on plain degrees.

use nextbest::{Point, Region};

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

/// Even–odd by a ray to the north, in exact fractions; a side counts as inside, the side of a hole too.
pub fn inside(region: &Region, point: Point) -> bool {
    let within = |ring: &[Point]| on_side(ring, point) || crossings(ring, point) % 2 == 1;
    let cut_out = |ring: &[Point]| !on_side(ring, point) && crossings(ring, point) % 2 == 1;
    within(region.corners()) && !region.holes().any(cut_out)
}

/// In ten-millionths of a degree: east, north.
fn exact(point: Point) -> (i128, i128) {
    ((point.lon() * 1e7).round() as i128, (point.lat() * 1e7).round() as i128)
}

fn sides(ring: &[Point]) -> impl Iterator<Item = ((i128, i128), (i128, i128))> {
    (0..ring.len()).map(|i| (exact(ring[i]), exact(ring[(i + 1) % ring.len()])))
}

fn on_side(ring: &[Point], point: Point) -> bool {
    let (x, y) = exact(point);
    sides(ring).any(|((ax, ay), (bx, by))| {
        let cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        // The point sees the two ends in opposite directions, or is one of them.
        let dot = (ax - x) * (bx - x) + (ay - y) * (by - y);
        cross == 0 && dot <= 0
    })
}

/// Sides right above a point that lies on none.
fn crossings(ring: &[Point], point: Point) -> usize {
    let (x, y) = exact(point);
    let above = |((ax, ay), (bx, by)): &((i128, i128), (i128, i128))| {
        if (*ax <= x) == (*bx <= x) {
            return false;
        }
        // ay + (x - ax)(by - ay)/(bx - ax) > y, both sides times (bx - ax).
        let (left, right) = (ay * (bx - ax) + (x - ax) * (by - ay), y * (bx - ax));
        if bx > ax { left > right } else { left < right }
    };
    sides(ring).filter(above).count()
}
