//! Money: whole minor units of a currency.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency.
///
/// ```
/// use nextbest::Currency;
/// let euro = Currency::named("EUR").ok_or("no such currency")?;
/// assert_eq!((euro.code(), euro.digits()), ("EUR", 2));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The currency of a code: three capital letters.
    pub fn named(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(code).map(Currency)
    }

    /// Its code: `EUR`.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimal digits its minor unit has: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn digits(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }

    /// An amount in minor units as decimal text: `-12.50`.
    pub fn format(self, minor: i64) -> String {
        let digits = self.digits();
        let unit = 10u64.pow(digits);
        let sign = if minor < 0 { "-" } else { "" };
        let minor = minor.unsigned_abs();
        match digits {
            0 => format!("{sign}{minor}"),
            _ => format!("{sign}{}.{:0width$}", minor / unit, minor % unit, width = digits as usize),
        }
    }

    /// Reads a decimal amount into minor units; `None` if it has more digits than the currency, or is out of range.
    pub fn parse(self, amount: &str) -> Option<i64> {
        let (negative, amount) = match amount.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, amount),
        };
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let digits = self.digits() as usize;
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || fraction.len() > digits || !plain(whole) || !plain(fraction) || amount.ends_with('.') {
            return None;
        }
        let sign = if negative { "-" } else { "" };
        format!("{sign}{whole}{fraction:0<digits$}").parse().ok()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Currency::named(&code).ok_or_else(|| serde::de::Error::custom(format!("`{code}` is no ISO 4217 currency")))
    }
}

/// An amount of money, exact: minor units (cents) of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: cents.
    pub minor: i64,
    /// Of this currency.
    pub currency: Currency,
}

impl Money {
    /// So many minor units of a currency.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Money { minor, currency }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency.format(self.minor), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_exactly() {
        let eur = Currency::named("EUR").unwrap();
        for (text, minor) in [("12.50", 1250), ("0.05", 5), ("-0.05", -5), ("7", 700), ("7.5", 750)] {
            assert_eq!(eur.parse(text), Some(minor), "{text}");
        }
        for text in ["", ".5", "1.", "1.234", "1e3", "+1", "99999999999999999999", "1.-1", "--1"] {
            assert_eq!(eur.parse(text), None, "{text}");
        }
        assert_eq!(eur.format(-5), "-0.05");
        for minor in [i64::MIN, i64::MAX] {
            assert_eq!(eur.parse(&eur.format(minor)), Some(minor));
        }
        let yen = Currency::named("JPY").unwrap();
        assert_eq!((yen.parse("120"), yen.parse("1.5"), yen.format(120)), (Some(120), None, "120".to_owned()));
    }
}
