//! A group of events: the rows of several kinds as one history, in the order of all events.
//!
//! It is a history like any other, so that windows, filters, measures and sequences know nothing of groups. It holds only
//! where its rows come from; properties are read from the customer. Merged once per customer, in memory that is kept.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::apart::GroupOf;
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

/// The rows of a group's kinds, merged from the newest one back, as far as they are asked for: most questions are about what
/// is recent.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    stamp: Cell<Option<u64>>,
    len: Cell<usize>,
    /// Newest first.
    rows: RefCell<Vec<Place>>,
    /// The newest row of each kind that is not among them yet.
    heads: RefCell<Vec<(usize, Place)>>,
    /// From when on each kind is complete, for those that are not from the first event.
    since: RefCell<Vec<(usize, Instant)>>,
    /// Whether anything is known of any of the kinds.
    known: Cell<bool>,
    /// Where the rows come from, whoever the customer.
    sources: OnceCell<Sources>,
}

/// The kinds of a group.
#[derive(Clone)]
struct Sources(Arc<[(usize, Box<dyn Source>)]>);

/// The rows of one kind, whatever the type of its history.
pub(crate) trait Source: Send + Sync {
    /// How many rows there are, where the newest stands, and since when they are complete; `None` where nothing is known.
    fn extent(&self, cx: &Cx<'_>) -> Option<(usize, Option<Place>, Option<Instant>)>;
    /// Where a row stands among all events.
    fn place(&self, cx: &Cx<'_>, row: usize) -> Option<Place>;
}

/// A kind read by `G` from a customer of type `P`.
pub(super) struct SourceOf<P, G, H> {
    history: Arc<G>,
    kind: usize,
    types: PhantomData<fn(&P) -> &H>,
}

impl<P, G, H> SourceOf<P, G, H> {
    pub fn new(history: Arc<G>, kind: usize) -> Self {
        SourceOf { history, kind, types: PhantomData }
    }

    fn place_in(&self, history: &H, cx: &Cx<'_>, row: usize) -> Place
    where
        H: History,
    {
        Place { at: history.at(cx, row).millis(), sequence: history.sequence(cx, row), kind: self.kind, row }
    }
}

impl<P: 'static, G, H: History> Source for SourceOf<P, G, H>
where
    G: for<'r> Fn(&'r P, &'r Cx<'_>) -> Option<&'r H> + Send + Sync,
{
    fn extent(&self, cx: &Cx<'_>) -> Option<(usize, Option<Place>, Option<Instant>)> {
        let history = (self.history)(cx.customer()?, cx)?;
        let newest = history.len().checked_sub(1).map(|row| self.place_in(history, cx, row));
        Some((history.len(), newest, history.complete_since()))
    }

    fn place(&self, cx: &Cx<'_>, row: usize) -> Option<Place> {
        Some(self.place_in((self.history)(cx.customer()?, cx)?, cx, row))
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(kind, _)| kind)).finish()
    }
}

impl Merged {
    /// Where a row comes from.
    #[inline]
    pub(crate) fn place(&self, cx: &Cx<'_>, row: usize) -> Option<Place> {
        let back = self.len.get().checked_sub(row)?.checked_sub(1)?;
        let there = self.rows.borrow().get(back).copied();
        there.or_else(|| self.reach(cx, back))
    }

    /// Merges until the row that lies so many back is there.
    #[inline(never)]
    fn reach(&self, cx: &Cx<'_>, back: usize) -> Option<Place> {
        let sources = self.sources.get()?;
        let (mut rows, mut heads) = (self.rows.borrow_mut(), self.heads.borrow_mut());
        while rows.len() <= back {
            let (head, &(source, newest)) = heads.iter().enumerate().max_by_key(|(_, (_, place))| *place)?;
            rows.push(newest);
            let before = newest.row.checked_sub(1).zip(sources.0.get(source));
            match before.and_then(|(row, (_, kind))| kind.place(cx, row)) {
                Some(place) => heads.get_mut(head)?.1 = place,
                None => _ = heads.swap_remove(head),
            }
        }
        rows.get(back).copied()
    }

    /// Whether another kind may lack an event that comes after this row.
    pub(crate) fn may_lack_after(&self, cx: &Cx<'_>, row: usize) -> bool {
        let Some(place) = self.place(cx, row) else { return true };
        self.since.borrow().iter().any(|&(kind, since)| kind != place.kind && since.millis() > place.at)
    }

