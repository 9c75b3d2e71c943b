//! Units of distance.

use serde::{Deserialize, Serialize};

/// What distances are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceUnit {
    /// `m`
    Metre,
    /// `km`
    Kilometre,
    /// `mi`: 1,609.344 metres.
    Mile,
}

impl DistanceUnit {
    /// Every unit.
    pub const ALL: [Self; 3] = [Self::Metre, Self::Kilometre, Self::Mile];

    /// As rules write it.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Metre => "m",
            Self::Kilometre => "km",
            Self::Mile => "mi",
        }
    }

    /// The unit of a symbol, in any case.
    pub fn of_symbol(symbol: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.symbol().eq_ignore_ascii_case(symbol))
    }

    /// So many of it, written as a plain decimal, in metres; `None` if that is no finite number.
    pub(crate) fn metres(self, amount: &str) -> Option<f64> {
        let metres = match self {
            Self::Metre => amount.parse::<f64>().ok()?,
            // Read with its exponent, it is rounded once.
            Self::Kilometre => format!("{amount}e3").parse().ok()?,
            Self::Mile => amount.parse::<f64>().ok()? * 1_609.344,
        };
        metres.is_finite().then_some(metres)
    }
}
