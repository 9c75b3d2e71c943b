//! What is known of contacts.

use nextbest::{Category, Instant, Outcome};

use super::candidate::part;
use crate::oracle::Oracle;
use crate::oracle::contact::CONTACT;
use crate::oracle::customer::Row;
use crate::oracle::value::Val;

impl<'a> Oracle<'a> {
    /// Those up to now.
    pub fn contacts(&self) -> impl Iterator<Item = &'a Row> {
        self.customer.histories[CONTACT].rows.iter().filter(|row| row.at <= self.now)
    }

    /// Whether contacts later than `after` may be lacking.
    pub fn may_lack(&self, after: Instant) -> bool {
        self.customer.histories[CONTACT].complete_since.is_some_and(|since| after.saturating_add_millis(1) < since)
    }

    /// The last instant of which contacts may be lacking.
    pub fn lacking(&self) -> Option<Instant> {
        self.customer.histories[CONTACT].complete_since.map(|since| since.saturating_sub_millis(1))
    }

    /// The contacts up to now about a path, of which none is known to have failed.
    pub fn about(&self, path: &str) -> impl Iterator<Item = &'a Row> {
        let failed = |row: &Row| {
            self.contacts().any(|other| other.properties["id"] == row.properties["id"] && is(other, Outcome::Failed))
        };
        self.contacts().filter(|row| under(row, path) && !failed(row)).collect::<Vec<_>>().into_iter()
    }
}

pub fn is(row: &Row, outcome: Outcome) -> bool {
    row.properties["outcome"] == Val::Category(outcome.index())
}

pub fn under(row: &Row, path: &str) -> bool {
    match &row.properties["action"] {
        Val::Text(action) => part(action, path),
        other => panic!("an action is {other}"),
    }
}
