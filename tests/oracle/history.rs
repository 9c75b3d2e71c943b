//! Events: which ones a clause keeps, and what is counted over them.

use std::cmp::Ordering;

use nextbest::check::tree::{Clause, Expr, Window};
use nextbest::syntax::ast::{AggregateFunction, Edge, PeriodUnit};
use nextbest::{CalendarUnit, CivilWindow, Date, Instant, Range, Type};

use super::Oracle;
use super::customer::Row;
use super::interpret::{Scope, anchored};
use super::order::exact;
use super::text;
use super::value::{Truth, Val};

/// What a clause keeps, oldest first.
pub struct Kept<'a> {
    pub rows: Vec<&'a Row>,
    /// Events of the window may be lacking.
    open: bool,
    /// From when to when, both included.
    pub lacking: Option<(Instant, Instant)>,
}

/// Where an event stands among all of a customer: instant, sequence, kind, place in its history.
pub type Place = (Instant, u64, usize, usize);

impl<'a> Oracle<'a> {
    /// The rows of a clause's window for which its filter is definitely true; `None` where the window is counted from a
    /// moment that is missing.
    pub fn kept(&self, clause: &Clause, scope: Scope<'a>) -> Option<Kept<'a>> {
        if self.rules.shape.events[clause.event].timeless {
            return self.kept_items(clause, scope);
        }
        let window = match &clause.window {
            Some(Window::Civil(window)) => window.resolve(self.now, scope.zone, self.rules.week_start),
            Some(Window::Anchored { side, length, anchor }) => {
                let anchor = self.value(anchor, scope)?;
                match anchored(*side, *length, &anchor, false, scope.zone) {
                    // From an instant on: after the one before it.
                    (Some(Val::Instant(low)), Some(Val::Instant(high))) => {
                        Range { after: low.saturating_sub_millis(1), until: high }.clipped(self.now)
                    }
                    _ => return None,
                }
            }
            None => Range::up_to(self.now),
        };
        let complete_since = self.members(clause.event).into_iter().filter_map(|kind| self.since(kind)).max();
        let mut rows = self.sorted(clause.event);
        rows.retain(|row| window.contains(row.at));
        if let Some(filter) = &clause.filter {
            rows.retain(|row| self.truth(filter, scope.on(clause, row)) == Truth::True);
        }
        let first_instant = window.after.saturating_add_millis(1);
        let open = !window.is_empty() && complete_since.is_some_and(|since| first_instant < since);
        let since = complete_since.filter(|_| open);
        let lacking = since.map(|since| (first_instant, window.until.min(since.saturating_sub_millis(1))));
        Some(Kept { rows, open, lacking })
    }

    /// The same of a list of items, in its order; `None` where it is missing.
    fn kept_items(&self, clause: &Clause, scope: Scope<'a>) -> Option<Kept<'a>> {
        assert!(clause.window.is_none(), "items have no time");
        let items = self.customer.items.get(&self.rules.shape.events[clause.event].name)?;
        let keeps = |row: &&'a Row| match &clause.filter {
            Some(filter) => self.truth(filter, scope.on(clause, row)) == Truth::True,
            None => true,
        };
        Some(Kept { rows: items.iter().filter(keeps).collect(), open: false, lacking: None })
    }

    /// All events of a kind in their order.
    pub fn sorted(&self, event: usize) -> Vec<&'a Row> {
        self.placed(event).into_iter().map(|(_, row)| row).collect()
    }

