//! What is known of earlier contacts, and which of them a cap counts.

use std::collections::HashSet;

use crate::check::tree::{Cap, Channel, Limit, is_under};
use crate::leaf::Moment;
use crate::schema::{Contact, ContactKind, Events, Outcome};
use crate::syntax::ast::{Contacted, Direction};
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

impl<'c> Contacts<'c> {
    /// What must leave the window of a cap before it is no longer reached, `pending` contacts of this decision included, where
    /// the customer wishes no more than so many; `None` where it is not reached, `Some(None)` where time alone will not help.
    pub fn capped(self, cap: &Cap, wish: Option<i64>, channels: &[Channel], pending: usize) -> Option<Option<Instant>> {
        let Some(limit) = &cap.limit else { return Some(None) };
        let most = wish.map_or(i64::from(limit.at_most), |wish| wish.clamp(0, i64::from(limit.at_most)));
        let most = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(pending);
        if most == 0 {
            return Some(None);
        }
        let Some(rows) = self.rows else { return Some(None) };
        let Moment { now, week_start, zone } = self.moment;
        let after = limit.window.resolve(now, limit.zone.unwrap_or(zone), week_start).after;
        // The newest that is one too many, and what may be lacking: the later of them.
        let one_too_many = self.counted(rows, cap, channels, after).into_iter().rev().nth(most - 1);
        one_too_many.max(self.lacking().filter(|&lacking| after < lacking)).map(Some)
    }

    /// When a cap is no longer reached that is until `held` has left its window.
    pub fn released(self, limit: &Limit, held: Instant) -> Option<Instant> {
        let Moment { now, week_start, zone } = self.moment;
        limit.window.leaves(held, now, limit.zone.unwrap_or(zone), week_start)
    }

    /// When contacts after `after` began that a cap counts, in their order: each once, at its earliest row that counts, and
    /// none that failed.
    fn counted(self, rows: &Events<Contact>, cap: &Cap, channels: &[Channel], after: Instant) -> Vec<Instant> {
        let visible = self.visible(rows);
        let (before, within) =
            visible.split_at_checked(visible.partition_point(|row| row.at <= after)).unwrap_or_default();
        let counts = |row: &&Contact| counts(row, cap, channels);
        if !within.iter().any(|row| counts(&row)) {
            return Vec::new();
        }
        let mut seen: HashSet<&str> = before.iter().filter(counts).map(|row| row.id.as_str()).collect();
        let earliest = within.iter().filter(counts).filter(|row| seen.insert(&row.id));
        earliest.filter(|row| rows.failed(row, self.moment.now) != Some(true)).map(|row| row.at).collect()
    }

    /// The contacts up to now about what has this path, or is part of it; none that failed.
    pub fn about(self, path: &str) -> impl DoubleEndedIterator<Item = &'c Contact> {
        let known = self.rows.map(|rows| (rows, self.visible(rows)));
        let now = self.moment.now;
        known.into_iter().flat_map(move |(rows, visible)| {
            visible.iter().filter(move |row| is_under(&row.action, path) && rows.failed(row, now) != Some(true))
        })
    }

    /// Those up to now. What is later than now is not seen, nor is it when a later moment is asked about: all inputs stay as
    /// they are.
    fn visible(self, rows: &'c Events<Contact>) -> &'c [Contact] {
        let rows = rows.as_slice();
        rows.split_at_checked(rows.partition_point(|row| row.at <= self.moment.now))
            .map_or(rows, |(visible, _)| visible)
    }

    /// The last instant of which contacts may be lacking, if any may.
    pub fn lacking(self) -> Option<Instant> {
        self.rows.and_then(Events::since).map(|since| since.saturating_sub_millis(1))
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
    let kind = match cap.kind {
        Contacted::Marketing => row.kind != ContactKind::Service,
        Contacted::Offer => row.kind == ContactKind::Offer,
        Contacted::Message => row.kind == ContactKind::Message,
    };
    concerned && happened && kind && cap.of.as_ref().is_none_or(|path| is_under(&row.action, path))
}
