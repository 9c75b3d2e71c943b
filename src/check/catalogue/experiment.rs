//! Experiments: their arms or factors, for whom, drawn how.

use super::super::tree::{Arm, Experiment, Exposure, Factorial, Levels, Share};
use super::super::words;
use super::super::world::{World, suggest};
use super::is_repeated;
use super::sampling::{exact, needs_id, share};
use crate::bucket::{Scheme, Threshold};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast;

pub(super) fn experiment(written: &ast::Experiment, world: &World, out: &mut Vec<Diagnostic>) -> Option<Experiment> {
    needs_id(written.name.span, world, out);
    let mut arms: Vec<Arm> = Vec::new();
    let shares: Vec<&ast::Name> = written.arms.iter().map(|arm| &arm.share).collect();
    let Cumulative { weights, shares, total, scale } = cumulative(&shares, out)?;
    for (arm, share) in written.arms.iter().zip(shares) {
        let message = || format!("two arms are called `{}`", arm.name.node);
        is_repeated(&arm.name, written.arms.iter().map(|arm| &arm.name), message, out);
        let stopped = written.stops.iter().any(|stop| stop.node == arm.name.node);
        arms.push(Arm { name: arm.name.node.clone(), share, content: arm.content.node.clone(), stopped });
    }
    if total != scale || written.arms.len() < 2 {
        let sum = total as f64 * 100.0 / scale as f64;
        let error = Diagnostic::error(
            Code::BadShares,
            written.name.span,
            format!("the arms of `{}` do not share all customers between them", written.name.node),
        );
        out.push(match written.arms.len() {
            0 | 1 => {
                error.label("at least two are needed").help("write `experiment x { a 50% \"key.a\"  b 50% \"key.b\" }`")
            }
            _ => error.label(format!("their shares make {sum}%")).help("make it 100% in all"),
        });
        return None;
    }
    stops(written, &arms, &weights, out);
    let span = written.name.span;
    let scheme = match &written.scheme {
        Some(scheme) => Some(self::scheme(scheme, &arms, &weights, out)?),
        None => None,
    };
    let exposure = match &written.exposure {
        Some(exposure) => Some(self::exposure(exposure, out)?),
        None => None,
    };
    Some(Experiment { name: written.name.node.clone(), exposure, scheme, arms, weights, span })
}

/// Shares, each with those before it.
struct Cumulative {
    /// Each by itself, with the denominator that all have in common.
    weights: Vec<(u64, u64)>,
    shares: Vec<Share>,
    /// What they make together, of so many.
    total: i64,
    scale: i64,
}

fn cumulative(written: &[&ast::Name], out: &mut Vec<Diagnostic>) -> Option<Cumulative> {
    let fractions: Option<Vec<(i64, i64)>> = written.iter().map(|share| exact(share, out)).collect();
    let fractions = fractions?;
    let scale = fractions.iter().map(|(_, denominator)| *denominator).max().unwrap_or(1);
    let (mut total, mut weights, mut shares): (i64, _, _) = (0, Vec::new(), Vec::new());
    for (share, (numerator, denominator)) in written.iter().zip(fractions) {
        // Denominators are powers of ten.
        let part = numerator.checked_mul(scale.checked_div(denominator)?);
        weights.push((u64::try_from(part.unwrap_or(0)).ok()?, u64::try_from(scale).ok()?));
        total = part.and_then(|part| total.checked_add(part)).unwrap_or(i64::MAX);
        let limit = u64::try_from(total).ok().zip(u64::try_from(scale).ok());
        let limit = limit.and_then(|(total, scale)| Threshold::of_ratio(total.min(scale), scale))?;
        shares.push(Share { below: u64::try_from(limit.limit()).ok(), span: share.span });
    }
    Some(Cumulative { weights, shares, total, scale })
}

