//! What stands between two tokens: comments and empty lines.

/// A comment as written, from its `#`, without blanks at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Comment<'a> {
    pub text: &'a str,
    /// Whether only blanks stand before it on its line.
    pub own_line: bool,
    /// Whether an empty line stands before it.
    pub after_blank: bool,
}

/// What stands between two tokens, or before the first or after the last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Gap<'a> {
    pub comments: Vec<Comment<'a>>,
    /// Whether an empty line stands between the last comment, or the token before, and the token after.
    pub blank: bool,
}

impl<'a> Gap<'a> {
    /// Reads what the scanner skipped; `at_start`: of the file, where no line is shared with a token before.
    pub fn read(text: &'a str, at_start: bool) -> Self {
        let mut gap = Gap::default();
        let mut lines = text.split('\n').enumerate().peekable();
        while let Some((number, line)) = lines.next() {
            let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').trim_end();
            if line.starts_with('#') {
                let after_blank = std::mem::take(&mut gap.blank);
                gap.comments.push(Comment { text: line, own_line: at_start || number > 0, after_blank });
            } else if number > 0 && lines.peek().is_some() {
                gap.blank = true;
            }
        }
        gap
    }
}
