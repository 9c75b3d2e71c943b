//! What earlier contacts allow: rests between entries of a campaign, and frequency caps.

use std::collections::HashSet;

use crate::check::tree::{Again, Cap, Channel};
use crate::schema::{Contact, ContactKind, Events, Outcome};
use crate::syntax::ast::Direction;
use crate::time::{Instant, Period, Zone};

/// The contacts of a customer, as far as they are known, and where and when the question is asked.
#[derive(Clone, Copy)]
pub(super) struct Contacts<'c> {
    /// `None`: unknown, and unknown blocks.
    pub rows: Option<&'c Events<Contact>>,
    pub now: Instant,
    pub zone: Zone,
}

/// A clause that blocks, and the first instant at which it no longer does, if time alone will change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blocked {
    pub until: Option<Instant>,
}

impl Contacts<'_> {
    /// Whether a campaign may address the customer again.
    pub fn again(self, again: Again, campaign: &str) -> Result<(), Blocked> {
        let shown = self.rows.and_then(|rows| self.latest_exposure(rows, campaign));
        let since = |after: Instant| self.lacking(after) || shown.is_some_and(|at| after < at);
        let blocks = |now: Instant| match again {
            Again::Every => false,
            Again::Once => since(Instant::MIN),
            Again::After(rest) => since(self.zone.minus(now, rest)),
        };
        if !blocks(self.now) {
            return Ok(());
        }
        let until = match again {
            Again::After(rest) => self.first_free(rest, blocks),
            Again::Once | Again::Every => None,
        };
        Err(Blocked { until })
    }

    /// When anything of a campaign was last sent or shown. What is later than now is not seen, nor is it when a later moment
    /// is asked about: all inputs stay as they are.
    fn latest_exposure(self, rows: &Events<Contact>, campaign: &str) -> Option<Instant> {
        let shown = |row: &&Contact| {
            matches!(row.outcome, Outcome::Sent | Outcome::Impression)
                && under(&row.action, campaign)
                && rows.failed(row, self.now) != Some(true)
        };
        self.visible(rows).iter().rev().find(shown).map(|row| row.at)
    }

    /// Whether a cap is reached on a channel, `pending` contacts of this decision included.
    pub fn capped(self, cap: &Cap, channels: &[Channel], pending: usize) -> Result<(), Blocked> {
        let most = usize::try_from(cap.at_most).unwrap_or(usize::MAX);
        let counted = self.rows.map(|rows| self.counted(rows, cap, channels)).unwrap_or_default();
        let blocks = |now: Instant| {
            let after = self.zone.minus(now, cap.span_of_time);
            let earlier = counted.partition_point(|&at| at <= after);
            self.lacking(after) || counted.len() - earlier + pending >= most
        };
        if !blocks(self.now) {
            return Ok(());
        }
        let until = if pending >= most { None } else { self.first_free(cap.span_of_time, blocks) };
        Err(Blocked { until })
    }

    /// When contacts began that a cap counts, in their order: each once, at its earliest row that counts, and none that
    /// failed.
    fn counted(self, rows: &Events<Contact>, cap: &Cap, channels: &[Channel]) -> Vec<Instant> {
        let mut seen = HashSet::new();
        let earliest = self.visible(rows).iter().filter(|row| counts(row, cap, channels) && seen.insert(&row.id));
        earliest.filter(|row| rows.failed(row, self.now) != Some(true)).map(|row| row.at).collect()
    }

    fn visible(self, rows: &Events<Contact>) -> &[Contact] {
        let rows = rows.as_slice();
        rows.split_at_checked(rows.partition_point(|row| row.at <= self.now)).map_or(rows, |(visible, _)| visible)
    }

    /// Whether contacts after `after` may be lacking.
    fn lacking(self, after: Instant) -> bool {
        self.rows.is_none_or(|rows| rows.since().is_some_and(|since| since.millis() > after.millis().saturating_add(1)))
    }

    /// The first instant after now at which `blocks` no longer holds; it can only end as contacts leave a window of
    /// `span`, all of which lie in the past.
    fn first_free(self, span: Period, blocks: impl Fn(Instant) -> bool) -> Option<Instant> {
        // Some days of slack, since calendar arithmetic there and back can differ by a clock change or a month's end.
        let slack = Period { days: 4, ..Period::default() };
        let (mut held, mut free) = (self.now, self.zone.plus(self.zone.plus(self.now, span), slack));
        if blocks(free) {
            return None;
        }
        while held.saturating_add_millis(1) < free {
            let middle = Instant::from_millis(held.millis().midpoint(free.millis()));
            if blocks(middle) { held = middle } else { free = middle }
        }
        Some(free)
    }
}

fn counts(row: &Contact, cap: &Cap, channels: &[Channel]) -> bool {
    let direction = channels.iter().find(|channel| channel.name == row.channel).map(|channel| channel.direction);
    let concerned = match cap.channel.and_then(|index| channels.get(index)) {
        Some(channel) => channel.name == row.channel,
        // A channel that the rules do not know reached the customer all the same.
        None => direction != Some(Direction::Inbound),
    };
    let happened = match row.outcome {
        Outcome::Pending | Outcome::Sent => true,
        Outcome::Impression => direction == Some(Direction::Inbound),
        _ => false,
    };
    concerned && happened && row.kind != ContactKind::Service
}

/// Whether an action's path is of a campaign.
fn under(action: &str, campaign: &str) -> bool {
    action.strip_prefix(campaign).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
