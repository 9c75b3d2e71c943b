//! What contact policies and journeys hold back, and until when: named cases, and generated contacts against plain loops.

mod block;
mod caps;
mod generated;
mod journey;
mod opening;
mod quiet;
mod reached;
mod rests;
mod shop;
