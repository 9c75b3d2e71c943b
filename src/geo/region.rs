//! Regions of the map, and whether a point is in one.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Point;

/// Half way round the Earth along a parallel, in steps of a coordinate.
const HALF_ROUND: i64 = 1_800_000_000;

/// A region of the map: a polygon, with or without holes.
///
/// Its sides are straight between latitude and longitude, and what lies inside is said by the even–odd rule, in whole
/// numbers: the same for every machine. What lies on a side, or on the side of a hole, is inside.
///
/// ```
/// use nextbest::{Point, Region};
/// let corner = |lat, lon| Point::new(lat, lon).ok_or("no such point");
/// let square = [corner(0.0, 0.0)?, corner(0.0, 4.0)?, corner(4.0, 4.0)?, corner(4.0, 0.0)?];
/// let hole = [corner(1.0, 1.0)?, corner(1.0, 2.0)?, corner(2.0, 1.0)?];
/// let region = Region::new(square)?.without(hole)?;
/// assert!(region.contains(corner(3.0, 3.0)?));
/// assert!(!region.contains(corner(1.25, 1.25)?));
/// assert!(region.contains(corner(1.0, 1.5)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Rings", into = "Rings")]
pub struct Region {
    outline: Ring,
    holes: Vec<Ring>,
}

/// Why corners make no region, or no hole of one. Corners are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegionError {
    /// Fewer than three corners.
    #[error("a region has at least three corners")]
    TooFew,
    /// A corner that has been named before.
    #[error("corner {again} is corner {first} again")]
    Repeated {
        /// The corner.
        first: usize,
        /// Its second place.
        again: usize,
    },
    /// All corners lie on one line.
    #[error("all corners lie on one line")]
    Flat,
    /// A side longer than half way round the Earth, as a side across the date line is.
    #[error("the side from corner {from} goes more than half way round the Earth")]
    TooLong {
        /// The corner that it begins at.
        from: usize,
    },
    /// A hole that has nothing in common with the region.
    #[error("the hole lies outside of the region")]
    Outside,
}

impl Region {
    /// A polygon, by its corners in either direction; the last one is joined to the first.
    ///
    /// # Errors
    /// Where the corners make no polygon.
    pub fn new(corners: impl IntoIterator<Item = Point>) -> Result<Self, RegionError> {
        Ok(Region { outline: Ring::new(corners)?, holes: Vec::new() })
    }

    /// The same with a hole.
    ///
    /// # Errors
    /// Where the corners make no polygon, or one that lies elsewhere.
    pub fn without(mut self, corners: impl IntoIterator<Item = Point>) -> Result<Self, RegionError> {
        let hole = Ring::new(corners)?;
        if !hole.bounds.meets(&self.outline.bounds) {
            return Err(RegionError::Outside);
        }
        self.holes.push(hole);
        Ok(self)
    }

    /// The corners of the polygon.
    pub fn corners(&self) -> &[Point] {
        &self.outline.corners
    }

    /// The corners of its holes.
    pub fn holes(&self) -> impl Iterator<Item = &[Point]> {
        self.holes.iter().map(|hole| &*hole.corners)
    }

    /// Whether a point is inside, or on a side.
    pub fn contains(&self, point: Point) -> bool {
        self.outline.side(point) != Side::Outside && self.holes.iter().all(|hole| hole.side(point) != Side::Inside)
    }

    /// How many sides it has, those of holes included.
    pub(crate) fn sides(&self) -> usize {
        self.outline.edges.len() + self.holes.iter().map(|hole| hole.edges.len()).sum::<usize>()
    }
}

/// A closed line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Ring {
    corners: Box<[Point]>,
    edges: Box<[Edge]>,
    bounds: Bounds,
}

/// From south to north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Edge {
    south: Point,
    north: Point,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Bounds {
    low: Point,
    high: Point,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Inside,
    Edge,
    Outside,
}

