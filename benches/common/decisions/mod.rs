//! A catalogue of campaigns with a contact policy, as rules and as plain Rust over the same data.

mod client;
mod plan;
mod twin;

pub use client::{Client, population};
pub use plan::{Plan, plans, text};
pub use twin::decide;
