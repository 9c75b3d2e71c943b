//! Segments → an index over them.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::ask::Ask;
use super::axis::Axis;
use super::bits::Bits;
use super::dimension::{Cells, Dimension, Open, Passing, Read};
use super::rows::{Row, Rows, Source};
use super::{Bound, Head, SegmentIndex};
use crate::compile::link::Linker;
use crate::leaf::plan::{Class, Plan};

/// The bits of a segment take so many bytes.
const BYTES: usize = 256;

/// And a value is cut into so many cells, whatever that takes.
const FEWEST: usize = 8;

impl<P: Send + Sync + 'static> SegmentIndex<P> {
    /// An index over the segments with these numbers among the definitions.
    pub fn new(segments: &[usize], yes: &[Option<Plan>], linker: &Linker<'_, P>) -> Self {
        let Rows { sources, asking, mut rows, .. } = Rows::of(segments.iter().copied(), yes);
        let cut = cut(&sources, &rows, segments.len());
        let lists: Vec<bool> = sources.iter().map(|source| source.class == Class::List).collect();
        let axes = Axis::all(&cut, &lists);
        let homes = Axis::homes(&axes, cut.len());
        let passing = cluster(&mut rows, &cut);
        let mut bits = Bits::new(axes.last().map_or(0, |axis| axis.first + axis.len) as usize, rows.len());
        for (number, passing) in passing.iter().enumerate() {
            for (dimension, passing) in passing {
                let home = homes.get(*dimension).and_then(|&(axis, counts)| Some((axes.get(axis)?, counts)));
                let Some((cells, (axis, counts))) = cut.get(*dimension).zip(home) else { continue };
                let mut next = 0;
                for &(from, to) in passing.cells.iter().chain([&(cells.len(), 0)]) {
                    let out = axis.cells(counts, cells.len(), next, from);
                    out.for_each(|cell| bits.rule_out(cell as usize, number));
                    next = to + 1;
                }
            }
        }
        bits.sum_up();
        let order = order(&bits, &axes);
        let expected = passing.iter().map(|passing| share(passing, &cut)).sum();
        let mut linear: Vec<u32> = rows.iter().filter(|row| row.asks.is_empty()).map(|row| row.segment).collect();
        linear.sort_unstable();
        linear.dedup();
        let asked = sources.iter().cloned().zip(asking).collect();
        let mut tests = Numbers::default();
        let (mut heads, mut open, mut rest) = (Vec::with_capacity(rows.len() + 1), Vec::new(), Vec::new());
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        for (row, passing) in rows.iter().zip(&passing) {
            heads.push(Head { segment: row.segment, open: number(open.len()), rest: number(rest.len()) });
            let (mut again, begin) = (Vec::new(), open.len());
            for ((dimension, asked), (_, passing)) in row.asks.iter().zip(passing) {
                match passing.open {
                    Open::Nothing => {}
                    Open::Bounds(low, high) => {
                        let dimension = u16::try_from(*dimension).unwrap_or(u16::MAX);
                        open.extend(low.map(|value| Bound { dimension, low: true, value }));
                        open.extend(high.map(|value| Bound { dimension, low: false, value }));
                    }
                    Open::Everything => again.extend(asked.by.iter().copied()),
                }
            }
            again.extend(row.rest.iter().copied());
            if begin == open.len() && again.is_empty() {
                bits.settle(heads.len() - 1);
            }
            rest.extend(again.into_iter().map(|plan| tests.number(plan)));
        }
        heads.push(Head { segment: u32::MAX, open: number(open.len()), rest: number(rest.len()) });
        let first = |dimension: usize| {
            homes.get(dimension).and_then(|&(axis, _)| axes.get(axis)).map_or(0, |axis: &Axis| axis.first)
        };
        let dimensions = sources.iter().zip(cut).enumerate().filter_map(|(number, (source, cells))| {
            Some(Dimension { read: read(source, linker)?, cells, first: first(number) })
        });
        let dimensions = dimensions.collect();
        let tests = tests.all.iter().map(|plan| linker.test(plan)).collect();
        SegmentIndex { dimensions, axes, bits, order, rows: heads, open, rest, tests, asked, linear, expected }
    }
}

/// The share of customers that a row lets pass, were all cells as likely and no attribute to depend on another.
fn share(passing: &Passes, cut: &[Cells]) -> f64 {
    let share = |(number, passing): &(usize, Passing)| {
        f64::from(passing.len()) / f64::from(cut.get(*number).map_or(1, Cells::len).max(1))
    };
    passing.iter().map(share).product()
}