impl Ring {
    fn new(corners: impl IntoIterator<Item = Point>) -> Result<Self, RegionError> {
        let corners: Box<[Point]> = corners.into_iter().collect();
        let (Some(&first), true) = (corners.first(), corners.len() >= 3) else { return Err(RegionError::TooFew) };
        let mut seen = BTreeMap::new();
        for (again, corner) in corners.iter().enumerate() {
            if let Some(first) = seen.insert(*corner, again) {
                return Err(RegionError::Repeated { first, again });
            }
        }
        let edges: Box<[Edge]> =
            corners.iter().zip(corners.iter().skip(1).chain([&first])).map(|(a, b)| Edge::new(*a, *b)).collect();
        if let Some(from) = edges.iter().position(|edge| edge.across().abs() > HALF_ROUND) {
            return Err(RegionError::TooLong { from });
        }
        // Being different, the first two make a line.
        let flat = edges.first().is_none_or(|edge| corners.iter().all(|corner| edge.which(*corner).is_eq()));
        if flat {
            return Err(RegionError::Flat);
        }
        let bounds = corners.iter().fold(Bounds { low: first, high: first }, |bounds, corner| bounds.with(*corner));
        Ok(Ring { corners, edges, bounds })
    }

    /// A ray from the point to the east crosses the line an odd number of times from inside.
    fn side(&self, point: Point) -> Side {
        if !self.bounds.has(point) {
            return Side::Outside;
        }
        let mut inside = false;
        for edge in &self.edges {
            if point.lat < edge.south.lat || point.lat > edge.north.lat {
                continue;
            }
            match edge.which(point) {
                Ordering::Equal if edge.spans(point) => return Side::Edge,
                // Of a corner between two edges only one counts: the northern end belongs to no edge.
                Ordering::Less if point.lat < edge.north.lat => inside = !inside,
                _ => {}
            }
        }
        if inside { Side::Inside } else { Side::Outside }
    }
}

impl Edge {
    fn new(a: Point, b: Point) -> Self {
        if (a.lat, a.lon) <= (b.lat, b.lon) { Edge { south: a, north: b } } else { Edge { south: b, north: a } }
    }

    fn across(&self) -> i64 {
        i64::from(self.north.lon) - i64::from(self.south.lon)
    }

    /// Whether the point lies west (less) or east of the line, or on it; of a line along a parallel, south or north. A
    /// product is below 180° · 360° in steps, which i64 holds.
    fn which(&self, point: Point) -> Ordering {
        let (lat, lon) = (i64::from(self.south.lat), i64::from(self.south.lon));
        let up = i64::from(self.north.lat) - lat;
        let east = (i64::from(point.lon) - lon) * up;
        east.cmp(&((i64::from(point.lat) - lat) * self.across()))
    }

    /// Whether a point of the line lies between the ends, its latitude being known to.
    fn spans(&self, point: Point) -> bool {
        let (west, east) = (self.south.lon.min(self.north.lon), self.south.lon.max(self.north.lon));
        (west..=east).contains(&point.lon)
    }
}

impl Bounds {
    fn with(self, point: Point) -> Self {
        let Bounds { low, high } = self;
        Bounds {
            low: Point { lat: low.lat.min(point.lat), lon: low.lon.min(point.lon) },
            high: Point { lat: high.lat.max(point.lat), lon: high.lon.max(point.lon) },
        }
    }

    fn has(&self, point: Point) -> bool {
        (self.low.lat..=self.high.lat).contains(&point.lat) && (self.low.lon..=self.high.lon).contains(&point.lon)
    }

    fn meets(&self, other: &Bounds) -> bool {
        self.low.lat <= other.high.lat
            && other.low.lat <= self.high.lat
            && self.low.lon <= other.high.lon
            && other.low.lon <= self.high.lon
    }
}

/// As it is serialized.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rings {
    corners: Vec<Point>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holes: Vec<Vec<Point>>,
}

impl From<Region> for Rings {
    fn from(region: Region) -> Self {
        Rings { corners: region.corners().to_vec(), holes: region.holes().map(<[Point]>::to_vec).collect() }
    }
}

impl TryFrom<Rings> for Region {
    type Error = RegionError;

    fn try_from(rings: Rings) -> Result<Self, RegionError> {
        rings.holes.into_iter().try_fold(Region::new(rings.corners)?, Region::without)
    }
}

