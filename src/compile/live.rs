//! Rules that are replaced while decisions are being made.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::Engine;

/// Holds the engine in force. Readers never wait, for each other or for whoever swaps in a new one.
///
/// ```
/// # use nextbest::{Instant, Live, Ruleset};
/// let first = Ruleset::parse(&[("a.nba", "profile { id id }")])?.bind_records()?;
/// let second = Ruleset::parse(&[("a.nba", "profile { id id }\nsegment known when id is known")])?.bind_records()?;
/// let live = Live::new(first);
/// let engine = live.engine();            // a clone: it stays what it is, whatever is swapped in meanwhile
/// live.swap(second);
/// assert_ne!(engine.revision(), live.engine().revision());
/// # Ok::<(), nextbest::Diagnostics>(())
/// ```
pub struct Live<P>(ArcSwap<Engine<P>>);

impl<P: Send + Sync + 'static> Live<P> {
    /// Holds an engine.
    pub fn new(engine: Engine<P>) -> Self {
        Live(ArcSwap::from_pointee(engine))
    }

    /// The engine in force.
    pub fn engine(&self) -> Engine<P> {
        Engine::clone(&self.0.load())
    }

    /// Puts another engine in force and hands back the one before. Decisions under way finish with the rules that they
    /// began with.
    pub fn swap(&self, engine: Engine<P>) -> Engine<P> {
        Engine::clone(&self.0.swap(Arc::new(engine)))
    }
}
