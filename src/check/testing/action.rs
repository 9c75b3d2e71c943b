//! Actions that tests name, and one row of those that are made of rows.

use super::Tester;
use super::tree::Given;
use crate::check::words;
use crate::check::world::suggest;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Value;
use crate::syntax::ast::{Expr, Name, Spanned, TestAction};
use crate::syntax::printer::quoted;

impl Tester<'_> {
    /// The full path of an action, which may be written by its end; with the id of a row in brackets, as decisions tell it. Where
    /// the rows are known that are given, it must be one of them.
    pub(super) fn action(
        &self,
        action: &TestAction,
        given: Option<&[Given]>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let path = self.whole_action(&action.path, out)?;
        match &action.row {
            Some(row) => Some(format!("{path}[{}]", self.row_of(&path, row, given, out)?)),
            None => Some(path),
        }
    }

    /// The id of a row.
    fn row_of(&self, path: &str, row: &Expr, given: Option<&[Given]>, out: &mut Vec<Diagnostic>) -> Option<String> {
        let Some(catalog) = self.made_of.get(path).and_then(|&number| self.world.catalogs.get(number)) else {
            let error = Diagnostic::error(Code::WrongScope, row.span, format!("`{path}` is not made of rows"));
            out.push(error.label("it is one action").help("leave out what stands in brackets"));
            return None;
        };
        let column = catalog.columns.get(catalog.id)?;
        let id = self.constant(row, &column.ty, out)?;
        let Some(given) = given else { return Some(id.to_string()) };
        let given = given.iter().filter_map(|given| match given {
            Given::Row { catalog: name, columns } if *name == catalog.name => {
                columns.iter().find(|(name, _)| *name == column.name).map(|(_, value)| value)
            }
            _ => None,
        });
        let given: Vec<&Value> = given.collect();
        if !given.contains(&&id) {
            let message = format!("no row `{}` of `{}` is given", written(&id), catalog.name);
            let error = Diagnostic::error(Code::UnknownName, row.span, message);
            let ids: Vec<String> = given.iter().map(|id| written(id)).collect();
            let error = match ids.is_empty() {
                true => error.label("none is"),
                false => error.label(format!("given are {}", words::names(ids.iter().map(String::as_str)))),
            };
            out.push(suggest(error, row.span, &written(&id), ids.iter().map(String::as_str)));
            return None;
        }
        Some(id.to_string())
    }

    /// The full path of an action without its rows.
    fn whole_action(&self, path: &Spanned<Vec<Name>>, out: &mut Vec<Diagnostic>) -> Option<String> {
        let full = match self.world.actions.named(path, None) {
            Ok(full) => full,
            Err(error) => {
                out.push(*error);
                return None;
            }
        };
        if self.actions.contains_key(&full) {
            return Some(full);
        }
        let mut actions: Vec<&str> =
            self.actions.keys().map(String::as_str).filter(|action| action.starts_with(&format!("{full}."))).collect();
        actions.sort_unstable();
        let error = Diagnostic::error(Code::WrongScope, path.span, format!("`{full}` is not an action"));
        out.push(match actions.is_empty() {
            true => error.label("it has none"),
            false => error.label(format!("it has {}", words::names(actions))),
        });
        None
    }
}

/// An id as a rule file writes it.
fn written(id: &Value) -> String {
    match id {
        Value::Text(text) => quoted(text),
        other => other.to_string(),
    }
}
