//! What decides between actions: the priority and its threshold.

use super::super::expression::Checker;
use super::super::tree::{Constant, Factor, Formula, Kind, Threshold, Tiers};
use super::super::words;
use super::super::world::{World, suggest};
use super::{amount, needs_currency};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, ActionKind, ArithmeticOp};

pub(super) fn threshold(value: &ast::Expr, world: &World, out: &mut Vec<Diagnostic>) -> Option<Threshold> {
    needs_currency(value.span, world, out);
    let checked = amount::money(Checker::new(world, out), value)?;
    match checked.kind {
        Kind::Constant(Constant::Money(minor)) => Some(Threshold { minor, span: value.span }),
        _ => {
            out.push(
                Diagnostic::error(Code::Unsupported, value.span, "the threshold must be a fixed amount")
                    .help("write `threshold priority >= 0.05 EUR`"),
            );
            None
        }
    }
}

/// What a formula computes.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Number,
    Money,
}

/// The factors that a priority may be made of.
const FACTORS: [(&str, Factor, Unit); 6] = [
    ("propensity", Factor::Propensity, Unit::Number),
    ("context", Factor::Context, Unit::Number),
    ("margin", Factor::Margin, Unit::Money),
    ("lever", Factor::Lever, Unit::Number),
    ("value", Factor::Value, Unit::Money),
    ("cost", Factor::Cost, Unit::Money),
];

/// A priority: an amount of money, which thresholds are compared with.
pub(super) fn priority(value: &ast::Expr, world: &World, out: &mut Vec<Diagnostic>) -> Option<Formula> {
    needs_currency(value.span, world, out);
    let (formula, unit) = formula(value, world, out)?;
    if unit == Unit::Number {
        out.push(
            Diagnostic::error(Code::TypeMismatch, value.span, "a priority is an amount of money")
                .label("this is a number")
                .help("multiply it by `margin` or `value`"),
        );
        return None;
    }
    Some(formula)
}

fn formula(expr: &ast::Expr, world: &World, out: &mut Vec<Diagnostic>) -> Option<(Formula, Unit)> {
    match &expr.node {
        ast::ExprKind::Path(path) if let [name] = path.as_slice() => {
            let found = FACTORS.iter().find(|(known, ..)| *known == name.node);
            if found.is_none() {
                let names = FACTORS.iter().map(|(name, ..)| *name);
                let error = Diagnostic::error(
                    Code::UnknownName,
                    name.span,
                    format!("a priority has no factor `{}`", name.node),
                )
                .label(format!("its factors are {}", words::names(names.clone())));
                out.push(suggest(error, name.span, &name.node, names));
            }
            found.map(|&(_, factor, unit)| (Formula::Factor(factor), unit))
        }
        ast::ExprKind::Negate(inner) => {
            let (right, unit) = formula(inner, world, out)?;
            let (left, right) = (Box::new(Formula::Number(0.0)), Box::new(right));
            Some((Formula::Arithmetic { op: ArithmeticOp::Subtract, left, right }, unit))
        }
        ast::ExprKind::Arithmetic { op, left, right } => {
            let (left_formula, right_formula) = (formula(left, world, out), formula(right, world, out));
            let ((left_formula, a), (right_formula, b)) = (left_formula?, right_formula?);
            let Some(unit) = unit_of(*op, a, b) else {
                let help = "amounts are added to amounts, and multiplied and divided by numbers";
                out.push(
                    Diagnostic::error(Code::TypeMismatch, right.span, "these two cannot be put together so")
                        .label(this_is(b))
                        .related(left.span, this_is(a))
                        .help(help),
                );
                return None;
            };
            let (left, right) = (Box::new(left_formula), Box::new(right_formula));
            Some((Formula::Arithmetic { op: *op, left, right }, unit))
        }
        ast::ExprKind::Literal(_) => literal(expr, world, out),
        _ => {
            let names = words::names(FACTORS.iter().map(|(name, ..)| *name));
            out.push(
                Diagnostic::error(Code::Unsupported, expr.span, "a priority is computed from its factors alone")
                    .label(format!("with `+ - * /` of {names}, numbers and amounts"))
                    .help("what depends on the customer belongs into `propensity`, `value` or a `boost`"),
            );
            None
        }
    }
}

