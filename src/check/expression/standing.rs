//! A customer's place in a population: `quantile`, `ntile`, `cume_dist`, `percentile`, `top 10% by`.

use super::{Checker, literal};
use crate::check::standing;
use crate::check::tree::{Expr, Kind, Measure, Place};
use crate::check::words;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, End, ExprKind, Literal, Name, Spanned};
use crate::syntax::printer::print_expr;

/// More parts than this say nothing about a customer that the value itself does not.
const MOST_PARTS: i64 = 1000;

/// The functions that ask for a customer's place in a population.
pub(super) const FUNCTIONS: [&str; 4] = ["quantile", "ntile", "cume_dist", "percentile"];

impl Checker<'_> {
    /// `quantile(x, 5)` and its siblings, with `descending` after it or not.
    pub(super) fn standing(
        &mut self,
        name: &Name,
        arguments: &[ast::Expr],
        descending: bool,
        span: Span,
    ) -> Option<Expr> {
        let function = name.node.as_str();
        let (by, measure) = match (function, arguments) {
            ("percentile", [_]) if descending => {
                return self.fail(
                    Diagnostic::error(Code::WrongArguments, span, "a percentile has one direction")
                        .label("it is the share of customers with this value or less")
                        .help("leave out `descending`, and ask for the other end: `percentile(…) <= 10%`"),
                );
            }
            ("percentile", [by]) => (by, Measure::Percentile),
            ("quantile" | "ntile" | "cume_dist", [by, parts]) => {
                let parts = self.parts(function, parts)?;
                let measure = match function {
                    "quantile" => Measure::Quantile { parts, descending },
                    "ntile" => Measure::Ntile { parts, descending },
                    _ => Measure::CumeDist { parts, descending },
                };
                (by, measure)
            }
            _ => return self.wrong_standing(function, span),
        };
        if matches!(measure, Measure::Ntile { .. }) && self.world.shape.id.is_none() {
            return self.fail(
                Diagnostic::error(Code::MissingSetting, span, "`ntile` parts equal values by the customer's id")
                    .label("no attribute is the customer's id")
                    .help("declare it, `profile { number id … }`, or use `quantile`, which does not part equal values"),
            );
        }
        let ty = if measure == Measure::Percentile { Type::Percent } else { Type::Int };
        self.ranked(by, measure, ty, span)
    }

    /// `… descending` after a call.
    pub(super) fn descending(&mut self, call: &ast::Expr, span: Span) -> Option<Expr> {
        match &call.node {
            ExprKind::Call { name, arguments } if FUNCTIONS.contains(&name.node.as_str()) => {
                self.standing(name, arguments, true, span)
            }
            _ => self.fail(
                Diagnostic::error(Code::WrongArguments, span, "`descending` turns a ranking round, and this is none")
                    .label("no customers are ranked here")
                    .help("it goes with `quantile(…, 5)`, `ntile(…, 5)` and `cume_dist(…, 5)`"),
            ),
        }
    }

    /// `top 10% by x`
    pub(super) fn top(&mut self, end: End, amount: &Spanned<Literal>, by: &ast::Expr, span: Span) -> Option<Expr> {
        let word = if end == End::Top { "top" } else { "bottom" };
        let Literal::Percent(written) = &amount.node else {
            let tenth = Spanned { node: Literal::Percent("10".to_owned()), span: amount.span };
            let share = ExprKind::Top { end, amount: tenth, by: Box::new(by.clone()) };
            return self.fail(
                Diagnostic::error(Code::WrongArguments, amount.span, format!("the {word} so many of how many?"))
                    .label("a percentage is needed")
                    .help(format!(
                        "so many are picked by the program, when it has all customers at hand; a rule asks for a share: `{}`",
                        print_expr(&Spanned { node: share, span })
                    )),
            );
        };
        let share =
            literal::fraction(written).filter(|(numerator, denominator)| 0 < *numerator && numerator < denominator);
        let Some((numerator, denominator)) = share else {
            return self.fail(
                Diagnostic::error(Code::ConstantComparison, amount.span, format!("{written}% is everyone or no one"))
                    .label("between 0% and 100%"),
            );
        };
        let measure = match end {
            End::Top => Measure::Top { numerator, denominator },
            End::Bottom => Measure::Bottom { numerator, denominator },
        };
        self.ranked(by, measure, Type::Bool, span)
    }

    fn parts(&mut self, function: &str, parts: &ast::Expr) -> Option<u32> {
        let written = match parts.node {
            ExprKind::Literal(Literal::Int(parts)) => Some(parts),
            _ => None,
        };
        match written.filter(|parts| (2..=MOST_PARTS).contains(parts)).and_then(|parts| u32::try_from(parts).ok()) {
            Some(parts) => Some(parts),
            None => self.fail(
                Diagnostic::error(Code::WrongArguments, parts.span, format!("`{function}` into how many parts?"))
                    .label(format!("a whole number from 2 to {MOST_PARTS} is needed"))
                    .help(format!("write for example `{function}(…, 5)`")),
            ),
        }
    }

    fn wrong_standing<T>(&mut self, function: &str, span: Span) -> Option<T> {
        let (needs, example) = match function {
            "percentile" => ("one value", "percentile(clv)".to_owned()),
            _ => ("a value and a number of parts", format!("{function}(clv, 5)")),
        };
        self.fail(
            Diagnostic::error(Code::WrongArguments, span, format!("`{function}` takes {needs}"))
                .help(format!("write for example `{example}`")),
        )
    }

    fn ranked(&mut self, by: &ast::Expr, measure: Measure, ty: Type, span: Span) -> Option<Expr> {
        if !self.rows.is_empty() {
            return self.fail(
                Diagnostic::error(Code::WrongScope, span, "customers are ranked, not events")
                    .label("this is asked of one event")
                    .help("give it a name with `let`, and write `customer.` before that name here"),
            );
        }
        let checked = self.value(by, None)?;
        let ranked = |expr: &Expr| match expr.kind {
            Kind::Definition(id) => self.world.known(id).is_some_and(|known| known.ranked),
            _ => false,
        };
        let mut nested = standing::is_asked(&checked);
        crate::check::walk::each(&checked, &mut |inner| nested |= ranked(inner));
        if nested {
            return self.fail(
                Diagnostic::error(Code::WrongScope, by.span, "customers cannot be ranked by a ranking")
                    .label("this depends on a population itself")
                    .help("rank by the value that this ranks by"),
            );
        }
        let mut of_row = false;
        crate::check::walk::each(&checked, &mut |inner| {
            of_row |= matches!(inner.kind, Kind::Attribute(Place::Catalog(_), _));
        });
        if of_row {
            return self.fail(
                Diagnostic::error(Code::WrongScope, by.span, "customers are ranked, not rows")
                    .label("this depends on the row that the action is made of")
                    .help("rank by something of the customer's own"),
            );
        }
        if let Kind::Constant(_) | Kind::Now | Kind::Today = checked.kind {
            return self.fail(
                Diagnostic::error(Code::ConstantComparison, by.span, "all customers are equal by this")
                    .label("rank by something of theirs"),
            );
        }
        if !can_rank(&checked.ty) {
            let error = Diagnostic::error(Code::TypeMismatch, by.span, "customers cannot be ranked by this")
                .label(words::this_is(&checked.ty));
            return self.fail(match checked.ty {
                Type::Duration => error.help("rank by the moment: the later, the less time has passed since"),
                _ => error.help("rank by a number, an amount, a date or a moment"),
            });
        }
        let (by, text) = (Box::new(checked), print_expr(by));
        Some(Expr { kind: Kind::Standing { by, text, measure }, ty, span })
    }
}

/// Whether customers can be ranked by values of a type: those with an order that is held in a word or a float.
fn can_rank(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Int | Type::Number | Type::Percent | Type::Money(_) | Type::Date | Type::Instant | Type::Distance
    )
}
