//! Actions and their treatments.

use super::super::actions::Here;
use super::super::expression::Checker;
use super::super::tree::{Action, Aim};
use super::super::world::World;
use super::Elsewhere;
use super::amount::{money, propensity};
use super::bundle;
use super::campaign::rules;
use super::each_row::each_row;
use super::exception::Around;
use super::treatment::treatments;
use super::weight::{boosts, levers, promo, trust, valid};
use super::worth::worth;
use crate::diagnostic::{Code, Diagnostic, Lint};
use crate::syntax::ast::{self, ActionKind};

pub(super) fn action(
    action: &ast::Action,
    here: Here<'_>,
    around: &Around<'_>,
    elsewhere: Elsewhere<'_>,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Action> {
    let rows = action.rows.as_ref().map(|rows| each_row(rows, here, world, out));
    let members = bundle::members(action, here, world, out);
    let row = action.rows.as_ref().and_then(|rows| Some((&rows.row, world.catalog(&rows.catalog.node)?)));
    let here = Here { row, ..here };
    let worth = worth(action, elsewhere.objective, here, world, out);
    let cost = action.cost.as_ref().map(|cost| money(Checker::in_campaign(world, here, out), cost));
    let propensity =
        action.propensity.as_ref().map(|chance| propensity(Checker::in_campaign(world, here, out), chance));
    let clauses = rules(&action.clauses, Some(here), world, out);
    around.distinct(&action.clauses, out);
    let exceptions = around.exceptions(&action.exceptions, &action.clauses, out);
    let (boosts, levers) = (boosts(&action.boosts, here, world, out), levers(&action.levers, world, out));
    let treatments = treatments(&action.treatments, here, elsewhere.channels, world, out);
    let name = action.name.span;
    let needs = |what: &str, out: &mut Vec<Diagnostic>| {
        out.push(
            Diagnostic::error(Code::MissingSetting, name, format!("`{}` has no {what}", action.name.node))
                .label(match what {
                    "value" => "what is it worth when it succeeds?",
                    _ => "how likely is it to succeed?",
                })
                .help(match (what, elsewhere.objective.and_then(|objective| objective.aims.first())) {
                    ("value", Some(Aim { name, point: None })) => format!("write `value {name}: 12 EUR`"),
                    ("value", Some(Aim { name, .. })) => format!("write `value {name}: 2 points`"),
                    ("value", None) => "write `value 12 EUR`".to_owned(),
                    _ => "write `propensity 5%`".to_owned(),
                }),
        );
    };
    match action.kind {
        ActionKind::Offer | ActionKind::Message => {
            if action.value.is_none() && action.worth.is_empty() && !action.fallback {
                needs("value", out);
            }
            if propensity.is_none() && !action.fallback {
                needs("propensity", out);
            }
            if let Some(basis) = &action.basis {
                out.push(
                    Diagnostic::error(Code::WrongScope, basis.span, "only a service has a basis")
                        .label("marketing rests on consent")
                        .help("remove the basis, or make this a `service`"),
                );
            }
        }
        ActionKind::Service if action.basis.is_none() => out.push(
            Diagnostic::error(
                Code::MissingSetting,
                name,
                format!("the service `{}` has no lawful basis", action.name.node),
            )
            .label("on what does it rest?")
            .help("write `basis contract`"),
        ),
        ActionKind::Service => unweighed(action, SERVICE, out),
    }
    if action.fallback {
        match action.kind {
            ActionKind::Service => out.push(
                Diagnostic::error(Code::WrongScope, name, "a service is no fallback")
                    .label("a service is owed, whatever else there is")
                    .help("leave `fallback` out, or make this an `offer` or a `message`"),
            ),
            _ => unweighed(action, FALLBACK, out),
        }
    }
    // What is only given together with others need not be shown by itself.
    let member = || world.actions.is_member(&format!("{}.{}.{}", here.program, here.campaign, action.name.node));
    if action.treatments.is_empty() && !member() {
        out.push(
            Diagnostic::warning(Lint::MissingSetting, name, format!("`{}` has no treatment", action.name.node))
                .label("it can be shown nowhere")
                .help("write `treat email \"content.key\"`"),
        );
    }
    let (value, worth) = worth?;
    Some(Action {
        name: action.name.node.clone(),
        kind: action.kind,
        fallback: action.fallback,
        rows: rows.map_or(Some(None), |rows| rows.map(Some))?,
        members: members?,
        value,
        worth,
        cost: cost.map_or(Some(None), |cost| cost.map(Some))?,
        propensity: propensity.map_or(Some(None), |chance| chance.map(Some))?,
        trust: trust(action.trust.as_ref(), out),
        valid: valid(action.valid.as_ref(), world, out),
        promo: promo(action.promo.as_ref(), world, out),
        boosts,
        levers,
        basis: action.basis.as_ref().map(|basis| basis.node.clone()),
        clauses,
        exceptions,
        treatments,
        span: action.span,
    })
}

/// What is said of an action that is not weighed: its name, why, and what to do.
type Unweighed = (&'static str, &'static str, &'static str);

const SERVICE: Unweighed =
    ("a service", "a service is owed, not weighed", "leave it out, or make this an `offer` or a `message`");
const FALLBACK: Unweighed = (
    "a fallback",
    "a fallback is for where nothing else is shown, not weighed",
    "leave it out, or leave `fallback` out",
);

/// What only those have that are weighed. A fallback may come with a code.
fn unweighed(action: &ast::Action, (who, why, help): Unweighed, out: &mut Vec<Diagnostic>) {
    let weighed = [
        ("value", action.value.as_ref().map(|value| value.span).or(action.worth.first().map(|worth| worth.span))),
        ("propensity", action.propensity.as_ref().filter(|_| action.fallback).map(|chance| chance.span)),
        ("promo", action.promo.as_ref().filter(|_| !action.fallback).map(|promo| promo.span)),
        ("boost", action.boosts.first().map(|boost| boost.span)),
        ("lever", action.levers.first().map(|lever| lever.span)),
    ];
    for (word, span) in weighed {
        if let Some(span) = span {
            out.push(Diagnostic::error(Code::WrongScope, span, format!("{who} has no {word}")).label(why).help(help));
        }
    }
}
