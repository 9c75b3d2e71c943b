//! Expressions, checked: each with its type, names resolved to numbers.

use std::sync::Arc;

use serde::Serialize;

use super::{Chain, Clause, Measure, Window};
use crate::diagnostic::Span;
use crate::geo::{Point, Region};
use crate::leaf::version::Reading;
use crate::schema::{Outcome, Type};
use crate::syntax::ast::{AggregateFunction, ArithmeticOp, CompareOp, Edge, PeriodUnit, Quantifier, TextOp};
use crate::time::{Date, Instant, Period, TimeOfDay};

/// A typed expression.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// The type of its value.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
}

/// Where an attribute lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// `shape.attributes`
    Customer,
    /// `shape.lists`: whether the customer is on one.
    List,
    /// `context`
    Context,
    /// The columns of the row, of this catalog, that an action is made of.
    Catalog(usize),
    /// The properties of the event of the innermost clause around it.
    Row,
    /// The properties of the event, of this kind, of a clause further out: the one that keeps its row in this slot.
    Outer { slot: usize, event: usize },
}

/// The forms of checked expression. Conditions have type bool and three truth values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Kind {
    /// A constant.
    Constant(Constant),
    /// An attribute.
    Attribute(Place, usize),
    /// What a key of a map attribute stands for; missing where the map or the key is.
    Item { place: Place, index: usize, key: String },
    /// `at` inside a `where`: the instant of the row.
    RowAt,
    /// The same of a clause further out, of this kind of event: the one that keeps its row in this slot.
    OuterAt { slot: usize, event: usize },
    /// A definition's value; for a segment its membership, as a condition.
    Definition(usize),
    /// What the row of a contact says: this outcome, or (`None`) that it was sent or shown, and then also that it is not
    /// known to have failed up to now, in whatever row: unknown where the row lies before the contacts are complete. `action`
    /// is the path of what the contact must have been about, or of what that is part of; or about one of these `bundles`,
    /// which have a member that is.
    Outcome { outcome: Option<Outcome>, action: Option<String>, bundles: Vec<String> },
    /// `now`
    Now,
    /// `today`, in the zone.
    Today,
    /// Kleene's not.
    Not(Box<Expr>),
    /// Kleene's and.
    And(Vec<Expr>),
    /// Kleene's or.
    Or(Vec<Expr>),
    /// True when at least `count` are true, false when fewer than `count` are true or unknown.
    AtLeast { count: usize, of: Vec<Expr> },
    /// Unknown if a side is missing. Text only by `=` and `!=`. A side of type duration is [`Kind::TimeSince`], the other a
    /// constant period, and then `time since x < d` is `x > now − d`.
    Compare { op: CompareOp, left: Box<Expr>, right: Box<Expr>, ignoring_case: bool },
    /// `low <= subject and subject <= high`; times of day go round: where `low > high`, `subject >= low or subject <= high`,
    /// and unknown if any of the three is missing.
    Between { subject: Box<Expr>, low: Box<Expr>, high: Box<Expr> },
    /// One of constants of the subject's type; never empty.
    In { subject: Box<Expr>, items: Vec<Constant>, ignoring_case: bool },
    /// A text against a constant.
    Text { op: TextOp, subject: Box<Expr>, needle: String, ignoring_case: bool },
    /// A list against constants; never empty. `None` is the negation of `Any`.
    Contains { quantifier: Quantifier, subject: Box<Expr>, items: Vec<Constant>, ignoring_case: bool },
    /// A known text, list or map has length 0.
    IsEmpty(Box<Expr>),
    /// A point in a region, or on its edge: see [`Region::contains`].
    Inside { subject: Box<Expr>, region: Arc<Region> },
    /// Two-valued.
    IsMissing(Box<Expr>),
    /// Two-valued: of the consent records with `at <= now` the latest (of two at once the refusal) is unexpired and says so.
    Consent { channel: String, purpose: String, granted: bool },
    /// `x <= now − d`
    OlderThan { subject: Box<Expr>, period: Period },
    /// A date or an instant against a date (the day in the zone), or an instant against an instant.
    Day { relation: DayRelation, subject: Box<Expr>, other: Box<Expr> },
    /// A date or an instant in a window: see `CivilWindow::resolve_dates` and `resolve_attribute`; in an anchored one, also
    /// later than now.
    InWindow { subject: Box<Expr>, window: Window },
    /// At least one event.
    AnyEvent(Clause),
    /// At least one event, and every one definitely so. Two-valued but for a history that starts late.
    AllEvents { clause: Clause, have: Box<Expr> },
    /// A count, sum, average, least or greatest over events. `property` is `None` for counts of events.
    Aggregate { function: AggregateFunction, distinct: bool, clause: Clause, property: Option<usize> },
    /// The instant (`None`) or a property of the first or last event.
    Edge { edge: Edge, clause: Clause, property: Option<usize> },
    /// Different calendar days, weeks or months with events, in the zone.
    Periods { unit: PeriodUnit, clause: Clause },
    /// The stage of a customer's life with these events, an enum: by those in (now − period, now], in (now − twice,
    /// now − period] and before.
    Lifecycle { clause: Clause, period: Period, twice: Period },
    /// One event after another.
    Chain(Box<Chain>),
    /// How long ago an instant was; only inside `Compare`.
    TimeSince(Box<Expr>),
    /// A part of an instant (in the zone) or a date.
    Part { part: Part, of: Box<Expr> },
    /// Completed years from a date to today in the zone; missing for a date in the future.
    Age(Box<Expr>),
    /// The next day, today or later in the zone, on which a date comes round; its year plays no part.
    Anniversary(Box<Expr>),
    /// A function of the host; missing where anything that it is given is.
    Call { function: usize, arguments: Vec<Expr> },
    /// Unicode scalar values of a text, items of a list, entries of a map.
    Length(Box<Expr>),
    /// A text read as a version, missing where it is none. Versions have the order of Semantic Versioning, whichever way
    /// they were read; a number that is not given is 0.
    Version { reading: Reading, of: Box<Expr> },
    /// A point of two numbers, latitude and longitude; missing outside of the Earth.
    Point(Box<Expr>, Box<Expr>),
    /// The great-circle distance of two points in metres: haversine, with the mean radius of the Earth.
    Distance(Box<Expr>, Box<Expr>),
    /// An int as a number.
    ToNumber(Box<Expr>),
    /// The logistic function of a number, 1 / (1 + e⁻ˣ): a chance, from 0 to 1.
    Logistic(Box<Expr>),
    /// The customer's bucket for a salt is below the share, an exact fraction of 2^64 (`None`: everyone). Unknown without an
    /// id.
    Bucket { salt: String, below: Option<u64> },
    /// Checked arithmetic; what overflows, or is divided by zero, is missing.
    Arithmetic { op: ArithmeticOp, left: Box<Expr>, right: Box<Expr> },
    /// Where the customer stands in the request's population, by a value of its own. `text` is `by` as canonical text.
    /// Missing without a population, or where the value is missing. `Top` and `Bottom` are conditions.
    Standing { by: Box<Expr>, text: String, measure: Measure },
    /// `numerator / denominator` of an amount of money, rounded half to even.
    Share { numerator: i64, denominator: i64, of: Box<Expr> },
}

