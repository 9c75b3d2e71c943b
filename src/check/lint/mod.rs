//! Lints: what can be used as it stands, but probably does not say what was meant.
//!
//! They look at rules that have been checked without an error, and at the texts they were written in. A new one is a line
//! in `diagnostic/code.rs` and `diagnostic/lint.rs`, a file here, a golden pair, and a section in `diagnostic/explain.md`.

mod asked;
mod bands;
mod caps;
mod characters;
pub(super) mod domain;
mod exceptions;
mod levels;
mod logic;
mod negative;
mod never;
pub(super) mod purpose;
pub(super) mod region;
pub(super) mod value;
mod zone;

use super::tree::{Body, Expr, Kind, Rules};
use super::walk;
use crate::diagnostic::{Diagnostic, Sources};
use crate::syntax::ast::ClauseKind;
use asked::Asked;

pub(crate) use levels::apply;

/// What can be said of the texts by themselves.
pub(crate) fn texts(sources: &Sources, out: &mut Vec<Diagnostic>) {
    characters::check(sources, out);
}

/// What can be said of rules without an error; `zone`: whether the ruleset or the customer has a zone.
pub(super) fn rules(rules: &Rules, zone: bool, out: &mut Vec<Diagnostic>) {
    logic::check(rules, out);
    caps::check(rules, out);
    if !zone {
        zone::check(rules, out);
    }
    for definition in &rules.definitions {
        match &definition.body {
            Body::Expr(expr) => membership(rules, expr, out),
            Body::Score { bands, .. } => {
                bands.iter().for_each(|(when, _)| negative::check(rules, when, out));
                bands::check(rules, definition, out);
            }
            Body::Group { .. } => {}
            Body::Stages(stages) => stages.iter().flatten().for_each(|when| membership(rules, when, out)),
        }
    }
    rules.policy.blocks.iter().for_each(|block| never::blocks(rules, &block.when, out));
    exceptions::check(rules, out);
    for clause in rules.clauses() {
        match clause.kind {
            ClauseKind::Suppress => never::blocks(rules, &clause.when, out),
            _ => membership(rules, &clause.when, out),
        }
    }
}

/// Where unknown means *not a member*.
fn membership(rules: &Rules, expr: &Expr, out: &mut Vec<Diagnostic>) {
    negative::check(rules, expr, out);
    let mut since = false;
    walk::each(expr, &mut |e| since |= matches!(e.kind, Kind::TimeSince(_)));
    if since {
        never::left_out(rules, Asked::of(expr), &[], out);
    }
}
