//! The source files and the way from bytes to lines.

use std::sync::Arc;

use super::Span;

/// The files of a ruleset, kept to show the lines that a diagnostic speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// Shared by the rulesets that hold the same file.
    files: Vec<Arc<Source>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    name: String,
    text: String,
    /// Byte at which each line begins; the first is 0.
    lines: Vec<usize>,
}

/// A place as people count: from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Unicode scalar within the line, from 1.
    pub column: usize,
}

impl Sources {
    /// Indexes the lines of the given `(name, text)` pairs.
    pub fn new<N: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (N, T)>) -> Self {
        Self { files: files.into_iter().map(|(name, text)| Arc::new(Source::new(name.into(), text.into()))).collect() }
    }

    /// The place of the file of a name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.files.iter().position(|source| source.name == name)
    }

    /// The files with another one at a place, or behind them.
    pub(crate) fn with(&self, place: usize, name: &str, text: &str) -> Self {
        let mut files = self.files.clone();
        let source = Arc::new(Source::new(name.to_owned(), text.to_owned()));
        match files.get_mut(place) {
            Some(old) => *old = source,
            None => files.push(source),
        }
        Self { files }
    }

    /// The files without one.
    pub(crate) fn without(&self, place: usize) -> Self {
        let others = self.files.iter().enumerate().filter(|(at, _)| *at != place);
        Self { files: others.map(|(_, source)| Arc::clone(source)).collect() }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    fn file(&self, file: u32) -> Option<&Source> {
        self.files.get(usize::try_from(file).ok()?).map(Arc::as_ref)
    }

    /// The name of a file.
    pub fn name(&self, file: u32) -> Option<&str> {
        self.file(file).map(|source| source.name.as_str())
    }

    /// The text of a file.
    pub fn text(&self, file: u32) -> Option<&str> {
        self.file(file).map(|source| source.text.as_str())
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> Option<&str> {
        self.text(span.file)?.get(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?)
    }

    /// Where a span begins, found by binary search.
    pub fn position(&self, span: Span) -> Option<Position> {
        let source = self.file(span.file)?;
        let at = usize::try_from(span.start).ok()?;
        let (line, start) = source.line_at(at)?;
        let column = source.text.get(start..at)?.chars().count().saturating_add(1);
        Some(Position { line, column })
    }

    /// The line in which a span begins, without its end, and the byte at which it starts.
    pub(super) fn line(&self, span: Span) -> Option<(&str, usize)> {
        let source = self.file(span.file)?;
        let (line, start) = source.line_at(usize::try_from(span.start).ok()?)?;
        let end = source.lines.get(line).map_or(source.text.len(), |next| next.saturating_sub(1));
        let text = source.text.get(start..end)?;
        Some((text.strip_suffix('\r').unwrap_or(text), start))
    }
}

impl Source {
    fn new(name: String, text: String) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at.saturating_add(1));
        let lines = std::iter::once(0).chain(starts).collect();
        Source { name, text, lines }
    }

    /// The number (from 1) and first byte of the line that holds a byte.
    fn line_at(&self, at: usize) -> Option<(usize, usize)> {
        let line = self.lines.partition_point(|start| *start <= at);
        Some((line, *self.lines.get(line.checked_sub(1)?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, start: usize) -> Option<(usize, usize)> {
        let start = u32::try_from(start).ok()?;
        let position = Sources::new([("a", text)]).position(Span { file: 0, start, end: start })?;
        Some((position.line, position.column))
    }

    #[test]
    fn counts_lines_and_characters_from_one() {
        assert_eq!(at("", 0), Some((1, 1)));
        assert_eq!(at("ab\ncd", 0), Some((1, 1)));
        assert_eq!(at("ab\ncd", 2), Some((1, 3)));
        assert_eq!(at("ab\ncd", 4), Some((2, 2)));
        assert_eq!(at("é\n€x", 6), Some((2, 2)));
        assert_eq!(at("ab\n", 3), Some((2, 1)));
        assert_eq!(at("é", 1), None);
        assert_eq!(at("é", 9), None);
    }
}