fn literal(expr: &ast::Expr, world: &World, out: &mut Vec<Diagnostic>) -> Option<(Formula, Unit)> {
    let checked = Checker::new(world, out).value(expr, None)?;
    match (&checked.kind, &checked.ty) {
        (Kind::Constant(Constant::Int(value)), _) => Some((Formula::Number(*value as f64), Unit::Number)),
        (Kind::Constant(Constant::Number(value)), Type::Number | Type::Percent) => {
            Some((Formula::Number(*value), Unit::Number))
        }
        (Kind::Constant(Constant::Money(minor)), Type::Money(currency)) if world.currency == Some(*currency) => {
            Some((Formula::Number(*minor as f64), Unit::Money))
        }
        (_, ty) => {
            out.push(
                Diagnostic::error(Code::TypeMismatch, expr.span, "a number or an amount is needed here")
                    .label(words::this_is(ty)),
            );
            None
        }
    }
}

fn unit_of(op: ArithmeticOp, left: Unit, right: Unit) -> Option<Unit> {
    match (op, left, right) {
        (ArithmeticOp::Add | ArithmeticOp::Subtract, a, b) if a == b => Some(a),
        (ArithmeticOp::Multiply, Unit::Number, other) | (ArithmeticOp::Multiply, other, Unit::Number) => Some(other),
        (ArithmeticOp::Divide, other, Unit::Number) => Some(other),
        (ArithmeticOp::Divide, Unit::Money, Unit::Money) => Some(Unit::Number),
        _ => None,
    }
}

fn this_is(unit: Unit) -> &'static str {
    match unit {
        Unit::Number => "this is a number",
        Unit::Money => "this is an amount",
    }
}

/// Each kind of action in one tier.
pub(super) fn tiers(order: &[ast::Name], statement: Span, out: &mut Vec<Diagnostic>) -> Option<Tiers> {
    const WORDS: [(&str, &[ActionKind]); 4] = [
        ("service", &[ActionKind::Service]),
        ("marketing", &[ActionKind::Offer, ActionKind::Message]),
        ("offer", &[ActionKind::Offer]),
        ("message", &[ActionKind::Message]),
    ];
    let mut found: Vec<(ActionKind, u8, Span)> = Vec::new();
    for (tier, word) in (0u8..).zip(order) {
        let Some((_, kinds)) = WORDS.iter().find(|(known, _)| *known == word.node) else {
            let error =
                Diagnostic::error(Code::UnknownName, word.span, format!("there is no kind of action `{}`", word.node))
                    .label("the kinds are `service`, `offer` and `message`, the last two together `marketing`");
            out.push(suggest(error, word.span, &word.node, WORDS.iter().map(|(word, _)| *word)));
            return None;
        };
        for &kind in *kinds {
            if let Some(&(_, _, first)) = found.iter().find(|(other, ..)| *other == kind) {
                out.push(
                    Diagnostic::error(Code::Duplicate, word.span, "this kind of action stands in two tiers")
                        .label("again here")
                        .related(first, "the first is here"),
                );
                return None;
            }
            found.push((kind, tier, word.span));
        }
    }
    let tier = |kind: ActionKind| found.iter().find(|(other, ..)| *other == kind).map(|&(_, tier, _)| tier);
    let (offer, message, service) = (tier(ActionKind::Offer), tier(ActionKind::Message), tier(ActionKind::Service));
    let (Some(offer), Some(message), Some(service)) = (offer, message, service) else {
        let lacking = [("offer", offer), ("message", message), ("service", service)];
        let lacking = lacking.iter().filter(|(_, tier)| tier.is_none()).map(|(word, _)| *word);
        out.push(
            Diagnostic::error(Code::NotTotal, statement, format!("no tier is given for {}", words::names(lacking)))
                .label("every kind of action stands in one")
                .help("write for example `tiers service > marketing`, where marketing is offers and messages"),
        );
        return None;
    };
    Some(Tiers { offer, message, service })
}
