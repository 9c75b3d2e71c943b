//! Entries into a campaign: which of them is open, and what was latest.

use std::collections::BTreeSet;

use nextbest::check::tree::{Again, Expr, Kind};
use nextbest::syntax::ast::{Direction, Since};
use nextbest::{Instant, Outcome};

use super::candidate::Candidate;
use super::contacts::is;
use crate::oracle::Oracle;
use crate::oracle::customer::Row;
use crate::oracle::history::Kept;
use crate::oracle::value::Val;

/// An entry. If it does not `surely` go on, it may have ended, or there may never have been one.
#[derive(Clone, Copy)]
struct Entered {
    since: Instant,
    surely: bool,
    /// When its goal is no longer waited for.
    until: Option<Instant>,
}

/// What is known of the entries up to now.
struct Journey {
    open: Option<Entered>,
    entered: Option<Instant>,
    exposed: Option<Instant>,
    converted: Option<Instant>,
}

/// What ends the entries of a campaign.
struct Ends<'a> {
    goal: Option<Kept<'a>>,
    exits: Vec<Kept<'a>>,
}

impl Ends<'_> {
    fn all(&self) -> impl Iterator<Item = &Kept<'_>> {
        self.goal.iter().chain(&self.exits)
    }

    /// When an entry is known to end: at the first event behind it, or when its time is over.
    fn of(&self, entry: Entered) -> Option<Instant> {
        let rows = self.all().flat_map(|kept| &kept.rows).map(|row| row.at);
        rows.filter(|&at| at > entry.since).chain(entry.until).min()
    }

    /// Whether an event that may be lacking could have ended it up to a moment.
    fn may_have_ended(&self, entry: Entered, to: Instant) -> bool {
        self.all().any(|kept| lacking(kept, entry.since, to).is_some())
    }

    /// The latest moment at which it may have reached its goal, of those up to its known end.
    fn reached(&self, entry: Entered, now: Instant) -> Option<Instant> {
        let goal = self.goal.as_ref()?;
        let end = self.of(entry).map_or(now, |end| end.min(now));
        let known = goal.rows.iter().map(|row| row.at).find(|&at| at > entry.since && at == end);
        known.max(lacking(goal, entry.since, end))
    }
}

/// The last moment after one and up to another at which an event of these may be lacking.
fn lacking(kept: &Kept<'_>, after: Instant, to: Instant) -> Option<Instant> {
    let (first, last) = kept.lacking?;
    let last = last.min(to);
    (first <= last && after < last).then_some(last)
}

impl<'a> Oracle<'a> {
    fn entry_ends(&self, candidate: &Candidate<'a>) -> Ends<'a> {
        let entry = &candidate.campaign.entry;
        let kept = |event: &'a Expr| match &event.kind {
            Kind::AnyEvent(clause) => self.kept(clause, self.scope(None)).expect("no window"),
            other => panic!("an entry ends with {other:?}"),
        };
        Ends { goal: entry.goal.as_ref().map(|goal| kept(&goal.event)), exits: entry.exits.iter().map(kept).collect() }
    }

    fn journey(&self, candidate: &Candidate<'a>) -> Journey {
        let entry = &candidate.campaign.entry;
        let (ends, zone) = (self.entry_ends(candidate), self.scope(None).zone);
        let lasts = entry.goal.is_some() || !entry.exits.is_empty();
        let opened = |since, surely| {
            let until = entry.goal.as_ref().map(|goal| zone.plus(since, goal.within));
            lasts.then_some(Entered { since, surely, until })
        };
        let all: Vec<&Row> = self.about(&candidate.campaign_path()).collect();
        let mut exposures: Vec<&Row> = all.iter().copied().filter(|row| exposes(row)).collect();
        exposures.sort_by_key(|row| row.at);
        // One may be open of which nothing is known.
        let unknown = self.lacking();
        let mut open = unknown.and_then(|last| opened(last, false));
        let mut entered = unknown;
        let mut converted: Vec<Instant> =
            all.iter().filter(|row| is(row, Outcome::Converted)).map(|row| row.at).chain(unknown).collect();
        let mut seen = BTreeSet::new();
        for row in &exposures {
            let begins = seen.insert(row.properties["id"].to_string());
            if !begins || unknown.is_some_and(|last| row.at <= last) {
                continue;
            }
            // Whether it goes on at this contact.
            let before = open.filter(|&entry| ends.of(entry).is_none_or(|end| row.at < end));
            if let (Some(over), None) = (open, before) {
                converted.extend(ends.reached(over, self.now));
            }
            // What is seen of a contact that we make has been sent before.
            let surely = unknown.is_none() || !is(row, Outcome::Impression) || self.comes_to_us(row);
            let fresh = opened(row.at, surely);
            open = match before {
                Some(entry) if entry.surely && !ends.may_have_ended(entry, row.at) => {
                    open = before;
                    continue;
                }
                // Of both the later end.
                Some(entry) => Some(Entered {
                    surely: false,
                    until: entry.until.zip(fresh.and_then(|fresh| fresh.until)).map(|(one, other)| one.max(other)),
                    ..entry
                }),
                None => fresh,
            };
            entered = Some(row.at);
        }
        if let Some(entry) = open {
            converted.extend(ends.reached(entry, self.now));
            let over = ends.of(entry).is_some_and(|end| end <= self.now);
            let surely = entry.surely && !ends.may_have_ended(entry, self.now);
            open = (!over).then_some(Entered { surely, ..entry });
        }
        Journey {
            open,
            entered,
            exposed: exposures.iter().map(|row| row.at).chain(unknown).max(),
            converted: converted.into_iter().max(),
        }
    }

    fn comes_to_us(&self, row: &Row) -> bool {
        let named = |name: &str| Val::Text(name.to_owned()) == row.properties["channel"];
        self.rules.channels.iter().any(|channel| channel.direction == Direction::Inbound && named(&channel.name))
    }

    /// Whether an entry surely is open, so that nobody asks who belongs to the campaign.
    pub fn is_entered(&self, candidate: &Candidate<'a>) -> bool {
        self.journey(candidate).open.is_some_and(|open| open.surely)
    }

    /// Whether a campaign must not address the customer on a channel at a moment, after all that happened up to now.
    pub fn rests(&self, candidate: &Candidate<'a>, channel: usize, at: Instant) -> bool {
        let Journey { open, entered, exposed, converted } = self.journey(candidate);
        if let Some(open) = open.filter(|open| open.until.is_none_or(|until| at < until)) {
            let channel = &self.rules.channels[channel];
            let here = Val::Text(channel.name.clone());
            let path = candidate.action_path();
            let mut rows = self.about(&path).filter(|row| exposes(row) && row.at >= open.since);
            let sent = rows.any(|row| row.properties["channel"] == here);
            return !open.surely || channel.direction == Direction::Outbound && sent;
        }
        match candidate.campaign.entry.again {
            Again::Every => false,
            Again::Once => entered.is_some(),
            Again::After(pause, since) => {
                let from = match since {
                    Since::Entered => entered,
                    Since::Exposed => exposed,
                    Since::Converted => converted,
                };
                from.is_some_and(|from| at < self.scope(None).zone.plus(from, pause))
            }
        }
    }
}

/// Those of a control group enter as others do.
fn exposes(row: &Row) -> bool {
    [Outcome::Sent, Outcome::Impression, Outcome::Withheld].iter().any(|&outcome| is(row, outcome))
}
