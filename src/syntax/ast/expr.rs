//! Expressions.

use serde::{Deserialize, Serialize};

use super::{Name, Spanned};
use crate::diagnostic::Span;
use crate::geo::DistanceUnit;
use crate::time::{CivilWindow, Date, Instant, Period, TimeOfDay, Unit};

/// An expression.
pub type Expr = Spanned<ExprKind>;

/// The forms of expression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ExprKind {
    /// `50 EUR`
    Literal(Literal),
    /// `country`, `customer.country`, `context.weather`, `consent.email.marketing`
    Path(Vec<Name>),
    /// `preferences["newsletter"]`
    Item {
        /// The map.
        of: Vec<Name>,
        /// The key.
        key: Name,
    },
    /// `["a", "b"]`
    List(Vec<Expr>),
    /// `now`
    Now,
    /// `today`
    Today,
    /// `not x`
    Not(Box<Expr>),
    /// Two or more operands, flat.
    And(Vec<Expr>),
    /// Two or more operands, flat.
    Or(Vec<Expr>),
    /// `at least 2 of (a, b, c)`
    AtLeast {
        /// How many.
        count: Spanned<i64>,
        /// Of what.
        of: Vec<Expr>,
    },
    /// `-x`
    Negate(Box<Expr>),
    /// `a + b`
    Arithmetic {
        /// Which.
        op: ArithmeticOp,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// `a < b`
    Compare {
        /// Which.
        op: CompareOp,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// `x between a and b`
    Between {
        /// Whether `not` stands before it.
        negated: bool,
        /// What is tested or banded.
        subject: Box<Expr>,
        /// The lower bound, included.
        low: Box<Expr>,
        /// The upper bound, included.
        high: Box<Expr>,
    },
    /// `x in [a, b]`
    In {
        /// Whether `not` stands before it.
        negated: bool,
        /// What is tested or banded.
        subject: Box<Expr>,
        /// The list.
        items: Box<Expr>,
    },
    /// `name starts with "A"`; `contains` on text or list.
    Text {
        /// Which.
        op: TextOp,
        /// Whether `not` stands before it.
        negated: bool,
        /// What is tested or banded.
        subject: Box<Expr>,
        /// What is looked for.
        needle: Box<Expr>,
    },
    /// `likes contains any of ["a", "b"]`
    ContainsOf {
        /// How many of them.
        quantifier: Quantifier,
        /// What is tested or banded.
        subject: Box<Expr>,
        /// The list.
        items: Box<Expr>,
    },
    /// `… ignoring case`
    IgnoringCase(Box<Expr>),
    /// `… or missing`
    OrMissing(Box<Expr>),
    /// `x is [not] …`
    Is {
        /// Whether `not` stands before it.
        negated: bool,
        /// What is tested or banded.
        subject: Box<Expr>,
        /// What is asked.
        what: Is,
    },
    /// `[not] in segment vip`
    InSegment {
        /// Whether `not` stands before it.
        negated: bool,
        /// Which.
        segment: Name,
    },
    /// `email in list staff`, `in list newsletter`
    InList {
        /// `not in`
        negated: bool,
        /// What is looked for; `None` is the customer.
        subject: Option<Box<Expr>>,
        /// The list.
        list: Name,
    },
    /// `any(…)`, `none(…)`
    Quantified {
        /// How many of them.
        quantifier: EventQuantifier,
        /// Which events.
        clause: EventClause,
    },
    /// `all(order within 90 days have status = "returned")`
    AllHave {
        /// Which events.
        clause: EventClause,
        /// What each of them must fulfil.
        have: Box<Expr>,
    },
    /// `count(…)`, `sum(order.total)`, `count(distinct order.product)`
    Aggregate {
        /// What is computed.
        function: AggregateFunction,
        /// Whether equal values count once.
        distinct: bool,
        /// Which events.
        clause: EventClause,
    },
    /// `first(order)`, `last(order where …).total`; without a property, the event's instant.
    Edge {
        /// Which event.
        edge: Edge,
        /// Which events.
        clause: EventClause,
        /// Which property of it.
        property: Option<Name>,
    },
    /// `count(days with login within 7 days)`
    Periods {
        /// What is counted.
        unit: PeriodUnit,
        /// Which events.
        clause: EventClause,
    },
    /// `lifecycle(order, 30 days)`, `stopped(visit, 14 days, 60 days)`, `restarted(visit, 14 days, 60 days)`
    Habit {
        /// Which.
        habit: Habit,
        /// Which events.
        clause: EventClause,
        /// Amounts of time, in the order of the text.
        periods: Vec<Spanned<Duration>>,
    },
    /// `signup then activate within 1 day then purchase within 14 days`
    Chain(Box<Chain>),
    /// `time since last(order)`
    TimeSince(Box<Expr>),
    /// `anniversary of birth_date`
    Anniversary(Box<Expr>),
    /// `25% of cart_value`: the percentage as written.
    Share {
        /// The digits before `%`.
        percent: Name,
        /// An amount of money.
        of: Box<Expr>,
    },
    /// `top 10% by clv`, `bottom 5% by clv`; `top 500 by clv` is read, so that it can be told why it is none.
    Top {
        /// Which end.
        end: End,
        /// A percentage, or a whole number.
        amount: Spanned<Literal>,
        /// What customers are ranked by.
        by: Box<Expr>,
    },
    /// `quantile(days, 5) descending`: the least come last.
    Descending(Box<Expr>),
    /// `age(birth_date)`, `bucket("salt")`
    Call {
        /// Its name.
        name: Name,
        /// In order.
        arguments: Vec<Expr>,
    },
}

/// A literal as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Literal {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Digits and a point, as written.
    Number(String),
    /// The digits before `%`, as written.
    Percent(String),
    /// `50 USD`, the amount as written.
    Money {
        /// The digits.
        amount: String,
        /// The currency.
        currency: Name,
    },
    /// NFC-normalised.
    Text(String),
    /// A day.
    Date(Date),
    /// A moment.
    Instant(Instant),
    /// `09:30`
    Time(TimeOfDay),
    /// `30 days`
    Duration(Duration),
    /// `10 km`
    Distance(Distance),
}

