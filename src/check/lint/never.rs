//! `time since last(x) > d`, which leaves out those who never did it, and `first` or `last` in a suppression, which blocks
//! them.

use super::asked::{Asked, Shape};
use crate::check::tree::{Body, Clause, Constant, Expr, Kind, Rules};
use crate::check::walk;
use crate::diagnostic::{Diagnostic, Lint, Span};
use crate::schema::Type;
use crate::syntax::ast::{CompareOp, Edge};

/// `time since last(x) > d` where nothing shows that those without any x have been thought of.
pub(super) fn left_out(rules: &Rules, asked: Asked<'_>, thought_of: &[usize], out: &mut Vec<Diagnostic>) {
    let mut inner = thought_of.to_vec();
    match asked.shape() {
        Shape::Leaf(leaf) => {
            if let Some((clause, amount)) = long_ago(leaf)
                && !thought_of.contains(&clause.event)
            {
                out.push(long_ago_warning(rules, leaf, clause, amount));
            }
        }
        Shape::AtLeast(_, parts) => parts.into_iter().for_each(|part| left_out(rules, part, thought_of, out)),
        Shape::All(parts) => {
            // Whoever asks something else about these events wants those who have some.
            parts.iter().for_each(|part| besides(*part, &mut inner));
            parts.into_iter().for_each(|part| left_out(rules, part, &inner, out));
        }
        Shape::Any(parts) => {
            let never = |part: &&Asked<'_>| match part.expr.kind {
                Kind::IsMissing(_) => part.holds,
                Kind::AnyEvent(_) => !part.holds,
                _ => false,
            };
            parts.iter().filter(never).for_each(|part| events(part.expr, &mut inner));
            parts.into_iter().for_each(|part| left_out(rules, part, &inner, out));
        }
    }
}

/// The kinds of event that a condition asks about in another way than by `time since last(x) > d`.
fn besides(asked: Asked<'_>, found: &mut Vec<usize>) {
    match asked.shape() {
        Shape::Leaf(leaf) if long_ago(leaf).is_some() => {}
        Shape::Leaf(leaf) => events(leaf.expr, found),
        Shape::All(parts) | Shape::Any(parts) | Shape::AtLeast(_, parts) => {
            parts.into_iter().for_each(|part| besides(part, found));
        }
    }
}

/// The clause and the amount of time of `time since last(x) > d`.
fn long_ago<'e>(leaf: Asked<'e>) -> Option<(&'e Clause, &'e Constant)> {
    let Kind::Compare { op, left, right, .. } = &leaf.expr.kind else { return None };
    let more = match op {
        CompareOp::Greater | CompareOp::GreaterOrEqual => leaf.holds,
        CompareOp::Less | CompareOp::LessOrEqual => !leaf.holds,
        _ => false,
    };
    match (&left.kind, &right.kind) {
        (Kind::TimeSince(of), Kind::Constant(amount)) if more => match &of.kind {
            Kind::Edge { edge: Edge::Last, clause, property: None } => Some((clause, amount)),
            _ => None,
        },
        _ => None,
    }
}

fn long_ago_warning(rules: &Rules, leaf: Asked<'_>, clause: &Clause, amount: &Constant) -> Diagnostic {
    let name = event(rules, clause.event);
    let filter = if clause.filter.is_some() { " where …" } else { "" };
    let within = match amount {
        Constant::Period(period) => period.to_string(),
        _ => "…".to_owned(),
    };
    let span = leaf.expr.span;
    let problem = Diagnostic::warning(Lint::NeverLeftOut, span, format!("customers without any `{name}` are left out"))
        .label("without one, there is no last one");
    let help = format!(
        "to have them too, write `none({name}{filter} within {within})`; if they should be left out, say so: `any({name}) and …`"
    );
    let problem = problem.help(help);
    if leaf.not { problem } else { problem.suggest(Span { start: span.end, ..span }, " or missing") }
}

/// `first` or `last` in a condition that blocks where it is unknown.
pub(super) fn blocks(rules: &Rules, when: &Expr, out: &mut Vec<Diagnostic>) {
    Blocking { rules, out }.condition(Asked::of(when), &[], true, 0);
}

struct Blocking<'r> {
    rules: &'r Rules,
    out: &'r mut Vec<Diagnostic>,
}

/// An event kind of which there is one, and whether it is one that passes a filter or lies in a window.
type Guard = (usize, bool);

/// References within references that are followed.
const DEEP: usize = 8;

