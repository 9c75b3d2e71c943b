//! `test` and `check` statements: a wrong one is a mistake of the file, not a failed test.

mod action;
mod constant;
mod expected;
mod given;
mod row;
pub mod tree;

use std::collections::{BTreeSet, HashMap, HashSet};

use super::expression::Checker;
use super::tree::{Kind, Rules};
use super::world::{World, suggest};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::ContactKind;
use crate::syntax::ast::{self, ActionKind, Direction, Name, Spanned, Statement, StatementKind, TestLines};
use tree::{Check, CheckKind, Given, Test};

/// What tests may speak of, besides the world.
pub(super) struct Tester<'a> {
    world: &'a World,
    /// Names of the channels.
    channels: Vec<&'a str>,
    /// Who starts on each of them.
    directions: HashMap<&'a str, Direction>,
    /// The slots of each of them.
    slots: HashMap<&'a str, Vec<&'a str>>,
    /// Of each action what it is, and the channels of its treatments.
    actions: HashMap<String, (ContactKind, Vec<&'a str>)>,
    /// The catalog whose rows an action is made of.
    made_of: HashMap<String, usize>,
    /// Channel and purpose of every consent that a rule asks for.
    consents: BTreeSet<(String, String)>,
    /// Whether all of the rules could be checked.
    whole: bool,
}

impl<'a> Tester<'a> {
    pub fn new(statements: impl Iterator<Item = &'a Statement>, world: &'a World, rules: &Rules, whole: bool) -> Self {
        let (mut channels, mut directions, mut slots) = (Vec::new(), HashMap::new(), HashMap::new());
        let (mut actions, mut made_of) = (HashMap::new(), HashMap::new());
        for statement in statements {
            match &statement.node {
                StatementKind::Channel { name, direction, slots: places, .. } => {
                    channels.push(name.node.as_str());
                    directions.insert(name.node.as_str(), *direction);
                    slots.insert(name.node.as_str(), places.iter().map(|slot| slot.name.node.as_str()).collect());
                }
                StatementKind::Program { name: program, campaigns, .. } => {
                    for campaign in campaigns {
                        for action in &campaign.actions {
                            let path = format!("{}.{}.{}", program.node, campaign.name.node, action.name.node);
                            let mut on: Vec<&str> = Vec::new();
                            for treatment in &action.treatments {
                                if !on.contains(&treatment.channel.node.as_str()) {
                                    on.push(&treatment.channel.node);
                                }
                            }
                            let rows = action.rows.as_ref().and_then(|rows| world.catalog(&rows.catalog.node));
                            rows.into_iter().for_each(|catalog| _ = made_of.insert(path.clone(), catalog));
                            actions.insert(path, (contact_kind(action.kind), on));
                        }
                    }
                }
                _ => {}
            }
        }
        let consents = rules.consents();
        Tester { world, channels, directions, slots, actions, made_of, consents, whole }
    }

    /// Every test and every check, as far as they are sound.
    pub fn check(
        &self,
        statements: impl Iterator<Item = &'a Statement>,
        out: &mut Vec<Diagnostic>,
    ) -> (Vec<Test>, Vec<Check>) {
        let (mut tests, mut checks, mut told) = (Vec::new(), Vec::new(), Vec::new());
        for statement in statements {
            match &statement.node {
                StatementKind::Test { name, lines, cases } if cases.is_empty() => {
                    tests.extend(self.test(name.node.clone(), name.span, &[lines], statement.span, &mut told));
                }
                StatementKind::Test { name, lines, cases } => {
                    for case in cases {
                        let full = format!("{}: {}", name.node, case.name.node);
                        tests.extend(self.test(full, case.name.span, &[lines, &case.lines], case.span, &mut told));
                    }
                }
                StatementKind::Check(check) => checks.extend(self.asked(check, statement.span, &mut told)),
                _ => {}
            }
        }
        // What is wrong with the lines of a test is wrong in each of its cases, and told once.
        let mut seen = HashSet::new();
        told.retain(|found: &Diagnostic| seen.insert((found.code, found.span.file, found.span.start, found.span.end)));
        out.extend(told);
        (tests, checks)
    }

    fn asked(&self, check: &ast::Check, span: Span, out: &mut Vec<Diagnostic>) -> Option<Check> {
        let kind = match check {
            ast::Check::EveryCampaignReachable => CheckKind::EveryCampaignReachable,
            ast::Check::Overlap(one, other) => {
                let (one, other) = (self.segment(one, out), self.segment(other, out));
                CheckKind::Overlap(one?, other?)
            }
        };
        Some(Check { kind, span })
    }

