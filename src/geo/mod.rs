//! Places on the Earth: points, distances, regions.
//!
//! Nothing here depends on the machine: coordinates are whole numbers, and trigonometry comes from a pinned `libm`.

mod circle;
mod point;
mod region;
mod unit;

pub(crate) use circle::Circle;
pub use point::Point;
pub(crate) use point::distance;
pub use region::{Region, RegionError};
pub use unit::DistanceUnit;
