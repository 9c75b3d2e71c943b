//! The calendar: what rules say of days and moments, and that our days are those of another library.
#![forbid(unsafe_code)]
#![allow(dead_code)] // The generator is for properties.rs.

mod meaning;
#[path = "../oracle/mod.rs"]
mod oracle;
mod truth;
