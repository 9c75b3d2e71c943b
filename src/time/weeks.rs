//! Blocks of seven days, counted back from a moment.

use super::{Date, Instant, Zone};

/// The blocks (now − 7 (n + 1) d, now − 7 n d]. The one found last is kept: of many instants in order most share it.
pub(crate) struct Weeks {
    zone: Zone,
    now: Instant,
    /// What the clock shows now.
    local: Option<(Date, i64)>,
    number: i64,
    after: Instant,
    until: Instant,
}

impl Weeks {
    pub fn before(now: Instant, zone: Zone) -> Self {
        Weeks { zone, now, local: zone.local(now), number: 0, after: now, until: now }
    }

    /// In which of them an instant lies.
    pub fn number_of(&mut self, instant: Instant) -> i64 {
        if self.after < instant && instant <= self.until {
            return self.number;
        }
        // Mostly it is the next one.
        let next = self.end(self.number - 1);
        if self.until < instant && instant <= next {
            (self.number, self.after, self.until) = (self.number - 1, self.until, next);
            return self.number;
        }
        let days = i64::from(self.zone.date_of(self.now).days()) - i64::from(self.zone.date_of(instant).days());
        self.number = days.div_euclid(7);
        (self.after, self.until) = (self.end(self.number + 1), self.end(self.number));
        // The days say it but for the time of day.
        if instant > self.until {
            self.number -= 1;
            (self.after, self.until) = (self.until, self.end(self.number));
        } else if instant <= self.after {
            self.number += 1;
            (self.after, self.until) = (self.end(self.number + 1), self.after);
        }
        self.number
    }

    fn end(&self, number: i64) -> Instant {
        self.zone.move_local(self.now, self.local, 0, number.saturating_mul(-7))
    }
}
