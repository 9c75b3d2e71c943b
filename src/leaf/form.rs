//! The forms of leaf: what a test asks of one value. Plain data, comparable, so that equal tests can be shared.

use std::sync::Arc;

use super::like::Sign;
use super::plan::Order;
use crate::geo::{Point, Region};

/// A float compared by its bits, so that plans can be hashed. Never NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bits(u64);

impl Bits {
    /// Keeps `value`; negative zero becomes zero.
    pub fn new(value: f64) -> Self {
        Bits((value + 0.0).to_bits())
    }

    /// The value kept.
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

/// Asked of a word: an int, money in minor units, a day number, milliseconds, the index of an enum value, 0 or 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum WordForm {
    /// Known, and in (or, where `inside` is false, not in) `low ..= high`.
    Interval { low: i64, high: i64, inside: bool },
    /// The same with bounds that are resolved from `now`: see [`crate::leaf::plan::TimeSpec`].
    Resolved { time: usize, inside: bool },
    /// Known, and one of (or none of) these: sorted, without duplicates.
    Set { values: Arc<[i64]>, inside: bool },
    /// A point in (or not in) the region.
    Region { region: Arc<Region>, inside: bool },
    /// A point no farther (or farther) from the centre than so many metres.
    Circle { centre: Point, metres: Bits, inside: bool },
    /// Known, or missing.
    Present { known: bool },
}

/// Asked of a float.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FloatForm {
    /// Known, and in (or not in) the interval.
    Interval { low: Edge, high: Edge, inside: bool },
    /// Known, and one of (or none of) these.
    Set { values: Arc<[Bits]>, inside: bool },
    /// Known, or missing. NaN is missing.
    Present { known: bool },
}

/// An end of an interval of floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// No bound.
    Open,
    /// The bound itself is inside.
    Including(Bits),
    /// The bound itself is outside.
    Excluding(Bits),
}

impl Edge {
    /// As a low end, the least float inside: an excluded bound becomes its neighbour, so that one comparison serves both.
    pub fn low(self) -> f64 {
        match self {
            Edge::Open => f64::NEG_INFINITY,
            Edge::Including(bound) => bound.get(),
            Edge::Excluding(bound) => bound.get().next_up(),
        }
    }

    /// As a high end, the greatest float inside.
    pub fn high(self) -> f64 {
        match self {
            Edge::Open => f64::INFINITY,
            Edge::Including(bound) => bound.get(),
            Edge::Excluding(bound) => bound.get().next_down(),
        }
    }
}

/// Asked of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TextForm {
    /// Known, and matching (or not matching).
    Matches { pattern: Pattern, ignoring_case: bool, want: bool },
    /// Known, or missing.
    Present { known: bool },
    /// Known, and of length 0 (or not).
    Empty { want: bool },
}

/// What a text is held against.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Sorted, without duplicates; one for `=`.
    OneOf(Arc<[Arc<str>]>),
    /// Anywhere.
    Contains(Arc<str>),
    /// At the start.
    StartsWith(Arc<str>),
    /// At the end.
    EndsWith(Arc<str>),
    /// A regular expression found anywhere.
    Regex(Arc<str>),
    /// The whole text, with wildcards.
    Like(Arc<[Sign]>),
    /// A version that stands to this one as said: equal, less, or at most. Asked of versions only.
    Version(Order, Arc<str>),
}

/// Asked of a list of texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListForm {
    /// At least one of the items is in the list (or none is).
    AnyOf { items: Arc<[Arc<str>]>, ignoring_case: bool, want: bool },
    /// All of the items are in the list (or one is not).
    AllOf { items: Arc<[Arc<str>]>, ignoring_case: bool, want: bool },
    /// Known and of length 0 (or not).
    Empty { want: bool },
    /// Known, or missing.
    Present { known: bool },
}

/// Asked of a list of words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum WordsForm {
    /// At least one of these, which are sorted, is in the list (or none is).
    AnyOf { values: Arc<[i64]>, want: bool },
    /// All of these are in the list (or one is not).
    AllOf { values: Arc<[i64]>, want: bool },
    /// Known and of length 0 (or not).
    Empty { want: bool },
    /// Known, or missing.
    Present { known: bool },
}

/// Asked of a map as a whole; its values are asked about by key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MapForm {
    /// Known and without entries (or not).
    Empty { want: bool },
    /// Known, or missing.
    Present { known: bool },
}

/// A form for each class of value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Form {
    /// For words.
    Word(WordForm),
    /// For floats.
    Float(FloatForm),
    /// For text.
    Text(TextForm),
    /// For lists of texts.
    List(ListForm),
    /// For lists of words.
    Words(WordsForm),
    /// For maps.
    Map(MapForm),
}
