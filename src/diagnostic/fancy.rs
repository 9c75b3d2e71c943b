//! Feature `miette`: the same diagnostics for miette's reporters.

use std::fmt;
use std::sync::Arc;

use miette::{LabeledSpan, NamedSource, SourceCode};

use super::{Diagnostic, Diagnostics, Severity, Sources, Span};

/// One diagnostic together with its file, as miette wants it.
#[derive(Debug, Clone)]
#[cfg_attr(docsrs, doc(cfg(feature = "miette")))]
pub struct Fancy {
    diagnostic: Diagnostic,
    source: Arc<NamedSource<String>>,
}

impl Fancy {
    /// Joins a diagnostic and the file it speaks of.
    pub fn new(diagnostic: Diagnostic, sources: &Sources) -> Self {
        let file = diagnostic.span.file;
        let text = sources.text(file).unwrap_or_default().to_owned();
        let source = Arc::new(NamedSource::new(sources.name(file).unwrap_or("the program"), text));
        Self { diagnostic, source }
    }

    /// Joins diagnostics and their files; those of one file share its text.
    pub(super) fn all(list: &[Diagnostic], sources: &Sources) -> Vec<Fancy> {
        let mut all: Vec<Fancy> = Vec::with_capacity(list.len());
        for diagnostic in list {
            let shared = all.last().filter(|last| last.diagnostic.span.file == diagnostic.span.file);
            let next = match shared {
                Some(last) => Fancy { diagnostic: diagnostic.clone(), source: Arc::clone(&last.source) },
                None => Fancy::new(diagnostic.clone(), sources),
            };
            all.push(next);
        }
        all
    }
}

/// The source is derived from the diagnostic's file, so two are equal when their diagnostics are.
impl PartialEq for Fancy {
    fn eq(&self, other: &Self) -> bool {
        self.diagnostic == other.diagnostic
    }
}

impl Eq for Fancy {}

impl fmt::Display for Fancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Fancy {}

fn labeled(span: Span, label: &str) -> LabeledSpan {
    let start = usize::try_from(span.start).unwrap_or(0);
    let length = usize::try_from(span.end.saturating_sub(span.start)).unwrap_or(0);
    LabeledSpan::new((!label.is_empty()).then(|| label.to_owned()), start, length)
}

impl miette::Diagnostic for Fancy {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help.as_deref().map(|help| Box::new(help) as Box<dyn fmt::Display + 'a>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        // Related places in another file have no source here; miette could only show them wrongly.
        let file = self.diagnostic.span.file;
        let related = self.diagnostic.related.iter().filter(move |(span, _)| span.file == file);
        let first = (file != Span::NOWHERE.file).then(|| labeled(self.diagnostic.span, &self.diagnostic.label));
        Some(Box::new(first.into_iter().chain(related.map(|(span, label)| labeled(*span, label)))))
    }
}

impl miette::Diagnostic for Diagnostics {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        Some(Box::new(self.fancy().iter().map(|one| one as &dyn miette::Diagnostic)))
    }
}
