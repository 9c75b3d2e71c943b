//! Definitions in an order in which each only refers to earlier ones; names given twice; definitions that go round.

use std::collections::HashMap;

use super::items;
use super::tree::DefinitionKind;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{EventClause, Expr, ExprKind, Is, Name, Statement, StatementKind, Window, WindowKind};

/// A statement that names a value.
pub(super) struct Named<'a> {
    pub name: &'a Name,
    pub kind: DefinitionKind,
    pub statement: &'a Statement,
}

/// The statements that name values, in the order of the text.
pub(super) fn named<'a>(statements: impl Iterator<Item = &'a Statement>) -> Vec<Named<'a>> {
    statements
        .filter_map(|statement| {
            let (name, kind) = match &statement.node {
                StatementKind::Let { name, .. } => (name, DefinitionKind::Let),
                StatementKind::Score { name, .. } => (name, DefinitionKind::Score),
                StatementKind::Group { name, .. } => (name, DefinitionKind::Group),
                StatementKind::Stages { name, .. } => (name, DefinitionKind::Stages),
                StatementKind::Segment { name, .. } => (name, DefinitionKind::Segment),
                _ => return None,
            };
            Some(Named { name, kind, statement })
        })
        .collect()
}

/// Reports every name that is given twice, in whatever namespace.
pub(super) fn duplicates<'a>(statements: impl Iterator<Item = &'a Statement>, out: &mut Vec<Diagnostic>) {
    let mut names = Names { seen: HashMap::new(), out };
    for statement in statements {
        match &statement.node {
            StatementKind::Ruleset { name, .. } => names.once("", "ruleset", "the `ruleset` statement", name.span),
            StatementKind::Profile { fields } => {
                names.once("", "profile", "the `profile` statement", statement.span);
                for field in fields {
                    names.add("value", &field.name);
                    // Clauses name lists of items as they do events.
                    if let Some(items) = items::of(field) {
                        names.add("event", &field.name);
                        items.iter().for_each(|item| names.add(&format!("item {}", field.name.node), &item.name));
                    }
                }
            }
            StatementKind::Context { fields } => {
                for field in fields {
                    names.add("context", &field.name);
                }
            }
            StatementKind::Event { name, fields } => {
                names.add("event", name);
                for field in fields {
                    names.add(&format!("event {}", name.node), &field.name);
                }
            }
            StatementKind::Catalog { name, fields } => {
                // Tests give rows as they give events.
                names.add("event", name);
                fields.iter().for_each(|column| names.add(&format!("catalog {}", name.node), &column.name));
            }
            StatementKind::EventGroup { name, .. } => names.add("event", name),
            StatementKind::List { name, .. } => names.add("list", name),
            StatementKind::Region { name, .. } => names.add("region", name),
            StatementKind::Let { name, .. }
            | StatementKind::Score { name, .. }
            | StatementKind::Group { name, .. }
            | StatementKind::Segment { name, .. } => names.add("value", name),
            StatementKind::Stages { name, rows, .. } => {
                names.add("value", name);
                rows.iter().for_each(|row| names.add(&format!("stages {}", name.node), &row.name));
            }
            StatementKind::Channel { name, .. } => names.add("channel", name),
            StatementKind::Policy { name, .. } => names.add("policy", name),
            StatementKind::Tiers { .. } => names.once("", "tiers", "the `tiers` statement", statement.span),
            StatementKind::Holdout { .. } => names.once("", "holdout", "the `holdout` statement", statement.span),
            StatementKind::Explore(_) => names.once("", "explore", "the `explore` statement", statement.span),
            StatementKind::Objective { .. } => names.once("", "objective", "the `objective` statement", statement.span),
            StatementKind::Priority { .. } => names.once("", "priority", "the `priority` statement", statement.span),
            StatementKind::Threshold { .. } => names.once("", "threshold", "the `threshold` statement", statement.span),
            StatementKind::Test { name, cases, .. } => {
                names.add("test", name);
                cases.iter().for_each(|case| names.add(&format!("test {}", name.node), &case.name));
            }
            StatementKind::Check(_) => {}
            StatementKind::Clause(_) => {}
            StatementKind::Program { name, campaigns, .. } => {
                names.add("program", name);
                for campaign in campaigns {
                    names.add(&format!("campaign {}", name.node), &campaign.name);
                    for action in &campaign.actions {
                        names.add(&format!("action {}.{}", name.node, campaign.name.node), &action.name);
                    }
                }
            }
        }
    }
}

struct Names<'o> {
    seen: HashMap<(String, String), Span>,
    out: &'o mut Vec<Diagnostic>,
}

