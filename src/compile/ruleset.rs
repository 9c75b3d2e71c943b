//! The front door: text → ruleset → engine.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Engine;
use super::budget::Costs;
use super::hash::Sha;
use super::lowered::Lowered;
use super::part::Part;
use crate::check;
use crate::diagnostic::{Diagnostic, Diagnostics, Lints, Sources};
use crate::schema::{Profile, Record, RecordSchema, Schema};
use crate::syntax::Limits;
use crate::syntax::ast::File;
use crate::syntax::size;

/// A parsed ruleset: one or several files that speak of each other.
///
/// ```
/// use nextbest::Ruleset;
///
/// let rules = Ruleset::parse(&[("vip.nba", "segment vip \"Six orders a year\" when count(order within 1 year) >= 6")])?;
/// assert!(Ruleset::parse(&[("vip.nba", "segment vip when count(order within 30) >= 6")]).is_err());
/// # Ok::<(), nextbest::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ruleset {
    parts: Arc<[Part]>,
    /// Of the parts, in their order.
    files: Arc<[Arc<File>]>,
    limits: Limits,
    sources: Arc<Sources>,
    revision: Revision,
    warnings: Vec<Diagnostic>,
    lints: Lints,
}

/// What identifies a ruleset: a hash of what it says, whatever its layout, comments and file names. Displayed as sixteen
/// hexadecimal digits, serialized as all 64 of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Revision(Sha);

impl Revision {
    fn of(parts: &[Part]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.digest);
        }
        Revision(Sha(hash.finalize().into()))
    }

    /// The whole hash.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0.0
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Revision({self})")
    }
}

impl Ruleset {
    /// Reads files, each a name for messages and a text.
    ///
    /// # Errors
    /// Everything that is wrong with the texts by themselves, all at once: what cannot be read, names given twice,
    /// definitions that go round. Names and types are checked when the rules are bound to a customer type.
    pub fn parse<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Self, Diagnostics> {
        Self::parse_with(files, &Limits::default())
    }

