//! The words of the language.

/// The words that begin a statement.
pub(super) const STATEMENTS: &[&str] = &[
    "ruleset",
    "profile",
    "context",
    "event",
    "catalog",
    "list",
    "region",
    "let",
    "score",
    "group",
    "stages",
    "segment",
    "channel",
    "policy",
    "tiers",
    "priority",
    "threshold",
    "holdout",
    "eligible",
    "applicable",
    "suitable",
    "suppress",
    "explore",
    "objective",
    "program",
    "test",
    "check",
];

/// Those of them that also stand inside of a program, whatever the line begins with.
pub(super) const CLAUSES: &[&str] = &["eligible", "applicable", "suitable", "suppress"];

/// The words that will begin a statement once their feature exists.
pub(super) const LATER_STATEMENTS: &[&str] = &["experiment", "lever", "boost", "goal"];

/// Words of features that do not exist yet, met inside a statement.
const LATER: &[&str] = &["everywhere", "bucket", "hold"];

/// Words that can never be names, since an expression could not be read otherwise.
/// The same list as `reserved` of the grammar.
const RESERVED: &[&str] = &[
    "ago",
    "all",
    "and",
    "any",
    "avg",
    "because",
    "between",
    "contains",
    "count",
    "distinct",
    "does",
    "else",
    "ends",
    "false",
    "first",
    "from",
    "have",
    "if",
    "ignoring",
    "in",
    "is",
    "last",
    "matches",
    "max",
    "min",
    "missing",
    "none",
    "not",
    "now",
    "or",
    "since",
    "starts",
    "sum",
    "this",
    "to",
    "today",
    "true",
    "until",
    "when",
    "where",
    "with",
    "within",
    "yesterday",
];

/// Words that may stand at the start of a line inside a statement, besides names.
const INNER: &[&str] = &[
    "inbound",
    "outbound",
    "needs",
    "consent",
    "case",
    "zone",
    "on",
    "of",
    "at",
    "least",
    "most",
    "once",
    "every",
    "again",
    "for",
    "after",
    "before",
    "exposed",
    "older",
    "than",
    "known",
    "empty",
    "granted",
    "denied",
    "ignoring",
    "segment",
    "full",
    "the",
    "next",
    "eligible",
    "applicable",
    "suitable",
    "suppress",
    "only",
    "stage",
    "pii",
    "top",
    "bottom",
    "by",
    "descending",
    "nocase",
    "inside",
    "hole",
    "goal",
    "exit",
    "entered",
    "converted",
    "cap",
    "quiet",
    "rest",
    "block",
    "limit",
    "prefer",
    "fallback",
    "bundles",
    "each",
    "per",
    "never",
    "slot",
    "trust",
    "contacts",
    "boost",
    "decaying",
    "weights",
    "lever",
    "promo",
    "expires",
    "control",
    "experiment",
    "factors",
    "stop",
    "valid",
    "salt",
    "except",
    "given",
    "expect",
    "why",
    "case",
    "nothing",
];

/// Whether `word` is in `list`, in any case.
pub(super) fn within(list: &[&str], word: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a word can never be a name.
pub(super) fn is_reserved(word: &str) -> bool {
    within(RESERVED, word)
}

/// Whether a word belongs to a feature that does not exist yet.
pub(super) fn is_later(word: &str) -> bool {
    within(LATER, word)
}

/// Whether a word has a meaning of its own somewhere inside a statement.
pub(super) fn is_inner(word: &str) -> bool {
    within(INNER, word) || is_reserved(word)
}

/// Whether a word may follow a number: a unit of time, or what looks like a currency.
pub(super) fn is_unit(word: &str) -> bool {
    crate::time::Unit::parse(word).is_some() || word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether an expression cannot end with this word.
pub(super) fn demands_operand(word: &str) -> bool {
    const DEMANDING: &[&str] = &[
        "and", "or", "not", "in", "when", "where", "if", "else", "on", "of", "between", "with", "is", "contains",
        "matches", "since", "to", "from", "within", "than", "before", "after", "have", "because", "for", "inside",
    ];
    within(DEMANDING, word)
}

/// Whether a word ends a test that begins with `is`, or a text operator.
pub(super) fn is_state(word: &str) -> bool {
    within(&["missing", "known", "empty", "granted", "denied", "case", "true", "false", "now", "today"], word)
}

/// Whether a word after a name begins a test of it.
pub(super) fn is_test(word: &str) -> bool {
    within(&["is", "in", "not", "between", "contains", "does", "starts", "ends", "matches"], word)
}

/// Whether a word can only continue an expression.
pub(super) fn is_infix(word: &str) -> bool {
    const INFIX: &[&str] =
        &["and", "or", "in", "is", "not", "between", "contains", "does", "starts", "ends", "matches", "ignoring", "if"];
    within(INFIX, word)
}
