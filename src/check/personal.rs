//! What personal data an expression shows.

use super::tree::{Body, Definition, Expr, Kind, Place, Rules};
use super::walk;
use crate::schema::Attribute;

/// Whether personal data is read anywhere in an expression.
pub(crate) fn reads(rules: &Rules, expr: &Expr) -> bool {
    let mut personal = false;
    walk::each(expr, &mut |inner| personal |= is_personal(rules, inner));
    personal
}

/// Whether an expression itself is personal data.
pub(crate) fn is_personal(rules: &Rules, expr: &Expr) -> bool {
    let pii = |attributes: &[Attribute], index: usize| attributes.get(index).is_some_and(|a| a.pii);
    match &expr.kind {
        Kind::Attribute(Place::Customer, index) | Kind::Item { place: Place::Customer, index, .. } => {
            pii(&rules.shape.attributes, *index)
        }
        Kind::Attribute(Place::Context, index) => pii(&rules.context, *index),
        Kind::Attribute(Place::Catalog(catalog), index) => {
            rules.catalogs.get(*catalog).is_some_and(|catalog| pii(&catalog.columns, *index))
        }
        Kind::Attribute(Place::Row | Place::List, _) => false,
        Kind::Attribute(Place::Outer { event, .. }, index) => {
            rules.shape.events.get(*event).is_some_and(|event| pii(&event.properties, *index))
        }
        Kind::Definition(id) => {
            rules.definitions.get(*id).is_some_and(|definition| body_is_personal(rules, definition))
        }
        _ => match (walk::clause(expr), property(expr)) {
            (Some(clause), Some(index)) => {
                rules.shape.events.get(clause.event).is_some_and(|event| pii(&event.properties, index))
            }
            _ => false,
        },
    }
}

fn body_is_personal(rules: &Rules, definition: &Definition) -> bool {
    let mut personal = false;
    if let Body::Expr(expr) = &definition.body {
        walk::each(expr, &mut |inner| personal |= is_personal(rules, inner));
    }
    personal
}

fn property(expr: &Expr) -> Option<usize> {
    match &expr.kind {
        Kind::Edge { property, .. } | Kind::Aggregate { property, .. } => *property,
        _ => None,
    }
}
