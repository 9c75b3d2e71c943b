//! Channels: their declarations, and where one is named.

use super::super::tree::{Channel, Rules};
use super::super::words;
use super::super::world::suggest;
use crate::diagnostic::{Code, Diagnostic, Lint};
use crate::syntax::ast::{self, Direction, Statement, StatementKind};

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
        let mut actions = rules.programs.iter().flat_map(|p| &p.campaigns).flat_map(|c| &c.actions);
        actions.any(|action| action.treatments.iter().any(|treatment| treatment.channel == index))
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
