//! What decisions promise besides being right: the same inputs give the same, everywhere and at any time, and are known by
//! their digest; nothing that does not matter matters; personal data is shown to nobody; stock goes to
//! whom it is worth most; and what is said to change a decision does.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
#![allow(dead_code)] // Most of the oracle is for other files.

mod all;
mod canary;
mod digest;
mod frozen;
mod identity;
mod metamorphic;
mod next_change;
#[path = "../oracle/mod.rs"]
mod oracle;
#[path = "../support/parallel.rs"]
mod parallel;
mod shop;
mod snapshot;
mod swap;
mod why_not;
mod why_not_past;
