//! Entries into a campaign, found from contacts and events: what is open now, and what was last.

use std::collections::HashSet;

use super::contacts::{Blocked, Contacts};
use crate::check::tree::{Again, Channel};
use crate::compile::{Entry, Lineage};
use crate::leaf::Cx;
use crate::leaf::fold::stream::Stream;
use crate::schema::{Contact, Outcome};
use crate::syntax::ast::Since;
use crate::time::{Instant, Zone};

/// What is known of a customer's entries into a campaign. Where contacts may be lacking, or events that end an entry, the
/// latest that is possible counts.
#[derive(Debug, Default)]
pub(super) struct Journey {
    open: Option<Open>,
    entered: Option<Instant>,
    exposed: Option<Instant>,
    converted: Option<Instant>,
}

/// An entry that has not closed.
#[derive(Debug, Clone, Copy)]
struct Open {
    since: Instant,
    /// When it closes if nothing happens: until just before, it is open.
    until: Option<Instant>,
    /// Whether it surely is open, and surely has begun then.
    surely: bool,
}

/// Follows one campaign of one customer.
pub(super) struct Follow<'f, 'c, P> {
    pub entry: &'f Entry<P>,
    pub scopes: Lineage,
    pub contacts: &'f Contacts<'c>,
    pub channels: &'f [Channel],
    pub customer: &'f P,
    pub cx: &'f Cx<'f>,
}

impl<'c, P: 'static> Follow<'_, 'c, P> {
    /// The journey up to now; `None` where the contacts are not known at all.
    pub fn journey(&self) -> Option<Journey> {
        self.contacts.rows?;
        let lacking = self.contacts.lacking();
        if !self.entry.lasts() && !matches!(self.entry.again, Again::After(_, Since::Entered)) {
            return Some(self.brief(lacking));
        }
        let mut journey = Journey { entered: lacking, exposed: lacking, converted: lacking, open: None };
        if let Some(lacking) = lacking {
            journey.open = self.opened(lacking).map(|open| Open { surely: false, ..open });
        }
        let mut known: HashSet<&str> = HashSet::new();
        for row in self.contacts.about(self.scopes.campaign) {
            if row.outcome == Outcome::Converted {
                journey.converted = journey.converted.max(Some(row.at));
            }
            if !exposes(row) {
                continue;
            }
            journey.exposed = journey.exposed.max(Some(row.at));
            // One of before the contacts are complete says nothing that is not possible anyway.
            if known.insert(&row.id) && lacking.is_none_or(|lacking| lacking < row.at) {
                self.enter(&mut journey, row.at, lacking.is_none() || self.begins(row));
            }
        }
        self.pass(&mut journey, self.contacts.moment.now);
        Some(journey)
    }

    /// The same where entries close as they open and which of them was the latest does not matter: the newest row says it all.
    fn brief(&self, lacking: Option<Instant>) -> Journey {
        let latest = |says: fn(&Contact) -> bool| {
            let row = self.contacts.about(self.scopes.campaign).filter(|row| says(row)).last();
            row.map(|row| row.at).max(lacking)
        };
        match self.entry.again {
            Again::After(_, Since::Converted) => {
                Journey { converted: latest(|row| row.outcome == Outcome::Converted), ..Journey::default() }
            }
            _ => {
                let exposed = latest(exposes);
                Journey { entered: exposed, exposed, ..Journey::default() }
            }
        }
    }

    /// Whether a contact begins with this row, whatever is lacking: what is seen of what we send has been sent before.
    fn begins(&self, row: &Contact) -> bool {
        let inbound = |channel: &Channel| !channel.is_outbound() && channel.name == row.channel;
        row.outcome != Outcome::Impression || self.channels.iter().any(inbound)
    }

    /// A contact of the campaign at an instant: it opens an entry while none is open, if it `surely` begins then.
    fn enter(&self, journey: &mut Journey, at: Instant, surely: bool) {
        self.pass(journey, at);
        match &mut journey.open {
            Some(open) if open.surely => {}
            // Whether it is part of what may be open, or begins an entry, is not known.
            Some(open) => {
                let until = self.opened(at).and_then(|opened| opened.until);
                open.until = open.until.zip(until).map(|(before, until)| before.max(until));
                journey.entered = Some(at);
            }
            none => {
                *none = self.opened(at).map(|open| Open { surely, ..open });
                journey.entered = Some(at);
            }
        }
    }

