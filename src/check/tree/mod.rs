//! Checked rules: every name resolved to a number, every expression typed, every literal in its runtime form.
//!
//! This is what rules *mean*; `compile` makes it fast, and a naive interpreter in `tests/` makes it slow and obvious,
//! so that the two can be held against each other. Negation is still written as such here.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::geo::{Point, Region};
use crate::schema::{Attribute, Currency, Outcome, Shape, Type};
use crate::syntax::ast::{AggregateFunction, ArithmeticOp, CompareOp, Edge, PeriodUnit, Quantifier, Side};
use crate::time::{CivilWindow, Date, Hemisphere, Instant, LeapDay, Period, TimeOfDay, Weekday, Zone};

mod arbitration;
mod catalogue;
mod policy;
mod treatment;

pub use arbitration::{Arm, Boost, Experiment, Factor, Formula, Holdout, Lever, Promo, Share, Tiers, Valid};
pub(crate) use catalogue::is_under;
pub use catalogue::{Action, Campaign, Channel, Program, Rule, Slot, Threshold};
pub use policy::{Again, Block, Cap, Entry, Goal, Limit, Policy, Quiet, Rest, Sign};
pub use treatment::{Content, Languages, Parameter, Showplace, Treatment};

pub use super::testing::tree::{Check, Test};
pub use crate::leaf::version::Reading;
pub use crate::syntax::ast::TextOp;

/// A checked ruleset.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rules {
    /// The name in the `ruleset` statement; `rules` where there is none.
    pub name: String,
    /// The zone used where neither the rule nor the customer has one: `ruleset { zone … }`, else UTC.
    pub zone: Zone,
    /// The first day of a week.
    pub week_start: Weekday,
    /// When those born on 29 February have their birthday in other years.
    pub leap_day: LeapDay,
    /// Where seasons are meant for.
    pub hemisphere: Hemisphere,
    /// The currency that priorities are computed in.
    pub currency: Option<Currency>,
    /// What attributes and events there are; numbers in expressions refer to it.
    pub shape: Shape,
    /// Groups of events, which stand behind the kinds in `shape.events`.
    pub groups: Vec<EventGroup>,
    /// The values that a request may carry; numbers in expressions refer to it.
    pub context: Vec<Attribute>,
    /// `let`, `score`, `group` and `segment` statements: each only refers to earlier ones.
    pub definitions: Vec<Definition>,
    /// `channel` statements, in the order of the text.
    pub channels: Vec<Channel>,
    /// What holds back contacts.
    pub policy: Policy,
    /// Which kinds of action come first.
    pub tiers: Tiers,
    /// How a priority is computed.
    pub priority: Formula,
    /// Who is left alone, to measure what all of it is worth.
    pub holdout: Option<Holdout>,
    /// Priorities below this are not worth an action, in minor units of the ruleset's currency.
    pub threshold: Option<Threshold>,
    /// `program` statements, in the order of the text.
    pub programs: Vec<Program>,
    /// What is asked about a population, each thing once.
    pub standings: Vec<Standing>,
    /// `test` statements and their cases, in the order of the text.
    pub tests: Vec<Test>,
    /// `check` statements, in the order of the text.
    pub checks: Vec<Check>,
}

/// Several kinds of event under one name: its events are those of all of them, in the order of all events, which is by
/// (instant, sequence, kind in the order of the shape, place in their history).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventGroup {
    /// Its own number in `shape.events`, where its properties are those that all its kinds have.
    pub event: usize,
    /// The numbers of its kinds, in the order of the shape.
    pub members: Vec<usize>,
    /// For each of its properties the numbers in its kinds.
    pub properties: Vec<Vec<usize>>,
}

/// A question about a customer's place in a population.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// What customers are ranked by.
    pub by: Expr,
    /// The same as canonical text.
    pub text: String,
    /// The zone written in the rule.
    pub zone: Option<Zone>,
    /// What is asked.
    pub measure: Measure,
    /// Identifies what customers are ranked by, whatever else the rules say: a hash of its text, its type, its zone, the first
    /// day of a week, and the definitions that it refers to.
    pub fingerprint: String,
    /// Where it is asked first.
    pub span: Span,
}

