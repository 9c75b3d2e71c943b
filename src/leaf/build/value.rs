//! Plan → getter.

use std::sync::Arc;

use super::test;
use crate::geo::{Point, distance};
use crate::leaf::call::Call;
use crate::leaf::cx::{Cx, Held};
use crate::leaf::form::Bits;
use crate::leaf::getter::{ConstantText, Get, GetText, HeldText, NoText, ReadText};
use crate::leaf::plan::{Class, Operation, Part, Place, Plan, Value};
use crate::leaf::scope::Site;
use crate::leaf::version::{Reading, Version};
use crate::leaf::word::Leaves;
use crate::time::{Date, Instant, Zone};

/// A word.
pub(crate) fn word<R: 'static>(site: &dyn Site<R>, value: &Value) -> Get<R, i64> {
    match value {
        Value::Word(constant) => {
            let constant = *constant;
            Box::new(move |_, _| Some(constant))
        }
        Value::Attribute(place, index) => match site.own(*place, *index) {
            Some(Leaves::Word(leaves)) => leaves.get(),
            _ if place.is_held() => {
                let (place, index) = (*place, *index);
                Box::new(move |_, cx| match cx.held(place, index) {
                    Some(Held::Word(word)) => Some(*word),
                    _ => None,
                })
            }
            _ => site.lift_word(value),
        },
        Value::Item(place, index, key) => match item(site, *place, *index, key) {
            Some(Leaves::Word(leaves)) => leaves.get(),
            Some(_) => Box::new(|_, _| None),
            None => site.lift_word(value),
        },
        Value::RowAt => site.row_at().unwrap_or_else(|| Box::new(|_, _| None)),
        Value::Arithmetic(operation, left, right) => arithmetic(*operation, word(site, left), word(site, right)),
        Value::Share { numerator, denominator, of } => {
            let (numerator, denominator, of) = (*numerator, *denominator, word(site, of));
            Box::new(move |r, cx| round_half_even(i128::from(of(r, cx)?) * i128::from(numerator), denominator.into()))
        }
        Value::Part { part, of, zone } => {
            let (part, zone, of) = (*part, *zone, word(site, of));
            Box::new(move |r, cx| part_of(part, of(r, cx)?, cx.zone(zone)))
        }
        Value::Age { birth, today, leap_day } => {
            let (birth, today, leap_day) = (word(site, birth), *today, *leap_day);
            Box::new(move |r, cx| day(birth(r, cx)?)?.age_on(day(cx.time(today).0)?, leap_day))
        }
        Value::Anniversary { of, today, leap_day } => {
            let (of, today, leap_day) = (word(site, of), *today, *leap_day);
            Box::new(move |r, cx| {
                let next = day(of(r, cx)?)?.anniversary(day(cx.time(today).0)?, leap_day)?;
                Some(next.days().into())
            })
        }
        Value::Time(time) => {
            let time = *time;
            Box::new(move |_, cx| Some(cx.time(time).0))
        }
        Value::Now => Box::new(|_, cx| Some(cx.now())),
        Value::Length(of) => {
            if let Value::Attribute(place, index) = **of {
                match site.own(place, index) {
                    Some(leaves) => {
                        if let Some(len) = leaves.len() {
                            return len;
                        }
                    }
                    None if place == Place::Customer => return site.lift_word(value),
                    None => {}
                }
            }
            let of = text(site, of);
            Box::new(move |r, cx| of.read(r, cx).and_then(|text| i64::try_from(text.chars().count()).ok()))
        }
        Value::Point(lat, lon) => {
            let (lat, lon) = (float(site, lat), float(site, lon));
            Box::new(move |r, cx| Point::new(lat(r, cx)?, lon(r, cx)?).map(Point::word))
        }
        Value::Call { function, arguments, .. } => match call(site, *function, arguments) {
            Some(call) => Box::new(move |r, cx| call.word(r, cx)),
            None => Box::new(|_, _| None),
        },
        Value::Choose { cases, otherwise, .. } => {
            choose(cases_of(site, cases, word), otherwise.as_deref().map(|value| word(site, value)))
        }
        Value::Truth { yes, no } => {
            let (yes, no) = (test(site, yes), test(site, no));
            Box::new(move |r, cx| if yes(r, cx) { Some(1) } else { no(r, cx).then_some(0) })
        }
        Value::Aggregate(_) | Value::Edge { .. } | Value::Outer { .. } | Value::Named(_) | Value::Standing { .. } => {
            site.lift_word(value)
        }
        Value::Float(_)
        | Value::Text(_)
        | Value::ToFloat(_)
        | Value::Logistic(_)
        | Value::Version(..)
        | Value::Distance(..) => Box::new(|_, _| None),
    }
}

