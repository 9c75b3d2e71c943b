//! Lints: what can be used as it stands, but probably does not say what was meant.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Code;

/// Writes the enum, its names and its codes from one list. A lint has the name of its code.
macro_rules! lints {
    ($($lint:ident = $name:literal;)+) => {
        /// What kind of warning a diagnostic is. Its name, such as `number_equality`, never changes its meaning.
        ///
        /// | Name | Code |
        /// |---|---|
        $(#[doc = concat!("| `", $name, "` | [`", stringify!($lint), "`](Code::", stringify!($lint), ") |")])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Lint {
            $(#[doc = concat!("`", $name, "`")] #[serde(rename = $name)] $lint,)+
        }

        impl Lint {
            /// Every lint, in the order of the codes.
            pub const ALL: &'static [Lint] = &[$(Lint::$lint),+];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Lint::$lint => $name),+ }
            }

            /// The code of its diagnostics.
            pub const fn code(self) -> Code {
                match self { $(Lint::$lint => Code::$lint),+ }
            }
        }
    };
}

lints! {
    UnusedDefinition = "unused_definition";
    ConstantComparison = "constant_comparison";
    MissingSetting = "missing_setting";
    NumberEquality = "number_equality";
    NoWildcard = "no_wildcard";
    NegativeOnOptional = "negative_on_optional";
    NeverLeftOut = "never_left_out";
    AlwaysFalse = "always_false";
    AlwaysTrue = "always_true";
    OutsideDomain = "outside_domain";
    BandGap = "band_gap";
    ImplicitUtc = "implicit_utc";
    UnguardedEdge = "unguarded_edge";
    LookAlike = "look_alike";
    IdleComment = "idle_comment";
    EndlessSequence = "endless_sequence";
    IdleCap = "idle_cap";
    IdleException = "idle_exception";
    MisspeltPurpose = "misspelt_purpose";
}

impl Lint {
    /// The lint with a name.
    pub fn named(name: &str) -> Option<Lint> {
        Self::ALL.iter().copied().find(|lint| lint.name() == name)
    }

    /// What is done about it where neither the host nor the file says anything.
    pub const fn default_level(self) -> Level {
        Level::Warn
    }
}

impl std::fmt::Display for Lint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What is done about a lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing is said.
    Allow,
    /// It is said, and the rules can be used.
    Warn,
    /// It is an error: the rules cannot be used.
    Deny,
}

impl Level {
    /// Every level.
    pub const ALL: &'static [Level] = &[Level::Allow, Level::Warn, Level::Deny];

    /// Its name in a comment.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }
}

/// The host's levels of lints; a later call overrides an earlier one.
///
/// A comment in the file, `# nextbest: allow(number_equality)` on a line of its own, sets levels for what follows it: before
/// a statement for that statement, inside a statement for the next line, with `in this file` after it for the whole file. The
/// nearest counts, but for one thing: what the host denies, no comment allows.
///
/// ```
/// use nextbest::{Ruleset, diagnostic::{Lint, Lints}};
///
/// let text = "profile { p id  rating number? }\nsegment top when rating = 4.5";
/// let rules = Ruleset::parse(&[("shop.nba", text)])?;
/// assert_eq!(rules.bind_records()?.warnings().len(), 1);
///
/// let strict = rules.clone().with_lints(Lints::new().deny(Lint::NumberEquality));
/// assert!(strict.bind_records().is_err());
///
/// let silent = rules.with_lints(Lints::new().allow_all());
/// assert!(silent.bind_records()?.warnings().is_empty());
/// # Ok::<(), nextbest::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lints {
    levels: BTreeMap<Lint, Level>,
}

impl Lints {
    /// Every lint at its default level.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says nothing about it.
    #[must_use]
    pub fn allow(self, lint: Lint) -> Self {
        self.set(lint, Level::Allow)
    }

    /// Warns of it.
    #[must_use]
    pub fn warn(self, lint: Lint) -> Self {
        self.set(lint, Level::Warn)
    }

    /// Makes an error of it, which no comment in a file can allow.
    #[must_use]
    pub fn deny(self, lint: Lint) -> Self {
        self.set(lint, Level::Deny)
    }

    /// Says nothing about any.
    #[must_use]
    pub fn allow_all(self) -> Self {
        self.all(Level::Allow)
    }

    /// Warns of all.
    #[must_use]
    pub fn warn_all(self) -> Self {
        self.all(Level::Warn)
    }

    /// Makes an error of every one.
    #[must_use]
    pub fn deny_all(self) -> Self {
        self.all(Level::Deny)
    }

    /// The level of a lint.
    pub fn level(&self, lint: Lint) -> Level {
        self.levels.get(&lint).copied().unwrap_or(lint.default_level())
    }

    fn set(mut self, lint: Lint, level: Level) -> Self {
        self.levels.insert(lint, level);
        self
    }

    fn all(self, level: Level) -> Self {
        Lint::ALL.iter().fold(self, |lints, lint| lints.set(*lint, level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_those_of_the_codes() {
        for lint in Lint::ALL {
            assert_eq!(Lint::named(lint.name()), Some(*lint));
            let camel: String = lint
                .name()
                .split('_')
                .flat_map(|word| word.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(word.chars().skip(1)))
                .collect();
            assert_eq!(camel, format!("{lint:?}"));
            assert_eq!(camel, format!("{:?}", lint.code()));
        }
        assert!(Lint::ALL.is_sorted_by_key(|lint| lint.code()));
    }

    #[test]
    fn the_last_word_counts() {
        let lints = Lints::new().deny_all().allow(Lint::IdleComment);
        assert_eq!((lints.level(Lint::IdleComment), lints.level(Lint::NumberEquality)), (Level::Allow, Level::Deny));
        assert_eq!(lints.allow_all(), Lints::new().allow_all());
    }
}
