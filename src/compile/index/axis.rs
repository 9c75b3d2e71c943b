//! Attributes with few cells together: one look-up for several.

use super::dimension::Cells;

/// One attribute, or several whose cells are taken together as the digits of a number.
pub(super) struct Axis {
    /// The dimensions, each with what a cell of it counts.
    pub members: Vec<(usize, u32)>,
    /// The number of its first cell among those of all axes.
    pub first: u32,
    /// How many cells it has.
    pub len: u32,
}

/// Attributes together have so many cells at most.
const MOST: u32 = 64;

impl Axis {
    /// The axes of dimensions with these cells.
    pub fn all(cut: &[Cells], lists: &[bool]) -> Vec<Axis> {
        let mut sizes: Vec<(bool, u32, usize)> =
            cut.iter().zip(lists).enumerate().map(|(number, (cells, list))| (*list, cells.len(), number)).collect();
        // The small ones first; of a list there may be several cells at once, so that it stays alone.
        sizes.sort_unstable();
        let mut axes: Vec<Axis> = Vec::new();
        let mut open = false;
        for (list, len, number) in sizes {
            match axes.last_mut() {
                Some(axis) if open && !list && axis.len * len <= MOST => {
                    axis.members.push((number, axis.len));
                    axis.len *= len;
                }
                _ => axes.push(Axis { members: vec![(number, 1)], first: 0, len }),
            }
            open = !list;
        }
        let mut first = 0;
        for axis in &mut axes {
            axis.first = first;
            first += axis.len;
        }
        axes
    }

    /// For each of so many dimensions the number of its axis, and what a cell of it counts there.
    pub fn homes(axes: &[Axis], dimensions: usize) -> Vec<(usize, u32)> {
        let mut homes = vec![(usize::MAX, 0); dimensions];
        for (axis, &(dimension, counts)) in
            (0..).zip(axes).flat_map(|(axis, a)| a.members.iter().map(move |m| (axis, m)))
        {
            homes.iter_mut().skip(dimension).take(1).for_each(|home| *home = (axis, counts));
        }
        homes
    }

    /// Its cells, among those of all axes, in which one of its dimensions has a cell between these.
    pub fn cells(&self, counts: u32, of: u32, from: u32, to: u32) -> impl Iterator<Item = u32> + '_ {
        (0..self.len).filter(move |cell| (from..to).contains(&(cell / counts % of))).map(|cell| self.first + cell)
    }
}
