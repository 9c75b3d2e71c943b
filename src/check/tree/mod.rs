//! Checked rules: every name resolved to a number, every expression typed, every literal in its runtime form.
//!
//! This is what rules *mean*; `compile` makes it fast, and a naive interpreter in `tests/` makes it slow and obvious,
//! so that the two can be held against each other. Negation is still written as such here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::schema::{Attribute, Currency, Shape, Type};
use crate::time::{Hemisphere, LeapDay, Weekday, Zone};

mod arbitration;
mod catalogue;
mod clause;
mod exception;
mod experiment;
mod explore;
mod expr;
mod objective;
mod policy;
mod rows;
mod treatment;

pub use arbitration::{Boost, Decay, Factor, Formula, Holdout, Lever, Promo, Share, Tiers, Valid};
pub(crate) use catalogue::is_under;
pub use catalogue::{Action, Campaign, Channel, Program, Rule, Slot, Threshold};
pub use clause::{Chain, Clause, Step, Tail, Window};
pub(crate) use exception::exceptions;
pub use exception::{Excepted, Exception};
pub use experiment::{Arm, Experiment, Exposure, Factorial, Levels, Trial};
pub use explore::{Exploration, Explore};
pub use expr::{Constant, DayRelation, Expr, Kind, Part, Place};
pub use objective::{Aim, Objective, Weights, Worth};
pub use policy::{Again, Block, Cap, Entry, Goal, Limit, PerDecision, Policy, Prefer, Quiet, Rest, Sign};
pub use rows::{Catalog, EachRow};
pub use treatment::{Content, Languages, Parameter, Showplace, Treatment};

pub use super::testing::tree::{Check, Test};
pub use crate::leaf::version::Reading;
pub use crate::syntax::ast::TextOp;

/// A checked ruleset.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rules {
    /// The name in the `ruleset` statement; `rules` where there is none.
    pub name: String,
    /// The zone used where neither the rule nor the customer has one: `ruleset { zone … }`, else UTC.
    pub zone: Zone,
    /// The first day of a week.
    pub week_start: Weekday,
    /// When those born on 29 February have their birthday in other years.
    pub leap_day: LeapDay,
    /// Where seasons are meant for.
    pub hemisphere: Hemisphere,
    /// The currency that priorities are computed in.
    pub currency: Option<Currency>,
    /// What attributes and events there are; numbers in expressions refer to it.
    pub shape: Shape,
    /// Groups of events, which stand behind the kinds in `shape.events`.
    pub groups: Vec<EventGroup>,
    /// The values that a request may carry; numbers in expressions refer to it.
    pub context: Vec<Attribute>,
    /// `catalog` statements, in the order of the text; numbers in expressions refer to it.
    pub catalogs: Vec<Catalog>,
    /// `let`, `score`, `group`, `stages` and `segment` statements: each only refers to earlier ones.
    pub definitions: Vec<Definition>,
    /// `channel` statements, in the order of the text.
    pub channels: Vec<Channel>,
    /// What holds back contacts.
    pub policy: Policy,
    /// Which kinds of action come first.
    pub tiers: Tiers,
    /// How a priority is computed.
    pub priority: Formula,
    /// How actions are tried that are not known to be best.
    pub explore: Option<Explore>,
    /// What values are made of.
    pub objective: Option<Objective>,
    /// Who is left alone, to measure what all of it is worth.
    pub holdout: Option<Holdout>,
    /// Priorities below this are not worth an action, in minor units of the ruleset's currency.
    pub threshold: Option<Threshold>,
    /// Rules for all actions, in the order of the text.
    pub clauses: Vec<Rule>,
    /// `program` statements, in the order of the text.
    pub programs: Vec<Program>,
    /// What is asked about a population, each thing once.
    pub standings: Vec<Standing>,
    /// `test` statements and their cases, in the order of the text.
    pub tests: Vec<Test>,
    /// `check` statements, in the order of the text.
    pub checks: Vec<Check>,
}

