//! Catalogs: the rows that a request brings, and what columns they have.

use super::declare::{Declared, attribute, refuse_provenance};
use super::tree::Catalog;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Attribute;
use crate::syntax::ast::{Field, Name, TypeKind};

/// What `catalog products { … }` declares.
pub(super) fn declared(name: &Name, fields: &[Field], declared: &mut Declared, out: &mut Vec<Diagnostic>) {
    let mut columns: Vec<Attribute> = Vec::with_capacity(fields.len());
    let mut ids: Vec<(usize, &Field)> = Vec::new();
    for field in fields {
        refuse_provenance(field, "rows are as old as the request", out);
        let single = !matches!(field.ty.node, TypeKind::Zone | TypeKind::List(_) | TypeKind::Map(_));
        if !single {
            out.push(
                Diagnostic::error(Code::Unsupported, field.ty.span, "a row cannot hold this")
                    .label("only single values"),
            );
        }
        let Some(column) = attribute(field, out).filter(|_| single) else {
            declared.broken.insert(format!("{}.{}", name.node, field.name.node));
            continue;
        };
        if let TypeKind::Id { .. } = field.ty.node {
            ids.push((columns.len(), field));
        }
        columns.push(column);
    }
    for (_, again) in ids.iter().skip(1) {
        out.push(
            Diagnostic::error(Code::Duplicate, again.span, format!("`{}` has two ids", name.node))
                .label("rows are told apart by one column")
                .help("write `text` or `int` for the type of this one"),
        );
    }
    let id = ids.first().map(|(id, _)| *id);
    if id.is_none() {
        out.push(
            Diagnostic::error(Code::MissingSetting, name.span, format!("the catalog `{}` has no id", name.node))
                .label("what tells its rows apart?")
                .help("give it a column of type `id` or `id<int>`, as in `sku id`"),
        );
    }
    declared.catalogs.push(Catalog { name: name.node.clone(), columns, id: id.unwrap_or_default() });
}
