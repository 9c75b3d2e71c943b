//! Consent: default deny, and the only way to a permitted treatment.

use std::cell::Cell;

use crate::check::tree::Channel;
use crate::compile::Treatment;
use crate::leaf::{Consent, consent_at};
use crate::syntax::ast::ActionKind;
use crate::time::Instant;

/// A treatment that may be used. Only [`Consents::check`] makes one, and ranking accepts nothing else: there is no way around
/// consent.
pub(super) struct Permitted<'c, P>(&'c Treatment<P>);

impl<'c, P> Permitted<'c, P> {
    pub fn treatment(&self) -> &'c Treatment<P> {
        self.0
    }
}

/// The consents of a customer at a moment.
pub(super) struct Consents<'c> {
    rows: &'c [Consent],
    now: Instant,
    /// The channel that was asked about last, and the answer: all candidates of a slot ask about the same one.
    last: Cell<Option<(usize, bool)>>,
}

impl<'c> Consents<'c> {
    pub fn new(rows: &'c [Consent], now: Instant) -> Self {
        Consents { rows, now, last: Cell::new(None) }
    }

    /// A treatment, if the consent that its channel needs is given. Service rests on a lawful basis of its own; a channel
    /// that needs no consent is open.
    pub fn check<'t, P>(
        &self,
        kind: ActionKind,
        channels: &[Channel],
        treatment: &'t Treatment<P>,
    ) -> Option<Permitted<'t, P>> {
        let number = treatment.place.channel;
        let granted = match &channels.get(number)?.consent {
            Some((channel, purpose)) => kind == ActionKind::Service || self.granted(number, channel, purpose),
            None => true,
        };
        granted.then_some(Permitted(treatment))
    }

    fn granted(&self, number: usize, channel: &str, purpose: &str) -> bool {
        if let Some((_, granted)) = self.last.get().filter(|&(last, _)| last == number) {
            return granted;
        }
        let granted = consent_at(self.rows, channel, purpose, self.now) == Some(true);
        self.last.set(Some((number, granted)));
        granted
    }
}
