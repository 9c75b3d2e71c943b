//! What weighs actions: boosts, levers, trust; when they are available, and what comes with them.

use super::super::actions::Here;
use super::super::expression::{Checker, fraction};
use super::super::tree::{Boost, Decay, Lever, Promo, Valid};
use super::super::world::World;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{self, ExprKind, Literal};
use crate::time::{Instant, Period};

pub(super) fn boosts(written: &[ast::Boost], here: Here<'_>, world: &World, out: &mut Vec<Diagnostic>) -> Vec<Boost> {
    let checked = written.iter().filter_map(|boost| {
        // Both are looked at before any failure counts.
        let decay = boost.decay.as_ref().map(|written| decay(written, here, world, out));
        let when = boost.when.as_ref().map(|when| Checker::in_campaign(world, here, out).condition(when));
        let (decay, when) = (whole(decay)?, whole(when)?);
        Some(Boost { change: change(&boost.change, out)?, decay, when, span: boost.span })
    });
    checked.collect()
}

/// What is not written, or what has been checked.
fn whole<T>(checked: Option<Option<T>>) -> Option<Option<T>> {
    checked.map_or(Some(None), |checked| checked.map(Some))
}

/// So many steps a decay may have: days of a year and a day.
const STEPS: i64 = 366;

/// `after clicked(reminder) decaying over 5 days`: five steps of a day.
fn decay(written: &ast::Decay, here: Here<'_>, world: &World, out: &mut Vec<Diagnostic>) -> Option<Decay> {
    if let Some(window) = &written.after.window {
        out.push(
            Diagnostic::error(Code::WrongScope, window.span, "the time of a decay is counted from the latest event")
                .label("leave it out")
                .help("after the time behind `over` nothing of the boost is left"),
        );
    }
    let latest = Checker::in_campaign(world, here, out).latest(&written.after);
    let over = &written.over;
    let error = |code, message: &str| Diagnostic::error(code, over.span, message);
    let problem = match over.node.parts.as_slice() {
        [(0, _)] => error(Code::ReversedBounds, "nothing decays over no time").label("no moment lies in this period"),
        [(count, unit)] => match Period::from_parts(&[(1, *unit)]).filter(|_| *count <= STEPS) {
            Some(step) if written.after.window.is_none() => {
                return Some(Decay { latest: latest?, step, steps: i32::try_from(*count).ok()? });
            }
            Some(_) => return None,
            None => error(Code::BadNumber, "this decay has too many steps")
                .label(format!("one part is lost each {unit}, in up to {STEPS} steps"))
                .help("count in a longer unit"),
        },
        _ => error(Code::BadNumber, "a decay goes step by step, all alike")
            .label("two units are two lengths of a step")
            .help("write it in one unit: `over 36 hours`"),
    };
    out.push(problem);
    None
}

pub(super) fn levers(written: &[ast::Lever], world: &World, out: &mut Vec<Diagnostic>) -> Vec<Lever> {
    let checked = written.iter().filter_map(|lever| {
        let lacking = [
            ("an end", "until 2026-12-31", lever.until.is_none()),
            ("an owner", "by \"CRM\"", lever.owner.is_none()),
            ("a reason", "because \"Q4 push\"", lever.because.is_none()),
        ];
        for (what, example, _) in lacking.iter().filter(|(.., lacks)| *lacks) {
            out.push(
                Diagnostic::error(Code::MissingSetting, lever.span, format!("this lever has no {}", bare(what)))
                    .label(format!("a lever needs {what}"))
                    .help(format!("write for example `{example}`")),
            );
        }
        let until = moment(lever.until.as_ref()?, world, true)?;
        let (owner, because) = (lever.owner.as_ref()?.node.clone(), lever.because.as_ref()?.node.clone());
        Some(Lever { change: change(&lever.change, out)?, until, owner, because, span: lever.span })
    });
    checked.collect()
}

/// `an owner` → `owner`
fn bare(what: &str) -> &str {
    what.split_once(' ').map_or(what, |(_, bare)| bare)
}

