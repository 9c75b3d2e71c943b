//! What decides between actions: the priority and its threshold.

use super::super::expression::Checker;
use super::super::tree::{Constant, Kind, Threshold};
use super::super::world::World;
use super::{amount, needs_currency};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast;

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

/// Only the default formula can be written so far.
pub(super) fn priority(value: &ast::Expr, out: &mut Vec<Diagnostic>) {
    let is = |expr: &ast::Expr, name: &str| matches!(&expr.node, ast::ExprKind::Path(path) if matches!(path.as_slice(), [one] if one.node == name));
    let default = matches!(
        &value.node,
        ast::ExprKind::Arithmetic { op: ast::ArithmeticOp::Multiply, left, right }
            if is(left, "propensity") && is(right, "margin")
    );
    if !default {
        out.push(
            Diagnostic::error(
                Code::Unsupported,
                value.span,
                "another priority than `propensity * margin` is not supported yet",
            )
            .suggest(value.span, "propensity * margin"),
        );
    }
}
