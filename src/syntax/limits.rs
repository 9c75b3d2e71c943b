//! How much a ruleset may ask for.

/// Bounds on what is read and bound, so that no text can cost more than its size, and no evaluation more than was foreseen.
/// What exceeds one is refused with [`LimitExceeded`](crate::diagnostic::Code::LimitExceeded).
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
    /// Lists, regions, lets, scores, groups, segments and programs in all files together: 10,000.
    pub rules: usize,
    /// Conditions and list items in one rule: 1,024.
    pub atoms: usize,
    /// Names, values, operators, and what they form, in all files together: 500,000.
    pub nodes: usize,
    /// Problems told at once: 100. Errors come before warnings.
    pub diagnostics: usize,
    /// Bytes of one regular expression when it is compiled: 1 MiB.
    pub regex_size: usize,
    /// What a definition or an action may cost by itself, in the unit of [`Costs`](crate::Costs): 1,000,000.
    pub rule_cost: u64,
    /// What all rules may cost together for one customer, in the unit of [`Costs`](crate::Costs): 100,000,000.
    pub total_cost: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source: 8 * 1024 * 1024,
            nesting: 64,
            rules: 10_000,
            atoms: 1_024,
            nodes: 500_000,
            diagnostics: 100,
            regex_size: 1024 * 1024,
            rule_cost: 1_000_000,
            total_cost: 100_000_000,
        }
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

    /// Sets the rules in all files together.
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

    /// Sets the nodes in all files together: the memory that the trees of a ruleset take.
    #[must_use]
    pub fn nodes(mut self, count: usize) -> Self {
        self.nodes = count;
        self
    }

    /// Sets the problems told at once.
    #[must_use]
    pub fn diagnostics(mut self, count: usize) -> Self {
        self.diagnostics = count;
        self
    }

    /// Sets the bytes of one regular expression when it is compiled.
    #[must_use]
    pub fn regex_size(mut self, bytes: usize) -> Self {
        self.regex_size = bytes;
        self
    }

    /// Sets what one rule may cost. A rule that is dearer is refused when it is bound, before any customer has to wait for it.
    ///
    /// ```
    /// # use nextbest::{Limits, Ruleset};
    /// let text = "profile { id id }\nevent order {}\nsegment vip when count(order within 30 days) >= 3";
    /// let files = [("a.nba", text)];
    /// let careful = Ruleset::parse_with(&files, &Limits::default().rule_cost(5))?;
    /// assert!(careful.bind_records().is_err());
    /// # assert!(Ruleset::parse(&files)?.bind_records().is_ok());
    /// # Ok::<(), nextbest::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn rule_cost(mut self, comparisons: u64) -> Self {
        self.rule_cost = comparisons;
        self
    }

    /// Sets what all rules may cost together: a bound on every decision, and on every evaluation of segments.
    #[must_use]
    pub fn total_cost(mut self, comparisons: u64) -> Self {
        self.total_cost = comparisons;
        self
    }
}
