//! Tree + schema → checked rules: names, types, constants, the order of definitions.
//!
//! Reading a file finds what is wrong with it as text, with names given twice, and with definitions that go round; binding
//! it to a customer type finds the rest, all at once.

mod actions;
mod bands;
mod catalogs;
mod catalogue;
mod declare;
mod definition;
mod expression;
mod groups;
mod items;
pub(crate) mod lint;
mod lists;
pub mod moved;
mod order;
pub(crate) mod personal;
mod regions;
pub(crate) mod stage;
mod stages;
mod standing;
#[allow(missing_docs, reason = "the doc of a variant says what its fields are")]
pub mod testing;
#[allow(missing_docs, reason = "the doc of a variant says what its fields are")]
pub mod tree;
pub mod walk;
mod words;
mod world;

use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Lint, Span};
use crate::schema::Shape;
use crate::syntax::Limits;
use crate::syntax::ast::{File, Statement};
use crate::time::Zone;
use tree::{Definition, DefinitionKind, Rules};
use world::World;

fn statements(files: &[Arc<File>]) -> impl Iterator<Item = &Statement> + Clone {
    files.iter().flat_map(|file| &file.statements)
}

/// What can be said of files without knowing the customer type: names given twice, definitions that go round.
pub(crate) fn check_names(files: &[Arc<File>], out: &mut Vec<Diagnostic>) {
    order::duplicates(statements(files), out);
    order::ordered(order::named(statements(files)), out);
}

/// The definitions that go round, and those that hang on them.
pub(crate) fn circular(files: &[Arc<File>]) -> Vec<String> {
    let straight = order::ordered(order::named(statements(files)), &mut Vec::new());
    let straight: HashSet<&str> = straight.iter().map(|named| named.name.node.as_str()).collect();
    let all = order::named(statements(files)).into_iter().map(|named| &named.name.node);
    all.filter(|name| !straight.contains(name.as_str())).cloned().collect()
}

/// The shape that files declare by themselves, for records.
pub(crate) fn declared_shape(files: &[Arc<File>], out: &mut Vec<Diagnostic>) -> Shape {
    declare::declared(statements(files), out).shape.unwrap_or_default()
}

/// Checks files against the shape of a customer type. Errors and warnings go to `out`; the rules are whole only if there is
/// no error among them.
pub(crate) fn check(files: &[Arc<File>], mut host: Shape, limits: &Limits, out: &mut Vec<Diagnostic>) -> Rules {
    let settings = declare::settings(statements(files), out);
    let mut declared = declare::declared(statements(files), out);
    declare::differences(&declared, &host, out);
    declare::provenance(&declared, &mut host);
    functions(&host, out);
    let groups = groups::add(statements(files), &mut host, &mut declared.broken, out);
    let mut world = World::new(host, declared.context, settings.currency, declared.broken);
    world.regex_size = limits.regex_size;
    world.zone = settings.zone.unwrap_or(Zone::UTC);
    world.groups = groups;
    world.catalogs = declared.catalogs;
    world.actions = actions::Actions::of(statements(files));
    world.lists = lists::Lists::of(statements(files), &world, out);
    world.regions = regions::Regions::of(statements(files), &world, out);
    let ordered = order::ordered(order::named(statements(files)), &mut Vec::new());
    let mut definitions: Vec<Option<Definition>> = Vec::with_capacity(ordered.len());
    for named in &ordered {
        if matches!(world.customer(&named.name.node), Some(world::Named::Attribute(_))) {
            out.push(
                Diagnostic::error(
                    Code::Duplicate,
                    named.name.span,
                    format!("`{}` is an attribute already", named.name.node),
                )
                .label("another name is needed"),
            );
        }
        if world.items(&named.name.node).is_some() {
            out.push(
                Diagnostic::error(
                    Code::Duplicate,
                    named.name.span,
                    format!("`{}` is a list of items already", named.name.node),
                )
                .label("another name is needed"),
            );
        }
        let checked = definition::check(named, &world, &definitions, out);
        world.define(&named.name.node, named.kind, checked.as_ref());
        definitions.push(checked);
    }
    let catalogue = catalogue::check(statements(files), &world, out);
    let mut rules = Rules {
        name: settings.name,
        zone: settings.zone.unwrap_or(Zone::UTC),
        week_start: settings.week_start,
        leap_day: settings.leap_day,
        hemisphere: settings.hemisphere,
        currency: settings.currency,
        shape: world.shape.clone(),
        groups: world.groups.clone(),
        context: world.context.clone(),
        catalogs: world.catalogs.clone(),
        // Numbers refer to places in this list, so it is whole or, after an error, not used.
        definitions: definitions.into_iter().flatten().collect(),
        channels: catalogue.channels,
        policy: catalogue.policy,
        tiers: catalogue.tiers,
        priority: catalogue.priority,
        explore: catalogue.explore,
        objective: catalogue.objective,
        holdout: catalogue.holdout,
        threshold: catalogue.threshold,
        clauses: catalogue.clauses,
        programs: catalogue.programs,
        standings: Vec::new(),
        tests: Vec::new(),
        checks: Vec::new(),
    };
    let whole = !out.iter().any(Diagnostic::is_error);
    let tester = testing::Tester::new(statements(files), &world, &rules, whole);
    (rules.tests, rules.checks) = tester.check(statements(files), out);
    if !out.iter().any(Diagnostic::is_error) {
        rules.standings = standing::asked(&rules, &ordered);
        unused(&rules, &ordered, out);
        world.lists.unused(out);
        world.regions.unused(out);
        catalogue::channel::unused(&rules, statements(files), out);
        lint::purpose::check(&rules, statements(files), out);
        lint::rules(&rules, settings.zone.is_some() || rules.shape.zone.is_some(), out);
    }
    rules
}

/// What is wrong with the host's functions; no place in a file is to blame.
fn functions(host: &Shape, out: &mut Vec<Diagnostic>) {
    for (place, function) in host.functions.iter().enumerate() {
        let twice = host.functions.iter().take(place).any(|other| other.name == function.name);
        let problem = expression::uncallable(function);
        if let Some(problem) = problem.or_else(|| twice.then(|| "there are two of this name".to_owned())) {
            let message = format!("the program's function `{}` cannot be called", function.name);
            out.push(Diagnostic::error(Code::SchemaDifference, Span::NOWHERE, message).help(problem));
        }
    }
}

/// Definitions other than segments that nothing refers to.
fn unused(rules: &Rules, ordered: &[order::Named<'_>], out: &mut Vec<Diagnostic>) {
    let mut used = vec![false; rules.definitions.len()];
    let mut mark = |id: usize| {
        if let Some(used) = used.get_mut(id) {
            *used = true;
        }
    };
    rules.definitions.iter().flat_map(|definition| &definition.uses).for_each(|&id| mark(id));
    for expr in rules.catalogue_expressions() {
        walk::each(expr, &mut |e| {
            if let tree::Kind::Definition(id) = e.kind {
                mark(id);
            }
        });
    }
    // Without an error, the checked definitions are those that were named, in the same order.
    for (named, _) in ordered.iter().zip(&used).filter(|(_, used)| !**used) {
        if named.kind == DefinitionKind::Let {
            out.push(
                Diagnostic::warning(
                    Lint::UnusedDefinition,
                    named.name.span,
                    format!("no rule uses `{}`", named.name.node),
                )
                .label("only the program can ask for its value"),
            );
        }
    }
}
