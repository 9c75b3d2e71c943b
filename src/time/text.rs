//! Reading fixed-width text without ever indexing into it.

use serde::{Deserialize, Deserializer, de};

/// What is left to read.
pub(super) struct Cursor<'a>(pub(super) &'a str);

impl<'a> Cursor<'a> {
    /// Exactly `count` (at most 9) ASCII digits, as a number.
    pub(super) fn digits(&mut self, count: usize) -> Option<u32> {
        let (head, tail) = self.0.split_at_checked(count)?;
        if !head.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = tail;
        head.parse().ok()
    }

    /// Every digit that follows, possibly none.
    pub(super) fn digit_run(&mut self) -> &'a str {
        let tail = self.0.trim_start_matches(|c: char| c.is_ascii_digit());
        let head = self.0.strip_suffix(tail).unwrap_or_default();
        self.0 = tail;
        head
    }

    /// Exactly `literal`.
    pub(super) fn expect(&mut self, literal: char) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    /// `literal`, if it is next.
    pub(super) fn accept(&mut self, literal: char) -> bool {
        self.expect(literal).is_some()
    }

    /// `value`, if nothing is left.
    pub(super) fn end<T>(&self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

/// Deserializes a value that is written as text.
pub(super) fn deserialize<'de, D, T>(
    deserializer: D,
    expected: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &expected))
}
