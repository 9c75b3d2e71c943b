//! Trying what is not known to be best.

use super::super::expression::Checker;
use super::super::tree::{Constant, Exploration, Explore, Kind};
use super::super::world::World;
use super::sampling::{exact, needs_id, share};
use super::{amount, needs_currency};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast;

/// Draws that estimate a probability, where nothing else is said: to within 3% or so.
const DRAWS: u32 = 1_000;
/// Each costs some hundred nanoseconds for each action.
const MOST_DRAWS: u32 = 10_000;

pub(super) fn explore(
    written: &ast::Exploration,
    span: Span,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Explore> {
    needs_id(span, world, out);
    let how = match written {
        ast::Exploration::Epsilon(written) => {
            let (numerator, denominator) = exact(written, out)?;
            Exploration::Epsilon { share: share(written, out)?, chance: numerator as f64 / denominator as f64 }
        }
        ast::Exploration::Thompson { draws } => Exploration::Thompson { draws: counted(draws.as_ref(), out)? },
        ast::Exploration::Softmax(value) => Exploration::Softmax { temperature: temperature(value, world, out)? },
    };
    Some(Explore { how, span })
}

fn counted(draws: Option<&ast::Spanned<i64>>, out: &mut Vec<Diagnostic>) -> Option<u32> {
    let Some(draws) = draws else { return Some(DRAWS) };
    let counted = u32::try_from(draws.node).ok().filter(|draws| (1..=MOST_DRAWS).contains(draws));
    if counted.is_none() {
        out.push(
            Diagnostic::error(Code::BadNumber, draws.span, "this is no number of draws")
                .label(format!("from 1 to {MOST_DRAWS} can estimate a probability"))
                .help("write `explore thompson 1000 draws`"),
        );
    }
    counted
}

/// A fixed amount above 0, as a priority is an amount.
fn temperature(value: &ast::Expr, world: &World, out: &mut Vec<Diagnostic>) -> Option<f64> {
    const HELP: &str =
        "write `explore softmax 0.20 EUR`: an action that is worth so much more is chosen 2.7 times as often";
    needs_currency(value.span, world, out);
    let checked = amount::money(Checker::new(world, out), value)?;
    let problem = match checked.kind {
        Kind::Constant(Constant::Money(minor)) if minor > 0 => return Some(minor as f64),
        Kind::Constant(_) => Diagnostic::error(Code::BadNumber, value.span, "the temperature must be above 0"),
        _ => Diagnostic::error(Code::Unsupported, value.span, "the temperature must be a fixed amount"),
    };
    out.push(problem.help(HELP));
    None
}