/// Several kinds of event under one name: its events are those of all of them, in the order of all events, which is by
/// (instant, sequence, kind in the order of the shape, place in their history).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventGroup {
    /// Its own number in `shape.events`, where its properties are those that all its kinds have.
    pub event: usize,
    /// The numbers of its kinds, in the order of the shape.
    pub members: Vec<usize>,
    /// For each of its properties the numbers in its kinds.
    pub properties: Vec<Vec<usize>>,
}

/// A question about a customer's place in a population.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// What customers are ranked by.
    pub by: Expr,
    /// The same as canonical text.
    pub text: String,
    /// The zone written in the rule.
    pub zone: Option<Zone>,
    /// What is asked.
    pub measure: Measure,
    /// Identifies what customers are ranked by, whatever else the rules say: a hash of its text, its type, its zone, the first
    /// day of a week, and the definitions that it refers to.
    pub fingerprint: String,
    /// Where it is asked first.
    pub span: Span,
}

/// What is asked about a customer's place in a population. Only customers whose value is known are ranked; `n` is how
/// many they are, `x` the customer's own value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 1 + how many of the `parts` − 1 edges lie below `x`; edge i is the value at (n − 1)·i/parts of the ranking, linearly
    /// interpolated. Descending: `parts` + 1 − that.
    Quantile { parts: u32, descending: bool },
    /// The number of the pile in which the customer lies when all are ranked by value and id, and dealt into `parts` piles, of
    /// which the first n mod `parts` hold one more.
    Ntile { parts: u32, descending: bool },
    /// ⌈parts · (customers with a value up to `x`) / n⌉, at least 1. Descending: with a value from `x` on.
    CumeDist { parts: u32, descending: bool },
    /// (customers with a value up to `x`) / n.
    Percentile,
    /// Fewer than this share of the customers have a greater value.
    Top { numerator: i64, denominator: i64 },
    /// Fewer than this share of the customers have a smaller value.
    Bottom { numerator: i64, denominator: i64 },
}

/// A named value or condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// What kind of statement it is.
    pub kind: DefinitionKind,
    /// A segment's doc string.
    pub doc: Option<String>,
    /// `in zone "…"`: the zone written in this rule.
    pub zone: Option<Zone>,
    /// The type of its value.
    pub ty: Type,
    /// What it is.
    pub body: Body,
    /// The definitions it refers to directly, ascending.
    pub uses: Vec<usize>,
    /// The whole statement.
    pub span: Span,
}

/// The statements that name a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DefinitionKind {
    /// `let`
    Let,
    /// `score`
    Score,
    /// `group`
    Group,
    /// `stages`
    Stages,
    /// `segment`
    Segment,
}

/// What a definition is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Body {
    /// A `let` or a `segment`.
    Expr(Expr),
    /// A `score`: the value of the first band whose condition is definitely true, else `otherwise`.
    Score { bands: Vec<(Expr, Expr)>, otherwise: Expr },
    /// A `group`: the name of the first row whose cells all hold, else `otherwise`; missing where a score is.
    Group { on: Vec<usize>, rows: Vec<GroupRow>, otherwise: Option<usize> },
    /// A `stages`: of its names, in order, the last whose condition is definitely true, or that has none; missing where there
    /// is none.
    Stages(Vec<Option<Expr>>),
}

/// A row of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupRow {
    /// Index of its name in the group's enum type.
    pub name: usize,
    /// One per score: `None` is `any`, else both ends included.
    pub cells: Vec<Option<(i64, i64)>>,
}

impl Measure {
    /// Into how many parts customers are divided, numbered from 1.
    pub fn parts(self) -> Option<u32> {
        match self {
            Measure::Quantile { parts, .. } | Measure::Ntile { parts, .. } | Measure::CumeDist { parts, .. } => {
                Some(parts)
            }
            Measure::Percentile | Measure::Top { .. } | Measure::Bottom { .. } => None,
        }
    }
}

