//! What contact policies and journeys hold back, and until when: named cases, and generated contacts against plain loops.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod block;
mod caps;
mod generated;
mod journey;
mod opening;
mod quiet;
mod rests;
mod shop;
