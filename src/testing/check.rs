//! `check` statements: a customer for each campaign, or in two segments at once.

use std::fmt;

use super::edges::Reader;
use super::search::{Search, TRIES};
use super::{Report, Tests};
use crate::check::testing::tree::{CheckKind, Given, Moment};
use crate::check::tree::{Campaign, Check, Expr, Program, Treatment, is_under};
use crate::compile::SegmentId;
use crate::decide::Stage;
use crate::schema::Value;
use crate::syntax::printer::quoted;
use crate::time::Instant;

/// What a `check` statement asked for, and whether it was found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// `somebody in vip and in lapsed`
    pub sought: String,
    /// The file and line where it is asked for.
    pub place: String,
    /// The moment of the search.
    pub now: Instant,
    /// A customer, as a test would give it.
    pub witness: Option<Vec<String>>,
    /// Where the campaign leaves all the same, weighed and found too light; `None` where it wins.
    pub left: Option<Stage>,
    /// How many customers were made up at most.
    pub tries: usize,
}

impl Tests {
    /// What each `check` statement asks for: a customer, or that none was found, which proves nothing.
    ///
    /// Customers are made up out of the values, counts and moments at which the conditions change their minds; the same ones
    /// every time. The moment is that of the first test, or the first one at which a campaign is valid.
    pub fn findings(&self) -> Vec<Finding> {
        let (rules, now) = (self.checked(), self.moment());
        rules.checks.iter().flat_map(|check| self.sought(check, now)).collect()
    }

    /// The `check` statements as they are written.
    #[cfg(feature = "testing")]
    pub(super) fn asked(&self) -> Vec<String> {
        let text = |check: &Check| self.rules.sources().slice(check.span).unwrap_or_default();
        let checks = self.checked().checks.iter();
        checks.map(|check| text(check).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// What one of them found.
    #[cfg(feature = "testing")]
    pub(super) fn found(&self, number: usize) -> Vec<Finding> {
        let check = self.checked().checks.get(number);
        check.map(|check| self.sought(check, self.moment())).unwrap_or_default()
    }

    /// Without a test any moment will do, if it is always the same.
    fn moment(&self) -> Instant {
        self.checked().tests.first().map_or(Instant::from_millis(1_780_000_000_000), |test| test.now)
    }

    fn sought(&self, check: &Check, now: Instant) -> Vec<Finding> {
        let rules = self.checked();
        let place = self.place(check.span);
        let finding = |sought: String, now: Instant, witness: Option<Vec<Given>>, left: Option<Stage>| {
            let witness = witness.map(|given| given.iter().map(shown).collect());
            Finding { sought, place: place.clone(), now, witness, left, tries: TRIES }
        };
        match check.kind {
            CheckKind::Overlap(one, other) => {
                let name = |number: usize| rules.definitions.get(number).map_or("", |d| d.name.as_str());
                let sought = format!("somebody in {} and in {}", name(one), name(other));
                vec![finding(sought, now, self.overlap(one, other, now), None)]
            }
            CheckKind::EveryCampaignReachable => {
                let campaigns =
                    rules.programs.iter().flat_map(|program| program.campaigns.iter().map(move |c| (program, c)));
                let found = campaigns.map(|(program, campaign)| {
                    let path = format!("{}.{}", program.name, campaign.name);
                    let (now, witness, left) = self.addressed(program, campaign, &path);
                    finding(format!("somebody for the campaign {path}"), now, witness, left)
                });
                found.collect()
            }
        }
    }

    fn overlap(&self, one: usize, other: usize, now: Instant) -> Option<Vec<Given>> {
        let mut reader = Reader::new(self.checked(), now);
        reader.definition(one);
        reader.definition(other);
        let id = |number: usize| Some(SegmentId { index: u32::try_from(number).ok()?, tag: self.engine.tag() });
        let (one, other) = (id(one)?, id(other)?);
        let mut evaluator = self.engine.evaluator();
        self.search(now, Vec::new()).find(&reader.edges, TRIES, |customer, request| {
            evaluator.is_in(customer, request, one) == Ok(true) && evaluator.is_in(customer, request, other) == Ok(true)
        })
    }

    /// Somebody for whom an action of a campaign wins on some channel; else for whom nothing is against it but what it is worth,
    /// which depends on what the program has learnt.
    fn addressed(
        &self,
        program: &Program,
        campaign: &Campaign,
        path: &str,
    ) -> (Instant, Option<Vec<Given>>, Option<Stage>) {
        let rules = self.checked();
        let now = within(campaign, self.moment());
        let mut reader = Reader::new(rules, now);
        campaign.segment.into_iter().for_each(|segment| reader.definition(segment));
        let further_out = rules.clauses.iter().chain(&program.clauses).map(|clause| &clause.when);
        let each_row = campaign.actions.iter().filter_map(|action| action.rows.as_ref());
        each_row.for_each(|rows| reader.catalog(rows.catalog));
        further_out.chain(expressions(campaign)).for_each(|expr| reader.expr(expr, None));
        let treated =
            |channel: usize| campaign.actions.iter().flat_map(|a| &a.treatments).any(|t| t.place.channel == channel);
        let channels = rules.channels.iter().enumerate().filter(|(number, _)| treated(*number));
        // One channel at a time: an action fills but one slot of a decision.
        let ways: Vec<Search<'_>> = channels.map(|(_, channel)| self.search(now, vec![channel.name.clone()])).collect();
        let tries = TRIES.checked_div(ways.len()).unwrap_or_default();
        let won = |search: &Search<'_>| {
            search.find(&reader.edges, tries, |customer, request| {
                self.engine
                    .decide(customer, request)
                    .slots
                    .iter()
                    .filter_map(|slot| slot.action())
                    .any(|chosen| is_under(&chosen.action, path))
            })
        };
        if let Some(given) = ways.iter().find_map(won) {
            return (now, Some(given), None);
        }
        let mut stage = None;
        let weighed = |search: &Search<'_>| {
            search.find(&reader.edges, tries, |customer, request| {
                let explanation = self.engine.explain(customer, request);
                let mut candidates = explanation.slots.iter().flat_map(|slot| &slot.candidates);
                let found = candidates.find(|trace| {
                    let weighed = matches!(trace.left, Some(Stage::Threshold | Stage::Rank));
                    weighed && is_under(&trace.action, path)
                });
                stage = found.and_then(|trace| trace.left).or(stage);
                found.is_some()
            })
        };
        let given = ways.iter().find_map(weighed);
        (now, given, stage)
    }

