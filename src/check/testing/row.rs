//! Rows of catalogs that tests give.

use super::Tester;
use super::tree::Given;
use crate::check::tree::Catalog;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Attribute, Value};
use crate::syntax::ast::{Name, Property, Spanned, TestMoment};

impl Tester<'_> {
    /// `products { sku: "boots", price: 60 EUR }`
    pub(super) fn row(
        &self,
        number: usize,
        name: &Name,
        count: Option<&Spanned<i64>>,
        written: &[Property],
        moment: Option<&Spanned<TestMoment>>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Given> {
        let catalog = self.world.catalogs.get(number)?;
        if let Some(span) = count.map(|count| count.span).or(moment.map(|moment| moment.span)) {
            let message = format!("a row of `{}` is there once, now", name.node);
            let error = Diagnostic::error(Code::WrongScope, span, message);
            out.push(error.help(format!("write for example `{} {{ {}: … }}`", name.node, column(catalog, catalog.id))));
            return None;
        }
        let mut columns: Vec<(String, Value)> = Vec::new();
        for value in written {
            given_once(&value.name, &columns, out);
            let Some(index) = catalog.columns.iter().position(|column| column.name == value.name.node) else {
                if !self.world.is_broken(&format!("{}.{}", catalog.name, value.name.node)) {
                    out.push(self.world.unknown_column(catalog, &value.name));
                }
                continue;
            };
            let ty = &catalog.columns.get(index)?.ty;
            let constant = self.constant(&value.value, ty, out);
            columns.extend(constant.map(|constant| (value.name.node.clone(), constant)));
        }
        let given = |column: &Attribute| written.iter().any(|value| value.name.node == column.name);
        let mut needed = catalog.columns.iter().enumerate().filter(|(index, c)| !c.optional || *index == catalog.id);
        if let Some((_, column)) = needed.find(|(_, column)| !given(column)) {
            let message = format!("this row of `{}` has no `{}`", catalog.name, column.name);
            out.push(
                Diagnostic::error(Code::MissingSetting, name.span, message)
                    .label("every row has one")
                    .help("give it, or write `?` after its type where it is declared"),
            );
        }
        Some(Given::Row { catalog: catalog.name.clone(), columns })
    }
}

fn column(catalog: &Catalog, index: usize) -> &str {
    catalog.columns.get(index).map_or("id", |column| &column.name)
}

/// Tells what is given twice.
pub(super) fn given_once(name: &Name, before: &[(String, Value)], out: &mut Vec<Diagnostic>) {
    if before.iter().any(|(before, _)| *before == name.node) {
        let message = format!("`{}` is given twice", name.node);
        out.push(Diagnostic::error(Code::Duplicate, name.span, message).label("again here"));
    }
}