/// A literal in its runtime form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Constant {
    /// `true`
    Bool(bool),
    /// `42`
    Int(i64),
    /// `4.2`, `20%` as 0.2, and `10 km` as 10,000
    Number(f64),
    /// Minor units of the expression's currency.
    Money(i64),
    /// NFC.
    Text(Arc<str>),
    /// Index into the names of the enum type.
    Category(usize),
    /// A day.
    Date(Date),
    /// A moment.
    Instant(Instant),
    /// A time of day.
    Time(TimeOfDay),
    /// The text of a version.
    Version(Arc<str>),
    /// A point.
    Point(Point),
    /// An amount of time.
    Period(Period),
}

/// How a point in time stands to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayRelation {
    /// Earlier than the day begins.
    Before,
    /// Later than the day ends.
    After,
    /// Within the day.
    On,
    /// Before or on.
    OnOrBefore,
    /// On or after.
    OnOrAfter,
}

/// Parts of a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The day of an instant.
    Date,
    /// What the clock shows at an instant.
    Time,
    /// 0 to 23, of an instant.
    Hour,
    /// The calendar year.
    Year,
    /// 1 to 12.
    Month,
    /// 1 to 31.
    Day,
    /// `monday` to `sunday`: an enum.
    Weekday,
    /// `spring` to `winter`, three whole months each: an enum.
    Season,
}

impl Expr {
    /// Whether it counts events, or days, weeks or months with events: a history that starts late makes an interval of it.
    pub fn is_count(&self) -> bool {
        matches!(self.kind, Kind::Periods { .. } | Kind::Aggregate { function: AggregateFunction::Count, .. })
    }
}