/// `stop b`: an arm of the experiment, and not the last one that anybody is in.
fn stops(written: &ast::Experiment, arms: &[Arm], weights: &[(u64, u64)], out: &mut Vec<Diagnostic>) {
    let names = || arms.iter().map(|arm| arm.name.as_str());
    for stop in &written.stops {
        let message = || format!("`{}` is stopped twice", stop.node);
        if !is_repeated(stop, written.stops.iter(), message, out) && !names().any(|name| name == stop.node) {
            let message = format!("`{}` has no arm `{}`", written.name.node, stop.node);
            let error = Diagnostic::error(Code::UnknownName, stop.span, message)
                .label(format!("its arms are {}", words::names(names())));
            out.push(suggest(error, stop.span, &stop.node, names()));
        }
    }
    let goes_on = |(arm, (part, _)): (&Arm, &(u64, u64))| !arm.stopped && *part > 0;
    if let Some(last) = written.stops.last()
        && !arms.iter().zip(weights).any(goes_on)
    {
        out.push(
            Diagnostic::error(Code::BadShares, last.span, format!("no arm of `{}` goes on", written.name.node))
                .label("its customers have no other arm to go to")
                .help("show the content of one by itself: `treat web \"key.a\"`"),
        );
    }
}

/// `experiment looks "hello.mail" factors { subject: ["Hi", "Hello"]  image: ["cat", "dog"] }`
pub(super) fn factorial(written: &ast::Factorial, world: &World, out: &mut Vec<Diagnostic>) -> Option<Factorial> {
    needs_id(written.name.span, world, out);
    let names = || written.factors.iter().map(|factor| &factor.name);
    for factor in &written.factors {
        let message = || format!("two factors are called `{}`", factor.name.node);
        is_repeated(&factor.name, names(), message, out);
        for level in &factor.levels {
            let message = || format!("`{}` has the level \"{}\" twice", factor.name.node, level.text.node);
            is_repeated(&level.text, factor.levels.iter().map(|level| &level.text), message, out);
        }
        if factor.levels.len() < 2 {
            out.push(
                Diagnostic::error(Code::BadShares, factor.span, format!("`{}` has nothing to try", factor.name.node))
                    .label("at least two levels are needed")
                    .help("what is the same for everybody stands behind `with`"),
            );
        }
    }
    if written.factors.is_empty() {
        let message = format!("`{}` has no factors", written.name.node);
        out.push(
            Diagnostic::error(Code::BadShares, written.name.span, message)
                .label("nothing is tried")
                .help("write `factors { subject: [\"Hi\", \"Hello\"]  image: [\"cat\", \"dog\"] }`"),
        );
        return None;
    }
    let exposure = match &written.exposure {
        Some(exposure) => Some(self::exposure(exposure, out)?),
        None => None,
    };
    // What is wrong with one is told beside what is wrong with another.
    let shares: Vec<Option<Vec<Share>>> = written.factors.iter().map(|factor| shares(factor, out)).collect();
    let mut factors = Vec::new();
    for (factor, shares) in written.factors.iter().zip(shares) {
        let levels = factor.levels.iter().map(|level| level.text.node.clone()).collect();
        factors.push(Levels { factor: factor.name.node.clone(), levels, shares: shares? });
    }
    let (name, content) = (written.name.node.clone(), written.content.node.clone());
    Some(Factorial { name, exposure, content, factors, span: written.name.span })
}

/// The shares of the levels of a factor, which all of them have or none.
fn shares(factor: &ast::Factor, out: &mut Vec<Diagnostic>) -> Option<Vec<Share>> {
    let written: Vec<&ast::Name> = factor.levels.iter().filter_map(|level| level.share.as_ref()).collect();
    if written.is_empty() {
        return Some(Vec::new());
    }
    if let Some(without) = factor.levels.iter().find(|level| level.share.is_none()) {
        let message = format!("some levels of `{}` have a share, and others have none", factor.name.node);
        out.push(
            Diagnostic::error(Code::BadShares, without.text.span, message)
                .label("how many see this one?")
                .help("write a share behind each, or behind none: then they are alike"),
        );
        return None;
    }
    let Cumulative { shares, total, scale, .. } = cumulative(&written, out)?;
    if total != scale {
        let sum = total as f64 * 100.0 / scale as f64;
        let message = format!("the levels of `{}` do not share all customers between them", factor.name.node);
        let error = Diagnostic::error(Code::BadShares, factor.name.span, message);
        out.push(error.label(format!("their shares make {sum}%")).help("make it 100% in all"));
        return None;
    }
    Some(shares)
}

