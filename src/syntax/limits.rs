//! How much a rule file may ask for.

/// Bounds on what is read, so that no text can cost more than its size.
///
/// ```
/// # use nextbest::syntax::Limits;
/// let limits = Limits::default().rules(50_000).diagnostics(10);
/// assert_eq!(limits.nesting, 64);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes in one file: 8 MiB.
    pub source: usize,
    /// Parentheses, brackets, braces, `not`, `-` and chained operators, one inside the other: 64.
    pub nesting: usize,
    /// Segments, lets, scores, groups and programs in one file: 10,000.
    pub rules: usize,
    /// Conditions and list items in one rule: 1,024.
    pub atoms: usize,
    /// Problems reported before giving up: 100.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { source: 8 * 1024 * 1024, nesting: 64, rules: 10_000, atoms: 1_024, diagnostics: 100 }
    }
}

impl Limits {
    /// Sets the bytes in one file; more than 4 GiB is never read, since places in the text are 32 bits.
    #[must_use]
    pub fn source(mut self, bytes: usize) -> Self {
        self.source = bytes;
        self
    }

    /// Sets the depth of nesting. Reading takes stack in proportion: at 64, less than 1 MiB in any build.
    #[must_use]
    pub fn nesting(mut self, depth: usize) -> Self {
        self.nesting = depth;
        self
    }

    /// Sets the rules in one file.
    #[must_use]
    pub fn rules(mut self, count: usize) -> Self {
        self.rules = count;
        self
    }

    /// Sets the conditions and list items in one rule.
    #[must_use]
    pub fn atoms(mut self, count: usize) -> Self {
        self.atoms = count;
        self
    }

    /// Sets the problems reported before giving up.
    #[must_use]
    pub fn diagnostics(mut self, count: usize) -> Self {
        self.diagnostics = count;
        self
    }
}