impl Body {
    /// The expressions that it is made of.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let (bands, last, stages) = match self {
            Body::Expr(expr) => (&[] as &[_], Some(expr), &[] as &[_]),
            Body::Score { bands, otherwise } => (bands.as_slice(), Some(otherwise), &[] as &[_]),
            Body::Group { .. } => (&[] as &[_], None, &[] as &[_]),
            Body::Stages(stages) => (&[] as &[_], None, stages.as_slice()),
        };
        bands.iter().flat_map(|(when, value)| [when, value]).chain(last).chain(stages.iter().flatten())
    }
}

impl Rules {
    /// The group that a number of an event stands for, if it is one.
    pub fn group(&self, event: usize) -> Option<&EventGroup> {
        self.groups.iter().find(|group| group.event == event)
    }

    /// The kind of event that contacts are, where they are held: the last, and without a name in rules.
    pub fn contacts(&self) -> Option<usize> {
        self.shape.events.len().checked_sub(1).filter(|_| self.shape.contacts)
    }

    /// `web`, or with its slot `web.hero`.
    pub fn place_name(&self, place: Showplace) -> String {
        let Some(channel) = self.channels.get(place.channel) else { return String::new() };
        match place.slot.and_then(|slot| channel.slots.get(slot)) {
            Some(slot) => format!("{}.{}", channel.name, slot.name),
            None => channel.name.clone(),
        }
    }

    /// Channel and purpose of every consent that is asked for.
    pub fn consents(&self) -> BTreeSet<(String, String)> {
        let mut asked: BTreeSet<_> = self.channels.iter().filter_map(|channel| channel.consent.clone()).collect();
        let bodies = self.definitions.iter().flat_map(|definition| definition.body.exprs());
        for expr in bodies.chain(self.catalogue_expressions()) {
            super::walk::each(expr, &mut |e| {
                if let Kind::Consent { channel, purpose, .. } = &e.kind {
                    asked.insert((channel.clone(), purpose.clone()));
                }
            });
        }
        asked
    }

    /// An expression, and those of all definitions that it rests on, each once.
    pub(crate) fn with_definitions<'r>(&'r self, expr: &'r Expr) -> Vec<&'r Expr> {
        let mut open = Vec::new();
        super::walk::each(expr, &mut |inner| {
            if let Kind::Definition(index) = inner.kind {
                open.push(index);
            }
        });
        let (mut found, mut known) = (vec![expr], BTreeSet::new());
        while let Some(index) = open.pop() {
            if let Some(definition) = self.definitions.get(index).filter(|_| known.insert(index)) {
                found.extend(definition.body.exprs());
                open.extend(super::definition::uses(&definition.body));
            }
        }
        found
    }

    /// Every expression of the catalogue: clauses, values, costs, propensities, boosts, goals, exits, blocks, wishes, preferences, filters of rows, and what treatments read.
    pub fn catalogue_expressions(&self) -> impl Iterator<Item = &Expr> {
        let actions = || self.campaigns().flat_map(|campaign| &campaign.actions);
        let clauses = self.clauses().map(|rule| &rule.when);
        let amounts = actions().flat_map(Action::amounts);
        let shown = actions().flat_map(|action| &action.treatments).flat_map(Treatment::exprs);
        let entries = self.campaigns().flat_map(|campaign| campaign.entry.events());
        let blocks = self.policy.blocks.iter().map(|block| &block.when);
        let filters = actions().filter_map(|action| action.rows.as_ref()?.filter.as_ref());
        let wishes = self.policy.caps.iter().filter_map(|cap| cap.own.as_ref());
        let boosts = self.campaigns().flat_map(|c| c.boosts.iter().chain(c.actions.iter().flat_map(|a| &a.boosts)));
        clauses
            .chain(amounts)
            .chain(boosts.flat_map(Boost::exprs))
            .chain(shown)
            .chain(entries)
            .chain(blocks)
            .chain(wishes)
            .chain(self.policy.prefer.as_ref().map(|prefer| &prefer.channel))
            .chain(filters)
    }
}
