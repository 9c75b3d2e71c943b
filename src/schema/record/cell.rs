//! A value as rules read it.

use super::error::RecordError;
use super::names::{nearest, nfc};
use crate::geo::Point;
use crate::leaf::version::{Reading, Version};
use crate::schema::{Attribute, Money, Type, Value};
use crate::time::{Date, Instant, TimeOfDay, Zone};

/// A value in its run-time form; which type it has, the schema says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Bool, int, money, enum, date, instant, time of day, point.
    Word(i64),
    /// Number, percent, distance: always finite.
    Float(f64),
    /// Text, NFC; a version.
    Text(String),
    /// A zone.
    Zone(Zone),
    /// A list of texts, NFC.
    List(Vec<String>),
}

/// Whole numbers up to this one are numbers exactly.
const EXACT: u64 = 1 << 53;

impl Cell {
    /// The cell of a value of an attribute; `None` where the value stands for a missing one.
    pub fn of(attribute: &Attribute, value: Value) -> Result<Option<Cell>, RecordError> {
        let name = || attribute.name.clone();
        let cell = match (&attribute.ty, value) {
            (Type::Bool, Value::Bool(value)) => Cell::Word(value.into()),
            (Type::Int, Value::Int(value)) => Cell::Word(value),
            (Type::Number | Type::Percent, Value::Number(value) | Value::Percent(value)) => {
                return Ok(value.is_finite().then_some(Cell::Float(value)));
            }
            (Type::Distance, Value::Distance(metres)) => {
                return Ok(metres.is_finite().then_some(Cell::Float(metres)));
            }
            (Type::Version, Value::Text(text)) => {
                let version = Version::parse(&text, Reading::Strict).is_some();
                return Ok(version.then_some(Cell::Text(text)));
            }
            (Type::Number, Value::Int(value)) if value.unsigned_abs() <= EXACT => Cell::Float(value as f64),
            (Type::Money(currency), Value::Money(money)) if money.currency == *currency => Cell::Word(money.minor),
            (Type::Money(currency), Value::Money(money)) => {
                return Err(RecordError::WrongCurrency { name: name(), expected: *currency, found: money.currency });
            }
            (Type::Enum(names), Value::Text(value)) => {
                return index(names, value, name).map(|word| Some(Cell::Word(word)));
            }
            (Type::Text, Value::Text(value)) => Cell::Text(nfc(value)),
            (Type::Date, Value::Date(value)) => Cell::Word(value.days().into()),
            (Type::Instant, Value::Instant(value)) => Cell::Word(value.millis()),
            (Type::Time, Value::Time(value)) => Cell::Word(value.millis().into()),
            (Type::Point, Value::Point(value)) => Cell::Word(value.word()),
            (Type::Zone, Value::Zone(value)) => Cell::Zone(value),
            (Type::Texts, Value::Texts(values)) => Cell::List(values.into_iter().map(nfc).collect()),
            (ty, value) => {
                return Err(RecordError::WrongType { name: name(), expected: ty.clone(), found: value.kind() });
            }
        };
        Ok(Some(cell))
    }

    /// The value again, given its type.
    pub fn value(&self, ty: &Type) -> Option<Value> {
        Some(match (ty, self) {
            (Type::Bool, Cell::Word(word)) => Value::Bool(*word != 0),
            (Type::Int, Cell::Word(word)) => Value::Int(*word),
            (Type::Number, Cell::Float(float)) => Value::Number(*float),
            (Type::Percent, Cell::Float(float)) => Value::Percent(*float),
            (Type::Money(currency), Cell::Word(minor)) => Value::Money(Money::new(*minor, *currency)),
            (Type::Enum(names), Cell::Word(word)) => Value::Text(names.get(usize::try_from(*word).ok()?)?.clone()),
            (Type::Date, Cell::Word(days)) => Value::Date(Date::from_days(i32::try_from(*days).ok()?)?),
            (Type::Instant, Cell::Word(millis)) => Value::Instant(Instant::from_millis(*millis)),
            (Type::Time, Cell::Word(millis)) => Value::Time(TimeOfDay::from_millis(u32::try_from(*millis).ok()?)?),
            (Type::Point, Cell::Word(word)) => Value::Point(Point::of_word(*word)),
            (Type::Distance, Cell::Float(metres)) => Value::Distance(*metres),
            (Type::Text | Type::Version, Cell::Text(text)) => Value::Text(text.clone()),
            (Type::Zone, Cell::Zone(zone)) => Value::Zone(*zone),
            (Type::Texts, Cell::List(texts)) => Value::Texts(texts.clone()),
            _ => return None,
        })
    }

    pub fn word(&self) -> Option<i64> {
        match self {
            Cell::Word(word) => Some(*word),
            _ => None,
        }
    }

    pub fn float(&self) -> Option<f64> {
        match self {
            Cell::Float(float) => Some(*float),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => Some(text),
            Cell::Zone(zone) => Some(zone.name()),
            _ => None,
        }
    }

    pub fn list(&self) -> Option<&[String]> {
        match self {
            Cell::List(texts) => Some(texts),
            _ => None,
        }
    }

    pub fn zone(&self) -> Option<Zone> {
        match self {
            Cell::Zone(zone) => Some(*zone),
            _ => None,
        }
    }
}

/// The place of a name in an enum, written in either Unicode form.
fn index(names: &[String], value: String, attribute: impl Fn() -> String) -> Result<i64, RecordError> {
    let value = nfc(value);
    let place = names.iter().position(|name| *name == value);
    place
        .or_else(|| names.iter().position(|name| nfc(name.clone()) == value))
        .and_then(|place| i64::try_from(place).ok())
        .ok_or_else(|| RecordError::UnknownEnumValue {
            name: attribute(),
            nearest: nearest(&value, names.iter().map(String::as_str)),
            value,
        })
}
