//! The tree of a rule file, every node with its place in the text.
//!
//! The tree says what was written and nothing about what it means: names are unresolved, literals untyped,
//! the two readings of `contains` undivided. `check` gives it meaning.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;

mod event;
mod exception;
mod explore;
mod expr;
mod field;
mod literal;
mod moment;
mod objective;
mod policy;
mod program;
mod spanned;
mod test;
mod treatment;

pub use event::{
    AggregateFunction, Chain, Edge, EventClause, EventQuantifier, Habit, Mood, PeriodUnit, Side, Then, Window,
    WindowKind,
};
pub use exception::{Excepted, Exception, LineKind};
pub use explore::Exploration;
pub use expr::{ArithmeticOp, CompareOp, End, Expr, ExprKind, Is, Quantifier, TextOp};
pub use field::{Field, Party, Provenance};
pub use literal::{Distance, Duration, Literal};
pub use moment::Moment;
pub use objective::{Aim, Weight, Weights, Worth};
pub use policy::{
    Block, Cap, CapPeriod, Contacted, Level, Limit, Otherwise, Part, PerDecision, PolicyLine, Prefer, Quiet, Rest,
};
pub use program::{
    Action, ActionKind, Again, Boost, Campaign, Clause, ClauseKind, Decay, EachRow, Goal, Lever, Promo, Since, Valid,
};
pub use spanned::Spanned;
pub use test::{Check, Expected, Given, Property, TestAction, TestCase, TestLines, TestMoment};
pub use treatment::{
    Arm, Content, Experiment, Exposure, Factor, FactorLevel, Factorial, Parameter, SchemeName, Treatment,
};

/// A name as written, case kept.
pub type Name = Spanned<String>;

/// One parsed file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its statements in the order of the text.
    pub statements: Vec<Statement>,
}

/// A top-level statement.
pub type Statement = Spanned<StatementKind>;

/// The kinds of statement.
#[allow(clippy::large_enum_variant)] // a file has thousands of statements, mostly of the large kinds
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StatementKind {
    /// `ruleset acme { zone "Europe/Paris"  week starts monday  currency EUR }`
    Ruleset {
        /// Its name.
        name: Name,
        /// Its lines.
        settings: Vec<Spanned<Setting>>,
    },
    /// `profile { country text? }`
    Profile {
        /// What it declares.
        fields: Vec<Field>,
    },
    /// `context { weather enum(sun, rain)? }`
    Context {
        /// What it declares.
        fields: Vec<Field>,
    },
    /// `event order { total money EUR }`
    Event {
        /// Its name.
        name: Name,
        /// What it declares.
        fields: Vec<Field>,
    },
    /// `event engaged = view | click`
    EventGroup {
        /// Its name.
        name: Name,
        /// The events that it is made of.
        members: Vec<Name>,
    },
    /// `catalog products { sku id  price money EUR }`
    Catalog {
        /// Its name.
        name: Name,
        /// The columns of its rows.
        fields: Vec<Field>,
    },
    /// `list staff ["a@x.com", "b@x.com"]`, `list newsletter`
    List {
        /// Its name.
        name: Name,
        /// What is on it; `None`: the program knows who is on it.
        values: Option<Vec<Expr>>,
    },
    /// `region bay_area { point(37.9, -122.6) … }`, `region stores`
    Region {
        /// Its name.
        name: Name,
        /// Where it is; `None`: the program knows.
        outline: Option<Outline>,
    },
    /// `let cart_value = sum(cart_add.price within 3 days)`
    Let {
        /// Its name.
        name: Name,
        /// The zone it counts days in.
        zone: Option<Name>,
        /// What it is.
        value: Expr,
    },
    /// `score monetary on sum(order.total) { 3 if >= 500 EUR, else 1 }`
    Score {
        /// Its name.
        name: Name,
        /// The zone it counts days in.
        zone: Option<Name>,
        /// What is tested or banded.
        subject: Expr,
        /// Tried in order.
        bands: Vec<Band>,
        /// Where no row fits.
        otherwise: Expr,
    },
    /// `group rfm on (recency, frequency) { champions if 3, 3  else other }`
    Group {
        /// Its name.
        name: Name,
        /// The scores it reads.
        on: Vec<Name>,
        /// Tried in order.
        rows: Vec<GroupRow>,
        /// Where no row fits.
        otherwise: Option<Name>,
    },
    /// `stages shopper { aware  buying when any(cart_add)  owner when any(order) }`
    Stages {
        /// Its name.
        name: Name,
        /// The zone it counts days in.
        zone: Option<Name>,
        /// In order: a customer is in the last one whose condition holds.
        rows: Vec<StageRow>,
    },
    /// `segment lapsed "Silent for 30 days" in zone "Europe/Paris" when …`
    Segment {
        /// Its name.
        name: Name,
        /// What it means, in words.
        doc: Option<Name>,
        /// The zone it counts days in.
        zone: Option<Name>,
        /// The condition.
        when: Expr,
    },
    /// `channel email outbound needs consent email.marketing`, `channel web inbound { slot hero 1 }`
    Channel {
        /// Its name.
        name: Name,
        /// Who starts.
        direction: Direction,
        /// What the customer must have granted.
        consent: Option<ConsentPath>,
        /// What one contact on it costs.
        cost: Option<Expr>,
        /// The places on it where something can be shown; without any, it is one place.
        #[serde(default)]
        slots: Vec<SlotPlace>,
    },
    /// `policy contact { cap marketing on email at most 2 in any 7 days }`
    Policy {
        /// Its name.
        name: Name,
        /// All of them hold.
        lines: Vec<Spanned<PolicyLine>>,
    },
    /// `tiers service > marketing`
    Tiers {
        /// The kinds of action, those that come first before the others.
        order: Vec<Name>,
    },
    /// `holdout universal 5% salt "2026H2" except service`
    Holdout {
        /// Its name.
        name: Name,
        /// The share that is held out: the digits of a percentage.
        share: Name,
        /// What else draws other people.
        salt: Option<Name>,
        /// What they get all the same: kinds of action, or paths.
        #[serde(default)]
        except: Vec<Spanned<Vec<Name>>>,
    },
    /// `explore epsilon 2%`
    Explore(Exploration),
    /// `objective growth { revenue in money  weights revenue 100% }`
    Objective {
        /// Its name.
        name: Name,
        /// What it is made of.
        aims: Vec<Aim>,
        /// How much each of them counts, and for whom.
        weights: Vec<Weights>,
    },
    /// `priority propensity * margin`
    Priority {
        /// What it is.
        value: Expr,
    },
    /// `threshold priority >= 0.05 EUR`
    Threshold {
        /// What it is.
        value: Expr,
    },
    /// `suppress minors when age < 18 because "the law"`: a rule for all actions.
    Clause(Clause),
    /// `program winback { campaign … }`
    Program {
        /// Its name.
        name: Name,
        /// What may remove any of its actions.
        #[serde(default)]
        clauses: Vec<Clause>,
        /// What it is not held by.
        #[serde(default)]
        exceptions: Vec<Exception>,
        /// In order.
        campaigns: Vec<Campaign>,
    },
    /// `test "Sam scores 7" { … }`
    Test {
        /// What it is about.
        name: Name,
        /// What it says.
        lines: TestLines,
        /// Each is a test that says more.
        cases: Vec<TestCase>,
    },
    /// `check overlap vip, lapsed`
    Check(Check),
}

