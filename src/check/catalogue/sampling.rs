//! Who is drawn for what: control groups, the holdout, shares of customers.

use super::super::expression::fraction;
use super::super::tree::{Holdout, Share};
use super::super::world::World;
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