/// The statement that declares its corners, without the name.
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ring = |f: &mut fmt::Formatter<'_>, corners: &[Point]| {
            corners.iter().try_for_each(|corner| write!(f, " point({corner})"))
        };
        f.write_str("{")?;
        ring(f, self.corners())?;
        for hole in self.holes() {
            f.write_str(" hole {")?;
            ring(f, hole)?;
            f.write_str(" }")?;
        }
        f.write_str(" }")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(corners: &[(f64, f64)]) -> Vec<Point> {
        corners.iter().map(|&(lat, lon)| Point::new(lat, lon).unwrap()).collect()
    }

    fn region(corners: &[(f64, f64)]) -> Region {
        Region::new(points(corners)).unwrap()
    }

    fn has(region: &Region, lat: f64, lon: f64) -> bool {
        region.contains(Point::new(lat, lon).unwrap())
    }

    #[test]
    fn a_step_of_a_coordinate_decides() {
        let triangle = region(&[(0.0, 0.0), (3.0, 1.0), (0.0, 2.0)]);
        for (lat, lon, inside) in [
            (0.0, 0.0, true),
            (0.0, 1.0, true),
            (-0.000_000_1, 1.0, false),
            (3.0, 1.0, true),
            (3.0, 1.000_000_1, false),
            (1.5, 0.5, true),
            (1.5, 0.499_999_9, false),
            (1.5, 1.500_000_1, false),
            (0.0, 2.000_000_1, false),
        ] {
            assert_eq!(has(&triangle, lat, lon), inside, "{lat}, {lon}");
        }
    }

    #[test]
    fn all_of_the_map_overflows_nothing() {
        let map = region(&[(-90.0, -180.0), (-90.0, 0.0), (-90.0, 180.0), (90.0, 180.0), (90.0, 0.0), (90.0, -180.0)]);
        for (lat, lon) in [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0), (89.999_999_9, -179.999_999_9), (-90.0, 12.0)] {
            assert!(has(&map, lat, lon), "{lat}, {lon}");
        }
        let half = region(&[(-90.0, -180.0), (90.0, 0.0), (90.0, -180.0)]);
        assert!(has(&half, 0.0, -90.0) && has(&half, 0.0, -90.000_000_1) && !has(&half, 0.0, -89.999_999_9));
    }

    #[test]
    fn holes_are_cut_out_up_to_their_sides() {
        let square = region(&[(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (9.0, 0.0)]);
        let hole = [(2.0, 2.0), (2.0, 5.0), (5.0, 5.0), (5.0, 2.0)];
        let other = [(4.0, 4.0), (4.0, 7.0), (7.0, 7.0), (7.0, 4.0)];
        let cut = square.clone().without(points(&hole)).unwrap().without(points(&other)).unwrap();
        // Where both holes are, nothing is filled in again; on the side of one, the other still counts.
        for (lat, lon, inside) in [
            (1.0, 1.0, true),
            (3.0, 3.0, false),
            (2.0, 3.0, true),
            (4.5, 4.5, false),
            (4.0, 4.5, false),
            (2.0, 2.0, true),
        ] {
            assert_eq!(has(&cut, lat, lon), inside, "{lat}, {lon}");
        }
        assert_eq!(square.without(points(&[(20.0, 20.0), (20.0, 21.0), (21.0, 20.0)])), Err(RegionError::Outside));
    }

    #[test]
    fn what_is_no_polygon_is_refused() {
        let made = |corners: &[(f64, f64)]| Region::new(points(corners)).map(|_| ());
        assert_eq!(made(&[(0.0, 0.0), (1.0, 1.0)]), Err(RegionError::TooFew));
        assert_eq!(made(&[(0.0, 0.0), (1.0, 1.0), (3.0, 3.0)]), Err(RegionError::Flat));
        assert_eq!(made(&[(5.0, 0.0), (5.0, 1.0), (5.0, 3.0)]), Err(RegionError::Flat));
        let closed = [(0.0, 0.0), (1.0, 1.0), (0.0, 3.0), (0.0, 0.0)];
        assert_eq!(made(&closed), Err(RegionError::Repeated { first: 0, again: 3 }));
        assert_eq!(made(&[(0.0, 170.0), (5.0, 170.0), (5.0, -170.0)]), Err(RegionError::TooLong { from: 1 }));
        assert_eq!(made(&[(0.0, 0.0), (5.0, 0.0), (5.0, 180.0)]), Ok(()));
    }

    #[test]
    fn json_gives_it_back() {
        let cut = region(&[(0.0, 0.0), (0.0, 9.0), (9.0, 9.0)]).without(points(&[(1.0, 2.0), (1.0, 3.0), (2.0, 3.0)]));
        let cut = cut.unwrap();
        let json = serde_json::to_string(&cut).unwrap();
        assert_eq!(serde_json::from_str::<Region>(&json).unwrap(), cut);
        let short = serde_json::from_str::<Region>(r#"{"corners": [{"lat": 0.0, "lon": 0.0}]}"#);
        assert!(short.unwrap_err().to_string().contains("at least three corners"));
    }
}
