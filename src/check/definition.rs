//! `let`, `score`, `group`, `stages` and `segment`.

use super::expression::Checker;
use super::order::Named;
use super::tree::{Body, Constant, Definition, DefinitionKind, Expr, GroupRow, Kind};
use super::words;
use super::world::{World, suggest, zone};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, Band, Cell, StatementKind};

/// More combinations of scores than this are not looked through.
const MOST_CELLS: usize = 100_000;

/// Checks one definition against those before it, which `done` holds as far as they checked.
pub(super) fn check(
    named: &Named<'_>,
    world: &World,
    done: &[Option<Definition>],
    out: &mut Vec<Diagnostic>,
) -> Option<Definition> {
    let (doc, written, body, ty) = match &named.statement.node {
        StatementKind::Let { zone, value, .. } => {
            let value = Checker::new(world, out).value(value, None)?;
            if value.ty.is_collection() || value.ty == Type::Duration {
                let error = Diagnostic::error(Code::Unsupported, value.span, "this cannot be given a name")
                    .label(words::this_is(&value.ty));
                out.push(match value.ty {
                    Type::Duration => error.help("give a name to the comparison: `time since … > 30 days`"),
                    _ => error.help("use the attribute itself"),
                });
                return None;
            }
            let ty = value.ty.clone();
            (None, zone, Body::Expr(value), ty)
        }
        StatementKind::Segment { doc, zone, when, .. } => {
            (doc.as_ref(), zone, Body::Expr(Checker::new(world, out).condition(when)?), Type::Bool)
        }
        StatementKind::Score { zone, subject, bands, otherwise, .. } => {
            let (body, ty) = score(subject, bands, otherwise, world, done, out)?;
            (None, zone, body, ty)
        }
        StatementKind::Group { on, rows, otherwise, .. } => {
            let (body, ty) = group(named.name.span, on, rows, otherwise.as_ref(), world, done, out)?;
            (None, &None, body, ty)
        }
        StatementKind::Stages { zone, rows, .. } => {
            let (body, ty) = super::stages::stages(rows, world, out)?;
            (None, zone, body, ty)
        }
        _ => return None,
    };
    let zone = match written {
        Some(name) => Some(zone(&name.node, name.span, out)?),
        None => None,
    };
    Some(Definition {
        name: named.name.node.clone(),
        kind: named.kind,
        doc: doc.map(|doc| doc.node.clone()),
        zone,
        ty,
        uses: uses(&body),
        body,
        span: named.statement.span,
    })
}

fn score(
    subject: &ast::Expr,
    bands: &[Band],
    otherwise: &ast::Expr,
    world: &World,
    done: &[Option<Definition>],
    out: &mut Vec<Diagnostic>,
) -> Option<(Body, Type)> {
    let mut checker = Checker::new(world, out);
    let subject = checker.value(subject, None);
    let expected = subject.as_ref().map(|s| s.ty.clone());
    let values: Vec<Option<Expr>> =
        bands.iter().map(|band| &band.value).chain([otherwise]).map(|value| checker.value(value, None)).collect();
    let limits: Vec<Option<Expr>> = bands.iter().map(|band| checker.value(&band.limit, expected.as_ref())).collect();
    let subject = subject?;
    let counts = world.is_count(&subject);
    let mut conditions = Vec::new();
    for (band, limit) in bands.iter().zip(limits) {
        conditions.push(checker.comparison(band.op, subject.clone(), limit?, band.span));
    }
    let values = values.into_iter().collect::<Option<Vec<Expr>>>()?;
    for value in &values {
        if !matches!(value.kind, Kind::Constant(Constant::Int(_))) {
            out.push(
                Diagnostic::error(Code::TypeMismatch, value.span, "a score gives whole numbers")
                    .label(words::this_is(&value.ty)),
            );
            return None;
        }
    }
    super::bands::check(bands, &conditions, counts, |id| done.get(id)?.as_ref(), out);
    let mut values = values.into_iter();
    let bands = conditions.into_iter().collect::<Option<Vec<Expr>>>()?.into_iter().zip(values.by_ref()).collect();
    let otherwise = values.next()?;
    Some((Body::Score { bands, otherwise }, Type::Int))
}

fn group(
    name: Span,
    on: &[ast::Name],
    rows: &[ast::GroupRow],
    otherwise: Option<&ast::Name>,
    world: &World,
    done: &[Option<Definition>],
    out: &mut Vec<Diagnostic>,
) -> Option<(Body, Type)> {
    let mut scores = Vec::new();
    let mut values = Vec::new();
    for score in on {
        match world.definition(&score.node) {
            Some((id, known)) if known.kind == DefinitionKind::Score || score_values(done.get(id)).is_some() => {
                scores.push(Some(id));
                values.push(score_values(done.get(id)));
            }
            _ => {
                let error =
                    Diagnostic::error(Code::UnknownName, score.span, format!("there is no score `{}`", score.node))
                        .label(
                            "a group is made of scores, or of values named by `let` that are a `quantile` or the like",
                        );
                let near = if world.definition(&score.node).is_none() { world.scores() } else { Vec::new() };
                out.push(suggest(error, score.span, &score.node, near));
                scores.push(None);
                values.push(None);
            }
        }
    }
    let mut names: Vec<String> = Vec::new();
    let mut number = |name: &ast::Name| match names.iter().position(|seen| *seen == name.node) {
        Some(index) => index,
        None => {
            names.push(name.node.clone());
            names.len() - 1
        }
    };
    let mut checked = Vec::new();
    let mut sound = true;
    for row in rows {
        if row.cells.len() != on.len() {
            let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
            let message =
                format!("this row has {} for {}", plural(row.cells.len(), "value"), plural(on.len(), "score"));
            let scores = words::names(on.iter().map(|score| score.node.as_str()));
            out.push(
                Diagnostic::error(Code::WrongArguments, row.span, message)
                    .label(format!("one for each of {scores}"))
                    .help("write `any` where every value will do"),
            );
            sound = false;
        }
        let cells = row.cells.iter().map(|cell| match cell.node {
            Cell::Any => None,
            Cell::Range(low, high) => Some((low, high)),
        });
        checked.push(GroupRow { name: number(&row.label), cells: cells.collect() });
    }
    let otherwise_index = otherwise.map(&mut number);
    let scores = scores.into_iter().collect::<Option<Vec<usize>>>()?;
    if !sound {
        return None;
    }
    if let Some(values) = values.into_iter().collect::<Option<Vec<Vec<i64>>>>() {
        cover(name, on, rows, &checked, &values, otherwise, out);
    }
    Some((Body::Group { on: scores, rows: checked, otherwise: otherwise_index }, Type::Enum(names.into())))
}

