//! The comments of a file, which the grammar skips.

use super::scan::{Kind, Scanner, Token};

/// A comment and what stands after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Comment<'a> {
    /// From `#` to the end of the line, without it.
    pub text: &'a str,
    /// Byte of the `#`.
    pub start: usize,
    /// Whether nothing stands before it on its line.
    pub alone: bool,
    /// Byte of the first word, number, text or sign after it.
    pub next: Option<usize>,
}

/// The comments of a text, in order.
pub(crate) fn comments(text: &str) -> Vec<Comment<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    let tokens = Scanner::new(text).map(Some).chain([None]);
    for token in tokens {
        let until = token.map_or(text.len(), |token| token.start);
        let mut alone = from == 0;
        let mut start = from;
        for line in text.get(from..until).unwrap_or("").split_inclusive('\n') {
            if let Some(at) = line.find('#') {
                let shown = line.get(at..).unwrap_or("").trim_end();
                let start = start.saturating_add(at);
                found.push(Comment { text: shown, start, alone, next: token.map(|token| token.start) });
            }
            alone = true;
            start = start.saturating_add(line.len());
        }
        from = token.map_or(until, |token| token.end());
    }
    found
}

/// The texts in quotes of a file, docs and contents included, each with the byte of its first quote.
pub(crate) fn texts(text: &str) -> impl Iterator<Item = (&str, usize)> {
    Scanner::new(text).filter(|token| token.kind == Kind::Text).map(|Token { text, start, .. }| (text, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_comments_and_what_follows() {
        let text = "# a\n\n x \"# no\" # b\n# c\n  #d\r\ny #";
        let shown: Vec<_> = comments(text).into_iter().map(|c| (c.text, c.alone, c.next)).collect();
        let (x, y) = (text.find('x'), text.find('y'));
        let expected = [("# a", true, x), ("# b", false, y), ("# c", true, y), ("#d", true, y), ("#", false, None)];
        assert_eq!(shown, expected);
        for comment in comments(text) {
            assert!(text.get(comment.start..).is_some_and(|rest| rest.starts_with(comment.text)));
        }
        assert_eq!(texts(text).map(|(text, _)| text).collect::<Vec<_>>(), ["\"# no\""]);
    }
}
