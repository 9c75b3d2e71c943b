//! Typed rules + a customer type → predicates.
mod condition;
mod depth;
mod inline;
mod link;
mod lowering;
mod order;
mod value;
