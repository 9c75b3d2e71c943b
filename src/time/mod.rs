//! Instants, days, zones, calendar arithmetic and windows; the only room that touches chrono.

mod civil;
mod instant;
mod period;
mod window;
mod zone;

pub use civil::{Date, Weekday};
pub use instant::Instant;
pub use period::{Period, Unit};
pub use window::{CalendarUnit, CivilWindow, DateRange, Range};
pub use zone::Zone;
