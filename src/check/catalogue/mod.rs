//! Channels, policies and programs.

mod action;
mod amount;
mod arbitration;
mod campaign;
pub(super) mod channel;
mod entry;
mod policy;
mod treatment;

use super::tree::{Channel, Policy, Program, Threshold};
use super::world::World;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{Statement, StatementKind};
use arbitration::{priority, threshold};
use campaign::campaign;
use policy::Lines;

/// The decisioning part of a ruleset.
#[derive(Default)]
pub(super) struct Catalogue {
    pub channels: Vec<Channel>,
    pub policy: Policy,
    pub threshold: Option<Threshold>,
    pub programs: Vec<Program>,
}

pub(super) fn check<'a>(
    statements: impl Iterator<Item = &'a Statement> + Clone,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Catalogue {
    let mut catalogue = Catalogue::default();
    // Channels first: policies and programs may stand before them in the text.
    for statement in statements.clone() {
        if matches!(statement.node, StatementKind::Channel { .. }) {
            catalogue.channels.extend(channel::declared(statement, world, out));
        }
    }
    for statement in statements {
        match &statement.node {
            StatementKind::Policy { name, lines } => {
                let mut checker = Lines { policy: &name.node, channels: &catalogue.channels, world, out };
                lines.iter().for_each(|line| checker.line(line, &mut catalogue.policy));
            }
            StatementKind::Threshold { value } => catalogue.threshold = threshold(value, world, out),
            StatementKind::Priority { value } => priority(value, out),
            StatementKind::Program { name, campaigns } => {
                needs_currency(name.span, world, out);
                let campaigns =
                    campaigns.iter().filter_map(|c| campaign(&name.node, c, &catalogue.channels, world, out)).collect();
                catalogue.programs.push(Program { name: name.node.clone(), campaigns });
            }
            _ => {}
        }
    }
    catalogue
}

fn needs_currency(span: Span, world: &World, out: &mut Vec<Diagnostic>) {
    if world.currency.is_none() && !out.iter().any(|d| d.code == Code::MissingSetting && d.message.contains("currency"))
    {
        out.push(
            Diagnostic::error(Code::MissingSetting, span, "the rules have no currency of their own")
                .label("values are compared in one currency")
                .help("begin the file with `ruleset shop { currency EUR }`"),
        );
    }
}
