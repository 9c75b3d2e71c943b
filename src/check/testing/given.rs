//! What tests give.

use super::Tester;
use super::row::given_once;
use super::tree::{Given, Moment};
use crate::check::expression::outcome;
use crate::check::world::{Named, suggest};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::{Category, EventShape, Outcome, Value};
use crate::syntax::ast::{self, ConsentPath, Direction, Name, Property, Spanned, TestAction, TestLines, TestMoment};

/// More events alike than this are not given.
const MOST_EVENTS: i64 = 10_000;

/// What counts of the lines of a test and then those of its case: where both give a value, a segment or a consent, the case's.
pub(super) fn of<'a>(lines: &[&'a TestLines], out: &mut Vec<Diagnostic>) -> Vec<&'a Spanned<ast::Given>> {
    let mut counts: Vec<&Spanned<ast::Given>> = Vec::new();
    for lines in lines {
        twice(&lines.given, out);
        let named: Vec<String> = lines.given.iter().filter_map(named).map(|(what, _)| what).collect();
        counts.retain(|before| self::named(before).is_none_or(|(what, _)| !named.contains(&what)));
        counts.extend(&lines.given);
    }
    counts
}

/// What is given twice in one place, though there is one of it.
fn twice(given: &[Spanned<ast::Given>], out: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(String, Span)> = Vec::new();
    for (what, span) in given.iter().filter_map(named) {
        match seen.iter().find(|(before, _)| *before == what) {
            Some((_, first)) => out.push(
                Diagnostic::error(Code::Duplicate, span, format!("`{what}` is given twice"))
                    .label("again here")
                    .related(*first, "first here"),
            ),
            None => seen.push((what, span)),
        }
    }
}

/// What there is one of.
fn named(given: &Spanned<ast::Given>) -> Option<(String, Span)> {
    match &given.node {
        ast::Given::Segment { segment, .. } => Some((format!("segment {}", segment.node), segment.span)),
        ast::Given::Value { path, .. } => {
            let names: Vec<&str> = path.node.iter().map(|name| name.node.as_str()).collect();
            // `customer.age` is `age`.
            let names = names.strip_prefix(&["customer"]).filter(|rest| !rest.is_empty()).unwrap_or(&names);
            Some((names.join("."), path.span))
        }
        ast::Given::Consent { consent, .. } => {
            Some((format!("consent {}.{}", consent.channel.node, consent.purpose.node), given.span))
        }
        ast::Given::Events { .. } | ast::Given::Contact { .. } | ast::Given::None { .. } => None,
    }
}

