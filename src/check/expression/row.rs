//! The rows that names inside a `where` stand for: of the clause itself, and by an alias of those further out.

use super::Checker;
use crate::check::tree::{Expr, Kind, Place};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::leaf::KEPT_ROWS as MOST_ROWS;
use crate::schema::{Attribute, Type};
use crate::syntax::ast::Name;

/// A clause whose rows a `where` tests.
pub(in crate::check) struct Row {
    /// Its kind of event.
    pub event: usize,
    /// `order as o`
    pub alias: Option<Name>,
    /// Whether a clause further in refers to it.
    pub kept: bool,
    /// The event of another step of a sequence: it goes by its alias alone, and no bare name is a property of it.
    pub aside: bool,
}

impl<'a> Checker<'a> {
    /// Checks inside of a `where` about an event: what was checked, and the slot of the row if anything inside refers to it.
    pub(super) fn in_row<T>(
        &mut self,
        event: usize,
        alias: Option<&Name>,
        check: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<(T, Option<usize>)> {
        let anchoring = std::mem::replace(&mut self.anchoring, false);
        self.rows.push(Row { event, alias: alias.cloned(), kept: false, aside: false });
        let checked = check(self);
        let kept = self.rows.pop().is_some_and(|row| row.kept);
        self.anchoring = anchoring;
        Some((checked?, kept.then_some(self.rows.len())))
    }

    /// Whether a name can stand for a row here.
    pub(in crate::check) fn alias(&mut self, alias: &Name) -> Option<()> {
        let name = alias.node.as_str();
        if matches!(name, "customer" | "context" | "consent") {
            return self.fail(
                Diagnostic::error(Code::ReservedWord, alias.span, format!("`{name}` has a meaning of its own"))
                    .label("choose another name")
                    .help("a letter is enough: `order as o`"),
            );
        }
        if self.row_named(alias).is_some() {
            return self.fail(
                Diagnostic::error(Code::Duplicate, alias.span, format!("`{name}` is the row of the action"))
                    .label("another name is needed"),
            );
        }
        let outer = self.row_called(name).and_then(|row| self.rows.get(row)).and_then(|row| row.alias.as_ref());
        match outer.map(|outer| outer.span) {
            None => Some(()),
            Some(first) => self.fail(
                Diagnostic::error(Code::Duplicate, alias.span, format!("`{name}` is defined twice"))
                    .label("again here, inside of the other")
                    .related(first, "first here")
                    .help("give each its own name"),
            ),
        }
    }

    /// The row that a bare name is a property of.
    pub(super) fn nearest_row(&self) -> Option<usize> {
        self.rows.iter().rposition(|row| !row.aside)
    }

    /// The row around here with this alias.
    pub(super) fn row_called(&self, alias: &str) -> Option<usize> {
        self.rows.iter().rposition(|row| row.alias.as_ref().is_some_and(|name| name.node == alias))
    }

    /// The catalog of the row that the action around here is made of, where it is called so.
    pub(super) fn row_named(&self, name: &Name) -> Option<usize> {
        let (row, catalog) = self.here?.row?;
        (row.node == name.node).then_some(catalog)
    }

    /// A column of that row.
    pub(super) fn column(&mut self, number: usize, name: &Name, span: Span) -> Option<Expr> {
        let catalog = self.world.catalogs.get(number)?;
        if self.world.is_broken(&format!("{}.{}", catalog.name, name.node)) {
            return None;
        }
        match catalog.columns.iter().position(|column| column.name == name.node) {
            Some(index) => self.attribute(Place::Catalog(number), index, span),
            None => self.fail(self.world.unknown_column(catalog, name)),
        }
    }

    /// A property, or the instant, of one of the rows around here.
    pub(super) fn property_of_row(&mut self, row: usize, name: &Name, span: Span) -> Option<Expr> {
        let event = self.rows.get(row)?.event;
        let own = !self.anchoring && row + 1 == self.rows.len();
        if !own && row >= MOST_ROWS {
            return self.fail(
                Diagnostic::error(Code::LimitExceeded, span, "too many clauses stand inside each other here")
                    .label(format!("the limit is {MOST_ROWS}")),
            );
        }
        let kind = match self.world.property(event, &name.node) {
            Some(index) if own => Kind::Attribute(Place::Row, index),
            Some(index) => Kind::Attribute(Place::Outer { slot: row, event }, index),
            None if name.node == "at" && self.world.is_timeless(event) => return self.momentless(event, span),
            None if name.node == "at" && own => Kind::RowAt,
            None if name.node == "at" => Kind::OuterAt { slot: row, event },
            None => return self.unknown_property(event, name),
        };
        let ty = match &kind {
            Kind::Attribute(place, index) => self.attribute_at(*place, *index)?.ty.clone(),
            _ => Type::Instant,
        };
        if !own && ty.is_collection() {
            return self.fail(
                Diagnostic::error(Code::Unsupported, span, "a list of another event cannot be asked about here")
                    .help("ask about it in the `where` of its own clause"),
            );
        }
        if !own && let Some(row) = self.rows.get_mut(row) {
            row.kept = true;
        }
        Some(Expr { kind, ty, span })
    }

    /// The description of an attribute, as seen from here.
    pub(super) fn attribute_at(&self, place: Place, index: usize) -> Option<&'a Attribute> {
        self.world.attribute(place, self.rows.last().map(|row| row.event), index)
    }

    /// What to say of a property that a clause further out has.
    pub(super) fn outer_property(&self, event: usize, name: &Name) -> Option<Diagnostic> {
        let (_, around) = self.rows.split_last()?;
        let outer = around.iter().rev().find(|row| self.world.property(row.event, &name.node).is_some())?;
        let owner = crate::check::items::owner;
        let (inner, outer_kind) = (self.world.shape.events.get(event)?, self.world.shape.events.get(outer.event)?);
        let error = Diagnostic::error(
            Code::NoSuchProperty,
            name.span,
            format!("{} has no property `{}`", owner(inner), name.node),
        )
        .label(format!("the `{}` around it has", outer_kind.name));
        Some(match &outer.alias {
            Some(alias) => error
                .help(format!("write `{}.{}`", alias.node, name.node))
                .suggest(name.span, format!("{}.{}", alias.node, name.node)),
            None => error.help(format!(
                "give the outer one a name, as in `{kind} as x`, and write `x.{property}`",
                kind = outer_kind.name,
                property = name.node
            )),
        })
    }
}
