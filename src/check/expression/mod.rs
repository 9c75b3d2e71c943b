//! Expressions: names resolved, types checked, literals in their runtime form.

mod arithmetic;
mod chain;
mod compare;
mod events;
mod function;
pub(super) mod geo;
mod habit;
mod host;
mod items;
mod lists;
mod literal;
pub(super) mod outcome;
mod predicate;
mod row;
mod standing;
mod time;
mod version;

use super::actions::Here;
pub(super) use function::uncallable;
pub(super) use literal::fraction;

use super::tree::{Constant, Expr, Kind, Place};
use super::words;
use super::world::{Named, World};
use crate::check::tree::DefinitionKind;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, ExprKind};
use row::Row;

/// Checks expressions against a world. `None` means that what is wrong has been reported.
pub(super) struct Checker<'a> {
    pub world: &'a World,
    pub out: &'a mut Vec<Diagnostic>,
    /// The clauses around here whose rows a `where` tests, the innermost last.
    rows: Vec<Row>,
    /// Inside the anchor of a window: it stands outside of its own clause, where only the kept row of one further out is.
    anchoring: bool,
    /// The names that steps of the sequences around here go by.
    steps: Vec<ast::Name>,
    /// The campaign in which the expression stands.
    here: Option<Here<'a>>,
}

impl<'a> Checker<'a> {
    pub fn new(world: &'a World, out: &'a mut Vec<Diagnostic>) -> Self {
        Checker { world, out, rows: Vec::new(), anchoring: false, steps: Vec::new(), here: None }
    }

    /// The same inside a campaign, whose own actions come first where one is named.
    pub fn in_campaign(world: &'a World, here: Here<'a>, out: &'a mut Vec<Diagnostic>) -> Self {
        Checker { here: Some(here), ..Checker::new(world, out) }
    }

