//! One JSON value as a value of a type.

use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};

use super::node::Node;
use crate::geo::Point;
use crate::schema::record::{Cell, RecordError};
use crate::schema::value::share_of;
use crate::schema::{Attribute, Currency, Money, Type, Value};

/// The cell of an attribute; the error says what was expected.
pub(super) fn cell(attribute: &Attribute, node: &Node) -> Result<Option<Cell>, String> {
    let ty = &attribute.ty;
    let value = value(ty, node).ok_or_else(|| expected(ty, None))?;
    Cell::of(attribute, value).map_err(|error| match error {
        RecordError::UnknownEnumValue { nearest, .. } => expected(ty, nearest),
        _ => expected(ty, None),
    })
}

/// The value that a node stands for, given the type; enum values and currencies are not checked yet.
fn value(ty: &Type, node: &Node) -> Option<Value> {
    Some(match (ty, node) {
        (Type::Bool, Node::Bool(value)) => Value::Bool(*value),
        (Type::Int, node) => Value::Int(whole(node)?),
        (Type::Number, node) => Value::Number(number(node)?),
        (Type::Percent, Node::Text(text)) => Value::Percent(share_of(text.strip_suffix('%')?)?),
        (Type::Percent, node) => Value::Percent(number(node)?),
        (Type::Money(_), node) => Value::Money(money(node)?),
        (Type::Text | Type::Enum(_) | Type::Version, Node::Text(text)) => Value::Text(text.clone()),
        (Type::Date, Node::Text(text)) => Value::Date(from_text(text)?),
        (Type::Instant, Node::Text(text)) => Value::Instant(from_text(text)?),
        (Type::Time, Node::Text(text)) => Value::Time(from_text(text)?),
        (Type::Zone, Node::Text(text)) => Value::Zone(from_text(text)?),
        (Type::List(item), Node::List(items)) => {
            Value::List(items.iter().map(|node| value(item, node)).collect::<Option<_>>()?)
        }
        (Type::Map(item), Node::Object(entries)) => {
            let known = entries.iter().filter(|(_, node)| *node != Node::Null);
            let entry = |(key, node): &(String, Node)| Some((key.clone(), value(item, node)?));
            Value::Map(known.map(entry).collect::<Option<_>>()?)
        }
        (Type::Point, Node::Object(entries)) => Value::Point(point(entries)?),
        (Type::Distance, node) => Value::Distance(number(node)?),
        (Type::Texts, Node::List(items)) => Value::Texts(items.iter().map(text).collect::<Option<_>>()?),
        _ => return None,
    })
}

/// Reads what its type writes as text.
pub(super) fn from_text<'t, T: Deserialize<'t>>(text: &'t str) -> Option<T> {
    T::deserialize(StrDeserializer::<Error>::new(text)).ok()
}

/// A whole number; `31.0` is one too, as long as every float of that size is exact.
fn whole(node: &Node) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match node {
        Node::Whole(value) => i64::try_from(*value).ok(),
        Node::Number(value) if value.fract() == 0.0 && value.abs() <= EXACT => Some(*value as i64),
        _ => None,
    }
}

fn number(node: &Node) -> Option<f64> {
    match node {
        Node::Whole(value) => Some(*value as f64),
        Node::Number(value) => Some(*value),
        _ => None,
    }
}

fn text(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// `"12.50 EUR"` or `{"amount": "12.50", "currency": "EUR"}`.
fn money(node: &Node) -> Option<Money> {
    let (amount, code) = match node {
        Node::Text(text) => text.split_once(' ')?,
        Node::Object(entries) => match entries.as_slice() {
            [(a, Node::Text(amount)), (c, Node::Text(code))] if a == "amount" && c == "currency" => {
                (&**amount, &**code)
            }
            [(c, Node::Text(code)), (a, Node::Text(amount))] if a == "amount" && c == "currency" => {
                (&**amount, &**code)
            }
            _ => return None,
        },
        _ => return None,
    };
    let currency = Currency::named(code)?;
    Some(Money::new(currency.parse(amount)?, currency))
}

/// `{"lat": 48.8566, "lon": 2.3522}`.
fn point(entries: &[(String, Node)]) -> Option<Point> {
    let [(first, a), (second, b)] = entries else { return None };
    match (first.as_str(), second.as_str()) {
        ("lat", "lon") => Point::new(number(a)?, number(b)?),
        ("lon", "lat") => Point::new(number(b)?, number(a)?),
        _ => None,
    }
}

/// How many names of an enum a message lists.
const LISTED: usize = 8;

/// What a value of a type looks like.
pub(super) fn expected(ty: &Type, nearest: Option<String>) -> String {
    let expected = match ty {
        Type::Bool => "true or false".to_owned(),
        Type::Int => "a whole number".to_owned(),
        Type::Number => "a number".to_owned(),
        Type::Percent => "a percentage like 0.6 or \"60%\"".to_owned(),
        Type::Money(currency) => format!("an amount like \"{} {currency}\"", currency.format(1250)),
        Type::Text => "a text".to_owned(),
        Type::Enum(names) if names.len() <= LISTED => format!("one of {}", names.join(", ")),
        Type::Enum(names) => format!("one of {} names", names.len()),
        Type::Date => "a day like \"1990-02-28\"".to_owned(),
        Type::Instant => "an instant like \"2026-03-01T10:00:00Z\"".to_owned(),
        Type::Time => "a time of day like \"09:30\"".to_owned(),
        Type::Zone => "a time zone like \"Europe/Paris\"".to_owned(),
        Type::Version => "a version like \"3.10.0\"".to_owned(),
        Type::Point => "a point like {\"lat\": 48.8566, \"lon\": 2.3522}".to_owned(),
        Type::Distance => "a number of metres".to_owned(),
        Type::Texts => "a list of texts".to_owned(),
        Type::List(item) => format!("a list, each item {}", expected(item, None)),
        Type::Map(item) => format!("an object, each value {}", expected(item, None)),
        Type::Duration | Type::Bucket => format!("nothing, since JSON cannot express a {ty}"),
    };
    match nearest {
        Some(name) => format!("{expected} (did you mean `{name}`?)"),
        None => expected,
    }
}