/// The sum of the changes that may stand together must stay above −100%: a factor of zero would remove the action without a
/// word.
pub(super) fn stays_positive(boosts: &[Boost], levers: &[Lever], out: &mut Vec<Diagnostic>) {
    let lowest: f64 = boosts.iter().map(|boost| boost.change.min(0.0)).sum();
    if lowest <= -1.0 {
        reaches_zero("boosts", boosts.iter().map(|boost| (boost.change, boost.span)), out);
    }
    // At a time those count that have not ended.
    let sum_at = |end: Instant| levers.iter().filter(|lever| end <= lever.until).map(|lever| lever.change).sum::<f64>();
    if let Some(worst) = levers.iter().find(|lever| sum_at(lever.until) <= -1.0) {
        let together = levers.iter().filter(|lever| worst.until <= lever.until);
        reaches_zero("levers", together.map(|lever| (lever.change, lever.span)), out);
    }
}

fn reaches_zero(what: &str, changes: impl Iterator<Item = (f64, Span)>, out: &mut Vec<Diagnostic>) {
    let mut lowering = changes.filter(|(change, _)| *change < 0.0).map(|(_, span)| span);
    let Some(first) = lowering.next() else { return };
    let message = format!("together these {what} take away all of the priority");
    let error = Diagnostic::error(Code::VanishingFactor, first, message).label("1 + their sum must stay above 0");
    let error = lowering.fold(error, |error, span| error.related(span, "with this one"));
    out.push(error.help("lower them less; what must not be shown is suppressed: `suppress when … because \"…\"`"));
}

/// `+50%` as 0.5.
fn change(change: &ast::Name, out: &mut Vec<Diagnostic>) -> Option<f64> {
    let (sign, digits) = match change.node.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, change.node.as_str()),
    };
    let found = fraction(digits).map(|(numerator, denominator)| sign * (numerator as f64 / denominator as f64));
    if found.is_none() {
        out.push(
            Diagnostic::error(Code::BadNumber, change.span, "this percentage cannot be computed exactly")
                .label("too many digits"),
        );
    }
    found
}

/// How many contacts a propensity is trusted like.
pub(super) fn trust(written: Option<&ast::Spanned<i64>>, out: &mut Vec<Diagnostic>) -> Option<u32> {
    let written = written?;
    let trust = u32::try_from(written.node).ok().filter(|&trust| trust > 0);
    if trust.is_none() {
        out.push(
            Diagnostic::error(Code::BadNumber, written.span, "a propensity cannot be trusted like this")
                .label("a number of contacts from 1 on is needed"),
        );
    }
    trust
}

pub(super) fn valid(written: Option<&ast::Valid>, world: &World, out: &mut Vec<Diagnostic>) -> Option<Valid> {
    let written = written?;
    let (from, until) = (moment(&written.from, world, false)?, moment(&written.to, world, true)?);
    if until < from {
        out.push(
            Diagnostic::error(Code::ReversedBounds, written.span, "this ends before it begins")
                .label("no moment lies in it"),
        );
        return None;
    }
    Some(Valid { from, until, span: written.span })
}

/// A day counts as a whole, in the zone of the rules.
fn moment(written: &ast::Expr, world: &World, end: bool) -> Option<Instant> {
    match &written.node {
        ExprKind::Literal(Literal::Date(date)) if end => Some(world.zone.end_of_day(*date)),
        ExprKind::Literal(Literal::Date(date)) => Some(world.zone.start_of_day(*date)),
        ExprKind::Literal(Literal::Instant(moment)) => Some(moment.at),
        _ => None,
    }
}

pub(super) fn promo(written: Option<&ast::Promo>, world: &World, out: &mut Vec<Diagnostic>) -> Option<Promo> {
    let written = written?;
    if written.once && !world.shape.contacts {
        out.push(
            Diagnostic::error(Code::MissingSetting, written.span, "the program's customer has no contact history")
                .label("without one, nobody knows who has had the code")
                .help("leave `once` out, or give the customer type its contacts"),
        );
    }
    if written.code.node.is_empty() {
        out.push(Diagnostic::error(Code::EmptyText, written.code.span, "this code is empty").label("which code?"));
    }
    let (code, expires) = (written.code.node.clone(), written.expires.node.period);
    Some(Promo { code, expires, once: written.once, span: written.span })
}
