//! Groups of events: several kinds under one name, with the properties that all of them have.

use std::collections::HashSet;

use super::tree::EventGroup;
use super::world::suggest;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Attribute, EventShape, Shape};
use crate::syntax::ast::{Name, Statement, StatementKind};

/// What a group that does not make sense is known by among the broken names; no attribute is called so.
pub(super) fn broken_name(name: &str) -> String {
    format!("event {name}")
}

/// Puts the groups of files behind the kinds of event in `shape`.
pub(super) fn add<'a>(
    statements: impl Iterator<Item = &'a Statement>,
    shape: &mut Shape,
    broken: &mut HashSet<String>,
    out: &mut Vec<Diagnostic>,
) -> Vec<EventGroup> {
    let kinds = shape.events.clone();
    let mut groups = Vec::new();
    for statement in statements {
        let StatementKind::EventGroup { name, members } = &statement.node else { continue };
        let clash = kinds.iter().any(|kind| kind.name == name.node);
        if clash {
            out.push(
                Diagnostic::error(Code::Duplicate, name.span, format!("there is an event `{}` already", name.node))
                    .label("another name is needed"),
            );
            continue;
        }
        let Some(members) = numbers(members, &kinds, &shape.events, out) else {
            broken.insert(broken_name(&name.node));
            continue;
        };
        let of: Vec<&EventShape> = members.iter().filter_map(|&member| kinds.get(member)).collect();
        let (common, properties) =
            of.first().into_iter().flat_map(|kind| &kind.properties).filter_map(|p| common(p, &of)).unzip();
        groups.push(EventGroup { event: shape.events.len(), members, properties });
        shape.events.push(EventShape::new(&name.node, common));
        shape.groups += 1;
    }
    groups
}

/// The kinds that are named, in the order of the shape.
fn numbers(
    members: &[Name],
    kinds: &[EventShape],
    all: &[EventShape],
    out: &mut Vec<Diagnostic>,
) -> Option<Vec<usize>> {
    let before = out.len();
    let mut numbers = Vec::new();
    for (place, member) in members.iter().enumerate() {
        if let Some(first) = members.iter().take(place).find(|first| first.node == member.node) {
            out.push(
                Diagnostic::error(Code::Duplicate, member.span, format!("`{}` is in the group twice", member.node))
                    .label("again here")
                    .related(first.span, "first here"),
            );
            continue;
        }
        match kinds.iter().position(|kind| kind.name == member.node) {
            Some(number) if kinds.get(number).is_some_and(|kind| kind.timeless) => out.push(
                Diagnostic::error(
                    Code::TimelessItems,
                    member.span,
                    format!("the items of `{}` have no time", member.node),
                )
                .label("a group is made of events"),
            ),
            Some(number) => numbers.push(number),
            None if all.iter().any(|group| group.name == member.node) => out.push(
                Diagnostic::error(Code::Unsupported, member.span, "a group of groups is not supported yet")
                    .label("this is a group")
                    .help("name its events instead"),
            ),
            None => {
                let error =
                    Diagnostic::error(Code::UnknownName, member.span, format!("there is no event `{}`", member.node))
                        .label("a group is made of events");
                out.push(suggest(error, member.span, &member.node, kinds.iter().map(|kind| kind.name.as_str())));
            }
        }
    }
    numbers.sort_unstable();
    (out.len() == before).then_some(numbers)
}

/// A property as all kinds have it, and its numbers in them; single values only.
fn common(property: &Attribute, kinds: &[&EventShape]) -> Option<(Attribute, Vec<usize>)> {
    let mut shared = property.clone();
    let mut places = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let place = kind.properties.iter().position(|other| other.name == property.name)?;
        let other = kind.properties.get(place).filter(|other| same(property, other))?;
        shared.optional |= other.optional;
        shared.pii |= other.pii;
        places.push(place);
    }
    Some((shared, places))
}

fn same(one: &Attribute, other: &Attribute) -> bool {
    one.ty == other.ty && one.nocase == other.nocase && !one.ty.is_collection()
}

/// Why a group does not have a property that one of its kinds has.
pub(super) fn lacks(kinds: &[&EventShape], name: &str) -> Option<String> {
    let of = |kind: &EventShape| kind.properties.iter().find(|property| property.name == name).cloned();
    let (owner, property) = kinds.iter().find_map(|kind| Some((kind, of(kind)?)))?;
    if let Some(without) = kinds.iter().find(|kind| of(kind).is_none()) {
        return Some(format!("`{}` has none", without.name));
    }
    if property.ty.is_collection() {
        return Some("lists and maps cannot be asked about in a group yet".to_owned());
    }
    let other = kinds.iter().find(|kind| of(kind).is_some_and(|other| !same(&property, &other)))?;
    Some(format!("it is not the same in `{}` and `{}`", owner.name, other.name))
}
