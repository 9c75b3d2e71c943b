//! Contacts by what they are about: found once for each decision, so that a candidate looks at its own contacts only.

use std::num::NonZeroU32;

use crate::compile::{Scope, Scopes};
use crate::schema::Contact;

/// For each scope its rows, each leading to the next.
#[derive(Debug, Default)]
pub(super) struct About {
    /// The first link of each scope.
    first: Vec<Option<NonZeroU32>>,
    /// For each row and each scope that it is about, the row and the next link of that scope.
    links: Vec<(usize, Option<NonZeroU32>)>,
}

impl About {
    /// In the memory of another one.
    pub fn of(mut about: About, scopes: &Scopes, rows: &[Contact]) -> Self {
        about.first.clear();
        about.first.resize(scopes.len(), None);
        about.links.clear();
        // From the last one, so that each finds what comes after it.
        for (number, row) in rows.iter().enumerate().rev() {
            for &scope in scopes.find(&row.action) {
                if let Some(first) = about.first.get_mut(scope.number) {
                    about.links.push((number, *first));
                    *first = numbered(about.links.len());
                }
            }
        }
        about
    }

    /// The numbers of the rows about a scope, in their order.
    pub fn rows(&self, scope: Scope) -> impl Iterator<Item = usize> {
        let link = |number: Option<NonZeroU32>| self.links.get(number?.get() as usize - 1);
        let first = link(self.first.get(scope.number).copied().flatten());
        std::iter::successors(first, move |(_, next)| link(*next)).map(|(row, _)| *row)
    }
}

/// Counted from one, so that none takes no room.
fn numbered(links: usize) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(links).ok()?)
}
