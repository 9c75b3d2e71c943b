//! Moments as the clocks of a zone show them.

use std::fmt;

use super::zone::local_millis;
use super::{Instant, Zone};

/// A moment as the clocks of a zone show it: `2026-03-11T09:00:00+01:00`. Rules and requests read it back as the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    instant: Instant,
    zone: Zone,
}

impl Zone {
    /// A moment, to be shown as the clocks of this zone do. An offset with seconds, as clocks had before 1900 or so, is not
    /// readable by rules: such a moment is shown in UTC.
    ///
    /// ```
    /// use nextbest::{Instant, Zone};
    ///
    /// let paris = Zone::named("Europe/Paris").unwrap();
    /// let morning = Instant::parse("2026-03-11T08:00:00Z").unwrap();
    /// assert_eq!(paris.show(morning).to_string(), "2026-03-11T09:00:00+01:00");
    /// ```
    pub fn show(self, instant: Instant) -> Local {
        Local { instant, zone: self }
    }
}

impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Local { instant, zone } = *self;
        let date = zone.date_of(instant);
        let offset = local_millis(date, zone.time_of_day_millis(instant)).millis().saturating_sub(instant.millis());
        instant.write_ahead(offset, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_back_as_the_same_instant() {
        let zones = ["UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Africa/Monrovia", "Pacific/Apia"];
        for zone in zones.map(|name| Zone::named(name).unwrap()) {
            for millis in (-3_000_000_000_000..4_000_000_000_000).step_by(1_234_567_890_123 / 97) {
                let instant = Instant::from_millis(millis);
                let shown = zone.show(instant).to_string();
                assert_eq!(Instant::parse(&shown), Some(instant), "{shown} in {zone}");
            }
        }
    }

    #[test]
    fn both_sides_of_a_fold_are_told_apart() {
        let paris = Zone::named("Europe/Paris").unwrap();
        let shown = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"].map(|at| Instant::parse(at).unwrap());
        let shown = shown.map(|at| paris.show(at).to_string());
        assert_eq!(shown, ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]);
    }
}
