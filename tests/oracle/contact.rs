//! What came of contacts, from all rows at hand, each time anew.

use nextbest::{Category, Outcome};

use super::Oracle;
use super::customer::Row;
use super::value::{Truth, Val};

/// The kind of event that contacts are.
pub const CONTACT: &str = "(contact)";

impl Oracle<'_> {
    /// Whether a contact's row says this, about such an action.
    pub fn outcome(&self, outcome: Option<Outcome>, action: Option<&str>, row: &Row) -> Truth {
        let said = |row: &Row, outcome: Outcome| row.properties["outcome"] == Val::Category(outcome.index());
        let text = |row: &Row, name: &str| match &row.properties[name] {
            Val::Text(text) => text.clone(),
            value => panic!("a contact's {name} is {value}"),
        };
        // The id of a row, whatever it is made of, is no name.
        let own = text(row, "action").split('[').next().expect("at least one part").to_owned();
        // A path is part of another one if its first names are all of the other's; a bundle is of what its members are of.
        let about = |path: &str| {
            let all = self.members_of(&own).into_iter().chain([own.clone()]);
            all.into_iter().any(|own| starts_with(&own, path))
        };
        if action.is_some_and(|path| !about(path)) {
            return Truth::False;
        }
        if let Some(outcome) = outcome {
            return said(row, outcome).into();
        }
        if !said(row, Outcome::Sent) && !said(row, Outcome::Impression) {
            return Truth::False;
        }
        let history = &self.customer.histories[CONTACT];
        let fails =
            |other: &&Row| text(other, "id") == text(row, "id") && said(other, Outcome::Failed) && other.at <= self.now;
        if history.rows.iter().any(|other| fails(&other)) {
            return Truth::False;
        }
        // A failure may be among what is lacking.
        match history.complete_since.is_some_and(|since| row.at < since) {
            true => Truth::Unknown,
            false => Truth::True,
        }
    }
}

/// Whether the first names of a path are all of another one's.
fn starts_with(path: &str, meant: &str) -> bool {
    path.split('.')
        .map(Some)
        .chain(std::iter::repeat(None))
        .zip(meant.split('.'))
        .all(|(own, meant)| own == Some(meant))
}
