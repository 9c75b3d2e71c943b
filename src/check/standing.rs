//! What rules ask about a population, each thing once, and what identifies it.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::order::Named;
use super::tree::{Expr, Kind, Measure, Rules, Standing};
use super::walk;
use crate::syntax::printer::print_statement;
use crate::time::Zone;

/// Whether an expression asks about a population somewhere inside.
pub(super) fn is_asked(expr: &Expr) -> bool {
    let mut asked = false;
    walk::each(expr, &mut |inner| asked |= matches!(inner.kind, Kind::Standing { .. }));
    asked
}

/// Everything that checked rules ask about a population. `ordered` are the statements of their definitions.
pub(super) fn asked(rules: &Rules, ordered: &[Named<'_>]) -> Vec<Standing> {
    let mut found = Collect { rules, ordered, seen: HashSet::new(), standings: Vec::new() };
    for definition in &rules.definitions {
        definition.body.exprs().for_each(|expr| found.expr(expr, definition.zone));
    }
    rules.catalogue_expressions().for_each(|expr| found.expr(expr, None));
    found.standings
}

struct Collect<'r> {
    rules: &'r Rules,
    ordered: &'r [Named<'r>],
    seen: HashSet<(&'r str, Option<Zone>, Measure)>,
    standings: Vec<Standing>,
}

impl<'r> Collect<'r> {
    fn expr(&mut self, expr: &'r Expr, zone: Option<Zone>) {
        walk::each(expr, &mut |inner| {
            let Kind::Standing { by, text, measure } = &inner.kind else { return };
            if self.seen.insert((text, zone, *measure)) {
                self.standings.push(Standing {
                    by: Expr::clone(by),
                    text: text.clone(),
                    zone,
                    measure: *measure,
                    fingerprint: self.fingerprint(by, text, zone),
                    span: inner.span,
                });
            }
        });
    }

    fn fingerprint(&self, by: &Expr, text: &str, zone: Option<Zone>) -> String {
        let mut hash = Sha256::new();
        let mut add = |part: &str| {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        };
        add(text);
        add(&by.ty.to_string());
        add(zone.map_or("", |zone| zone.name()));
        add(self.rules.zone.name());
        add(self.rules.week_start.name());
        // In an order that does not depend on what else is defined.
        let below = self.below(by);
        let mut statements: Vec<String> = below.iter().filter_map(|id| self.statement(*id)).collect();
        let bodies = below.iter().filter_map(|id| self.rules.definitions.get(*id));
        let exprs = bodies.flat_map(|definition| definition.body.exprs()).chain([by]);
        exprs.for_each(|expr| walk::each(expr, &mut |inner| statements.extend(behind_name(inner))));
        statements.sort_unstable();
        statements.iter().for_each(|statement| add(statement));
        hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The definitions that an expression refers to, directly or not.
    fn below(&self, expr: &Expr) -> HashSet<usize> {
        let mut open = Vec::new();
        walk::each(expr, &mut |inner| {
            if let Kind::Definition(id) = inner.kind {
                open.push(id);
            }
        });
        let mut below = HashSet::new();
        while let Some(id) = open.pop() {
            if below.insert(id) {
                open.extend(self.rules.definitions.get(id).into_iter().flat_map(|definition| &definition.uses));
            }
        }
        below
    }

    fn statement(&self, id: usize) -> Option<String> {
        self.ordered.get(id).map(|named| print_statement(named.statement))
    }
}

/// What a list or a region holds, where an expression may have it by name: its text does not say so.
fn behind_name(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Inside { region, .. } => Some(region.to_string()),
        Kind::In { items, .. } => Some(format!("{items:?}")),
        _ => None,
    }
}
