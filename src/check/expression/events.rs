//! Clauses about events.

use super::Checker;
use crate::check::tree::{Clause, Expr, Kind};
use crate::check::words;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{AggregateFunction, Edge, EventClause, Name};

/// A property of an event, or the instant of the event itself.
enum Property {
    At,
    Of(usize, Type),
}

impl Checker<'_> {
    /// Checks inside of a `where` about an event; silent if there is no such event, which is reported once elsewhere.
    pub(super) fn in_row<T>(&mut self, event: &Name, check: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let event = self.world.event(&event.node)?;
        let outer = self.row.replace(event);
        let checked = check(self);
        self.row = outer;
        checked
    }

    fn clause(&mut self, clause: &EventClause) -> Option<Clause> {
        let Some(event) = self.world.event(&clause.event.node) else {
            let error = self.world.unknown_event(&clause.event.node, clause.event.span);
            return self.fail(error);
        };
        let filter = match &clause.filter {
            Some(filter) => self.in_row(&clause.event, |checker| checker.condition(filter)).map(Some),
            None => Some(None),
        };
        let window = match &clause.window {
            Some(window) => self.window(window).map(Some),
            None => Some(None),
        };
        Some(Clause { event, filter: filter?.map(Box::new), window: window?, span: clause.span })
    }

    /// A clause about events as such.
    pub(super) fn clause_without_property(&mut self, clause: &EventClause) -> Option<Clause> {
        if let Some(property) = &clause.property {
            return self.fail(
                Diagnostic::error(
                    Code::WrongArguments,
                    property.span,
                    "whole events are asked about here, not a property",
                )
                .label("leave it out")
                .help(format!("to ask about it, write `{} where {} …`", clause.event.node, property.node)),
            );
        }
        self.clause(clause)
    }

    fn property_of(&mut self, event: usize, name: &Name) -> Option<Property> {
        if let Some(index) = self.world.property(event, &name.node) {
            let ty = self.world.shape.events.get(event)?.properties.get(index)?.ty.clone();
            return Some(Property::Of(index, ty));
        }
        if name.node == "at" {
            return Some(Property::At);
        }
        self.unknown_property(event, name)
    }

    pub(super) fn aggregate(
        &mut self,
        function: AggregateFunction,
        distinct: bool,
        clause: &EventClause,
        span: Span,
    ) -> Option<Expr> {
        let checked = self.clause(clause)?;
        let word = function.word();
        let (property, ty) = match (&clause.property, function, distinct) {
            (None, AggregateFunction::Count, false) => (None, Type::Int),
            (None, AggregateFunction::Count, true) => {
                return self.fail(
                    Diagnostic::error(Code::WrongArguments, clause.event.span, "distinct what?")
                        .label("events are all different")
                        .help(format!("name what should be different: `count(distinct {}.…)`", clause.event.node)),
                );
            }
            (Some(property), AggregateFunction::Count, false) => {
                return self.fail(
                    Diagnostic::error(
                        Code::WrongArguments,
                        property.span,
                        "either events are counted, or different values",
                    )
                    .label("which?")
                    .help(format!(
                        "write `count({event})` or `count(distinct {event}.{})`",
                        property.node,
                        event = clause.event.node
                    )),
                );
            }
            (_, _, true) if function != AggregateFunction::Count => {
                return self.fail(
                    Diagnostic::error(Code::WrongArguments, span, "only `count` goes with `distinct`")
                        .label(format!("`{word}` takes every event"))
                        .help(format!("leave out `distinct`: `{word}({}.…)`", clause.event.node)),
                );
            }
            (None, _, _) => {
                return self.fail(
                    Diagnostic::error(Code::WrongArguments, clause.event.span, format!("`{word}` of what?"))
                        .label("name a property")
                        .help(format!("write `{word}({}.…)`", clause.event.node)),
                );
            }
            (Some(name), _, _) => match self.property_of(checked.event, name)? {
                Property::Of(index, ty) => match result_type(function, &ty) {
                    Some(result) => (Some(index), result),
                    None => {
                        return self.fail(
                            Diagnostic::error(Code::TypeMismatch, name.span, format!("there is no `{word}` of this"))
                                .label(words::this_is(&ty)),
                        );
                    }
                },
                Property::At => {
                    return self.fail(
                        Diagnostic::error(Code::TypeMismatch, name.span, format!("there is no `{word}` of moments"))
                            .help(format!(
                                "for the first or last one, write `first({event})` or `last({event})`",
                                event = clause.event.node
                            )),
                    );
                }
            },
        };
        Some(Expr { kind: Kind::Aggregate { function, distinct, clause: checked, property }, ty, span })
    }

    pub(super) fn edge(
        &mut self,
        edge: Edge,
        clause: &EventClause,
        property: Option<&Name>,
        span: Span,
    ) -> Option<Expr> {
        let checked = self.clause(clause)?;
        if edge == Edge::MostFrequent {
            return self.most_frequent(clause, checked, property, span);
        }
        let name = match (&clause.property, property) {
            (Some(inside), Some(outside)) => {
                return self.fail(
                    Diagnostic::error(Code::WrongArguments, outside.span, "a property is named twice")
                        .related(inside.span, "first here"),
                );
            }
            (inside, outside) => inside.as_ref().or(outside),
        };
        let (property, ty) = match name {
            None => (None, Type::Instant),
            Some(name) => match self.property_of(checked.event, name)? {
                Property::At => (None, Type::Instant),
                Property::Of(_, Type::Texts) => {
                    return self.fail(
                        Diagnostic::error(Code::Unsupported, name.span, "a list of one event cannot be taken out")
                            .help("ask inside: `any(… where … contains …)`"),
                    );
                }
                Property::Of(index, ty) => (Some(index), ty),
            },
        };
        Some(Expr { kind: Kind::Edge { edge, clause: checked, property }, ty, span })
    }

    /// The property stands inside, since it says what is counted.
    fn most_frequent(
        &mut self,
        clause: &EventClause,
        checked: Clause,
        outside: Option<&Name>,
        span: Span,
    ) -> Option<Expr> {
        let event = &clause.event.node;
        let name = match (&clause.property, outside) {
            (Some(inside), None) => inside,
            (_, outside) => {
                let at = outside.map_or(clause.event.span, |outside| outside.span);
                let property = outside.map_or("…", |outside| &outside.node);
                return self.fail(
                    Diagnostic::error(Code::WrongArguments, at, "the most frequent what?")
                        .label("name a property inside")
                        .help(format!("write `most_frequent({event}.{property})`")),
                );
            }
        };
        match self.property_of(checked.event, name)? {
            Property::Of(_, Type::Texts) | Property::At => self.fail(
                Diagnostic::error(Code::TypeMismatch, name.span, "nothing here is more frequent than the rest")
                    .label("a text, a name, a number or a day is needed"),
            ),
            Property::Of(index, ty) => {
                let kind = Kind::Edge { edge: Edge::MostFrequent, clause: checked, property: Some(index) };
                Some(Expr { kind, ty, span })
            }
        }
    }
}

fn result_type(function: AggregateFunction, of: &Type) -> Option<Type> {
    let numeric = matches!(of, Type::Int | Type::Number | Type::Percent | Type::Money(_));
    match function {
        AggregateFunction::Count => (*of != Type::Texts).then_some(Type::Int),
        AggregateFunction::Sum => numeric.then(|| of.clone()),
        AggregateFunction::Average | AggregateFunction::Median if *of == Type::Int => Some(Type::Number),
        AggregateFunction::Average | AggregateFunction::Median => numeric.then(|| of.clone()),
        AggregateFunction::Min | AggregateFunction::Max => of.is_ordered().then(|| of.clone()),
    }
}
