//! A group of events: the rows of several kinds as one history, in the order of all events.
//!
//! It is a history like any other, so that windows, filters, measures and sequences know nothing of groups. It holds only
//! where its rows come from; properties are read from the customer. Built once per customer, in memory that is kept.

use std::cell::{Cell, RefCell};

use super::kind::{At, Kind, KindOf, Which};
use super::place::Place;
use crate::leaf::float::FloatAccess;
use crate::leaf::getter::{GetText, ReadText};
use crate::leaf::plan::{Class, Group};
use crate::leaf::scope::Attributes;
use crate::leaf::text::TextAccess;
use crate::leaf::word::{Leaves, WordAccess};
use crate::leaf::{Cx, History};
use crate::time::Instant;

/// The rows of a group's kinds.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    stamp: Cell<Option<u64>>,
    rows: RefCell<Vec<Place>>,
    /// From when on each kind is complete, for those that are not from the first event.
    since: RefCell<Vec<(usize, Instant)>>,
    /// Whether anything is known of any of the kinds.
    known: Cell<bool>,
}

/// Adds the rows of a kind to those of others; `None` where nothing is known of it, else since when it is complete.
pub(crate) type Merge<P> = Box<dyn Fn(&P, &Cx<'_>, usize, &mut Vec<Place>) -> Option<Option<Instant>> + Send + Sync>;

impl Merged {
    /// Where a row comes from.
    pub(crate) fn place(&self, row: usize) -> Option<Place> {
        self.rows.borrow().get(row).copied()
    }

    /// Whether another kind may lack an event that comes after this row.
    pub(crate) fn may_lack_after(&self, row: usize) -> bool {
        let Some(place) = self.place(row) else { return true };
        self.since.borrow().iter().any(|&(kind, since)| kind != place.kind && since.millis() > place.at)
    }

    fn build<P>(&self, stamp: u64, p: &P, cx: &Cx<'_>, merges: &[(usize, Merge<P>)]) {
        let (mut rows, mut since) = (self.rows.borrow_mut(), self.since.borrow_mut());
        rows.clear();
        since.clear();
        self.known.set(false);
        for (kind, merge) in merges {
            match merge(p, cx, *kind, &mut rows) {
                // What is not known at all is a history that lacks everything.
                None => since.push((*kind, Instant::MAX)),
                Some(begins) => {
                    self.known.set(true);
                    since.extend(begins.map(|begins| (*kind, begins)));
                }
            }
        }
        self.stamp.set(Some(stamp));
    }
}

impl History for Merged {
    fn len(&self) -> usize {
        self.rows.borrow().len()
    }

    fn at(&self, row: usize) -> Instant {
        self.place(row).map_or(Instant::MAX, |place| Instant::from_millis(place.at))
    }

    fn sequence(&self, row: usize) -> u64 {
        self.place(row).map_or(0, |place| place.sequence)
    }

    fn complete_since(&self) -> Option<Instant> {
        self.since.borrow().iter().map(|(_, since)| *since).max()
    }

    fn as_merged(&self) -> Option<&Merged> {
        Some(self)
    }
}

/// Puts the rows of a history between those that are there, both in order, from the last one backward: in place.
pub(super) fn merge<H: History>(history: &H, kind: usize, rows: &mut Vec<Place>) {
    let place = |row: usize| Place { at: history.at(row).millis(), sequence: history.sequence(row), kind, row };
    let (mut before, mut new) = (rows.len(), history.len());
    rows.resize(before + new, Place::default());
    while new > 0 {
        let own = place(new - 1);
        let next = match before.checked_sub(1).and_then(|last| rows.get(last)).copied() {
            Some(other) if other > own => {
                before -= 1;
                other
            }
            _ => {
                new -= 1;
                own
            }
        };
        if let Some(slot) = rows.get_mut(before + new) {
            *slot = next;
        }
    }
}

/// A group as a kind of event.
pub(crate) fn group<P: 'static>(number: usize, group: &Group, kinds: &[Box<dyn Kind<P>>]) -> Box<dyn Kind<P>> {
    let members = || group.members.iter().filter_map(|&member| Some((member, kinds.get(member)?)));
    let merges: Vec<(usize, Merge<P>)> = members().map(|(member, kind)| (member, kind.merge())).collect();
    let leaves = group.properties.iter().map(|(class, places)| {
        let own = || members().zip(places).map(|((member, kind), &property)| (member, kind, property));
        match class {
            Class::Float => {
                let read = own().map(|(member, kind, property)| (member, kind.float_at(property))).collect();
                Leaves::Float(Box::new(FloatAccess(reader(read).into())))
            }
            Class::Text => {
                let texts = own().map(|(member, kind, property)| (member, kind.text_at(property, Which::Current)));
                Leaves::Text(Box::new(TextAccess(MemberText(texts.collect()).into())))
            }
            // The checker lets single values through only.
            Class::Word | Class::List | Class::Words | Class::Map => {
                let read = own().map(|(member, kind, property)| (member, kind.word_at(Some(property)))).collect();
                Leaves::Word(Box::new(WordAccess(reader(read).into())))
            }
        }
    });
    let leaves = Attributes(leaves.collect());
    Box::new(KindOf::new(history(number, merges), leaves))
}

/// The merged rows, which are made first where they are another customer's.
fn history<P: 'static>(
    number: usize,
    merges: Vec<(usize, Merge<P>)>,
) -> impl for<'r> Fn(&'r P, &'r Cx<'_>) -> Option<&'r Merged> + Send + Sync + 'static {
    move |p, cx| {
        let merged = cx.scratch.merged(number)?;
        let stamp = cx.scratch.stamp();
        if merged.stamp.get() != Some(stamp) {
            merged.build(stamp, p, cx, &merges);
        }
        merged.known.get().then_some(merged)
    }
}

/// Reads a property where the current row has it from.
fn reader<P: 'static, T: 'static>(
    members: Vec<(usize, At<P, T>)>,
) -> impl Fn(&Merged, &Cx<'_>) -> Option<T> + Send + Sync + 'static {
    move |merged, cx| {
        let place = merged.place(cx.row())?;
        let (_, read) = members.iter().find(|(member, _)| *member == place.kind)?;
        read(cx.customer()?, cx, place.row)
    }
}

/// The same of a text.
struct MemberText<P>(Vec<(usize, GetText<P>)>);

impl<P: 'static> ReadText<Merged> for MemberText<P> {
    fn read<'r>(&'r self, merged: &'r Merged, cx: &'r Cx<'_>) -> Option<&'r str> {
        let place = merged.place(cx.row())?;
        let (_, text) = self.0.iter().find(|(member, _)| *member == place.kind)?;
        let outer = cx.row.replace(place.row);
        let text = text.read(cx.customer()?, cx);
        cx.row.set(outer);
        text
    }
}