    fn search(&self, now: Instant, channels: Vec<String>) -> Search<'_> {
        Search { engine: &self.engine, records: &self.records, now, channels }
    }
}

/// The moment, or the first one at which a campaign is valid.
fn within(campaign: &Campaign, now: Instant) -> Instant {
    let action = || campaign.actions.iter().find_map(|action| action.valid);
    match campaign.valid.or_else(action) {
        Some(valid) if now < valid.from || valid.until < now => valid.from,
        _ => now,
    }
}

/// What is asked in a campaign.
fn expressions(campaign: &Campaign) -> impl Iterator<Item = &Expr> {
    let clauses = campaign.clauses.iter().chain(campaign.actions.iter().flat_map(|action| &action.clauses));
    let amounts = campaign.actions.iter().flat_map(|action| action.values().chain(&action.cost));
    let treatments = campaign.actions.iter().flat_map(|action| &action.treatments).flat_map(Treatment::exprs);
    let filters = campaign.actions.iter().filter_map(|action| action.rows.as_ref()?.filter.as_ref());
    clauses.map(|clause| &clause.when).chain(amounts).chain(treatments).chain(filters)
}

/// What is given, as a test would say it.
fn shown(given: &Given) -> String {
    match given {
        Given::Attribute { name, value, .. } => format!("{name} = {}", written(value)),
        Given::Context { name, value } => format!("context.{name} = {}", written(value)),
        Given::Events { kind, count, properties, moment } => {
            format!("{}{}{}", counted(*count, kind), listed(properties), moment_of(moment))
        }
        Given::Row { catalog, columns } => format!("{catalog}{}", listed(columns)),
        Given::Items { list, count, properties } => format!("{}{}", counted(*count, list), listed(properties)),
        Given::Contact { outcome, action, channel, moment, .. } => {
            format!("{outcome} {action} on {channel}{}", moment_of(moment))
        }
        Given::Consent { channel, purpose, .. } => format!("consent {channel}.{purpose}"),
        Given::Segment { definition, is_in } => format!("segment {definition} {is_in}"),
    }
}

pub(super) fn counted(count: u32, name: &str) -> String {
    if count == 1 { name.to_owned() } else { format!("{count} {name}s") }
}

pub(super) fn listed(properties: &[(String, Value)]) -> String {
    if properties.is_empty() {
        return String::new();
    }
    let all: Vec<String> = properties.iter().map(|(name, value)| format!("{name}: {}", written(value))).collect();
    format!(" {{ {} }}", all.join(", "))
}

fn moment_of(moment: &Moment) -> String {
    match moment {
        Moment::At(at) => format!(" at {at}"),
        Moment::Ago(period) => format!(" {period} ago"),
    }
}

/// A value as a rule file writes it.
pub(super) fn written(value: &Value) -> String {
    let list = |values: Vec<String>| format!("[{}]", values.join(", "));
    match value {
        Value::Text(text) => quoted(text),
        Value::Texts(texts) => list(texts.iter().map(|text| quoted(text)).collect()),
        Value::List(values) => list(values.iter().map(written).collect()),
        Value::Point(point) => format!("point({}, {})", point.lat(), point.lon()),
        other => other.to_string(),
    }
}

impl Report {
    /// Those that were sought and not found.
    pub fn missed(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.witness.is_none())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.sought, self.place)?;
        if let Some(stage) = self.left.filter(|_| self.witness.is_some()) {
            write!(f, ", left at {stage}")?;
        }
        match &self.witness {
            None => write!(f, ": not found in {} tries, which proves nothing", self.tries),
            Some(given) if given.is_empty() => write!(f, ": anybody, at {}", self.now),
            Some(given) => write!(f, ":\n  now {}\n  given {}", self.now, given.join(",\n        ")),
        }
    }
}
