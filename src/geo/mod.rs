//! Places on the Earth: points, distances.
//!
//! Nothing here depends on the machine: coordinates are whole numbers, and trigonometry comes from a pinned `libm`.

mod point;
mod unit;

pub use point::Point;
pub(crate) use point::distance;
pub use unit::DistanceUnit;
