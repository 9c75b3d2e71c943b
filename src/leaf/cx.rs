//! What an evaluation knows besides the thing it reads.

use std::any::Any;
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Deref;
use std::sync::Arc;

use super::Scratch;
use super::plan::{Place, TimeKind, TimeSpec};
use super::standing::Ranking;
use crate::time::{Instant, Weekday, Zone};

/// The point in time and space of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Now, as the caller says.
    pub now: Instant,
    /// The customer's zone, or the ruleset's where the customer has none.
    pub zone: Zone,
    /// The first day of a week.
    pub week_start: Weekday,
}

/// A context value, held by the request.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Int, money, date, instant, enum, bool.
    Word(i64),
    /// Number, percent.
    Float(f64),
    /// Text.
    Text(String),
}

/// What stays the same from one customer to the next: the moment, the context, the program and the working memory.
pub struct Frame<'a> {
    pub(crate) moment: Moment,
    pub(crate) context: Cow<'a, [Option<Held>]>,
    /// The rows that candidates are made of.
    pub(crate) rows: &'a [Box<[Option<Held>]>],
    /// What the request's population says to each question about it.
    pub(crate) rankings: Cow<'a, [Option<Arc<Ranking>>]>,
    pub(crate) times: &'a [TimeSpec],
    /// The `Program` of the customer's type, for shared definitions.
    pub(crate) program: &'a dyn Any,
    pub(crate) scratch: &'a Scratch,
}

/// One evaluation: the customer, within a frame.
pub struct Cx<'a> {
    frame: &'a Frame<'a>,
    /// The customer, for tests on rows that look outward, which do not know its type.
    customer: &'a dyn Any,
    pub(crate) row: Cell<usize>,
    /// The number of the row that the candidate at hand is made of.
    pub(crate) made_of: Cell<Option<usize>>,
}

impl<'a> Deref for Cx<'a> {
    type Target = Frame<'a>;

    #[inline]
    fn deref(&self) -> &Frame<'a> {
        self.frame
    }
}

impl Frame<'_> {
    /// The evaluation of one customer.
    #[inline]
    pub(crate) fn of<'c>(&'c self, customer: &'c dyn Any) -> Cx<'c> {
        Cx { frame: self, customer, row: Cell::new(0), made_of: Cell::new(None) }
    }
}

impl<'a> Cx<'a> {
    /// The row of the history that a test on events is to read.
    #[inline]
    pub fn row(&self) -> usize {
        self.row.get()
    }

    /// A value of the context, or of the row that the candidate at hand is made of.
    #[inline]
    pub(crate) fn held(&self, place: Place, index: usize) -> Option<&Held> {
        match place {
            Place::Context => self.context.get(index)?.as_ref(),
            Place::Catalog => self.rows.get(self.made_of.get()?)?.get(index)?.as_ref(),
            Place::Customer | Place::List | Place::Row => None,
        }
    }

    /// Now, in milliseconds.
    pub(crate) fn now(&self) -> i64 {
        self.moment.now.millis()
    }

    /// A zone written in the rule, or the evaluation's.
    pub(crate) fn zone(&self, written: Option<Zone>) -> Zone {
        written.unwrap_or(self.moment.zone)
    }

    /// What the population says to a question; `None` without one.
    pub(crate) fn ranking(&self, standing: usize) -> Option<&Ranking> {
        self.rankings.get(standing)?.as_deref()
    }

    pub(crate) fn customer<P: 'static>(&self) -> Option<&'a P> {
        self.customer.downcast_ref()
    }

    /// The inclusive bounds of a time; an unknown one is empty.
    #[inline]
    pub(crate) fn time(&self, id: usize) -> (i64, i64) {
        match self.scratch.time(id) {
            Some(bounds) => bounds,
            None => self.resolve(id),
        }
    }

    #[cold]
    fn resolve(&self, id: usize) -> (i64, i64) {
        let Some(spec) = self.times.get(id) else { return (i64::MAX, i64::MIN) };
        let (low, high) = self.bounds(spec);
        self.scratch.keep_time(id, low, high);
        (low, high)
    }

    /// What a time means at this moment.
    pub(crate) fn bounds(&self, spec: &TimeSpec) -> (i64, i64) {
        let zone = self.zone(spec.zone);
        let Moment { now, week_start, .. } = self.moment;
        let days =
            |first: crate::time::Date, last: crate::time::Date| (i64::from(first.days()), i64::from(last.days()));
        let instants = |range: crate::time::Range| (range.after.millis().saturating_add(1), range.until.millis());
        match spec.kind {
            TimeKind::Events(window) => instants(window.resolve(now, zone, week_start)),
            TimeKind::Instants(window) => instants(window.resolve_attribute(now, zone, week_start)),
            TimeKind::Days(window) => {
                let range = window.resolve_dates(zone.date_of(now), week_start);
                days(range.first, range.last)
            }
            TimeKind::Ago(period) => (i64::MIN, zone.minus(now, period).millis()),
            TimeKind::BeforeAgo(period) => (i64::MIN, zone.minus(now, period).millis().saturating_sub(1)),
            TimeKind::DaysAgo(period) => {
                let day = zone.date_of(now).minus(period);
                (i64::MIN, day.map_or(i64::MIN, |day| day.days().into()))
            }
            TimeKind::OfDay(day) => (zone.start_of_day(day).millis(), zone.end_of_day(day).millis()),
            TimeKind::BeforeDay(day) => (i64::MIN, zone.start_of_day(day).millis().saturating_sub(1)),
            TimeKind::AfterDay(day) => (zone.end_of_day(day).millis().saturating_add(1), i64::MAX),
            TimeKind::Today => {
                let today = zone.date_of(now);
                days(today, today)
            }
        }
    }
}