/// A length on the map, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distance {
    /// The digits.
    pub amount: String,
    /// What it counts.
    pub unit: DistanceUnit,
}

/// `30 days`, `1 year 6 months`: as written, and as one amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Duration {
    /// In the order of the text.
    pub parts: Vec<(i64, Unit)>,
    /// Their sum.
    #[serde(skip)]
    pub period: Period,
}

/// `+ - * /`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// `= != < <= > >=`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What is asked of a text or list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TextOp {
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `matches`: a regular expression.
    Matches,
    /// `like`: the whole text, `%` any run, `_` one character.
    Like,
}

/// Of `contains any of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Quantifier {
    /// At least one.
    Any,
    /// Every one.
    All,
    /// Not one.
    None,
}

/// Of `any(…)` and `none(…)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EventQuantifier {
    /// At least one.
    Any,
    /// Not one.
    None,
}

/// What is computed over the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AggregateFunction {
    /// `count`
    Count,
    /// `sum`
    Sum,
    /// `avg`
    Average,
    /// `median`
    Median,
    /// `min`
    Min,
    /// `max`
    Max,
}

/// Which event of those that fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Edge {
    /// The earliest.
    First,
    /// The latest.
    Last,
    /// The latest one with the commonest value of a property; of two equally common the later one.
    MostFrequent,
}

/// An end of a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum End {
    /// The greatest values.
    Top,
    /// The least values.
    Bottom,
}

/// What `count(… with …)` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PeriodUnit {
    /// Calendar days.
    Days,
    /// Calendar weeks.
    Weeks,
    /// Blocks of seven days that end at `now`.
    RollingWeeks,
    /// Calendar months.
    Months,
}

/// One event after another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// `first view then …`: only the first, or the last, event that fits begins it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Edge>,
    /// What it begins with.
    pub first: EventClause,
    /// What follows, in the order of the text.
    pub then: Vec<Then>,
}

/// A step of a sequence after the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// Whether it happens.
    pub mood: Mood,
    /// Which event.
    pub clause: EventClause,
    /// What must not happen between the step before and this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<EventClause>,
    /// How long after the step before, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Spanned<Duration>>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// Whether a step happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Mood {
    /// `then`
    Then,
    /// `then not`: it did not happen, and the time for it is over.
    Not,
    /// `then not yet`: it did not happen, and the time for it is not over.
    NotYet,
}

