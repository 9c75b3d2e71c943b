//! How an action is shown: where, with what content, to whom.

use serde::{Deserialize, Serialize};

use super::{Expr, Name};
use crate::diagnostic::Span;

/// `treat email "winback.gift" in [fr, en] with { product: last(view).product else "your last visit" } when visits > 2`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// On which channel.
    pub channel: Name,
    /// In which of its slots.
    pub slot: Option<Name>,
    /// What the host shows.
    pub content: Content,
    /// The languages there are, the one to fall back on first.
    #[serde(default)]
    pub languages: Vec<Name>,
    /// What the content is filled with.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// For whom.
    pub when: Option<Expr>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// What the host shows: the key of a content, or one of several to find out which is best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Content {
    /// `"winback.gift"`
    Key(Name),
    /// `experiment greeting { a 50% "hello.a"  b 50% "hello.b" }`
    Experiment(Experiment),
    /// `experiment looks "hello.mail" factors { subject: ["Hi", "Hello"]  image: ["cat", "dog"] }`
    Factorial(Factorial),
}

/// `experiment greeting for 20% of layer hero using growthbook2 "seed" { a 50% "hello.a"  b 50% "hello.b" }`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Its name.
    pub name: Name,
    /// For whom.
    #[serde(default)]
    pub exposure: Option<Exposure>,
    /// By whose scheme arms are drawn.
    #[serde(default)]
    pub scheme: Option<SchemeName>,
    /// What is tried.
    pub arms: Vec<Arm>,
    /// `stop b`: arms that nobody is put into any more.
    #[serde(default)]
    pub stops: Vec<Name>,
}

/// `experiment looks for 20% "hello.mail" factors { subject: ["Hi", "Hello"]  image: ["cat", "dog"] }`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factorial {
    /// Its name.
    pub name: Name,
    /// For whom.
    #[serde(default)]
    pub exposure: Option<Exposure>,
    /// What the host shows, filled with a level of each factor.
    pub content: Name,
    /// What is tried, each independently of the others.
    pub factors: Vec<Factor>,
}

/// `subject: ["Hi", "Hello"]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Its name: the parameter of the content that it fills.
    pub name: Name,
    /// What it is filled with.
    pub levels: Vec<FactorLevel>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `"Hi" 70%`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactorLevel {
    /// What the factor is filled with.
    pub text: Name,
    /// Its share: the digits of a percentage. Where no level has one, all are alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Name>,
}

/// `for 20% of layer hero`, `for 20% by posthog "flag"`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// Its share: the digits of a percentage.
    pub share: Name,
    /// The layer that it is a part of.
    pub layer: Option<Name>,
    /// By whose scheme it is drawn.
    #[serde(default)]
    pub gate: Option<SchemeName>,
}

/// `using growthbook2 "seed"` of arms, `by posthog "flag"` of a part
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeName {
    /// The scheme.
    pub name: Name,
    /// What it hashes besides the id.
    pub salt: Name,
}

/// `a 50% "hello.a"`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// Its name.
    pub name: Name,
    /// Its share: the digits of a percentage.
    pub share: Name,
    /// What the host shows.
    pub content: Name,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// `product: last(view).product else "your last visit"`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// What it is filled with.
    pub value: Expr,
    /// What instead, where that is missing.
    pub otherwise: Option<Expr>,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}