/// For each block the axes, those first that let pass the fewest of its rows, all cells being as likely.
fn order(bits: &Bits, axes: &[Axis]) -> Vec<u16> {
    let mut order = Vec::new();
    for block in 0..bits.blocks() {
        let passing = |axis: &Axis| {
            let all: u64 = (axis.first..axis.first + axis.len).map(|cell| u64::from(bits.count(cell, block))).sum();
            all * 1000 / u64::from(axis.len.max(1))
        };
        let mut numbers: Vec<(u64, u16)> = axes.iter().map(passing).zip(0..).collect();
        numbers.sort_unstable();
        order.extend(numbers.into_iter().map(|(_, axis)| axis));
    }
    order
}

/// How a value is read.
fn read<P: 'static>(source: &Source, linker: &Linker<'_, P>) -> Option<Read<P>> {
    Some(match source.class {
        Class::Word => Read::Word(linker.word(&source.value)),
        Class::Float => Read::Float(linker.float(&source.value)),
        Class::Text => Read::Text(linker.text(&source.value)),
        Class::List => Read::List(linker.list(&source.value)?),
        Class::Words | Class::Map => return None,
    })
}

/// The cells of each dimension: as many as are asked for, as long as there is room.
fn cut(sources: &[Source], rows: &[Row<'_>], segments: usize) -> Vec<Cells> {
    let mut asks: Vec<Vec<&Ask>> = vec![Vec::new(); sources.len()];
    for (dimension, asked) in rows.iter().flat_map(|row| &row.asks) {
        if let Some(asks) = asks.get_mut(*dimension) {
            asks.push(&asked.ask);
        }
    }
    let wanted: Vec<usize> = asks.iter().map(|asks| Cells::wanted(asks)).collect();
    let words = rows.len().div_ceil(64).max(1);
    let room = (segments * BYTES / (words * 8)).max(sources.len() * FEWEST);
    let mut most = wanted.iter().copied().max().unwrap_or(FEWEST).max(FEWEST);
    while most > FEWEST && wanted.iter().map(|&wanted| wanted.min(most)).sum::<usize>() > room {
        most = (most * 7 / 8).max(FEWEST);
    }
    asks.iter().map(|asks| Cells::of(asks, most)).collect()
}

/// What of each of its dimensions lets a row pass.
type Passes = Vec<(usize, Passing)>;

/// Puts rows beside each other that ask the same of what rules most out, so that whole words of them are ruled out at once.
fn cluster(rows: &mut Vec<Row<'_>>, cut: &[Cells]) -> Vec<Passes> {
    /// Dimensions and what passes of them, the most selective first.
    type Key = Vec<(usize, Vec<(u32, u32)>)>;
    let mut keyed: Vec<(Key, Passes, Row<'_>)> = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        let asks = row.asks.iter();
        let passes: Passes =
            asks.filter_map(|(number, asked)| Some((*number, cut.get(*number)?.passing(&asked.ask)))).collect();
        let share = |number: usize, passing: &Passing| {
            u64::from(passing.len()) * 1000 / u64::from(cut.get(number).map_or(1, Cells::len).max(1))
        };
        let mut key: Vec<_> = passes.iter().map(|(number, passing)| (share(*number, passing), *number)).collect();
        key.sort_unstable();
        let cells = |number: usize| passes.iter().find(|(known, _)| *known == number).map(|(_, p)| p.cells.clone());
        let key = key.into_iter().take(3).filter_map(|(_, number)| Some((number, cells(number)?))).collect();
        keyed.push((key, passes, row));
    }
    keyed.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let (mut found, mut sorted) = (Vec::with_capacity(keyed.len()), Vec::with_capacity(keyed.len()));
    for (_, passes, row) in keyed {
        found.push(passes);
        sorted.push(row);
    }
    *rows = sorted;
    found
}

/// Numbers for things, equal things having one number.
struct Numbers<T> {
    numbers: FxHashMap<T, u32>,
    all: Vec<T>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Numbers { numbers: FxHashMap::default(), all: Vec::new() }
    }
}

impl<T: Copy + Eq + Hash> Numbers<T> {
    fn number(&mut self, thing: T) -> u32 {
        *self.numbers.entry(thing).or_insert_with(|| {
            self.all.push(thing);
            u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX)
        })
    }
}
