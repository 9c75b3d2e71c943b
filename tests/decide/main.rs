//! Decisions, by named cases: each stage, and each thing that a catalogue or a policy says.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod arbitration;
mod bandit;
mod boosts;
mod bundles;
mod catalogue;
mod contact;
mod exceptions;
mod experiments;
mod explore;
mod fallback;
mod identity;
mod moved;
mod objective;
mod prefer;
mod rows;
mod sampling;
mod stages;
mod variants;
