//! Which contacts have failed: gathered when a history is built, so that to ask it of a contact is to look it up.

use std::collections::BTreeMap;

use super::{Contact, Event, Events};
use crate::time::Instant;

/// When each contact that failed did so first, by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Failures(BTreeMap<String, Instant>);

impl Failures {
    pub fn of<E: Event>(rows: &[E]) -> Self {
        let mut failures = Failures::default();
        rows.iter().for_each(|row| failures.note(row));
        failures
    }

    pub fn note<E: Event>(&mut self, row: &E) {
        let Some(id) = row.failure() else { return };
        match self.0.get_mut(id) {
            Some(first) => *first = row.at().min(*first),
            None => _ = self.0.insert(id.to_owned(), row.at()),
        }
    }

    fn until(&self, id: &str, now: Instant) -> bool {
        self.0.get(id).is_some_and(|&first| first <= now)
    }
}

impl Events<Contact> {
    /// Whether a contact has failed: any row of it up to `now` says so, wherever it stands. A failure comes with or after
    /// what failed, so it may only be lacking where the row itself lies before the rows are complete.
    pub(crate) fn failed(&self, contact: &Contact, now: Instant) -> Option<bool> {
        if self.failures.until(&contact.id, now) {
            return Some(true);
        }
        self.since().is_none_or(|since| since <= contact.at).then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ContactKind, Outcome};

    fn row(id: &str, at: i64, outcome: Outcome) -> Contact {
        let (id, action, channel) = (id.to_owned(), "a.b.c".to_owned(), "email".to_owned());
        Contact { id, at: Instant::from_millis(at), outcome, action, kind: ContactKind::Offer, channel, variant: None }
    }

    #[test]
    fn however_a_history_is_built_it_knows_its_failures() {
        let rows = [
            row("b", 5, Outcome::Failed),
            row("a", 1, Outcome::Sent),
            row("a", 9, Outcome::Failed),
            row("b", 6, Outcome::Sent),
            row("a", 7, Outcome::Failed),
            row("c", 8, Outcome::Sent),
        ];
        let built = Events::new(rows.to_vec());
        let mut pushed = Events::default();
        rows.iter().for_each(|row| pushed.push(row.clone()));
        assert_eq!(built, pushed);
        assert_eq!(built, Events::sorted(built.as_slice().to_vec()).unwrap());
        for now in 0..12 {
            for asked in &rows {
                let said =
                    |row: &&Contact| row.id == asked.id && row.outcome == Outcome::Failed && row.at.millis() <= now;
                let failed = rows.iter().any(|row| said(&row));
                assert_eq!(built.failed(asked, Instant::from_millis(now)), Some(failed), "{asked:?} at {now}");
            }
        }
    }

    #[test]
    fn a_failure_may_be_lacking_where_the_row_lies_before_the_rows_are_complete() {
        let rows = vec![row("a", 1, Outcome::Sent), row("b", 2, Outcome::Sent), row("c", 1, Outcome::Failed)];
        let events = Events::new(rows.clone()).complete_since(Instant::from_millis(2));
        let failed: Vec<_> = rows.iter().map(|row| events.failed(row, Instant::MAX)).collect();
        assert_eq!(failed, [None, Some(false), Some(true)]);
    }
}
