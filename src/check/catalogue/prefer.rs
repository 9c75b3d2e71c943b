//! Which channel comes first.

use super::super::expression::Checker;
use super::super::tree::{Constant, Kind, Policy, Prefer};
use super::super::words;
use super::channel;
use super::policy::Lines;
use crate::diagnostic::{Code, Diagnostic, Lint, Span};
use crate::schema::Type;
use crate::syntax::ast;

impl Lines<'_> {
    /// There is one such line in a ruleset.
    pub(super) fn prefer(&mut self, prefer: &ast::Prefer, span: Span, policy: &mut Policy) {
        let otherwise = prefer.otherwise.as_ref().map(|name| channel::named(name, self.channels, self.out));
        let channel = Checker::new(self.world, self.out).value(&prefer.channel, None);
        if let Some(first) = &policy.prefer {
            self.out.push(
                Diagnostic::error(Code::Duplicate, span, "two lines say which channel comes first")
                    .label("say it once")
                    .related(first.span, "the first is here"),
            );
            return;
        }
        let (Some(channel), Some(otherwise)) = (channel, otherwise.map_or(Some(None), |found| found.map(Some))) else {
            return;
        };
        let names = match (&channel.ty, &channel.kind) {
            (_, Kind::Constant(Constant::Text(name))) => Some(vec![&**name]),
            (Type::Text, _) => None,
            (Type::Enum(names), _) => Some(names.iter().map(String::as_str).collect()),
            (other, _) => {
                self.out.push(
                    Diagnostic::error(Code::TypeMismatch, channel.span, "the name of a channel is needed here")
                        .label(words::this_is(other))
                        .help("a text, or a name of an `enum`, as in `prefer channel preferred_channel`"),
                );
                return;
            }
        };
        self.named(names.unwrap_or_default(), channel.span, &channel.kind);
        policy.prefer = Some(Prefer { policy: self.policy.to_owned(), channel, otherwise, span });
    }

    /// Tells what is known to name no channel: an error of a fixed text, which can never mean anything.
    fn named(&mut self, names: Vec<&str>, span: Span, kind: &Kind) {
        let known = || self.channels.iter().map(|channel| channel.name.as_str());
        for name in names.into_iter().filter(|name| known().all(|known| known != *name)) {
            let message = format!("there is no channel `{name}`");
            let label = format!("the channels are {}", words::names(known()));
            self.out.push(match kind {
                Kind::Constant(_) => {
                    let near = crate::diagnostic::nearest(name, known());
                    let error = Diagnostic::error(Code::UnknownName, span, message).label(label);
                    match near {
                        Some(near) => {
                            error.help(format!("did you mean `{near}`?")).suggest(span, format!("\"{near}\""))
                        }
                        None => error,
                    }
                }
                _ => {
                    let warning = Diagnostic::warning(Lint::OutsideDomain, span, message).label(label);
                    match crate::diagnostic::nearest(name, known()) {
                        Some(near) => warning.help(format!("did you mean `{near}`?")),
                        None => warning.help("who has this value prefers nothing"),
                    }
                }
            });
        }
    }
}
