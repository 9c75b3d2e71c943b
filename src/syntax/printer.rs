//! Tree → text.
pub(crate) fn quoted(text: &str) -> String { format!("\"{text}\"") }
