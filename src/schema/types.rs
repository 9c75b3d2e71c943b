//! The types of the language.

use std::fmt;
use std::sync::Arc;

use super::Currency;
use crate::leaf::plan::Class;

/// What kind of value an expression has. Nothing converts by itself; see the language guide.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Type {
    /// True or false (or unknown): a condition.
    Bool,
    /// A whole number: `i64`, checked.
    Int,
    /// A number: `f64`, never NaN.
    Number,
    /// A share: `20%` is 0.2.
    Percent,
    /// Money in one currency: `i64` minor units.
    Money(Currency),
    /// Text, NFC.
    Text,
    /// One of some names.
    Enum(Arc<[String]>),
    /// A calendar day.
    Date,
    /// A moment, to the millisecond.
    Instant,
    /// A time of day, to the millisecond.
    Time,
    /// An amount of time: `time since …` and literals.
    Duration,
    /// A version of a program, in the order of Semantic Versioning.
    Version,
    /// A point on the Earth.
    Point,
    /// A length on the Earth, in metres: `distance(…)` and literals.
    Distance,
    /// The customer's own time zone.
    Zone,
    /// A list of texts.
    Texts,
    /// A list of whole numbers, of choices or of days.
    List(Arc<Type>),
    /// Values by key.
    Map(Arc<Type>),
    /// A customer's bucket: compared with a percentage only.
    Bucket,
}

impl Type {
    /// How values of the type are held at run time.
    pub fn class(&self) -> Class {
        match self {
            Type::Number | Type::Percent | Type::Distance => Class::Float,
            Type::Text | Type::Zone | Type::Version => Class::Text,
            Type::Texts => Class::List,
            Type::List(_) => Class::Words,
            Type::Map(_) => Class::Map,
            _ => Class::Word,
        }
    }

    /// Whether values have an order that `<` can ask about.
    pub fn is_ordered(&self) -> bool {
        !matches!(self, Type::Bool | Type::Text | Type::Zone | Type::Enum(_) | Type::Point) && !self.is_collection()
    }

    /// Whether values are texts of people's own, or lists of such, so that case can matter.
    pub fn is_textual(&self) -> bool {
        match self {
            Type::Map(item) => **item == Type::Text,
            other => matches!(other, Type::Text | Type::Texts),
        }
    }

    /// Whether a value holds others: it is asked about what it holds, never compared or computed with.
    pub fn is_collection(&self) -> bool {
        matches!(self, Type::Texts | Type::List(_) | Type::Map(_))
    }

    /// Whether the two may be compared and computed with each other: equal types, and percent with number.
    pub fn agrees(&self, other: &Type) -> bool {
        let float = |ty: &Type| matches!(ty, Type::Number | Type::Percent);
        self == other || (float(self) && float(other))
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("int"),
            Type::Number => f.write_str("number"),
            Type::Percent => f.write_str("percent"),
            Type::Money(currency) => write!(f, "money {currency}"),
            Type::Text => f.write_str("text"),
            Type::Enum(names) => write!(f, "enum({})", names.join(", ")),
            Type::Date => f.write_str("date"),
            Type::Instant => f.write_str("instant"),
            Type::Time => f.write_str("time"),
            Type::Duration => f.write_str("duration"),
            Type::Version => f.write_str("version"),
            Type::Point => f.write_str("point"),
            Type::Distance => f.write_str("distance"),
            Type::Zone => f.write_str("zone"),
            Type::Texts => f.write_str("list<text>"),
            Type::List(item) => write!(f, "list<{item}>"),
            Type::Map(item) => write!(f, "map<{item}>"),
            Type::Bucket => f.write_str("bucket"),
        }
    }
}
