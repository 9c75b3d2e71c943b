//! The stable codes of everything that can be wrong with a rule file.

use serde::{Deserialize, Serialize};

/// Writes the enum, its table and its serde names from one list, so that they cannot disagree.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal;)+) => {
        /// What kind of problem a diagnostic is about. The text form, such as `NB0105`, never changes its meaning.
        ///
        /// `NB01xx` the text, `NB02xx` names, `NB03xx` types, `NB04xx` meaning, `NB05xx` what is probably not meant, `NB09xx`
        /// limits. Those that can be warnings are also a [`Lint`](super::Lint).
        ///
        /// | Code | What is wrong |
        /// |---|---|
        $(#[doc = concat!("| [`", $code, "`](Self::", stringify!($name), ") | ", $title, " |")])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* #[doc = concat!("`", $code, "`: ", $title, ".")] #[serde(rename = $code)] $name,)+
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The stable text form.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),+ }
            }

            /// One line on what the code means.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title),+ }
            }
        }
    };
}

codes! {
    Syntax = "NB0101", "something else was expected here";
    UnknownStatement = "NB0102", "a statement begins with a word that is not known";
    UnterminatedText = "NB0103", "a text has no closing quote";
    UnbalancedBrackets = "NB0104", "a bracket has no partner";
    MixedAndOr = "NB0105", "`and` and `or` are mixed without parentheses";
    ChainedComparison = "NB0106", "a comparison follows a comparison";
    WrongOperator = "NB0107", "an operator of another language";
    WrongQuotes = "NB0108", "a text in quotes other than \"…\"";
    MissingUnit = "NB0109", "an amount of time without a unit";
    UnknownUnit = "NB0110", "a unit that is not known";
    ReservedWord = "NB0111", "a word of the language used as a name";
    BadNumber = "NB0112", "a number that is too large or not allowed here";
    BadDate = "NB0113", "a date or time that does not exist or is written in another way";
    BadEscape = "NB0114", "an unknown `\\` sequence in a text";
    Unsupported = "NB0115", "a feature that is not supported yet";
    WrongPredicate = "NB0116", "`is` is followed by something it cannot test";
    WrongWindow = "NB0117", "a period of time written in another way";
    RepeatedClause = "NB0118", "a clause that may stand once is repeated";
    MisplacedIgnoringCase = "NB0119", "`ignoring case` does not follow a comparison";
    WrongSequence = "NB0120", "a sequence of events that cannot be read";
    BadVersion = "NB0130", "a version that cannot be read";
    BadCoordinate = "NB0131", "a place that is not on the map";
    BadRegion = "NB0132", "corners that make no region";
    UnknownName = "NB0201", "a name that is not defined";
    UnknownEnumValue = "NB0202", "a value that its type does not have";
    Duplicate = "NB0203", "a name that is defined twice";
    Cycle = "NB0204", "definitions that depend on themselves";
    UnusedDefinition = "NB0205", "a definition that nothing uses";
    NoSuchProperty = "NB0206", "an event has no such property";
    WrongScope = "NB0207", "a name that cannot be used here";
    UnknownCurrency = "NB0208", "a currency that is not known";
    UnknownZone = "NB0209", "a time zone that is not known";
    SchemaDifference = "NB0210", "the file and the program declare different things";
    TypeMismatch = "NB0301", "two types that do not go together";
    WrongCurrency = "NB0302", "two currencies that do not go together";
    WrongArguments = "NB0303", "a function called with the wrong arguments";
    NotACondition = "NB0304", "a value where a condition is needed";
    TimelessItems = "NB0305", "items of a list are asked about their time";
    ReversedBounds = "NB0401", "bounds in the wrong order";
    EmptyList = "NB0402", "an empty list";
    EmptyText = "NB0403", "an empty text";
    BadRegex = "NB0404", "a pattern that cannot be read";
    ConstantComparison = "NB0405", "a comparison that is always true or always false";
    UnreachableRow = "NB0406", "a row that an earlier one hides";
    NotTotal = "NB0407", "some cases are not covered";
    MissingSetting = "NB0408", "a setting that the rules need is missing";
    NumberEquality = "NB0409", "two numbers with decimals are asked to be equal";
    NoWildcard = "NB0410", "a pattern without a wildcard";
    VanishingFactor = "NB0411", "a factor of the priority that may vanish";
    BadShares = "NB0412", "shares that do not make a whole";
    NegativeOnOptional = "NB0501", "a negative leaves out those of whom nothing is known";
    NeverLeftOut = "NB0502", "`time since` leaves out those who never did it";
    AlwaysFalse = "NB0503", "conditions that never hold together";
    AlwaysTrue = "NB0504", "conditions of which one always holds";
    OutsideDomain = "NB0505", "a comparison with a value that cannot occur";
    BandGap = "NB0506", "one value falls between two bands";
    ImplicitUtc = "NB0507", "days are counted, but no time zone is set";
    UnguardedEdge = "NB0508", "a suppression that also blocks those who never did it";
    LookAlike = "NB0509", "a text with characters that look like others, or like nothing";
    IdleComment = "NB0510", "a comment about lints that changes nothing";
    EndlessSequence = "NB0511", "something did not happen after an event of any time";
    IdleCap = "NB0512", "a cap that can never be reached";
    IdleException = "NB0513", "an exception from what would not hold anything back";
    MisspeltPurpose = "NB0514", "a purpose that is probably misspelt";
    LimitExceeded = "NB0901", "a limit is exceeded";
}

impl Code {
    /// Why it is said and how to mend it, in a few sentences of Markdown; an example stands in `docs/diagnostics.md`.
    ///
    /// ```
    /// assert!(nextbest::diagnostic::Code::MixedAndOr.explain().contains("parentheses"));
    /// ```
    pub fn explain(self) -> &'static str {
        let (_, section) = include_str!("explain.md").split_once(&format!("## {self}\n")).unwrap_or_default();
        section.split("\n## ").next().unwrap_or_default().trim()
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_are_distinct_and_serialize_as_written() {
        let mut texts: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(texts.is_sorted());
        texts.dedup();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(!code.title().is_empty());
            assert_eq!(serde_json::to_string(code).ok(), Some(format!("\"{code}\"")));
        }
    }
}
