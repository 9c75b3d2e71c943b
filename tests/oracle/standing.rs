//! Where a value stands among those of a crowd: the formulas as they are written, on the raw values.

use std::cmp::Ordering;

use nextbest::check::tree::{Expr, Measure};

use super::Oracle;
use super::customer::Crowd;
use super::interpret::Scope;
use super::order::exact;
use super::value::Val;

impl<'a> Oracle<'a> {
    pub fn standing(&self, by: &Expr, measure: Measure, scope: Scope<'a>) -> Option<Val> {
        let x = self.value(by, scope)?.exact()?;
        let crowd = self.crowd?;
        let ranked: Vec<(Val, Option<Val>)> =
            crowd.customers.iter().filter_map(|customer| self.of(crowd, customer).ranked(by, scope)).collect();
        let mut values: Vec<Val> = ranked.iter().map(|(value, _)| value.clone()).collect();
        values.sort_by(order);
        let (n, first) = (values.len(), values.first()?);
        assert!(exact(first, &x).is_some(), "{first} and {x} cannot be ranked");
        let below = values.iter().filter(|value| order(value, &x).is_lt()).count();
        let above = values.iter().filter(|value| order(value, &x).is_gt()).count();
        let fewer = |count: usize, numerator: i64, denominator: i64| {
            (count as i128) * i128::from(denominator) < (n as i128) * i128::from(numerator)
        };
        Some(match measure {
            Measure::Quantile { parts, descending } => {
                let passed = (1..parts).filter(|&i| is_above_edge(&x, &values, i, parts)).count() as i64;
                Val::Int(if descending { i64::from(parts) - passed } else { 1 + passed })
            }
            Measure::CumeDist { parts, descending } => {
                let up_to = if descending { n - below } else { n - above };
                Val::Int(((parts as usize * up_to).div_ceil(n) as i64).max(1))
            }
            Measure::Ntile { parts, descending } => {
                let id = self.id()?;
                let mut ranked: Vec<(Val, Val)> = ranked.into_iter().filter_map(|(v, id)| Some((v, id?))).collect();
                let place = |(a, a_id): &(Val, Val), (b, b_id): &(Val, Val)| {
                    let by_value = if descending { order(b, a) } else { order(a, b) };
                    by_value.then_with(|| order(a_id, b_id))
                };
                ranked.sort_by(place);
                let (size, larger) = (ranked.len() / parts as usize, ranked.len() % parts as usize);
                let piles = (1..=parts as usize).flat_map(|pile| vec![pile; size + usize::from(pile <= larger)]);
                let mine = (x, id);
                let before = ranked.iter().zip(piles).filter(|(other, _)| place(other, &mine).is_le());
                let pile = before.map(|(_, pile)| pile).last();
                // Nobody has an id: nobody is dealt.
                ranked.first()?;
                Val::Int(pile.unwrap_or(1) as i64)
            }
            Measure::Percentile => Val::Number((n - above) as f64 / n as f64),
            Measure::Top { numerator, denominator } => Val::Bool(fewer(above, numerator, denominator)),
            Measure::Bottom { numerator, denominator } => Val::Bool(fewer(below, numerator, denominator)),
        })
    }

    /// Another customer, as the crowd was looked at.
    fn of(&self, crowd: &'a Crowd, customer: &'a super::customer::Customer) -> Oracle<'a> {
        Oracle { customer, context: &crowd.context, now: crowd.now, crowd: None, ..*self }
    }

    fn ranked(&self, by: &Expr, asked: Scope<'a>) -> Option<(Val, Option<Val>)> {
        let value = self.value(by, self.scope(asked.written))?.exact()?;
        Some((value, self.id()))
    }
}

fn order(a: &Val, b: &Val) -> Ordering {
    exact(a, b).expect("values of one type")
}

/// Edge `i` is the value at (n − 1)·i/parts, linearly interpolated.
fn is_above_edge(x: &Val, values: &[Val], i: u32, parts: u32) -> bool {
    let place = (values.len() - 1) * i as usize;
    let (low, rest) = (place / parts as usize, place % parts as usize);
    let (a, b) = (&values[low], &values[if rest == 0 { low } else { low + 1 }]);
    if let (Val::Number(a), Val::Number(b), Val::Number(x)) = (a, b, x) {
        let past = rest as f64 / f64::from(parts);
        let edge = if (b - a).is_finite() { a + (b - a) * past } else { a * (1.0 - past) + b * past };
        return *x > edge.min(*b);
    }
    let (a, b, x, parts, rest) = (whole(a), whole(b), whole(x), i128::from(parts), rest as i128);
    x * parts > a * parts + (b - a) * rest
}

fn whole(value: &Val) -> i128 {
    match value {
        Val::Int(value) | Val::Money(value) => (*value).into(),
        Val::Date(date) => date.days().into(),
        Val::Instant(at) => at.millis().into(),
        value => panic!("{value} cannot be ranked"),
    }
}
