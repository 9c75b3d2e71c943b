//! What is wrong with a rule file, where, and how to mend it.
//!
//! A [`Diagnostic`] has a [`Code`] that never changes its meaning, a sentence in the words of whoever writes rules, the place
//! in the text, and often a [`Suggestion`] that an editor can apply. [`Diagnostics`] holds everything that is wrong with a
//! set of files at once, as one error; it prints each with its line:
//!
//! ```
//! let found = nextbest::Ruleset::parse(&[("vip.nba", "segment vip when count(order within 30) >= 6")]).unwrap_err();
//! assert_eq!(found.to_string(), "\
//! error[NB0109]: within 30 what: days, hours, …?
//!  --> vip.nba:1:37
//!   |
//! 1 | segment vip when count(order within 30) >= 6
//!   |                                     ^^ the unit is missing
//!   = help: write for example `within 30 days`
//! ");
//! let diagnostic = found.iter().next().unwrap();
//! assert_eq!(diagnostic.suggestion.as_ref().unwrap().replacement, " days");
//! ```

mod code;
mod collection;
#[cfg(feature = "miette")]
mod fancy;
mod item;
mod lint;
mod nearest;
mod render;
mod source;

pub use code::Code;
pub use collection::Diagnostics;
pub(crate) use collection::cut;
#[cfg(feature = "miette")]
pub use fancy::Fancy;
pub use item::{Diagnostic, Severity, Span, Suggestion};
pub use lint::{Level, Lint, Lints};
pub use nearest::nearest;
pub use source::{Position, Sources};
