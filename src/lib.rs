#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![warn(missing_docs)]
// Bad input is answered, never met with a panic.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod bucket;
pub mod check;
mod compile;
mod decide;
pub mod diagnostic;
mod explain;
mod geo;
mod leaf;
mod schema;
pub mod syntax;
pub mod testing;
pub mod time;

#[cfg(all(doctest, feature = "derive"))]
#[doc = include_str!("../docs/embedding.md")]
struct Embedding;

#[cfg(feature = "json")]
#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
pub use compile::TreeError;
pub use compile::{
    Costs, Digest, Engine, EngineError, Evaluator, EventNeed, IndexPlan, IndexedAttribute, Live, LookBack, Members,
    Memberships, Metric, Needs, Only, Population, Request, RequestError, Revision, Ruleset, SegmentId, ValueId, Within,
};
pub use decide::{
    Answer, Chosen, Decision, Effect, Evidence, Factors, Nearest, Nothing, Parameter, Reason, Slot, Stage, Versions,
    Withheld,
};
pub use diagnostic::{Diagnostic, Diagnostics, Lint, Lints};
pub use explain::{
    ActionCount, CandidateTrace, Explanation, FoundContact, FoundValue, Funnel, PartTrace, RankedBy, RankedIn,
    ReasonCount, Reveal, RuleCount, SegmentExplainer, SegmentTrace, Shown, SlotFunnel, SlotTrace, Source, StageCount,
    Trace, Truth, Window, WorthTrace,
};
pub use geo::{DistanceUnit, Point, Region, RegionError};
#[cfg(feature = "derive")]
pub use nextbest_derive::{Category, Event, Item, Profile};
pub use schema::*;
pub use syntax::{Limits, format, format_with};
pub use time::*;