    /// An entry that begins at an instant; none where entries close as they open.
    fn opened(&self, at: Instant) -> Option<Open> {
        let until = self.entry.goal.as_ref().map(|&(_, within)| self.zone().plus(at, within));
        self.entry.lasts().then_some(Open { since: at, until, surely: true })
    }

    /// Closes what has closed up to an instant.
    fn pass(&self, journey: &mut Journey, to: Instant) {
        let Some(open) = journey.open else { return };
        let last = open.until.map_or(to, |until| until.min(to));
        let goal = self.entry.goal.as_ref().map(|(stream, _)| self.first(&**stream, open.since, last));
        let exits = self.entry.exits.iter().map(|stream| self.first(&**stream, open.since, last));
        let (mut end, mut lacking) = (None, false);
        for first in goal.into_iter().chain(exits) {
            end = end.into_iter().chain(first.at).min();
            lacking |= first.lacking.is_some();
        }
        if let Some(goal) = goal {
            let reached = goal.at.filter(|&reached| Some(reached) == end);
            // One that may be lacking may have come before whatever else ended the entry.
            let perhaps = goal.lacking.map(|latest| end.map_or(latest, |end| latest.min(end)));
            journey.converted = journey.converted.max(reached).max(perhaps);
        }
        if end.is_some() || open.until.is_some_and(|until| until <= to) {
            journey.open = None;
        } else if let Some(open) = &mut journey.open {
            open.surely &= !lacking;
        }
    }

    /// The first event of a kind after an instant, up to another.
    fn first(&self, stream: &dyn Stream<P>, after: Instant, to: Instant) -> First {
        let extent = stream.extent(self.customer, self.cx);
        let time = (after.millis().saturating_add(1), to.millis());
        let next = stream.next_in(self.customer, self.cx, extent.first..extent.end, time);
        let at = next.place.map(|place| Instant::from_millis(place.at));
        let (low, high) = extent.lacking;
        let latest = high.min(time.1);
        First { at, lacking: (low.max(time.0) <= latest).then_some(Instant::from_millis(latest)) }
    }

    fn zone(&self) -> Zone {
        self.contacts.moment.zone
    }

    /// Whether the campaign may address the customer now with the action. While an entry is open, on an `outbound` channel once.
    pub fn admits(&self, journey: &Journey, outbound: Option<&str>) -> Result<(), Blocked> {
        let now = self.contacts.moment.now;
        let mut from = now;
        if let Some(open) = journey.open {
            let sent = |channel| {
                let mut rows = self.contacts.about(self.scopes.action);
                rows.any(|row| exposes(row) && row.at >= open.since && row.channel == channel)
            };
            if open.surely && !outbound.is_some_and(sent) {
                return Ok(());
            }
            // Not before it closes, and then again only as the campaign says.
            from = open.until.ok_or(Blocked { until: None })?;
        }
        if let Again::After(pause, since) = self.entry.again {
            from = from.max(journey.latest(since).map_or(now, |latest| self.zone().plus(latest, pause)));
        }
        match self.entry.again {
            Again::Once if journey.entered.is_some() => Err(Blocked { until: None }),
            _ if now < from => Err(Blocked { until: Some(from) }),
            _ => Ok(()),
        }
    }
}

/// An event that ends an entry.
#[derive(Clone, Copy)]
struct First {
    at: Option<Instant>,
    /// When the latest that may be lacking would have been.
    lacking: Option<Instant>,
}

impl Journey {
    /// Whether an entry surely is open, so that who belongs to the campaign is not asked again.
    pub fn is_open(&self) -> bool {
        self.open.is_some_and(|open| open.surely)
    }

    fn latest(&self, since: Since) -> Option<Instant> {
        match since {
            Since::Entered => self.entered,
            Since::Exposed => self.exposed,
            Since::Converted => self.converted,
        }
    }
}

/// Sent, shown, or withheld on purpose: those of a control group enter as others do.
fn exposes(row: &Contact) -> bool {
    matches!(row.outcome, Outcome::Sent | Outcome::Impression | Outcome::Withheld)
}
