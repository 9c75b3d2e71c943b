//! Values of any type, for hosts that learn their attributes at run time.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use super::Money;
use crate::geo::Point;
use crate::time::{Date, Instant, TimeOfDay, Zone};

/// A value of an attribute whose type is known only at run time.
///
/// ```
/// use nextbest::{Currency, Money, Value};
///
/// let euro = Currency::named("EUR").ok_or("no such currency")?;
/// assert_eq!(Value::from(31), Value::Int(31));
/// assert_eq!(Value::from(Money::new(1250, euro)).to_string(), "12.50 EUR");
/// assert_eq!(Value::Percent(0.07).to_string(), "7%");
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number; one that is not finite is missing.
    Number(f64),
    /// A share, where 0.2 is 20%.
    Percent(f64),
    /// Money, with its currency.
    Money(Money),
    /// Text, one of the names of an enum, or a version.
    Text(String),
    /// A calendar day.
    Date(Date),
    /// A moment.
    Instant(Instant),
    /// A time of day.
    Time(TimeOfDay),
    /// A time zone.
    Zone(Zone),
    /// A point on the Earth.
    Point(Point),
    /// A length on the Earth, in metres.
    Distance(f64),
    /// A list of texts.
    Texts(Vec<String>),
    /// A list of whole numbers, of names of an enum, or of days.
    List(Vec<Value>),
    /// Values by key.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// What kind of value this is, as messages call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Number(_) => "number",
            Value::Percent(_) => "percent",
            Value::Money(_) => "money",
            Value::Text(_) => "text",
            Value::Date(_) => "date",
            Value::Instant(_) => "instant",
            Value::Time(_) => "time",
            Value::Zone(_) => "zone",
            Value::Point(_) => "point",
            Value::Distance(_) => "distance",
            Value::Texts(_) => "list<text>",
            Value::List(_) => "list",
            Value::Map(_) => "map",
        }
    }
}

macro_rules! from {
    ($($source:ty => |$value:ident| $made:expr,)*) => {
        $(impl From<$source> for Value {
            fn from($value: $source) -> Self {
                $made
            }
        })*
    };
}

from! {
    bool => |value| Value::Bool(value),
    i8 => |value| Value::Int(value.into()),
    i16 => |value| Value::Int(value.into()),
    i32 => |value| Value::Int(value.into()),
    i64 => |value| Value::Int(value),
    u8 => |value| Value::Int(value.into()),
    u16 => |value| Value::Int(value.into()),
    u32 => |value| Value::Int(value.into()),
    f64 => |value| Value::Number(value),
    Money => |value| Value::Money(value),
    &str => |value| Value::Text(value.to_owned()),
    &String => |value| Value::Text(value.clone()),
    String => |value| Value::Text(value),
    Date => |value| Value::Date(value),
    Instant => |value| Value::Instant(value),
    TimeOfDay => |value| Value::Time(value),
    Zone => |value| Value::Zone(value),
    Point => |value| Value::Point(value),
    Vec<String> => |value| Value::Texts(value),
    Vec<i64> => |value| Value::List(value.into_iter().map(Value::Int).collect()),
    &[i64] => |value| Value::List(value.iter().copied().map(Value::Int).collect()),
    Vec<Value> => |value| Value::List(value),
    BTreeMap<String, Value> => |value| Value::Map(value),
    Vec<&str> => |value| Value::from(value.as_slice()),
    &[&str] => |value| Value::Texts(value.iter().map(|&text| text.to_owned()).collect()),
    &[String] => |value| Value::Texts(value.to_vec()),
}

impl<const N: usize, V: Into<Value>> From<[(&str, V); N]> for Value {
    fn from(entries: [(&str, V); N]) -> Self {
        Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect())
    }
}

impl<const N: usize> From<[i64; N]> for Value {
    fn from(values: [i64; N]) -> Self {
        Value::from(values.as_slice())
    }
}

