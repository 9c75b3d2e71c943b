//! What earlier contacts allow: rests between entries of a campaign, and frequency caps.

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
        let blocks = |now: Instant| match again {
            Again::Every => false,
            Again::Once => self.exposed(campaign, Instant::MIN),
            Again::After(rest) => self.exposed(campaign, self.zone.minus(now, rest)),
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

    /// Whether anything of a campaign was sent or shown after `after`, or may have been. What is later than now is not seen,
    /// nor is it when a later moment is asked about: all inputs stay as they are.
    fn exposed(self, campaign: &str, after: Instant) -> bool {
        let Some(rows) = self.rows else { return true };
        let mut shown = rows.as_slice().iter().filter(|row| {
            matches!(row.outcome, Outcome::Sent | Outcome::Impression)
                && after < row.at
                && row.at <= self.now
                && under(&row.action, campaign)
        });
        shown.any(|row| !failed(rows, &row.id, self.now)) || open(rows, after)
    }

    /// Whether a cap is reached on a channel, `pending` contacts of this decision included.
    pub fn capped(self, cap: &Cap, channels: &[Channel], pending: usize) -> Result<(), Blocked> {
        let most = usize::try_from(cap.at_most).unwrap_or(usize::MAX);
        let blocks = |now: Instant| match self.rows {
            None => true,
            Some(rows) => {
                let after = self.zone.minus(now, cap.span_of_time);
                counted(rows, cap, channels, after, self.now) + pending >= most || open(rows, after)
            }
        };
        if !blocks(self.now) {
            return Ok(());
        }
        let until = if pending >= most { None } else { self.first_free(cap.span_of_time, blocks) };
        Err(Blocked { until })
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

/// Contacts that a cap counts: each once, at its earliest row, and none that failed.
fn counted(rows: &Events<Contact>, cap: &Cap, channels: &[Channel], after: Instant, now: Instant) -> usize {
    let visible = || rows.as_slice().iter().take_while(|row| row.at <= now);
    visible()
        .enumerate()
        .filter(|(number, row)| {
            row.at > after
                && counts(row, cap, channels)
                && !visible().take(*number).any(|earlier| earlier.id == row.id && counts(earlier, cap, channels))
                && !failed(rows, &row.id, now)
        })
        .count()
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

fn failed(rows: &Events<Contact>, id: &str, now: Instant) -> bool {
    rows.as_slice().iter().any(|row| row.outcome == Outcome::Failed && row.id == id && row.at <= now)
}

/// Whether contacts after `after` may be lacking.
fn open(rows: &Events<Contact>, after: Instant) -> bool {
    rows.since().is_some_and(|since| since.millis() > after.millis().saturating_add(1))
}

/// Whether an action's path is of a campaign.
fn under(action: &str, campaign: &str) -> bool {
    action.strip_prefix(campaign).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
