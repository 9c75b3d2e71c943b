//! Actions that put others together.

use super::super::actions::Here;
use super::super::words;
use super::super::world::World;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{self, Name, Spanned};

/// The paths of the members of a bundle.
pub(super) fn members(
    action: &ast::Action,
    here: Here<'_>,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Vec<String>> {
    let found: Vec<Option<String>> = action.members.iter().map(|written| member(written, here, world, out)).collect();
    let found = found.into_iter().collect::<Option<Vec<String>>>()?;
    for (number, (path, written)) in found.iter().zip(&action.members).enumerate() {
        if let Some(first) = found.iter().take(number).position(|other| other == path) {
            let error = Diagnostic::error(Code::Duplicate, written.span, format!("`{path}` is in the bundle twice"))
                .label("once is enough");
            out.push(match action.members.get(first) {
                Some(first) => error.related(first.span, "the first is here"),
                None => error,
            });
            return None;
        }
    }
    if let ([_], [only]) = (found.as_slice(), action.members.as_slice()) {
        out.push(
            Diagnostic::error(Code::WrongArguments, only.span, "a bundle of one is no bundle")
                .label("with what else?")
                .help("name at least two actions, or leave `bundles` out"),
        );
        return None;
    }
    Some(found)
}

fn member(written: &Spanned<Vec<Name>>, here: Here<'_>, world: &World, out: &mut Vec<Diagnostic>) -> Option<String> {
    let path = match world.actions.named(written, Some(here)) {
        Ok(path) => path,
        Err(error) => {
            out.push(*error);
            return None;
        }
    };
    let wrong = match path.split('.').count() {
        3 if world.actions.is_bundle(&path) => Some(("is a bundle", "bundles are made of other actions")),
        3 if world.actions.is_of_rows(&path) => Some(("is made of rows", "there may be many of it, or none")),
        3 => None,
        _ => Some(("is no action", "an offer, a message or a service is needed")),
    };
    let Some((what, why)) = wrong else { return Some(path) };
    let error = Diagnostic::error(Code::WrongScope, written.span, format!("`{path}` {what}")).label(why);
    let inside = world.actions.under(&path);
    out.push(match inside.is_empty() {
        true => error,
        false => error.help(format!("it has {}", words::names(inside.iter().map(String::as_str)))),
    });
    None
}
