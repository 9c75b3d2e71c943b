//! What is wrong with a request.

use crate::schema::{Currency, RecordError, hint};

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The rules declare no such channel.
    #[error("there is no channel `{name}`{}", hint(nearest))]
    UnknownChannel {
        /// The name given.
        name: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// The channel has no such slot.
    #[error("the channel `{channel}` has no slot `{name}`{}", hint(nearest))]
    UnknownSlot {
        /// The channel.
        channel: String,
        /// The name given.
        name: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// No program, campaign, action or experiment has this path.
    #[error("nothing has the path `{name}`{}", hint(nearest))]
    UnknownPath {
        /// The path given.
        name: String,
        /// One that was probably meant.
        nearest: Option<String>,
    },
    /// The experiment has no such arm.
    #[error("the experiment `{experiment}` has no arm `{arm}`")]
    UnknownArm {
        /// The experiment.
        experiment: String,
        /// The arm given.
        arm: String,
    },
    /// There cannot be more successes than contacts, and only a propensity with `trust` takes evidence.
    #[error(
        "{positives} successes of {contacts} contacts are no evidence for `{path}`: there can be no more successes than contacts, and its propensity needs `trust … contacts`"
    )]
    Evidence {
        /// The action.
        path: String,
        /// Successes.
        positives: u64,
        /// Contacts.
        contacts: u64,
    },
    /// A budget is of another currency than the ruleset, or the ruleset has none.
    #[error("a budget is in the currency of the ruleset, {}, and not in {given}", ours.map_or("which it does not have", |ours| ours.code()))]
    Currency {
        /// That of the budget.
        given: Currency,
        /// That of the ruleset.
        ours: Option<Currency>,
    },
    /// The context has no such value, or not of this type.
    #[error(transparent)]
    Context(#[from] RecordError),
    /// The rules declare no such catalog.
    #[error("there is no catalog `{name}`{}", hint(nearest))]
    UnknownCatalog {
        /// The name given.
        name: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// A row has a column that the catalog has not, or a value of another type.
    #[error("row {row} of `{catalog}`: {source}")]
    Row {
        /// The catalog.
        catalog: String,
        /// Which row, counted from 0.
        row: usize,
        /// What is wrong with it.
        source: RecordError,
    },
    /// A row lacks what every row of the catalog has.
    #[error("row {row} of `{catalog}` has no `{column}`")]
    MissingColumn {
        /// The catalog.
        catalog: String,
        /// Which row, counted from 0.
        row: usize,
        /// What it lacks.
        column: String,
    },
    /// Two rows have one id.
    #[error("two rows of `{catalog}` have the id `{id}`")]
    DuplicateRow {
        /// The catalog.
        catalog: String,
        /// The id.
        id: String,
    },
    /// An action would be made of more rows than its limit allows. None is left out instead: which one would that be?
    #[error("`{action}` is made of {rows} rows of `{catalog}`, and its limit is {limit}")]
    TooManyRows {
        /// The action.
        action: String,
        /// The catalog.
        catalog: String,
        /// How many rows it would be made of.
        rows: usize,
        /// How many it may be.
        limit: usize,
    },
    /// Rows that cannot be read from JSON.
    #[cfg(feature = "json")]
    #[cfg_attr(docsrs, doc(cfg(feature = "json")))]
    #[error("rows of `{catalog}`: {errors}")]
    Json {
        /// The catalog.
        catalog: String,
        /// All that is wrong with them.
        errors: crate::schema::JsonErrors,
    },
}
