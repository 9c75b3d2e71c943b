//! The search for the fewest changes, level by level, each tried by deciding with it.
//!
//! A change is only tried where it bears on what stops the action: if some changes make it win, then with any of them still
//! undone it is stopped by something that one of the others bears on. So the search finds the fewest there are among those it
//! knows of.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use super::bearing::Bearing;
use super::change::changed;
use super::past::Asked;
use super::{Answer, Change};
use crate::check::tree::{Action, Campaign, Rules};
use crate::compile::{Engine, Request};
use crate::explain::Fate;
use crate::schema::Record;

/// How far is searched.
#[derive(Clone, Copy)]
pub(super) struct Bound {
    /// So many changes at most are made at once,
    pub most: usize,
    /// and so many decisions.
    pub tries: usize,
}

impl Bound {
    pub const FULL: Bound = Bound { most: 4, tries: 6_000 };
    pub const SHORT: Bound = Bound { most: 2, tries: 400 };

    /// So many decisions more may be made to find out which rows need not be gone.
    const GIVEN_BACK: usize = 200;
}

/// A search for the fewest changes.
pub(super) struct Search<'s> {
    pub engine: &'s Engine<Record>,
    pub rules: &'s Rules,
    pub customer: &'s Record,
    request: &'s Request,
    number: usize,
    row: Option<&'s str>,
    pub path: &'s str,
    pub campaign: &'s Campaign,
    pub action: &'s Action,
    fixed: &'s [&'s str],
    /// Event clauses that have been made ready to be asked.
    pub asked: RefCell<Vec<Asked<'s>>>,
    /// Changes that have been thought of, each once.
    known: Vec<Change>,
    numbers: HashMap<String, usize>,
    bound: Bound,
    tries: usize,
}

impl<'s> Search<'s> {
    /// For the action of a number and a path, or for one of its rows.
    pub fn new(
        engine: &'s Engine<Record>,
        (customer, request): (&'s Record, &'s Request),
        (number, path, campaign, action): (usize, &'s str, &'s Campaign, &'s Action),
        row: Option<&'s str>,
        fixed: &'s [&'s str],
        bound: Bound,
    ) -> Self {
        Search {
            engine,
            rules: engine.rules(),
            customer,
            request,
            number,
            row,
            path,
            campaign,
            action,
            fixed,
            asked: RefCell::default(),
            known: Vec::new(),
            numbers: HashMap::new(),
            bound,
            tries: 0,
        }
    }

    /// How many decisions have been made.
    pub fn tries(&self) -> usize {
        self.tries
    }

    /// Whether something of a name is to stay as it is.
    pub fn is_fixed(&self, name: &str) -> bool {
        self.fixed.contains(&name)
    }

    /// Level by level: first all single changes, then all pairs of which each bears on what the other leaves.
    pub fn answer(&mut self, first: Vec<Fate>) -> Answer {
        if wins(&first) {
            return Answer::Wins;
        }
        let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
        let mut level = vec![(Vec::new(), first)];
        for _ in 0..self.bound.most {
            let tries = self.next(&level, &mut seen);
            if tries.is_empty() {
                return Answer::Never;
            }
            level.clear();
            for (_, made) in tries {
                if self.tries >= self.bound.tries {
                    return Answer::NotFound;
                }
                let fates = self.fates(&made);
                if wins(&fates) {
                    let changes = self.changes(&made);
                    return Answer::Changes(self.no_more_than_needed(changes));
                }
                level.push((made, fates));
            }
        }
        Answer::NotFound
    }

    /// Each of these with one change more, the lightest first.
    fn next(&mut self, level: &[(Vec<usize>, Vec<Fate>)], seen: &mut BTreeSet<Vec<usize>>) -> Vec<(usize, Vec<usize>)> {
        let room = self.bound.tries.saturating_sub(self.tries).saturating_mul(8);
        let mut next = Vec::new();
        for (made, fates) in level {
            if next.len() >= room {
                break;
            }
            for number in self.relevant(made, fates) {
                let mut more: Vec<usize> = made.iter().copied().chain([number]).collect();
                more.sort_unstable();
                if !self.clash(made, number) && seen.insert(more.clone()) {
                    let weights = more.iter().filter_map(|&number| self.known.get(number)).map(Change::weight);
                    next.push((weights.sum(), more));
                }
            }
        }
        next.sort_by_key(|(weight, _)| *weight);
        next
    }

