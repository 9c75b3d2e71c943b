//! What earlier contacts allow: rests between entries of a campaign, and frequency caps.

use std::collections::HashSet;

use super::retry::first_free;
use crate::check::tree::{Again, Cap, Channel};
use crate::leaf::Moment;
use crate::schema::{Contact, ContactKind, Events, Outcome};
use crate::syntax::ast::Direction;
use crate::time::Instant;

/// The contacts of a customer, as far as they are known, and where and when the question is asked.
#[derive(Clone, Copy)]
pub(super) struct Contacts<'c> {
    /// `None`: unknown, and unknown blocks.
    pub rows: Option<&'c Events<Contact>>,
    pub moment: Moment,
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
            Again::After(rest) => since(self.moment.zone.minus(now, rest)),
        };
        if !blocks(self.moment.now) {
            return Ok(());
        }
        let until = match again {
            Again::After(rest) => first_free(self.moment, rest, blocks),
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
                && rows.failed(row, self.moment.now) != Some(true)
        };
        self.visible(rows).iter().rev().find(shown).map(|row| row.at)
    }

    /// Whether a cap is reached on a channel, `pending` contacts of this decision included.
    pub fn capped(self, cap: &Cap, channels: &[Channel], pending: usize) -> Result<(), Blocked> {
        let most = usize::try_from(cap.at_most).unwrap_or(usize::MAX);
        let counted = self.rows.map(|rows| self.counted(rows, cap, channels)).unwrap_or_default();
        let blocks = |now: Instant| {
            let after = self.moment.zone.minus(now, cap.span_of_time);
            let earlier = counted.partition_point(|&at| at <= after);
            self.lacking(after) || counted.len() - earlier + pending >= most
        };
        if !blocks(self.moment.now) {
            return Ok(());
        }
        let until = if pending >= most { None } else { first_free(self.moment, cap.span_of_time, blocks) };
        Err(Blocked { until })
    }

    /// When contacts began that a cap counts, in their order: each once, at its earliest row that counts, and none that
    /// failed.
    fn counted(self, rows: &Events<Contact>, cap: &Cap, channels: &[Channel]) -> Vec<Instant> {
        let mut seen = HashSet::new();
        let earliest = self.visible(rows).iter().filter(|row| counts(row, cap, channels) && seen.insert(&row.id));
        earliest.filter(|row| rows.failed(row, self.moment.now) != Some(true)).map(|row| row.at).collect()
    }

    fn visible(self, rows: &Events<Contact>) -> &[Contact] {
        let rows = rows.as_slice();
        rows.split_at_checked(rows.partition_point(|row| row.at <= self.moment.now))
            .map_or(rows, |(visible, _)| visible)
    }

    /// Whether contacts after `after` may be lacking.
    fn lacking(self, after: Instant) -> bool {
        self.rows.is_none_or(|rows| rows.since().is_some_and(|since| since.millis() > after.millis().saturating_add(1)))
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
