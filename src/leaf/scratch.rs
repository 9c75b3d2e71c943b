//! The working memory of an evaluation: what is shared between rules for one customer at one moment.
//!
//! Words without lifetime, stamped, so that forgetting everything is adding one to a number. Cells, because an
//! evaluation runs through `&Cx`: texts can then be borrowed from the customer while slots are being filled.

use std::any::Any;
use std::cell::{Cell, RefCell};

use super::Moment;
use super::fold::Merged;
use super::fold::sequence::Cursor;
use super::index::Index;

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Not computable: missing.
    Missing,
    /// This word.
    Known(i64),
    /// This count or more: the history starts after the window does.
    AtLeast(i64),
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    stamp: u64,
    state: u8,
    word: i64,
}

/// Reusable working memory; grows to the size of the ruleset once and then allocates no more.
#[derive(Debug, Default)]
pub struct Scratch {
    stamp: Cell<u64>,
    moment: Cell<Option<Moment>>,
    moment_stamp: Cell<u64>,
    times: Vec<Cell<(u64, i64, i64)>>,
    aggregates: Vec<Cell<Slot>>,
    values: Vec<Cell<Slot>>,
    conditions: Vec<Cell<Slot>>,
    buffers: RefCell<Vec<Vec<i64>>>,
    cursors: RefCell<Vec<Vec<Cursor>>>,
    indexes: Vec<RefCell<Index>>,
    groups: Vec<Merged>,
    /// The rows that clauses keep for those further in.
    rows: [Cell<usize>; KEPT_ROWS],
    /// What whoever evaluates keeps for the next time.
    kept: RefCell<Option<Box<dyn Any + Send>>>,
}

/// So many clauses inside each other can keep their rows.
pub(crate) const KEPT_ROWS: usize = 8;

const MISSING: u8 = 0;
const KNOWN: u8 = 1;
const AT_LEAST: u8 = 2;

/// How many of each thing a ruleset keeps.
pub(crate) struct Room {
    pub times: usize,
    pub aggregates: usize,
    pub values: usize,
    pub conditions: usize,
    pub indexes: usize,
    pub groups: usize,
}

impl Scratch {
    /// Makes room for so many of each.
    pub(crate) fn sized(room: Room) -> Self {
        let Room { times, aggregates, values, conditions, indexes, groups } = room;
        Scratch {
            times: vec![Cell::new((0, 0, 0)); times],
            aggregates: vec![Cell::default(); aggregates],
            values: vec![Cell::default(); values],
            conditions: vec![Cell::default(); conditions],
            indexes: (0..indexes).map(|_| RefCell::default()).collect(),
            groups: (0..groups).map(|_| Merged::default()).collect(),
            ..Scratch::default()
        }
    }

    /// Forgets the last customer.
    #[inline]
    pub(crate) fn forget(&self) {
        self.stamp.set(self.stamp.get().wrapping_add(1));
    }

    /// Moves to a moment; resolved times are kept while it stays the same.
    #[inline]
    pub(crate) fn at(&self, moment: Moment) {
        if self.moment.get() != Some(moment) {
            self.moment.set(Some(moment));
            self.moment_stamp.set(self.moment_stamp.get().wrapping_add(1));
        }
    }

    #[inline]
    pub(crate) fn time(&self, id: usize) -> Option<(i64, i64)> {
        let (stamp, low, high) = self.times.get(id)?.get();
        (stamp == self.moment_stamp.get()).then_some((low, high))
    }

    pub(crate) fn keep_time(&self, id: usize, low: i64, high: i64) {
        if let Some(cell) = self.times.get(id) {
            cell.set((self.moment_stamp.get(), low, high));
        }
    }

    pub(crate) fn aggregate(&self, id: usize, compute: impl FnOnce() -> Found) -> Found {
        self.cached(&self.aggregates, id, compute)
    }

    pub(crate) fn value(&self, id: usize, compute: impl FnOnce() -> Found) -> Found {
        self.cached(&self.values, id, compute)
    }