impl<const N: usize> From<[&str; N]> for Value {
    fn from(texts: [&str; N]) -> Self {
        Value::from(texts.as_slice())
    }
}

/// As a person would write it: texts stand without quotes.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(value) => value.fmt(f),
            Value::Int(value) => value.fmt(f),
            Value::Number(value) => value.fmt(f),
            Value::Percent(value) => write!(f, "{}%", hundredfold(*value)),
            Value::Money(value) => value.fmt(f),
            Value::Text(value) => f.write_str(value),
            Value::Date(value) => value.fmt(f),
            Value::Instant(value) => value.fmt(f),
            Value::Time(value) => value.fmt(f),
            Value::Zone(value) => value.fmt(f),
            Value::Point(value) => value.fmt(f),
            Value::Distance(metres) if *metres < 1000.0 => write!(f, "{metres} m"),
            Value::Distance(metres) => write!(f, "{} km", metres / 1000.0),
            Value::Texts(values) => write!(f, "[{}]", values.join(", ")),
            Value::List(values) => write!(f, "[{}]", joined(values.iter().map(ToString::to_string))),
            Value::Map(values) => {
                write!(f, "{{{}}}", joined(values.iter().map(|(key, value)| format!("{key}: {value}"))))
            }
        }
    }
}

/// As JSON has it: money, days, instants, times of day and zones are texts, a percent is a share, a distance is in metres.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Number(value) | Value::Percent(value) | Value::Distance(value) => serializer.serialize_f64(*value),
            Value::Money(value) => serializer.collect_str(value),
            Value::Text(value) => serializer.serialize_str(value),
            Value::Date(value) => value.serialize(serializer),
            Value::Instant(value) => value.serialize(serializer),
            Value::Time(value) => value.serialize(serializer),
            Value::Zone(value) => value.serialize(serializer),
            Value::Point(value) => value.serialize(serializer),
            Value::Texts(values) => values.serialize(serializer),
            Value::List(values) => values.serialize(serializer),
            Value::Map(values) => values.serialize(serializer),
        }
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// The shortest decimal whose hundredth is exactly `share`: 0.07 × 100 in floats would be 7.000000000000001.
fn hundredfold(share: f64) -> String {
    let product = share * 100.0;
    (0..=17)
        .map(|decimals| format!("{product:.decimals$}"))
        .find(|text| share_of(text) == Some(share))
        .unwrap_or_else(|| product.to_string())
}

/// The share that a decimal percentage without its sign stands for, rounded once: `7` is 0.07.
pub(crate) fn share_of(percentage: &str) -> Option<f64> {
    let digits = percentage.strip_prefix('-').unwrap_or(percentage);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !plain {
        return None;
    }
    format!("{percentage}e-2").parse().ok().filter(|share: &f64| share.is_finite())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_written_as_people_write_them() {
        for (value, text) in [
            (Value::from(true), "true"),
            (Value::from(-3), "-3"),
            (Value::from(0.5), "0.5"),
            (Value::Percent(0.07), "7%"),
            (Value::Percent(-0.125), "-12.5%"),
            (Value::Percent(1.0), "100%"),
            (Value::from("FR"), "FR"),
            (Value::from(["a", "b"]), "[a, b]"),
            (Value::from(Instant::from_millis(0)), "1970-01-01T00:00:00Z"),
            (Value::Distance(999.5), "999.5 m"),
            (Value::Distance(12_500.0), "12.5 km"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn percentages_are_plain_decimals() {
        assert_eq!(share_of("60"), Some(0.6));
        assert_eq!(share_of("-0.1"), Some(-0.001));
        for text in ["", "-", ".5", "5.", "1e3", "inf", "NaN", "1.2.3", "+1", " 1"] {
            assert_eq!(share_of(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn tenths_of_a_percent_are_written_exactly(tenths in -10_000_i32..10_000) {
            let text = format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10);
            let share = share_of(&text).unwrap();
            prop_assert_eq!(Value::Percent(share).to_string(), format!("{}%", text.trim_end_matches(".0")));
        }
    }
}
