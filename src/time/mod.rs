//! Instants, days, zones, calendar arithmetic and windows; the only room that touches chrono.
//!
//! Nothing here reads a clock or the machine's zone: `now` and the zone are always arguments, and every function is
//! total. Results outside what the types can hold are `None` where the signature says so and saturate elsewhere.

mod civil;
mod instant;
mod local;
mod of_day;
mod period;
mod reach;
mod resolve;
mod text;
mod weekday;
mod weeks;
mod window;
mod yearly;
mod zone;

pub use civil::Date;
pub use instant::{Instant, OutOfCalendar};
pub use local::Local;
pub use of_day::TimeOfDay;
pub use period::{Period, Unit};
pub(crate) use reach::SETBACK;
pub use weekday::Weekday;
pub(crate) use weeks::Weeks;
pub use window::{CalendarUnit, CivilWindow, DateRange, Range};
pub use yearly::{Hemisphere, LeapDay, Season};
pub use zone::Zone;

/// Milliseconds in a second.
const SECOND: i64 = 1_000;
/// Milliseconds in a minute.
const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in an hour.
const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day of 24 hours.
pub(crate) const DAY: i64 = 24 * HOUR;
