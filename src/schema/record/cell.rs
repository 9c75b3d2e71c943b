//! A value as rules read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::RecordError;
use super::names::{nearest, nfc};
use crate::geo::Point;
use crate::leaf::plan::Class;
use crate::leaf::version::{Reading, Version};
use crate::leaf::{Cx, FloatAccess, ItemLeaves, Leaves, TextAccess, WordAccess};
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
    /// A list of whole numbers, choices or days.
    Words(Vec<i64>),
    /// Values by key, the keys NFC.
    Map(BTreeMap<String, Cell>),
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
            (Type::List(item), Value::List(values)) => Cell::Words(words(attribute, item, values)?),
            // The names of an enum are texts as a host gives them.
            (Type::List(item), Value::Texts(values)) => {
                Cell::Words(words(attribute, item, values.into_iter().map(Value::Text).collect())?)
            }
            (Type::Map(item), Value::Map(values)) => Cell::Map(entries(attribute, item, values)?),
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
            (Type::List(item), Cell::Words(words)) => {
                Value::List(words.iter().filter_map(|word| Cell::Word(*word).value(item)).collect())
            }
            (Type::Map(item), Cell::Map(cells)) => {
                let entry = |(key, cell): (&String, &Cell)| Some((key.clone(), cell.value(item)?));
                Value::Map(cells.iter().filter_map(entry).collect())
            }
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

    pub fn words(&self) -> Option<&[i64]> {
        match self {
            Cell::Words(words) => Some(words),
            _ => None,
        }
    }

    pub fn map(&self) -> Option<&BTreeMap<String, Cell>> {
        match self {
            Cell::Map(cells) => Some(cells),
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

/// What a list or map holds, one by one, under the name of the attribute.
fn held(attribute: &Attribute, item: &Type, value: Value) -> Result<Option<Cell>, RecordError> {
    let held = Attribute { ty: item.clone(), ..attribute.clone() };
    Cell::of(&held, value)
}

fn words(attribute: &Attribute, item: &Type, values: Vec<Value>) -> Result<Vec<i64>, RecordError> {
    let mut words = Vec::with_capacity(values.len());
    for value in values {
        words.extend(held(attribute, item, value)?.and_then(|cell| cell.word()));
    }
    Ok(words)
}

fn entries(
    attribute: &Attribute,
    item: &Type,
    values: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Cell>, RecordError> {
    let mut cells = BTreeMap::new();
    for (key, value) in values {
        if let Some(cell) = held(attribute, item, value)? {
            cells.insert(nfc(key), cell);
        }
    }
    Ok(cells)
}

/// Leaves of the cells of a map, by the class of its values.
#[derive(Clone)]
pub(super) struct CellLeaves(pub Class);

impl ItemLeaves<Cell> for CellLeaves {
    fn leaves<R, F>(&self, read: F) -> Leaves<R>
    where
        R: 'static,
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r Cell> + Send + Sync + 'static,
    {
        match self.0 {
            Class::Float => {
                Leaves::Float(Arc::new(FloatAccess(Arc::new(move |r: &R, cx: &Cx<'_>| read(r, cx)?.float()))))
            }
            Class::Text => Leaves::Text(Arc::new(TextAccess::lending(move |r, cx| read(r, cx)?.text()))),
            _ => Leaves::Word(Arc::new(WordAccess(Arc::new(move |r: &R, cx: &Cx<'_>| read(r, cx)?.word())))),
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
