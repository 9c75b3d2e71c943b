//! The kept rows of a clause one by one, whatever the type of its history.

use std::ops::Range;
use std::sync::Arc;

use super::bounds::Bounds;
use super::place::Place;
use super::probe::Probe;
use super::stand::Stand;
use crate::leaf::getter::Test;
use crate::leaf::history::{forth_until, rows};
use crate::leaf::{Cx, History};

/// Rows of one kind of event, oldest first.
pub(crate) trait Stream<P>: Send + Sync {
    /// Where they lie.
    fn extent(&self, p: &P, cx: &Cx<'_>) -> Extent;
    /// The first kept row of a range, and where it stands among all events.
    fn next(&self, p: &P, cx: &Cx<'_>, from: usize, end: usize) -> Option<(usize, Place)>;
    /// The first kept row of a range that is at a time, both its ends included.
    fn next_in(&self, p: &P, cx: &Cx<'_>, rows: Range<usize>, time: (i64, i64)) -> Next;
    /// The last kept row of a range, and whether no later one may be lacking.
    fn last(&self, p: &P, cx: &Cx<'_>, from: usize, end: usize) -> Option<(usize, bool)>;
}

/// The rows of a window.
pub(crate) struct Extent {
    pub first: usize,
    pub end: usize,
    /// From when to when rows may be lacking, both included; reversed where none are.
    pub lacking: (i64, i64),
}

/// Where a search has ended.
pub(crate) struct Next {
    /// Where to look on from.
    pub row: usize,
    /// Where the row found stands among all events.
    pub place: Option<Place>,
}

/// A kind of event, a window, a key and a filter.
pub(super) struct Kept<P, G, H> {
    pub history: Arc<G>,
    pub kind: usize,
    pub bounds: Bounds<P>,
    /// Where only rows with a key are worth looking at.
    pub probe: Option<Probe<P, H>>,
    pub filter: Option<Test<H>>,
    /// The slot that a row is kept in for clauses inside of the filter.
    pub slot: Option<usize>,
}

impl<P: 'static, G, H: History> Stream<P> for Kept<P, G, H>
where
    G: for<'r> Fn(&'r P, &'r Cx<'_>) -> Option<&'r H> + Send + Sync,
{
    fn extent(&self, p: &P, cx: &Cx<'_>) -> Extent {
        let bounds = self.bounds.of(p, cx);
        let (low, high) = bounds.unwrap_or((i64::MIN, i64::MAX));
        match (self.history)(p, cx).filter(|_| bounds.is_some()) {
            Some(history) => {
                let (first, end) = rows(history, cx, low, high);
                let lacking = match history.complete_since() {
                    Some(since) => (low, high.min(since.millis().saturating_sub(1))),
                    None => (i64::MAX, i64::MIN),
                };
                Extent { first, end, lacking }
            }
            None => Extent { first: 0, end: 0, lacking: (low, high) },
        }
    }

    fn next(&self, p: &P, cx: &Cx<'_>, from: usize, end: usize) -> Option<(usize, Place)> {
        let history = (self.history)(p, cx)?;
        let row = match &self.probe {
            None => self.find(history, cx, from..end),
            Some(probe) => {
                probe.rows(p, history, cx, |listed| self.find(history, cx, span(listed, from, end).iter().copied()))
            }
        }?;
        Some((row, self.place(history, cx, row)?))
    }

    fn next_in(&self, p: &P, cx: &Cx<'_>, rows: Range<usize>, (low, high): (i64, i64)) -> Next {
        let Range { start, end } = rows;
        let Some(history) = (self.history)(p, cx) else { return Next { row: end, place: None } };
        let at = |row: usize| history.at(cx, row).millis();
        match &self.probe {
            None => {
                let first = forth_until(start, end, |row| at(row) < low);
                self.first(history, cx, first..end, first, high)
            }
            Some(probe) => probe.rows(p, history, cx, |listed| {
                let listed = span(listed, start, end);
                let first = listed.partition_point(|&row| at(row) < low);
                self.first(history, cx, listed.iter().skip(first).copied(), start, high)
            }),
        }
    }

    fn last(&self, p: &P, cx: &Cx<'_>, from: usize, end: usize) -> Option<(usize, bool)> {
        let history = (self.history)(p, cx)?;
        let row = match &self.probe {
            None => self.find(history, cx, (from..end).rev()),
            Some(probe) => probe
                .rows(p, history, cx, |listed| self.find(history, cx, span(listed, from, end).iter().rev().copied())),
        }?;
        Some((row, !history.as_merged().is_some_and(|merged| merged.may_lack_after(cx, row))))
    }
}

/// The listed rows in `from .. end`.
fn span(listed: &[usize], from: usize, end: usize) -> &[usize] {
    let first = listed.partition_point(|&row| row < from);
    let end = listed.partition_point(|&row| row < end);
    listed.get(first..end.max(first)).unwrap_or_default()
}

impl<P, G, H: History> Kept<P, G, H> {
    fn place(&self, history: &H, cx: &Cx<'_>, row: usize) -> Option<Place> {
        match history.as_merged() {
            Some(merged) => merged.place(cx, row),
            None => Some(Place {
                at: history.at(cx, row).millis(),
                sequence: history.sequence(cx, row),
                kind: self.kind,
                row,
            }),
        }
    }

    /// The first kept one of these rows that is not later than `high`; `behind` is where to look on from if all of them are.
    fn first(&self, history: &H, cx: &Cx<'_>, rows: impl Iterator<Item = usize>, mut behind: usize, high: i64) -> Next {
        let near = rows.take_while(|&next| history.at(cx, next).millis() <= high).inspect(|next| behind = next + 1);
        let found = self.find(history, cx, near);
        Next { row: behind, place: found.and_then(|row| self.place(history, cx, row)) }
    }

    fn find(&self, history: &H, cx: &Cx<'_>, mut rows: impl Iterator<Item = usize>) -> Option<usize> {
        let Some(filter) = &self.filter else { return rows.next() };
        let stand = Stand::new(cx, self.slot);
        rows.find(|&row| {
            stand.on(row);
            filter(history, cx)
        })
    }
}
