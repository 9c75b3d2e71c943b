//! The front door: text → ruleset → engine.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Engine;
use crate::check;
use crate::diagnostic::{Diagnostic, Diagnostics, Lints, Sources};
use crate::schema::{Profile, Record, RecordSchema, Schema};
use crate::syntax::ast::File;
use crate::syntax::{Limits, parse_file, print_file};

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
    files: Arc<[File]>,
    sources: Arc<Sources>,
    revision: Revision,
    warnings: Vec<Diagnostic>,
    lints: Lints,
}

/// What identifies a ruleset: a hash of what it says, whatever its layout, comments and file names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision([u8; 32]);

impl Revision {
    fn of(files: &[File]) -> Self {
        let mut hash = Sha256::new();
        for file in files {
            let text = print_file(file);
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        Revision(hash.finalize().into())
    }

    /// The whole hash.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Sixteen hexadecimal digits, enough to tell revisions apart in a log.
impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(8).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Revision({self})")
    }
}

/// As all 64 hexadecimal digits.
impl serde::Serialize for Revision {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&digits)
    }
}

impl<'de> serde::Deserialize<'de> for Revision {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("a revision is 64 hexadecimal digits");
        let mut bytes = [0; 32];
        if digits.len() != 64 {
            return Err(wrong());
        }
        for (byte, place) in bytes.iter_mut().zip((0..64).step_by(2)) {
            let pair = digits.get(place..place + 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Revision(bytes))
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
        let sources = Arc::new(Sources::new(files.iter().map(|(name, text)| (name.as_ref(), text.as_ref()))));
        let mut found = Vec::new();
        let parsed: Vec<File> = files
            .iter()
            .zip(0u32..)
            .map(|((_, text), number)| parse_file(text.as_ref(), number, limits, &mut found))
            .collect();
        check::check_names(&parsed, &mut found);
        found.truncate(limits.diagnostics);
        if found.iter().any(Diagnostic::is_error) {
            return Err(Diagnostics::new(found, sources));
        }
        let (revision, lints) = (Revision::of(&parsed), Lints::new());
        Ok(Ruleset { revision, files: parsed.into(), sources, warnings: found, lints })
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
        let rules = check::check(&self.files, schema.shape(), &mut found);
        check::lint::texts(&self.sources, &mut found);
        let found = check::lint::apply(found, &self.files, &self.sources, &self.lints);
        let found = Diagnostics::new(found, Arc::clone(&self.sources));
        if found.has_errors() {
            return Err(found);
        }
        Ok(Engine::new(rules, schema.access(), self.revision, found))
    }

    /// Binds the rules to records of the shape that the files declare with `profile { … }` and `event … { … }`.
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
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The texts behind the files.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}