/// What is asked about a customer's place in a population. Only customers whose value is known are ranked; `n` is how
/// many they are, `x` the customer's own value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 1 + how many of the `parts` − 1 edges lie below `x`; edge i is the value at (n − 1)·i/parts of the ranking, linearly
    /// interpolated. Descending: `parts` + 1 − that.
    Quantile { parts: u32, descending: bool },
    /// The number of the pile in which the customer lies when all are ranked by value and id, and dealt into `parts` piles, of
    /// which the first n mod `parts` hold one more.
    Ntile { parts: u32, descending: bool },
    /// ⌈parts · (customers with a value up to `x`) / n⌉, at least 1. Descending: with a value from `x` on.
    CumeDist { parts: u32, descending: bool },
    /// (customers with a value up to `x`) / n.
    Percentile,
    /// Fewer than this share of the customers have a greater value.
    Top { numerator: i64, denominator: i64 },
    /// Fewer than this share of the customers have a smaller value.
    Bottom { numerator: i64, denominator: i64 },
}

/// A named value or condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// What kind of statement it is.
    pub kind: DefinitionKind,
    /// A segment's doc string.
    pub doc: Option<String>,
    /// `in zone "…"`: the zone written in this rule.
    pub zone: Option<Zone>,
    /// The type of its value.
    pub ty: Type,
    /// What it is.
    pub body: Body,
    /// The definitions it refers to directly, ascending.
    pub uses: Vec<usize>,
    /// The whole statement.
    pub span: Span,
}

/// The statements that name a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DefinitionKind {
    /// `let`
    Let,
    /// `score`
    Score,
    /// `group`
    Group,
    /// `segment`
    Segment,
}

/// What a definition is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Body {
    /// A `let` or a `segment`.
    Expr(Expr),
    /// A `score`: the value of the first band whose condition is definitely true, else `otherwise`.
    Score { bands: Vec<(Expr, Expr)>, otherwise: Expr },
    /// A `group`: the name of the first row whose cells all hold, else `otherwise`; missing where a score is.
    Group { on: Vec<usize>, rows: Vec<GroupRow>, otherwise: Option<usize> },
}

/// A row of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupRow {
    /// Index of its name in the group's enum type.
    pub name: usize,
    /// One per score: `None` is `any`, else both ends included.
    pub cells: Vec<Option<(i64, i64)>>,
}

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
    /// is the path of what the contact must have been about, or of what that is part of.
    Outcome { outcome: Option<Outcome>, action: Option<String> },
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

/// The events that an event clause is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clause {
    /// Index of the kind in `shape.events`.
    pub event: usize,
    /// The slot that its row is kept in for clauses inside its filter that refer to it; `None` where none does. Slots number
    /// the clauses around: a clause inside never has the slot of one outside.
    pub alias: Option<usize>,
    /// Kept are the events for which it is definitely true.
    pub filter: Option<Box<Expr>>,
    /// `None`: from the first event to now.
    pub window: Option<Window>,
    /// Where the clause stands.
    pub span: Span,
}

/// One event after another: true where some choice of one event for each step fulfils it.
///
/// Events are ordered by (instant, sequence, kind in the order of the shape, place in their history), and each step's comes
/// later than the one before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chain {
    /// Only the first, or the last, event of the first step's clause begins it.
    pub pin: Option<Edge>,
    /// At least one.
    pub steps: Vec<Step>,
    /// What did not happen after the last step.
    pub tail: Option<Tail>,
}

/// An event of a sequence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Which.
    pub clause: Clause,
    /// At most so long after the step before, the end included; `None` for any time, and for the first step.
    pub within: Option<Period>,
    /// None of these lies strictly between the step before and this one.
    pub without: Option<Clause>,
}

/// The end of a sequence that did not happen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tail {
    /// Which event: none of these lies after the last step, up to its instant + `within`, the end included.
    pub clause: Clause,
    /// How long there is time for it.
    pub within: Period,
    /// Whether now is still before the end of that time; else it is not.
    pub yet: bool,
}

impl Chain {
    /// All clauses, those of the steps first.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        let steps = self.steps.iter().map(|step| &step.clause);
        steps
            .chain(self.steps.iter().filter_map(|step| step.without.as_ref()))
            .chain(self.tail.as_ref().map(|tail| &tail.clause))
    }
}

/// A window of time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Window {
    /// Counted from now, or said by the calendar.
    Civil(CivilWindow),
    /// Counted from another moment, both ends included: x to x + d, x − d to x, or x − d to x + d. A day as the anchor counts
    /// whole days, in the zone. Without an anchor nothing is known, not even a count. Events later than now are not seen. The
    /// anchor stands outside of the clause's filter.
    Anchored { side: Side, length: Period, anchor: Box<Expr> },
}

