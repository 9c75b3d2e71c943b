//! What a condition says of one value.

use std::collections::HashMap;
use std::sync::Arc;

use super::asked::Asked;
use super::region::Region;
use crate::check::tree::{Clause, Constant, DayRelation, Expr, Kind, Measure, Part, Place};
use crate::leaf::standing::key_of;
use crate::schema::Type;
use crate::syntax::ast::{AggregateFunction, CompareOp, Edge, PeriodUnit};
use crate::time::{CivilWindow, Period};

/// A value that several conditions may be about: two equal ones are one value for every customer.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::check) enum Key {
    Attribute(Place, usize),
    RowAt,
    Definition(usize),
    Part(Part, Box<Key>),
    Age(Box<Key>),
    Length(Box<Key>),
    /// Over all events of a kind, in a window.
    Aggregate {
        function: AggregateFunction,
        distinct: bool,
        event: usize,
        window: Option<CivilWindow>,
        property: Option<usize>,
    },
    Edge {
        edge: Edge,
        event: usize,
        window: Option<CivilWindow>,
        property: Option<usize>,
    },
    Periods {
        unit: PeriodUnit,
        event: usize,
        window: Option<CivilWindow>,
    },
    /// A place in a population.
    Standing(String, Measure),
    /// How long ago, compared with amounts of one unit.
    Since(Box<Key>, Unit),
}

/// Amounts of time that can be told apart without a calendar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::check) enum Unit {
    Months,
    Days,
    Millis,
}

/// What holds of a value when a condition does.
pub(in crate::check) struct Say {
    pub key: Key,
    /// The values for which it is true; for every other it is false.
    pub values: Region,
    /// Whether it is true where there is no value.
    pub true_missing: bool,
    /// Whether it is true or unknown where there is no value.
    pub open_missing: bool,
}

/// Texts as numbers.
#[derive(Default)]
pub(in crate::check) struct Texts(HashMap<Arc<str>, i64>);

impl Texts {
    fn number(&mut self, text: &Arc<str>) -> i64 {
        let next = i64::try_from(self.0.len()).unwrap_or(i64::MAX);
        *self.0.entry(Arc::clone(text)).or_insert(next)
    }

    /// What a condition says of one value, if it is about one and fixed values.
    pub(super) fn say(&mut self, asked: Asked<'_>) -> Option<Say> {
        if let Kind::IsMissing(of) = &asked.expr.kind {
            let (key, holds) = (key(of)?, asked.holds);
            let values = if holds { Region::NONE } else { Region::all() };
            return Some(Say { key, values, true_missing: holds, open_missing: holds });
        }
        let (key, values) = self.true_for(asked.expr)?;
        let values = if asked.holds { values } else { values.not() };
        Some(Say { key, values, true_missing: false, open_missing: true })
    }

