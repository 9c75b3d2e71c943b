//! Candidates → decision: the next best action, or nothing and why.
//!
//! Every candidate runs through the same [stages](Stage) in the same order; service comes before marketing; the best that
//! the contact policy lets through wins. `decide` and `explain` are one function that differs in what it keeps.

mod about;
mod all;
mod availability;
mod bundle;
mod consent;
mod contacts;
mod content;
mod decision;
mod display;
mod draw;
mod entrant;
mod exception;
mod explore;
mod journey;
mod keep;
mod kept;
mod pipeline;
mod places;
mod policy;
mod rank;
mod rests;
mod retry;
mod room;
mod sample;
mod variant;
mod worth;

pub use crate::check::stage::{Reason, Stage};
pub use content::Parameter;
pub use decision::{Answer, Chosen, Decision, Effect, Evidence, Factors, Nearest, Nothing, Slot, Versions, Withheld};
pub(crate) use keep::{Keep, Left};
pub(crate) use pipeline::Pipeline;

use crate::compile::{Engine, Request};

impl<P: Send + Sync + 'static> Engine<P> {
    /// The next best action for a customer, for each channel and slot of the request. Never fails: `nothing` is a decision too.
    ///
    /// The same arguments give the same decision, everywhere.
    pub fn decide(&self, customer: &P, request: &Request) -> Decision {
        let inner = &*self.0;
        let resolved = request.resolve(&inner.rules);
        inner.with_scratch(|scratch| {
            let frame = inner.frame(customer, request.now(), &resolved, scratch, &inner.program);
            let cx = frame.of(customer);
            Pipeline::new(inner, customer, &cx, &resolved.inputs).decided(&resolved.places)
        })
    }
}
