//! Histories of events, and the rows of a window.

use super::Cx;
use super::fold::Merged;
use crate::time::Instant;

/// The events of one kind of one customer, by row, oldest first.
///
/// Implement it for a store of your own (columns, say); [`crate::schema::Events`] is the ready-made one. The contract:
/// rows are sorted by (instant, sequence), and `at` is the time of the event, not of its arrival.
pub trait EventHistory: Send + Sync + 'static {
    /// How many rows there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When the event of a row happened; rows out of range may answer anything.
    fn at(&self, row: usize) -> Instant;

    /// Its place among events at the same instant, across kinds; 0 where there is none.
    fn sequence(&self, row: usize) -> u64 {
        let _ = row;
        0
    }

    /// From when on the history is complete; `None`: from the customer's first event.
    ///
    /// A history that starts after a window does makes a count *at least* what is there.
    fn complete_since(&self) -> Option<Instant>;
}

/// Rows that loops go over: a history of the host's, or the merged ones of a group of events.
#[allow(private_interfaces)] // Sealed, as `Kind` is.
pub trait History: 'static {
    fn len(&self) -> usize;
    fn at(&self, cx: &Cx<'_>, row: usize) -> Instant;
    fn sequence(&self, cx: &Cx<'_>, row: usize) -> u64;
    fn complete_since(&self) -> Option<Instant>;
    /// Where the rows come from, if they are merged ones.
    fn as_merged(&self) -> Option<&Merged> {
        None
    }
}

impl<H: EventHistory> History for H {
    #[inline]
    fn len(&self) -> usize {
        EventHistory::len(self)
    }

    #[inline]
    fn at(&self, _: &Cx<'_>, row: usize) -> Instant {
        EventHistory::at(self, row)
    }

    #[inline]
    fn sequence(&self, _: &Cx<'_>, row: usize) -> u64 {
        EventHistory::sequence(self, row)
    }

    #[inline]
    fn complete_since(&self) -> Option<Instant> {
        EventHistory::complete_since(self)
    }
}

/// The rows with `low <= at <= high`, as `first .. end`.
///
/// Both ends are sought from the newest row backward in growing steps: what rules ask for is mostly recent.
#[inline]
pub(crate) fn rows<H: History>(history: &H, cx: &Cx<'_>, low: i64, high: i64) -> (usize, usize) {
    let len = history.len();
    if low > high {
        return (len, len);
    }
    let end = end(history, cx, high);
    let first = if low == i64::MIN { 0 } else { back_until(end, |row| history.at(cx, row).millis() < low) };
    (first, end)
}

/// How many rows are not later than `high`.
#[inline]
pub(crate) fn end<H: History>(history: &H, cx: &Cx<'_>, high: i64) -> usize {
    back_until(history.len(), |row| history.at(cx, row).millis() <= high)
}

/// Whether the history may lack rows of a window that begins at `low`.
pub(crate) fn open<H: History>(history: &H, low: i64, high: i64) -> bool {
    low <= high && history.complete_since().is_some_and(|since| since.millis() > low)
}

/// A number on the same side of `low ..= high` as that of the rows from `from` to row `end`. Rows are sorted, so there are
/// `n` of them if the n-th newest is one: no row needs counting.
pub(crate) fn count_against<H: History>(history: &H, cx: &Cx<'_>, from: i64, end: usize, [low, high]: [i64; 2]) -> i64 {
    let reaches = |count: i64| match usize::try_from(count) {
        Ok(0) | Err(_) => count <= 0,
        Ok(count) => end.checked_sub(count).is_some_and(|row| history.at(cx, row).millis() >= from),
    };
    match high.checked_add(1) {
        Some(above) if reaches(above) => above.max(0),
        _ if reaches(low) => low.max(0),
        _ => (low - 1).min(high),
    }
}

/// So many rows are looked at one by one before a search begins: a loop that ends once is predicted better.
const NEAR: usize = 16;

/// The number of leading rows for which `before` holds, of the first `end`, given that it holds for a prefix of them.
#[inline]
fn back_until(end: usize, before: impl Fn(usize) -> bool) -> usize {
    let mut high = end;
    while high > 0 && end - high < NEAR {
        if before(high - 1) {
            return high;
        }
        high -= 1;
    }
    far_back_until(high, before)
}

#[inline(never)]
fn far_back_until(mut high: usize, before: impl Fn(usize) -> bool) -> usize {
    let mut step = 2 * NEAR;
    loop {
        if high == 0 {
            return 0;
        }
        let low = high.saturating_sub(step);
        if before(low) {
            return between(low + 1, high, before);
        }
        high = low;
        step = step.saturating_mul(2);
    }
}

/// The first row from `start` on for which `before` no longer holds, given that it holds for a prefix of them; sought in growing
/// steps, since it is mostly near.
pub(crate) fn forth_until(start: usize, end: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut step) = (start, 1);
    loop {
        let next = low.saturating_add(step - 1);
        if next >= end {
            return between(low, end, before);
        }
        if !before(next) {
            return between(low, next, before);
        }
        low = next + 1;
        step = step.saturating_mul(2);
    }
}

