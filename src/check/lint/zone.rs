//! Days counted in UTC because nobody said where.

use crate::check::tree::{Body, Clause, Constant, Expr, Kind, Limit, Rules, Window};
use crate::check::walk;
use crate::diagnostic::{Diagnostic, Lint, Span};
use crate::schema::Type;
use crate::time::{CivilWindow, Period};

/// Warns once, at the first rule that depends on where days begin. A zone of the ruleset or of the customer rules it out.
pub(super) fn check(rules: &Rules, out: &mut Vec<Diagnostic>) {
    let own = rules.definitions.iter().filter(|definition| definition.zone.is_none());
    let bodies = own.flat_map(|definition| match &definition.body {
        Body::Expr(expr) => vec![expr],
        Body::Score { bands, .. } => bands.iter().map(|(when, _)| when).collect(),
        Body::Group { .. } => Vec::new(),
        Body::Stages(stages) => stages.iter().flatten().collect(),
    });
    let mut first: Option<Span> = None;
    for expr in bodies.chain(rules.catalogue_expressions()) {
        walk::each(expr, &mut |e| {
            if counts_days(e) {
                first = Some(first.map_or(e.span, |first| first.min(e.span)));
            }
        });
    }
    // Of caps only those by the calendar, since of `in any 7 days` the zone changes an hour at most.
    let calendar = |limit: Limit| limit.zone.is_none() && matches!(limit.window, CivilWindow::This(_));
    let caps = rules.policy.caps.iter().filter(|cap| cap.limit.is_some_and(calendar)).map(|cap| cap.span);
    let quiets = rules.policy.quiets.iter().filter(|quiet| quiet.zone.is_none()).map(|quiet| quiet.span);
    let first = first.into_iter().chain(caps).chain(quiets).min();
    if let Some(span) = first {
        out.push(
            Diagnostic::warning(Lint::ImplicitUtc, span, "days are counted here, but no time zone is set")
                .label("a day begins at midnight, and here at midnight in UTC")
                .help("begin the file with `ruleset shop { zone \"Europe/Paris\" }`, or give each customer a `zone`"),
        );
    }
}

fn counts_days(expr: &Expr) -> bool {
    let window = |clause: &Clause| clause.window.as_ref().is_some_and(is_civil);
    walk::clauses(expr).into_iter().any(window)
        || match &expr.kind {
            Kind::Today | Kind::Age(_) | Kind::Periods { .. } => true,
            Kind::Part { of, .. } => of.ty == Type::Instant,
            Kind::Day { subject, .. } => subject.ty == Type::Instant,
            Kind::OlderThan { period, .. } | Kind::Lifecycle { period, .. } => is_calendar(*period),
            Kind::InWindow { window, .. } => is_civil(window),
            Kind::Chain(chain) => {
                let tail = chain.tail.as_ref().map(|tail| tail.within);
                chain.steps.iter().filter_map(|step| step.within).chain(tail).any(is_calendar)
            }
            Kind::Compare { left, right, .. } => [left, right]
                .iter()
                .any(|side| matches!(side.kind, Kind::Constant(Constant::Period(period)) if is_calendar(period))),
            _ => false,
        }
}

fn is_civil(window: &Window) -> bool {
    match window {
        Window::Civil(CivilWindow::Last(period) | CivilWindow::Next(period) | CivilWindow::UntilAgo(period)) => {
            is_calendar(*period)
        }
        Window::Civil(CivilWindow::Ago { from, to }) => is_calendar(*from) || is_calendar(*to),
        Window::Civil(_) => true,
        Window::Anchored { length, .. } => is_calendar(*length),
    }
}

fn is_calendar(period: Period) -> bool {
    period.months != 0 || period.days != 0
}
