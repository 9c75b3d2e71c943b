//! Checked expressions → values, and event clauses → aggregates.

use std::sync::Arc;

use super::lowering::Lowering;
use crate::check::tree::{
    Clause, Constant, Expr, Kind, Measure, Part as CheckedPart, Place as CheckedPlace, Window as CheckedWindow,
};
use crate::leaf::form::Bits;
use crate::leaf::plan::{
    Aggregate, CalendarPeriod, Class, Function, Operation, Part, Place, Sameness, TimeKind, Value, Window,
};
use crate::schema::{Attribute, Type};
use crate::syntax::ast::{AggregateFunction, ArithmeticOp, Edge, PeriodUnit, Side};
use crate::time::{CivilWindow, Period, Zone};

impl Lowering<'_> {
    /// The value of an expression; `zone` is the one written in the rule.
    pub fn value(&mut self, expr: &Expr, zone: Option<Zone>) -> Value {
        match &expr.kind {
            Kind::Constant(constant) => constant_value(constant),
            Kind::Attribute(place, index) => attribute(*place, *index),
            Kind::Item { place, index, key } => match attribute(*place, *index) {
                Value::Attribute(place, index) => Value::Item(place, index, key.as_str().into()),
                // The checker takes no item of a map of an outer row.
                other => other,
            },
            Kind::RowAt => Value::RowAt,
            Kind::OuterAt { slot, event } => Value::Outer { slot: *slot, kind: *event, property: None },
            Kind::Definition(id) if expr.ty == Type::Bool => self.truth(expr, zone, *id),
            Kind::Definition(id) => {
                let source = self.source(*id);
                self.ask_value(source);
                Value::Named(source)
            }
            Kind::Now => Value::Now,
            Kind::Today => Value::Time(self.time(TimeKind::Today, zone)),
            Kind::Aggregate { clause, .. } | Kind::Periods { clause, .. } => {
                let function = self.function(expr, clause, zone);
                Value::Aggregate(self.clause(clause, function, zone))
            }
            Kind::Edge { edge, clause, property } => {
                let function = match (edge, property) {
                    (Edge::First, _) => Function::First,
                    (Edge::MostFrequent, Some(property)) => match self.property_class(clause, *property) {
                        Class::Text => Function::MostFrequentText(*property, self.sameness(clause, *property)),
                        class => Function::MostFrequent(*property, class),
                    },
                    (Edge::Last | Edge::MostFrequent, _) => Function::Last,
                };
                Value::Edge { aggregate: self.clause(clause, function, zone), property: *property }
            }
            Kind::Lifecycle { clause, period, twice } => {
                let recent = self.time(TimeKind::Events(CivilWindow::Last(*period)), zone);
                let previous = self.time(TimeKind::Events(CivilWindow::Ago { from: *twice, to: *period }), zone);
                Value::Aggregate(self.clause(clause, Function::Lifecycle { recent, previous }, zone))
            }
            Kind::Part { part, of } => self.part(*part, of, zone),
            Kind::Age(birth) => {
                let today = self.time(TimeKind::Today, zone);
                Value::Age { birth: Box::new(self.value(birth, zone)), today, leap_day: self.rules.leap_day }
            }
            Kind::Anniversary(of) => {
                let today = self.time(TimeKind::Today, zone);
                Value::Anniversary { of: Box::new(self.value(of, zone)), today, leap_day: self.rules.leap_day }
            }
            Kind::Call { function, arguments } => self.call(*function, arguments, zone),
            Kind::Length(of) => Value::Length(Box::new(self.value(of, zone))),
            Kind::Version { reading, of } => Value::Version(*reading, Box::new(self.value(of, zone))),
            Kind::Point(lat, lon) => Value::Point(Box::new(self.value(lat, zone)), Box::new(self.value(lon, zone))),
            Kind::Distance(from, to) => {
                Value::Distance(Box::new(self.value(from, zone)), Box::new(self.value(to, zone)))
            }
            Kind::ToNumber(of) => Value::ToFloat(Box::new(self.value(of, zone))),
            Kind::Logistic(of) => Value::Logistic(Box::new(self.value(of, zone))),
            Kind::Standing { by, text, measure } => self.standing_of(by, text, *measure, zone),
            Kind::Share { numerator, denominator, of } => {
                Value::Share { numerator: *numerator, denominator: *denominator, of: Box::new(self.value(of, zone)) }
            }
            Kind::Arithmetic { op, left, right } => {
                let operation = operation(*op, &left.ty, &right.ty);
                Value::Arithmetic(operation, Box::new(self.value(left, zone)), Box::new(self.value(right, zone)))
            }
            // A condition as a value; the checker lets only plain ones through.
            _ => Value::Truth {
                yes: Box::new(self.condition(expr, true, zone)),
                no: Box::new(self.condition(expr, false, zone)),
            },
        }
    }

    fn standing_of(&mut self, by: &Expr, text: &str, measure: Measure, zone: Option<Zone>) -> Value {
        let standing = self.standing(text, zone, measure);
        Value::Standing { standing, class: by.ty.class(), by: Box::new(self.value(by, zone)) }
    }

    fn truth(&mut self, expr: &Expr, zone: Option<Zone>, id: usize) -> Value {
        self.ask_condition(id, true);
        self.ask_condition(id, false);
        Value::Truth {
            yes: Box::new(self.condition(expr, true, zone)),
            no: Box::new(self.condition(expr, false, zone)),
        }
    }

    fn call(&mut self, function: usize, arguments: &[Expr], zone: Option<Zone>) -> Value {
        let cost = self.rules.shape.functions.get(function).map_or(0, |signature| signature.cost);
        let arguments = arguments.iter().map(|argument| (argument.ty.class(), self.value(argument, zone)));
        Value::Call { function, arguments: arguments.collect(), cost }
    }

    fn part(&mut self, part: CheckedPart, of: &Expr, zone: Option<Zone>) -> Value {
        let instant = of.ty == Type::Instant;
        let of = self.value(of, zone);
        let part = match part {
            CheckedPart::Date => Part::DateOf,
            CheckedPart::Time => Part::TimeOf,
            CheckedPart::Hour => Part::Hour,
            CheckedPart::Year => Part::Year,
            CheckedPart::Month => Part::Month,
            CheckedPart::Day => Part::Day,
            CheckedPart::Weekday => Part::Weekday,
            CheckedPart::Season => Part::Season(self.rules.hemisphere),
        };
        match part {
            Part::DateOf | Part::TimeOf | Part::Hour => Value::Part { part, of: Box::new(of), zone },
            _ if instant => {
                let day = Value::Part { part: Part::DateOf, of: Box::new(of), zone };
                Value::Part { part, of: Box::new(day), zone: None }
            }
            _ => Value::Part { part, of: Box::new(of), zone: None },
        }
    }

    fn property(&self, clause: &Clause, property: usize) -> Option<&Attribute> {
        self.rules.shape.events.get(clause.event).and_then(|event| event.properties.get(property))
    }

    pub(super) fn property_class(&self, clause: &Clause, property: usize) -> Class {
        self.property(clause, property).map_or(Class::Word, |p| p.ty.class())
    }

    /// Which texts of a property are one value.
    fn sameness(&self, clause: &Clause, property: usize) -> Sameness {
        match self.property(clause, property) {
            Some(property) if property.nocase => Sameness::IgnoringCase,
            Some(property) if property.ty == Type::Version => Sameness::Version,
            _ => Sameness::Bytes,
        }
    }

    /// What is made of the events of an aggregate expression.
    pub(super) fn function(&mut self, expr: &Expr, clause: &Clause, zone: Option<Zone>) -> Function {
        match &expr.kind {
            Kind::Periods { unit, .. } => {
                let period = match unit {
                    PeriodUnit::Days => CalendarPeriod::Days,
                    PeriodUnit::Weeks => CalendarPeriod::Weeks(self.rules.week_start),
                    PeriodUnit::Months => CalendarPeriod::Months,
                    PeriodUnit::RollingWeeks => CalendarPeriod::RollingWeeks,
                };
                Function::Periods(period, zone)
            }
            Kind::Aggregate { function, property: Some(property), .. } => {
                let (property, class) = (*property, self.property_class(clause, *property));
                let money = matches!(expr.ty, Type::Money(_));
                match function {
                    AggregateFunction::Count if class == Class::Text => {
                        Function::DistinctTexts(property, self.sameness(clause, property))
                    }
                    AggregateFunction::Count => Function::Distinct(property, class),
                    AggregateFunction::Sum => Function::Sum(property, class),
                    AggregateFunction::Average => Function::Average { property, class, money },
                    AggregateFunction::Median => Function::Median { property, class, money },
                    AggregateFunction::Min => Function::Min(property, class),
                    AggregateFunction::Max => Function::Max(property, class),
                }
            }
            _ => Function::Count,
        }
    }

    /// The number of an aggregate over a clause's events.
    pub fn clause(&mut self, clause: &Clause, function: Function, zone: Option<Zone>) -> usize {
        let aggregate = self.rows(clause, function, zone);
        let joined = self.joined(aggregate);
        self.aggregate(joined)
    }

    /// A clause's events, and what is made of them.
    pub(super) fn rows(&mut self, clause: &Clause, function: Function, zone: Option<Zone>) -> Aggregate {
        let filter = clause.filter.as_ref().map(|filter| self.condition(filter, true, zone));
        let window = match &clause.window {
            None => Window::Ever,
            Some(CheckedWindow::Civil(window)) => Window::Time(self.time(TimeKind::Events(*window), zone)),
            Some(CheckedWindow::Anchored { side, length, anchor }) => {
                Window::Between(Box::new(self.anchored(*side, *length, anchor, false, zone)))
            }
        };
        let keeps_row = clause.alias;
        let (kind, merged) = (clause.event, self.rules.group(clause.event).is_some());
        let (per_row, join, within) = (false, None, [None, None]);
        let mut aggregate = Aggregate { kind, window, filter, function, keeps_row, per_row, join, within, merged };
        aggregate.per_row = self.reads_outer(&aggregate);
        aggregate
    }

    /// The ends of an anchored window: days, or instants, for which a day as the anchor counts as a whole.
    pub(super) fn anchored(
        &mut self,
        side: Side,
        length: Period,
        anchor: &Expr,
        days: bool,
        zone: Option<Zone>,
    ) -> [Value; 2] {
        let whole = anchor.ty == Type::Date;
        let (later, earlier) = match whole {
            true => (Part::DaysLater(length), Part::DaysEarlier(length)),
            false => (Part::Later(length), Part::Earlier(length)),
        };
        let anchor = self.value(anchor, zone);
        let moved = |part: Part| Value::Part { part, of: Box::new(anchor.clone()), zone };
        let (low, high) = match side {
            Side::After => (anchor.clone(), moved(later)),
            Side::Before => (moved(earlier), anchor.clone()),
            Side::Around => (moved(earlier), moved(later)),
        };
        if days || !whole {
            return [low, high];
        }
        [(Part::StartOfDay, low), (Part::EndOfDay, high)].map(|(part, of)| Value::Part { part, of: Box::new(of), zone })
    }
}

