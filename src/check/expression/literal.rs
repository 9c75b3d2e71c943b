//! Literals: from what is written to what is computed with.

use super::Checker;
use crate::bucket::Threshold;
use crate::check::tree::{Constant, Expr, Kind};
use crate::check::{words, world};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::leaf::version::Reading;
use crate::schema::{Type, share_of};
use crate::syntax::ast::{self, ExprKind, Literal};

/// Whether an expression is a literal, perhaps with a sign, which takes its type from what it meets.
pub(super) fn is_literal(expr: &ast::Expr) -> bool {
    match &expr.node {
        ExprKind::Literal(_) => true,
        ExprKind::Negate(inner) => is_literal(inner),
        _ => false,
    }
}

/// `12.5` (percent) as an exact fraction: 125 / 1000.
pub(in crate::check) fn fraction(percent: &str) -> Option<(i64, i64)> {
    let (whole, decimals) = percent.split_once('.').unwrap_or((percent, ""));
    let decimals = decimals.trim_end_matches('0');
    let denominator = 10i64.checked_pow(u32::try_from(decimals.len()).ok()?)?.checked_mul(100)?;
    let numerator: i64 = format!("{whole}{decimals}").parse().ok()?;
    Some((numerator, denominator))
}

impl Checker<'_> {
    pub(super) fn literal(&mut self, literal: &Literal, span: Span, expected: Option<&Type>) -> Option<Expr> {
        let constant = |kind, ty| Some(Expr { kind: Kind::Constant(kind), ty, span });
        match literal {
            Literal::Bool(value) => constant(Constant::Bool(*value), Type::Bool),
            Literal::Int(value) => match expected {
                Some(Type::Number) => constant(Constant::Number(*value as f64), Type::Number),
                Some(Type::Percent) => self.fail(
                    Diagnostic::error(Code::TypeMismatch, span, "a percentage is needed here")
                        .label(format!("{value} what?"))
                        .help(format!("write `{value}%`"))
                        .suggest(span, format!("{value}%")),
                ),
                Some(Type::Money(currency)) => self.fail(
                    Diagnostic::error(Code::TypeMismatch, span, "an amount of money without a currency")
                        .label(format!("{value} what?"))
                        .suggest(span, format!("{value} {currency}")),
                ),
                Some(Type::Distance) => self.fail(no_unit(&value.to_string(), span)),
                Some(Type::Duration) => {
                    let end = Span { start: span.end, ..span };
                    self.fail(
                        Diagnostic::error(Code::MissingUnit, span, format!("{value} what: days, hours, …?"))
                            .label("the unit is missing")
                            .help(format!("write for example `{value} days`"))
                            .suggest(end, " days"),
                    )
                }
                _ => constant(Constant::Int(*value), Type::Int),
            },
            Literal::Number(written) => match (written.parse::<f64>(), expected) {
                (_, Some(Type::Money(currency))) => self.fail(
                    Diagnostic::error(Code::TypeMismatch, span, "an amount of money without a currency")
                        .label(format!("{written} what?"))
                        .suggest(span, format!("{written} {currency}")),
                ),
                (_, Some(Type::Distance)) => self.fail(no_unit(written, span)),
                (Ok(value), _) if value.is_finite() => constant(Constant::Number(value), Type::Number),
                _ => self.fail(Diagnostic::error(Code::BadNumber, span, "this number is too large")),
            },
            Literal::Percent(written) => match share_of(written) {
                Some(value) => {
                    let ty = if expected == Some(&Type::Number) { Type::Number } else { Type::Percent };
                    constant(Constant::Number(value), ty)
                }
                None => self.fail(Diagnostic::error(Code::BadNumber, span, "this percentage is too large")),
            },
            Literal::Money { amount, currency } => {
                let currency = world::currency(&currency.node, currency.span, self.out)?;
                match currency.parse(amount) {
                    Some(minor) => constant(Constant::Money(minor), Type::Money(currency)),
                    None => {
                        let decimals = amount.split_once('.').map_or(0, |(_, decimals)| decimals.chars().count());
                        let message = match currency.digits() {
                            digits if u32::try_from(decimals).is_ok_and(|decimals| decimals <= digits) => {
                                "this amount is too large".to_owned()
                            }
                            0 => format!("amounts in {currency} have no decimals"),
                            digits => format!("amounts in {currency} have at most {digits} decimals"),
                        };
                        let error = Diagnostic::error(Code::BadNumber, span, message);
                        self.fail(if decimals > 0 { error.label(format!("this has {decimals}")) } else { error })
                    }
                }
            }
            Literal::Text(text) => match expected {
                Some(Type::Version) => self.version_literal(text, Reading::Strict, span),
                Some(Type::Enum(names)) => match names.iter().position(|name| name == text) {
                    Some(index) => constant(Constant::Category(index), Type::Enum(names.clone())),
                    None => {
                        let error =
                            Diagnostic::error(Code::UnknownEnumValue, span, format!("\"{text}\" is not possible here"))
                                .label(format!("one of {} is", words::texts(names)));
                        let error = match crate::diagnostic::nearest(text, names.iter().map(String::as_str)) {
                            Some(near) => {
                                error.help(format!("did you mean \"{near}\"?")).suggest(span, format!("\"{near}\""))
                            }
                            None => error,
                        };
                        self.fail(error)
                    }
                },
                _ => constant(Constant::Text(text.as_str().into()), Type::Text),
            },
            Literal::Date(date) => constant(Constant::Date(*date), Type::Date),
            Literal::Instant(at) => constant(Constant::Instant(at.at), Type::Instant),
            Literal::Time(time) => constant(Constant::Time(*time), Type::Time),
            Literal::Distance(distance) => self.length(distance, span),
            Literal::Duration(duration) => constant(Constant::Period(duration.period), Type::Duration),
        }
    }
}

fn no_unit(amount: &str, span: Span) -> Diagnostic {
    let end = Span { start: span.end, ..span };
    Diagnostic::error(Code::MissingUnit, span, format!("{amount} what: km, m, mi?"))
        .label("the unit is missing")
        .help(format!("write for example `{amount} km`"))
        .suggest(end, " km")
}

/// The exact bucket threshold of a percentage: `Ok(None)` is everyone.
pub(super) fn bucket_limit(written: &str) -> Option<Option<u64>> {
    crate::bucket::threshold(written).map(|share: Threshold| u64::try_from(share.limit()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_the_floats_that_one_would_write() {
        for (written, value) in
            [("20", 0.2), ("12.5", 0.125), ("0.1", 0.001), ("7", 0.07), ("100", 1.0), ("33.3", 0.333)]
        {
            assert_eq!(share_of(written), Some(value), "{written}");
        }
        assert_eq!(fraction("12.50"), Some((125, 1000)));
        assert_eq!(fraction("25"), Some((25, 100)));
    }
}
