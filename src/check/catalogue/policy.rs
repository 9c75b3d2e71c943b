//! What contact policies say.

use super::super::tree::{Cap, Channel};
use super::super::world::World;
use super::channel;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast;

pub(super) fn cap(
    policy: &str,
    line: &ast::Spanned<ast::Cap>,
    channels: &[Channel],
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Cap> {
    let on = match &line.node.channel {
        Some(name) => Some(channel::named(name, channels, out)?),
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