    /// The same within other limits.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)], limits: &Limits) -> Result<Self, Diagnostics> {
        let sources = Sources::new(files.iter().map(|(name, text)| (name.as_ref(), text.as_ref())));
        let texts = files.iter().map(|(_, text)| text.as_ref());
        let parts = texts.zip(0u32..).map(|(text, number)| Part::read(text, number, limits)).collect();
        Self::joined(parts, sources, limits.clone(), Lints::new())
    }

    /// Puts files together that were read each by itself.
    pub(super) fn joined(
        parts: Vec<Part>,
        sources: Sources,
        limits: Limits,
        lints: Lints,
    ) -> Result<Self, Diagnostics> {
        let sources = Arc::new(sources);
        let files = files_of(&parts);
        let found = problems(&parts, &files, &limits);
        if found.iter().any(Diagnostic::is_error) {
            return Err(Diagnostics::within(found, sources, limits.diagnostics));
        }
        Ok(Ruleset {
            revision: Revision::of(&parts),
            parts: parts.into(),
            files,
            limits,
            sources,
            warnings: found,
            lints,
        })
    }

    /// The rules with one file new or changed: only that file is read. It takes the place of the file of that name, or comes
    /// last; the result is what [`parse`](Self::parse) makes of all the files in that order.
    ///
    /// ```
    /// # use nextbest::Ruleset;
    /// let rules = Ruleset::parse(&[("a.nba", "segment adult when age >= 18"), ("b.nba", "segment child when age < 18")])?;
    /// let changed = rules.with_file("a.nba", "segment adult when age >= 21")?;
    /// assert_ne!(changed.revision(), rules.revision());
    /// assert!(rules.with_file("c.nba", "segment adult when age > 0").is_err(), "`adult` is in a.nba already");
    /// assert_eq!(changed.without_file("a.nba")?.files().len(), 1);
    /// # Ok::<(), nextbest::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn with_file(&self, name: &str, text: &str) -> Result<Self, Diagnostics> {
        let number = self.sources.find(name).unwrap_or(self.parts.len());
        let mut parts = self.parts.to_vec();
        let part = Part::read(text, u32::try_from(number).unwrap_or(u32::MAX), &self.limits);
        match parts.get_mut(number) {
            Some(old) => *old = part,
            None => parts.push(part),
        }
        Self::joined(parts, self.sources.with(number, name, text), self.limits.clone(), self.lints.clone())
    }

    /// The rules without one file; without change if there is none of that name. The files after it are read again, since
    /// every place in a text knows the number of its file.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn without_file(&self, name: &str) -> Result<Self, Diagnostics> {
        let Some(number) = self.sources.find(name) else { return Ok(self.clone()) };
        let sources = self.sources.without(number);
        let mut parts: Vec<Part> = self.parts.iter().take(number).cloned().collect();
        let after = (0u32..).map_while(|file| sources.text(file).map(|text| (text, file))).skip(number);
        parts.extend(after.map(|(text, file)| Part::read(text, file, &self.limits)));
        Self::joined(parts, sources, self.limits.clone(), self.lints.clone())
    }

    /// The same rules with other levels of lints, which count when they are bound.
    #[must_use]
    pub fn with_lints(self, lints: Lints) -> Self {
        Ruleset { lints, ..self }
    }

    /// Binds the rules to a customer type: every name is resolved and every type checked, once and for all.
    ///
    /// # Errors
    /// Everything that does not fit, all at once.
    pub fn bind<P: Profile>(&self) -> Result<Engine<P>, Diagnostics> {
        self.bind_with(P::describe(Schema::new()))
    }

    /// Binds the rules to a schema put together by hand.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub fn bind_with<P: Send + Sync + 'static>(&self, schema: Schema<P>) -> Result<Engine<P>, Diagnostics> {
        let mut found = self.warnings.clone();
        let rules = check::check(&self.files, schema.shape(), &self.limits, &mut found);
        check::lint::texts(&self.sources, &mut found);
        let found = check::lint::apply(found, &self.files, &self.sources, &self.lints);
        let told = |found| Diagnostics::within(found, Arc::clone(&self.sources), self.limits.diagnostics);
        if found.iter().any(Diagnostic::is_error) {
            return Err(told(found));
        }
        let lowered = Lowered::new(&rules);
        let costs = Costs::of(&lowered);
        let dear = costs.exceeded(&rules, &lowered, &self.limits);
        if !dear.is_empty() {
            return Err(told(found.into_iter().chain(dear).collect()));
        }
        Ok(Engine::new(rules, schema.access(), self.revision, lowered, costs, told(found)))
    }

    /// Binds the rules to records of the shape that the files declare with `profile { … }` and `event … { … }`. With
    /// functions of the program's own: `rules.bind_with(rules.record_schema()?.schema().function(…))`.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub fn bind_records(&self) -> Result<Engine<Record>, Diagnostics> {
        // What is wrong with the declarations is reported again, together with everything else, when they are checked.
        let shape = check::declared_shape(&self.files, &mut Vec::new());
        self.bind_with(RecordSchema::new(shape).schema())
    }

    /// The schema of records that the files declare.
    ///
    /// # Errors
    /// What is wrong with the declarations.
    pub fn record_schema(&self) -> Result<RecordSchema, Diagnostics> {
        let mut found = Vec::new();
        let shape = check::declared_shape(&self.files, &mut found);
        if found.iter().any(Diagnostic::is_error) {
            return Err(Diagnostics::new(found, Arc::clone(&self.sources)));
        }
        Ok(RecordSchema::new(shape))
    }

    /// What identifies the ruleset.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The files as they were read.
    pub fn files(&self) -> &[Arc<File>] {
        &self.files
    }

    pub(super) fn shared_sources(&self) -> &Arc<Sources> {
        &self.sources
    }

    /// The texts behind the files.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

/// The trees of parts.
pub(super) fn files_of(parts: &[Part]) -> Arc<[Arc<File>]> {
    parts.iter().map(|part| Arc::clone(&part.file)).collect()
}

/// What is wrong with parts by themselves and as names of each other.
pub(super) fn problems(parts: &[Part], files: &[Arc<File>], limits: &Limits) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = parts.iter().flat_map(|part| part.found.iter().cloned()).collect();
    found.extend(size::exceeded(parts.iter().flat_map(|part| part.sizes.iter()), limits));
    check::check_names(files, &mut found);
    found
}
