//! What the content of a treatment is filled with.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::compile::Treatment;
use crate::diagnostic::Span;
use crate::geo::Point;
use crate::leaf::Cx;
use crate::schema::{Money, Value};
use crate::time::{Date, Instant, TimeOfDay};

/// A value that the content is filled with.
///
/// One that shows personal data is there for the program that fills the content, and redacted wherever the decision is
/// printed, logged or serialized: it comes back from JSON without a value.
#[derive(Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The value; `None` only where it was redacted.
    pub value: Option<Value>,
    /// Whether it shows personal data.
    pub personal: bool,
}

/// What keeps a treatment from being used, if anything does: its condition, or a parameter that is missing.
pub(super) fn lacking<P>(treatment: &Treatment<P>, p: &P, cx: &Cx<'_>) -> Option<Span> {
    let unmet = treatment.when.as_ref().filter(|(when, _)| !when(p, cx)).map(|&(_, span)| span);
    let missing = || treatment.parameters.iter().find(|parameter| !parameter.is_known(p, cx));
    unmet.or_else(|| missing().map(|parameter| parameter.span))
}

/// The values that a content is filled with.
pub(super) fn parameters<P>(treatment: &Treatment<P>, p: &P, cx: &Cx<'_>) -> impl Iterator<Item = Parameter> {
    treatment.parameters.iter().filter_map(|parameter| {
        let value = Some(parameter.value(p, cx)?);
        Some(Parameter { name: parameter.name.clone(), value, personal: parameter.personal })
    })
}

impl Parameter {
    fn shown(&self) -> Option<&Value> {
        self.value.as_ref().filter(|_| !self.personal)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shown() {
            Some(value) => write!(f, "{}: {value}", self.name),
            None => write!(f, "{}: ‹redacted›", self.name),
        }
    }
}

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parameter({self})")
    }
}

/// A value with its type beside it, so that it can be read again.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
enum Typed {
    Bool(bool),
    Int(i64),
    Number(f64),
    Percent(f64),
    Money(Money),
    Text(String),
    Date(Date),
    Instant(Instant),
    Time(TimeOfDay),
    Point(Point),
    Distance(f64),
    Redacted,
}

#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    #[serde(flatten)]
    value: Typed,
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = match self.shown() {
            Some(Value::Bool(value)) => Typed::Bool(*value),
            Some(Value::Int(value)) => Typed::Int(*value),
            Some(Value::Number(value)) => Typed::Number(*value),
            Some(Value::Percent(value)) => Typed::Percent(*value),
            Some(Value::Money(value)) => Typed::Money(*value),
            Some(Value::Text(value)) => Typed::Text(value.clone()),
            Some(Value::Date(value)) => Typed::Date(*value),
            Some(Value::Instant(value)) => Typed::Instant(*value),
            Some(Value::Time(value)) => Typed::Time(*value),
            Some(Value::Point(value)) => Typed::Point(*value),
            Some(Value::Distance(value)) => Typed::Distance(*value),
            // No content is filled with a list.
            Some(_) | None => Typed::Redacted,
        };
        Written { name: self.name.clone(), value }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { name, value } = Written::deserialize(deserializer)?;
        let value = match value {
            Typed::Bool(value) => Value::Bool(value),
            Typed::Int(value) => Value::Int(value),
            Typed::Number(value) => Value::Number(value),
            Typed::Percent(value) => Value::Percent(value),
            Typed::Money(value) => Value::Money(value),
            Typed::Text(value) => Value::Text(value),
            Typed::Date(value) => Value::Date(value),
            Typed::Instant(value) => Value::Instant(value),
            Typed::Time(value) => Value::Time(value),
            Typed::Point(value) => Value::Point(value),
            Typed::Distance(value) => Value::Distance(value),
            Typed::Redacted => return Ok(Parameter { name, value: None, personal: true }),
        };
        Ok(Parameter { name, value: Some(value), personal: false })
    }
}
