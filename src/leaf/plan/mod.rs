//! What to build, as plain data: conditions in negation normal form over values and aggregates.
//!
//! Every node asks for one thing, *definitely so*: unknown is a plain no, for the condition and for its negation alike.
//! Two-valued predicates are then enough for three-valued logic, since `compile` has pushed every `not` down to a leaf.

mod aggregate;

use std::sync::Arc;

pub use aggregate::{
    Aggregate, Alike, CalendarPeriod, Chain, Function, Group, Index, Join, Pin, Sameness, Step, Tail, Window,
};

use super::form::{Bits, Form};
use super::version::Reading;
use crate::time::{CivilWindow, Date, Hemisphere, LeapDay, Period, Zone};

/// A condition to build.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Plan {
    /// Settled when compiled.
    Const(bool),
    /// All of them.
    All(Vec<Plan>),
    /// One of them at least.
    Any(Vec<Plan>),
    /// At least `count` of them.
    AtLeast(usize, Vec<Plan>),
    /// Not this: for what is asked of unknown itself.
    Fails(Box<Plan>),
    /// A value against a form.
    Test(Value, Form),
    /// Two words, or two floats, by an order; both known.
    Compare(Order, Class, Box<Value>, Box<Value>),
    /// Two versions by an order; both known.
    CompareVersions(Order, Box<Value>, Box<Value>),
    /// Two texts, equal or not; both known.
    SameText { left: Box<Value>, right: Box<Value>, ignoring_case: bool, want: bool },
    /// An aggregate that counts, in `low ..= high` or not.
    Count { source: Counted, low: i64, high: i64, want: bool },
    /// Two counts (or a count and an int) by an order, all of both intervals.
    CompareCounts(Order, Box<Value>, Box<Value>),
    /// An aggregate of kind [`Function::Every`].
    Every { aggregate: usize, want: bool },
    /// A named condition, definitely true or definitely false.
    Named { condition: usize, want: bool },
    /// The customer's bucket is below (or not below) the threshold; `None` is everybody.
    Bucket { salts: Arc<[Arc<str>]>, threshold: Option<u64>, want: bool },
    /// A consent is granted (or denied), or not.
    Consent { channel: Arc<str>, purpose: Arc<str>, granted: bool, want: bool },
}

impl Plan {
    /// Whether it keeps anything for the customer, or reads what was kept: aggregates and named definitions do.
    pub fn keeps(&self) -> bool {
        match self {
            Plan::All(plans) | Plan::Any(plans) | Plan::AtLeast(_, plans) => plans.iter().any(Plan::keeps),
            Plan::Test(value, _) => value.keeps(),
            Plan::Fails(plan) => plan.keeps(),
            Plan::Compare(_, _, left, right)
            | Plan::CompareCounts(_, left, right)
            | Plan::CompareVersions(_, left, right)
            | Plan::SameText { left, right, .. } => left.keeps() || right.keeps(),
            Plan::Count { source: Counted::Here(aggregate), .. } => aggregate.keeps(),
            Plan::Count { source: Counted::Shared(_), .. } | Plan::Every { .. } | Plan::Named { .. } => true,
            Plan::Const(_) | Plan::Bucket { .. } | Plan::Consent { .. } => false,
        }
    }
}

impl Value {
    /// As for plans.
    fn keeps(&self) -> bool {
        match self {
            Value::Word(_) | Value::Float(_) | Value::Text(_) | Value::Attribute(..) => false,
            Value::Item(..) | Value::Outer { .. } => false,
            Value::RowAt | Value::Time(_) | Value::Now => false,
            Value::Aggregate(_) | Value::Edge { .. } | Value::Named(_) => true,
            Value::Arithmetic(_, left, right) | Value::Point(left, right) | Value::Distance(left, right) => {
                left.keeps() || right.keeps()
            }
            Value::ToFloat(of)
            | Value::Logistic(of)
            | Value::Share { of, .. }
            | Value::Part { of, .. }
            | Value::Length(of) => of.keeps(),
            Value::Age { birth: of, .. } | Value::Anniversary { of, .. } => of.keeps(),
            Value::Version(_, of) => of.keeps(),
            Value::Standing { by, .. } => by.keeps(),
            Value::Call { arguments, .. } => arguments.iter().any(|(_, value)| value.keeps()),
            // Rare enough not to be looked into.
            Value::Choose { .. } | Value::Truth { .. } => true,
        }
    }
}

/// Where a count comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Counted once per customer and kept, since several rules ask for it.
    Shared(usize),
    /// Counted for this test alone, stopping as soon as the answer is settled.
    Here(Box<Aggregate>),
}

/// An order between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Order {
    /// Whether two values stand so to each other.
    pub fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Order::Equal => left == right,
            Order::NotEqual => left != right,
            Order::Less => left < right,
            Order::LessOrEqual => left <= right,
        }
    }
}

/// How a value is held at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// `i64`.
    Word,
    /// `f64`.
    Float,
    /// `&str`.
    Text,
    /// `&[impl AsRef<str>]`.
    List,
    /// A slice of what can be held as `i64`.
    Words,
    /// Values by key.
    Map,
}