/// The values that a score can take, ascending.
fn score_values(score: Option<&Option<Definition>>) -> Option<Vec<i64>> {
    let (bands, otherwise) = match &score?.as_ref()?.body {
        Body::Score { bands, otherwise } => (bands, otherwise),
        Body::Expr(Expr { kind: Kind::Standing { measure, .. }, .. }) => {
            return measure.parts().map(|parts| (1..=i64::from(parts)).collect());
        }
        _ => return None,
    };
    let constant = |e: &Expr| match e.kind {
        Kind::Constant(Constant::Int(value)) => Some(value),
        _ => None,
    };
    let mut values =
        bands.iter().map(|(_, value)| value).chain([otherwise]).map(constant).collect::<Option<Vec<i64>>>()?;
    values.sort_unstable();
    values.dedup();
    Some(values)
}

/// Goes through all combinations of scores: each must fall into a row, and each row must be reached by one.
fn cover(
    name: Span,
    on: &[ast::Name],
    rows: &[ast::GroupRow],
    checked: &[GroupRow],
    values: &[Vec<i64>],
    otherwise: Option<&ast::Name>,
    out: &mut Vec<Diagnostic>,
) {
    let total = values.iter().try_fold(1usize, |product, values| product.checked_mul(values.len()));
    let Some(total) = total.filter(|&total| total <= MOST_CELLS) else { return };
    let mut reached = vec![false; rows.len()];
    let (mut uncovered, mut open) = (0usize, None);
    for number in 0..total {
        let combination = combination(values, number);
        let row = checked.iter().position(|row| {
            row.cells
                .iter()
                .zip(&combination)
                .all(|(cell, value)| cell.is_none_or(|(low, high)| (low..=high).contains(value)))
        });
        match row.and_then(|row| reached.get_mut(row)) {
            Some(reached) => *reached = true,
            None => {
                uncovered += 1;
                open.get_or_insert(combination);
            }
        }
    }
    for ((row, checked), _) in rows.iter().zip(checked).zip(&reached).filter(|(_, reached)| !**reached) {
        let within = |(cell, values): (&Option<(i64, i64)>, &Vec<i64>)| {
            cell.is_none_or(|(low, high)| values.iter().any(|value| (low..=high).contains(value)))
        };
        let mut cells = checked.cells.iter().zip(values).zip(on).zip(&row.cells);
        let message = format!("no customer can ever be in this row of `{}`", row.label.node);
        let error = match cells.find(|((cell, _), _)| !within(*cell)) {
            Some(((_, score), cell)) => Diagnostic::error(Code::UnreachableRow, cell.span, message)
                .label(format!("`{}` never has this value", score.node)),
            None => Diagnostic::error(Code::UnreachableRow, row.span, message)
                .label("the rows above take all that it asks for"),
        };
        out.push(error);
    }
    match (open, otherwise) {
        (Some(example), None) => {
            let cell: Vec<String> =
                on.iter().zip(&example).map(|(score, value)| format!("`{}` = {value}", score.node)).collect();
            let verb = if uncovered == 1 { "is" } else { "are" };
            out.push(
                Diagnostic::error(
                    Code::NotTotal,
                    name,
                    format!("{uncovered} of {total} combinations {verb} in no row"),
                )
                .label(format!("for one, {}", cell.join(" with ")))
                .help("add a row for it, or end with `else others`"),
            );
        }
        (None, Some(otherwise)) => out.push(
            Diagnostic::error(Code::UnreachableRow, otherwise.span, "`else` can never be reached")
                .label("the rows above cover every combination"),
        ),
        _ => {}
    }
}

fn combination(values: &[Vec<i64>], number: usize) -> Vec<i64> {
    let mut rest = number;
    values
        .iter()
        .map(|values| {
            let value = values.get(rest % values.len().max(1)).copied().unwrap_or_default();
            rest /= values.len().max(1);
            value
        })
        .collect()
}

/// The definitions that a body refers to directly, ascending.
pub(super) fn uses(body: &Body) -> Vec<usize> {
    let mut used = Vec::new();
    let mut visit = |e: &Expr| {
        if let Kind::Definition(id) = e.kind {
            used.push(id);
        }
    };
    match body {
        Body::Expr(expr) => super::walk::each(expr, &mut visit),
        Body::Score { bands, otherwise } => {
            bands.iter().for_each(|(when, _)| super::walk::each(when, &mut visit));
            super::walk::each(otherwise, &mut visit);
        }
        Body::Group { on, .. } => used.extend(on),
        Body::Stages(stages) => stages.iter().flatten().for_each(|when| super::walk::each(when, &mut visit)),
    }
    used.sort_unstable();
    used.dedup();
    used
}
