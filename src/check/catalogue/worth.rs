//! What an action is worth: an amount, or, where the rules have an objective, what it earns towards its aims.

use super::super::actions::Here;
use super::super::expression::Checker;
use super::super::tree::{Aim, Expr, Objective, Worth};
use super::super::words;
use super::super::world::World;
use super::amount::money;
use super::is_repeated;
use super::objective::number_of;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, Name};

/// The value, or what stands for it. `None` means that what is wrong has been reported.
pub(super) fn worth(
    action: &ast::Action,
    objective: Option<&Objective>,
    here: Here<'_>,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<(Option<Expr>, Vec<Worth>)> {
    let Some(objective) = objective else {
        let value = action.value.as_ref().map(|value| money(Checker::in_campaign(world, here, out), value));
        if let Some(Name { node: aim, span }) = action.worth.first().map(|worth| &worth.aim) {
            out.push(
                Diagnostic::error(Code::UnknownName, *span, format!("there is no aim `{aim}`"))
                    .label("the rules have no objective")
                    .help(format!("declare it: `objective growth {{ {aim} in money  weights {aim} 100% }}`")),
            );
        }
        return Some((value.map_or(Some(None), |value| value.map(Some))?, Vec::new()))
            .filter(|_| action.worth.is_empty());
    };
    if let Some(written) = &action.value {
        let checked = Checker::in_campaign(world, here, out).value(written, None);
        out.push(without_aim(written, checked.as_ref(), &objective.aims));
        return None;
    }
    let mut checked = Vec::with_capacity(action.worth.len());
    for worth in &action.worth {
        let message = || format!("`{}` is named twice", worth.aim.node);
        is_repeated(&worth.aim, action.worth.iter().map(|worth| &worth.aim), message, out);
        checked.extend(one(worth, objective, here, world, out));
    }
    let whole = checked.len() == action.worth.len();
    checked.sort_by_key(|worth| worth.aim);
    whole.then_some((None, checked))
}

/// `value 30 EUR` where there are aims: of which is it?
fn without_aim(written: &ast::Expr, checked: Option<&Expr>, aims: &[Aim]) -> Diagnostic {
    let error = Diagnostic::error(Code::MissingSetting, written.span, "the rules have an objective")
        .label("towards which of its aims is this?");
    let in_money = aims.iter().find(|aim| aim.point.is_none());
    match (in_money, checked) {
        (Some(aim), Some(Expr { ty: Type::Money(_), .. })) => {
            let start = Span { end: written.span.start, ..written.span };
            error.help(format!("name the aim: `value {}: …`", aim.name)).suggest(start, format!("{}: ", aim.name))
        }
        _ => error.help("name the aim: `value revenue: 30 EUR, retention: 2 points`"),
    }
}

fn one(
    written: &ast::Worth,
    objective: &Objective,
    here: Here<'_>,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Worth> {
    let number = number_of(&written.aim, &objective.aims, out);
    let aim = objective.aims.get(number?)?;
    let mut measured = |expr: &ast::Expr| match aim.point {
        None if written.points => {
            out.push(
                Diagnostic::error(Code::TypeMismatch, written.span, format!("`{}` is counted in money", aim.name))
                    .label("this is in points")
                    .help(format!("write an amount: `{}: 30 EUR`", aim.name)),
            );
            None
        }
        None => money(Checker::in_campaign(world, here, out), expr),
        Some(_) => points(expr, written, aim, Checker::in_campaign(world, here, out)),
    };
    let amount = measured(&written.amount);
    // What is wrong with the unit is told once.
    let otherwise = written.otherwise.as_ref().filter(|_| amount.is_some()).map(measured);
    let otherwise = otherwise.map_or(Some(None), |otherwise| otherwise.map(Some))?;
    Some(Worth { aim: number?, amount: amount?, otherwise })
}

/// A number of points.
fn points(expr: &ast::Expr, written: &ast::Worth, aim: &Aim, mut checker: Checker<'_>) -> Option<Expr> {
    let checked = checker.value(expr, None)?;
    let problem = match &checked.ty {
        Type::Int | Type::Number if written.points => return Some(checked),
        Type::Int | Type::Number => {
            let end = Span { start: written.span.end, ..written.span };
            Diagnostic::error(Code::TypeMismatch, written.span, format!("`{}` is counted in points", aim.name))
                .label("the unit is missing")
                .help("write `points` behind it")
                .suggest(end, " points")
        }
        other => Diagnostic::error(Code::TypeMismatch, checked.span, format!("`{}` is counted in points", aim.name))
            .label(words::this_is(other))
            .help(format!("write a number of them: `{}: 2 points`", aim.name)),
    };
    checker.out.push(problem);
    None
}
