//! All that is wrong with a ruleset, as one error.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{Diagnostic, Position, Severity, Sources, render};

/// Everything that is wrong with a set of rule files, with the texts to show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    sources: Arc<Sources>,
    /// miette borrows its related diagnostics, so they must live here.
    #[cfg(feature = "miette")]
    fancy: Vec<super::Fancy>,
}

/// The same as `Display`: a `main` that returns an error prints this.
impl fmt::Debug for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Diagnostics {
    /// Joins diagnostics and the files they speak of, in the order of the text.
    pub fn new(mut list: Vec<Diagnostic>, sources: Arc<Sources>) -> Self {
        list.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start));
        Self {
            #[cfg(feature = "miette")]
            fancy: super::Fancy::all(&list, &sources),
            list,
            sources,
        }
    }

    /// The same, of which at most so many are shown; of more, errors rather than warnings.
    pub(crate) fn within(mut list: Vec<Diagnostic>, sources: Arc<Sources>, most: usize) -> Self {
        cut(&mut list, most);
        Self::new(list, sources)
    }

    #[cfg(feature = "miette")]
    pub(super) fn fancy(&self) -> &[super::Fancy] {
        &self.fancy
    }

    /// The diagnostics in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them forbids the use of the rules.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(Diagnostic::is_error)
    }

    /// The files they speak of.
    pub fn sources(&self) -> &Arc<Sources> {
        &self.sources
    }
}

/// Leaves out what is more than may be shown, and says so in one more. Errors are kept before warnings, so that a list with an
/// error still has one.
pub(crate) fn cut(list: &mut Vec<Diagnostic>, most: usize) {
    if list.len() <= most {
        return;
    }
    list.sort_by_key(|diagnostic| (!diagnostic.is_error(), diagnostic.span.file, diagnostic.span.start));
    let severity = list.first().map_or(Severity::Warning, |first| first.severity);
    let left_out = list.split_off(most);
    if let Some(next) = left_out.first() {
        let message = format!("too many problems: at most {most} are shown");
        let repair = "mend those that are shown first; what follows may not have been read";
        let more = Diagnostic::exceeded(message, next.span, repair, "diagnostics");
        list.push(Diagnostic { severity, ..more.label("the first one that is left out") });
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.list.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            render::render(f, diagnostic, &self.sources)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// A diagnostic as tools read it: with the place as people count.
#[derive(Serialize)]
struct Located<'a> {
    file: Option<&'a str>,
    #[serde(flatten)]
    position: Option<Position>,
    #[serde(flatten)]
    diagnostic: &'a Diagnostic,
}

impl Serialize for Diagnostics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.list.iter().map(|diagnostic| Located {
            file: self.sources.name(diagnostic.span.file),
            position: self.sources.position(diagnostic.span),
            diagnostic,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Span};

    fn span(start: u32, end: u32) -> Span {
        Span { file: 0, start, end }
    }

    fn show(text: &str, diagnostic: Diagnostic) -> String {
        Diagnostics::new(vec![diagnostic], Arc::new(Sources::new([("a.nba", text)]))).to_string()
    }

    #[test]
    fn shows_line_carets_related_and_help() {
        let diagnostic = Diagnostic::error(Code::UnknownName, span(6, 9), "no attribute `ctr`")
            .label("not found")
            .related(span(0, 1), "declared here")
            .help("did you mean `ctx`?");
        let expected = "\
error[NB0201]: no attribute `ctr`
 --> a.nba:2:3
  |
2 | b ctr
  |   ^^^ not found
 ::: a.nba:1:1
  |
1 | one
  | - declared here
  = help: did you mean `ctx`?
";
        assert_eq!(show("one\nb ctr\n", diagnostic), expected);
    }

    #[test]
    fn minds_tabs_wide_characters_long_lines_and_the_end() {
        let text = show("\t日本 x", Diagnostic::error(Code::Syntax, span(8, 9), "m"));
        assert!(text.contains("  |          ^\n"), "{text}");
        let long = format!("{}x{}", "a".repeat(100_000), "b".repeat(100_000));
        let text = show(&long, Diagnostic::error(Code::Syntax, span(100_000, 100_001), "m"));
        assert!(text.len() < 600, "{text}");
        assert!(show("", Diagnostic::error(Code::Syntax, span(0, 0), "m")).contains("a.nba:1:1"));
        assert!(show("a", Diagnostic::error(Code::Syntax, span(7, 9), "m")).contains("a.nba"));
        assert!(show("a\nb", Diagnostic::error(Code::Syntax, span(0, 3), "m")).contains("1 | a\n  | ^\n"));
        assert!(!show("\u{1b}[31m", Diagnostic::error(Code::Syntax, span(0, 1), "m")).contains('\u{1b}'));
    }

    #[test]
    fn serializes_with_positions() {
        let one = Diagnostic::error(Code::Syntax, span(1, 2), "m");
        let all = Diagnostics::new(vec![one], Arc::new(Sources::new([("a", "ab")])));
        let json = serde_json::to_value(&all).unwrap_or_default();
        let first = json.get(0).cloned().unwrap_or_default();
        assert_eq!(first.get("code"), Some(&"NB0101".into()));
        assert_eq!(first.get("column"), Some(&2.into()));
    }
}
