//! Conditions that time alone brings about and does not undo: `none(exposed(reminder) within 3 days)`.

use crate::check::tree::{Expr, Kind, Place, Rules, Window};
use crate::check::walk;
use crate::time::{CivilWindow, Period};

/// For how long events matter to a condition that, once it is definitely true (`want`) or definitely false, stays so while
/// nothing happens; `None` where that cannot be said. Definitions are not opened.
pub(super) fn look_back(rules: &Rules, expr: &Expr, want: bool) -> Option<Period> {
    match &expr.kind {
        Kind::Not(of) => look_back(rules, of, !want),
        Kind::And(of) | Kind::Or(of) => of.iter().try_fold(Period::default(), |longest, part| {
            let period = look_back(rules, part, want)?;
            Some(if period.cmp_approx(&longest).is_gt() { period } else { longest })
        }),
        Kind::AnyEvent(clause) if clause.filter.as_ref().is_none_or(|filter| is_timeless(rules, filter)) => {
            match &clause.window {
                None => Some(Period::default()),
                // Events only leave it.
                Some(Window::Civil(CivilWindow::Last(period))) if !want => Some(*period),
                Some(_) => None,
            }
        }
        _ => is_timeless(rules, expr).then(Period::default),
    }
}

/// Whether nothing in an expression depends on what time it is.
fn is_timeless(rules: &Rules, expr: &Expr) -> bool {
    let mut timeless = true;
    walk::each(expr, &mut |inner| {
        timeless &= match &inner.kind {
            // A value that grows stale is missing one day.
            Kind::Attribute(Place::Customer, index) | Kind::Item { place: Place::Customer, index, .. } => {
                rules.shape.attributes.get(*index).is_some_and(|attribute| attribute.fresh().is_none())
            }
            // A contact that has failed has failed for good.
            Kind::Attribute(..) | Kind::Item { .. } | Kind::Constant(_) | Kind::RowAt | Kind::OuterAt { .. } => true,
            Kind::Outcome { .. } | Kind::Bucket { .. } => true,
            Kind::Not(_) | Kind::And(_) | Kind::Or(_) | Kind::AtLeast { .. } => true,
            Kind::Compare { .. } | Kind::Between { .. } | Kind::In { .. } | Kind::Text { .. } => true,
            Kind::Contains { .. } | Kind::IsEmpty(_) | Kind::Inside { .. } | Kind::IsMissing(_) => true,
            Kind::Arithmetic { .. } | Kind::Share { .. } | Kind::ToNumber(_) | Kind::Length(_) => true,
            Kind::Part { .. } | Kind::Version { .. } | Kind::Point(..) | Kind::Distance(..) => true,
            _ => false,
        };
    });
    timeless
}
