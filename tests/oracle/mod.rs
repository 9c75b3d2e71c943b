//! The oracle: the meaning of checked rules as plain loops, written from DESIGN §1, and cases to hold the engine
//! against it.
//!
//! It shares no evaluation code with the engine: only the checked tree and the calendar of `nextbest::time`.

mod chain;
pub mod columns;
pub mod contact;
pub mod coverage;
pub mod customer;
#[allow(dead_code, reason = "decisions have a test file of their own")]
pub mod decide;
pub mod engine;
#[allow(dead_code, reason = "for decisions")]
pub mod explore;
pub mod functions;
pub mod generate;
pub mod given;
mod history;
mod interpret;
#[allow(dead_code, reason = "for decisions")]
mod kept;
mod order;
pub mod place;
pub mod reduce;
#[allow(dead_code, reason = "for decisions")]
pub mod sample;
#[allow(dead_code, reason = "for decisions")]
mod scheme;
mod standing;
mod text;
pub mod value;
mod version;

pub use interpret::Oracle;