pub(super) fn constant_value(constant: &Constant) -> Value {
    match constant {
        Constant::Number(number) => Value::Float(Bits::new(*number)),
        Constant::Text(text) | Constant::Version(text) => Value::Text(Arc::clone(text)),
        other => Value::Word(constant_word(other)),
    }
}

/// A constant held as a word.
pub(super) fn constant_word(constant: &Constant) -> i64 {
    match constant {
        Constant::Bool(value) => i64::from(*value),
        Constant::Int(value) | Constant::Money(value) => *value,
        Constant::Category(index) => i64::try_from(*index).unwrap_or(i64::MAX),
        Constant::Date(date) => date.days().into(),
        Constant::Instant(at) => at.millis(),
        Constant::Time(time) => time.millis().into(),
        Constant::Point(point) => point.word(),
        Constant::Number(_) | Constant::Text(_) | Constant::Version(_) | Constant::Period(_) => 0,
    }
}

fn attribute(place: CheckedPlace, index: usize) -> Value {
    match place {
        CheckedPlace::Customer => Value::Attribute(Place::Customer, index),
        CheckedPlace::List => Value::Attribute(Place::List, index),
        CheckedPlace::Context => Value::Attribute(Place::Context, index),
        CheckedPlace::Catalog(_) => Value::Attribute(Place::Catalog, index),
        CheckedPlace::Row => Value::Attribute(Place::Row, index),
        CheckedPlace::Outer { slot, event } => Value::Outer { slot, kind: event, property: Some(index) },
    }
}

fn operation(op: ArithmeticOp, left: &Type, right: &Type) -> Operation {
    let float = left.class() == Class::Float;
    match op {
        ArithmeticOp::Add if float => Operation::AddFloat,
        ArithmeticOp::Subtract if float => Operation::SubtractFloat,
        ArithmeticOp::Multiply if float => Operation::MultiplyFloat,
        ArithmeticOp::Divide if float => Operation::DivideFloat,
        ArithmeticOp::Add => Operation::Add,
        ArithmeticOp::Subtract => Operation::Subtract,
        ArithmeticOp::Multiply => Operation::Multiply,
        ArithmeticOp::Divide if matches!((left, right), (Type::Money(_), Type::Int)) => Operation::DivideRounded,
        ArithmeticOp::Divide => Operation::Ratio,
    }
}