impl Blocking<'_> {
    /// `joined`: the condition stands alone or in an `and`, so that another can be put before it.
    fn condition(&mut self, asked: Asked<'_>, guards: &[Guard], joined: bool, depth: usize) {
        match asked.shape() {
            Shape::Leaf(leaf) => self.leaf(leaf, guards, joined, depth),
            Shape::AtLeast(_, parts) | Shape::Any(parts) => {
                parts.into_iter().for_each(|part| self.condition(part, guards, false, depth));
            }
            Shape::All(parts) => {
                let guards: Vec<Guard> = guards.iter().copied().chain(parts.iter().filter_map(guard)).collect();
                parts.into_iter().for_each(|part| self.condition(part, &guards, joined, depth));
            }
        }
    }

    fn leaf(&mut self, leaf: Asked<'_>, guards: &[Guard], joined: bool, depth: usize) {
        let Some((at, clause)) = self.edge(leaf.expr, guards, depth) else { return };
        let name = event(self.rules, clause.event);
        let message = format!("this also blocks customers without any `{name}`");
        let span = leaf.expr.span;
        let problem = Diagnostic::warning(Lint::UnguardedEdge, span, message)
            .label("unknown without one, and what is unknown blocks")
            .help(format!("if it should not, write `any({name}) and …`"));
        let problem = if at == span || (span.start..span.end).contains(&at.start) {
            problem
        } else {
            problem.related(at, "it depends on this")
        };
        let plain = clause.filter.is_none() && clause.window.is_none();
        self.out.push(match joined && plain && !leaf.not {
            true => problem.suggest(Span { end: span.start, ..span }, format!("any({name}) and ")),
            false => problem,
        });
    }

    /// The first `first` or `last` that a value depends on and that no guard protects.
    fn edge<'e>(&'e self, expr: &'e Expr, guards: &[Guard], depth: usize) -> Option<(Span, &'e Clause)> {
        match &expr.kind {
            Kind::Edge { clause, .. } => {
                let narrow = clause.filter.is_some() || clause.window.is_some();
                let guarded = guards.iter().any(|guard| guard.0 == clause.event && (guard.1 || !narrow));
                (!guarded).then_some((expr.span, clause))
            }
            Kind::Definition(id) if depth < DEEP => match &self.rules.definitions.get(*id)?.body {
                Body::Expr(body) if body.ty == Type::Bool => {
                    self.unguarded(Asked::of(body), guards, depth.saturating_add(1))
                }
                Body::Expr(body) => self.edge(body, guards, depth.saturating_add(1)),
                _ => None,
            },
            Kind::IsMissing(_) => None,
            _ if walk::clause(expr).is_some() => None,
            _ => walk::children(expr).into_iter().find_map(|child| self.edge(child, guards, depth)),
        }
    }

    /// The same of the condition of a definition.
    fn unguarded<'e>(&'e self, asked: Asked<'e>, guards: &[Guard], depth: usize) -> Option<(Span, &'e Clause)> {
        match asked.shape() {
            Shape::Leaf(leaf) => self.edge(leaf.expr, guards, depth),
            Shape::AtLeast(_, parts) | Shape::Any(parts) => {
                parts.into_iter().find_map(|part| self.unguarded(part, guards, depth))
            }
            Shape::All(parts) => {
                let guards: Vec<Guard> = guards.iter().copied().chain(parts.iter().filter_map(guard)).collect();
                parts.into_iter().find_map(|part| self.unguarded(part, &guards, depth))
            }
        }
    }
}

fn guard(part: &Asked<'_>) -> Option<Guard> {
    match &part.expr.kind {
        Kind::AnyEvent(clause) if part.holds => {
            Some((clause.event, clause.filter.is_some() || clause.window.is_some()))
        }
        Kind::IsMissing(of) if !part.holds => match &of.kind {
            Kind::Edge { clause, .. } => Some((clause.event, true)),
            _ => None,
        },
        Kind::Compare { op: CompareOp::Greater | CompareOp::GreaterOrEqual, left, .. }
            if part.holds && left.is_count() =>
        {
            walk::clause(left).map(|clause| (clause.event, clause.filter.is_some() || clause.window.is_some()))
        }
        _ => None,
    }
}

/// The kinds of event that a condition asks about.
fn events(expr: &Expr, found: &mut Vec<usize>) {
    walk::each(expr, &mut |e| found.extend(walk::clause(e).map(|clause| clause.event)));
}

fn event(rules: &Rules, index: usize) -> &str {
    rules.shape.events.get(index).map_or("", |event| event.name.as_str())
}
