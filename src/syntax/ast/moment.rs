//! Moments as they are written.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Instant;

/// `2026-03-10T12:00:00+01:00`: a moment, and the clock by which it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The moment.
    pub at: Instant,
    /// How far the clock is ahead of UTC, in milliseconds.
    pub ahead: i64,
}

impl Moment {
    /// Reads one; see [`Instant::parse`].
    pub fn parse(text: &str) -> Option<Self> {
        Instant::parse_ahead(text).map(|(at, ahead)| Moment { at, ahead })
    }
}

impl From<Instant> for Moment {
    /// By the clock of UTC.
    fn from(at: Instant) -> Self {
        Moment { at, ahead: 0 }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at.write_ahead(self.ahead, f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What `Instant` says of a text that is none.
        let text = String::deserialize(deserializer)?;
        match Moment::parse(&text) {
            Some(moment) => Ok(moment),
            None => Instant::deserialize(serde::de::value::StringDeserializer::new(text)).map(Moment::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_keeps_its_clock() {
        for (text, written) in [
            ("2026-03-10T12:00+01:00", "2026-03-10T12:00:00+01:00"),
            ("2026-12-31T23:30:00.250-03:30", "2026-12-31T23:30:00.250-03:30"),
            ("2026-03-10T12:00:00Z", "2026-03-10T12:00:00Z"),
            ("2026-03-10T12:00:00-00:00", "2026-03-10T12:00:00Z"),
            ("2026-03-10T12:00:00+23:59", "2026-03-10T12:00:00+23:59"),
        ] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!((moment.to_string().as_str(), moment.at), (written, Instant::parse(text).unwrap()));
            assert_eq!(Moment::parse(written), Some(moment));
            let json = serde_json::to_string(&moment).unwrap();
            assert_eq!(json, format!("{written:?}"));
            assert_eq!(serde_json::from_str::<Moment>(&json).unwrap(), moment);
        }
        let far = Moment::from(Instant::MAX);
        assert_eq!(serde_json::from_str::<Moment>(&serde_json::to_string(&far).unwrap()).unwrap(), far);
        assert!(serde_json::from_str::<Moment>("\"noon\"").is_err());
    }
}
