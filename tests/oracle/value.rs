//! Values and truth, as the oracle knows them.

use std::collections::BTreeMap;
use std::fmt;

use nextbest::{Date, Instant, Period, Point, TimeOfDay};

/// Kleene's three values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    False,
    Unknown,
    True,
}

impl Truth {
    /// A condition's value: unknown is a missing bool.
    pub fn of(value: Option<bool>) -> Self {
        match value {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        }
    }

    pub fn known(self) -> Option<bool> {
        match self {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        }
    }

    pub fn not(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    /// The least of them, true for none.
    pub fn all(truths: impl IntoIterator<Item = Truth>) -> Self {
        truths.into_iter().fold(Truth::True, Ord::min)
    }

    /// The greatest of them, false for none.
    pub fn any(truths: impl IntoIterator<Item = Truth>) -> Self {
        truths.into_iter().fold(Truth::False, Ord::max)
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        Truth::of(Some(value))
    }
}

/// A value that is there; what is missing is `None` around it.
#[derive(Debug, Clone, PartialEq)]
pub enum Val {
    Bool(bool),
    Int(i64),
    /// Number, percent, and distance in metres; never NaN once read.
    Number(f64),
    /// Minor units of the type's currency.
    Money(i64),
    /// Text, and the name of a zone.
    Text(String),
    Texts(Vec<String>),
    List(Vec<Val>),
    Map(BTreeMap<String, Val>),
    /// Index of an enum's name.
    Category(usize),
    Date(Date),
    Instant(Instant),
    Time(TimeOfDay),
    Period(Period),
    /// The text of a version.
    Version(String),
    Point(Point),
    /// A count over a history that starts late: this many or more.
    AtLeast(i64),
}

impl Val {
    /// The value where one number is asked for: an open count is none.
    pub fn exact(self) -> Option<Val> {
        match self {
            Val::AtLeast(_) => None,
            value => Some(value),
        }
    }
}

impl fmt::Display for Val {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Val::Bool(value) => write!(f, "{value}"),
            Val::Int(value) => write!(f, "{value}"),
            Val::Number(value) => write!(f, "{value:?}"),
            Val::Money(minor) => write!(f, "{minor} minor"),
            Val::Text(value) => write!(f, "{value:?}"),
            Val::Texts(values) => write!(f, "{values:?}"),
            Val::List(values) => write!(f, "{values:?}"),
            Val::Map(values) => write!(f, "{values:?}"),
            Val::Category(index) => write!(f, "name {index}"),
            Val::Date(value) => write!(f, "{value}"),
            Val::Instant(value) => write!(f, "{value}"),
            Val::Time(value) => write!(f, "{value}"),
            Val::Period(value) => write!(f, "{value}"),
            Val::Version(value) => write!(f, "version {value:?}"),
            Val::Point(value) => write!(f, "point({value})"),
            Val::AtLeast(count) => write!(f, "{count} or more"),
        }
    }
}
