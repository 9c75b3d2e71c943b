//! Values as they are written.

use super::{Printer, quoted};
use crate::syntax::ast::{Distance, Duration, Literal};

impl Printer {
    pub(super) fn duration(&mut self, duration: &Duration) {
        self.list(&duration.parts, " ", |printer, (count, unit)| {
            let word = if *count == 1 { unit.singular() } else { unit.plural() };
            printer.show(format_args!("{count} {word}"));
        });
    }

    pub(super) fn distance(&mut self, distance: &Distance) {
        self.show(format_args!("{} {}", distance.amount, distance.unit.symbol()));
    }

    pub(super) fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Bool(value) => self.show(value),
            Literal::Int(value) => self.show(value),
            Literal::Number(digits) => self.put(digits),
            Literal::Percent(digits) => self.show(format_args!("{digits}%")),
            Literal::Money { amount, currency } => self.show(format_args!("{amount} {}", currency.node)),
            Literal::Text(content) => self.put(&quoted(content)),
            Literal::Date(date) => self.show(date),
            Literal::Instant(instant) => self.show(instant),
            Literal::Time(time) => self.show(time),
            Literal::Duration(duration) => self.duration(duration),
            Literal::Distance(distance) => self.distance(distance),
        }
    }
}
