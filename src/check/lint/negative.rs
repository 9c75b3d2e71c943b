//! Negatives on values that may be missing: of whom nothing is known, a negative does not hold either.

use super::asked::{Asked, Shape};
use crate::check::tree::{Clause, Expr, Kind, Place, Rules};
use crate::check::walk;
use crate::diagnostic::{Diagnostic, Lint, Span};
use crate::schema::Attribute;
use crate::syntax::ast::{CompareOp, Quantifier};

/// An attribute, with the kind of event whose rows it belongs to.
type Known = (Place, usize, Option<usize>);

pub(super) fn check(rules: &Rules, expr: &Expr, out: &mut Vec<Diagnostic>) {
    Negatives { rules, row: None, known: Vec::new(), lists: Vec::new(), out }.condition(Asked::of(expr));
}

struct Negatives<'r> {
    rules: &'r Rules,
    row: Option<usize>,
    /// What is known to be there, or is asked for where it is missing, by the conditions around.
    known: Vec<Known>,
    /// The same of lists of items.
    lists: Vec<usize>,
    out: &'r mut Vec<Diagnostic>,
}

impl<'r> Negatives<'r> {
    fn condition(&mut self, asked: Asked<'_>) {
        let before = (self.known.len(), self.lists.len());
        match asked.shape() {
            Shape::Leaf(leaf) => self.leaf(leaf),
            Shape::AtLeast(_, parts) => parts.into_iter().for_each(|part| self.condition(part)),
            // A positive condition says by itself that there must be a value.
            Shape::All(parts) => self.parts(parts, |asked| match &asked.expr.kind {
                Kind::IsMissing(_) => !asked.holds,
                _ => !is_negative(asked) && !is_none(asked),
            }),
            Shape::Any(parts) => {
                self.parts(parts, |asked| matches!(asked.expr.kind, Kind::IsMissing(_)) && asked.holds);
            }
        }
        self.known.truncate(before.0);
        self.lists.truncate(before.1);
    }

    fn parts(&mut self, parts: Vec<Asked<'_>>, tells: impl Fn(Asked<'_>) -> bool) {
        for part in &parts {
            if let Shape::Leaf(leaf) = part.shape()
                && tells(leaf)
            {
                self.reads(leaf.expr);
            }
        }
        parts.into_iter().for_each(|part| self.condition(part));
    }

    /// Notes the attributes that a condition reads, but for those of other events.
    fn reads(&mut self, expr: &Expr) {
        if let Kind::Attribute(place, index) = expr.kind {
            self.known.push((place, index, self.row));
        }
        match walk::clause(expr) {
            Some(clause) => self.lists.push(clause.event),
            None => walk::children(expr).into_iter().for_each(|child| self.reads(child)),
        }
    }

    fn leaf(&mut self, leaf: Asked<'_>) {
        if is_negative(leaf)
            && let Some((name, owner)) = self.missable(leaf.expr)
        {
            self.out.push(warning(leaf, &name, owner));
        }
        if is_none(leaf)
            && let Some(list) = self.missing_list(leaf.expr)
        {
            self.out.push(warning(leaf, list, "customers"));
        }
        self.inside(leaf.expr);
    }

    /// The filters of event clauses: what a row must be to be kept.
    fn inside(&mut self, expr: &Expr) {
        let clauses = walk::clauses(expr);
        if clauses.is_empty() {
            walk::children(expr).into_iter().for_each(|child| self.inside(child));
        }
        for clause in clauses {
            let outer = self.row.replace(clause.event);
            for condition in conditions(clause, expr) {
                self.condition(Asked::of(condition));
            }
            self.row = outer;
        }
    }

    /// The first attribute that a condition reads and that may be missing unnoticed.
    fn missable(&self, expr: &Expr) -> Option<(String, &'static str)> {
        if walk::clause(expr).is_some() {
            return None;
        }
        if let Kind::Item { place, index, key } = &expr.kind {
            let attribute = self.attribute(*place, *index)?;
            return Some((format!("{}[\"{key}\"]", attribute.name), "customers"));
        }
        if let Kind::Attribute(place, index) = expr.kind {
            let attribute = self.attribute(place, index)?;
            let known = self.known.contains(&(place, index, self.row));
            return (attribute.optional && !known).then(|| match place {
                Place::Customer | Place::List => (attribute.name.clone(), "customers"),
                Place::Context => (format!("context.{}", attribute.name), "requests"),
                Place::Catalog(_) => (attribute.name.clone(), "rows"),
                Place::Row => (attribute.name.clone(), self.rows(self.row)),
                Place::Outer { event, .. } => (attribute.name.clone(), self.rows(Some(event))),
            });
        }
        walk::children(expr).into_iter().find_map(|child| self.missable(child))
    }

    fn rows(&self, event: Option<usize>) -> &'static str {
        let list = event.and_then(|event| self.rules.shape.events.get(event)).is_some_and(|rows| rows.timeless);
        if list { "items" } else { "events" }
    }

    /// The list of items that a condition is about, where that may be missing unnoticed.
    fn missing_list(&self, expr: &Expr) -> Option<&'r str> {
        let clause = walk::clause(expr)?;
        let list = self.rules.shape.events.get(clause.event)?;
        (list.timeless && list.optional && !self.lists.contains(&clause.event)).then_some(&list.name)
    }

    fn attribute(&self, place: Place, index: usize) -> Option<&Attribute> {
        match place {
            Place::Customer => self.rules.shape.attributes.get(index),
            // Whoever keeps a list is expected to know who is on it.
            Place::List => None,
            Place::Context => self.rules.context.get(index),
            Place::Catalog(catalog) => self.rules.catalogs.get(catalog)?.columns.get(index),
            Place::Row => self.rules.shape.events.get(self.row?)?.properties.get(index),
            Place::Outer { event, .. } => self.rules.shape.events.get(event)?.properties.get(index),
        }
    }
}

