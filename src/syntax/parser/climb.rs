//! Precedence: a flat list of operands and operators becomes a tree, without recursion.
//!
//! Tightest first: unary minus; `* /`; `+ -`; comparisons and predicates, which do not chain; `not`; `and`; `or`.

use super::lower::Lower;
use super::repair;
use crate::diagnostic::Span;
use crate::syntax::ast::{ArithmeticOp, CompareOp, Expr, ExprKind, Is, Name, Quantifier, Spanned, TextOp};
use crate::syntax::level::Level;

#[derive(Clone, Copy)]
pub(super) enum Prefix {
    Not,
    Minus,
}

#[derive(Clone, Copy)]
pub(super) enum Infix {
    And,
    Or,
    Arithmetic(ArithmeticOp),
    Compare(CompareOp),
    In { negated: bool },
    Text { op: TextOp, negated: bool },
    ContainsOf(Quantifier),
}

/// What follows a finished operand and needs nothing to its right.
pub(super) enum Wrap {
    OrMissing,
    IgnoringCase,
    Is {
        negated: bool,
        what: Is,
    },
    Between {
        negated: bool,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    /// `in list staff`
    InList {
        negated: bool,
        list: Name,
    },
    /// `is` misused for `=`.
    Compare {
        op: CompareOp,
        right: Box<Expr>,
    },
}

#[derive(Clone, Copy)]
enum Operator {
    Prefix(Prefix),
    Infix(Infix),
}

/// An operand, and whether it is a comparison without parentheses around it.
struct Operand {
    expr: Expr,
    compared: bool,
}

/// Operands and operators not yet joined.
#[derive(Default)]
pub(super) struct Climber {
    operands: Vec<Operand>,
    operators: Vec<(Operator, Span)>,
}

impl Climber {
    pub fn operand(&mut self, expr: Expr) {
        self.operands.push(Operand { expr, compared: false });
    }

    pub fn prefix(&mut self, prefix: Prefix, span: Span) {
        self.operators.push((Operator::Prefix(prefix), span));
    }

    pub fn infix(&mut self, infix: Infix, span: Span, lower: &mut Lower<'_>) {
        self.join(level(Operator::Infix(infix)), lower);
        self.operators.push((Operator::Infix(infix), span));
    }

    pub fn wrap(&mut self, wrap: Wrap, span: Span, lower: &mut Lower<'_>) {
        self.join(Level::Compare, lower);
        let Some(Operand { expr, compared }) = self.operands.pop() else { return };
        let whole = expr.span.to(span);
        let subject_at = expr.span;
        let predicate = !matches!(wrap, Wrap::OrMissing | Wrap::IgnoringCase);
        if predicate && compared && !lower.strays(whole) {
            lower.report(repair::chained_predicate(subject_at, span));
        }
        if matches!(wrap, Wrap::IgnoringCase) && !compares_text(&expr) {
            lower.report(repair::ignoring_case(span, subject_at));
        }
        let subject = Box::new(expr);
        let node = match wrap {
            Wrap::OrMissing => ExprKind::OrMissing(subject),
            Wrap::IgnoringCase => ExprKind::IgnoringCase(subject),
            Wrap::Is { negated, what } => ExprKind::Is { negated, subject, what },
            Wrap::Between { negated, low, high } => ExprKind::Between { negated, subject, low, high },
            Wrap::InList { negated, list } => ExprKind::InList { negated, subject: Some(subject), list },
            Wrap::Compare { op, right } => ExprKind::Compare { op, left: subject, right },
        };
        self.operands.push(Operand { expr: Spanned { node, span: whole }, compared: true });
    }

    /// The whole expression.
    pub fn finish(mut self, lower: &mut Lower<'_>) -> Option<Expr> {
        self.join(Level::Or, lower);
        self.operands.pop().map(|operand| operand.expr)
    }

    /// Joins every waiting operator that binds at least as tightly as `level`.
    fn join(&mut self, least: Level, lower: &mut Lower<'_>) {
        while let Some((operator, span)) = self.operators.pop_if(|(operator, _)| level(*operator) >= least) {
            let Some(right) = self.operands.pop() else { return };
            let joined = match operator {
                Operator::Prefix(prefix) => negate(prefix, span, right.expr),
                Operator::Infix(infix) => {
                    let Some(left) = self.operands.pop() else { return };
                    let chained = level(operator) == Level::Compare && left.compared;
                    if chained && !lower.strays(left.expr.span.to(right.expr.span)) {
                        let diagnostic = repair::chained(lower, &left.expr, span, right.expr.span);
                        lower.report(diagnostic);
                    }
                    join(infix, left.expr, right.expr)
                }
            };
            self.operands.push(Operand { expr: joined, compared: level(operator) == Level::Compare });
        }
    }
}

fn level(operator: Operator) -> Level {
    match operator {
        Operator::Prefix(Prefix::Not) => Level::Not,
        Operator::Prefix(Prefix::Minus) => Level::Minus,
        Operator::Infix(Infix::Or) => Level::Or,
        Operator::Infix(Infix::And) => Level::And,
        Operator::Infix(Infix::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract)) => Level::Add,
        Operator::Infix(Infix::Arithmetic(_)) => Level::Multiply,
        Operator::Infix(_) => Level::Compare,
    }
}

fn negate(prefix: Prefix, span: Span, operand: Expr) -> Expr {
    let span = span.to(operand.span);
    let operand = Box::new(operand);
    let node = match prefix {
        Prefix::Not => ExprKind::Not(operand),
        Prefix::Minus => ExprKind::Negate(operand),
    };
    Spanned { node, span }
}

/// `and` and `or` take the operands of both sides into one list, whether or not parentheses stood around them.
fn join(infix: Infix, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    let node = match infix {
        Infix::And => {
            let mut operands = Vec::new();
            for side in [left, right] {
                match side.node {
                    ExprKind::And(inner) if operands.is_empty() => operands = inner,
                    ExprKind::And(inner) => operands.extend(inner),
                    _ => operands.push(side),
                }
            }
            ExprKind::And(operands)
        }
        Infix::Or => {
            let mut operands = Vec::new();
            for side in [left, right] {
                match side.node {
                    ExprKind::Or(inner) if operands.is_empty() => operands = inner,
                    ExprKind::Or(inner) => operands.extend(inner),
                    _ => operands.push(side),
                }
            }
            ExprKind::Or(operands)
        }
        Infix::Arithmetic(op) => ExprKind::Arithmetic { op, left: Box::new(left), right: Box::new(right) },
        Infix::Compare(op) => ExprKind::Compare { op, left: Box::new(left), right: Box::new(right) },
        Infix::In { negated } => ExprKind::In { negated, subject: Box::new(left), items: Box::new(right) },
        Infix::Text { op, negated } => ExprKind::Text { op, negated, subject: Box::new(left), needle: Box::new(right) },
        Infix::ContainsOf(quantifier) => {
            ExprKind::ContainsOf { quantifier, subject: Box::new(left), items: Box::new(right) }
        }
    };
    Spanned { node, span }
}

/// Whether `ignoring case` has something to ignore the case of.
fn compares_text(expr: &Expr) -> bool {
    match &expr.node {
        ExprKind::Compare { .. } | ExprKind::In { .. } | ExprKind::Text { .. } | ExprKind::ContainsOf { .. } => true,
        ExprKind::InList { subject, .. } => subject.is_some(),
        ExprKind::OrMissing(inner) => compares_text(inner),
        _ => false,
    }
}