    /// What the lines of a test, and then of its case, say together.
    fn test(
        &self,
        name: String,
        place: Span,
        lines: &[&TestLines],
        span: Span,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Test> {
        let before = out.len();
        let now = lines.iter().rev().find_map(|lines| lines.now.as_ref());
        if now.is_none() {
            out.push(
                Diagnostic::error(Code::MissingSetting, place, "this test says no moment")
                    .label("when is it?")
                    .help("write for example `now 2026-03-10T12:00:00+01:00`: no clock is read"),
            );
        }
        let on = lines.iter().rev().map(|lines| &lines.on).find(|on| !on.is_empty());
        let on: Vec<String> = on.into_iter().flatten().filter_map(|slot| self.slot(slot, out)).collect();
        let counts = given::of(lines, out);
        let all = lines.iter().flat_map(|lines| &lines.given);
        let given = all.filter_map(|given| {
            self.given(given, out).filter(|_| counts.iter().any(|&counts| std::ptr::eq(counts, given)))
        });
        let given: Vec<Given> = given.collect();
        // Of rows that could not be read it is not known which they are.
        let known = out.iter().skip(before).all(|found| !found.is_error());
        let rows = known.then_some(given.as_slice());
        let expect: Vec<_> = lines
            .iter()
            .flat_map(|lines| &lines.expect)
            .filter_map(|expected| self.expected(expected, rows, out))
            .collect();
        let decided = lines.iter().flat_map(|lines| &lines.expect).find(|expected| expected::needs_channel(expected));
        if let Some(decided) = decided.filter(|_| lines.iter().all(|lines| lines.on.is_empty())) {
            out.push(
                Diagnostic::error(Code::MissingSetting, decided.span, "this is decided on a channel")
                    .label("on which?")
                    .help("say in the test where it is asked, as in `on email`"),
            );
        }
        if lines.iter().all(|lines| lines.expect.is_empty()) {
            out.push(
                Diagnostic::error(Code::MissingSetting, place, "this test expects nothing in particular")
                    .label("what must come of it?")
                    .help("write `expect …`; that there is no action is `expect nothing`"),
            );
        }
        let sound = out.iter().skip(before).all(|found| !found.is_error());
        sound.then_some(Test { name, now: now?.node.at, given, on, expect, span })
    }

    /// `web.hero` as a request names it.
    fn slot(&self, path: &Spanned<Vec<Name>>, out: &mut Vec<Diagnostic>) -> Option<String> {
        let (channel, slot) = path.node.split_first()?;
        self.channel(channel, out)?;
        let Some(slot) = slot.first() else { return Some(channel.node.clone()) };
        let slots = self.slots.get(channel.node.as_str()).map(Vec::as_slice).unwrap_or_default();
        if slots.contains(&slot.node.as_str()) {
            return Some(format!("{}.{}", channel.node, slot.node));
        }
        let message = format!("the channel `{}` has no slot `{}`", channel.node, slot.node);
        let error = Diagnostic::error(Code::UnknownName, slot.span, message);
        out.push(match slots.is_empty() {
            true => error.label("it has no slots"),
            false => suggest(error, slot.span, &slot.node, slots.iter().copied()),
        });
        None
    }

    fn channel(&self, name: &Name, out: &mut Vec<Diagnostic>) -> Option<String> {
        if self.channels.contains(&name.node.as_str()) {
            return Some(name.node.clone());
        }
        let error = Diagnostic::error(Code::UnknownName, name.span, format!("there is no channel `{}`", name.node));
        out.push(suggest(error, name.span, &name.node, self.channels.iter().copied()));
        None
    }

    /// The number of a segment; one that did not check has been told of.
    fn segment(&self, name: &Name, out: &mut Vec<Diagnostic>) -> Option<usize> {
        match Checker::new(self.world, out).in_segment(name)?.kind {
            Kind::Definition(id) => Some(id),
            _ => {
                let message = format!("everybody is in `{}`", name.node);
                out.push(Diagnostic::error(Code::ConstantComparison, name.span, message).label("always"));
                None
            }
        }
    }
}

/// The kind of the contacts about actions of a kind.
pub(crate) fn contact_kind(kind: ActionKind) -> ContactKind {
    match kind {
        ActionKind::Offer => ContactKind::Offer,
        ActionKind::Message => ContactKind::Message,
        ActionKind::Service => ContactKind::Service,
    }
}
