//! What conditions read of a customer, with the values at which their answers change.

use std::collections::{BTreeMap, BTreeSet};

use super::values::{near, typical};
use crate::check::tree::{Clause, Constant, Expr, Kind, Place, Rules, Window};
use crate::check::walk;
use crate::schema::{Outcome, Value};
use crate::syntax::ast::AggregateFunction;
use crate::time::{Date, Instant, Zone};

/// Kinds of event and lists of items by number, each with values for its properties.
type Kinds = BTreeMap<usize, BTreeMap<usize, Vec<Value>>>;

/// The edges of conditions.
#[derive(Default)]
pub(super) struct Edges<'r> {
    pub attributes: BTreeMap<usize, Vec<Value>>,
    pub context: BTreeMap<usize, Vec<Value>>,
    pub kinds: Kinds,
    /// Catalogs by number, each with values for its columns.
    pub catalogs: Kinds,
    /// When events may have happened.
    pub moments: BTreeSet<Instant>,
    /// Those of them at which a condition changes its mind.
    pub corners: BTreeSet<Instant>,
    /// How many of them.
    pub counts: BTreeSet<u32>,
    /// What may have come of contacts, and about what.
    pub outcomes: BTreeSet<(Option<usize>, Option<String>)>,
    /// The event clauses that can be asked by themselves, each with the zone that is written around it.
    pub clauses: Vec<(&'r Clause, Option<Zone>)>,
    /// The attributes that are read, maps by key included.
    pub touched: BTreeSet<usize>,
    /// The properties that are read, each behind its kind.
    pub asked: BTreeSet<(usize, usize)>,
    seen: BTreeSet<usize>,
}

impl Edges<'_> {
    /// Moments in the order in which they explain something, a few: the newest of those that conditions name, or of all.
    pub fn telling_moments(&self) -> Vec<Instant> {
        let named = if self.corners.is_empty() { &self.moments } else { &self.corners };
        named.iter().rev().copied().take(MOMENTS).collect()
    }
}

/// So many moments explain something.
const MOMENTS: usize = 10;

/// Reads conditions at one moment.
pub(super) struct Reader<'r> {
    pub rules: &'r Rules,
    pub now: Instant,
    pub edges: Edges<'r>,
    /// That of the definition that is being read.
    zone: Option<Zone>,
}

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

impl<'r> Reader<'r> {
    pub fn new(rules: &'r Rules, now: Instant) -> Self {
        let mut edges = Edges { counts: BTreeSet::from([1, 2, 3]), ..Edges::default() };
        edges.moments.extend(
            [1, 60, 600, 3 * 1440, 10 * 1440, 45 * 1440, 400 * 1440]
                .map(|minutes| now.saturating_sub_millis(minutes * MINUTE)),
        );
        Reader { rules, now, edges, zone: None }
    }

    /// A definition and all that it refers to.
    pub fn definition(&mut self, number: usize) {
        if !self.edges.seen.insert(number) {
            return;
        }
        let Some(definition) = self.rules.definitions.get(number) else { return };
        definition.uses.iter().for_each(|&used| self.definition(used));
        let around = std::mem::replace(&mut self.zone, definition.zone);
        definition.body.exprs().for_each(|expr| self.expr(expr, None));
        self.zone = around;
    }

    /// An expression, inside a clause about this kind of event.
    pub fn expr(&mut self, expr: &'r Expr, row: Option<usize>) {
        self.own(expr, row);
        for clause in walk::clauses(expr) {
            self.kind(clause.event);
            if row.is_none() && stands_alone(clause) {
                self.edges.clauses.push((clause, self.zone));
            }
            if let Some(Window::Civil(window)) = &clause.window {
                let range = window.resolve(self.now, self.rules.zone, self.rules.week_start);
                let inside = range.after.saturating_add_millis(1);
                self.moments([range.after, inside, range.until, middle(inside, range.until)]);
            }
            if let Some(Window::Anchored { length, .. }) = &clause.window {
                self.ago(length.nominal_millis());
            }
        }
        let event = walk::clause(expr).map(|clause| clause.event).or(row);
        for child in walk::children(expr) {
            self.expr(child, event);
        }
    }

