//! All segments of a customer at once: what each rule asks of each value is kept as bits, so that a customer's values leave
//! few rules to be tested.
//!
//! A segment is taken apart into **rows**, one for each way in which it can hold (`rows.rs`): a conjunction of what is asked of
//! values that can be looked up (`ask.rs`) and of what else has to hold. The values of each attribute are cut into **cells**
//! (`dimension.rs`), and for every cell it is known which rows it does not rule out (`bits.rs`). A customer has one cell an
//! attribute; the rows that none of them rules out are tested on the rest (`find.rs`).
//!
//! The idea of intersecting a bitmap per attribute is that of bitmap indexes in databases (O'Neil and Quass, *Improved query
//! performance with variant indexes*, 1997), turned round: rules are the rows, and a customer is the query.

mod ask;
mod axis;
mod bits;
mod build;
mod dimension;
mod find;
mod plan;
mod rows;

pub(crate) use find::Finder;
pub use plan::{IndexPlan, IndexedAttribute};

use axis::Axis;
use bits::Bits;
use dimension::Dimension;
use rows::Source;

use crate::leaf::Test;

/// From so many segments on an index is worth its while; fewer are tested one after another.
pub(super) const FROM: usize = 48;

/// An index over the segments of a ruleset.
pub(crate) struct SegmentIndex<P> {
    dimensions: Vec<Dimension<P>>,
    axes: Vec<Axis>,
    bits: Bits,
    /// For each block of rows the axes, those first that rule most of it out.
    order: Vec<u16>,
    /// The rows, and one more, where the lists of the last one end.
    rows: Vec<Head>,
    /// What cells leave open, row by row.
    open: Vec<Bound>,
    /// Numbers of the tests that have to hold besides, row by row.
    rest: Vec<u32>,
    tests: Vec<Test<P>>,
    /// For [`IndexPlan`]: what each dimension reads, and how many rows ask about it.
    asked: Vec<(Source, usize)>,
    /// The segments with a row that asks about no dimension, ascending.
    linear: Vec<u32>,
    /// The rows that are left for a customer whose cells are all as likely.
    expected: f64,
}

/// A row. What is looked at together lies together, since rows are looked at here and there.
#[derive(Debug, Clone, Copy)]
struct Head {
    /// The segment that it is a way of, by its place among the segments.
    segment: u32,
    /// Where its lists begin.
    open: u32,
    rest: u32,
}

/// Whether a customer's value of a dimension, where there is one, is on the right side: for who shares a cell with others.
#[derive(Debug, Clone, Copy)]
struct Bound {
    dimension: u16,
    /// Whether it has to be this or greater, else this or less.
    low: bool,
    value: i64,
}
