//! Reading and binding in one step, so that mistakes of both kinds are told together.

use std::collections::HashSet;
use std::sync::Arc;

use super::part::Part;
use super::ruleset::{files_of, problems};
use super::{Engine, Ruleset};
use crate::check;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Lints, Sources, Span};
use crate::schema::{Profile, Record, RecordSchema, Schema, Shape};
use crate::syntax::ast::File;
use crate::syntax::{Limits, split_words};

impl Ruleset {
    /// Reads files and binds them to a customer type in one step. Unlike after [`parse`](Self::parse), a statement that cannot be
    /// read does not hide what is wrong with the meaning of the others.
    ///
    /// ```
    /// # use nextbest::Ruleset;
    /// let text = "profile { person id  age int? }\nsegment a when age > \nsegment b when agee > 3";
    /// let found = Ruleset::load_records(&[("a.nba", text)]).unwrap_err();
    /// assert_eq!(found.len(), 2);
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong, all at once.
    pub fn load<P: Profile>(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> Result<Engine<P>, Diagnostics> {
        Self::load_with(files, P::describe(Schema::new()), &Limits::default())
    }

    /// The same for records of the shape that the files declare: see [`bind_records`](Self::bind_records).
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_records(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> Result<Engine<Record>, Diagnostics> {
        load(files, &Limits::default(), |files| {
            RecordSchema::new(check::declared_shape(files, &mut Vec::new())).schema()
        })
    }

    /// The same for a schema put together by hand, within other limits.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_with<P: Send + Sync + 'static>(
        files: &[(impl AsRef<str>, impl AsRef<str>)],
        schema: Schema<P>,
        limits: &Limits,
    ) -> Result<Engine<P>, Diagnostics> {
        load(files, limits, |_| schema)
    }
}

fn load<P: Send + Sync + 'static>(
    files: &[(impl AsRef<str>, impl AsRef<str>)],
    limits: &Limits,
    schema: impl FnOnce(&[Arc<File>]) -> Schema<P>,
) -> Result<Engine<P>, Diagnostics> {
    let sources = Sources::new(files.iter().map(|(name, text)| (name.as_ref(), text.as_ref())));
    let parts: Vec<Part> =
        (0..).zip(files).map(|(number, (_, text))| Part::read(text.as_ref(), number, limits)).collect();
    let files = files_of(&parts);
    let mut found = problems(&parts, &files, limits);
    let schema = schema(&files);
    if !found.iter().any(Diagnostic::is_error) {
        return Ruleset::joined(parts, sources, limits.clone(), Lints::new())?.bind_with(schema);
    }
    // What follows from a part that was not read cannot be told from a mistake.
    if parts.iter().all(|part| part.whole) {
        let read = std::mem::take(&mut found);
        found.extend(mistakes(&parts, &files, &read, schema.shape(), limits, &sources));
        found.splice(0..0, read);
    }
    Err(Diagnostics::within(found, Arc::new(sources), limits.diagnostics))
}

/// What is wrong with the meaning of the statements that were read without a mistake, but for what the others may have said.
fn mistakes(
    parts: &[Part],
    files: &[Arc<File>],
    read: &[Diagnostic],
    shape: Shape,
    limits: &Limits,
    sources: &Sources,
) -> impl Iterator<Item = Diagnostic> {
    let round = check::circular(files);
    let missed: HashSet<&str> =
        parts.iter().flat_map(|part| part.broken.iter()).chain(&round).map(String::as_str).collect();
    let echoes = |diagnostic: &Diagnostic| match diagnostic.code {
        Code::UnknownName | Code::NoSuchProperty | Code::WrongScope => {
            let span = diagnostic.span;
            let text = sources.text(span.file).and_then(|text| text.get(span.start as usize..span.end as usize));
            split_words(text.unwrap_or_default()).any(|word| missed.contains(word))
        }
        Code::MissingSetting => missed.contains("ruleset"),
        _ => false,
    };
    // A statement with a mistake may not say what was meant. That a name is taken says nothing of what it stands for.
    let misread: Vec<Span> = read
        .iter()
        .filter(|diagnostic| diagnostic.is_error() && !matches!(diagnostic.code, Code::Duplicate | Code::Cycle))
        .filter_map(|diagnostic| statement_at(files, diagnostic.span))
        .collect();
    let echoes = |diagnostic: &Diagnostic| {
        misread.iter().any(|statement| statement.contains(diagnostic.span)) || echoes(diagnostic)
    };
    let mut found = Vec::new();
    check::check(files, shape, limits, &mut found);
    found.retain(|diagnostic| diagnostic.is_error() && !echoes(diagnostic));
    found.into_iter()
}

/// The statement in which a place is.
fn statement_at(files: &[Arc<File>], place: Span) -> Option<Span> {
    let statements = files.iter().flat_map(|file| &file.statements);
    statements.map(|statement| statement.span).find(|statement| statement.contains(place))
}
