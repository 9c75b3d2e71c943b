//! Expressions.

use serde::{Deserialize, Serialize};

use super::event::{AggregateFunction, Chain, Edge, EventClause, EventQuantifier, Habit, PeriodUnit, Window};
use super::literal::{Distance, Duration, Literal};
use super::{Name, Spanned};

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
    /// `in stage considering, shopper.buying`: what `only` asks, and nothing else.
    InStage {
        /// Which: the name of one, perhaps behind that of its statement.
        stages: Vec<Spanned<Vec<Name>>>,
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

/// An end of a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum End {
    /// The greatest values.
    Top,
    /// The least values.
    Bottom,
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
