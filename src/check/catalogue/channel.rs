//! Channels: their declarations, and where one is named.

use super::super::expression::Checker;
use super::super::tree::{Channel, Constant, Expr, Kind, Rules, Showplace, Slot};
use super::super::words;
use super::super::world::{World, suggest};
use super::{amount, is_repeated, needs_currency};
use crate::diagnostic::{Code, Diagnostic, Lint, Span};
use crate::syntax::ast::{self, Direction, Statement, StatementKind};

/// What a `channel` statement declares. It stays declared if something is wrong with it, so that this is told once.
pub(super) fn declared(statement: &Statement, world: &World, out: &mut Vec<Diagnostic>) -> Option<Channel> {
    let StatementKind::Channel { name, direction, consent, cost, slots } = &statement.node else { return None };
    if *direction == Direction::Outbound && consent.is_none() {
        let needs = format!("needs consent {}.marketing", name.node);
        let error = Diagnostic::error(
            Code::MissingSetting,
            statement.span,
            format!("the channel `{}` goes to the customer, but needs no consent", name.node),
        )
        .label("without one, nobody could say no")
        .help(format!("write `{needs}` after `outbound`"));
        let end = Span { start: statement.span.end, ..statement.span };
        // Consent stands before what else is said.
        out.push(match cost.is_none() && slots.is_empty() {
            true => error.suggest(end, format!(" {needs}")),
            false => error,
        });
    }
    Some(Channel {
        name: name.node.clone(),
        direction: *direction,
        consent: consent.as_ref().map(|c| (c.channel.node.clone(), c.purpose.node.clone())),
        cost: cost.as_ref().and_then(|cost| contact_cost(cost, world, out)).unwrap_or_default(),
        slots: slots_of(&name.node, slots, out),
        span: statement.span,
    })
}

/// More actions than this are not shown in one slot.
const MOST_SHOWN: u32 = 100;

/// A fixed amount, not less than nothing.
fn contact_cost(cost: &ast::Expr, world: &World, out: &mut Vec<Diagnostic>) -> Option<i64> {
    needs_currency(cost.span, world, out);
    let checked = amount::money(Checker::new(world, out), cost)?;
    let Expr { kind: Kind::Constant(Constant::Money(minor)), .. } = checked else {
        out.push(
            Diagnostic::error(Code::Unsupported, cost.span, "what a contact costs must be a fixed amount")
                .help("write for example `cost 1.10 EUR`"),
        );
        return None;
    };
    if minor < 0 {
        out.push(
            Diagnostic::error(Code::BadNumber, cost.span, "a contact cannot cost less than nothing")
                .label("an amount from 0 on is needed"),
        );
    }
    Some(minor)
}

fn slots_of(channel: &str, slots: &[ast::SlotPlace], out: &mut Vec<Diagnostic>) -> Vec<Slot> {
    let mut found: Vec<Slot> = Vec::new();
    for slot in slots {
        let message = || format!("`{channel}` has two slots `{}`", slot.name.node);
        if is_repeated(&slot.name, slots.iter().map(|slot| &slot.name), message, out) {
            continue;
        }
        let capacity = u32::try_from(slot.capacity.node).ok().filter(|&capacity| (1..=MOST_SHOWN).contains(&capacity));
        if capacity.is_none() {
            out.push(
                Diagnostic::error(Code::BadNumber, slot.capacity.span, "a slot cannot show so many actions")
                    .label(format!("a number from 1 to {MOST_SHOWN} is needed")),
            );
        }
        found.push(Slot { name: slot.name.node.clone(), capacity: capacity.unwrap_or(1) });
    }
    found
}

/// The place that a treatment names: a channel without slots, or one of its slots.
pub(super) fn place(
    name: &ast::Name,
    slot: Option<&ast::Name>,
    channels: &[Channel],
    out: &mut Vec<Diagnostic>,
) -> Option<Showplace> {
    let index = named(name, channels, out)?;
    let slots = &channels.get(index)?.slots;
    let names = || slots.iter().map(|slot| slot.name.as_str());
    let Some(slot) = slot else {
        if slots.is_empty() {
            return Some(Showplace { channel: index, slot: None });
        }
        let all: Vec<String> = names().map(|slot| format!("{}.{slot}", name.node)).collect();
        let error = Diagnostic::error(Code::WrongScope, name.span, format!("`{}` has slots", name.node))
            .label("in which of them?")
            .help(format!("write {}", words::names(all.iter().map(String::as_str))));
        out.push(match all.as_slice() {
            [only] => error.suggest(name.span, only.clone()),
            _ => error,
        });
        return None;
    };
    let found = names().position(|known| known == slot.node);
    if found.is_none() {
        let error =
            Diagnostic::error(Code::UnknownName, slot.span, format!("`{}` has no slot `{}`", name.node, slot.node));
        let error = match slots.is_empty() {
            true => error.help(format!(
                "write `treat {}`, or give the channel its slots: `{{ slot {} 1 }}`",
                name.node, slot.node
            )),
            false => error.label(format!("its slots are {}", words::names(names()))),
        };
        out.push(suggest(error, slot.span, &slot.node, names()));
    }
    Some(Showplace { channel: index, slot: Some(found?) })
}

pub(super) fn named(name: &ast::Name, channels: &[Channel], out: &mut Vec<Diagnostic>) -> Option<usize> {
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

/// Channels that no treatment, no cap and no quiet hours use.
pub(in crate::check) fn unused<'a>(
    rules: &Rules,
    statements: impl Iterator<Item = &'a Statement>,
    out: &mut Vec<Diagnostic>,
) {
    let treated = |index: usize| {
        let mut actions = rules.campaigns().flat_map(|campaign| &campaign.actions);
        actions.any(|action| action.treatments.iter().any(|treatment| treatment.place.channel == index))
    };
    let names = statements.filter_map(|statement| match &statement.node {
        StatementKind::Channel { name, .. } => Some(name),
        _ => None,
    });
    for (index, (channel, name)) in rules.channels.iter().zip(names).enumerate() {
        let capped = rules.policy.caps.iter().any(|cap| cap.channel == Some(index));
        if !treated(index) && !capped && !rules.policy.quiets.iter().any(|quiet| quiet.channels.contains(&index)) {
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