impl Names<'_> {
    fn add(&mut self, space: &str, name: &Name) {
        self.once(space, &name.node, &format!("`{}`", name.node), name.span);
    }

    fn once(&mut self, space: &str, name: &str, shown: &str, span: Span) {
        match self.seen.entry((space.to_owned(), name.to_owned())) {
            std::collections::hash_map::Entry::Vacant(place) => _ = place.insert(span),
            std::collections::hash_map::Entry::Occupied(first) => self.out.push(
                Diagnostic::error(Code::Duplicate, span, format!("{shown} is defined twice"))
                    .label("again here")
                    .related(*first.get(), "first here"),
            ),
        }
    }
}

/// The definitions so that each stands after those it refers to. Those that go round are reported and left out, with all
/// that hang on them.
pub(super) fn ordered<'a>(definitions: Vec<Named<'a>>, out: &mut Vec<Diagnostic>) -> Vec<Named<'a>> {
    let numbers: HashMap<&str, usize> =
        definitions.iter().enumerate().rev().map(|(i, d)| (d.name.node.as_str(), i)).collect();
    let uses: Vec<Vec<(usize, Span)>> = definitions.iter().map(|d| references(d.statement, &numbers)).collect();
    let mut walk = Walk { uses: &uses, state: vec![State::New; definitions.len()], order: Vec::new() };
    for start in 0..definitions.len() {
        if let Some(cycle) = walk.from(start) {
            out.push(cycle_error(&definitions, &uses, &cycle));
        }
    }
    let mut places: Vec<Option<Named<'a>>> = definitions.into_iter().map(Some).collect();
    walk.order.into_iter().filter_map(|i| places.get_mut(i).and_then(Option::take)).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
    /// Goes round, or refers to something that does.
    Broken,
}

/// A depth-first walk with a stack of its own: ten thousand segments may each refer to the one before.
struct Walk<'u> {
    uses: &'u [Vec<(usize, Span)>],
    state: Vec<State>,
    order: Vec<usize>,
}

impl Walk<'_> {
    fn state(&self, i: usize) -> State {
        self.state.get(i).copied().unwrap_or(State::Broken)
    }

    fn set(&mut self, i: usize, state: State) {
        if let Some(place) = self.state.get_mut(i) {
            *place = state;
        }
    }

    /// Visits all that `start` needs; a cycle met on the way is returned as its path.
    fn from(&mut self, start: usize) -> Option<Vec<usize>> {
        if self.state(start) != State::New {
            return None;
        }
        let mut cycle = None;
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        self.set(start, State::Open);
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(&(used, _)) = self.uses.get(node).and_then(|uses| uses.get(*next)) else {
                let broken = self
                    .uses
                    .get(node)
                    .is_some_and(|uses| uses.iter().any(|&(used, _)| self.state(used) != State::Done));
                self.set(node, if broken { State::Broken } else { State::Done });
                if !broken {
                    self.order.push(node);
                }
                path.pop();
                continue;
            };
            *next += 1;
            match self.state(used) {
                State::New => {
                    self.set(used, State::Open);
                    path.push((used, 0));
                }
                State::Open if cycle.is_none() => {
                    let round = path.iter().map(|&(node, _)| node).skip_while(|&node| node != used);
                    cycle = Some(round.collect());
                }
                _ => {}
            }
        }
        cycle
    }
}

fn cycle_error(definitions: &[Named<'_>], uses: &[Vec<(usize, Span)>], cycle: &[usize]) -> Diagnostic {
    let name = |i: usize| definitions.get(i).map_or("", |d| d.name.node.as_str());
    let first = cycle.first().copied().unwrap_or_default();
    let path: Vec<&str> = cycle.iter().copied().chain([first]).map(name).collect();
    let span = definitions.get(first).map(|d| d.name.span).unwrap_or_default();
    let mut error = Diagnostic::error(Code::Cycle, span, format!("`{}` depends on itself", name(first)))
        .label("to know it, it would have to be known already");
    if cycle.len() > 1 {
        error = error.help(format!("it goes round: {}", path.join(" → ")));
    }
    for (&from, &to) in cycle.iter().zip(cycle.iter().cycle().skip(1)) {
        let reference = uses.get(from).and_then(|uses| uses.iter().find(|&&(used, _)| used == to));
        if let Some(&(_, span)) = reference {
            error = error.related(span, format!("`{}` refers to `{}`", name(from), name(to)));
        }
    }
    error
}

/// The definitions that a statement refers to, with where it does.
fn references(statement: &Statement, numbers: &HashMap<&str, usize>) -> Vec<(usize, Span)> {
    let mut found = References { numbers, uses: Vec::new() };
    match &statement.node {
        StatementKind::Let { value, .. } => found.expr(value, false),
        StatementKind::Segment { when, .. } => found.expr(when, false),
        StatementKind::Score { subject, bands, otherwise, .. } => {
            found.expr(subject, false);
            for band in bands {
                found.expr(&band.limit, false);
                found.expr(&band.value, false);
            }
            found.expr(otherwise, false);
        }
        StatementKind::Stages { rows, .. } => {
            rows.iter().filter_map(|row| row.when.as_ref()).for_each(|when| found.expr(when, false));
        }
        StatementKind::Group { on, .. } => on.iter().for_each(|name| found.name(name)),
        _ => {}
    }
    found.uses
}

struct References<'n> {
    numbers: &'n HashMap<&'n str, usize>,
    uses: Vec<(usize, Span)>,
}

