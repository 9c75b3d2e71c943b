//! What is known of earlier contacts, and which of them a cap counts.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use super::about::About;
use super::room::Once;
use crate::check::tree::{Cap, Channel, Limit};
use crate::compile::{Scope, Scopes};
use crate::leaf::Moment;
use crate::schema::{Contact, Events};
use crate::time::Instant;

/// The contacts of a customer, as far as they are known, and where and when the question is asked.
pub(super) struct Contacts<'c> {
    /// `None`: unknown, and unknown blocks.
    pub rows: Option<&'c Events<Contact>>,
    pub moment: Moment,
    scopes: &'c Scopes,
    /// What they are about, once somebody has asked.
    about: Once<About>,
    /// What caps were found to say: each is asked for every candidate that could win.
    caps: RefCell<Vec<Capped>>,
    /// Room for instants.
    pub(super) instants: Cell<[Vec<Instant>; 2]>,
}

/// What a cap says, with so many contacts pending.
pub(super) struct Capped {
    cap: usize,
    pending: usize,
    held: Option<Option<Instant>>,
}

/// The memory of what was found out about contacts.
#[derive(Default)]
pub(super) struct ContactsRoom {
    about: About,
    caps: Vec<Capped>,
    instants: [Vec<Instant>; 2],
}

/// A clause that blocks, and the first instant at which it no longer does, if time alone will change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blocked {
    pub until: Option<Instant>,
}

impl<'c> Contacts<'c> {
    pub fn new(rows: Option<&'c Events<Contact>>, moment: Moment, scopes: &'c Scopes, mut room: ContactsRoom) -> Self {
        room.caps.clear();
        let (about, caps, instants) = (Once::new(room.about), RefCell::new(room.caps), Cell::new(room.instants));
        Contacts { rows, moment, scopes, about, caps, instants }
    }

    /// The memory that is no longer needed.
    pub fn spare(&mut self) -> ContactsRoom {
        ContactsRoom { about: self.about.spare(), caps: self.caps.take(), instants: self.instants.take() }
    }

    /// What a cap says, with so many contacts pending: `find` is asked once.
    pub fn capped(
        &self,
        number: usize,
        pending: usize,
        find: impl FnOnce() -> Option<Option<Instant>>,
    ) -> Option<Option<Instant>> {
        let known = self.caps.borrow().iter().find(|c| (c.cap, c.pending) == (number, pending)).map(|known| known.held);
        known.unwrap_or_else(|| {
            let held = find();
            self.caps.borrow_mut().push(Capped { cap: number, pending, held });
            held
        })
    }

    /// What must leave the window of a cap before it is no longer reached, `pending` contacts of this decision included, where
    /// the customer wishes no more than so many; `None` where it is not reached, `Some(None)` where time alone will not help.
    pub fn reached(
        &self,
        cap: &Cap,
        wish: Option<i64>,
        channels: &[Channel],
        pending: usize,
    ) -> Option<Option<Instant>> {
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
        let one_too_many = self.newest(rows, |row| cap.counts(row, channels), after, most);
        one_too_many.max(self.lacking().filter(|&lacking| after < lacking)).map(Some)
    }

    /// The same question of the contacts of others.
    pub fn of(&self, rows: Option<&'c Events<Contact>>) -> Self {
        Contacts::new(rows, self.moment, self.scopes, ContactsRoom::default())
    }

    /// When a cap is no longer reached that is until `held` has left its window.
    pub fn released(&self, limit: &Limit, held: Instant) -> Option<Instant> {
        let Moment { now, week_start, zone } = self.moment;
        limit.window.leaves(held, now, limit.zone.unwrap_or(zone), week_start)
    }

    /// When the `nth` newest contact after `after` began of those that count: each once, at its earliest row that counts, and
    /// none that failed.
    fn newest(
        &self,
        rows: &Events<Contact>,
        counts: impl Fn(&Contact) -> bool,
        after: Instant,
        nth: usize,
    ) -> Option<Instant> {
        let visible = self.visible(rows);
        let (before, within) = visible.split_at_checked(visible.partition_point(|row| row.at <= after))?;
        let counted = || within.iter().filter(|row| counts(row));
        let first = |row: &&Contact| rows.failed(row, self.moment.now) != Some(true);
        // A few are compared with those before them, which takes no memory.
        if counted().nth(FEW).is_none() {
            let earlier = |row: &Contact| {
                let rest = visible.iter().take_while(|other| !std::ptr::eq(*other, row));
                rest.filter(|other| other.id == row.id).any(&counts)
            };
            return counted().rev().filter(|row| !earlier(row)).filter(first).nth(nth - 1).map(|row| row.at);
        }
        let mut seen: HashSet<&str> = before.iter().filter(|row| counts(row)).map(|row| row.id.as_str()).collect();
        let earliest: Vec<&Contact> = counted().filter(|row| seen.insert(&row.id)).collect();
        earliest.into_iter().rev().filter(first).nth(nth - 1).map(|row| row.at)
    }

    /// The contacts up to now about a program, a campaign or an action, or what is part of it; none that failed.
    pub fn about(&self, scope: Scope) -> impl Iterator<Item = &'c Contact> {
        let known = self.rows.map(|rows| (rows, self.visible(rows)));
        let now = self.moment.now;
        known.into_iter().flat_map(move |(rows, visible)| {
            let about = self.about.get(|about| About::of(about, self.scopes, visible)).rows(scope);
            about.filter_map(|row| visible.get(row)).filter(move |row| rows.failed(row, now) != Some(true))
        })
    }

    /// Those up to now. What is later than now is not seen, nor is it when a later moment is asked about: all inputs stay as
    /// they are.
    fn visible(&self, rows: &'c Events<Contact>) -> &'c [Contact] {
        let rows = rows.as_slice();
        rows.split_at_checked(rows.partition_point(|row| row.at <= self.moment.now))
            .map_or(rows, |(visible, _)| visible)
    }

    /// The last instant of which contacts may be lacking, if any may.
    pub fn lacking(&self) -> Option<Instant> {
        self.rows.and_then(Events::since).map(|since| since.saturating_sub_millis(1))
    }
}

/// So many rows in a window are few.
const FEW: usize = 8;