    /// In the order of their kinds.
    fn changes(&self, numbers: &[usize]) -> Vec<Change> {
        let mut changes: Vec<Change> = numbers.iter().filter_map(|&number| self.known.get(number).cloned()).collect();
        changes.sort_by_key(Change::rank);
        changes
    }

    /// Whether a change is about the same as one that is made.
    fn clash(&self, made: &[usize], number: usize) -> bool {
        let Some(new) = self.known.get(number) else { return true };
        made.iter().filter_map(|&number| self.known.get(number)).any(|old| match (old, new) {
            (Change::Attribute { name: old, .. }, Change::Attribute { name: new, .. })
            | (Change::Context { name: old, .. }, Change::Context { name: new, .. }) => old == new,
            (Change::Later(_), Change::Later(_)) => true,
            _ => old == new,
        })
    }

    /// What becomes of the action with some changes, place by place.
    pub fn fates(&mut self, made: &[usize]) -> Vec<Fate> {
        self.fates_with(&self.changes(made))
    }

    fn fates_with(&mut self, changes: &[Change]) -> Vec<Fate> {
        self.tries += 1;
        let (customer, request) = changed(self.customer, self.request, changes);
        self.engine.fates(&customer, &request, self.number, self.row)
    }

    /// What bears on what stops the action, by number.
    fn relevant(&mut self, made: &[usize], fates: &[Fate]) -> Vec<usize> {
        let with = changed(self.customer, self.request, &self.changes(made));
        let mut bearing = Bearing::new(self, with);
        fates.iter().for_each(|fate| bearing.on(fate));
        let mut found = bearing.found();
        found.sort_by_key(Change::rank);
        let mut numbers = Vec::new();
        for change in found {
            let key = format!("{change:?}");
            let place = self.known.len();
            let number = *self.numbers.entry(key).or_insert(place);
            if number == place {
                self.known.push(change);
            }
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }

    /// The same changes, of which those that take rows away take no more than must go, and none of which has become needless
    /// by that.
    fn no_more_than_needed(&mut self, mut changes: Vec<Change>) -> Vec<Change> {
        let last = self.tries.saturating_add(Bound::GIVEN_BACK);
        loop {
            let before = changes.clone();
            for place in 0..changes.len() {
                self.give_back(&mut changes, place, last);
            }
            let mut place = 0;
            while place < changes.len() && changes.len() > 1 && self.tries < last {
                let mut fewer = changes.clone();
                fewer.remove(place);
                if wins(&self.fates_with(&fewer)) { changes = fewer } else { place += 1 }
            }
            if changes == before || self.tries >= last {
                return changes;
            }
        }
    }

    /// Of the rows that one change takes away half are given back, or the other half, then quarters, and so on.
    fn give_back(&mut self, changes: &mut [Change], place: usize, last: usize) {
        let gone = changes.get(place).map_or(0, Change::rows_gone);
        let (mut kept, mut part) = (vec![true; gone], gone.div_ceil(2));
        while part > 0 && gone > 1 {
            for from in (0..gone).step_by(part) {
                let mut fewer = kept.clone();
                fewer.iter_mut().skip(from).take(part).for_each(|kept| *kept = false);
                if fewer == kept || self.tries >= last {
                    continue;
                }
                let mut with = changes.to_vec();
                with.iter_mut().skip(place).take(1).for_each(|change| only(change, &fewer));
                if wins(&self.fates_with(&with)) {
                    kept = fewer;
                }
            }
            part = if part == 1 { 0 } else { part.div_ceil(2) };
        }
        changes.iter_mut().skip(place).take(1).for_each(|change| only(change, &kept));
    }
}

/// Takes away only those of its rows that are still marked.
fn only(change: &mut Change, kept: &[bool]) {
    let mut marks = kept.iter().copied();
    let mut kept = || marks.next().unwrap_or_default();
    match change {
        Change::NoItems { places, all, .. } => {
            let before = places.len();
            places.retain(|_| kept());
            *all &= places.len() == before;
        }
        Change::NoEvents { rows, all, .. } => {
            let before = rows.len();
            rows.retain(|_| kept());
            *all &= rows.len() == before;
        }
        Change::NoContacts { contacts, .. } => contacts.retain(|_| kept()),
        _ => {}
    }
}

fn wins(fates: &[Fate]) -> bool {
    fates.iter().any(|fate| fate.left.is_none())
}
