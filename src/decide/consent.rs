//! Consent: default deny, and the only way to a permitted treatment.

use crate::check::tree::Channel;
use crate::compile::Treatment;
use crate::leaf::{Consent, consent_at};
use crate::syntax::ast::ActionKind;
use crate::time::Instant;

/// A treatment that may be used. Only [`check`] makes one, and ranking accepts nothing else: there is no way around
/// consent.
pub(super) struct Permitted<'c, P>(&'c Treatment<P>);

impl<'c, P> Permitted<'c, P> {
    pub fn treatment(&self) -> &'c Treatment<P> {
        self.0
    }
}

/// Whether the consent that a treatment's channel needs is given now. Service rests on a lawful basis of its own; a channel
/// that needs no consent is open.
pub(super) fn check<'c, P>(
    kind: ActionKind,
    channels: &[Channel],
    treatment: &'c Treatment<P>,
    consents: &[Consent],
    now: Instant,
) -> Option<Permitted<'c, P>> {
    let granted = match &channels.get(treatment.place.channel)?.consent {
        Some((channel, purpose)) => {
            kind == ActionKind::Service || consent_at(consents, channel, purpose, now) == Some(true)
        }
        None => true,
    };
    granted.then_some(Permitted(treatment))
}