/// One line of a `ruleset` statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Setting {
    /// `zone "Europe/Paris"`
    Zone(Name),
    /// `week starts monday`
    WeekStarts(Name),
    /// `currency EUR`
    Currency(Name),
    /// `leap day falls on march 1`
    LeapDay(Name),
    /// `hemisphere south`
    Hemisphere(Name),
}

/// A type as written.
pub type TypeName = Spanned<TypeKind>;

/// The types a field may be declared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TypeKind {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Number,
    /// A percentage.
    Percent,
    /// `money EUR`
    Money(Name),
    /// A text.
    Text,
    /// `enum(a, b)`
    Enum(Vec<Name>),
    /// A day.
    Date,
    /// A moment.
    Instant,
    /// A time of day.
    Time,
    /// A version of a program.
    Version,
    /// A point on the map.
    Point,
    /// A length on the map.
    Distance,
    /// An IANA time zone name: the customer's own zone.
    Zone,
    /// `id` (text) or `id<int>`: `true` for int.
    Id {
        /// Whether it is a number.
        int: bool,
    },
    /// `list<text>`
    List(Box<TypeName>),
    /// `{ sku text  price money EUR }`, inside of a list only.
    Struct(Vec<Field>),
    /// `map<bool>`
    Map(Box<TypeName>),
}

/// The corners of a region, and of what is cut out of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// In order, round it once.
    pub corners: Vec<Expr>,
    /// The same of each hole.
    pub holes: Vec<Spanned<Vec<Expr>>>,
}

/// `3 if >= 500 EUR`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// What it is worth.
    pub value: Expr,
    /// How the subject compares with the limit.
    pub op: CompareOp,
    /// What the subject is compared with.
    pub limit: Expr,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `champions if 3, 2..3, any`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRow {
    /// The name of the group.
    pub label: Name,
    /// One for each score, in order.
    pub cells: Vec<Spanned<Cell>>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `buying when any(cart_add within 3 days)`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageRow {
    /// The name of the stage.
    pub name: Name,
    /// Who has come so far; `None`: everyone.
    pub when: Option<Expr>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// What a group row asks of one of its scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Cell {
    /// Whatever the score is, unknown included.
    Any,
    /// Both ends included; a single number is a range of one.
    Range(i64, i64),
}

/// Who starts the conversation on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Direction {
    /// The customer comes to us: web, call centre.
    Inbound,
    /// We go to the customer: e-mail, push.
    Outbound,
}

/// `email.marketing`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentPath {
    /// On which channel.
    pub channel: Name,
    /// For what.
    pub purpose: Name,
}

/// `slot hero 1`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotPlace {
    /// Its name.
    pub name: Name,
    /// How many actions it shows at once.
    pub capacity: Spanned<i64>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}