fn between(mut low: usize, mut high: usize, before: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::leaf::cx::{Frame, Moment};
    use crate::leaf::scratch::Scratch;
    use crate::time::{Weekday, Zone};

    struct At(Vec<i64>);

    impl EventHistory for At {
        fn len(&self) -> usize {
            self.0.len()
        }
        fn at(&self, row: usize) -> Instant {
            Instant::from_millis(self.0.get(row).copied().unwrap_or_default())
        }
        fn complete_since(&self) -> Option<Instant> {
            None
        }
    }

    #[test]
    fn a_history_of_columns_need_say_no_more_than_its_times() {
        assert!(EventHistory::is_empty(&At(vec![])) && !EventHistory::is_empty(&At(vec![0])));
        // Without a place of its own among events of one instant, the order of declaration counts.
        assert_eq!(EventHistory::sequence(&At(vec![0, 0]), 1), 0);
        assert!(History::as_merged(&At(vec![])).is_none());
    }

    #[test]
    fn rows_are_those_of_a_plain_scan() {
        let (moment, scratch) =
            (Moment { now: Instant::MAX, zone: Zone::UTC, week_start: Weekday::Monday }, Scratch::default());
        let frame = Frame {
            moment,
            context: Cow::default(),
            rows: &[],
            rankings: Cow::default(),
            times: &[],
            program: &(),
            scratch: &scratch,
        };
        let cx = frame.of(&());
        for len in 0..40i64 {
            let history = At((0..len).map(|i| i / 2 * 10).collect());
            for low in -5..210 {
                for width in [-1, 0, 1, 7, 30, 300] {
                    let high = low + width;
                    let (first, end) = rows(&history, &cx, low, high);
                    let scan = history.0.iter().filter(|&&at| low <= at && at <= high).count();
                    assert_eq!(end - first, scan, "{low}..={high} of {len}");
                    for start in [0, 1, history.0.len() / 2] {
                        let start = usize::min(start, history.0.len());
                        let forth = forth_until(start, history.0.len(), |row| history.0[row] < low);
                        let scan = history.0.iter().filter(|&&at| at < low).count();
                        assert_eq!(forth, scan.max(start), "{low} from {start} of {len}");
                    }
                    let scan = scan as i64;
                    for [least, most] in [[1, i64::MAX], [0, 3], [-5, -1], [2, 2], [3, 1], [i64::MIN, 0], [5, 9]] {
                        let end = if low > high { 0 } else { end };
                        let count = count_against(&history, &cx, low, end, [least, most]);
                        let side = |n: i64| (least <= n && n <= most, n > most);
                        assert_eq!(side(count), side(scan), "{scan} against {least}..={most}");
                    }
                }
            }
        }
    }
}