fn conditions<'e>(clause: &'e Clause, of: &'e Expr) -> impl Iterator<Item = &'e Expr> {
    let have = match &of.kind {
        Kind::AllEvents { have, .. } => Some(&**have),
        _ => None,
    };
    clause.filter.as_deref().into_iter().chain(have)
}

/// Whether a condition holds for most values, and is therefore expected to hold for none.
fn is_negative(leaf: Asked<'_>) -> bool {
    let written_so = match &leaf.expr.kind {
        Kind::Compare { op, .. } => *op == CompareOp::NotEqual,
        Kind::Contains { quantifier, .. } => *quantifier == Quantifier::None,
        Kind::Between { .. }
        | Kind::In { .. }
        | Kind::Text { .. }
        | Kind::Attribute(..)
        | Kind::Item { .. }
        | Kind::IsEmpty(_)
        | Kind::Inside { .. }
        | Kind::OlderThan { .. }
        | Kind::Day { .. }
        | Kind::InWindow { .. } => false,
        // These are never unknown for want of an attribute, or look into other rules.
        _ => return false,
    };
    written_so == leaf.holds
}

/// `none(…)`
fn is_none(leaf: Asked<'_>) -> bool {
    matches!(leaf.expr.kind, Kind::AnyEvent(_)) && !leaf.holds
}

fn warning(leaf: Asked<'_>, name: &str, owner: &str) -> Diagnostic {
    let span = leaf.expr.span;
    let problem =
        Diagnostic::warning(Lint::NegativeOnOptional, span, format!("{owner} whose `{name}` is missing are left out"))
            .label(format!("unknown where `{name}` is missing, and so it does not hold"));
    if leaf.not {
        return problem.help(format!(
            "to have them too, write `(not …) or missing`; if they should be left out, say so: `{name} is known and …`"
        ));
    }
    problem
        .help(format!(
            "to have them too, write `or missing` after it; if they should be left out, say so: `{name} is known and …`"
        ))
        .suggest(Span { start: span.end, ..span }, " or missing")
}
