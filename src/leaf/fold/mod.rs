//! Aggregates over one kind of event: the loops, compiled for the customer's and the history's type.

mod apart;
mod bounds;
mod kind;
mod lifecycle;
mod measure;
mod merged;
mod place;
mod probe;
mod rank;
pub(crate) mod sequence;
mod stand;
pub(crate) mod stream;

pub(crate) use kind::Which;
pub use kind::{Kind, KindOf};
pub(crate) use merged::{Merged, group};