    fn own(&mut self, expr: &'r Expr, row: Option<usize>) {
        match &expr.kind {
            Kind::Attribute(place, index) => {
                match (place, row) {
                    (Place::Row, Some(event)) => self.asked(event, *index),
                    (Place::Outer { event, .. }, _) => self.asked(*event, *index),
                    _ => {}
                }
                self.read(*place, *index, row, &[]);
            }
            Kind::Aggregate { clause, property: Some(property), .. }
            | Kind::Edge { clause, property: Some(property), .. } => self.asked(clause.event, *property),
            Kind::Item { place: Place::Customer, index, .. } => _ = self.edges.touched.insert(*index),
            Kind::Definition(number) => self.definition(*number),
            Kind::Compare { left, right, .. } => {
                self.compared(left, right, row);
                self.compared(right, left, row);
            }
            Kind::Between { subject, low, high } => {
                self.compared(subject, low, row);
                self.compared(subject, high, row);
            }
            Kind::In { subject, items, .. } | Kind::Contains { subject, items, .. } => {
                self.constants(subject, items, row);
            }
            Kind::Text { subject, needle, .. } => {
                self.constants(subject, &[Constant::Text(needle.as_str().into())], row);
            }
            Kind::Distance(one, other) => {
                self.compared(one, other, row);
                self.compared(other, one, row);
            }
            // Of a row: every month, every day of the week, every few hours of a day.
            Kind::Part { of, .. } if matches!(of.kind, Kind::RowAt | Kind::OuterAt { .. }) => {
                (1..=12).for_each(|month| self.ago_exactly(month * 30 * DAY));
                (1..=7).for_each(|day| self.ago_exactly(day * DAY));
                (1..=8).for_each(|part| self.ago_exactly(part * DAY / 8));
            }
            Kind::OlderThan { period, .. } => self.ago(period.nominal_millis()),
            Kind::Lifecycle { period, twice, .. } => {
                self.ago(period.nominal_millis());
                self.ago(twice.nominal_millis());
            }
            Kind::Chain(chain) => {
                let within = chain.steps.iter().filter_map(|step| step.within);
                let all: Vec<i64> =
                    within.chain(chain.tail.iter().map(|tail| tail.within)).map(|p| p.nominal_millis()).collect();
                all.iter().for_each(|&millis| self.ago(millis));
            }
            Kind::Outcome { outcome, action, .. } => {
                self.edges.outcomes.insert((outcome.map(|outcome| outcome as usize), action.clone()));
            }
            _ => {}
        }
    }

    /// A value that is compared with another one.
    fn compared(&mut self, subject: &'r Expr, with: &'r Expr, row: Option<usize>) {
        let constant = match &with.kind {
            Kind::Constant(constant) => constant.clone(),
            Kind::Point(latitude, longitude) => match (&latitude.kind, &longitude.kind) {
                (Kind::Constant(Constant::Number(latitude)), Kind::Constant(Constant::Number(longitude))) => {
                    match crate::geo::Point::new(*latitude, *longitude) {
                        Some(point) => Constant::Point(point),
                        None => return,
                    }
                }
                _ => return,
            },
            _ => return,
        };
        match (&subject.kind, &constant) {
            (Kind::TimeSince(_), Constant::Period(period)) => self.ago(period.nominal_millis()),
            (Kind::Age(of), Constant::Int(years)) => {
                let today = self.today();
                let birth = |years: i64| today.plus_months(years.saturating_mul(-12));
                let dates: Vec<Constant> =
                    [*years, years.saturating_add(1)].into_iter().filter_map(birth).map(Constant::Date).collect();
                self.constants(of, &dates, row);
            }
            (
                Kind::Aggregate { function: AggregateFunction::Count, .. } | Kind::Periods { .. },
                Constant::Int(count),
            ) => {
                let near = [count.saturating_sub(1), *count, count.saturating_add(1)];
                self.edges
                    .counts
                    .extend(near.into_iter().filter_map(|count| u32::try_from(count).ok()).filter(|n| *n <= 50));
            }
            _ => self.constants(subject, &[constant], row),
        }
    }

    fn constants(&mut self, subject: &Expr, constants: &[Constant], row: Option<usize>) {
        match &subject.kind {
            Kind::Attribute(place, index) => self.read(*place, *index, row, constants),
            Kind::Aggregate { clause, property: Some(property), .. }
            | Kind::Edge { clause, property: Some(property), .. } => {
                self.read(Place::Row, *property, Some(clause.event), constants);
            }
            Kind::Arithmetic { left, right, .. } => {
                self.constants(left, constants, row);
                self.constants(right, constants, row);
            }
            Kind::Share { of, .. } | Kind::ToNumber(of) | Kind::Anniversary(of) | Kind::Version { of, .. } => {
                self.constants(of, constants, row);
            }
            // What a definition is compared with may be what it is made of.
            Kind::Definition(number) => {
                let Some(definition) = self.rules.definitions.get(*number) else { return };
                definition.body.exprs().for_each(|body| self.constants(body, constants, None));
            }
            _ => {}
        }
    }