/// What activity does over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Habit {
    /// The stage that a customer is in.
    Lifecycle,
    /// There was some, and then a pause up to now.
    Stopped,
    /// There was some, then a pause, and now again.
    Restarted,
}

/// What follows `is` or `is not`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Is {
    /// `missing`
    Missing,
    /// `known`
    Known,
    /// `empty`
    Empty,
    /// `granted`
    Granted,
    /// `denied`
    Denied,
    /// `older than 18 years`
    OlderThan(Spanned<Duration>),
    /// `before x`
    Before(Box<Expr>),
    /// `after x`
    After(Box<Expr>),
    /// `on x`
    On(Box<Expr>),
    /// `on or before x`
    OnOrBefore(Box<Expr>),
    /// `on or after x`
    OnOrAfter(Box<Expr>),
    /// `within 10 km of place`
    Near {
        /// How far at most.
        distance: Spanned<Distance>,
        /// From where.
        of: Box<Expr>,
    },
    /// `inside "bay_area"`
    Inside(Name),
    /// `renewal_date is in the next 30 days`
    Window(Window),
}

/// `order.total as o where category = "shoes" within 7 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventClause {
    /// Of which kind; of an outcome (`exposed(reminder)`) its word.
    pub event: Name,
    /// The path in the parentheses of an outcome, empty where it is about every contact (`exposed(any)`); `None` for a
    /// kind of event.
    pub of: Option<Spanned<Vec<Name>>>,
    /// `order.total`, `distinct order.product`
    pub property: Option<Name>,
    /// `order as o`: the name of its row for clauses inside its `where`.
    pub alias: Option<Name>,
    /// What an event must fulfil.
    pub filter: Option<Box<Expr>>,
    /// When it must have happened.
    pub window: Option<Window>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

impl EventClause {
    /// What it is about, as it is written: `order`, `exposed(winback.reminder)`.
    pub(crate) fn asked(&self) -> String {
        let Some(of) = &self.of else { return self.event.node.clone() };
        let path: Vec<&str> = of.node.iter().map(|name| name.node.as_str()).collect();
        format!("{}({})", self.event.node, if path.is_empty() { "any".to_owned() } else { path.join(".") })
    }
}

/// A window as written.
pub type Window = Spanned<WindowKind>;

/// The forms of window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WindowKind {
    /// Counted from now or said by the calendar: `within 30 days`, `this month`.
    Civil(CivilWindow<Duration>),
    /// Counted from another moment: `within 24 hours after last(cart_add)`.
    Anchored {
        /// How long.
        length: Spanned<Duration>,
        /// On which side of the moment.
        side: Side,
        /// The moment, or the day.
        anchor: Box<Expr>,
    },
}

/// On which side of its anchor a window lies. The anchor itself and the far end belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// `within d after x`: from x to x + d.
    After,
    /// `within d before x`: from x − d to x.
    Before,
    /// `within d of x`: from x − d to x + d.
    Around,
}

impl Side {
    /// The word between the length and the anchor.
    pub fn word(self) -> &'static str {
        match self {
            Side::After => "after",
            Side::Before => "before",
            Side::Around => "of",
        }
    }
}

impl CompareOp {
    /// The same comparison with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            CompareOp::Less => CompareOp::Greater,
            CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
            CompareOp::Greater => CompareOp::Less,
            CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
            same => same,
        }
    }
}

impl AggregateFunction {
    /// Its name in rules.
    pub fn word(self) -> &'static str {
        match self {
            AggregateFunction::Count => "count",
            AggregateFunction::Sum => "sum",
            AggregateFunction::Average => "avg",
            AggregateFunction::Median => "median",
            AggregateFunction::Min => "min",
            AggregateFunction::Max => "max",
        }
    }
}

impl Habit {
    /// Its name in rules.
    pub fn word(self) -> &'static str {
        match self {
            Habit::Lifecycle => "lifecycle",
            Habit::Stopped => "stopped",
            Habit::Restarted => "restarted",
        }
    }
}

impl Edge {
    /// Its name in rules.
    pub fn word(self) -> &'static str {
        match self {
            Edge::First => "first",
            Edge::Last => "last",
            Edge::MostFrequent => "most_frequent",
        }
    }
}
