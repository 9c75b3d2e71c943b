//! What decisions promise besides being right: the same inputs give the same, everywhere and at any time, and are known by
//! their digest; nothing that does not matter matters; personal data is shown to nobody.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
#![allow(dead_code)] // Most of the oracle is for other files.

mod canary;
mod digest;
mod frozen;
mod metamorphic;
#[path = "../oracle/mod.rs"]
mod oracle;
#[path = "../support/parallel.rs"]
mod parallel;
mod shop;
mod swap;