    /// Begins anew, with another customer.
    fn begin(&self, stamp: u64, cx: &Cx<'_>, sources: &Sources) {
        let (mut heads, mut since) = (self.heads.borrow_mut(), self.since.borrow_mut());
        self.rows.borrow_mut().clear();
        heads.clear();
        since.clear();
        let (mut len, mut known) = (0, false);
        for (number, (kind, source)) in self.sources.get_or_init(|| sources.clone()).0.iter().enumerate() {
            match source.extent(cx) {
                // What is not known at all is a history that lacks everything.
                None => since.push((*kind, Instant::MAX)),
                Some((rows, newest, begins)) => {
                    known = true;
                    len += rows;
                    since.extend(begins.map(|begins| (*kind, begins)));
                    heads.extend(newest.map(|newest| (number, newest)));
                }
            }
        }
        self.len.set(len);
        self.known.set(known);
        self.stamp.set(Some(stamp));
    }
}

impl History for Merged {
    fn len(&self) -> usize {
        self.len.get()
    }

    fn at(&self, cx: &Cx<'_>, row: usize) -> Instant {
        self.place(cx, row).map_or(Instant::MAX, |place| Instant::from_millis(place.at))
    }

    fn sequence(&self, cx: &Cx<'_>, row: usize) -> u64 {
        self.place(cx, row).map_or(0, |place| place.sequence)
    }

    fn complete_since(&self) -> Option<Instant> {
        self.since.borrow().iter().map(|(_, since)| *since).max()
    }

    fn as_merged(&self) -> Option<&Merged> {
        Some(self)
    }
}

/// A group as a kind of event.
pub(crate) fn group<P: 'static>(number: usize, group: &Group, kinds: &[Box<dyn Kind<P>>]) -> Box<dyn Kind<P>> {
    let members = || group.members.iter().filter_map(|&member| Some((member, kinds.get(member)?)));
    let sources = Sources(members().map(|(member, kind)| (member, kind.source(member))).collect());
    let leaves = group.properties.iter().map(|(class, places)| {
        let own = || members().zip(places).map(|((member, kind), &property)| (member, kind, property));
        match class {
            Class::Float => {
                let read = own().map(|(member, kind, property)| (member, kind.float_at(property))).collect();
                Leaves::Float(Arc::new(FloatAccess(reader(read).into())))
            }
            Class::Text => {
                let texts = own().map(|(member, kind, property)| (member, kind.text_at(property, Which::Current)));
                Leaves::Text(Arc::new(TextAccess(MemberText(texts.collect()).into())))
            }
            // The checker lets single values through only.
            Class::Word | Class::List | Class::Words | Class::Map => {
                let read = own().map(|(member, kind, property)| (member, kind.word_at(Some(property)))).collect();
                Leaves::Word(Arc::new(WordAccess(reader(read).into())))
            }
        }
    });
    let leaves = Attributes(leaves.collect());
    let merged = Box::new(KindOf::new(history(number, sources), leaves));
    let apart = members().enumerate().map(|(place, (_, kind))| {
        let own = group.properties.iter().map(|(_, places)| places.get(place).copied());
        kind.member(&own.collect::<Option<Vec<_>>>()?)
    });
    match apart.collect() {
        Some(members) => Box::new(GroupOf { merged, members }),
        None => merged,
    }
}

/// The merged rows, begun anew where they are another customer's.
fn history<P: 'static>(
    number: usize,
    sources: Sources,
) -> impl for<'r> Fn(&'r P, &'r Cx<'_>) -> Option<&'r Merged> + Send + Sync + 'static {
    move |_, cx| {
        let merged = cx.scratch.merged(number)?;
        let stamp = cx.scratch.stamp();
        if merged.stamp.get() != Some(stamp) {
            merged.begin(stamp, cx, &sources);
        }
        merged.known.get().then_some(merged)
    }
}

/// Reads a property where the current row has it from.
fn reader<P: 'static, T: 'static>(
    members: Vec<(usize, At<P, T>)>,
) -> impl Fn(&Merged, &Cx<'_>) -> Option<T> + Send + Sync + 'static {
    move |merged, cx| {
        let place = merged.place(cx, cx.row())?;
        let (_, read) = members.iter().find(|(member, _)| *member == place.kind)?;
        read(cx.customer()?, cx, place.row)
    }
}

/// The same of a text.
struct MemberText<P>(Vec<(usize, GetText<P>)>);

impl<P: 'static> ReadText<Merged> for MemberText<P> {
    fn read<'r>(&'r self, merged: &'r Merged, cx: &'r Cx<'_>) -> Option<&'r str> {
        let place = merged.place(cx, cx.row())?;
        let (_, text) = self.0.iter().find(|(member, _)| *member == place.kind)?;
        let outer = cx.row.replace(place.row);
        let text = text.read(cx.customer()?, cx);
        cx.row.set(outer);
        text
    }
}
