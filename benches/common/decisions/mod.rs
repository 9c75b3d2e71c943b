//! A catalogue of campaigns with a contact policy, as rules and as plain Rust over the same data.

pub mod client;
pub mod plan;
pub mod twin;
