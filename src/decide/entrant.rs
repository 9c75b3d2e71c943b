//! Candidates by number: an action, or the action that is made of one of its rows.

use std::borrow::Cow;

use super::pipeline::Pipeline;
use crate::compile::{Candidate, Who};

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// How many there are.
    pub fn candidates(&self) -> usize {
        self.inputs.rows.count(self.inner.candidates.len())
    }

    /// The action of a candidate, whose row is the one that is read from now on.
    pub fn turn_to(&self, number: usize) -> Option<&'c Candidate<P>> {
        self.cx.made_of.set(self.inputs.rows.entrant(number)?.row);
        self.action_of(number)
    }

    /// The action of a candidate.
    pub(super) fn action_of(&self, number: usize) -> Option<&'c Candidate<P>> {
        self.inner.candidates.get(self.inputs.rows.entrant(number)?.action)
    }

    /// Who a candidate is.
    pub(super) fn who(&self, number: usize) -> Who<'c> {
        self.inputs.rows.who(number)
    }

    /// `p.c.pick`, or with its row `p.c.pick[boots]`.
    pub fn path(&self, number: usize) -> Cow<'c, str> {
        let path = self.action_of(number).map_or("", |candidate| candidate.path.as_str());
        match self.who(number).row {
            Some(row) => Cow::Owned(format!("{path}[{row}]")),
            None => Cow::Borrowed(path),
        }
    }
}