/// `for 20% of layer hero`; where in its layer is found once all experiments are known.
fn exposure(written: &ast::Exposure, out: &mut Vec<Diagnostic>) -> Option<Exposure> {
    let (numerator, denominator) = exact(&written.share, out)?;
    let part = (u64::try_from(numerator).ok()?, u64::try_from(denominator).ok()?);
    let layer = written.layer.as_ref().map(|layer| layer.node.clone());
    let gate = match &written.gate {
        Some(gate) => Some(self::gate(gate, &written.share, part, out)?),
        None => None,
    };
    Some(Exposure { layer, gate, part, from: 0, share: share(&written.share, out)? })
}

/// `by posthog "flag"`
fn gate(
    written: &ast::SchemeName,
    share: &ast::Name,
    part: (u64, u64),
    out: &mut Vec<Diagnostic>,
) -> Option<(Scheme, String)> {
    let (scheme, salt) = named(written, out)?;
    if !scheme.has_gate() {
        let gates = words::names(Scheme::ALL.into_iter().filter(|other| other.has_gate()).map(Scheme::name));
        let message = format!("`{}` draws arms, and no part of the customers", written.name.node);
        out.push(Diagnostic::error(Code::Unsupported, written.name.span, message).label(format!("those are {gates}")));
        return None;
    }
    counts(scheme.gate_parts(), &[(share.span, part)], &written.name, out).then_some((scheme, salt))
}

/// `using growthbook2 "seed"`
fn scheme(
    written: &ast::SchemeName,
    arms: &[Arm],
    weights: &[(u64, u64)],
    out: &mut Vec<Diagnostic>,
) -> Option<(Scheme, String)> {
    let (scheme, salt) = named(written, out)?;
    let shares: Vec<(Span, (u64, u64))> = arms.iter().map(|arm| arm.share.span).zip(weights.iter().copied()).collect();
    counts(scheme.parts(), &shares, &written.name, out).then_some((scheme, salt))
}

fn named(written: &ast::SchemeName, out: &mut Vec<Diagnostic>) -> Option<(Scheme, String)> {
    let (name, salt) = (&written.name, &written.salt);
    let names = || Scheme::ALL.iter().map(|scheme| scheme.name());
    let Some(scheme) = Scheme::ALL.into_iter().find(|scheme| scheme.name() == name.node) else {
        let error = Diagnostic::error(Code::UnknownName, name.span, format!("there is no scheme `{}`", name.node))
            .label(format!("the schemes are {}", words::names(names())));
        out.push(suggest(error, name.span, &name.node, names()));
        return None;
    };
    if !scheme.takes(&salt.node) {
        out.push(
            Diagnostic::error(Code::BadNumber, salt.span, format!("`{}` hashes a seed that is a number", name.node))
                .label("a whole number of 32 bits is needed"),
        );
        return None;
    }
    Some((scheme, salt.node.clone()))
}

/// Whether each share is a whole number of the parts that a scheme counts in.
fn counts(parts: Option<u32>, shares: &[(Span, (u64, u64))], scheme: &ast::Name, out: &mut Vec<Diagnostic>) -> bool {
    let Some(parts) = parts else { return true };
    let whole =
        |&(part, of): &(u64, u64)| part.checked_mul(parts.into()).is_some_and(|part| part.checked_rem(of) == Some(0));
    let broken = shares.iter().find(|(_, share)| !whole(share));
    if let Some((span, _)) = broken {
        out.push(
            Diagnostic::error(Code::BadShares, *span, format!("`{}` counts in parts of {parts}", scheme.node))
                .label("this is no whole number of them"),
        );
    }
    broken.is_none()
}
