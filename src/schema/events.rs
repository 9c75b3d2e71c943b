//! The ready-made history: a sorted vector.

use crate::leaf::EventHistory;
use crate::schema::Event;
use crate::schema::failures::Failures;
use crate::time::Instant;

/// The events of one kind, sorted by (instant, sequence) when built.
///
/// ```
/// use nextbest::{Event, Events, Instant};
///
/// #[derive(Event)]
/// struct Visit { at: Instant }
///
/// let visits = Events::new(vec![
///     Visit { at: Instant::from_millis(2_000) },
///     Visit { at: Instant::from_millis(1_000) },
/// ]);
/// assert_eq!(visits.as_slice()[0].at, Instant::from_millis(1_000));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Events<E> {
    rows: Vec<E>,
    complete_since: Option<Instant>,
    pub(super) failures: Failures,
}

/// Why rows are no history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventsError {
    /// A row stands before one that happened earlier.
    #[error("row {row} is out of order: rows must be sorted by (instant, sequence)")]
    OutOfOrder {
        /// The first such row.
        row: usize,
    },
}

impl<E: Event> Events<E> {
    /// Sorts the rows, those of one (instant, sequence) staying in the order given.
    pub fn new(mut rows: Vec<E>) -> Self {
        rows.sort_by_key(|row| (row.at(), row.sequence()));
        Events { failures: Failures::of(&rows), rows, complete_since: None }
    }

    /// Takes rows that are sorted already.
    ///
    /// # Errors
    /// [`EventsError::OutOfOrder`] where they are not.
    pub fn sorted(rows: Vec<E>) -> Result<Self, EventsError> {
        let key = |row: &E| (row.at(), row.sequence());
        match rows.windows(2).position(|pair| matches!(pair, [a, b] if key(a) > key(b))) {
            Some(row) => Err(EventsError::OutOfOrder { row }),
            None => Ok(Events { failures: Failures::of(&rows), rows, complete_since: None }),
        }
    }

    /// Says that events before `since` may be lacking. Counts over windows that begin earlier then mean *at least*.
    #[must_use]
    pub fn complete_since(self, since: Instant) -> Self {
        Events { complete_since: Some(since), ..self }
    }

    /// Adds an event where it belongs.
    pub fn push(&mut self, event: E) {
        let key = (event.at(), event.sequence());
        let place = self.rows.partition_point(|row| (row.at(), row.sequence()) <= key);
        self.failures.note(&event);
        self.rows.insert(place, event);
    }
}

impl<E> Events<E> {
    /// The rows, oldest first.
    pub fn as_slice(&self) -> &[E] {
        &self.rows
    }

    pub(super) fn into_rows(self) -> Vec<E> {
        self.rows
    }

    /// One row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<&E> {
        self.rows.get(row)
    }

    /// From when on the rows are complete, where not from the first event.
    pub fn since(&self) -> Option<Instant> {
        self.complete_since
    }
}

impl<E> Default for Events<E> {
    fn default() -> Self {
        Events { rows: Vec::new(), complete_since: None, failures: Failures::default() }
    }
}

impl<E: Event> From<Vec<E>> for Events<E> {
    fn from(rows: Vec<E>) -> Self {
        Events::new(rows)
    }
}

impl<E: Event> FromIterator<E> for Events<E> {
    fn from_iter<I: IntoIterator<Item = E>>(rows: I) -> Self {
        Events::new(rows.into_iter().collect())
    }
}

impl<E: Event> EventHistory for Events<E> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    #[inline]
    fn at(&self, row: usize) -> Instant {
        self.rows.get(row).map_or(Instant::MAX, Event::at)
    }

    fn sequence(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, Event::sequence)
    }

    fn complete_since(&self) -> Option<Instant> {
        self.complete_since
    }
}
