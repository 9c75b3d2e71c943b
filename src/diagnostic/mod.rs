//! What is wrong with a rule file, where, and how to mend it.

mod code;
mod collection;
#[cfg(feature = "miette")]
mod fancy;
mod item;
mod nearest;
mod render;
mod source;

pub use code::Code;
pub use collection::Diagnostics;
#[cfg(feature = "miette")]
pub use fancy::Fancy;
pub use item::{Diagnostic, Severity, Span, Suggestion};
pub use nearest::nearest;
pub use source::{Position, Sources};
