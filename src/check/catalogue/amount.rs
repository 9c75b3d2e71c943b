//! Amounts of money and chances.

use super::super::expression::Checker;
use super::super::tree::{Constant, Expr, Kind};
use super::super::words;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Type;
use crate::syntax::ast;

/// An amount in the ruleset's currency.
pub(super) fn money(mut checker: Checker<'_>, expr: &ast::Expr) -> Option<Expr> {
    let expected = checker.world.currency.map(Type::Money);
    let checked = checker.value(expr, expected.as_ref())?;
    match (&checked.ty, checker.world.currency) {
        (Type::Money(currency), Some(ours)) if *currency != ours => {
            checker.out.push(
                Diagnostic::error(Code::WrongCurrency, checked.span, format!("the ruleset computes in {ours}"))
                    .label(format!("this is in {currency}"))
                    .help(format!("use an amount in {ours}")),
            );
            None
        }
        (Type::Money(_), _) => Some(checked),
        (other, _) => {
            checker.out.push(
                Diagnostic::error(Code::TypeMismatch, checked.span, "an amount of money is needed here")
                    .label(words::this_is(other)),
            );
            None
        }
    }
}

/// A chance between 0 and 1.
pub(super) fn propensity(mut checker: Checker<'_>, expr: &ast::Expr) -> Option<Expr> {
    let checked = checker.value(expr, Some(&Type::Percent))?;
    let problem = match (&checked.ty, &checked.kind) {
        (Type::Percent | Type::Number, Kind::Constant(Constant::Number(chance))) if !(0.0..=1.0).contains(chance) => {
            Some(
                Diagnostic::error(Code::ReversedBounds, checked.span, "a propensity lies between 0% and 100%")
                    .label("the chance that the action succeeds"),
            )
        }
        (Type::Percent | Type::Number, _) => None,
        (other, _) => Some(
            Diagnostic::error(Code::TypeMismatch, checked.span, "a propensity is a percentage")
                .label(words::this_is(other))
                .help("write for example `propensity 5%`"),
        ),
    };
    match problem {
        Some(problem) => {
            checker.out.push(problem);
            None
        }
        None => Some(checked),
    }
}
