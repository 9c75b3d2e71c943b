//! Typed rules + a customer type → predicates, and the engine that holds them.
//!
//! [`Ruleset`] is the front door; [`Engine`] the rules bound to a customer type; [`Evaluator`] evaluates them.

mod catalogue;
mod condition;
mod depth;
mod engine;
mod evaluator;
mod inline;
mod link;
mod lowering;
mod order;
mod request;
mod ruleset;
mod value;

pub(crate) use catalogue::Candidate;
pub(crate) use engine::Inner;
pub use engine::{Costs, Engine, EngineError, SegmentId, ValueId};
pub use evaluator::Evaluator;
pub use request::{Request, RequestError};
pub use ruleset::{Revision, Ruleset};
