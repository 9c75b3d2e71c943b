//! nextbest
pub mod diagnostic;
pub mod syntax;
pub mod time;
