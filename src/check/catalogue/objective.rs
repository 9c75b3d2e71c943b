//! The objective: its aims, and how much each of them counts for whom.

use super::super::expression::{Checker, EVERYONE};
use super::super::tree::{Aim, Constant, Kind, Objective, Weights};
use super::super::words;
use super::super::world::{World, suggest};
use super::sampling::exact;
use super::{amount, is_repeated, needs_currency};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast;

/// What could be read of the objective: where its weights are wrong, its aims can still be named.
pub(super) fn objective(
    name: &ast::Name,
    aims: &[ast::Aim],
    weights: &[ast::Weights],
    span: Span,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Objective {
    needs_currency(name.span, world, out);
    if aims.is_empty() {
        out.push(
            Diagnostic::error(Code::MissingSetting, name.span, format!("`{}` has no aim", name.node))
                .label("what is it made of?")
                .help("write `revenue in money`, or `retention in points of 4 EUR`"),
        );
    }
    for aim in aims {
        let message = || format!("two aims are called `{}`", aim.name.node);
        is_repeated(&aim.name, aims.iter().map(|aim| &aim.name), message, out);
    }
    let checked = aims.iter().map(|aim| Aim {
        name: aim.name.node.clone(),
        // After an error any point will do.
        point: aim.point.as_ref().map(|point| worth_of_a_point(point, world, out).unwrap_or(1)),
    });
    let checked: Vec<Aim> = checked.collect();
    let weights = all_weights(name, weights, &checked, world, out);
    Objective { name: name.node.clone(), aims: checked, weights: weights.unwrap_or_default(), span }
}

/// A fixed amount above 0.
fn worth_of_a_point(point: &ast::Expr, world: &World, out: &mut Vec<Diagnostic>) -> Option<i64> {
    let checked = amount::money(Checker::new(world, out), point)?;
    let problem = match checked.kind {
        Kind::Constant(Constant::Money(minor)) if minor > 0 => return Some(minor),
        Kind::Constant(_) => Diagnostic::error(Code::BadNumber, point.span, "a point must be worth something"),
        _ => Diagnostic::error(Code::Unsupported, point.span, "a point must be worth a fixed amount"),
    };
    out.push(problem.help("write `in points of 4 EUR`"));
    None
}

/// Those for a segment in the order of the text, and at the end the one for all others, of which there is one.
fn all_weights(
    name: &ast::Name,
    written: &[ast::Weights],
    aims: &[Aim],
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Vec<Weights>> {
    // All are looked at before any failure counts.
    let checked: Vec<Option<Weights>> = written.iter().map(|line| weights(line, aims, world, out)).collect();
    let segments = || written.iter().filter_map(|line| line.segment.as_ref());
    for segment in segments() {
        let message = || format!("`{}` has weights already", segment.node);
        is_repeated(segment, segments(), message, out);
    }
    let mut others = written.iter().filter(|line| line.segment.is_none());
    match (others.next(), others.next()) {
        (Some(_), None) => {}
        (Some(first), Some(second)) => {
            out.push(
                Diagnostic::error(Code::Duplicate, second.span, "two lines of weights are for everybody")
                    .label("for whom is this one?")
                    .related(first.span, "the first is here")
                    .help("say it behind them: `for vip`"),
            );
            return None;
        }
        // What it is made of comes first.
        (None, _) if aims.is_empty() => return None,
        (None, _) => {
            out.push(
                Diagnostic::error(
                    Code::MissingSetting,
                    name.span,
                    format!("`{}` has no weights for everybody", name.node),
                )
                .label("who is in no segment has none")
                .help(format!(
                    "write a line without `for`: `weights {} 100%`",
                    aims.first().map_or("", |aim| &aim.name)
                )),
            );
            return None;
        }
    }
    let mut checked = checked.into_iter().collect::<Option<Vec<_>>>()?;
    // Stable, so that the others keep their order.
    checked.sort_by_key(|weights| weights.segment.is_none());
    Some(checked)
}

fn weights(line: &ast::Weights, aims: &[Aim], world: &World, out: &mut Vec<Diagnostic>) -> Option<Weights> {
    let mut shares = vec![(0, 1); aims.len()];
    let mut whole = true;
    for weight in &line.weights {
        let message = || format!("`{}` is weighed twice", weight.aim.node);
        whole &= !is_repeated(&weight.aim, line.weights.iter().map(|weight| &weight.aim), message, out);
        let share = exact(&weight.share, out);
        let place = number_of(&weight.aim, aims, out).and_then(|number| shares.get_mut(number));
        match (place, share) {
            (Some(place), Some(share)) => *place = share,
            _ => whole = false,
        }
    }
    let segment = match &line.segment {
        Some(segment) if segment.node == EVERYONE && world.definition(EVERYONE).is_none() => {
            out.push(
                Diagnostic::error(Code::WrongScope, segment.span, "these weights are for all others anyway")
                    .label("leave `for everyone` out"),
            );
            return None;
        }
        Some(segment) => match Checker::new(world, out).in_segment(segment)?.kind {
            Kind::Definition(id) => Some(id),
            _ => None,
        },
        None => None,
    };
    if !whole {
        return None;
    }
    let (total, scale) = sum(&shares);
    if total != scale {
        let percent = total as f64 * 100.0 / scale as f64;
        out.push(
            Diagnostic::error(Code::BadShares, line.span, "these weights do not make a whole")
                .label(format!("together they make {percent}%"))
                .help("make it 100% in all"),
        );
        return None;
    }
    let segment_span = line.segment.as_ref().map_or(line.span, |segment| segment.span);
    Some(Weights { segment, segment_span, shares })
}

/// The sum of fractions whose denominators are powers of ten.
fn sum(shares: &[(i64, i64)]) -> (i128, i128) {
    let scale = shares.iter().map(|(_, denominator)| i128::from(*denominator)).max().unwrap_or(1);
    let parts = shares.iter().map(|&(numerator, denominator)| {
        i128::from(numerator).saturating_mul(scale.checked_div(denominator.into()).unwrap_or_default())
    });
    (parts.sum(), scale)
}

/// The number of an aim that is named.
pub(super) fn number_of(name: &ast::Name, aims: &[Aim], out: &mut Vec<Diagnostic>) -> Option<usize> {
    let found = aims.iter().position(|aim| aim.name == name.node);
    // An objective without any has been told.
    if found.is_none() && !aims.is_empty() {
        let names = || aims.iter().map(|aim| aim.name.as_str());
        let error = Diagnostic::error(Code::UnknownName, name.span, format!("no aim is called `{}`", name.node))
            .label(format!("the aims of the objective are {}", words::names(names())));
        out.push(suggest(error, name.span, &name.node, names()));
    }
    found
}
