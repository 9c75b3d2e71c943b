//! Channels, policies and programs.

use super::actions::Here;
use super::expression::{Checker, EVERYONE};
use super::tree::{
    Action, Again, Campaign, Cap, Channel, Constant, Expr, Kind, Program, Rule, Rules, Threshold, Treatment,
};
use super::words;
use super::world::{World, suggest};
use crate::diagnostic::{Code, Diagnostic, Lint, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, ActionKind, ClauseKind, Direction, Statement, StatementKind};

/// The decisioning part of a ruleset.
#[derive(Default)]
pub(super) struct Catalogue {
    pub channels: Vec<Channel>,
    pub caps: Vec<Cap>,
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
        if let StatementKind::Channel { name, direction, consent } = &statement.node {
            catalogue.channels.push(Channel {
                name: name.node.clone(),
                direction: *direction,
                consent: consent.as_ref().map(|c| (c.channel.node.clone(), c.purpose.node.clone())),
                span: statement.span,
            });
        }
    }
    for statement in statements {
        match &statement.node {
            StatementKind::Policy { name, caps } => {
                for line in caps {
                    catalogue.caps.extend(cap(&name.node, line, &catalogue.channels, world, out));
                }
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

fn channel(name: &ast::Name, channels: &[Channel], out: &mut Vec<Diagnostic>) -> Option<usize> {
    let found = channels.iter().position(|channel| channel.name == name.node);
    if found.is_none() {
        let error = Diagnostic::error(Code::UnknownName, name.span, format!("there is no channel `{}`", name.node));
        let known = channels.iter().map(|channel| channel.name.as_str());
        let error = match channels.is_empty() {
            true => error.help(format!("write `channel {} outbound` or `channel {} inbound`", name.node, name.node)),
            false => error.label(format!("the channels are {}", words::names(known.clone()))),
        };
        out.push(suggest(error, name.span, &name.node, known));
    }
    found
}

fn cap(
    policy: &str,
    line: &ast::Spanned<ast::Cap>,
    channels: &[Channel],
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Cap> {
    let on = match &line.node.channel {
        Some(name) => Some(channel(name, channels, out)?),
        None => None,
    };
    let Ok(at_most) = u32::try_from(line.node.at_most.node) else {
        out.push(
            Diagnostic::error(Code::BadNumber, line.node.at_most.span, "this cap is too large")
                .label("a cap is a number of contacts"),
        );
        return None;
    };
    if !world.shape.contacts {
        out.push(
            Diagnostic::error(Code::MissingSetting, line.span, "the program's customer has no contact history")
                .label("there is nothing to count")
                .help("give the customer type its contacts, or leave the cap out"),
        );
        return None;
    }
    let span_of_time = line.node.span.node.period;
    Some(Cap { policy: policy.to_owned(), channel: on, at_most, span_of_time, span: line.span })
}

fn threshold(value: &ast::Expr, world: &World, out: &mut Vec<Diagnostic>) -> Option<Threshold> {
    needs_currency(value.span, world, out);
    let checked = money(Checker::new(world, out), value)?;
    match checked.kind {
        Kind::Constant(Constant::Money(minor)) => Some(Threshold { minor, span: value.span }),
        _ => {
            out.push(
                Diagnostic::error(Code::Unsupported, value.span, "the threshold must be a fixed amount")
                    .help("write `threshold priority >= 0.05 EUR`"),
            );
            None
        }
    }
}

/// Only the default formula can be written so far.
fn priority(value: &ast::Expr, out: &mut Vec<Diagnostic>) {
    let is = |expr: &ast::Expr, name: &str| matches!(&expr.node, ast::ExprKind::Path(path) if matches!(path.as_slice(), [one] if one.node == name));
    let default = matches!(
        &value.node,
        ast::ExprKind::Arithmetic { op: ast::ArithmeticOp::Multiply, left, right }
            if is(left, "propensity") && is(right, "margin")
    );
    if !default {
        out.push(
            Diagnostic::error(
                Code::Unsupported,
                value.span,
                "another priority than `propensity * margin` is not supported yet",
            )
            .suggest(value.span, "propensity * margin"),
        );
    }
}

fn campaign(
    program: &str,
    campaign: &ast::Campaign,
    channels: &[Channel],
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
    let here = Here { program, campaign: &campaign.name.node };
    let clauses = rules(&campaign.clauses, here, world, out);
    let actions: Vec<Action> =
        campaign.actions.iter().filter_map(|action_| action(action_, here, channels, world, out)).collect();
    if !world.shape.contacts && campaign.again.node != ast::Again::Every {
        out.push(
            Diagnostic::error(
                Code::MissingSetting,
                campaign.name.span,
                "the program's customer has no contact history",
            )
            .label("without one, nobody knows who has been addressed before")
            .help("write `every` after the segment, or give the customer type its contacts"),
        );
    }
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
        again: match &campaign.again.node {
            ast::Again::Once => Again::Once,
            ast::Again::Every => Again::Every,
            ast::Again::After(duration) => Again::After(duration.period),
        },
        again_span: campaign.again.span,
        clauses,
        actions,
    })
}

fn rules(clauses: &[ast::Clause], here: Here<'_>, world: &World, out: &mut Vec<Diagnostic>) -> Vec<Rule> {
    clauses
        .iter()
        .filter_map(|clause| {
            let when = Checker::in_campaign(world, here, out).condition(&clause.when)?;
            if clause.kind == ClauseKind::Suppress && clause.because.is_none() {
                out.push(
                    Diagnostic::error(Code::MissingSetting, clause.span, "this suppression gives no reason")
                        .label("why?")
                        .help("write the reason after it: `because \"already a customer\"`"),
                );
                return None;
            }
            let because = clause.because.as_ref().map(|because| because.node.clone());
            Some(Rule { kind: clause.kind, when, because, span: clause.span })
        })
        .collect()
}

fn action(
    action: &ast::Action,
    here: Here<'_>,
    channels: &[Channel],
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Action> {
    let value = action.value.as_ref().map(|value| money(Checker::in_campaign(world, here, out), value));
    let cost = action.cost.as_ref().map(|cost| money(Checker::in_campaign(world, here, out), cost));
    let propensity =
        action.propensity.as_ref().map(|chance| propensity(Checker::in_campaign(world, here, out), chance));
    let clauses = rules(&action.clauses, here, world, out);
    let mut treatments: Vec<Treatment> = Vec::new();
    for treatment in &action.treatments {
        let Some(on) = channel(&treatment.channel, channels, out) else { continue };
        if let Some(first) = treatments.iter().find(|other| other.channel == on) {
            out.push(
                Diagnostic::error(
                    Code::Duplicate,
                    treatment.span,
                    format!("a second treatment on `{}`", treatment.channel.node),
                )
                .label("an action has one treatment on each channel")
                .related(first.span, "the first is here")
                .help("remove one, or make two actions of it"),
            );
            continue;
        }
        treatments.push(Treatment { channel: on, content: treatment.content.node.clone(), span: treatment.span });
    }
    let name = action.name.span;
    let needs = |what: &str, out: &mut Vec<Diagnostic>| {
        out.push(
            Diagnostic::error(Code::MissingSetting, name, format!("`{}` has no {what}", action.name.node))
                .label(match what {
                    "value" => "what is it worth when it succeeds?",
                    _ => "how likely is it to succeed?",
                })
                .help(if what == "value" { "write `value 12 EUR`" } else { "write `propensity 5%`" }),
        );
    };
    match action.kind {
        ActionKind::Offer | ActionKind::Message => {
            if value.is_none() {
                needs("value", out);
            }
            if propensity.is_none() {
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
        ActionKind::Service => {}
    }
    if action.treatments.is_empty() {
        out.push(
            Diagnostic::warning(Lint::MissingSetting, name, format!("`{}` has no treatment", action.name.node))
                .label("it can be shown nowhere")
                .help("write `treat email \"content.key\"`"),
        );
    }
    Some(Action {
        name: action.name.node.clone(),
        kind: action.kind,
        value: value.map_or(Some(None), |value| value.map(Some))?,
        cost: cost.map_or(Some(None), |cost| cost.map(Some))?,
        propensity: propensity.map_or(Some(None), |chance| chance.map(Some))?,
        basis: action.basis.as_ref().map(|basis| basis.node.clone()),
        clauses,
        treatments,
        span: action.span,
    })
}

/// An amount in the ruleset's currency.
fn money(mut checker: Checker<'_>, expr: &ast::Expr) -> Option<Expr> {
    let expected = checker.world.currency.map(Type::Money);
    let checked = checker.value(expr, expected.as_ref())?;
    match (&checked.ty, checker.world.currency) {
        (Type::Money(currency), Some(ours)) if *currency != ours => {
            checker.out.push(
                Diagnostic::error(Code::WrongCurrency, checked.span, format!("the ruleset computes in {ours}"))
                    .label(format!("this is in {currency}"))
                    .help(format!("use an amount in {ours}")),
            );
            None
        }
        (Type::Money(_), _) => Some(checked),
        (other, _) => {
            checker.out.push(
                Diagnostic::error(Code::TypeMismatch, checked.span, "an amount of money is needed here")
                    .label(words::this_is(other)),
            );
            None
        }
    }
}

/// A chance between 0 and 1.
fn propensity(mut checker: Checker<'_>, expr: &ast::Expr) -> Option<Expr> {
    let checked = checker.value(expr, Some(&Type::Percent))?;
    let problem = match (&checked.ty, &checked.kind) {
        (Type::Percent | Type::Number, Kind::Constant(Constant::Number(chance))) if !(0.0..=1.0).contains(chance) => {
            Some(
                Diagnostic::error(Code::ReversedBounds, checked.span, "a propensity lies between 0% and 100%")
                    .label("the chance that the action succeeds"),
            )
        }
        (Type::Percent | Type::Number, _) => None,
        (other, _) => Some(
            Diagnostic::error(Code::TypeMismatch, checked.span, "a propensity is a percentage")
                .label(words::this_is(other))
                .help("write for example `propensity 5%`"),
        ),
    };
    match problem {
        Some(problem) => {
            checker.out.push(problem);
            None
        }
        None => Some(checked),
    }
}

/// Channels that no treatment and no cap uses.
pub(super) fn unused_channels<'a>(
    rules: &Rules,
    statements: impl Iterator<Item = &'a Statement>,
    out: &mut Vec<Diagnostic>,
) {
    let treated = |index: usize| {
        let mut actions = rules.programs.iter().flat_map(|p| &p.campaigns).flat_map(|c| &c.actions);
        actions.any(|action| action.treatments.iter().any(|treatment| treatment.channel == index))
    };
    let names = statements.filter_map(|statement| match &statement.node {
        StatementKind::Channel { name, .. } => Some(name),
        _ => None,
    });
    for (index, (channel, name)) in rules.channels.iter().zip(names).enumerate() {
        if !treated(index) && rules.caps.iter().all(|cap| cap.channel != Some(index)) {
            out.push(
                Diagnostic::warning(
                    Lint::UnusedDefinition,
                    name.span,
                    format!("no rule uses the channel `{}`", channel.name),
                )
                .label(match channel.direction {
                    Direction::Inbound => "no action is shown here",
                    Direction::Outbound => "no action is sent here",
                }),
            );
        }
    }
}
