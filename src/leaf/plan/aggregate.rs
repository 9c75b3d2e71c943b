//! What is made of the rows of a kind of event, as plain data.

use super::{Class, Plan, Value};
use crate::time::{Period, Weekday, Zone};

/// An aggregate over one kind of event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// Index of the event kind.
    pub kind: usize,
    /// Which rows are looked at.
    pub window: Window,
    /// Kept rows; `None` keeps all.
    pub filter: Option<Plan>,
    /// What is made of them.
    pub function: Function,
    /// The slot that the row is kept in for clauses further in.
    pub keeps_row: Option<usize>,
    /// Whether it reads rows of clauses further out: there is one result for each of those then, and none is kept.
    pub per_row: bool,
    /// How its rows are found, where that is by a key.
    pub join: Option<Join>,
    /// From when to when rows can pass the filter at all, where it says so: what lies outside is skipped, not tried.
    pub within: [Option<Value>; 2],
    /// Whether the kind is a group, whose rows are merged once per customer.
    pub merged: bool,
}

/// A group of events, merged to one history.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    /// Its kinds, in their order.
    pub members: Vec<usize>,
    /// Its properties: their class, and their places in each of the kinds.
    pub properties: Vec<(Class, Vec<usize>)>,
}

/// Finding rows by what they have in common with rows of clauses further out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Join {
    /// The number of the index.
    pub index: usize,
    /// What the key is made of on the other side, in the order of the index.
    pub keys: Vec<(Value, Class)>,
}

/// The rows of a kind by a key, built once per customer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Index {
    /// Index of the event kind.
    pub kind: usize,
    /// Index of the window among the times; `None` is the whole life.
    pub window: Option<usize>,
    /// Rows that are worth looking up; `None` keeps all. It reads no row of a clause further out.
    pub filter: Option<Plan>,
    /// What the key is made of; a row that lacks a part of it equals nothing.
    pub keys: Vec<(Value, Class)>,
    /// The slot of the clause, as in its aggregate.
    pub keeps_row: Option<usize>,
}

impl Aggregate {
    /// As for plans.
    pub(super) fn keeps(&self) -> bool {
        let window = matches!(&self.window, Window::Between(ends) if ends.iter().any(Value::keeps));
        window || self.merged || self.join.is_some() || self.filter.as_ref().is_some_and(Plan::keeps)
    }
}

/// The rows that an aggregate looks at, none of them later than now but for `in the next`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Window {
    /// The whole life.
    Ever,
    /// Those of a window that follows from now: its index among the times.
    Time(usize),
    /// From one instant to another, both included; unless both are known, nothing is.
    Between(Box<[Value; 2]>),
}

/// Which texts are one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sameness {
    /// Those of the same bytes.
    Bytes,
    /// Those that differ in case only.
    IgnoringCase,
    /// Versions of equal precedence: `3.10.0` and `3.10.0+7`.
    Version,
}

/// What is made of the kept rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Function {
    /// How many.
    Count,
    /// How many different values of a property.
    Distinct(usize, Class),
    /// How many different texts of a property.
    DistinctTexts(usize, Sameness),
    /// How many different calendar days, weeks or months, in a zone.
    Periods(CalendarPeriod, Option<Zone>),
    /// The sum of a property.
    Sum(usize, Class),
    /// The mean of a property: a float for numbers, half to even for money (`money` true).
    Average { property: usize, class: Class, money: bool },
    /// The middle value of a property, or the mean of the two middle ones: a float for numbers, half to even for money.
    Median { property: usize, class: Class, money: bool },
    /// The least value of a property.
    Min(usize, Class),
    /// The greatest value of a property.
    Max(usize, Class),
    /// The oldest row.
    First,
    /// The newest row.
    Last,
    /// The newest row with the commonest value of a property; of two equally common the newer one.
    MostFrequent(usize, Class),
    /// The same of texts.
    MostFrequentText(usize, Sameness),
    /// The number of a stage, by the rows in two adjacent windows and before.
    Lifecycle { recent: usize, previous: usize },
    /// Whether a sequence took place; its first step is the aggregate's own rows too.
    Chain(Box<Chain>),
    /// At least one row, and each of them definitely so.
    Every(Plan),
}

/// One event after another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Chain {
    /// Which of the first step's rows may begin it; `None`: any.
    pub pin: Option<Pin>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// What did not happen after them.
    pub tail: Option<Tail>,
    /// Where steps ask about the event of the first one.
    pub alike: Option<Alike>,
    /// The zone that periods are counted in.
    pub zone: Option<Zone>,
}

/// The only row that begins a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pin {
    /// The oldest.
    First,
    /// The newest.
    Last,
}

/// An event of a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Step {
    /// Rows that fit; the function says nothing.
    pub rows: Aggregate,
    /// How long after the step before, at most.
    pub gap: Option<Period>,
    /// Rows that must not lie strictly between.
    pub without: Option<Aggregate>,
}

/// The end that did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tail {
    /// Rows that must not follow.
    pub rows: Aggregate,
    /// How long they had time.
    pub within: Period,
    /// Whether the time must not be over yet.
    pub yet: bool,
}

/// The rows of a first step that later steps ask about: those that agree in all that is asked can be looked at together, since
/// the same events may follow them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Alike {
    /// The slot that the row is kept in.
    pub slot: usize,
    /// The first step's rows that agree with the one in the slot; `None`: each is looked at alone.
    pub rows: Option<Aggregate>,
}

impl Chain {
    /// The rows of every role.
    pub fn roles(&self) -> impl Iterator<Item = &Aggregate> {
        let steps = self.steps.iter().flat_map(|step| std::iter::once(&step.rows).chain(&step.without));
        let alike = self.alike.as_ref().and_then(|alike| alike.rows.as_ref());
        steps.chain(self.tail.as_ref().map(|tail| &tail.rows)).chain(alike)
    }

    /// The same, to be changed.
    pub fn roles_mut(&mut self) -> impl Iterator<Item = &mut Aggregate> {
        let steps = self.steps.iter_mut().flat_map(|step| std::iter::once(&mut step.rows).chain(&mut step.without));
        let alike = self.alike.as_mut().and_then(|alike| alike.rows.as_mut());
        steps.chain(self.tail.as_mut().map(|tail| &mut tail.rows)).chain(alike)
    }
}

/// Calendar periods that rows are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CalendarPeriod {
    /// Days.
    Days,
    /// Weeks from their first day.
    Weeks(Weekday),
    /// Blocks of seven days that end at `now`.
    RollingWeeks,
    /// Months.
    Months,
}
