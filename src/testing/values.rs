//! Values worth trying: those that conditions name with their neighbours, and those that are typical of a type.

use crate::check::tree::{Constant, Rules};
use crate::schema::{Attribute, Money, Type, Value};
use crate::time::{Date, Instant};

const DAY: i64 = 86_400_000;

/// A constant and its neighbours, for something of a type.
pub(super) fn near(constant: &Constant, ty: &Type) -> Vec<Value> {
    match (constant, ty) {
        (Constant::Bool(value), Type::Bool) => vec![Value::Bool(*value)],
        (Constant::Int(value), Type::Int) => {
            [value.saturating_sub(1), *value, value.saturating_add(1)].map(Value::Int).into()
        }
        (Constant::Number(value), Type::Number) => [value - 1.0, *value, value + 1.0].map(Value::Number).into(),
        (Constant::Number(value), Type::Percent) => [value - 0.01, *value, value + 0.01].map(Value::Percent).into(),
        (Constant::Number(value), Type::Distance) => [value - 1.0, *value, value + 1.0].map(Value::Distance).into(),
        (Constant::Money(minor), Type::Money(currency)) => {
            let amounts = [minor.saturating_sub(1), *minor, minor.saturating_add(1)];
            amounts.map(|minor| Value::Money(Money::new(minor, *currency))).into()
        }
        (Constant::Text(text), Type::Text) | (Constant::Version(text), Type::Version | Type::Text) => {
            vec![Value::Text(text.to_string())]
        }
        (Constant::Text(text), Type::Texts) => vec![Value::Texts(vec![text.to_string()])],
        (Constant::Category(index), Type::Enum(names)) => {
            names.get(*index).cloned().map(Value::Text).into_iter().collect()
        }
        (Constant::Date(date), Type::Date) => {
            [-1, 0, 1].into_iter().filter_map(|days| date.plus_days(days)).map(Value::Date).collect()
        }
        (Constant::Instant(at), Type::Instant) => {
            [at.saturating_sub_millis(1), *at, at.saturating_add_millis(1)].map(Value::Instant).into()
        }
        (Constant::Time(time), Type::Time) => vec![Value::Time(*time)],
        (Constant::Point(point), Type::Point) => vec![Value::Point(*point)],
        (constant, Type::List(item)) => {
            near(constant, item).into_iter().map(|value| Value::List(vec![value])).collect()
        }
        _ => Vec::new(),
    }
}

/// Values in the order in which they explain something: those that conditions name before those that are merely typical.
pub(super) fn telling(mut values: Vec<Value>, attribute: &Attribute, rules: &Rules, now: Instant) -> Vec<Value> {
    let plain = typical(attribute, rules.zone.date_of(now), now).len().min(values.len());
    values.rotate_left(plain);
    values
}

/// Values that something of a type may well have.
pub(super) fn typical(attribute: &Attribute, today: Date, now: Instant) -> Vec<Value> {
    match &attribute.ty {
        Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Type::Int => [0, 1, 10, 100].map(Value::Int).into(),
        Type::Number => [0.0, 0.5, 1.0, 100.0].map(Value::Number).into(),
        Type::Percent => [0.0, 0.5, 1.0].map(Value::Percent).into(),
        Type::Money(currency) => {
            [0, 100, 5_000, 12_000, 100_000].map(|minor| Value::Money(Money::new(minor, *currency))).into()
        }
        Type::Text => vec![Value::from("a"), Value::from("b")],
        Type::Enum(names) => names.iter().take(30).map(Value::from).collect(),
        Type::Date => {
            let days = [0i64, 1, 3, 6, 30, -1, -10, -45, -400, -20 * 365, -30 * 365, -50 * 365];
            let years = [-20i64, -30, -40].into_iter().filter_map(|years| today.plus_months(years * 12));
            let dates = days.into_iter().filter_map(|days| today.plus_days(days)).chain(years.clone());
            dates.chain(years.filter_map(|day| day.plus_days(3))).map(Value::Date).collect()
        }
        Type::Instant => {
            [0, 1, 10, 45, 400].map(|days: i64| Value::Instant(now.saturating_sub_millis(days * DAY))).into()
        }
        Type::Texts => vec![Value::Texts(Vec::new()), Value::Texts(vec!["a".to_owned()])],
        Type::List(_) => vec![Value::List(Vec::new())],
        Type::Distance => [0.0, 1_000.0].map(Value::Distance).into(),
        _ => Vec::new(),
    }
}
