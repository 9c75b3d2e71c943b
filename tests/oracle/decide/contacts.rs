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

    /// The paths of the members of a bundle.
    pub fn members_of(&self, action: &str) -> Vec<String> {
        let mut all = self.rules.actions();
        all.find(|(path, ..)| path == action).map_or(Vec::new(), |(.., action)| action.members.clone())
    }

    /// Whether a contact is about what has this path: by itself, or by a member of the bundle that it is about.
    pub fn is_about(&self, row: &Row, path: &str) -> bool {
        let Val::Text(action) = &row.properties["action"] else { panic!("an action is a text") };
        let members = self.members_of(action.split('[').next().expect("at least one part"));
        part(action, path) || members.iter().any(|member| part(member, path))
    }

    /// The contacts up to now about a path, of which none is known to have failed.
    pub fn about(&self, path: &str) -> impl Iterator<Item = &'a Row> {
        let failed = |row: &Row| {
            self.contacts().any(|other| other.properties["id"] == row.properties["id"] && is(other, Outcome::Failed))
        };
        self.contacts().filter(|row| self.is_about(row, path) && !failed(row)).collect::<Vec<_>>().into_iter()
    }
}

pub fn is(row: &Row, outcome: Outcome) -> bool {
    row.properties["outcome"] == Val::Category(outcome.index())
}
