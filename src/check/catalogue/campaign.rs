//! Campaigns, and the clauses of campaigns and actions.

use super::super::actions::Here;
use super::super::expression::{Checker, EVERYONE};
use super::super::tree::{Action, Boost, Campaign, Expr, Kind, Lever, Rule};
use super::super::world::World;
use super::Elsewhere;
use super::action::action;
use super::entry::entry;
use super::exception::Around;
use super::sampling::control;
use super::weight::{boosts, levers, stays_positive, valid};
use crate::diagnostic::{Code, Diagnostic, Lint};
use crate::syntax::ast::{self, ClauseKind};

pub(super) fn campaign(
    program: &str,
    campaign: &ast::Campaign,
    around: &Around<'_>,
    elsewhere: Elsewhere<'_>,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Campaign> {
    let segment = match Checker::new(world, out).in_segment(&campaign.segment) {
        Some(Expr { kind: Kind::Definition(id), .. }) => Some(Some(id)),
        Some(_) => Some(None),
        None => {
            // A segment that did not check has been reported where it is defined, and so has an unknown one.
            (campaign.segment.node == EVERYONE).then_some(None)
        }
    };
    let here = Here { program, campaign: &campaign.name.node, row: None };
    let clauses = rules(&campaign.clauses, Some(here), world, out);
    around.distinct(&campaign.clauses, out);
    let exceptions = around.exceptions(&campaign.exceptions, &campaign.clauses, out);
    let inside = around.with(&campaign.clauses);
    let actions: Vec<Action> =
        campaign.actions.iter().filter_map(|one| action(one, here, &inside, elsewhere, world, out)).collect();
    let boosts = boosts(&campaign.boosts, here, world, out);
    let levers = levers(&campaign.levers, world, out);
    for action in &actions {
        let all = |of: &[Boost]| boosts.iter().chain(of).cloned().collect::<Vec<_>>();
        let decreed: Vec<Lever> = levers.iter().chain(&action.levers).cloned().collect();
        stays_positive(&all(&action.boosts), &decreed, out);
    }
    let control = control(campaign.control.as_ref(), world, out);
    let valid = valid(campaign.valid.as_ref(), world, out);
    let entry = entry(campaign, here, world, out);
    if campaign.actions.is_empty() {
        out.push(
            Diagnostic::warning(Lint::MissingSetting, campaign.name.span, "this campaign has no action")
                .label("it can do nothing"),
        );
    }
    Some(Campaign {
        name: campaign.name.node.clone(),
        segment: segment?,
        segment_span: campaign.segment.span,
        entry: entry?,
        control,
        valid,
        boosts,
        levers,
        clauses,
        exceptions,
        actions,
    })
}

/// Clauses of a program, campaign or action, or, where they stand outside of all, of the ruleset.
pub(super) fn rules(
    clauses: &[ast::Clause],
    here: Option<Here<'_>>,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Vec<Rule> {
    clauses
        .iter()
        .filter_map(|clause| {
            let mut checker = match here {
                Some(here) => Checker::in_campaign(world, here, out),
                None => Checker::new(world, out),
            };
            let when = checker.condition(&clause.when)?;
            if clause.kind == ClauseKind::Suppress && clause.because.is_none() {
                out.push(
                    Diagnostic::error(Code::MissingSetting, clause.span, "this suppression gives no reason")
                        .label("why?")
                        .help("write the reason after it: `because \"already a customer\"`"),
                );
                return None;
            }
            let because = clause.because.as_ref().map(|because| because.node.clone());
            let name = clause.name.as_ref().map(|name| name.node.clone());
            Some(Rule { kind: clause.kind, name, when, because, span: clause.span })
        })
        .collect()
}
