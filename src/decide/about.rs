//! Contacts by what they are about: found once for each decision, so that a candidate looks at its own contacts only.

use std::num::NonZeroU32;

use crate::compile::{Scope, Scopes};
use crate::schema::Contact;

/// For each scope its rows, each leading to the next.
#[derive(Debug, Default)]
pub(super) struct About {
    /// The first row of each scope.
    first: Vec<Option<NonZeroU32>>,
    /// For each row the next of the program, the campaign and the action that it is about.
    next: Vec<[Option<NonZeroU32>; LEVELS]>,
}

/// Programs, campaigns, actions.
const LEVELS: usize = 3;

impl About {
    /// In the memory of another one.
    pub fn of(mut about: About, scopes: &Scopes, rows: &[Contact]) -> Self {
        about.first.clear();
        about.first.resize(scopes.len(), None);
        about.next.clear();
        about.next.resize(rows.len(), [None; LEVELS]);
        // From the last one, so that each finds what comes after it.
        for (number, row) in rows.iter().enumerate().rev() {
            let Some(next) = about.next.get_mut(number) else { continue };
            for (next, &scope) in next.iter_mut().zip(scopes.find(&row.action)) {
                if let Some(first) = about.first.get_mut(scope.number) {
                    *next = *first;
                    *first = numbered(number);
                }
            }
        }
        about
    }

    /// The numbers of the rows about a scope, in their order.
    pub fn rows(&self, scope: Scope) -> impl Iterator<Item = usize> {
        let first = self.first.get(scope.number).copied().flatten();
        let next = move |&row: &NonZeroU32| self.next.get(place(row))?.get(scope.level).copied().flatten();
        std::iter::successors(first, next).map(place)
    }
}

/// Counted from one, so that none takes no room.
fn numbered(row: usize) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(row).ok()?.checked_add(1)?)
}

fn place(row: NonZeroU32) -> usize {
    row.get() as usize - 1
}
