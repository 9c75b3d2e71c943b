//! What rules need to know of a customer.

use serde::Serialize;

use super::Engine;
use crate::check::tree::{Again, Clause, Expr, Kind, Measure, Place, Rules, Window};
use crate::check::walk;
use crate::schema::Sharing;
use crate::syntax::ast::Side;
use crate::time::Period;

/// What a host has to load before rules can be asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Needs {
    /// Attributes of the customer, in the order of the schema, and then its lists of items.
    pub attributes: Vec<String>,
    /// Attributes of which it has to be known as of when they are.
    pub as_of: Vec<String>,
    /// Lists that the program keeps.
    pub lists: Vec<String>,
    /// Values of the context.
    pub context: Vec<String>,
    /// Events, and how far back.
    pub events: Vec<EventNeed>,
    /// Consents, as `channel.purpose`.
    pub consents: Vec<String>,
    /// What the values of attributes are for, so that a consent to it is needed, on whatever channel.
    pub purposes: Vec<String>,
    /// What customers are ranked by: a population has to be given with the request.
    pub population: Vec<String>,
    /// Contacts, and how far back; `None` where no rule looks at them.
    pub contacts: Option<LookBack>,
    /// With whom contacts are counted together, so that theirs are needed too.
    pub shared: Vec<Sharing>,
}

/// A kind of event that rules look at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EventNeed {
    /// Its name.
    pub event: String,
    /// How far back.
    pub look_back: LookBack,
}

/// How much of a history rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LookBack {
    /// So much of it, counted back from `now`.
    Last(Period),
    /// All of it.
    Everything,
}

impl LookBack {
    fn or(self, other: LookBack) -> LookBack {
        match (self, other) {
            (LookBack::Last(a), LookBack::Last(b)) => LookBack::Last(if a.cmp_approx(&b).is_ge() { a } else { b }),
            _ => LookBack::Everything,
        }
    }
}

impl<P: Send + Sync + 'static> Engine<P> {
    /// What has to be loaded of a customer, so that no rule finds missing what the host could have given.
    pub fn needs(&self) -> Needs {
        Collect::of(self.rules())
    }
}

struct Collect<'r> {
    rules: &'r Rules,
    attributes: Vec<bool>,
    lists: Vec<bool>,
    context: Vec<bool>,
    events: Vec<Option<LookBack>>,
    consents: Vec<String>,
    /// Of maps.
    keys: Vec<&'r str>,
}

/// What rules read of a customer, by number.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub attributes: Vec<usize>,
    pub lists: Vec<usize>,
    /// Kinds of events and lists of items, without groups and contacts.
    pub events: Vec<usize>,
    /// Keys of maps, of whatever map.
    pub keys: Vec<String>,
}

impl Read {
    pub fn of(rules: &Rules) -> Self {
        Self::found(Collect::collected(rules))
    }

    /// What expressions read, by themselves.
    pub fn of_all(rules: &Rules, exprs: &[&Expr]) -> Self {
        let mut found = Collect::new(rules);
        exprs.iter().for_each(|expr| found.expr(expr));
        Self::found(found)
    }

    fn found(found: Collect<'_>) -> Self {
        let rules = found.rules;
        let numbers = |marks: &[bool]| (0..).zip(marks).filter(|(_, mark)| **mark).map(|(number, _)| number).collect();
        let mut attributes = found.attributes;
        rules.shape.id.into_iter().for_each(|id| mark(&mut attributes, id));
        let read: Vec<bool> = found.events.iter().map(Option::is_some).collect();
        let mut keys: Vec<String> = found.keys.into_iter().map(str::to_owned).collect();
        keys.sort_unstable();
        keys.dedup();
        let events: Vec<usize> = numbers(&read);
        let contacts = rules.contacts();
        let events = events.into_iter().filter(|kind| Some(*kind) != contacts && rules.group(*kind).is_none());
        Read { attributes: numbers(&attributes), lists: numbers(&found.lists), events: events.collect(), keys }
    }
}

impl<'r> Collect<'r> {
    fn of(rules: &'r Rules) -> Needs {
        Self::collected(rules).finish()
    }

    fn new(rules: &'r Rules) -> Self {
        Collect {
            rules,
            attributes: vec![false; rules.shape.attributes.len()],
            lists: vec![false; rules.shape.lists.len()],
            context: vec![false; rules.context.len()],
            events: vec![None; rules.shape.events.len()],
            consents: Vec::new(),
            keys: Vec::new(),
        }
    }

    fn collected(rules: &'r Rules) -> Self {
        let mut needs = Self::new(rules);
        let mut days = false;
        for definition in &rules.definitions {
            definition.body.exprs().for_each(|expr| needs.expr(expr));
            days |= definition.zone.is_none();
        }
        rules.catalogue_expressions().for_each(|expr| needs.expr(expr));
        days |= !rules.programs.is_empty();
        // Days are counted in the customer's zone wherever the rule names none.
        for index in rules.shape.zone.into_iter().filter(|_| days) {
            mark(&mut needs.attributes, index);
        }
        needs
    }

    fn expr(&mut self, expr: &'r Expr) {
        walk::each(expr, &mut |inner| {
            if let Kind::Item { key, .. } = &inner.kind {
                self.keys.push(key);
            }
            self.one(inner);
        });
    }

