//! Text ↔ tree.
//!
//! A file is cut into statements (`split`), each is looked over once for brackets and limits (`guard`) and then
//! read by the grammar; [`printer`] writes a tree back as text, and [`format()`] writes a text anew with its comments.

pub mod ast;
pub(crate) mod comments;
mod format;
mod guard;
mod level;
mod limits;
mod outline;
mod parser;
pub mod printer;
mod scan;
pub(crate) mod size;
mod split;
mod words;

pub use format::{format, format_with};
pub use limits::Limits;
#[cfg(feature = "json")]
pub(crate) use outline::says_the_same;
pub(crate) use parser::{Reading, read_file, split_words};
pub use parser::{parse_file, rules_met};
pub use printer::print_file;
#[cfg(feature = "json")]
pub(crate) use printer::print_statement;

/// Whether a call of this name can be written.
pub(crate) fn may_be_called(name: &str) -> bool {
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    starts && letters.all(|c| c.is_ascii_alphanumeric() || c == '_') && !words::is_inner(name)
}
