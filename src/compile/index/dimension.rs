//! The values of one attribute, cut into cells that rules cannot tell apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::ask::{Ask, ordered};
use crate::leaf::{Cx, Get, GetText, ListLeaves};

/// Of words and floats: cell 0 is missing, cell 1 lies below the first bound, and each other one begins at a bound.
pub(super) enum Cells {
    Words(Bounds),
    Texts(Texts),
}

/// Of texts: cell 0 is missing (of lists: asks of no item), cell 1 any text that has none.
pub(super) struct Texts {
    cells: FxHashMap<Box<str>, u32>,
    /// How many texts each cell has.
    shared: Vec<u32>,
}

/// Bounds of cells.
pub(super) struct Bounds {
    /// Ascending.
    all: Box<[i64]>,
    /// Where they lie near each other, the cell of each value from the first bound to the last.
    near: Box<[u32]>,
}

/// How a customer's cell is found.
pub(super) enum Read<P> {
    Word(Get<P, i64>),
    Float(Get<P, f64>),
    Text(GetText<P>),
    List(Arc<dyn ListLeaves<P>>),
}

/// An attribute that rules ask about.
pub(super) struct Dimension<P> {
    pub read: Read<P>,
    pub cells: Cells,
    /// The number of the first cell of its axis.
    pub first: u32,
}

/// So many values can lie between the bounds of a table.
const NEAR: u64 = 4096;

/// The cells that an ask lets pass, and what has to be asked of who is in them.
pub(super) struct Passing {
    /// From one to another, ascending.
    pub cells: Vec<(u32, u32)>,
    pub open: Open,
}

/// What cells leave open.
pub(super) enum Open {
    Nothing,
    /// Whether a value is this or greater, and whether it is this or less.
    Bounds(Option<i64>, Option<i64>),
    /// All of it.
    Everything,
}

impl Passing {
    /// How many cells pass.
    pub fn len(&self) -> u32 {
        self.cells.iter().map(|(from, to)| to - from + 1).sum()
    }

    fn also(&mut self, exactly: bool) {
        if !exactly {
            self.open = Open::Everything;
        }
    }

    fn add(&mut self, from: u32, to: u32) {
        match self.cells.last_mut() {
            Some((_, last)) if from <= *last + 1 => *last = to.max(*last),
            _ => self.cells.push((from, to)),
        }
    }
}

impl Bounds {
    fn new(all: Vec<i64>) -> Self {
        let near = match (all.first(), all.last()) {
            (Some(&first), Some(&last)) if last.abs_diff(first) < NEAR => {
                (first..=last).map(|value| cell(&all, value)).collect()
            }
            _ => Box::default(),
        };
        Bounds { all: all.into(), near }
    }

    /// The cell of a value that is there.
    #[inline]
    fn of(&self, value: i64) -> u32 {
        let Some(&first) = self.all.first() else { return 1 };
        if self.near.is_empty() {
            return cell(&self.all, value);
        }
        let last = self.near.len() - 1;
        match usize::try_from(value.saturating_sub(first)) {
            Ok(place) => self.near.get(place.min(last)).copied().unwrap_or(1),
            Err(_) => 1,
        }
    }
}

fn cell(bounds: &[i64], value: i64) -> u32 {
    1 + u32::try_from(bounds.partition_point(|&bound| bound <= value)).unwrap_or(u32::MAX - 1)
}

impl Cells {
    /// How many cells would tell apart all that is asked.
    pub fn wanted(asks: &[&Ask]) -> usize {
        2 + if is_text(asks) { named(asks).len() } else { bounds(asks).1.len() }
    }

    /// Cells for what is asked: so many at most.
    pub fn of(asks: &[&Ask], most: usize) -> Self {
        let room = most.saturating_sub(2).max(1);
        if !is_text(asks) {
            let (often, once) = bounds(asks);
            return Cells::Words(Bounds::new(some(&often, once, room)));
        }
        let texts = named(asks);
        // What is asked most has a cell of its own; the others share the last few.
        let shared = if texts.len() <= room { 0 } else { room.div_ceil(4) };
        let own = room - shared;
        let mut found = Texts { cells: FxHashMap::default(), shared: vec![0, 0] };
        for (place, text) in texts.into_iter().enumerate() {
            let cell = 2 + if place < own { place } else { own + (place - own) % shared.max(1) };
            found.cells.insert(Box::from(&**text), u32::try_from(cell).unwrap_or(1));
            found.shared.resize(found.shared.len().max(cell + 1), 0);
            found.shared.iter_mut().skip(cell).take(1).for_each(|count| *count += 1);
        }
        Cells::Texts(found)
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        let len = match self {
            Cells::Words(bounds) => 2 + bounds.all.len(),
            Cells::Texts(texts) => texts.shared.len(),
        };
        u32::try_from(len).unwrap_or(u32::MAX)
    }

