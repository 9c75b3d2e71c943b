//! Who is drawn for what: experiments, control groups, the holdout.

use super::super::expression::fraction;
use super::super::tree::{Arm, Experiment, Holdout, Share};
use super::super::world::World;
use super::is_repeated;
use crate::bucket::Threshold;
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
    for (arm, (numerator, denominator)) in written.arms.iter().zip(fractions) {
        let message = || format!("two arms are called `{}`", arm.name.node);
        is_repeated(&arm.name, written.arms.iter().map(|arm| &arm.name), message, out);
        // Denominators are powers of ten.
        let part = numerator.checked_mul(scale.checked_div(denominator)?);
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
    Some(Experiment { name: written.name.node.clone(), arms, span })
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
