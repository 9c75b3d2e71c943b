//! What a condition says of one value.

use std::sync::Arc;

use super::asked::Asked;
use super::region::Region;
use crate::check::tree::{Body, Clause, Constant, DayRelation, Definition, Expr, Kind, Part, Place};
use crate::schema::Type;
use crate::syntax::ast::{AggregateFunction, CompareOp, Edge, PeriodUnit};
use crate::time::{CivilWindow, Period};

/// A value that several conditions may be about: two equal ones are one value for every customer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
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
    /// How long ago, compared with amounts of one unit.
    Since(Box<Key>, Unit),
}

/// Amounts of time that can be told apart without a calendar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unit {
    Months,
    Days,
    Millis,
}

/// What holds of a value when a condition does.
pub(super) struct Say {
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
pub(super) struct Texts(Vec<Arc<str>>);

impl Texts {
    fn number(&mut self, text: &Arc<str>) -> i64 {
        let found = self.0.iter().position(|known| known == text);
        let number = found.unwrap_or_else(|| {
            self.0.push(Arc::clone(text));
            self.0.len().saturating_sub(1)
        });
        i64::try_from(number).unwrap_or(i64::MAX)
    }

    /// What a condition says of one value, if it is about one and fixed values.
    pub fn say(&mut self, asked: Asked<'_>) -> Option<Say> {
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
                    Some((key(subject)?, Region::range(self.word(low)?, self.word(high)?)))
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
        let (key, word) = match (&subject.kind, constant) {
            (Kind::TimeSince(of), Constant::Period(period)) => {
                let (amount, unit) = single(*period)?;
                // Moments lie between whole amounts, so these take the even numbers.
                (Key::Since(Box::new(key(of)?), unit), amount.checked_mul(2)?)
            }
            _ => (key(subject)?, self.word(constant)?),
        };
        Some((key, compared(op, word)))
    }

    /// A constant in an order that its type has, if it has one, else as a number of its own.
    fn word(&mut self, constant: &Constant) -> Option<i64> {
        Some(match constant {
            Constant::Bool(value) => i64::from(*value),
            Constant::Int(value) | Constant::Money(value) => *value,
            Constant::Number(value) => ordered(*value),
            Constant::Text(text) => self.number(text),
            Constant::Category(index) => i64::try_from(*index).ok()?,
            Constant::Date(date) => date.days().into(),
            Constant::Instant(at) => at.millis(),
            Constant::Period(_) => return None,
        })
    }
}

pub(super) fn compared(op: CompareOp, word: i64) -> Region {
    match op {
        CompareOp::Equal => Region::point(word),
        CompareOp::NotEqual => Region::point(word).not(),
        CompareOp::Less => Region::below(word),
        CompareOp::LessOrEqual => Region::above(word).not(),
        CompareOp::Greater => Region::above(word),
        CompareOp::GreaterOrEqual => Region::below(word).not(),
    }
}

/// Numbers as whole numbers in the same order, next to each other where no number lies between.
fn ordered(number: f64) -> i64 {
    // Two zeros are one number.
    let bits = (number + 0.0).to_bits().cast_signed();
    if bits < 0 { !(bits & i64::MAX) } else { bits }
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
        _ => return None,
    })
}

fn unfiltered(clause: &Clause) -> Option<(usize, Option<CivilWindow>)> {
    clause.filter.is_none().then_some((clause.event, clause.window))
}

/// The values that an expression can have, with the words for it, where its form alone limits them.
pub(super) fn domain(expr: &Expr, definitions: &[Definition]) -> Option<(Region, String)> {
    let from_zero = |what: &str| Some((Region::below(0).not(), format!("{what} is never below 0")));
    let parts =
        |what: &str, low, high| Some((Region::range(low, high), format!("{what} lies between {low} and {high}")));
    match (&expr.kind, &expr.ty) {
        (Kind::Age(_), _) => from_zero("an age"),
        (Kind::Length(_), _) => from_zero("a length"),
        (Kind::Periods { .. } | Kind::Aggregate { function: AggregateFunction::Count, .. }, _) => from_zero("a count"),
        (Kind::Part { part: Part::Hour, .. }, _) => parts("an hour", 0, 23),
        (Kind::Part { part: Part::Month, .. }, _) => parts("a month", 1, 12),
        (Kind::Part { part: Part::Day, .. }, _) => parts("a day of the month", 1, 31),
        (Kind::Definition(id), Type::Int) => {
            let definition = definitions.get(*id)?;
            let Body::Score { bands, otherwise } = &definition.body else { return None };
            let mut values = Vec::new();
            for value in bands.iter().map(|(_, value)| value).chain([otherwise]) {
                let Kind::Constant(Constant::Int(value)) = value.kind else { return None };
                values.push(value);
            }
            values.sort_unstable();
            values.dedup();
            let shown: Vec<String> = values.iter().map(ToString::to_string).collect();
            Some((Region::points(values), format!("`{}` is one of {}", definition.name, shown.join(", "))))
        }
        (_, Type::Enum(names)) => {
            let last = i64::try_from(names.len()).ok()?.checked_sub(1)?;
            Some((Region::range(0, last), format!("there are only {} choices", names.len())))
        }
        (_, Type::Bool) => Some((Region::range(0, 1), "there is only yes and no".to_owned())),
        _ => None,
    }
}

/// The expression that a condition compares with fixed values.
pub(super) fn subject(expr: &Expr) -> &Expr {
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
    use super::ordered;

    #[test]
    fn numbers_keep_their_order() {
        let numbers = [f64::NEG_INFINITY, -1e300, -1.0, -f64::MIN_POSITIVE, 0.0, 1e-300, 0.2, 1.0, f64::INFINITY];
        assert!(numbers.windows(2).all(|pair| ordered(pair[0]) < ordered(pair[1])));
        assert_eq!(ordered(-0.0), ordered(0.0));
        assert_eq!(ordered(1.0) + 1, ordered(1.0f64.next_up()));
        assert_eq!(ordered(-1.0) - 1, ordered((-1.0f64).next_down()));
    }
}