impl Window {
    /// The moment that it is counted from, where it is not now.
    pub fn anchor(&self) -> Option<&Expr> {
        match self {
            Window::Anchored { anchor, .. } => Some(anchor),
            Window::Civil(_) => None,
        }
    }

    /// A window that says its own bounds.
    pub fn civil(&self) -> Option<CivilWindow> {
        match self {
            Window::Civil(window) => Some(*window),
            Window::Anchored { .. } => None,
        }
    }
}

impl Measure {
    /// Into how many parts customers are divided, numbered from 1.
    pub fn parts(self) -> Option<u32> {
        match self {
            Measure::Quantile { parts, .. } | Measure::Ntile { parts, .. } | Measure::CumeDist { parts, .. } => {
                Some(parts)
            }
            Measure::Percentile | Measure::Top { .. } | Measure::Bottom { .. } => None,
        }
    }
}

impl Body {
    /// The expressions that it is made of.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let (bands, last) = match self {
            Body::Expr(expr) => (&[] as &[_], Some(expr)),
            Body::Score { bands, otherwise } => (bands.as_slice(), Some(otherwise)),
            Body::Group { .. } => (&[] as &[_], None),
        };
        bands.iter().flat_map(|(when, value)| [when, value]).chain(last)
    }
}

impl Expr {
    /// Whether it counts events, or days, weeks or months with events: a history that starts late makes an interval of it.
    pub fn is_count(&self) -> bool {
        matches!(self.kind, Kind::Periods { .. } | Kind::Aggregate { function: AggregateFunction::Count, .. })
    }
}

impl Rules {
    /// The group that a number of an event stands for, if it is one.
    pub fn group(&self, event: usize) -> Option<&EventGroup> {
        self.groups.iter().find(|group| group.event == event)
    }

    /// The kind of event that contacts are, where they are held: the last, and without a name in rules.
    pub fn contacts(&self) -> Option<usize> {
        self.shape.events.len().checked_sub(1).filter(|_| self.shape.contacts)
    }

    /// `web`, or with its slot `web.hero`.
    pub fn place_name(&self, place: Showplace) -> String {
        let Some(channel) = self.channels.get(place.channel) else { return String::new() };
        match place.slot.and_then(|slot| channel.slots.get(slot)) {
            Some(slot) => format!("{}.{}", channel.name, slot.name),
            None => channel.name.clone(),
        }
    }

    /// Channel and purpose of every consent that is asked for.
    pub fn consents(&self) -> BTreeSet<(String, String)> {
        let mut asked: BTreeSet<_> = self.channels.iter().filter_map(|channel| channel.consent.clone()).collect();
        let bodies = self.definitions.iter().flat_map(|definition| definition.body.exprs());
        for expr in bodies.chain(self.catalogue_expressions()) {
            super::walk::each(expr, &mut |e| {
                if let Kind::Consent { channel, purpose, .. } = &e.kind {
                    asked.insert((channel.clone(), purpose.clone()));
                }
            });
        }
        asked
    }

    /// Every expression of the catalogue: clauses, values, costs, propensities, boosts, goals, exits, blocks, and what treatments read.
    pub fn catalogue_expressions(&self) -> impl Iterator<Item = &Expr> {
        let campaigns = || self.programs.iter().flat_map(|program| &program.campaigns);
        let actions = move || campaigns().flat_map(|campaign| &campaign.actions);
        let clauses = campaigns()
            .flat_map(|campaign| &campaign.clauses)
            .chain(actions().flat_map(|action| &action.clauses))
            .map(|rule| &rule.when);
        let amounts = actions().flat_map(|action| action.value.iter().chain(&action.cost).chain(&action.propensity));
        let shown = actions().flat_map(|action| &action.treatments).flat_map(Treatment::exprs);
        let entries = campaigns().flat_map(|campaign| campaign.entry.events());
        let blocks = self.policy.blocks.iter().map(|block| &block.when);
        let boosts = campaigns().flat_map(|c| c.boosts.iter().chain(c.actions.iter().flat_map(|a| &a.boosts)));
        clauses.chain(amounts).chain(boosts.map(|boost| &boost.when)).chain(shown).chain(entries).chain(blocks)
    }
}
