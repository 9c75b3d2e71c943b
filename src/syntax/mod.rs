//! Text ↔ tree.
//!
//! A file is cut into statements (`split`), each is looked over once for brackets and limits (`guard`) and then
//! read by the grammar; [`printer`] writes a tree back as text.

pub mod ast;
pub(crate) mod comments;
mod guard;
mod level;
mod limits;
mod parser;
pub mod printer;
mod scan;
mod split;
mod words;

pub use limits::Limits;
pub use parser::{parse_file, rules_met};
pub use printer::print_file;
