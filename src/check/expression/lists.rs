//! `email in list staff`, `in list newsletter`

use super::Checker;
use crate::check::lists::List;
use crate::check::tree::{DefinitionKind, Expr, Place};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{self, Name};
use crate::syntax::printer::print_expr;

impl Checker<'_> {
    /// Whether a value is in a list of fixed ones.
    pub(super) fn in_list(&mut self, subject: &ast::Expr, list: &Name, span: Span) -> Option<Expr> {
        match self.world.lists.named(&list.node) {
            Some(List::Fixed { values, .. }) => self.one_of(subject, values, list.span, span),
            Some(List::Kept(_)) => {
                let error =
                    Diagnostic::error(Code::WrongScope, span, format!("customers are on the list `{}`", list.node));
                self.fail(
                    error
                        .label("not values")
                        .help(format!("leave out what stands before it: `in list {}`", list.node))
                        .suggest(subject.span, ""),
                )
            }
            Some(List::Broken) => None,
            None => self.unknown_list(list),
        }
    }

    /// Whether the customer is on a list that the program keeps.
    pub(super) fn on_list(&mut self, list: &Name, span: Span) -> Option<Expr> {
        match self.world.lists.named(&list.node) {
            Some(List::Kept(index)) => self.attribute(Place::List, *index, span),
            Some(List::Fixed { values, .. }) => {
                let held = values.first().map(print_expr).unwrap_or_default();
                self.fail(
                    Diagnostic::error(Code::WrongScope, span, format!("the list `{}` is one of values", list.node))
                        .label("what should be in it?")
                        .help(format!("it holds values such as {held}: write `… in list {}`", list.node)),
                )
            }
            Some(List::Broken) => None,
            None => self.unknown_list(list),
        }
    }

    fn unknown_list<T>(&mut self, list: &Name) -> Option<T> {
        if self.world.definition(&list.node).is_some_and(|(_, known)| known.kind == DefinitionKind::Segment) {
            let error = Diagnostic::error(Code::UnknownName, list.span, format!("there is no list `{}`", list.node));
            return self.fail(error.label("this is a segment").help(format!("write `in segment {}`", list.node)));
        }
        self.fail(self.world.lists.unknown(list))
    }
}