    /// The same with where each stands among all events.
    pub fn placed(&self, event: usize) -> Vec<(Place, &'a Row)> {
        let mut placed = Vec::new();
        for kind in self.members(event) {
            let history = self.customer.histories.get(&self.rules.shape.events[kind].name);
            let mut rows: Vec<&Row> = history.iter().flat_map(|history| &history.rows).collect();
            rows.sort_by_key(|row| (row.at, row.sequence));
            let place = |(number, row): (usize, &'a Row)| ((row.at, row.sequence, kind, number), row);
            placed.extend(rows.into_iter().enumerate().map(place));
        }
        placed.sort_by_key(|(place, _)| *place);
        placed
    }

    /// Of a group its kinds.
    fn members(&self, event: usize) -> Vec<usize> {
        let group = self.rules.groups.iter().find(|group| group.event == event);
        group.map_or(vec![event], |group| group.members.clone())
    }

    fn since(&self, kind: usize) -> Option<Instant> {
        self.customer.histories.get(&self.rules.shape.events[kind].name)?.complete_since
    }

    /// Whether an event of another kind of the group may be lacking after a row.
    pub fn may_lack_after(&self, event: usize, row: &Row) -> bool {
        let others = self
            .members(event)
            .into_iter()
            .filter(|&kind| !self.placed(kind).iter().any(|(_, own)| std::ptr::eq(*own, row)));
        others.filter_map(|kind| self.since(kind)).any(|since| row.at < since)
    }

    pub fn any_event(&self, clause: &Clause, scope: Scope<'a>) -> Truth {
        let Some(kept) = self.kept(clause, scope) else { return Truth::Unknown };
        match (kept.rows.is_empty(), kept.open) {
            (false, _) => Truth::True,
            (true, true) => Truth::Unknown,
            (true, false) => Truth::False,
        }
    }

    pub fn all_events(&self, clause: &Clause, have: &Expr, scope: Scope<'a>) -> Truth {
        let Some(kept) = self.kept(clause, scope) else { return Truth::Unknown };
        let fails = |row: &&Row| self.truth(have, scope.on(clause, row)) != Truth::True;
        if kept.rows.iter().any(fails) {
            return Truth::False;
        }
        match kept.open {
            true => Truth::Unknown,
            false => (!kept.rows.is_empty()).into(),
        }
    }

    pub fn aggregate(
        &self,
        (function, distinct): (AggregateFunction, bool),
        clause: &Clause,
        property: Option<usize>,
        scope: Scope<'a>,
        ty: &Type,
    ) -> Option<Val> {
        let kept = self.kept(clause, scope)?;
        let Some(property) = property else {
            assert_eq!(function, AggregateFunction::Count, "only counts are of whole events");
            return Some(count(kept.rows.len(), kept.open));
        };
        let mut values: Vec<Val> =
            kept.rows.iter().filter_map(|row| self.property(clause.event, property, row)).collect();
        if distinct {
            let nocase = self.rules.shape.events[clause.event].properties[property].nocase;
            values = without_repetitions(values, nocase);
        }
        match function {
            AggregateFunction::Count => Some(count(values.len(), kept.open)),
            _ if kept.open => None,
            AggregateFunction::Sum => sum(&values, ty),
            AggregateFunction::Average => average(&values),
            AggregateFunction::Median => median(values),
            AggregateFunction::Min => values.into_iter().min_by(by_order),
            AggregateFunction::Max => values.into_iter().max_by(by_order),
        }
    }

    pub fn edge(&self, edge: Edge, clause: &Clause, property: Option<usize>, scope: Scope<'a>) -> Option<Val> {
        let kept = self.kept(clause, scope)?;
        let row = match edge {
            // The first one may be among those that are lacking.
            Edge::First | Edge::MostFrequent if kept.open => return None,
            Edge::First => kept.rows.first()?,
            Edge::Last => kept.rows.last().filter(|row| !self.may_lack_after(clause.event, row))?,
            Edge::MostFrequent => {
                let value = |row: &Row| self.property(clause.event, property.expect("of what"), row);
                let nocase = property.is_some_and(|p| self.rules.shape.events[clause.event].properties[p].nocase);
                let same = |row: &Row, other: &Row| match (value(row), value(other)) {
                    (Some(Val::Text(one)), Some(Val::Text(other))) => text::equal(&one, &other, nocase),
                    (Some(one), Some(other)) => exact(&one, &other).is_some_and(|ordering| ordering.is_eq()),
                    _ => false,
                };
                let times = |row: &Row| kept.rows.iter().filter(|other| same(row, other)).count();
                // Of equal maxima the last one, and rows are sorted by age.
                kept.rows.iter().filter(|row| times(row) > 0).max_by_key(|row| times(row))?
            }
        };
        match property {
            Some(property) => self.property(clause.event, property, row),
            None => Some(Val::Instant(row.at)),
        }
    }

    pub fn periods(&self, unit: PeriodUnit, clause: &Clause, scope: Scope<'a>) -> Option<Val> {
        let kept = self.kept(clause, scope)?;
        let unit = match unit {
            PeriodUnit::RollingWeeks => return Some(self.rolling_weeks(&kept, scope)),
            PeriodUnit::Days => CalendarUnit::Day,
            PeriodUnit::Weeks => CalendarUnit::Week,
            PeriodUnit::Months => CalendarUnit::Month,
        };
        let first_day = |row: &&Row| scope.zone.date_of(row.at).first_of(unit, self.rules.week_start);
        let mut periods: Vec<Date> = kept.rows.iter().map(first_day).collect();
        periods.sort();
        periods.dedup();
        Some(count(periods.len(), kept.open))
    }

    /// never, new, returning, resurrected, dormant, lapsed: the first event, and the two latest periods, tell.
    pub fn lifecycle(&self, clause: &Clause, period: nextbest::Period, scope: Scope<'a>) -> Option<Val> {
        let twice = nextbest::Period { months: 2 * period.months, days: 2 * period.days, millis: 2 * period.millis };
        let in_window =
            |window| self.any_event(&Clause { window: Some(Window::Civil(window)), ..clause.clone() }, scope).known();
        let now = in_window(CivilWindow::Last(period))?;
        let before = in_window(CivilWindow::Ago { from: twice, to: period })?;
        let stage = match (now, before) {
            (true, true) => 2,
            (false, true) => 4,
            (true, false) => {
                if in_window(CivilWindow::UntilAgo(twice))? {
                    3
                } else {
                    1
                }
            }
            (false, false) => {
                if in_window(CivilWindow::UntilAgo(twice))? {
                    5
                } else {
                    0
                }
            }
        };
        Some(Val::Category(stage))
    }

    /// The blocks (now − 7 (n + 1) days, now − 7 n days] that hold an event; n is negative after now.
    fn rolling_weeks(&self, kept: &Kept<'_>, scope: Scope<'a>) -> Val {
        let end = |n: i64| {
            let days = i32::try_from(7 * n.abs()).expect("a few years");
            let days = nextbest::Period::of_days(days);
            if n < 0 { scope.zone.plus(self.now, days) } else { scope.zone.minus(self.now, days) }
        };
        let block = |row: &&Row| {
            let roughly = (self.now.millis() - row.at.millis()).div_euclid(7 * 86_400_000);
            (roughly - 2..=roughly + 2).find(|&n| end(n + 1) < row.at && row.at <= end(n)).expect("in some block")
        };
        let mut blocks: Vec<i64> = kept.rows.iter().map(block).collect();
        blocks.sort_unstable();
        blocks.dedup();
        count(blocks.len(), kept.open)
    }
}

/// Of two middle values what lies halfway.
fn median(mut values: Vec<Val>) -> Option<Val> {
    values.sort_by(by_order);
    let n = values.len();
    if n == 0 {
        return None;
    }
    match &values[(n - 1) / 2..=n / 2] {
        // The sum of two numbers can be too large for a number, what lies between them cannot.
        [Val::Number(low), Val::Number(high)] if !(low + high).is_finite() => Some(Val::Number(low / 2.0 + high / 2.0)),
        middle => average(middle),
    }
}

fn by_order(left: &Val, right: &Val) -> Ordering {
    exact(left, right).expect("values of one property")
}

fn count(rows: usize, open: bool) -> Val {
    let rows = rows as i64;
    if open { Val::AtLeast(rows) } else { Val::Int(rows) }
}

fn without_repetitions(values: Vec<Val>, nocase: bool) -> Vec<Val> {
    let mut different: Vec<Val> = Vec::new();
    let same = |a: &Val, b: &Val| match (a, b) {
        (Val::Text(a), Val::Text(b)) => text::equal(a, b, nocase),
        _ => exact(a, b).is_some_and(|ordering| ordering.is_eq()),
    };
    for value in values {
        if !different.iter().any(|seen| same(seen, &value)) {
            different.push(value);
        }
    }
    different
}

fn sum(values: &[Val], ty: &Type) -> Option<Val> {
    match ty {
        Type::Int => i64::try_from(exact_sum(values)).ok().map(Val::Int),
        Type::Money(_) => i64::try_from(exact_sum(values)).ok().map(Val::Money),
        Type::Number | Type::Percent => finite(float_sum(values)).map(Val::Number),
        _ => panic!("no sums of {ty}"),
    }
}

/// Of ints it is a number.
fn average(values: &[Val]) -> Option<Val> {
    let n = values.len();
    match values.first()? {
        // An average of whole numbers lies between them, so it overflows nothing.
        Val::Money(_) => i64::try_from(divide_half_even(exact_sum(values), n as i128)).ok().map(Val::Money),
        Val::Int(_) => finite(exact_sum(values) as f64 / n as f64).map(Val::Number),
        Val::Number(_) => finite(float_sum(values)).and_then(|sum| finite(sum / n as f64)).map(Val::Number),
        value => panic!("no averages of {value}"),
    }
}

fn exact_sum(values: &[Val]) -> i128 {
    let whole = |value: &Val| match value {
        Val::Int(value) | Val::Money(value) => i128::from(*value),
        _ => panic!("{value} is not whole"),
    };
    values.iter().map(whole).sum()
}

/// Oldest first, as the rows are.
fn float_sum(values: &[Val]) -> f64 {
    let mut total = 0.0;
    for value in values {
        match value {
            Val::Number(value) => total += value,
            _ => panic!("{value} is no number"),
        }
    }
    total
}

pub fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// `numerator / denominator`, to the nearest; of two equally near, to the even one.
pub fn divide_half_even(numerator: i128, denominator: i128) -> i128 {
    let (numerator, denominator) = if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    let (below, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    match (2 * rest).cmp(&denominator) {
        Ordering::Less => below,
        Ordering::Greater => below + 1,
        Ordering::Equal => below + below.rem_euclid(2),
    }
}
