//! The places of a decision: in which order they are filled, and how many actions each shows.

use super::Reason;
use super::decision::{Answer, Decision, Slot};
use super::pipeline::{Filled, Pipeline};
use crate::check::tree::Showplace;
use crate::compile::Preference;

impl<P: Send + Sync + 'static> Pipeline<'_, P> {
    /// What is decided for these places. Those of a channel that is preferred are filled first, and each stands where it is
    /// asked for.
    pub fn decided(&mut self, places: &[Showplace]) -> Decision {
        let mut slots = Vec::with_capacity(places.len());
        for (number, place) in self.preference(places).order(places) {
            let filled = slots.len();
            self.fill_into(&mut slots, place, |pipeline| pipeline.slot(place));
            let behind = slots.iter().take(filled).position(|slot| self.number_of(slot, places) > Some(number));
            if let Some(moved) = behind.and_then(|at| slots.get_mut(at..)) {
                moved.rotate_left(filled - behind.unwrap_or(filled));
            }
        }
        self.decision(places, slots)
    }

    /// Which channels come first, where there is more than one place to fill.
    pub fn preference(&self, places: &[Showplace]) -> Preference {
        let Pipeline { inner, customer, cx, .. } = *self;
        let prefers = inner.prefers.as_ref().filter(|_| places.len() > 1);
        prefers.map_or(Preference::default(), |prefers| prefers.of(&inner.rules, customer, cx))
    }

    /// The number of a slot's place among those asked for.
    fn number_of(&self, slot: &Slot, places: &[Showplace]) -> Option<usize> {
        let channels = &self.inner.rules.channels;
        places.iter().position(|place| {
            channels.get(place.channel).is_some_and(|channel| {
                let name = place.slot.and_then(|slot| channel.slots.get(slot)).map(|slot| &slot.name);
                channel.name == slot.channel && name == slot.slot.as_ref()
            })
        })
    }

    /// The decision that these slots come to.
    pub fn decision(&self, places: &[Showplace], slots: Vec<Slot>) -> Decision {
        let Pipeline { inner, customer, cx, inputs, .. } = *self;
        let digest = inputs.digested.then(|| inner.digest(customer, cx, inputs, places));
        Decision::of(inner.revision, digest, &cx.moment, slots)
    }

    /// The slots of a place.
    pub fn fill(&mut self, place: Showplace, answer: impl FnMut(&mut Self) -> Filled) -> Vec<Slot> {
        let mut slots = Vec::new();
        self.fill_into(&mut slots, place, answer);
        slots
    }

    /// Adds the slots of a place, up to as many as it shows: what there is no action for is told once, and only if it is the first
    /// or there is something to record.
    fn fill_into(&mut self, slots: &mut Vec<Slot>, place: Showplace, mut answer: impl FnMut(&mut Self) -> Filled) {
        let Some(channel) = self.inner.rules.channels.get(place.channel) else { return };
        let slot = place.slot.and_then(|slot| channel.slots.get(slot));
        for number in 0..slot.map_or(1, |slot| slot.capacity) {
            let Filled { answer, withheld, .. } = answer(self);
            // What the holdout empties is not refilled, but the slots behind it are decided as if it had not.
            let goes_on = match &answer {
                Answer::Action(_) => true,
                Answer::Nothing(nothing) => nothing.reason == Reason::Holdout,
            };
            if goes_on || number == 0 || !withheld.is_empty() {
                let name = slot.map(|slot| slot.name.clone());
                slots.push(Slot { channel: channel.name.clone(), slot: name, answer, withheld });
            }
            if !goes_on {
                break;
            }
        }
    }
}
