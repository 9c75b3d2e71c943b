//! The tree of a rule file, every node with its place in the text.
//!
//! The tree says what was written and nothing about what it means: names are unresolved, literals untyped,
//! the two readings of `contains` undivided. `check` gives it meaning.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::time::{CivilWindow, Date, Instant, Period, Unit};

/// A piece of the tree together with where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spanned<T> {
    /// What was written.
    pub node: T,
    /// Where.
    pub span: Span,
}

/// A name as written, case kept.
pub type Name = Spanned<String>;

/// One parsed file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct File {
    /// Its statements in the order of the text.
    pub statements: Vec<Statement>,
}

/// A top-level statement.
pub type Statement = Spanned<StatementKind>;

/// The kinds of statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum StatementKind {
    /// `ruleset acme { zone "Europe/Paris"  week starts monday  currency EUR }`
    Ruleset { name: Name, settings: Vec<Spanned<Setting>> },
    /// `profile { country text? }`
    Profile { fields: Vec<Field> },
    /// `context { weather enum(sun, rain)? }`
    Context { fields: Vec<Field> },
    /// `event order { total money EUR }`
    Event { name: Name, fields: Vec<Field> },
    /// `let cart_value = sum(cart_add.price within 3 days)`
    Let { name: Name, zone: Option<Name>, value: Expr },
    /// `score monetary on sum(order.total) { 3 if >= 500 EUR, else 1 }`
    Score { name: Name, zone: Option<Name>, subject: Expr, bands: Vec<Band>, otherwise: Expr },
    /// `group rfm on (recency, frequency) { champions if 3, 3  else other }`
    Group { name: Name, on: Vec<Name>, rows: Vec<GroupRow>, otherwise: Option<Name> },
    /// `segment lapsed "Silent for 30 days" in zone "Europe/Paris" when …`
    Segment { name: Name, doc: Option<Name>, zone: Option<Name>, when: Expr },
    /// `channel email outbound needs consent email.marketing`
    Channel { name: Name, direction: Direction, consent: Option<ConsentPath> },
    /// `policy contact { cap marketing on email at most 2 in any 7 days }`
    Policy { name: Name, caps: Vec<Spanned<Cap>> },
    /// `priority propensity * margin`
    Priority { value: Expr },
    /// `threshold priority >= 0.05 EUR`
    Threshold { value: Expr },
    /// `program winback { campaign … }`
    Program { name: Name, campaigns: Vec<Campaign> },
}

/// One line of a `ruleset` statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Setting {
    /// `zone "Europe/Paris"`
    Zone(Name),
    /// `week starts monday`
    WeekStarts(Name),
    /// `currency EUR`
    Currency(Name),
}

/// A declared attribute or event property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub name: Name,
    pub ty: TypeName,
    /// `?` after the type: the value may be missing.
    pub optional: bool,
    /// Personal data: redacted in explanations.
    pub pii: bool,
    pub span: Span,
}

/// A type as written.
pub type TypeName = Spanned<TypeKind>;

/// The types a field may be declared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TypeKind {
    Bool,
    Int,
    Number,
    Percent,
    /// `money EUR`
    Money(Name),
    Text,
    /// `enum(a, b)`
    Enum(Vec<Name>),
    Date,
    Instant,
    /// An IANA time zone name: the customer's own zone.
    Zone,
    /// `id` (text) or `id<int>`: `true` for int.
    Id { int: bool },
    /// `list<text>`
    List(Box<TypeName>),
}

/// `3 if >= 500 EUR`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Band {
    pub value: Expr,
    pub op: CompareOp,
    pub limit: Expr,
    pub span: Span,
}

/// `champions if 3, 2..3, any`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupRow {
    pub label: Name,
    pub cells: Vec<Spanned<Cell>>,
    pub span: Span,
}

/// What a group row asks of one of its scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    Any,
    /// Both ends included; a single number is a range of one.
    Range(i64, i64),
}

/// Who starts the conversation on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// The customer comes to us: web, call centre.
    Inbound,
    /// We go to the customer: e-mail, push.
    Outbound,
}

/// `email.marketing`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsentPath {
    pub channel: Name,
    pub purpose: Name,
}

/// `cap marketing on email at most 2 in any 7 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cap {
    /// `None` = `on any`: every outbound channel.
    pub channel: Option<Name>,
    pub at_most: Spanned<i64>,
    pub span: Spanned<Duration>,
}

/// `campaign come_back for lapsed every { … }`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    pub name: Name,
    pub segment: Name,
    pub again: Spanned<Again>,
    pub clauses: Vec<Clause>,
    pub actions: Vec<Action>,
    pub span: Span,
}

/// When a customer may enter a campaign again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Again {
    /// Never: the default.
    Once,
    Every,
    /// `again after 30 days since exposed`
    After(Duration),
}

/// `offer gift { … }`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    pub kind: ActionKind,
    pub name: Name,
    pub value: Option<Expr>,
    pub cost: Option<Expr>,
    pub propensity: Option<Expr>,
    /// `basis contract` of a service action.
    pub basis: Option<Name>,
    pub clauses: Vec<Clause>,
    pub treatments: Vec<Treatment>,
    pub span: Span,
}

