//! Purposes that no channel asks for, where one asks for nearly the same.

use std::collections::BTreeSet;

use crate::check::tree::{Kind, Rules};
use crate::check::walk;
use crate::diagnostic::{Diagnostic, Lint, Span, nearest};
use crate::syntax::ast::{Statement, StatementKind};

/// Warns of every purpose, of a value or in a condition, that is probably misspelt: nobody will have consented to it.
pub(in crate::check) fn check<'s>(
    rules: &Rules,
    statements: impl Iterator<Item = &'s Statement>,
    out: &mut Vec<Diagnostic>,
) {
    let channels = rules.channels.iter().filter_map(|channel| channel.consent.as_ref());
    let asked: BTreeSet<&str> = channels.map(|(_, purpose)| purpose.as_str()).collect();
    let mut misspelt = |purpose: &str, span: Span, label: &str| {
        if let Some(near) = nearest(purpose, asked.iter().copied()).filter(|_| !asked.contains(purpose)) {
            out.push(
                Diagnostic::warning(Lint::MisspeltPurpose, span, format!("no channel asks for consent to `{purpose}`"))
                    .label(label)
                    .help(format!("did you mean `{near}`?")),
            );
        }
    };
    let fields = statements.flat_map(|statement| match &statement.node {
        StatementKind::Profile { fields } => fields.as_slice(),
        _ => &[],
    });
    for purpose in fields.filter_map(|field| field.provenance.as_ref()?.node.purpose.as_ref()) {
        misspelt(&purpose.node, purpose.span, "without such a consent its values are missing");
    }
    let bodies = rules.definitions.iter().flat_map(|definition| definition.body.exprs());
    for expr in bodies.chain(rules.catalogue_expressions()) {
        walk::each(expr, &mut |inner| {
            if let Kind::Consent { purpose, .. } = &inner.kind {
                misspelt(purpose, inner.span, "nobody will have been asked");
            }
        });
    }
}