/// A float, never NaN or infinite.
pub(crate) fn float<R: 'static>(site: &dyn Site<R>, value: &Value) -> Get<R, f64> {
    match value {
        Value::Float(constant) => {
            let constant = Bits::get(*constant);
            Box::new(move |_, _| Some(constant))
        }
        Value::Attribute(place, index) => match site.own(*place, *index) {
            Some(Leaves::Float(leaves)) => leaves.get(),
            _ if place.is_held() => {
                let (place, index) = (*place, *index);
                Box::new(move |_, cx| match cx.held(place, index) {
                    Some(Held::Float(float)) => Some(*float).filter(|float| !float.is_nan()),
                    _ => None,
                })
            }
            _ => site.lift_float(value),
        },
        Value::Item(place, index, key) => match item(site, *place, *index, key) {
            Some(Leaves::Float(leaves)) => leaves.get(),
            Some(_) => Box::new(|_, _| None),
            None => site.lift_float(value),
        },
        Value::ToFloat(of) => {
            let of = word(site, of);
            Box::new(move |r, cx| of(r, cx).map(|word| word as f64))
        }
        Value::Logistic(of) => {
            let of = float(site, of);
            // Of a great negative number e⁻ˣ is infinite, and the chance 0.
            Box::new(move |r, cx| of(r, cx).map(|x| 1.0 / (1.0 + libm::exp(-x))))
        }
        Value::Distance(from, to) => {
            let (from, to) = (word(site, from), word(site, to));
            Box::new(move |r, cx| Some(distance(Point::of_word(from(r, cx)?), Point::of_word(to(r, cx)?))))
        }
        Value::Arithmetic(Operation::Ratio, left, right) => {
            let (left, right) = (word(site, left), word(site, right));
            Box::new(move |r, cx| finite(left(r, cx)? as f64 / right(r, cx)? as f64))
        }
        Value::Arithmetic(operation, left, right) => {
            let (operation, left, right) = (*operation, float(site, left), float(site, right));
            Box::new(move |r, cx| {
                let (left, right) = (left(r, cx)?, right(r, cx)?);
                finite(match operation {
                    Operation::AddFloat => left + right,
                    Operation::SubtractFloat => left - right,
                    Operation::MultiplyFloat => left * right,
                    Operation::DivideFloat => left / right,
                    _ => f64::NAN,
                })
            })
        }
        Value::Call { function, arguments, .. } => match call(site, *function, arguments) {
            Some(call) => Box::new(move |r, cx| call.float(r, cx)),
            None => Box::new(|_, _| None),
        },
        Value::Choose { cases, otherwise, .. } => {
            choose(cases_of(site, cases, float), otherwise.as_deref().map(|value| float(site, value)))
        }
        Value::Aggregate(_) | Value::Edge { .. } | Value::Outer { .. } | Value::Named(_) | Value::Standing { .. } => {
            site.lift_float(value)
        }
        _ => Box::new(|_, _| None),
    }
}

/// The leaves of what a key of a map stands for; `None` where the map does not stand on what is read here.
pub(super) fn item<R: 'static>(site: &dyn Site<R>, place: Place, index: usize, key: &str) -> Option<Leaves<R>> {
    match site.own(place, index)? {
        Leaves::Map(leaves) => Some(leaves.at(key)),
        _ => None,
    }
}

/// A text.
pub(crate) fn text<R: 'static>(site: &dyn Site<R>, value: &Value) -> GetText<R> {
    match value {
        Value::Text(constant) => Box::new(ConstantText(Arc::clone(constant))),
        Value::Attribute(place, index) => match site.own(*place, *index) {
            Some(Leaves::Text(leaves)) => leaves.get(),
            _ if place.is_held() => Box::new(HeldText(*place, *index)),
            _ => site.lift_text(value),
        },
        Value::Item(place, index, key) => match item(site, *place, *index, key) {
            Some(Leaves::Text(leaves)) => leaves.get(),
            Some(_) => Box::new(NoText),
            None => site.lift_text(value),
        },
        Value::Edge { .. } | Value::Outer { .. } | Value::Named(_) => site.lift_text(value),
        Value::Version(reading, of) => Box::new(VersionText { of: text(site, of), reading: *reading }),
        Value::Call { function, arguments, .. } => match call(site, *function, arguments) {
            Some(call) => Box::new(call),
            None => Box::new(NoText),
        },
        _ => Box::new(NoText),
    }
}

