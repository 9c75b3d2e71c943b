//! Arithmetic, and what to say where two types do not go together.

use super::super::tree::{Constant, Expr, Kind};
use super::super::words;
use super::{Checker, literal};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, ArithmeticOp};

impl Checker<'_> {
    pub(super) fn negate(&mut self, inner: &ast::Expr, span: Span, expected: Option<&Type>) -> Option<Expr> {
        let inner = self.value(inner, expected)?;
        let folded = match &inner.kind {
            Kind::Constant(Constant::Int(n)) => n.checked_neg().map(Constant::Int),
            Kind::Constant(Constant::Money(n)) => n.checked_neg().map(Constant::Money),
            Kind::Constant(Constant::Number(n)) => Some(Constant::Number(0.0 - n)),
            _ => None,
        };
        let zero = match &inner.ty {
            _ if folded.is_some() => None,
            Type::Int => Some(Constant::Int(0)),
            Type::Number | Type::Percent => Some(Constant::Number(0.0)),
            Type::Money(_) => Some(Constant::Money(0)),
            other => {
                let message = "`-` stands before numbers and amounts only";
                let error = Diagnostic::error(Code::TypeMismatch, inner.span, message).label(words::this_is(other));
                return self.fail(if *other == Type::Bool {
                    error.help("to turn a condition round, write `not`")
                } else {
                    error
                });
            }
        };
        let ty = inner.ty.clone();
        Some(match (folded, zero) {
            (Some(constant), _) => Expr { kind: Kind::Constant(constant), ty, span },
            (None, zero) => {
                let zero = Expr { kind: Kind::Constant(zero?), ty: ty.clone(), span };
                let (left, right) = (Box::new(zero), Box::new(inner));
                Expr { kind: Kind::Arithmetic { op: ArithmeticOp::Subtract, left, right }, ty, span }
            }
        })
    }

    pub(super) fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Option<Expr> {
        // Division makes a number of two ints, so an expected number says nothing about its operands.
        let alike = matches!(op, ArithmeticOp::Add | ArithmeticOp::Subtract);
        let takes = |other: &Type| match other {
            other if alike => Some(other.clone()),
            // Twice an amount, twice a share: the other factor is a plain number.
            Type::Number | Type::Percent => Some(Type::Number),
            _ => None,
        };
        let (left, right) = self.pair(left, right, expected.filter(|_| alike), takes)?;
        match arithmetic_type(op, &left.ty, &right.ty) {
            Some(ty) => {
                let (left, right) = (Box::new(left), Box::new(right));
                Some(Expr { kind: Kind::Arithmetic { op, left, right }, ty, span })
            }
            None => self.cannot(&left, &right, operation_words(op)),
        }
    }

    pub(super) fn cannot<T>(&mut self, left: &Expr, right: &Expr, doing: &str) -> Option<T> {
        let error = self.mismatch(left, right, doing);
        self.fail(error)
    }

    /// Two operands, of which a literal takes the type that the other side asks of it where it can.
    pub(super) fn pair(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        expected: Option<&Type>,
        takes: impl Fn(&Type) -> Option<Type>,
    ) -> Option<(Expr, Expr)> {
        let mut one_then_other = |one, other| {
            let one = self.value(one, expected);
            let asked = one.as_ref().and_then(|one| takes(&one.ty));
            let other = self.value(other, asked.as_ref().or(expected));
            (one, other)
        };
        if literal::is_literal(left) && !literal::is_literal(right) {
            let (right, left) = one_then_other(right, left);
            return Some((left?, right?));
        }
        let (left, right) = one_then_other(left, right);
        Some((left?, right?))
    }

    pub(super) fn share(&mut self, percent: &ast::Name, of: &ast::Expr, span: Span) -> Option<Expr> {
        let of = self.value(of, None)?;
        if !matches!(of.ty, Type::Money(_)) {
            return self.fail(
                Diagnostic::error(Code::TypeMismatch, of.span, "a percentage is taken of money")
                    .label(words::this_is(&of.ty))
                    .help("for a number, multiply: `x * 0.25`"),
            );
        }
        let Some((numerator, denominator)) = literal::fraction(&percent.node) else {
            return self.fail(
                Diagnostic::error(Code::BadNumber, percent.span, "this percentage cannot be computed exactly")
                    .label("too many digits"),
            );
        };
        let ty = of.ty.clone();
        Some(Expr { kind: Kind::Share { numerator, denominator, of: Box::new(of) }, ty, span })
    }

    /// Two types that do not go together, both named.
    pub(super) fn mismatch(&self, left: &Expr, right: &Expr, doing: &str) -> Diagnostic {
        let (a, b) = (words::a(&left.ty), words::a(&right.ty));
        let code = match (&left.ty, &right.ty) {
            (Type::Money(a), Type::Money(b)) if a != b => Code::WrongCurrency,
            _ => Code::TypeMismatch,
        };
        let message = match a == b {
            true => format!("two of these cannot be {doing}"),
            false => format!("{a} and {b} cannot be {doing}"),
        };
        let error = Diagnostic::error(code, right.span, message)
            .label(words::this_is(&right.ty))
            .related(left.span, words::this_is(&left.ty));
        let float = |ty: &Type| matches!(ty, Type::Number | Type::Percent);
        let quotient = |expr: &Expr| {
            matches!(&expr.kind, Kind::Arithmetic { op: ArithmeticOp::Divide | ArithmeticOp::Subtract, left, right }
                if matches!((&left.kind, &right.kind), (Kind::Arithmetic { .. } | Kind::Constant(_), Kind::Constant(_))))
        };
        match (&left.ty, &right.ty) {
            (Type::Date | Type::Instant, Type::Int | Type::Number) if quotient(right) => {
                error.help("a date is written year-month-day: `2026-01-31`")
            }
            (Type::Date | Type::Instant, Type::Text) => error.help("a date is written without quotes: `2026-01-31`"),
            (Type::Int | Type::Number, Type::Text) => error.help("a number is written without quotes"),
            (Type::Text, Type::Int | Type::Number) => error.help("a text is written in quotes: `\"18\"`"),
            (Type::Bool, Type::Text) => error.help("a yes or no is compared with `true` or `false`"),
            (Type::Int, other) if float(other) => error.help("make it a number: `number(…)`"),
            (other, Type::Int) if float(other) => error.help("make it a number: `number(…)`"),
            (Type::Money(_), Type::Number | Type::Percent) | (Type::Number | Type::Percent, Type::Money(_)) => {
                error.help("a share of an amount is written with `of`: `25% of x`")
            }
            (Type::Money(a), Type::Money(b)) if a != b => {
                error.help("nothing converts currencies: use amounts in one of them")
            }
            (Type::Money(_), Type::Money(_)) => error.help("multiply an amount by a whole number, or take `25% of` it"),
            (Type::Instant, Type::Date) | (Type::Date, Type::Instant) => {
                error.help("compare a moment with a day by `is before`, `is on` or `is after`")
            }
            (Type::Time, Type::Int | Type::Number | Type::Text) => error.help("a time of day is written `09:30`"),
            (Type::Text, Type::Version) => error.help("read the text as a version: `version(…)`"),
            (Type::Version, Type::Text) => error.help("read the text as a version: `version(…)`"),
            (Type::Version, Type::Int | Type::Number) => error.help("a version is written `version(\"3.10.0\")`"),
            (Type::Texts | Type::List(_), _) => error.help("ask whether the list `contains` it"),
            (Type::Map(_), _) => error.help("take the value of a key, as in `x[\"key\"]`"),
            _ => error,
        }
    }
}

