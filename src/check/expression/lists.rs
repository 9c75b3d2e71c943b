//! `email in list staff`, `in list newsletter`; `preferences["newsletter"]`

use super::Checker;
use crate::check::lists::List;
use crate::check::tree::{DefinitionKind, Expr, Kind, Place};
use crate::check::words;
use crate::check::world::Named;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
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

    /// What a key of a map stands for.
    pub(super) fn item_of(&mut self, of: &[Name], key: &Name, span: Span) -> Option<Expr> {
        let of = self.path(of, of.first()?.span.to(of.last()?.span))?;
        match (&of.ty, &of.kind) {
            (Type::Map(held), Kind::Attribute(place, index)) => {
                let kind = Kind::Item { place: *place, index: *index, key: key.node.clone() };
                Some(Expr { kind, ty: (**held).clone(), span })
            }
            (other, _) => self.fail(
                Diagnostic::error(Code::TypeMismatch, of.span, "only a map has keys").label(words::this_is(other)),
            ),
        }
    }

    /// The name of a map attribute, where there is one.
    pub(super) fn map_named<'n>(&self, name: &'n Name) -> Option<&'n str> {
        match self.world.customer(&name.node)? {
            Named::Attribute(index) => {
                let attribute = self.world.attribute(Place::Customer, None, index)?;
                matches!(attribute.ty, Type::Map(_)).then_some(&*name.node)
            }
            Named::Definition(_) => None,
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