    fn one(&mut self, inner: &'r Expr) {
        match &inner.kind {
            Kind::Attribute(Place::Customer, index) | Kind::Item { place: Place::Customer, index, .. } => {
                mark(&mut self.attributes, *index)
            }
            Kind::Attribute(Place::List, index) => mark(&mut self.lists, *index),
            Kind::Attribute(Place::Context, index) => mark(&mut self.context, *index),
            Kind::Bucket { .. } | Kind::Standing { measure: Measure::Ntile { .. }, .. } => {
                self.rules.shape.id.into_iter().for_each(|id| mark(&mut self.attributes, id))
            }
            Kind::Consent { channel, purpose, .. } => self.consents.push(format!("{channel}.{purpose}")),
            _ => {
                for clause in walk::clauses(inner) {
                    let back = clause.window.as_ref().and_then(Window::civil).and_then(|window| window.look_back());
                    let back = back.map_or(LookBack::Everything, LookBack::Last);
                    // What comes after an event is asked for with the event.
                    if follows_its_kind(clause) {
                        continue;
                    }
                    let one = [clause.event];
                    let kinds = self.rules.group(clause.event).map_or(&one[..], |group| &group.members);
                    for &kind in kinds {
                        if let Some(place) = self.events.get_mut(kind) {
                            *place = Some(place.map_or(back, |before| before.or(back)));
                        }
                    }
                }
            }
        }
    }

    fn finish(mut self) -> Needs {
        let names = |attributes: &[crate::schema::Attribute], marks: &[bool]| {
            attributes.iter().zip(marks).filter(|(_, mark)| **mark).map(|(a, _)| a.name.clone()).collect()
        };
        let channels = self.rules.channels.iter().filter_map(|channel| channel.consent.as_ref());
        self.consents.extend(channels.map(|(channel, purpose)| format!("{channel}.{purpose}")));
        self.consents.sort_unstable();
        self.consents.dedup();
        let named = self.rules.shape.events.iter().zip(&self.events);
        let named = named.take(self.rules.contacts().unwrap_or(usize::MAX));
        let lists = named.clone().filter(|(event, back)| event.timeless && back.is_some());
        let events = named
            .filter(|(event, _)| !event.timeless)
            .filter_map(|(event, back)| Some(EventNeed { event: event.name.clone(), look_back: (*back)? }));
        let mut population: Vec<String> = self.rules.standings.iter().map(|standing| standing.text.clone()).collect();
        population.sort_unstable();
        population.dedup();
        let dated: Vec<bool> = self
            .rules
            .shape
            .attributes
            .iter()
            .zip(&self.attributes)
            .map(|(attribute, mark)| *mark && attribute.fresh().is_some())
            .collect();
        let read = self.rules.shape.attributes.iter().zip(&self.attributes).filter(|(_, mark)| **mark);
        let purposes: std::collections::BTreeSet<_> =
            read.filter_map(|(read, _)| read.provenance.as_ref()?.purpose.clone()).collect();
        Needs {
            purposes: purposes.into_iter().collect(),
            as_of: names(&self.rules.shape.attributes, &dated),
            attributes: {
                let attributes: Vec<String> = names(&self.rules.shape.attributes, &self.attributes);
                attributes.into_iter().chain(lists.map(|(list, _)| list.name.clone())).collect()
            },
            lists: names(&self.rules.shape.lists, &self.lists),
            context: names(&self.rules.context, &self.context),
            events: events.collect(),
            contacts: self.contacts(),
            shared: self.rules.policy.sharings().into_iter().collect(),
            population,
            consents: self.consents,
        }
    }

    fn contacts(&self) -> Option<LookBack> {
        let policy = &self.rules.policy;
        let limits = policy.caps.iter().filter_map(|cap| cap.limit);
        let caps = limits.map(|limit| limit.window.look_back().map_or(LookBack::Everything, LookBack::Last));
        let rests = policy.rests.iter().map(|rest| LookBack::Last(both(rest.length, rest.within)));
        // Which contact begins an entry that lasts depends on all before it.
        let entries = self.rules.campaigns().filter_map(|campaign| match campaign.entry.again {
            _ if campaign.entry.lasts() => Some(LookBack::Everything),
            Again::Every => None,
            Again::Once => Some(LookBack::Everything),
            Again::After(rest, _) => Some(LookBack::Last(rest)),
        });
        let asked = self.rules.contacts().and_then(|contacts| self.events.get(contacts).copied().flatten());
        caps.chain(rests).chain(entries).chain(asked).reduce(LookBack::or)
    }
}

/// One amount of time after another.
fn both(a: Period, b: Period) -> Period {
    Period {
        months: a.months.saturating_add(b.months),
        days: a.days.saturating_add(b.days),
        millis: a.millis.saturating_add(b.millis),
    }
}

/// Whether a clause is only about what comes after an event of the same kind further out.
fn follows_its_kind(clause: &Clause) -> bool {
    matches!(&clause.window, Some(Window::Anchored { side: Side::After, anchor, .. })
        if matches!(anchor.kind, Kind::OuterAt { event, .. } if event == clause.event))
}

fn mark(marks: &mut [bool], index: usize) {
    if let Some(mark) = marks.get_mut(index) {
        *mark = true;
    }
}