fn operation_words(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "added",
        ArithmeticOp::Subtract => "subtracted",
        ArithmeticOp::Multiply => "multiplied",
        ArithmeticOp::Divide => "divided",
    }
}

/// The type of an operation, if the operands allow it.
fn arithmetic_type(op: ArithmeticOp, left: &Type, right: &Type) -> Option<Type> {
    let float = |ty: &Type| matches!(ty, Type::Number | Type::Percent);
    match (op, left, right) {
        (ArithmeticOp::Divide, Type::Int, Type::Int) => Some(Type::Number),
        (ArithmeticOp::Divide, Type::Money(a), Type::Money(b)) if a == b => Some(Type::Number),
        (ArithmeticOp::Divide | ArithmeticOp::Multiply, Type::Money(_), Type::Int) => Some(left.clone()),
        (ArithmeticOp::Multiply, Type::Int, Type::Money(_)) => Some(right.clone()),
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Type::Percent, Type::Percent) => Some(Type::Percent),
        (_, a, b) if float(a) && float(b) => Some(Type::Number),
        (_, Type::Int, Type::Int) => Some(Type::Int),
        // How many days lie between.
        (ArithmeticOp::Subtract, Type::Date, Type::Date) => Some(Type::Int),
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Type::Money(a), Type::Money(b)) if a == b => Some(left.clone()),
        _ => None,
    }
}