    /// The cells that an ask lets pass.
    pub fn passing(&self, ask: &Ask) -> Passing {
        let mut passing = Passing { cells: Vec::new(), open: Open::Nothing };
        match (self, ask) {
            (Cells::Words(bounds), Ask::Words { within, missing }) => {
                let begins = |bound: i64| bounds.all.binary_search(&bound).is_ok();
                missing.then(|| passing.add(0, 0));
                within.iter().for_each(|&(low, high)| passing.add(bounds.of(low), bounds.of(high)));
                let open = |&(low, high): &(i64, i64)| {
                    let low = Some(low).filter(|&low| low > i64::MIN && !begins(low));
                    (low, high.checked_add(1).filter(|&next| !begins(next)).map(|_| high))
                };
                passing.open = match &**within {
                    all if all.iter().all(|ends| open(ends) == (None, None)) => Open::Nothing,
                    [ends] => Open::Bounds(open(ends).0, open(ends).1),
                    _ => Open::Everything,
                };
            }
            (Cells::Texts(texts), Ask::Texts { named, inside: true, missing }) => {
                missing.then(|| passing.add(0, 0));
                for (cell, asked) in texts.asked(named) {
                    passing.add(cell, cell);
                    passing.also(asked == texts.count(cell));
                }
            }
            (Cells::Texts(texts), Ask::Texts { named, inside: false, missing }) => {
                passing.add(u32::from(!missing), 1);
                let asked = texts.asked(named);
                for cell in 2..self.len() {
                    let excluded = asked.get(&cell).copied().unwrap_or(0);
                    if excluded < texts.count(cell) {
                        passing.add(cell, cell);
                        passing.also(excluded == 0);
                    }
                }
            }
            (Cells::Texts(texts), Ask::Items(items)) => {
                for cell in texts.asked(items).into_keys() {
                    passing.add(cell, cell);
                    passing.also(texts.count(cell) == 1);
                }
            }
            // Another class: nothing is known.
            _ => passing = Passing { cells: vec![(0, self.len() - 1)], open: Open::Everything },
        }
        passing
    }
}

impl Texts {
    fn count(&self, cell: u32) -> u32 {
        self.shared.get(cell as usize).copied().unwrap_or(0)
    }

    /// The cells of texts, ascending, each with how many of them it has.
    fn asked(&self, texts: &BTreeSet<Arc<str>>) -> BTreeMap<u32, u32> {
        let mut asked = BTreeMap::new();
        for &cell in texts.iter().filter_map(|text| self.cells.get(&**text)) {
            *asked.entry(cell).or_default() += 1;
        }
        asked
    }

    #[inline]
    fn of(&self, text: &str) -> Option<u32> {
        self.cells.get(text).copied()
    }
}

fn is_text(asks: &[&Ask]) -> bool {
    asks.iter().any(|ask| matches!(ask, Ask::Texts { .. } | Ask::Items(_)))
}

/// The texts that are named, what is named most first.
fn named<'a>(asks: &[&'a Ask]) -> Vec<&'a Arc<str>> {
    let mut counts: FxHashMap<&Arc<str>, usize> = FxHashMap::default();
    for ask in asks {
        let (Ask::Texts { named, .. } | Ask::Items(named)) = ask else { continue };
        named.iter().for_each(|text| *counts.entry(text).or_default() += 1);
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
    counts.into_iter().map(|(text, _)| text).collect()
}

/// Where the values begin that rules tell apart: each as often as it is asked, and once.
fn bounds(asks: &[&Ask]) -> (Vec<i64>, Vec<i64>) {
    let mut often = Vec::new();
    for ask in asks {
        let Ask::Words { within, .. } = ask else { continue };
        for &(low, high) in within {
            often.extend((low > i64::MIN).then_some(low));
            often.extend(high.checked_add(1));
        }
    }
    often.sort_unstable();
    let mut once = often.clone();
    once.dedup();
    (often, once)
}

/// All bounds, or so many of them that the same number of asks lies between any two.
fn some(often: &[i64], once: Vec<i64>, room: usize) -> Vec<i64> {
    if once.len() <= room {
        return once;
    }
    let mut some: Vec<i64> = (0..room).filter_map(|part| often.get(part * often.len() / room).copied()).collect();
    some.dedup();
    some
}

impl<P> Dimension<P> {
    /// The customer's cell, and the value where it is a word or a float; of a list the cells of its items, besides the first, are
    /// added to `more`, as they are numbered among all.
    #[inline]
    pub fn pick(&self, customer: &P, cx: &Cx<'_>, more: &mut Vec<u32>) -> (u32, i64) {
        match (&self.read, &self.cells) {
            (Read::Word(get), Cells::Words(bounds)) => placed(bounds, get(customer, cx)),
            (Read::Float(get), Cells::Words(bounds)) => placed(bounds, get(customer, cx).map(ordered)),
            (Read::Text(get), Cells::Texts(texts)) => {
                (get.read(customer, cx).map_or(0, |text| texts.of(text).unwrap_or(1)), 0)
            }
            (Read::List(list), Cells::Texts(texts)) => {
                list.each(customer, cx, &mut |item| more.extend(texts.of(item).map(|cell| self.first + cell)));
                (0, 0)
            }
            _ => (0, 0),
        }
    }
}

#[inline]
fn placed(bounds: &Bounds, value: Option<i64>) -> (u32, i64) {
    value.map_or((0, 0), |value| (bounds.of(value), value))
}
