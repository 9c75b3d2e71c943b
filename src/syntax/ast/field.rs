//! What is declared of an attribute or a property, and whence its values are.

use serde::{Deserialize, Serialize};

use super::{Duration, Name, Spanned, TypeName};
use crate::diagnostic::Span;

/// A declared attribute or event property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeName,
    /// `?` after the type: the value may be missing.
    pub optional: bool,
    /// Personal data: redacted in explanations.
    pub pii: bool,
    /// Its texts are compared ignoring case.
    pub nocase: bool,
    /// Whence its values are.
    pub provenance: Option<Spanned<Provenance>>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `from third_party "DMP" for marketing fresh 7 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Who gathered it.
    pub party: Party,
    /// What the source is called.
    pub source: Option<Name>,
    /// What it was given for.
    pub purpose: Option<Name>,
    /// How long it is worth something.
    pub fresh: Option<Spanned<Duration>>,
}

/// Who gathered a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Party {
    /// We ourselves.
    FirstParty,
    /// A partner, of its own customers.
    SecondParty,
    /// Someone else.
    ThirdParty,
}
