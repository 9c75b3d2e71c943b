//! Expressions: names resolved, types checked, literals in their runtime form.

mod compare;
mod events;
mod function;
mod literal;
mod predicate;
mod time;

use super::tree::{Constant, Expr, Kind, Place};
use super::world::{Named, World};
use crate::check::tree::DefinitionKind;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, ArithmeticOp, ExprKind};

/// Checks expressions against a world. `None` means that what is wrong has been reported.
pub(super) struct Checker<'a> {
    pub world: &'a World,
    pub out: &'a mut Vec<Diagnostic>,
    /// The event kind whose rows a `where` around here tests.
    row: Option<usize>,
}

impl<'a> Checker<'a> {
    pub fn new(world: &'a World, out: &'a mut Vec<Diagnostic>) -> Self {
        Checker { world, out, row: None }
    }

    fn fail<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.out.push(diagnostic);
        None
    }

    /// An expression that is true, false or unknown.
    pub fn condition(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let checked = self.value(expr, None)?;
        if checked.ty == Type::Bool {
            return Some(checked);
        }
        let mut error = Diagnostic::error(Code::NotACondition, expr.span, "this is a value, not a condition")
            .label(format!("{}, where true or false is needed", checked.ty));
        error = match checked.kind {
            Kind::Edge { .. } | Kind::Attribute(..) => error.help("compare it, or ask whether it `is known`"),
            Kind::Aggregate { .. } => error.help("compare it: `count(…) >= 2`"),
            _ => error.help("compare it with something"),
        };
        self.fail(error)
    }

    fn conditions(&mut self, exprs: &[ast::Expr]) -> Option<Vec<Expr>> {
        // All are checked before any failure counts, so that all problems are told at once.
        let checked: Vec<Option<Expr>> = exprs.iter().map(|expr| self.condition(expr)).collect();
        checked.into_iter().collect()
    }

    /// Any expression. `expected` is the type that a literal should take if it can.
    pub fn value(&mut self, expr: &ast::Expr, expected: Option<&Type>) -> Option<Expr> {
        let span = expr.span;
        let bool = |kind| Some(Expr { kind, ty: Type::Bool, span });
        match &expr.node {
            ExprKind::Literal(literal) => self.literal(literal, span, expected),
            ExprKind::Path(path) => self.path(path, span),
            ExprKind::List(_) => self.fail(
                Diagnostic::error(Code::TypeMismatch, span, "a list cannot stand here")
                    .label("lists follow `in` and `contains any of`"),
            ),
            ExprKind::Now => Some(Expr { kind: Kind::Now, ty: Type::Instant, span }),
            ExprKind::Today => Some(Expr { kind: Kind::Today, ty: Type::Date, span }),
            ExprKind::Not(inner) => {
                let inner = self.condition(inner)?;
                bool(Kind::Not(Box::new(inner)))
            }
            ExprKind::And(all) => bool(Kind::And(self.conditions(all)?)),
            ExprKind::Or(any) => bool(Kind::Or(self.conditions(any)?)),
            ExprKind::AtLeast { count, of } => {
                let of = self.conditions(of)?;
                match usize::try_from(count.node) {
                    Ok(k) if k >= 1 && k <= of.len() => bool(Kind::AtLeast { count: k, of }),
                    _ => self.fail(
                        Diagnostic::error(
                            Code::ConstantComparison,
                            count.span,
                            "this can never depend on the conditions",
                        )
                        .label(format!("must be between 1 and {}, the number of conditions", of.len())),
                    ),
                }
            }
            ExprKind::Negate(inner) => self.negate(inner, span, expected),
            ExprKind::Arithmetic { op, left, right } => self.arithmetic(*op, left, right, span, expected),
            ExprKind::Share { percent, of } => self.share(percent, of, span),
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right, span),
            ExprKind::Between { negated, subject, low, high } => {
                let inner = self.between(subject, low, high, span)?;
                Some(not_if(*negated, inner))
            }
            ExprKind::In { negated, subject, items } => {
                let inner = self.is_in(subject, items, span)?;
                Some(not_if(*negated, inner))
            }
            ExprKind::Text { op, negated, subject, needle } => {
                let inner = self.text(*op, subject, needle, span)?;
                Some(not_if(*negated, inner))
            }
            ExprKind::ContainsOf { quantifier, subject, items } => self.contains_of(*quantifier, subject, items, span),
            ExprKind::IgnoringCase(inner) => self.ignoring_case(inner, span),
            ExprKind::OrMissing(inner) => self.or_missing(inner, span),
            ExprKind::Is { negated, subject, what } => {
                let inner = self.is(subject, what, span)?;
                Some(not_if(*negated, inner))
            }
            ExprKind::InSegment { negated, segment } => {
                let inner = self.in_segment(segment)?;
                Some(not_if(*negated, Expr { span, ..inner }))
            }
            ExprKind::Quantified { quantifier, clause } => {
                let clause = self.clause_without_property(clause)?;
                let any = Expr { kind: Kind::AnyEvent(clause), ty: Type::Bool, span };
                Some(not_if(*quantifier == ast::EventQuantifier::None, any))
            }
            ExprKind::AllHave { clause, have } => {
                let checked = self.clause_without_property(clause);
                let have = self.in_row(&clause.event, |checker| checker.condition(have));
                bool(Kind::AllEvents { clause: checked?, have: Box::new(have?) })
            }
            ExprKind::Aggregate { function, distinct, clause } => self.aggregate(*function, *distinct, clause, span),
            ExprKind::Edge { edge, clause, property } => self.edge(*edge, clause, property.as_ref(), span),
            ExprKind::Periods { unit, clause } => {
                let clause = self.clause_without_property(clause)?;
                Some(Expr { kind: Kind::Periods { unit: *unit, clause }, ty: Type::Int, span })
            }
            ExprKind::TimeSince(inner) => {
                let inner = self.value(inner, None)?;
                if inner.ty != Type::Instant {
                    return self.fail(
                        Diagnostic::error(Code::TypeMismatch, inner.span, "`time since` needs an instant")
                            .label(format!("this is {}", inner.ty)),
                    );
                }
                Some(Expr { kind: Kind::TimeSince(Box::new(inner)), ty: Type::Duration, span })
            }
            ExprKind::Call { name, arguments } => self.call(name, arguments, span),
        }
    }

    fn path(&mut self, path: &[ast::Name], span: Span) -> Option<Expr> {
        match path {
            [name] => match self.row {
                Some(event) => self.property(event, name),
                None => self.customer(&name.node, name.span),
            },
            [scope, name] if scope.node == "customer" => {
                self.customer(&name.node, name.span).map(|e| Expr { span, ..e })
            }
            [scope, name] if scope.node == "context" => match self.world.context(&name.node) {
                Some(index) => self.attribute(Place::Context, index, span),
                None => self.fail(self.world.unknown_context(&name.node, name.span)),
            },
            [scope, ..] if scope.node == "consent" => self.fail(
                Diagnostic::error(Code::NotACondition, span, "a consent is not a value")
                    .label("granted, or denied?")
                    .help("write `consent.email.marketing is granted`"),
            ),
            [event, property, ..] if self.world.event(&event.node).is_some() => self.fail(
                Diagnostic::error(Code::WrongScope, span, format!("which `{}`?", event.node))
                    .label("there can be many of these events")
                    .help(format!(
                        "take one, `last({event}).{property}`, or all, `sum({event}.{property})`",
                        event = event.node,
                        property = property.node
                    )),
            ),
            [scope, ..] => {
                let error = Diagnostic::error(Code::UnknownName, scope.span, format!("there is no `{}`", scope.node))
                    .label("before a point stands `customer`, `context` or `consent`");
                self.fail(super::world::suggest(error, scope.span, &scope.node, ["customer", "context", "consent"]))
            }
            [] => None,
        }
    }

    fn property(&mut self, event: usize, name: &ast::Name) -> Option<Expr> {
        if let Some(index) = self.world.property(event, &name.node) {
            return self.attribute(Place::Row, index, name.span);
        }
        if name.node == "at" {
            return Some(Expr { kind: Kind::RowAt, ty: Type::Instant, span: name.span });
        }
        self.fail(self.world.unknown_property(event, &name.node, name.span))
    }

    fn customer(&mut self, name: &str, span: Span) -> Option<Expr> {
        match self.world.customer(name) {
            Some(Named::Attribute(index)) => self.attribute(Place::Customer, index, span),
            Some(Named::Definition(id)) => {
                let known = self.world.known(id)?;
                if known.kind == DefinitionKind::Segment {
                    return self.fail(
                        Diagnostic::error(Code::WrongScope, span, format!("`{name}` is a segment"))
                            .label("a segment is asked for by name")
                            .suggest(span, format!("in segment {name}")),
                    );
                }
                // Without a type, what is wrong with it has been told where it is defined.
                Some(Expr { kind: Kind::Definition(id), ty: known.ty.clone()?, span })
            }
            None => self.fail(self.world.unknown_customer_name(name, span)),
        }
    }

    fn attribute(&mut self, place: Place, index: usize, span: Span) -> Option<Expr> {
        let ty = self.world.attribute(place, self.row, index)?.ty.clone();
        Some(Expr { kind: Kind::Attribute(place, index), ty, span })
    }

    pub fn in_segment(&mut self, name: &ast::Name) -> Option<Expr> {
        let span = name.span;
        match self.world.definition(&name.node) {
            Some((id, known)) if known.kind == DefinitionKind::Segment => {
                Some(Expr { kind: Kind::Definition(id), ty: known.ty.clone()?, span })
            }
            None if name.node == EVERYONE => {
                Some(Expr { kind: Kind::Constant(Constant::Bool(true)), ty: Type::Bool, span })
            }
            _ => self.fail(self.world.unknown_segment(&name.node, span)),
        }
    }

    fn negate(&mut self, inner: &ast::Expr, span: Span, expected: Option<&Type>) -> Option<Expr> {
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
                let label = format!("this is {other}");
                return self.fail(
                    Diagnostic::error(Code::TypeMismatch, inner.span, "only numbers and money have a sign")
                        .label(label),
                );
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

    fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Option<Expr> {
        // Division makes a number of two ints, so an expected number says nothing about its operands.
        let expected = expected.filter(|_| matches!(op, ArithmeticOp::Add | ArithmeticOp::Subtract));
        let (left, right) = self.pair(left, right, expected)?;
        match arithmetic_type(op, &left.ty, &right.ty) {
            Some(ty) => {
                let (left, right) = (Box::new(left), Box::new(right));
                Some(Expr { kind: Kind::Arithmetic { op, left, right }, ty, span })
            }
            None => {
                let error = self.mismatch(&left, &right, operation_words(op));
                self.fail(error)
            }
        }
    }

    /// Two operands, of which a literal takes the type of the other side where it can.
    fn pair(&mut self, left: &ast::Expr, right: &ast::Expr, expected: Option<&Type>) -> Option<(Expr, Expr)> {
        if literal::is_literal(left) && !literal::is_literal(right) {
            let right = self.value(right, expected);
            let left = self.value(left, right.as_ref().map(|r| &r.ty).or(expected));
            return Some((left?, right?));
        }
        let left = self.value(left, expected);
        let right = self.value(right, left.as_ref().map(|l| &l.ty).or(expected));
        Some((left?, right?))
    }

    fn share(&mut self, percent: &ast::Name, of: &ast::Expr, span: Span) -> Option<Expr> {
        let of = self.value(of, None)?;
        if !matches!(of.ty, Type::Money(_)) {
            return self.fail(
                Diagnostic::error(Code::TypeMismatch, of.span, "a percentage is taken of money")
                    .label(format!("this is {}", of.ty))
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
    fn mismatch(&self, left: &Expr, right: &Expr, doing: &str) -> Diagnostic {
        let span = left.span.to(right.span);
        if let (Type::Money(a), Type::Money(b)) = (&left.ty, &right.ty)
            && a != b
        {
            return Diagnostic::error(Code::WrongCurrency, span, format!("{a} and {b} cannot be {doing}"))
                .label("different currencies")
                .related(left.span, format!("this is in {a}"))
                .related(right.span, format!("this is in {b}"));
        }
        let error =
            Diagnostic::error(Code::TypeMismatch, span, format!("{} and {} cannot be {doing}", left.ty, right.ty))
                .related(left.span, format!("this is {}", left.ty))
                .related(right.span, format!("this is {}", right.ty));
        let float = |ty: &Type| matches!(ty, Type::Number | Type::Percent);
        match (&left.ty, &right.ty) {
            (Type::Int, other) if float(other) => error.help("turn the int into a number: `number(…)`"),
            (other, Type::Int) if float(other) => error.help("turn the int into a number: `number(…)`"),
            (Type::Money(_), Type::Number | Type::Percent) | (Type::Number | Type::Percent, Type::Money(_)) => {
                error.help("take a percentage of money with `of`: `25% of x`")
            }
            (Type::Instant, Type::Date) | (Type::Date, Type::Instant) => {
                error.help("hold an instant against a day with `is before`, `is on` or `is after`")
            }
            (Type::Texts, _) => error.help("ask whether the list `contains` it"),
            _ => error,
        }
    }
}

/// The reserved segment that all customers are in.
pub(super) const EVERYONE: &str = "everyone";

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
        (ArithmeticOp::Multiply, Type::Money(_), Type::Money(_)) => None,
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Type::Percent, Type::Percent) => Some(Type::Percent),
        (_, a, b) if float(a) && float(b) => Some(Type::Number),
        (_, Type::Int, Type::Int) => Some(Type::Int),
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Type::Money(a), Type::Money(b)) if a == b => Some(left.clone()),
        _ => None,
    }
}

pub(super) fn not_if(negated: bool, inner: Expr) -> Expr {
    if negated { Expr { span: inner.span, ty: Type::Bool, kind: Kind::Not(Box::new(inner)) } } else { inner }
}
