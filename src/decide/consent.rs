//! Consent: default deny, and the only way to a permitted treatment.

use crate::check::tree::Channel;
use crate::leaf::{Consent, consent_at};
use crate::syntax::ast::ActionKind;
use crate::time::Instant;

/// A treatment that may be used. Only [`check`] makes one, and ranking accepts nothing else: there is no way around
/// consent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Permitted<'c> {
    content: &'c str,
}

impl<'c> Permitted<'c> {
    pub fn content(self) -> &'c str {
        self.content
    }
}

/// Whether the consent that a channel needs is given now. Service rests on a lawful basis of its own; a channel that needs
/// no consent is open.
pub(super) fn check<'c>(
    kind: ActionKind,
    channel: &Channel,
    content: &'c str,
    consents: &[Consent],
    now: Instant,
) -> Option<Permitted<'c>> {
    let granted = match &channel.consent {
        Some((channel, purpose)) => {
            kind == ActionKind::Service || consent_at(consents, channel, purpose, now) == Some(true)
        }
        None => true,
    };
    granted.then_some(Permitted { content })
}
