//! A customer → the segments that they are in.

use super::bits::{Block, ROWS};
use super::{Bound, Head, SegmentIndex};
use crate::leaf::Cx;

/// The working memory of an index: nothing is allocated once it has grown.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// The customer's place in each dimension.
    places: Vec<Place>,
    /// The customer's cell in each axis, and where it is a list those of its items.
    cells: Vec<(u32, (u32, u32))>,
    /// The cells of the items of lists.
    items: Vec<u32>,
    /// What is known of each test: in which turn, and whether it held.
    known: Vec<(u32, bool)>,
    turn: u32,
    /// A bit for each segment.
    found: Vec<u64>,
}

/// A customer's place in a dimension.
#[derive(Debug, Clone, Copy)]
struct Place {
    cell: u32,
    /// Where it is a list, those of its items.
    items: (u32, u32),
    value: i64,
    /// Whether there is a value.
    known: bool,
}

impl Finder {
    /// Begins with a customer of whom nothing is known.
    fn begin(&mut self, tests: usize, segments: usize) {
        self.turn = self.turn.wrapping_add(1);
        if self.turn == 0 || self.known.len() != tests {
            self.known.clear();
            self.known.resize(tests, (0, false));
            self.turn = 1;
        }
        self.found.clear();
        self.found.resize(segments.div_ceil(64), 0);
        self.places.clear();
        self.cells.clear();
        self.items.clear();
    }

    /// Hands on the places of the segments that were found, ascending.
    #[inline]
    pub fn each_found(&self, mut visit: impl FnMut(usize)) {
        for (word, &bits) in self.found.iter().enumerate() {
            ones(bits).for_each(|bit| visit(word * 64 + bit));
        }
    }
}

/// The places of a word's ones, ascending.
#[inline]
fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros() as usize;
        (bits != 0).then(|| {
            bits &= bits - 1;
            place
        })
    })
}

impl<P: 'static> SegmentIndex<P> {
    /// Finds all segments, of which there are so many, that a customer is definitely in.
    pub fn find(&self, customer: &P, cx: &Cx<'_>, segments: usize, finder: &mut Finder) {
        finder.begin(self.tests.len(), segments);
        let mut begin = 0;
        for dimension in &self.dimensions {
            let (cell, value) = dimension.pick(customer, cx, &mut finder.items);
            let end = u32::try_from(finder.items.len()).unwrap_or(u32::MAX);
            finder.places.push(Place { cell, items: (begin, end), value, known: cell > 0 });
            begin = end;
        }
        for axis in &self.axes {
            let mut all = (axis.first, (0, 0));
            for &(dimension, counts) in &axis.members {
                if let Some(place) = finder.places.get(dimension) {
                    all = (all.0 + place.cell * counts, place.items);
                }
            }
            finder.cells.push(all);
        }
        for sum in 0..self.bits.summed() {
            for block in ones(self.blocks(sum, finder)).map(|block| sum * 64 + block) {
                self.block(block, customer, cx, finder);
            }
        }
    }

    /// The blocks, of 64, that no cell rules out as a whole.
    #[inline]
    fn blocks(&self, sum: usize, finder: &Finder) -> u64 {
        finder.cells.iter().fold(u64::MAX, |blocks, &(cell, (begin, end))| {
            let items = finder.items.get(begin as usize..end as usize).unwrap_or_default();
            let own = self.bits.summary(cell, sum);
            blocks & items.iter().fold(own, |bits, &item| bits | self.bits.summary(item, sum))
        })
    }

    /// Finds the segments of a block of rows.
    #[inline]
    fn block(&self, block: usize, customer: &P, cx: &Cx<'_>, finder: &mut Finder) {
        let left = self.left(block, finder);
        for (word, (&rows, settled)) in left.iter().zip(self.bits.settled(block)).enumerate() {
            let first = block * ROWS + word * 64;
            ones(rows & settled).for_each(|row| self.take(first + row, finder));
            ones(rows & !settled).for_each(|row| self.test(first + row, customer, cx, finder));
        }
    }

    /// Takes the segment of a row.
    #[inline]
    fn take(&self, row: usize, finder: &mut Finder) {
        let Some(&Head { segment, .. }) = self.rows.get(row) else { return };
        if let Some(word) = finder.found.get_mut(segment as usize / 64) {
            *word |= 1 << (segment % 64);
        }
    }

    /// The rows of a block that none of the customer's cells rules out.
    #[inline]
    fn left(&self, block: usize, finder: &Finder) -> Block {
        let (mut left, axes) = (self.bits.rows(block), self.axes.len());
        let order = self.order.get(block * axes..(block + 1) * axes).unwrap_or_default();
        // Whether any is left is asked now and then: to ask costs as much as to go on.
        for axes in order.chunks(4) {
            for &(cell, (begin, end)) in axes.iter().filter_map(|&axis| finder.cells.get(usize::from(axis))) {
                let bits = self.bits.block(cell, block);
                if begin == end {
                    left.iter_mut().zip(bits).for_each(|(left, bits)| *left &= bits);
                } else {
                    let mut bits = *bits;
                    for &item in finder.items.get(begin as usize..end as usize).unwrap_or_default() {
                        bits.iter_mut().zip(self.bits.block(item, block)).for_each(|(bits, more)| *bits |= more);
                    }
                    left.iter_mut().zip(&bits).for_each(|(left, bits)| *left &= bits);
                }
            }
            // Not `==`, which would be a call.
            if left.iter().fold(0, |some, word| some | word) == 0 {
                break;
            }
        }
        left
    }

    /// Tests what the cells do not settle.
    fn test(&self, row: usize, customer: &P, cx: &Cx<'_>, finder: &mut Finder) {
        let Finder { found, known, turn, places, .. } = finder;
        let ends = self.rows.get(row).zip(self.rows.get(row + 1));
        let Some((&Head { segment, open, rest }, next)) = ends else { return };
        let Some(word) = found.get_mut(segment as usize / 64) else { return };
        let bit = 1 << (segment % 64);
        if *word & bit != 0 {
            return;
        }
        let passes = |bound: &Bound| {
            let place = places.get(usize::from(bound.dimension));
            let side = |value: i64| if bound.low { value >= bound.value } else { value <= bound.value };
            place.is_some_and(|place| !place.known || side(place.value))
        };
        let open = self.open.get(open as usize..next.open as usize).unwrap_or_default();
        let rest = self.rest.get(rest as usize..next.rest as usize).unwrap_or_default();
        let holds = open.iter().all(passes)
            && rest.iter().all(|&number| {
                let Some(known) = known.get_mut(number as usize) else { return false };
                if known.0 != *turn {
                    *known = (*turn, self.tests.get(number as usize).is_some_and(|test| test(customer, cx)));
                }
                known.1
            });
        if holds {
            *word |= bit;
        }
    }
}