impl Tester<'_> {
    pub(super) fn given(&self, given: &Spanned<ast::Given>, out: &mut Vec<Diagnostic>) -> Option<Given> {
        match &given.node {
            ast::Given::Segment { negated, segment } => {
                Some(Given::Segment { definition: self.segment(segment, out)?, is_in: !negated })
            }
            ast::Given::Value { path, value, moment } => self.attribute(path, value, moment.as_ref(), out),
            ast::Given::Events { count, event, properties, moment } => {
                self.events(count.as_ref(), event, properties, moment.as_ref(), out)
            }
            ast::Given::Contact { outcome, action, channel, moment } => {
                self.contact(outcome, action, channel.as_ref(), moment, out)
            }
            ast::Given::None { event } => {
                let (_, shape) = self.kind(event, false, out)?;
                let (name, properties) = (shape.name.clone(), Vec::new());
                Some(match shape.timeless {
                    true => Given::Items { list: name, count: 0, properties },
                    false => {
                        Given::Events { kind: name, count: 0, properties, moment: Moment::Ago(Default::default()) }
                    }
                })
            }
            ast::Given::Consent { negated, consent, until } => {
                self.consent(consent, !negated, until.as_ref().map(|until| until.node.at), out)
            }
        }
    }

    fn attribute(
        &self,
        path: &Spanned<Vec<Name>>,
        written: &ast::Expr,
        moment: Option<&Spanned<TestMoment>>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Given> {
        let name = path.node.last()?;
        let context = match path.node.first().filter(|_| path.node.len() > 1) {
            Some(scope) if scope.node == "context" => true,
            Some(scope) if scope.node != "customer" => {
                out.push(
                    Diagnostic::error(
                        Code::WrongScope,
                        path.span,
                        "a test gives attributes, and values of the context",
                    )
                    .label("this is neither")
                    .help("write `age = 31` or `context.weather = \"rain\"`"),
                );
                return None;
            }
            _ => false,
        };
        if context {
            let Some(index) = self.world.context(&name.node) else {
                out.push(self.world.unknown_context(&name.node, name.span));
                return None;
            };
            let value = self.constant(written, &self.world.context.get(index)?.ty, out)?;
            return Some(Given::Context { name: name.node.clone(), value });
        }
        let attribute = match self.world.customer(&name.node) {
            Some(Named::Attribute(index)) => self.world.shape.attributes.get(index)?,
            Some(Named::Definition(_)) => {
                let message = format!("`{}` is worked out by the rules", name.node);
                out.push(
                    Diagnostic::error(Code::WrongScope, name.span, message)
                        .label("not an attribute")
                        .help("give what it is made of; only a segment can be given as it is: `in segment vip`"),
                );
                return None;
            }
            None => {
                if !self.world.is_broken(&name.node) {
                    out.push(self.world.unknown_customer_name(&name.node, name.span));
                }
                return None;
            }
        };
        if let Some(moment) = moment.filter(|_| !attribute.dated) {
            out.push(
                Diagnostic::error(Code::WrongScope, moment.span, "nobody says as of when this attribute is known")
                    .label("it has no provenance")
                    .help("leave the moment out, or declare whence its values are: `… from third_party fresh 7 days`"),
            );
        }
        let value = self.constant(written, &attribute.ty, out)?;
        Some(Given::Attribute { name: name.node.clone(), value, as_of: moment.map(resolved) })
    }

    fn events(
        &self,
        count: Option<&Spanned<i64>>,
        event: &Name,
        properties: &[Property],
        moment: Option<&Spanned<TestMoment>>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Given> {
        if let Some(catalog) = self.world.catalog(&event.node).filter(|_| self.world.event(&event.node).is_none()) {
            return self.row(catalog, event, count, properties, moment, out);
        }
        let (number, shape) = self.kind(event, count.is_some(), out)?;
        let count = match count {
            Some(count) if count.node < 1 || count.node > MOST_EVENTS => {
                let error = Diagnostic::error(Code::BadNumber, count.span, "this number of events cannot be given");
                out.push(match count.node < 1 {
                    true => error.help(format!("write `no {}`", shape.name)),
                    false => error.label(format!("at most {MOST_EVENTS}")),
                });
                None
            }
            Some(count) => u32::try_from(count.node).ok(),
            None => Some(1),
        };
        let mut values: Vec<(String, Value)> = Vec::new();
        for property in properties {
            let name = &property.name;
            given_once(name, &values, out);
            let Some(index) = self.world.property(number, &name.node) else {
                if !self.world.is_broken(&format!("{}.{}", shape.name, name.node)) {
                    out.push(self.world.unknown_property(number, &name.node, name.span));
                }
                continue;
            };
            let ty = &shape.properties.get(index)?.ty;
            values.extend(self.constant(&property.value, ty, out).map(|value| (name.node.clone(), value)));
        }
        let name = shape.name.clone();
        if shape.timeless {
            if let Some(moment) = moment {
                out.push(
                    Diagnostic::error(Code::TimelessItems, moment.span, format!("items of `{name}` have no time"))
                        .label("they are there, now")
                        .help("leave it out"),
                );
            }
            return Some(Given::Items { list: name, count: count?, properties: values });
        }
        let Some(moment) = moment else {
            let end = Span { start: event.span.end, ..event.span };
            let error = Diagnostic::error(Code::MissingSetting, event.span, format!("when was this `{name}`?"))
                .label("an event has a moment")
                .help(format!("write for example `{name} 2 days ago`"));
            out.push(if properties.is_empty() { error.suggest(end, " 2 days ago") } else { error });
            return None;
        };
        Some(Given::Events { kind: name, count: count?, properties: values, moment: resolved(moment) })
    }

    /// The kind of event of a name, which behind a number may end in a plural s.
    fn kind(&self, event: &Name, plural: bool, out: &mut Vec<Diagnostic>) -> Option<(usize, &EventShape)> {
        let singular = event.node.strip_suffix('s').filter(|_| plural);
        let number = self.world.event(&event.node).or_else(|| singular.and_then(|name| self.world.event(name)));
        let Some(number) = number else {
            out.push(match outcome::is_outcome(&event.node) {
                true => Diagnostic::error(Code::UnknownName, event.span, format!("`{}` of what?", event.node))
                    .label("an outcome of a contact about an action, at a moment")
                    .help(format!("write for example `{} reminder on email 2 days ago`", event.node)),
                false => self.world.unknown_event(&event.node, event.span),
            });
            return None;
        };
        if let Some(group) = self.world.groups.iter().find(|group| group.event == number) {
            let members = group.members.iter().filter_map(|&member| self.world.shape.events.get(member));
            let members = crate::check::words::names(members.map(|member| member.name.as_str()));
            let message = format!("`{}` is a group of events", event.node);
            out.push(Diagnostic::error(Code::WrongScope, event.span, message).label(format!("give one of {members}")));
            return None;
        }
        Some((number, self.world.shape.events.get(number)?))
    }

    fn contact(
        &self,
        word: &Name,
        action: &TestAction,
        channel: Option<&Name>,
        moment: &Spanned<TestMoment>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Given> {
        if !outcome::is_outcome(&word.node) {
            let message = format!("there is no outcome `{}`", word.node);
            let error = Diagnostic::error(Code::UnknownName, word.span, message)
                .label("of a contact, as in `exposed reminder on email 2 days ago`");
            let outcomes = std::iter::once(outcome::EXPOSED).chain(Outcome::NAMES.iter().copied());
            out.push(suggest(error, word.span, &word.node, outcomes));
            return None;
        }
        if self.world.contacts().is_none() {
            out.push(
                Diagnostic::error(Code::MissingSetting, word.span, "the program's customer has no contact history")
                    .label("there is nowhere to give this"),
            );
            return None;
        }
        // What was shown before may be sold out today.
        let path = self.action(action, None, out)?;
        let (kind, treated) = self.actions.get(path.split('[').next()?)?;
        let channel = match (channel, treated.as_slice()) {
            (Some(channel), _) => self.channel(channel, out)?,
            (None, [only]) => (*only).to_owned(),
            (None, several) => {
                let end = Span { start: action.span.end, ..action.span };
                let message = format!("`{path}` can be shown on several channels");
                let error = Diagnostic::error(Code::MissingSetting, action.span, message)
                    .label(format!("on which of {}?", crate::check::words::names(several.iter().copied())));
                out.push(match several.first() {
                    Some(first) => error.suggest(end, format!(" on {first}")),
                    None => error.label("on which channel?"),
                });
                return None;
            }
        };
        let inbound = self.directions.get(channel.as_str()) == Some(&Direction::Inbound);
        let exposed = if inbound { Outcome::Impression } else { Outcome::Sent };
        let outcome = outcome::outcome(&word.node).unwrap_or(exposed);
        Some(Given::Contact { outcome, action: path, kind: *kind, channel, moment: resolved(moment) })
    }

    fn consent(
        &self,
        path: &ConsentPath,
        granted: bool,
        until: Option<crate::time::Instant>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Given> {
        let (channel, purpose) = (path.channel.node.clone(), path.purpose.node.clone());
        let span = path.channel.span.to(path.purpose.span);
        if !self.consents.contains(&(channel.clone(), purpose.clone())) {
            let written = format!("{channel}.{purpose}");
            let message = format!("no rule asks for the consent `{written}`");
            if !self.whole {
                return None;
            }
            let known: Vec<String> = self.consents.iter().map(|(one, other)| format!("{one}.{other}")).collect();
            let error = Diagnostic::error(Code::UnknownName, span, message);
            out.push(suggest(error, span, &written, known.iter().map(String::as_str)));
            return None;
        }
        Some(Given::Consent { channel, purpose, granted, until })
    }
}

fn resolved(moment: &Spanned<TestMoment>) -> Moment {
    match &moment.node {
        TestMoment::Ago(duration) => Moment::Ago(duration.period),
        TestMoment::At(moment) => Moment::At(moment.at),
    }
}
