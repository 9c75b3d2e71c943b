//! Walking checked expressions.

use super::tree::{Clause, Expr, Kind, Window};

/// Hands every expression to `visit`, outer before inner, event clauses included.
pub fn each<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(expr);
    children(expr).into_iter().for_each(|child| each(child, visit));
}

/// The expressions directly inside one.
pub fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        Kind::Not(inner)
        | Kind::IsEmpty(inner)
        | Kind::IsMissing(inner)
        | Kind::TimeSince(inner)
        | Kind::Standing { by: inner, .. }
        | Kind::Age(inner)
        | Kind::Anniversary(inner)
        | Kind::Length(inner)
        | Kind::Version { of: inner, .. }
        | Kind::ToNumber(inner)
        | Kind::Logistic(inner) => vec![inner],
        Kind::And(all) | Kind::Or(all) | Kind::AtLeast { of: all, .. } => all.iter().collect(),
        Kind::Compare { left, right, .. } | Kind::Arithmetic { left, right, .. } => vec![left, right],
        Kind::Point(left, right) | Kind::Distance(left, right) => vec![left, right],
        Kind::Between { subject, low, high } => vec![subject, low, high],
        Kind::Day { subject, other, .. } => vec![subject, other],
        Kind::In { subject, .. }
        | Kind::Text { subject, .. }
        | Kind::Contains { subject, .. }
        | Kind::Inside { subject, .. }
        | Kind::OlderThan { subject, .. } => vec![subject],
        Kind::InWindow { subject, window } => std::iter::once(&**subject).chain(window.anchor()).collect(),
        Kind::Call { arguments, .. } => arguments.iter().collect(),
        Kind::Part { of, .. } | Kind::Share { of, .. } => vec![of],
        Kind::AnyEvent(clause) => inside(clause),
        Kind::AllEvents { clause, have } => inside(clause).into_iter().chain([&**have]).collect(),
        Kind::Aggregate { clause, .. }
        | Kind::Edge { clause, .. }
        | Kind::Periods { clause, .. }
        | Kind::Lifecycle { clause, .. } => inside(clause),
        Kind::Chain(chain) => chain.clauses().flat_map(inside).collect(),
        Kind::Constant(_)
        | Kind::Attribute(..)
        | Kind::Item { .. }
        | Kind::RowAt
        | Kind::Outcome { .. }
        | Kind::OuterAt { .. }
        | Kind::Definition(_)
        | Kind::Now
        | Kind::Today
        | Kind::Consent { .. }
        | Kind::Bucket { .. } => Vec::new(),
    }
}

/// The expressions directly inside a clause: the anchor of its window, its filter.
pub(crate) fn inside(clause: &Clause) -> Vec<&Expr> {
    clause.window.as_ref().and_then(Window::anchor).into_iter().chain(clause.filter.as_deref()).collect()
}

/// All event clauses of an expression.
pub fn clauses(expr: &Expr) -> Vec<&Clause> {
    match &expr.kind {
        Kind::Chain(chain) => chain.clauses().collect(),
        _ => clause(expr).into_iter().collect(),
    }
}

/// The event clause of an expression, if it has one; of a sequence that of its first step.
pub fn clause(expr: &Expr) -> Option<&Clause> {
    match &expr.kind {
        Kind::AnyEvent(clause)
        | Kind::AllEvents { clause, .. }
        | Kind::Aggregate { clause, .. }
        | Kind::Edge { clause, .. }
        | Kind::Periods { clause, .. }
        | Kind::Lifecycle { clause, .. } => Some(clause),
        Kind::Chain(chain) => chain.steps.first().map(|step| &step.clause),
        _ => None,
    }
}
