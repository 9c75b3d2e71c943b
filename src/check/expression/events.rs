//! Clauses about events.

use super::Checker;
use super::outcome::{bare_outcome, is_outcome};
use crate::check::groups::broken_name;
use crate::check::tree::{Clause, Expr, Kind, Window};
use crate::check::words;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, AggregateFunction, Edge, EventClause, Name};

/// A property of an event, or the instant of the event itself.
enum Property {
    At,
    Of(usize, Type),
}

impl Checker<'_> {
    fn clause(&mut self, clause: &EventClause) -> Option<Clause> {
        let event = self.event(clause)?;
        let window = self.clause_window(event, clause);
        let filtered = self.in_row(event, clause.alias.as_ref(), |checker| checker.filter(clause));
        let (filter, alias) = filtered?;
        Some(Clause { event, alias, filter, window: window?, span: clause.span })
    }

    /// A clause about events as such, and what each of them must fulfil.
    pub(super) fn clause_having(&mut self, clause: &EventClause, have: &ast::Expr) -> Option<(Clause, Expr)> {
        self.no_property(clause)?;
        let event = self.event(clause)?;
        let window = self.clause_window(event, clause);
        let checked = self.in_row(event, clause.alias.as_ref(), |checker| {
            let filter = checker.filter(clause);
            let have = checker.condition(have);
            Some((filter?, have?))
        });
        let ((filter, have), alias) = checked?;
        Some((Clause { event, alias, filter, window: window?, span: clause.span }, have))
    }

    fn event(&mut self, clause: &EventClause) -> Option<usize> {
        if let Some(alias) = &clause.alias {
            self.alias(alias)?;
        }
        if clause.of.is_some() {
            return self.contacts(clause);
        }
        match self.world.event(&clause.event.node) {
            Some(event) => Some(event),
            None if self.world.is_broken(&broken_name(&clause.event.node)) => None,
            None if is_outcome(&clause.event.node) => self.fail(bare_outcome(&clause.event)),
            None => self.fail(self.world.unknown_event(&clause.event.node, clause.event.span)),
        }
    }

    fn filter(&mut self, clause: &EventClause) -> Option<Option<Box<Expr>>> {
        let written = match &clause.filter {
            Some(filter) => Some(self.condition(filter)?),
            None => None,
        };
        let filter = match &clause.of {
            Some(of) => Some(self.outcome(clause, of, written)?),
            None => written,
        };
        Some(filter.map(Box::new))
    }

    /// The window stands outside of the clause's own `where`.
    fn clause_window(&mut self, event: usize, clause: &EventClause) -> Option<Option<Window>> {
        match &clause.window {
            Some(window) if self.world.is_timeless(event) => self.untimed(clause, window.span),
            Some(window) => self.window(window).map(Some),
            None => Some(None),
        }
    }

    /// A clause about events as such.
    pub(super) fn clause_without_property(&mut self, clause: &EventClause) -> Option<Clause> {
        self.no_property(clause)?;
        self.clause(clause)
    }

    fn no_property(&mut self, clause: &EventClause) -> Option<()> {
        let Some(property) = &clause.property else { return Some(()) };
        self.fail(
            Diagnostic::error(Code::WrongArguments, property.span, "whole events are asked about here, not a property")
                .label("leave it out")
                .help(format!("to ask about it, write `{} where {} …`", clause.asked(), property.node)),
        )
    }

    fn property_of(&mut self, event: usize, name: &Name) -> Option<Property> {
        if let Some(index) = self.world.property(event, &name.node) {
            let ty = self.world.shape.events.get(event)?.properties.get(index)?.ty.clone();
            return Some(Property::Of(index, ty));
        }
        if name.node == "at" && !self.world.is_timeless(event) {
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
                        .help(format!("name what should be different: `count(distinct {}.…)`", clause.asked())),
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
                        event = clause.asked()
                    )),
                );
            }
            (_, _, true) if function != AggregateFunction::Count => {
                return self.fail(
                    Diagnostic::error(Code::WrongArguments, span, "only `count` goes with `distinct`")
                        .label(format!("`{word}` takes every event"))
                        .help(format!("leave out `distinct`: `{word}({}.…)`", clause.asked())),
                );
            }
            (None, _, _) => {
                return self.fail(
                    Diagnostic::error(Code::WrongArguments, clause.event.span, format!("`{word}` of what?"))
                        .label("name a property")
                        .help(format!("write `{word}({}.…)`", clause.asked())),
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
                                event = clause.asked()
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
            None if self.world.is_timeless(checked.event) => return self.momentless(checked.event, span),
            None => (None, Type::Instant),
            Some(name) => match self.property_of(checked.event, name)? {
                Property::At => (None, Type::Instant),
                Property::Of(_, ty) if ty.is_collection() => {
                    return self.fail(
                        Diagnostic::error(
                            Code::Unsupported,
                            name.span,
                            "a list or map of one event cannot be taken out",
                        )
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
        let event = clause.asked();
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
        AggregateFunction::Count => (!of.is_collection()).then_some(Type::Int),
        AggregateFunction::Sum => numeric.then(|| of.clone()),
        AggregateFunction::Average | AggregateFunction::Median if *of == Type::Int => Some(Type::Number),
        AggregateFunction::Average | AggregateFunction::Median => numeric.then(|| of.clone()),
        AggregateFunction::Min | AggregateFunction::Max if *of == Type::Version => None,
        AggregateFunction::Min | AggregateFunction::Max => of.is_ordered().then(|| of.clone()),
    }
}
