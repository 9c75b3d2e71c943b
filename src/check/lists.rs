//! Lists by name: of fixed values, written in a file, and those that the program keeps of customers.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::expression::Checker;
use super::tree::Kind;
use super::words;
use super::world::{World, suggest};
use crate::diagnostic::{Code, Diagnostic, Lint, Span};
use crate::syntax::ast::{Expr, ExprKind, Name, Statement, StatementKind};

/// The lists in force.
#[derive(Default)]
pub(super) struct Lists(BTreeMap<String, List>);

/// What is known of a list.
pub(super) enum List {
    /// Fixed values, as written, with where the list is named and whether a rule has asked for it.
    Fixed { values: Vec<Expr>, name: Span, used: Cell<bool> },
    /// The program knows who is on it: its number in the shape.
    Kept(usize),
    /// Declared in a way that has been reported.
    Broken,
}

impl Lists {
    /// The lists of files and of the program. What is wrong with the values of one is told once, here.
    pub fn of<'a>(statements: impl Iterator<Item = &'a Statement>, world: &World, out: &mut Vec<Diagnostic>) -> Lists {
        let kept = world.shape.lists.iter().enumerate().map(|(index, list)| (list.name.clone(), List::Kept(index)));
        let mut lists: BTreeMap<String, List> = kept.collect();
        for statement in statements {
            let StatementKind::List { name, values } = &statement.node else { continue };
            let list = match (values, lists.get(&name.node)) {
                (None, Some(List::Kept(_))) => continue,
                (Some(_), Some(List::Kept(_))) => {
                    out.push(
                        Diagnostic::error(
                            Code::SchemaDifference,
                            name.span,
                            format!("the program keeps a list `{}` itself", name.node),
                        )
                        .label("declared with values of its own here")
                        .help("leave out the values, or choose another name"),
                    );
                    List::Broken
                }
                (Some(values), _) if values_make_sense(name, values, world, out) => {
                    List::Fixed { values: values.clone(), name: name.span, used: Cell::new(false) }
                }
                // The difference from the program has been reported, or what is wrong with the values.
                _ => List::Broken,
            };
            lists.insert(name.node.clone(), list);
        }
        Lists(lists)
    }

    pub fn named(&self, name: &str) -> Option<&List> {
        let list = self.0.get(name)?;
        if let List::Fixed { used, .. } = list {
            used.set(true);
        }
        Some(list)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn unknown(&self, name: &Name) -> Diagnostic {
        let error = Diagnostic::error(Code::UnknownName, name.span, format!("there is no list `{}`", name.node));
        let label = match self.0.is_empty() {
            true => "no lists are declared".to_owned(),
            false => format!("the lists are {}", words::names(self.0.keys().map(String::as_str))),
        };
        suggest(error.label(label), name.span, &name.node, self.0.keys().map(String::as_str))
    }

    /// Lists of fixed values that nothing refers to.
    pub fn unused(&self, out: &mut Vec<Diagnostic>) {
        for (name, list) in &self.0 {
            if let List::Fixed { name: span, used, .. } = list
                && !used.get()
            {
                let message = format!("no rule uses the list `{name}`");
                out.push(
                    Diagnostic::warning(Lint::UnusedDefinition, *span, message).label("nothing is looked for in it"),
                );
            }
        }
    }
}

/// Whether all are fixed values of one type.
fn values_make_sense(name: &Name, values: &[Expr], world: &World, out: &mut Vec<Diagnostic>) -> bool {
    let before = out.len();
    if values.is_empty() {
        out.push(
            Diagnostic::error(Code::EmptyList, name.span, "nothing is in an empty list")
                .label("no values")
                .help("write the values, or leave out the brackets if the program knows who is on the list"),
        );
    }
    let mut first: Option<super::tree::Expr> = None;
    for value in values {
        if let ExprKind::Path(_) | ExprKind::List(_) = value.node {
            out.push(
                Diagnostic::error(Code::TypeMismatch, value.span, "a list holds fixed values only")
                    .help("write texts in quotes, numbers, amounts or dates"),
            );
            continue;
        }
        let mut checker = Checker::new(world, out);
        let Some(checked) = checker.value(value, None) else { continue };
        if !matches!(checked.kind, Kind::Constant(_)) {
            out.push(Diagnostic::error(Code::TypeMismatch, value.span, "a list holds fixed values only"));
            continue;
        }
        match &first {
            None => first = Some(checked),
            Some(first) if first.ty.agrees(&checked.ty) => {}
            Some(first) => out.push(
                Diagnostic::error(Code::TypeMismatch, value.span, "the values of a list are of one kind")
                    .label(words::this_is(&checked.ty))
                    .related(first.span, words::this_is(&first.ty)),
            ),
        }
    }
    out.len() == before
}
