//! Aggregates over one kind of event: the loops, compiled for the customer's and the history's type.

mod kind;
mod lifecycle;
mod measure;
mod rank;

pub use kind::{Kind, KindOf};