    fn cached(&self, slots: &[Cell<Slot>], id: usize, compute: impl FnOnce() -> Found) -> Found {
        let Some(cell) = slots.get(id) else { return compute() };
        let slot = cell.get();
        if slot.stamp == self.stamp.get() {
            return match slot.state {
                KNOWN => Found::Known(slot.word),
                AT_LEAST => Found::AtLeast(slot.word),
                _ => Found::Missing,
            };
        }
        let found = compute();
        let (state, word) = match found {
            Found::Missing => (MISSING, 0),
            Found::Known(word) => (KNOWN, word),
            Found::AtLeast(word) => (AT_LEAST, word),
        };
        cell.set(Slot { stamp: self.stamp.get(), state, word });
        found
    }

    /// A named condition as asked: bit 0 says whether *definitely true* was asked before, bit 1 its answer, bits 2 and 3
    /// the same for *definitely false*.
    pub(crate) fn condition(&self, id: usize, want: bool, compute: impl FnOnce() -> bool) -> bool {
        let Some(cell) = self.conditions.get(id) else { return compute() };
        let shift = if want { 0 } else { 2 };
        let slot = cell.get();
        if slot.stamp == self.stamp.get() && slot.state >> shift & 1 == 1 {
            return slot.state >> shift & 2 == 2;
        }
        let answer = compute();
        // Read again: computing may have asked for the other side of the same condition.
        let slot = cell.get();
        let before = if slot.stamp == self.stamp.get() { slot.state } else { 0 };
        let state = before | (1 | u8::from(answer) << 1) << shift;
        cell.set(Slot { stamp: self.stamp.get(), state, word: 0 });
        answer
    }

    /// The same for the cursors of a sequence.
    pub(crate) fn with_cursors<T>(&self, work: impl FnOnce(&mut Vec<Cursor>) -> T) -> T {
        let mut cursors = self.cursors.borrow_mut().pop().unwrap_or_default();
        cursors.clear();
        let result = work(&mut cursors);
        self.cursors.borrow_mut().push(cursors);
        result
    }

    /// Looks a key up in an index, which is built first where this customer's is not there yet. Building asks other indexes at
    /// most, since what an index keeps is smaller than itself.
    pub(crate) fn look_up<T>(
        &self,
        number: usize,
        key: i64,
        build: impl FnOnce(&mut dyn FnMut(i64, usize)),
        work: impl FnOnce(&[usize]) -> T,
    ) -> T {
        let Some(index) = self.indexes.get(number) else { return work(&[]) };
        if !index.borrow().is_of(self.stamp.get()) {
            index.borrow_mut().build(self.stamp.get(), build);
        }
        work(index.borrow().rows(key))
    }

    /// The rows of a group of events.
    pub(crate) fn merged(&self, group: usize) -> Option<&Merged> {
        self.groups.get(group)
    }

    /// What stands for this customer in what is kept.
    pub(crate) fn stamp(&self) -> u64 {
        self.stamp.get()
    }

    /// What was left by who evaluated last, where it is of this kind; else a new one.
    pub(crate) fn take<T: Default + Send + 'static>(&self) -> Box<T> {
        self.kept.take().and_then(|kept| kept.downcast().ok()).unwrap_or_default()
    }

    /// Leaves something for the next time.
    pub(crate) fn leave<T: Send + 'static>(&self, kept: Box<T>) {
        *self.kept.borrow_mut() = Some(kept);
    }

    /// The row that a clause keeps.
    #[inline]
    pub(crate) fn row_in(&self, slot: usize) -> usize {
        self.rows.get(slot).map_or(usize::MAX, Cell::get)
    }

    /// Keeps a row, and hands back the one before.
    #[inline]
    pub(crate) fn keep_row(&self, slot: usize, row: usize) -> usize {
        self.rows.get(slot).map_or(usize::MAX, |cell| cell.replace(row))
    }

    /// Lends a cleared buffer, so that nested aggregates each have their own and none is allocated twice.
    pub(crate) fn with_buffer<T>(&self, work: impl FnOnce(&mut Vec<i64>) -> T) -> T {
        let mut buffer = self.buffers.borrow_mut().pop().unwrap_or_default();
        buffer.clear();
        let result = work(&mut buffer);
        self.buffers.borrow_mut().push(buffer);
        result
    }
}
