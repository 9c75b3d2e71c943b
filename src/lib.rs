//! nextbest
#![forbid(unsafe_code)]
pub mod bucket;
pub mod check;
mod compile;
pub mod diagnostic;
pub mod leaf;
pub mod schema;
pub mod syntax;
pub mod time;
#[cfg(feature = "derive")]
pub use nextbest_derive::{Category, Event, Profile};
pub use compile::*;
pub use diagnostic::Diagnostics;
pub use schema::*;
pub use time::*;
