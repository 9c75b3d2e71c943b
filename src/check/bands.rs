//! The bands of a score: each must be reached by some value.

use super::lint::domain::Domain;
use super::lint::region::Region;
use super::lint::value::{Texts, Unit, subject};
use super::tree::{Constant, Definition, Expr, Kind};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Band, CompareOp};
use crate::time::Period;

/// Reports every band that no value reaches, because the bands above take all that it asks for. `counts`: of a count it may only be known that it is *at least* so many, and then several bands that together
/// take everything may each be uncertain, so that only one by itself hides another.
pub(super) fn check<'d>(
    bands: &[Band],
    conditions: &[Option<Expr>],
    counts: bool,
    definition: impl Fn(usize) -> Option<&'d Definition>,
    out: &mut Vec<Diagnostic>,
) {
    let possible = conditions
        .iter()
        .flatten()
        .next()
        .and_then(|when| Domain::of(subject(when), definition))
        .map(|domain| domain.region());
    let mut texts = Texts::default();
    let mut above: Vec<Asks<'_>> = Vec::new();
    for (band, when) in bands.iter().zip(conditions) {
        let Some(when) = when else { continue };
        let said = limit(when).and_then(|(op, constant)| texts.values(op, constant));
        let said = said.map(|(unit, values)| (unit, possible.as_ref().map_or(values.clone(), |all| values.and(all))));
        // What its subject never has is told by the lint that tells it everywhere.
        if said.as_ref().is_some_and(|(_, values)| values.is_empty()) {
            continue;
        }
        let asks = Asks { band, when, said };
        match asks.hidden_by(&above, counts) {
            Some(dead) => out.push(dead),
            None => above.push(asks),
        }
    }
}

/// What a band asks for.
struct Asks<'b> {
    band: &'b Band,
    when: &'b Expr,
    /// Which values, and in which unit; `None` if that is not known before there is a customer.
    said: Option<(Option<Unit>, Region)>,
}

impl Asks<'_> {
    fn hidden_by(&self, above: &[Asks<'_>], counts: bool) -> Option<Diagnostic> {
        let dead = Diagnostic::error(Code::UnreachableRow, self.band.span, "this band can never be reached");
        if let Some(hiding) = above.iter().find(|other| other.takes_all(self)) {
            let dead = dead.label("it asks for nothing new").related(hiding.band.span, "this one takes all of it");
            return Some(dead.help("put the narrower band first"));
        }
        let (_, asked) = self.said.as_ref().filter(|_| !counts)?;
        let taking: Vec<(&Asks<'_>, &Region)> = above
            .iter()
            .filter_map(|other| Some((other, other.comparable(self)?.0)))
            .filter(|(_, values)| !values.and(asked).is_empty())
            .collect();
        let taken = taking.iter().fold(Region::NONE, |taken, (_, values)| taken.or(values));
        if !asked.and(&taken.not()).is_empty() {
            return None;
        }
        let dead = dead.label("the bands above take all that it asks for").help("leave it out, or ask for less above");
        Some(taking.iter().fold(dead, |dead, (other, _)| dead.related(other.band.span, "this one takes a part")))
    }

    fn takes_all(&self, other: &Asks<'_>) -> bool {
        match self.comparable(other) {
            Some((values, asked)) => asked.and(&values.not()).is_empty(),
            None => surely_covers(self.when, other.when),
        }
    }

    /// The values of both, if they are in one unit.
    fn comparable<'a>(&'a self, other: &'a Asks<'_>) -> Option<(&'a Region, &'a Region)> {
        let (unit, values) = self.said.as_ref()?;
        let (other, asked) = other.said.as_ref()?;
        (unit == other).then_some((values, asked))
    }
}

/// What a band's subject is compared with, if that is fixed.
fn limit(when: &Expr) -> Option<(CompareOp, &Constant)> {
    match &when.kind {
        Kind::Compare { op, right, .. } => match &right.kind {
            Kind::Constant(constant) => Some((*op, constant)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether amounts of time of different units leave nothing for a band below, whatever the calendar says.
fn surely_covers(above: &Expr, below: &Expr) -> bool {
    use CompareOp::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let amount = |when| match limit(when) {
        Some((op, Constant::Period(period))) => Some((op, millis(*period))),
        _ => None,
    };
    let (Some((op, (least, most))), Some((asked, (from, to)))) = (amount(above), amount(below)) else { return false };
    match (op, asked) {
        (Less | LessOrEqual, Less | LessOrEqual) => least > to,
        (Greater | GreaterOrEqual, Greater | GreaterOrEqual) => most < from,
        _ => false,
    }
}

/// The milliseconds that a period lasts at least and at most: months have 28 to 31 days, and clocks are moved by no more
/// than a day at either end.
fn millis(period: Period) -> (i128, i128) {
    let of_days = |days: i128| days * 86_400_000 + i128::from(period.millis);
    let (months, days) = (i128::from(period.months), i128::from(period.days));
    (of_days(months * 28 + days - 2), of_days(months * 31 + days + 2))
}
