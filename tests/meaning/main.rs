//! What rules mean, by named cases: each small enough to check by hand, asked of the engine in all the ways there are to ask,
//! and of the oracle.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(dead_code, reason = "much of the oracle is for generated rules")]

mod calendar;
mod complaints;
mod conditions;
mod containers;
mod correlate;
mod events;
mod grammar;
mod items;
#[path = "../oracle/mod.rs"]
mod oracle;
mod outcomes;
mod scalars;
mod sequences;
