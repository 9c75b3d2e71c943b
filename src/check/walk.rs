//! Walking checked expressions.

use super::tree::{Clause, Expr, Kind};

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
        | Kind::ToNumber(inner) => vec![inner],
        Kind::And(all) | Kind::Or(all) | Kind::AtLeast { of: all, .. } => all.iter().collect(),
        Kind::Compare { left, right, .. } | Kind::Arithmetic { left, right, .. } => vec![left, right],
        Kind::Between { subject, low, high } => vec![subject, low, high],
        Kind::Day { subject, other, .. } => vec![subject, other],
        Kind::In { subject, .. }
        | Kind::Text { subject, .. }
        | Kind::Contains { subject, .. }
        | Kind::OlderThan { subject, .. }
        | Kind::InWindow { subject, .. } => vec![subject],
        Kind::Call { arguments, .. } => arguments.iter().collect(),
        Kind::Part { of, .. } | Kind::Share { of, .. } => vec![of],
        Kind::AnyEvent(clause) => filter(clause),
        Kind::AllEvents { clause, have } => filter(clause).into_iter().chain([&**have]).collect(),
        Kind::Aggregate { clause, .. }
        | Kind::Edge { clause, .. }
        | Kind::Periods { clause, .. }
        | Kind::Lifecycle { clause, .. } => filter(clause),
        Kind::Constant(_)
        | Kind::Attribute(..)
        | Kind::RowAt
        | Kind::Definition(_)
        | Kind::Now
        | Kind::Today
        | Kind::Consent { .. }
        | Kind::Bucket { .. } => Vec::new(),
    }
}

fn filter(clause: &Clause) -> Vec<&Expr> {
    clause.filter.as_deref().into_iter().collect()
}

/// The event clause of an expression, if it has one.
pub fn clause(expr: &Expr) -> Option<&Clause> {
    match &expr.kind {
        Kind::AnyEvent(clause)
        | Kind::AllEvents { clause, .. }
        | Kind::Aggregate { clause, .. }
        | Kind::Edge { clause, .. }
        | Kind::Periods { clause, .. }
        | Kind::Lifecycle { clause, .. } => Some(clause),
        _ => None,
    }
}
