//! Lists of items: clauses about rows without time.

use super::Checker;
use crate::check::tree::{Clause, Expr, Kind};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, AggregateFunction, EventClause, ExprKind, Is};

impl Checker<'_> {
    /// Refuses the window of a clause about items.
    pub(super) fn untimed<T>(&mut self, clause: &EventClause, window: Span) -> Option<T> {
        let before = clause.filter.as_ref().map(|filter| filter.span).or(clause.alias.as_ref().map(|alias| alias.span));
        let before = before.or(clause.property.as_ref().map(|property| property.span)).unwrap_or(clause.event.span);
        let message = format!("the items of `{}` have no time", clause.event.node);
        self.fail(
            Diagnostic::error(Code::TimelessItems, window, message)
                .label("all of them are in the list now")
                .help("leave the window out")
                .suggest(Span { start: before.end, ..window }, ""),
        )
    }

    /// Refuses a clause about items where only events can stand.
    pub(super) fn timed(&mut self, clause: &EventClause, what: &str) -> Option<()> {
        let event = &clause.event;
        let items = clause.of.is_none() && self.world.items(&event.node).is_some();
        if !items {
            return Some(());
        }
        self.fail(
            Diagnostic::error(Code::TimelessItems, event.span, format!("the items of `{}` have no time", event.node))
                .label(format!("{what} is about events"))
                .help(format!("ask what the list holds: `any({0} where …)` or `count({0})`", event.node)),
        )
    }

    /// Says that items have no moment of their own.
    pub(super) fn momentless<T>(&mut self, event: usize, span: Span) -> Option<T> {
        let list = self.world.shape.events.get(event)?;
        let error = Diagnostic::error(Code::TimelessItems, span, format!("the items of `{}` have no time", list.name));
        let error = error.label("no moment stands behind this");
        let properties = crate::check::words::names(list.properties.iter().map(|property| property.name.as_str()));
        self.fail(error.help(match properties.is_empty() {
            true => "an item has no properties either".to_owned(),
            false => format!("name a property: an item has {properties}"),
        }))
    }

    /// How many items there are in the list that an expression asks about, where that may be missing.
    pub(super) fn list_missing(&self, expr: &Expr) -> Option<Expr> {
        let clause = crate::check::walk::clause(expr)?;
        let optional = self.world.shape.events.get(clause.event).is_some_and(|list| list.timeless && list.optional);
        optional.then(|| count(Clause { alias: None, filter: None, window: None, ..clause.clone() }))
    }

    /// `cart is missing`, `cart is known`, `cart is empty`: what can be asked of the list itself.
    pub(super) fn list_itself(&self, subject: &ast::Expr, what: &Is, span: Span) -> Option<Expr> {
        let ExprKind::Path(path) = &subject.node else { return None };
        let name = match path.as_slice() {
            [name] if self.nearest_row().is_none() => name,
            [scope, name] if scope.node == "customer" => name,
            _ => return None,
        };
        let event = self.world.items(&name.node)?;
        let clause = Clause { event, alias: None, filter: None, window: None, span: subject.span };
        let condition = |kind| Expr { kind, ty: Type::Bool, span };
        match what {
            Is::Empty => Some(super::not_if(true, condition(Kind::AnyEvent(clause)))),
            // Where nothing is known of the list, nobody knows how many there are.
            Is::Missing | Is::Known => {
                Some(super::not_if(*what == Is::Known, condition(Kind::IsMissing(Box::new(count(clause))))))
            }
            _ => None,
        }
    }
}

fn count(clause: Clause) -> Expr {
    let span = clause.span;
    let kind = Kind::Aggregate { function: AggregateFunction::Count, distinct: false, clause, property: None };
    Expr { kind, ty: Type::Int, span }
}
