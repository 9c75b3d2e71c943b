//! Lists of items, which a profile declares and rules ask about as they do about events.

use super::declare::{Declared, attribute, refuse_provenance};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::{EventShape, Shape};
use crate::syntax::ast::{Field, TypeKind};

/// The properties of the items, where a field is a list of such.
pub(super) fn of(field: &Field) -> Option<&[Field]> {
    let TypeKind::List(item) = &field.ty.node else { return None };
    let TypeKind::Struct(properties) = &item.node else { return None };
    Some(properties)
}

/// What a field of the profile declares, where that is a list of items.
pub(super) fn declared(field: &Field, declared: &mut Declared, out: &mut Vec<Diagnostic>) -> Option<EventShape> {
    let fields = of(field)?;
    refuse_provenance(field, "a list of items has none", out);
    if field.nocase {
        out.push(
            Diagnostic::error(Code::TypeMismatch, field.ty.span, "only a text has upper and lower case")
                .label("this is a list of items")
                .help("write `nocase` after the texts in it"),
        );
    }
    let mut properties = Vec::with_capacity(fields.len());
    for inner in fields {
        let path = format!("{}.{}", field.name.node, inner.name.node);
        declared.spans.insert(path.clone(), inner.span);
        refuse_provenance(inner, "an item is as old as its list", out);
        match attribute(inner, out) {
            // A list that is personal data is so with all that is in it.
            Some(property) => properties.push(crate::schema::Attribute { pii: property.pii || field.pii, ..property }),
            None => _ = declared.broken.insert(path),
        }
    }
    Some(EventShape { optional: field.optional, ..EventShape::items(&field.name.node, properties) })
}

/// What is special about lists of items where the program's type has one too.
pub(super) fn differences(list: &EventShape, host: &Shape, span: Span, out: &mut Vec<Diagnostic>) {
    let theirs = host.events.iter().find(|other| other.timeless && other.name == list.name);
    if theirs.is_some_and(|theirs| theirs.optional) && !list.optional {
        out.push(
            Diagnostic::error(Code::SchemaDifference, span, format!("`{}` may be missing in the program", list.name))
                .label("declared as always there")
                .help("write `?` after its type"),
        );
    }
}

/// What rows are called that stand under a name.
pub(super) fn what(rows: &EventShape) -> &'static str {
    if rows.timeless { "list of items" } else { "event" }
}

/// The one that has properties, as messages call it.
pub(super) fn owner(rows: &EventShape) -> String {
    if rows.timeless { format!("an item of `{}`", rows.name) } else { format!("the event `{}`", rows.name) }
}
