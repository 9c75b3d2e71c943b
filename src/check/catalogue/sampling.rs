//! Who is drawn for what: experiments, control groups, the holdout.

use std::collections::BTreeMap;

use super::super::expression::fraction;
use super::super::tree::{Arm, Content, Experiment, Exposure, Holdout, Program, Share};
use super::super::words;
use super::super::world::{World, suggest};
use super::is_repeated;
use crate::bucket::{Scheme, Threshold};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{self, ActionKind};

/// `control 10%`
pub(super) fn control(written: Option<&ast::Name>, world: &World, out: &mut Vec<Diagnostic>) -> Option<Share> {
    let written = written?;
    needs_id(written.span, world, out);
    let share = share(written, out)?;
    is_part(share, "a control group", out).then_some(share)
}

pub(super) fn holdout(
    name: &ast::Name,
    written: &ast::Name,
    salt: Option<&ast::Name>,
    except: &[ast::Spanned<Vec<ast::Name>>],
    span: Span,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Holdout> {
    needs_id(written.span, world, out);
    let share = share(written, out).filter(|&share| is_part(share, "a holdout", out));
    let (mut kinds, mut paths) = (Vec::new(), Vec::new());
    for exempt in except {
        match exempt.node.as_slice() {
            [word] if word.node == "service" => kinds.push(ActionKind::Service),
            [word] if word.node == "offer" => kinds.push(ActionKind::Offer),
            [word] if word.node == "message" => kinds.push(ActionKind::Message),
            _ => match world.actions.named(exempt, None) {
                Ok(path) => paths.push(path),
                Err(error) => out.push(*error),
            },
        }
    }
    let salt = salt.map_or(String::new(), |salt| salt.node.clone());
    Some(Holdout { name: name.node.clone(), share: share?, salt, kinds, paths, span })
}

/// Of all customers nobody would be left.
fn is_part(share: Share, what: &str, out: &mut Vec<Diagnostic>) -> bool {
    let part = share.below.is_some();
    if !part {
        out.push(
            Diagnostic::error(Code::ConstantComparison, share.span, format!("{what} of everyone leaves nobody"))
                .label("less than 100% is needed"),
        );
    }
    part
}

pub(super) fn experiment(written: &ast::Experiment, world: &World, out: &mut Vec<Diagnostic>) -> Option<Experiment> {
    needs_id(written.name.span, world, out);
    let mut arms: Vec<Arm> = Vec::new();
    let fractions: Option<Vec<(i64, i64)>> = written.arms.iter().map(|arm| exact(&arm.share, out)).collect();
    let fractions = fractions?;
    let scale = fractions.iter().map(|(_, denominator)| *denominator).max().unwrap_or(1);
    let mut total: i64 = 0;
    let mut weights = Vec::new();
    for (arm, (numerator, denominator)) in written.arms.iter().zip(fractions) {
        let message = || format!("two arms are called `{}`", arm.name.node);
        is_repeated(&arm.name, written.arms.iter().map(|arm| &arm.name), message, out);
        // Denominators are powers of ten.
        let part = numerator.checked_mul(scale.checked_div(denominator)?);
        weights.push((u64::try_from(part.unwrap_or(0)).ok()?, u64::try_from(scale).ok()?));
        total = part.and_then(|part| total.checked_add(part)).unwrap_or(i64::MAX);
        let limit = u64::try_from(total).ok().zip(u64::try_from(scale).ok());
        let limit = limit.and_then(|(total, scale)| Threshold::of_ratio(total.min(scale), scale))?;
        let share = Share { below: u64::try_from(limit.limit()).ok(), span: arm.share.span };
        arms.push(Arm { name: arm.name.node.clone(), share, content: arm.content.node.clone() });
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

/// `for 20% of layer hero`; where in its layer is found once all experiments are known.
fn exposure(written: &ast::Exposure, out: &mut Vec<Diagnostic>) -> Option<Exposure> {
    let (numerator, denominator) = exact(&written.share, out)?;
    let part = (u64::try_from(numerator).ok()?, u64::try_from(denominator).ok()?);
    let layer = written.layer.as_ref().map(|layer| layer.node.clone());
    Some(Exposure { layer, part, from: 0, share: share(&written.share, out)? })
}

/// `using growthbook2 "seed"`
fn scheme(
    written: &ast::SchemeName,
    arms: &[Arm],
    weights: &[(u64, u64)],
    out: &mut Vec<Diagnostic>,
) -> Option<(Scheme, String)> {
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
    let parts = u64::from(scheme.parts().unwrap_or(1));
    let whole = |&(part, of): &(u64, u64)| part.checked_mul(parts).is_some_and(|part| part.checked_rem(of) == Some(0));
    if scheme.parts().is_some()
        && let Some((arm, _)) = arms.iter().zip(weights).find(|(_, weight)| !whole(weight))
    {
        out.push(
            Diagnostic::error(Code::BadShares, arm.share.span, format!("`{}` counts in parts of {parts}", name.node))
                .label("this is no whole number of them"),
        );
        return None;
    }
    Some((scheme, salt.node.clone()))
}

/// Gives each experiment of a layer the buckets behind those of the experiments before it.
pub(super) fn layers(programs: &mut [Program], out: &mut Vec<Diagnostic>) {
    let mut layers: BTreeMap<String, Vec<Layered<'_>>> = BTreeMap::new();
    for program in programs {
        for campaign in &mut program.campaigns {
            for action in &mut campaign.actions {
                let path = format!("{}.{}.{}", program.name, campaign.name, action.name);
                for treatment in &mut action.treatments {
                    let Content::Experiment(experiment) = &mut treatment.content else { continue };
                    let Some(exposure) = &mut experiment.exposure else { continue };
                    let Some(layer) = exposure.layer.clone() else { continue };
                    let of = format!("{path}.{}", experiment.name);
                    layers.entry(layer).or_default().push(Layered { of, exposure, span: experiment.span });
                }
            }
        }
    }
    for (name, mut layered) in layers {
        // Denominators are powers of ten.
        let scale = layered.iter().map(|one| one.exposure.part.1).max().unwrap_or(1);
        let mut known: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut total = 0_u64;
        for Layered { of, exposure, span } in &mut layered {
            let (part, one) = exposure.part;
            let part = scale.checked_div(one).and_then(|times| part.checked_mul(times)).unwrap_or(scale);
            // An experiment on several places is one.
            let (from, to) = *known.entry(of.clone()).or_insert_with(|| {
                let from = total;
                total = total.saturating_add(part);
                (from, total)
            });
            if to > scale && from <= scale {
                let sum = to as f64 * 100.0 / scale as f64;
                out.push(
                    Diagnostic::error(Code::BadShares, *span, format!("there is not so much left of layer `{name}`"))
                        .label(format!("with this one its experiments make {sum}%"))
                        .help("make it 100% in all"),
                );
            }
            let limit = |part: u64| Threshold::of_ratio(part.min(scale), scale).map(Threshold::limit);
            exposure.from = limit(from).and_then(|limit| u64::try_from(limit).ok()).unwrap_or(u64::MAX);
            exposure.share.below = limit(to).and_then(|limit| u64::try_from(limit).ok());
        }
    }
}

/// An experiment that is part of a layer.
struct Layered<'e> {
    /// Its path.
    of: String,
    exposure: &'e mut Exposure,
    span: Span,
}

pub(super) fn exact(share: &ast::Name, out: &mut Vec<Diagnostic>) -> Option<(i64, i64)> {
    let found = fraction(&share.node).filter(|(numerator, denominator)| numerator <= denominator);
    if found.is_none() {
        out.push(
            Diagnostic::error(Code::BadNumber, share.span, "this is no share")
                .label("a percentage from 0% to 100%, of few digits, is needed"),
        );
    }
    found
}

pub(super) fn share(written: &ast::Name, out: &mut Vec<Diagnostic>) -> Option<Share> {
    let (numerator, denominator) = exact(written, out)?;
    let (numerator, denominator) = (u64::try_from(numerator).ok()?, u64::try_from(denominator).ok()?);
    let below = u64::try_from(Threshold::of_ratio(numerator, denominator)?.limit()).ok();
    Some(Share { below, span: written.span })
}

pub(super) fn needs_id(span: Span, world: &World, out: &mut Vec<Diagnostic>) {
    if world.shape.id.is_none() {
        out.push(
            Diagnostic::error(Code::MissingSetting, span, "nothing says who is who")
                .label("customers are drawn by their id")
                .help("declare it: `profile { number id … }`"),
        );
    }
}