impl References<'_> {
    fn name(&mut self, name: &Name) {
        if let Some(&number) = self.numbers.get(name.node.as_str()) {
            self.uses.push((number, name.span));
        }
    }

    /// `row`: inside a `where`, where a bare name is a property.
    fn expr(&mut self, expr: &Expr, row: bool) {
        match &expr.node {
            ExprKind::Path(path) => match path.as_slice() {
                [name] if !row => self.name(name),
                [scope, name] if scope.node == "customer" => self.name(name),
                _ => {}
            },
            ExprKind::InSegment { segment, .. } => self.name(segment),
            ExprKind::Quantified { clause, .. }
            | ExprKind::Aggregate { clause, .. }
            | ExprKind::Edge { clause, .. }
            | ExprKind::Periods { clause, .. }
            | ExprKind::Habit { clause, .. } => self.clause(clause, row),
            ExprKind::Chain(chain) => {
                let later = chain.then.iter().flat_map(|then| std::iter::once(&then.clause).chain(&then.without));
                std::iter::once(&chain.first).chain(later).for_each(|clause| self.clause(clause, row));
            }
            ExprKind::AllHave { clause, have } => {
                self.clause(clause, row);
                self.expr(have, true);
            }
            other => children(other).into_iter().for_each(|child| self.expr(child, row)),
        }
    }

    fn clause(&mut self, clause: &EventClause, row: bool) {
        // The anchor of a window stands outside of the clause's own `where`.
        if let Some(anchor) = clause.window.as_ref().and_then(anchor) {
            self.expr(anchor, row);
        }
        if let Some(filter) = &clause.filter {
            self.expr(filter, true);
        }
    }
}

/// The moment that a window is counted from, where it is not now.
fn anchor(window: &Window) -> Option<&Expr> {
    match &window.node {
        WindowKind::Anchored { anchor, .. } => Some(anchor),
        WindowKind::Civil(_) => None,
    }
}

/// The expressions directly inside one, but for those of event clauses.
fn children(kind: &ExprKind) -> Vec<&Expr> {
    match kind {
        ExprKind::List(items) | ExprKind::And(items) | ExprKind::Or(items) => items.iter().collect(),
        ExprKind::AtLeast { of, .. } => of.iter().collect(),
        ExprKind::Call { arguments, .. } => arguments.iter().collect(),
        ExprKind::Not(inner)
        | ExprKind::Negate(inner)
        | ExprKind::IgnoringCase(inner)
        | ExprKind::OrMissing(inner)
        | ExprKind::TimeSince(inner)
        | ExprKind::Anniversary(inner) => vec![inner],
        ExprKind::Share { of, .. } | ExprKind::Top { by: of, .. } | ExprKind::Descending(of) => vec![of],
        ExprKind::Arithmetic { left, right, .. } | ExprKind::Compare { left, right, .. } => vec![left, right],
        ExprKind::Between { subject, low, high, .. } => vec![subject, low, high],
        ExprKind::InList { subject, .. } => subject.as_deref().into_iter().collect(),
        ExprKind::In { subject, items, .. } | ExprKind::ContainsOf { subject, items, .. } => vec![subject, items],
        ExprKind::Text { subject, needle, .. } => vec![subject, needle],
        ExprKind::Is { subject, what, .. } => match what {
            Is::Before(other) | Is::After(other) | Is::On(other) | Is::OnOrBefore(other) | Is::OnOrAfter(other) => {
                vec![subject, other]
            }
            Is::Near { of, .. } => vec![subject, of],
            Is::Window(window) => std::iter::once(&**subject).chain(anchor(window)).collect(),
            _ => vec![subject],
        },
        _ => Vec::new(),
    }
}
