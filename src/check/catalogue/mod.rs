//! Channels, policies and programs.

mod action;
mod amount;
mod arbitration;
mod bundle;
mod campaign;
pub(super) mod channel;
mod each_row;
mod entry;
mod exception;
mod experiment;
mod explore;
mod layers;
mod objective;
mod policy;
mod prefer;
mod sampling;
mod treatment;
mod weight;
mod worth;

use super::actions::Here;
use super::tree::{Channel, Explore, Formula, Holdout, Objective, Policy, Program, Rule, Threshold, Tiers};
use super::world::World;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{Action, ActionKind, Name, Statement, StatementKind};
use arbitration::{priority, threshold, tiers};
use campaign::{campaign, rules};
use exception::Around;
use policy::Lines;

/// The decisioning part of a ruleset.
#[derive(Default)]
pub(super) struct Catalogue {
    pub channels: Vec<Channel>,
    pub policy: Policy,
    pub tiers: Tiers,
    pub priority: Formula,
    pub explore: Option<Explore>,
    pub objective: Option<Objective>,
    pub holdout: Option<Holdout>,
    pub threshold: Option<Threshold>,
    pub clauses: Vec<Rule>,
    pub programs: Vec<Program>,
}

/// What campaigns and actions refer to, wherever it stands.
#[derive(Clone, Copy)]
struct Elsewhere<'a> {
    channels: &'a [Channel],
    objective: Option<&'a Objective>,
}

/// Tells a name that an earlier one of a list has too; whether there is one.
fn is_repeated<'a>(
    name: &Name,
    mut all: impl Iterator<Item = &'a Name>,
    message: impl FnOnce() -> String,
    out: &mut Vec<Diagnostic>,
) -> bool {
    let Some(first) = all.find(|other| other.node == name.node).filter(|first| first.span != name.span) else {
        return false;
    };
    out.push(
        Diagnostic::error(Code::Duplicate, name.span, message())
            .label("the same name again")
            .related(first.span, "the first is here"),
    );
    true
}

pub(super) fn check<'a>(
    statements: impl Iterator<Item = &'a Statement> + Clone,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Catalogue {
    let mut catalogue = Catalogue::default();
    // Channels and the objective first: policies and programs may stand before them in the text.
    for statement in statements.clone() {
        match &statement.node {
            StatementKind::Channel { .. } => catalogue.channels.extend(channel::declared(statement, world, out)),
            StatementKind::Objective { name, aims, weights } => {
                let objective = objective::objective(name, aims, weights, statement.span, world, out);
                catalogue.objective.get_or_insert(objective);
            }
            _ => {}
        }
    }
    let (mut clauses, mut policies) = (Vec::new(), Vec::new());
    for statement in statements.clone() {
        match &statement.node {
            StatementKind::Clause(clause) => clauses.push(clause.clone()),
            StatementKind::Policy { name, .. } => policies.push(name),
            _ => {}
        }
    }
    let outside = Around { clauses: Vec::new(), policies };
    outside.distinct(&clauses, out);
    catalogue.clauses = rules(&clauses, None, world, out);
    let outside = outside.with(&clauses);
    for statement in statements {
        match &statement.node {
            StatementKind::Policy { name, lines } => {
                let mut checker = Lines { policy: &name.node, channels: &catalogue.channels, world, out };
                lines.iter().for_each(|line| checker.line(line, &mut catalogue.policy));
            }
            StatementKind::Threshold { value } => catalogue.threshold = threshold(value, world, out),
            StatementKind::Priority { value } => {
                catalogue.priority = priority(value, world, out).unwrap_or_default();
            }
            StatementKind::Tiers { order } => {
                catalogue.tiers = tiers(order, statement.span, out).unwrap_or_default();
            }
            StatementKind::Explore(written) => {
                catalogue.explore = explore::explore(written, statement.span, world, out);
            }
            StatementKind::Holdout { name, share, salt, except } => {
                let salt = salt.as_ref();
                catalogue.holdout = sampling::holdout(name, share, salt, except, statement.span, world, out);
            }
            StatementKind::Program { name, clauses, exceptions, campaigns } => {
                if campaigns.iter().flat_map(|campaign| &campaign.actions).any(is_weighed) {
                    needs_currency(name.span, world, out);
                }
                outside.distinct(clauses, out);
                let exceptions = outside.exceptions(exceptions, clauses, out);
                let here = Here { program: &name.node, campaign: "", row: None };
                let around = outside.with(clauses);
                let clauses = rules(clauses, Some(here), world, out);
                let campaigns = campaigns.iter();
                let elsewhere = Elsewhere { channels: &catalogue.channels, objective: catalogue.objective.as_ref() };
                let campaigns =
                    campaigns.filter_map(|c| campaign(&name.node, c, &around, elsewhere, world, out)).collect();
                catalogue.programs.push(Program { name: name.node.clone(), clauses, exceptions, campaigns });
            }
            _ => {}
        }
    }
    layers::layers(&mut catalogue.programs, out);
    catalogue
}

/// Whether an action is worth money: service is owed, and a fallback is for where nothing else is shown.
fn is_weighed(action: &Action) -> bool {
    action.kind != ActionKind::Service && !action.fallback || action.value.is_some() || action.cost.is_some()
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
