//! Text ↔ tree.
pub mod ast;