    fn true_for(&mut self, expr: &Expr) -> Option<(Key, Region)> {
        match &expr.kind {
            Kind::Attribute(..) if expr.ty == Type::Bool => Some((key(expr)?, Region::point(1))),
            Kind::Compare { op, left, right, ignoring_case: false } => match (&left.kind, &right.kind) {
                (_, Kind::Constant(constant)) => self.compared(*op, left, constant),
                (Kind::Constant(constant), _) => self.compared(op.mirrored(), right, constant),
                _ => None,
            },
            Kind::Between { subject, low, high } => match (&low.kind, &high.kind) {
                (Kind::Constant(low), Kind::Constant(high)) => {
                    let (low, high) = (self.word(low)?, self.word(high)?);
                    // Past midnight, between is what is not outside.
                    let values = match low <= high {
                        true => Region::range(low, high),
                        false => Region::range(high.saturating_add(1), low.saturating_sub(1)).not(),
                    };
                    Some((key(subject)?, values))
                }
                _ => None,
            },
            Kind::In { subject, items, ignoring_case: false } => {
                let words = items.iter().map(|item| self.word(item)).collect::<Option<Vec<i64>>>()?;
                Some((key(subject)?, Region::points(words)))
            }
            Kind::Day { relation, subject, other } if subject.ty == Type::Date => match &other.kind {
                Kind::Constant(day) => {
                    let day = self.word(day)?;
                    let values = match relation {
                        DayRelation::Before => Region::below(day),
                        DayRelation::After => Region::above(day),
                        DayRelation::On => Region::point(day),
                        DayRelation::OnOrBefore => Region::above(day).not(),
                        DayRelation::OnOrAfter => Region::below(day).not(),
                    };
                    Some((key(subject)?, values))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn compared(&mut self, op: CompareOp, subject: &Expr, constant: &Constant) -> Option<(Key, Region)> {
        let (unit, values) = self.values(op, constant)?;
        let key = match (&subject.kind, unit) {
            (Kind::TimeSince(of), Some(unit)) => Key::Since(Box::new(key(of)?), unit),
            _ => key(subject)?,
        };
        Some((key, values))
    }

    /// The values that compare so with a constant; amounts of time are counted in a unit of their own.
    pub fn values(&mut self, op: CompareOp, constant: &Constant) -> Option<(Option<Unit>, Region)> {
        let (unit, word) = match constant {
            Constant::Period(period) => {
                let (amount, unit) = single(*period)?;
                // Moments lie between whole amounts, so these take the even numbers.
                (Some(unit), amount.checked_mul(2)?)
            }
            constant => (None, self.word(constant)?),
        };
        Some((unit, compared(op, word)))
    }

    /// A constant in an order that its type has, if it has one, else as a number of its own.
    fn word(&mut self, constant: &Constant) -> Option<i64> {
        Some(match constant {
            Constant::Bool(value) => i64::from(*value),
            Constant::Int(value) | Constant::Money(value) => *value,
            Constant::Number(value) => key_of(*value),
            Constant::Text(text) => self.number(text),
            Constant::Category(index) => i64::try_from(*index).ok()?,
            Constant::Date(date) => date.days().into(),
            Constant::Instant(at) => at.millis(),
            Constant::Time(time) => time.millis().into(),
            // Versions have an order, but no numbers.
            Constant::Version(_) | Constant::Point(_) | Constant::Period(_) => return None,
        })
    }
}

pub(in crate::check) fn compared(op: CompareOp, word: i64) -> Region {
    match op {
        CompareOp::Equal => Region::point(word),
        CompareOp::NotEqual => Region::point(word).not(),
        CompareOp::Less => Region::below(word),
        CompareOp::LessOrEqual => Region::above(word).not(),
        CompareOp::Greater => Region::above(word),
        CompareOp::GreaterOrEqual => Region::below(word).not(),
    }
}

fn single(period: Period) -> Option<(i64, Unit)> {
    match (period.months, period.days, period.millis) {
        (months, 0, 0) if months != 0 => Some((months.into(), Unit::Months)),
        (0, days, 0) => Some((days.into(), Unit::Days)),
        (0, 0, millis) => Some((millis, Unit::Millis)),
        _ => None,
    }
}

fn key(expr: &Expr) -> Option<Key> {
    Some(match &expr.kind {
        Kind::Attribute(place, index) => Key::Attribute(*place, *index),
        Kind::RowAt => Key::RowAt,
        Kind::Definition(id) => Key::Definition(*id),
        Kind::Part { part, of } => Key::Part(*part, Box::new(key(of)?)),
        Kind::Age(of) => Key::Age(Box::new(key(of)?)),
        Kind::Length(of) => Key::Length(Box::new(key(of)?)),
        Kind::Aggregate { function, distinct, clause, property } => {
            let (event, window) = unfiltered(clause)?;
            Key::Aggregate { function: *function, distinct: *distinct, event, window, property: *property }
        }
        Kind::Edge { edge, clause, property } => {
            let (event, window) = unfiltered(clause)?;
            Key::Edge { edge: *edge, event, window, property: *property }
        }
        Kind::Periods { unit, clause } => {
            let (event, window) = unfiltered(clause)?;
            Key::Periods { unit: *unit, event, window }
        }
        Kind::Standing { text, measure, .. } => Key::Standing(text.clone(), *measure),
        _ => return None,
    })
}

fn unfiltered(clause: &Clause) -> Option<(usize, Option<CivilWindow>)> {
    // Whatever else a clause comes to say must be part of the key, or make it none.
    let Clause { event, alias: _, filter, window, span: _ } = clause;
    let window = match window {
        Some(window) => Some(window.civil()?),
        None => None,
    };
    filter.is_none().then_some((*event, window))
}

/// The expression that a condition compares with fixed values.
pub(in crate::check) fn subject(expr: &Expr) -> &Expr {
    match &expr.kind {
        Kind::Compare { left, right, .. } if matches!(left.kind, Kind::Constant(_)) => right,
        Kind::Compare { left: of, .. }
        | Kind::Between { subject: of, .. }
        | Kind::In { subject: of, .. }
        | Kind::Day { subject: of, .. }
        | Kind::IsMissing(of) => of,
        _ => expr,
    }
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn numbers_keep_their_order() {
        let numbers = [f64::NEG_INFINITY, -1e300, -1.0, -f64::MIN_POSITIVE, 0.0, 1e-300, 0.2, 1.0, f64::INFINITY];
        assert!(numbers.windows(2).all(|pair| key_of(pair[0]) < key_of(pair[1])));
        assert_eq!(key_of(-0.0), key_of(0.0));
        assert_eq!(key_of(1.0) + 1, key_of(1.0f64.next_up()));
        assert_eq!(key_of(-1.0) - 1, key_of((-1.0f64).next_down()));
    }
}
