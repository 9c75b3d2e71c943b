//! Bands of a score between which one value falls through.

use super::asked::Asked;
use super::region::Region;
use super::value::{Say, Texts, domain, subject};
use crate::check::tree::{Body, Definition, Expr, Kind, Rules};
use crate::diagnostic::{Diagnostic, Lint, Span};
use crate::syntax::ast::CompareOp;

pub(super) fn check(rules: &Rules, definition: &Definition, out: &mut Vec<Diagnostic>) {
    let Body::Score { bands, .. } = &definition.body else { return };
    let mut texts = Texts::default();
    let limit = |(when, _): &(_, _)| Some((texts.say(Asked::of(when))?, when.span, op(when)));
    let Some(limits) = bands.iter().map(limit).collect::<Option<Vec<_>>>() else { return };
    let mut taken = limits.iter().fold(Region::NONE, |taken, (say, ..)| taken.or(&say.values));
    if let Some((possible, _)) = bands.first().and_then(|(when, _)| domain(subject(when), &rules.definitions)) {
        taken = taken.or(&possible.not());
    }
    for hole in taken.pinholes() {
        let lower = |(say, _, op): &&(Say, Span, Option<CompareOp>)| {
            matches!(op, Some(CompareOp::Less | CompareOp::LessOrEqual))
                && say.values.ends().and_then(|(_, high)| high.checked_add(1)) == Some(hole)
        };
        let upper = |(say, _, op): &&(Say, Span, Option<CompareOp>)| {
            matches!(op, Some(CompareOp::Greater | CompareOp::GreaterOrEqual))
                && say.values.ends().and_then(|(low, _)| low.checked_sub(1)) == Some(hole)
        };
        if let (Some((_, lower, _)), Some((_, upper, _))) = (limits.iter().find(lower), limits.iter().find(upper)) {
            let (first, second) = if lower < upper { (lower, upper) } else { (upper, lower) };
            out.push(
                Diagnostic::warning(Lint::BandGap, *second, "one value falls between two bands")
                    .label("this band begins just beyond it")
                    .related(*first, "so does this one, and `else` takes it")
                    .help("write `>=` or `<=` in one of them"),
            );
        }
    }
}

fn op(when: &Expr) -> Option<CompareOp> {
    match &when.kind {
        Kind::Compare { op, .. } => Some(*op),
        _ => None,
    }
}