    /// Something that is read, and constants that it is held against.
    fn read(&mut self, place: Place, index: usize, row: Option<usize>, constants: &[Constant]) {
        let (attribute, values) = match (place, row) {
            (Place::Customer, _) => {
                self.edges.touched.insert(index);
                (self.rules.shape.attributes.get(index), self.edges.attributes.entry(index))
            }
            (Place::Context, _) => (self.rules.context.get(index), self.edges.context.entry(index)),
            (Place::Catalog(catalog), _) => {
                let columns = self.rules.catalogs.get(catalog).map(|catalog| &catalog.columns);
                let values = self.edges.catalogs.entry(catalog).or_default();
                (columns.and_then(|columns| columns.get(index)), values.entry(index))
            }
            (Place::Row, Some(event)) | (Place::Outer { event, .. }, _) => {
                let properties = self.rules.shape.events.get(event).map(|event| &event.properties);
                let values = self.edges.kinds.entry(event).or_default();
                (properties.and_then(|properties| properties.get(index)), values.entry(index))
            }
            (Place::List | Place::Row, _) => return,
        };
        let Some(attribute) = attribute else { return };
        let today = self.rules.zone.date_of(self.now);
        let values = values.or_insert_with(|| typical(attribute, today, self.now));
        for value in constants.iter().flat_map(|constant| near(constant, &attribute.ty)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }

    /// A property that is read, of a kind of event or of each kind of a group.
    fn asked(&mut self, event: usize, property: usize) {
        let Some(group) = self.rules.group(event) else {
            self.edges.asked.insert((event, property));
            return;
        };
        let of = group.properties.get(property).into_iter().flatten();
        self.edges.asked.extend(group.members.iter().copied().zip(of.copied()));
    }

    /// A catalog, with values for all of its columns.
    pub fn catalog(&mut self, number: usize) {
        let columns = self.rules.catalogs.get(number).map_or(0, |catalog| catalog.columns.len());
        (0..columns).for_each(|index| self.read(Place::Catalog(number), index, None, &[]));
    }

    /// A kind of event, or its kinds if it is a group: with values for all of its properties.
    fn kind(&mut self, event: usize) {
        match self.rules.group(event) {
            Some(group) => group.members.iter().for_each(|&member| self.kind(member)),
            None if self.rules.contacts() == Some(event) => {}
            None => {
                let properties = self.rules.shape.events.get(event).map_or(0, |event| event.properties.len());
                self.edges.kinds.entry(event).or_default();
                (0..properties).for_each(|index| self.read(Place::Row, index, Some(event), &[]));
            }
        }
    }

    /// An event so long ago, just within and just without.
    fn ago(&mut self, millis: i64) {
        let edge = self.now.saturating_sub_millis(millis);
        self.moments([
            edge,
            edge.saturating_add_millis(MINUTE),
            edge.saturating_sub_millis(MINUTE),
            middle(edge, self.now),
        ]);
        self.moments([edge.saturating_sub_millis(DAY), edge.saturating_sub_millis(millis / 2)]);
    }

    fn ago_exactly(&mut self, millis: i64) {
        self.moments([self.now.saturating_sub_millis(millis)]);
    }

    fn moments(&mut self, moments: impl IntoIterator<Item = Instant>) {
        let now = self.now;
        let sane = |at: &Instant| *at <= now && at.millis() > now.millis().saturating_sub(40 * 365 * DAY);
        for at in moments.into_iter().filter(sane) {
            self.edges.moments.insert(at);
            self.edges.corners.insert(at);
        }
    }

    fn today(&self) -> Date {
        let zone: Zone = self.rules.zone;
        zone.date_of(self.now)
    }
}

/// Whether a clause asks of nothing further out: of no event of another clause, and of no row that an action is made of.
fn stands_alone(clause: &Clause) -> bool {
    let (mut own, mut asked) = (BTreeSet::from_iter(clause.alias), BTreeSet::new());
    let mut rows = false;
    let mut note = |expr: &Expr| {
        own.extend(walk::clauses(expr).into_iter().filter_map(|clause| clause.alias));
        match expr.kind {
            Kind::OuterAt { slot, .. } => _ = asked.insert(slot),
            Kind::Attribute(place, _) | Kind::Item { place, .. } => match place {
                Place::Outer { slot, .. } => _ = asked.insert(slot),
                Place::Catalog(_) => rows = true,
                _ => {}
            },
            _ => {}
        }
    };
    walk::inside(clause).into_iter().for_each(|expr| walk::each(expr, &mut note));
    !rows && asked.is_subset(&own)
}

fn middle(one: Instant, other: Instant) -> Instant {
    one.saturating_add_millis(other.millis().saturating_sub(one.millis()) / 2)
}

/// The outcome of a number.
pub(super) fn outcome(number: Option<usize>) -> Option<Outcome> {
    Outcome::ALL.get(number?).copied()
}