    fn fail<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.out.push(diagnostic);
        None
    }

    /// An expression that is true, false or unknown.
    pub fn condition(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let checked = self.value(expr, None)?;
        if checked.ty == Type::Bool { Some(checked) } else { self.not_a_condition(&checked, expr) }
    }

    fn not_a_condition<T>(&mut self, checked: &Expr, expr: &ast::Expr) -> Option<T> {
        let error = Diagnostic::error(Code::NotACondition, expr.span, "a condition is needed here")
            .label(words::this_is(&checked.ty));
        let error = match (&checked.kind, &expr.node) {
            (Kind::Attribute(..), ExprKind::Path(path)) => {
                let path: Vec<&str> = path.iter().map(|name| name.node.as_str()).collect();
                let path = path.join(".");
                error.help(format!("compare it, as in `{path} = …`, or ask whether `{path} is known`"))
            }
            (Kind::Edge { .. }, _) => error.help("compare it, or ask whether it happened: `any(…)`"),
            (Kind::Aggregate { .. } | Kind::Periods { .. }, _) => error.help("compare it, as in `count(…) >= 2`"),
            _ => error.help("compare it with something"),
        };
        self.fail(error)
    }

    fn conditions(&mut self, exprs: &[ast::Expr]) -> Option<Vec<Expr>> {
        // All are checked before any failure counts, so that all problems are told at once.
        let mut checked = Vec::with_capacity(exprs.len());
        for expr in exprs {
            checked.extend(self.condition(expr));
        }
        (checked.len() == exprs.len()).then_some(checked)
    }

    /// Any expression. `expected` is the type that a literal should take if it can.
    pub fn value(&mut self, expr: &ast::Expr, expected: Option<&Type>) -> Option<Expr> {
        let span = expr.span;
        // Only calls, so that no arm needs room of its own in the frame.
        match &expr.node {
            ExprKind::Literal(literal) => self.literal(literal, span, expected),
            ExprKind::Path(path) => self.path(path, span),
            ExprKind::Item { of, key } => self.item_of(of, key, span),
            ExprKind::Not(inner) => self.not(inner, span),
            ExprKind::And(all) | ExprKind::Or(all) => self.joined(matches!(expr.node, ExprKind::And(_)), all, span),
            ExprKind::AtLeast { count, of } => self.at_least(count, of, span),
            ExprKind::Negate(inner) => self.negate(inner, span, expected),
            ExprKind::Arithmetic { op, left, right } => self.arithmetic(*op, left, right, span, expected),
            ExprKind::Share { percent, of } => self.share(percent, of, span),
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right, span),
            ExprKind::ContainsOf { quantifier, subject, items } => self.contains_of(*quantifier, subject, items, span),
            ExprKind::IgnoringCase(inner) => self.ignoring_case(inner, span),
            ExprKind::OrMissing(inner) => self.or_missing(inner, span),
            ExprKind::AllHave { clause, have } => self.all_have(clause, have, span),
            ExprKind::Aggregate { function, distinct, clause } => self.aggregate(*function, *distinct, clause, span),
            ExprKind::Edge { edge, clause, property } => self.edge(*edge, clause, property.as_ref(), span),
            ExprKind::TimeSince(inner) => self.time_since(inner, span),
            ExprKind::Anniversary(inner) => self.anniversary(inner, span),
            ExprKind::Top { end, amount, by } => self.top(*end, amount, by, span),
            ExprKind::Descending(call) => self.descending(call, span),
            ExprKind::Call { name, arguments } => self.call(name, arguments, span),
            other => self.predicate(other, span),
        }
    }

    /// What can be negated, and what holds nothing further: apart from `value`, whose frames pile up on the stack.
    fn predicate(&mut self, kind: &ExprKind, span: Span) -> Option<Expr> {
        let (negated, inner) = match kind {
            ExprKind::Between { negated, subject, low, high } => (*negated, self.between(subject, low, high, span)),
            ExprKind::In { negated, subject, items } => (*negated, self.is_in(subject, items, span)),
            ExprKind::Text { op, negated, subject, needle } => (*negated, self.text(*op, subject, needle, span)),
            ExprKind::Is { negated, subject, what } => (*negated, self.is(subject, what, span)),
            ExprKind::InSegment { negated, segment } => {
                (*negated, self.in_segment(segment).map(|inner| Expr { span, ..inner }))
            }
            ExprKind::InStage { stages } => (false, self.in_stage(stages, span)),
            ExprKind::InList { negated, subject: Some(subject), list } => (*negated, self.in_list(subject, list, span)),
            ExprKind::InList { negated, subject: None, list } => (*negated, self.on_list(list, span)),
            ExprKind::Quantified { quantifier, clause } => {
                (*quantifier == ast::EventQuantifier::None, self.any_event(clause, span))
            }
            ExprKind::Periods { unit, clause } => {
                self.timed(clause, "a count of days, weeks or months")?;
                let clause = self.clause_without_property(clause)?;
                (false, Some(Expr { kind: Kind::Periods { unit: *unit, clause }, ty: Type::Int, span }))
            }
            ExprKind::Chain(chain) => (false, self.chain(chain, span)),
            ExprKind::Habit { habit, clause, periods } => (false, self.habit(*habit, clause, periods, span)),
            ExprKind::Now => (false, Some(Expr { kind: Kind::Now, ty: Type::Instant, span })),
            ExprKind::Today => (false, Some(Expr { kind: Kind::Today, ty: Type::Date, span })),
            _ => {
                let error = Diagnostic::error(Code::TypeMismatch, span, "a list cannot stand here");
                return self.fail(error.label("a list follows `in` or `contains any of`"));
            }
        };
        Some(not_if(negated, inner?))
    }

    fn not(&mut self, inner: &ast::Expr, span: Span) -> Option<Expr> {
        let inner = Box::new(self.condition(inner)?);
        Some(Expr { kind: Kind::Not(inner), ty: Type::Bool, span })
    }

    fn joined(&mut self, and: bool, operands: &[ast::Expr], span: Span) -> Option<Expr> {
        let operands = self.conditions(operands)?;
        let kind = if and { Kind::And(operands) } else { Kind::Or(operands) };
        Some(Expr { kind, ty: Type::Bool, span })
    }

    fn at_least(&mut self, count: &ast::Spanned<i64>, of: &[ast::Expr], span: Span) -> Option<Expr> {
        let of = self.conditions(of)?;
        match usize::try_from(count.node) {
            Ok(k) if k >= 1 && k <= of.len() => {
                Some(Expr { kind: Kind::AtLeast { count: k, of }, ty: Type::Bool, span })
            }
            _ => self.never_enough(count, of.len()),
        }
    }

    fn never_enough<T>(&mut self, count: &ast::Spanned<i64>, all: usize) -> Option<T> {
        let message = match count.node {
            0 => "at least 0 conditions always hold".to_owned(),
            count => format!("of {all} conditions, {count} can never hold"),
        };
        let error = Diagnostic::error(Code::ConstantComparison, count.span, message);
        self.fail(error.label(format!("a number from 1 to {all} is needed")))
    }

    /// `any(…)` of an event, as the goal of a campaign.
    pub fn happening(&mut self, clause: &ast::EventClause) -> Option<Expr> {
        self.timed(clause, "the end of an entry")?;
        self.any_event(clause, clause.span)
    }

    /// The moment of the latest event, for what is counted from it on.
    pub fn latest(&mut self, clause: &ast::EventClause) -> Option<Expr> {
        self.timed(clause, "a decay")?;
        let clause = self.clause_without_property(clause)?;
        let span = clause.span;
        Some(Expr { kind: Kind::Edge { edge: ast::Edge::Last, clause, property: None }, ty: Type::Instant, span })
    }

    fn any_event(&mut self, clause: &ast::EventClause, span: Span) -> Option<Expr> {
        let clause = self.clause_without_property(clause)?;
        Some(Expr { kind: Kind::AnyEvent(clause), ty: Type::Bool, span })
    }

    fn all_have(&mut self, clause: &ast::EventClause, have: &ast::Expr, span: Span) -> Option<Expr> {
        let (clause, have) = self.clause_having(clause, have)?;
        Some(Expr { kind: Kind::AllEvents { clause, have: Box::new(have) }, ty: Type::Bool, span })
    }

    fn time_since(&mut self, of: &ast::Expr, span: Span) -> Option<Expr> {
        let of = self.value(of, None)?;
        if of.ty != Type::Instant {
            let error = Diagnostic::error(Code::TypeMismatch, of.span, "`time since` needs a moment");
            return self.fail(error.label(words::this_is(&of.ty)).help(match of.ty {
                Type::Date => "for a date, write `… is older than 30 days`",
                _ => "write for example `time since last(order)`",
            }));
        }
        Some(Expr { kind: Kind::TimeSince(Box::new(of)), ty: Type::Duration, span })
    }

    fn path(&mut self, path: &[ast::Name], span: Span) -> Option<Expr> {
        match path {
            [name] if self.nearest_row().is_none() && self.row_named(name).is_some() => self.fail(
                Diagnostic::error(Code::WrongScope, name.span, format!("`{}` is a row", name.node))
                    .label("which column of it?")
                    .help(format!("write `{}.` and the name of a column", name.node)),
            ),
            [name] => match self.nearest_row() {
                Some(row) => self.property_of_row(row, name, name.span),
                None => self.customer(&name.node, name.span),
            },
            [alias, name] if self.row_called(&alias.node).is_some() => {
                self.row_called(&alias.node).and_then(|row| self.property_of_row(row, name, span))
            }
            [row, name] if let Some(catalog) = self.row_named(row) => self.column(catalog, name, span),
            [scope, name] if scope.node == "customer" => self.customer(&name.node, name.span).map(|e| Expr { span, ..e }),
            [scope, name] if scope.node == "context" => match self.world.context(&name.node) {
                Some(index) => self.attribute(Place::Context, index, span),
                None if self.world.is_broken(&format!("context.{}", name.node)) => None,
                None => self.fail(self.world.unknown_context(&name.node, name.span)),
            },
            [scope, ..] if scope.node == "consent" => self.fail(
                Diagnostic::error(Code::NotACondition, span, "a consent is not a value")
                    .label("granted, or denied?")
                    .help("write `is granted` after it")
                    .suggest(Span { start: span.end, ..span }, " is granted"),
            ),
            [map, key] if let Some(map) = self.map_named(map) => self.fail(
                Diagnostic::error(Code::WrongScope, span, format!("`{map}` is a map"))
                    .label("a key stands in brackets and quotes")
                    .suggest(span, format!("{map}[\"{}\"]", key.node)),
            ),
            [event, property, ..] if self.world.event(&event.node).is_some() => self.fail(
                Diagnostic::error(Code::WrongScope, span, format!("which `{}`?", event.node))
                    .label(match self.world.items(&event.node) {
                        Some(_) => "there can be many items",
                        None => "there can be many of these events",
                    })
                    .help(format!(
                        "take one, as in `last({event}).{property}`, or look through them: `any({event} where {property} …)`",
                        event = event.node,
                        property = property.node
                    )),
            ),
            [scope, ..] if self.steps.iter().any(|step| step.node == scope.node) => self.fail(
                Diagnostic::error(Code::Unsupported, span, "only the first step of a sequence can be referred to yet")
                    .label("this is of another step")
                    .help("ask about the first step's event, or split the sequence in two"),
            ),
            [scope, ..] => {
                let error = Diagnostic::error(Code::UnknownName, scope.span, format!("there is no `{}`", scope.node))
                    .label("before a `.` stands `customer`, `context` or `consent`");
                let aliases = self.rows.iter().filter_map(|row| row.alias.as_ref()).map(|alias| alias.node.as_str());
                let row = self.here.and_then(|here| here.row).map(|(row, _)| row.node.as_str());
                let known = ["customer", "context", "consent"].into_iter().chain(aliases).chain(row);
                let error = super::world::suggest(error, scope.span, &scope.node, known);
                self.fail(error)
            }
            [] => None,
        }
    }

    fn unknown_property<T>(&mut self, event: usize, name: &ast::Name) -> Option<T> {
        let owner = self.world.shape.events.get(event)?;
        if self.world.is_broken(&format!("{}.{}", owner.name, name.node)) {
            return None;
        }
        match self.outer_property(event, name) {
            Some(error) => self.fail(error),
            None => self.fail(self.world.unknown_property(event, &name.node, name.span)),
        }
    }

    fn customer(&mut self, name: &str, span: Span) -> Option<Expr> {
        match self.world.customer(name) {
            Some(Named::Attribute(index)) => self.attribute(Place::Customer, index, span),
            Some(Named::Definition(id)) => {
                let known = self.world.known(id)?;
                if known.kind == DefinitionKind::Segment {
                    return self.fail(
                        Diagnostic::error(Code::WrongScope, span, format!("`{name}` is a segment"))
                            .label("`in segment` is missing before it")
                            .suggest(span, format!("in segment {name}")),
                    );
                }
                // Without a type, what is wrong with it has been told where it is defined.
                Some(Expr { kind: Kind::Definition(id), ty: known.ty.clone()?, span })
            }
            None if self.world.is_broken(name) => None,
            None => self.fail(self.world.unknown_customer_name(name, span)),
        }
    }

    fn attribute(&mut self, place: Place, index: usize, span: Span) -> Option<Expr> {
        let ty = self.attribute_at(place, index)?.ty.clone();
        Some(Expr { kind: Kind::Attribute(place, index), ty, span })
    }

    pub fn in_segment(&mut self, name: &ast::Name) -> Option<Expr> {
        let span = name.span;
        match self.world.definition(&name.node) {
            Some((id, known)) if known.kind == DefinitionKind::Segment => {
                Some(Expr { kind: Kind::Definition(id), ty: known.ty.clone()?, span })
            }
            None if name.node == EVERYONE => {
                Some(Expr { kind: Kind::Constant(Constant::Bool(true)), ty: Type::Bool, span })
            }
            _ => self.fail(self.world.unknown_segment(&name.node, span)),
        }
    }
}

/// The reserved segment that all customers are in.
pub(super) const EVERYONE: &str = "everyone";

pub(super) fn not_if(negated: bool, inner: Expr) -> Expr {
    if negated { Expr { span: inner.span, ty: Type::Bool, kind: Kind::Not(Box::new(inner)) } } else { inner }
}