/// What kind of thing an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    Offer,
    Message,
    Service,
}

/// A rule that may remove a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    pub kind: ClauseKind,
    pub when: Expr,
    pub because: Option<Name>,
    pub span: Span,
}

/// `eligible when`, `applicable when`, `suitable when`, `suppress when`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClauseKind {
    Eligible,
    Applicable,
    Suitable,
    Suppress,
}

/// `treat email "winback.gift"`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Treatment {
    pub channel: Name,
    pub content: Name,
    pub span: Span,
}

/// An expression.
pub type Expr = Spanned<ExprKind>;

/// The forms of expression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ExprKind {
    Literal(Literal),
    /// `country`, `customer.country`, `context.weather`, `consent.email.marketing`
    Path(Vec<Name>),
    /// `["a", "b"]`
    List(Vec<Expr>),
    /// `now`
    Now,
    /// `today`
    Today,
    Not(Box<Expr>),
    /// Two or more operands, flat.
    And(Vec<Expr>),
    /// Two or more operands, flat.
    Or(Vec<Expr>),
    /// `at least 2 of (a, b, c)`
    AtLeast { count: Spanned<i64>, of: Vec<Expr> },
    Negate(Box<Expr>),
    Arithmetic { op: ArithmeticOp, left: Box<Expr>, right: Box<Expr> },
    Compare { op: CompareOp, left: Box<Expr>, right: Box<Expr> },
    Between { negated: bool, subject: Box<Expr>, low: Box<Expr>, high: Box<Expr> },
    In { negated: bool, subject: Box<Expr>, items: Box<Expr> },
    /// `name starts with "A"`; `contains` on text or list.
    Text { op: TextOp, negated: bool, subject: Box<Expr>, needle: Box<Expr> },
    /// `likes contains any of ["a", "b"]`
    ContainsOf { quantifier: Quantifier, subject: Box<Expr>, items: Box<Expr> },
    /// `… ignoring case`
    IgnoringCase(Box<Expr>),
    /// `… or missing`
    OrMissing(Box<Expr>),
    /// `x is [not] …`
    Is { negated: bool, subject: Box<Expr>, what: Is },
    /// `[not] in segment vip`
    InSegment { negated: bool, segment: Name },
    /// `any(…)`, `none(…)`
    Quantified { quantifier: EventQuantifier, clause: EventClause },
    /// `all(order within 90 days have status = "returned")`
    AllHave { clause: EventClause, have: Box<Expr> },
    /// `count(…)`, `sum(order.total)`, `count(distinct order.product)`
    Aggregate { function: AggregateFunction, distinct: bool, clause: EventClause },
    /// `first(order)`, `last(order where …).total`; without a property, the event's instant.
    Edge { edge: Edge, clause: EventClause, property: Option<Name> },
    /// `count(days with login within 7 days)`
    Periods { unit: PeriodUnit, clause: EventClause },
    /// `time since last(order)`
    TimeSince(Box<Expr>),
    /// `25% of cart_value`: the percentage as written.
    Share {
        /// The digits before `%`.
        percent: Name,
        /// An amount of money.
        of: Box<Expr>,
    },
    /// `age(birth_date)`, `bucket("salt")`
    Call { name: Name, arguments: Vec<Expr> },
}

/// A literal as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Literal {
    Bool(bool),
    Int(i64),
    /// Digits and a point, as written.
    Number(String),
    /// The digits before `%`, as written.
    Percent(String),
    /// `50 USD`, the amount as written.
    Money {
        amount: String,
        currency: Name,
    },
    /// NFC-normalised.
    Text(String),
    Date(Date),
    Instant(Instant),
    Duration(Duration),
}

/// `30 days`, `1 year 6 months`: as written, and as one amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duration {
    /// In the order of the text.
    pub parts: Vec<(i64, Unit)>,
    /// Their sum.
    pub period: Period,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ArithmeticOp {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TextOp {
    Contains,
    StartsWith,
    EndsWith,
    Matches,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quantifier {
    Any,
    All,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventQuantifier {
    Any,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AggregateFunction {
    Count,
    Sum,
    Average,
    Min,
    Max,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Edge {
    First,
    Last,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PeriodUnit {
    Days,
    Weeks,
    Months,
}

/// What follows `is` or `is not`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Is {
    Missing,
    Known,
    Empty,
    Granted,
    Denied,
    OlderThan(Spanned<Duration>),
    Before(Box<Expr>),
    After(Box<Expr>),
    On(Box<Expr>),
    OnOrBefore(Box<Expr>),
    OnOrAfter(Box<Expr>),
    /// `renewal_date is in the next 30 days`
    Window(Window),
}

/// `order.total where category = "shoes" within 7 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventClause {
    pub event: Name,
    /// `order.total`, `distinct order.product`
    pub property: Option<Name>,
    pub filter: Option<Box<Expr>>,
    pub window: Option<Window>,
    pub span: Span,
}

/// A window as written.
pub type Window = Spanned<CivilWindow<Duration>>;
