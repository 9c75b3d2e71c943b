//! Actions that are made of rows: one candidate for each.

use super::super::actions::Here;
use super::super::expression::Checker;
use super::super::tree::{EachRow, Expr, Kind, Place};
use super::super::walk;
use super::super::world::World;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Type;
use crate::syntax::ast;

/// More candidates than this are no longer weighed one by one.
const MOST: i64 = 10_000;

pub(super) fn each_row(
    written: &ast::EachRow,
    here: Here<'_>,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<EachRow> {
    let named = Checker::new(world, out).alias(&written.row);
    let limit = match written.limit.node {
        limit @ 1..=MOST => usize::try_from(limit).ok(),
        0 => {
            out.push(
                Diagnostic::error(Code::ConstantComparison, written.limit.span, "there would be no candidate")
                    .label("at least one row is needed"),
            );
            None
        }
        _ => {
            out.push(
                Diagnostic::error(Code::LimitExceeded, written.limit.span, "an action cannot be made of so many rows")
                    .label(format!("the limit is {MOST}"))
                    .help("bring the rows that come into question"),
            );
            None
        }
    };
    let Some(catalog) = world.catalog(&written.catalog.node) else {
        out.push(world.unknown_catalog(&written.catalog));
        return None;
    };
    let here = Here { row: Some((&written.row, catalog)), ..here };
    let filter = written.filter.as_ref().map(|filter| {
        let filter = Checker::in_campaign(world, here, out).condition(filter)?;
        reads_the_row_alone(&filter, out).then_some(filter)
    });
    named?;
    let filter = filter.map_or(Some(None), |filter| filter.map(Some))?;
    Some(EachRow { catalog, filter, limit: limit?, span: written.span })
}

/// Which rows there are is known before anybody is decided for, so that too many of them are told to who brings them.
fn reads_the_row_alone(filter: &Expr, out: &mut Vec<Diagnostic>) -> bool {
    let Some(foreign) = foreign(filter) else { return true };
    out.push(
        Diagnostic::error(Code::WrongScope, foreign.span, "which rows there are depends on the rows alone")
            .label("not of the row")
            .help("ask about the customer, the context and the moment in the action: `eligible when …`"),
    );
    false
}

/// The first part of a filter that is neither of the row nor a constant.
fn foreign(expr: &Expr) -> Option<&Expr> {
    // The day of an instant is another in each zone.
    let zoned = |expr: &Expr| expr.ty == Type::Instant;
    let own = match &expr.kind {
        Kind::Constant(_) | Kind::Attribute(Place::Catalog(_), _) => true,
        Kind::Not(_)
        | Kind::And(_)
        | Kind::Or(_)
        | Kind::AtLeast { .. }
        | Kind::Compare { .. }
        | Kind::Between { .. }
        | Kind::In { .. }
        | Kind::Text { .. }
        | Kind::Inside { .. }
        | Kind::IsEmpty(_)
        | Kind::IsMissing(_)
        | Kind::Length(_)
        | Kind::Version { .. }
        | Kind::Point(..)
        | Kind::Distance(..)
        | Kind::ToNumber(_)
        | Kind::Arithmetic { .. }
        | Kind::Share { .. } => true,
        Kind::Part { of, .. } => !zoned(of),
        Kind::Day { subject, other, .. } => !zoned(subject) && !zoned(other),
        _ => false,
    };
    if own { walk::children(expr).into_iter().find_map(foreign) } else { Some(expr) }
}