fn call<R: 'static>(site: &dyn Site<R>, function: usize, arguments: &[(Class, Value)]) -> Option<Call<R>> {
    Some(Call::new(site, site.function(function)?, arguments))
}

/// A text, where it is a version.
struct VersionText<R> {
    of: GetText<R>,
    reading: Reading,
}

impl<R> ReadText<R> for VersionText<R> {
    fn read<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<&'r str> {
        self.of.read(r, cx).filter(|text| Version::parse(text, self.reading).is_some())
    }
}

fn arithmetic<R: 'static>(operation: Operation, left: Get<R, i64>, right: Get<R, i64>) -> Get<R, i64> {
    match operation {
        Operation::Add => Box::new(move |r, cx| left(r, cx)?.checked_add(right(r, cx)?)),
        Operation::Subtract => Box::new(move |r, cx| left(r, cx)?.checked_sub(right(r, cx)?)),
        Operation::Multiply => Box::new(move |r, cx| left(r, cx)?.checked_mul(right(r, cx)?)),
        Operation::DivideRounded => Box::new(move |r, cx| round_half_even(left(r, cx)?.into(), right(r, cx)?.into())),
        _ => Box::new(|_, _| None),
    }
}

type Cases<R, T> = Box<[(super::Test<R>, Get<R, T>)]>;

fn cases_of<R: 'static, T>(
    site: &dyn Site<R>,
    cases: &[(Plan, Value)],
    build: fn(&dyn Site<R>, &Value) -> Get<R, T>,
) -> Cases<R, T> {
    cases.iter().map(|(plan, value)| (test(site, plan), build(site, value))).collect()
}

fn choose<R: 'static, T: 'static>(cases: Cases<R, T>, otherwise: Option<Get<R, T>>) -> Get<R, T> {
    Box::new(move |r, cx| {
        let chosen = cases.iter().find(|(holds, _)| holds(r, cx)).map(|(_, value)| value).or(otherwise.as_ref())?;
        chosen(r, cx)
    })
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value + 0.0)
}

/// A quotient rounded to the nearest integer, ties to the even one; `None` for a zero divisor or overflow.
pub(crate) fn round_half_even(numerator: i128, denominator: i128) -> Option<i64> {
    if denominator == 0 {
        return None;
    }
    let (floor, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    let twice = rest * 2 - denominator.abs();
    let up = twice > 0 || (twice == 0 && floor % 2 != 0);
    // With a negative divisor Euclid's quotient is a ceiling: the neighbour is one lower.
    let step = if denominator > 0 { 1 } else { -1 };
    i64::try_from(if up { floor + step } else { floor }).ok()
}

fn day(number: i64) -> Option<Date> {
    i32::try_from(number).ok().and_then(Date::from_days)
}

fn part_of(part: Part, of: i64, zone: Zone) -> Option<i64> {
    Some(match part {
        Part::Later(period) => zone.plus(Instant::from_millis(of), period).millis(),
        Part::Earlier(period) => zone.minus(Instant::from_millis(of), period).millis(),
        Part::DaysLater(period) => day(of)?.plus(period)?.days().into(),
        Part::DaysEarlier(period) => day(of)?.minus(period)?.days().into(),
        Part::StartOfDay => zone.start_of_day(day(of)?).millis(),
        Part::EndOfDay => zone.end_of_day(day(of)?).millis(),
        Part::DateOf => zone.date_of(Instant::from_millis(of)).days().into(),
        Part::TimeOf => zone.time_of_day_millis(Instant::from_millis(of)),
        Part::Hour => zone.hour(Instant::from_millis(of)),
        Part::Year => day(of)?.year().into(),
        Part::Month => day(of)?.month().into(),
        Part::Day => day(of)?.day().into(),
        Part::Weekday => day(of)?.weekday().index().into(),
        Part::Season(hemisphere) => day(of)?.season(hemisphere).index().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::round_half_even;

    #[test]
    fn ties_go_to_the_even_neighbour_whatever_the_signs() {
        for (n, d, rounded) in [
            (5, 2, 2),
            (7, 2, 4),
            (-5, 2, -2),
            (-7, 2, -4),
            (5, -2, -2),
            (7, -2, -4),
            (-5, -2, 2),
            (-7, -2, 4),
            (10, 4, 2),
            (11, 4, 3),
            (9, 4, 2),
            (-9, 4, -2),
            (9, -4, -2),
            (11, -4, -3),
            (1, 3, 0),
            (2, 3, 1),
            (0, 5, 0),
        ] {
            assert_eq!(round_half_even(n, d), Some(rounded), "{n}/{d}");
        }
        assert_eq!(round_half_even(1, 0), None);
    }
}
