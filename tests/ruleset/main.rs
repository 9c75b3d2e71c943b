//! Reading and binding rules: messages, limits, one file of many, and functions of the host.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod embedding;
mod incremental;
mod index;
mod limits;
mod lints;
mod load;
mod reach;
mod repairs;
