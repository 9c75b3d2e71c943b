//! Typed rules + a customer type → predicates, and the engine that holds them.
//!
//! [`Ruleset`] is the front door; [`Engine`] the rules bound to a customer type; [`Evaluator`] evaluates them.

mod budget;
mod catalogue;
mod chain;
mod comparison;
mod condition;
mod copy;
mod corners;
mod cost;
mod depth;
mod digest;
mod engine;
mod entry;
mod evaluator;
mod exempt;
mod groups;
mod hash;
mod index;
mod inline;
mod inputs;
mod join;
#[cfg(feature = "json")]
mod json_tree;
mod link;
mod live;
mod load;
mod lowered;
mod lowering;
mod memberships;
mod needs;
mod opening;
mod order;
mod outcome;
mod part;
mod parts;
mod policy;
mod population;
mod prefer;
mod reads;
mod rebound;
mod refused;
mod request;
mod rows;
mod ruleset;
mod said;
mod scope;
mod treatment;
mod value;
mod worth;

pub use budget::Costs;
pub(crate) use catalogue::{Candidate, Weight};
pub(crate) use corners::Corners;
pub use digest::Digest;
pub(crate) use engine::Inner;
pub use engine::{Engine, EngineError, SegmentId, ValueId};
pub(crate) use entry::Entry;
pub(crate) use evaluator::shown;
pub use evaluator::{Evaluator, Only, Within};
pub use index::{IndexPlan, IndexedAttribute};
pub(crate) use inputs::{Inputs, Stock, Unit, Who};
#[cfg(feature = "json")]
#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
pub use json_tree::TreeError;
pub(crate) use link::Linker;
pub use live::Live;
pub(crate) use lowering::Lowering;
pub use memberships::{Members, Memberships};
pub use needs::{EventNeed, LookBack, Needs};
pub(crate) use opening::{Lasting, Opening};
pub(crate) use parts::in_parts;
pub use population::{Metric, Population};
pub(crate) use prefer::Preference;
pub use refused::RequestError;
pub use request::Request;
pub(crate) use request::Resolved;
pub use ruleset::{Revision, Ruleset};
pub(crate) use said::Said;
pub(crate) use scope::{Lineage, Scope, Scopes};
pub(crate) use treatment::Treatment;
pub(crate) use worth::{AimPart, Worth};
