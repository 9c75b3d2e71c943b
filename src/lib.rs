//! nextbest
pub mod bucket;
pub mod diagnostic;
pub mod syntax;
pub mod time;