/// Where an attribute lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// On the customer.
    Customer,
    /// Whether the customer is on a list that the host keeps.
    List,
    /// In the request's context.
    Context,
    /// In the row of a catalog that the candidate at hand is made of.
    Catalog,
    /// On the row of the event clause around it.
    Row,
}

impl Place {
    /// Whether the request holds it, not the customer.
    pub(crate) fn is_held(self) -> bool {
        matches!(self, Place::Context | Place::Catalog)
    }
}

/// A value to build.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// A constant word.
    Word(i64),
    /// A constant float.
    Float(Bits),
    /// A constant text.
    Text(Arc<str>),
    /// An attribute, a context value or an event property.
    Attribute(Place, usize),
    /// What a key of a map stands for.
    Item(Place, usize, Arc<str>),
    /// The instant of the current row.
    RowAt,
    /// A property (`None`: the instant) of the row that a clause further out, over this kind, keeps in a slot.
    Outer { slot: usize, kind: usize, property: Option<usize> },
    /// The result of an aggregate, kept once per customer.
    Aggregate(usize),
    /// A property (`None`: the instant) of the row that a first/last aggregate found.
    Edge { aggregate: usize, property: Option<usize> },
    /// The value of a `let`, `score`, `group` or `stages`, kept once per customer.
    Named(usize),
    /// `a + b` and so on.
    Arithmetic(Operation, Box<Value>, Box<Value>),
    /// An int as a float.
    ToFloat(Box<Value>),
    /// 1 / (1 + e⁻ˣ) of a float.
    Logistic(Box<Value>),
    /// Where a value stands in the request's population: a word, or a float for a share.
    Standing { standing: usize, by: Box<Value>, class: Class },
    /// A share of a word, as an exact fraction, rounded half to even.
    Share { numerator: i64, denominator: i64, of: Box<Value> },
    /// A part of an instant (in a zone) or of a day.
    Part { part: Part, of: Box<Value>, zone: Option<Zone> },
    /// Completed years from a day to today.
    Age { birth: Box<Value>, today: usize, leap_day: LeapDay },
    /// The next day, today or later, on which a day comes round.
    Anniversary { of: Box<Value>, today: usize, leap_day: LeapDay },
    /// The low end of a resolved time.
    Time(usize),
    /// `now` in milliseconds.
    Now,
    /// Scalar values in a text, items in a list, entries in a map.
    Length(Box<Value>),
    /// A text, where it can be read as a version.
    Version(Reading, Box<Value>),
    /// A point of latitude and longitude.
    Point(Box<Value>, Box<Value>),
    /// How far two points are from each other, in metres.
    Distance(Box<Value>, Box<Value>),
    /// What a function of the host gives.
    Call { function: usize, arguments: Vec<(Class, Value)>, cost: u64 },
    /// The first whose condition holds, else the last: a score, a group.
    Choose { class: Class, cases: Vec<(Plan, Value)>, otherwise: Option<Box<Value>> },
    /// A condition as a word, 0 or 1, missing where unknown.
    Truth { yes: Box<Plan>, no: Box<Plan> },
}

/// Arithmetic on words (checked) or floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Words.
    Add,
    /// Words.
    Subtract,
    /// Words.
    Multiply,
    /// Word by word, half to even: money by an int.
    DivideRounded,
    /// Word by word to a float.
    Ratio,
    /// Floats.
    AddFloat,
    /// Floats.
    SubtractFloat,
    /// Floats.
    MultiplyFloat,
    /// Floats.
    DivideFloat,
}

/// Parts of a point in time, and points that follow from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// An instant and a period.
    Later(Period),
    /// An instant less a period.
    Earlier(Period),
    /// A day and a period.
    DaysLater(Period),
    /// A day less a period.
    DaysEarlier(Period),
    /// The first instant of a day.
    StartOfDay,
    /// The last instant of a day.
    EndOfDay,
    /// The day number of an instant.
    DateOf,
    /// Milliseconds since midnight on the clock, of an instant.
    TimeOf,
    /// 0 to 23, of an instant.
    Hour,
    /// Of a day.
    Year,
    /// 1 to 12, of a day.
    Month,
    /// 1 to 31, of a day.
    Day,
    /// 0 (Monday) to 6, of a day.
    Weekday,
    /// 0 (spring) to 3, of a day.
    Season(Hemisphere),
}

/// A pair of bounds that follows from `now` and the zone; resolved once for all rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeSpec {
    /// What is resolved.
    pub kind: TimeKind,
    /// A zone written in the rule; else the customer's, else the ruleset's.
    pub zone: Option<Zone>,
}

/// What is resolved: each to an inclusive pair `low ..= high` of milliseconds or day numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeKind {
    /// Events in a window; `high` is never later than `now`, but for `in the next`.
    Events(CivilWindow),
    /// Instants of an attribute in a window.
    Instants(CivilWindow),
    /// Days of an attribute in a window.
    Days(CivilWindow),
    /// Instants at or before `now` − the period.
    Ago(Period),
    /// Instants before `now` − the period.
    BeforeAgo(Period),
    /// Days on or before today − the period.
    DaysAgo(Period),
    /// Instants of a day.
    OfDay(Date),
    /// Instants before a day begins.
    BeforeDay(Date),
    /// Instants after a day ends.
    AfterDay(Date),
    /// Today's day number, twice.
    Today,
}
