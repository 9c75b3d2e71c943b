//! The contact that a condition found, where it asks what came of contacts.

use std::fmt;

use serde::Serialize;

use super::explainer::Build;
use crate::check::tree::{Clause, Expr, Kind};
use crate::check::walk;
use crate::compile::Lowering;
use crate::leaf::ValueGetter;
use crate::leaf::plan::{Class, Function, Value};
use crate::schema::{Contact, Outcome};
use crate::time::{Instant, Zone};

/// The latest contact for which a clause holds: of what, when, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FoundContact {
    /// When it came to this.
    pub at: Instant,
    /// The path of the action.
    pub action: String,
    /// What came of it.
    pub outcome: Outcome,
}

impl fmt::Display for FoundContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "found {}, {} at {}", self.action, self.outcome, self.at)
    }
}

/// The numbers of the aggregates that find the contacts a condition is about, in itself or in a value that it compares. Of a
/// sequence it takes more than one event to tell.
pub(super) fn lower(lowering: &mut Lowering<'_>, expr: &Expr, zone: Option<Zone>) -> Vec<usize> {
    if matches!(expr.kind, Kind::Chain(_)) {
        return Vec::new();
    }
    let operands = walk::children(expr).into_iter().filter(|_| walk::clause(expr).is_none());
    let clauses = std::iter::once(expr).chain(operands).filter_map(walk::clause);
    let of_contacts: Vec<&Clause> = clauses.filter(|clause| lowering.contacts() == Some(clause.event)).collect();
    of_contacts.into_iter().map(|clause| lowering.clause(clause, Function::Last, zone)).collect()
}

impl<P: Send + Sync + 'static> Build<'_, '_, P> {
    pub(super) fn contact(&self, aggregate: usize) -> Option<FoundContact> {
        let customer = self.explainer.customer;
        let read = |property, class| self.linker.getter(&Value::Edge { aggregate, property }, class);
        let word = |property| match read(property, Class::Word) {
            ValueGetter::Word(get) => get(customer, self.cx),
            _ => None,
        };
        let action = match read(Some(Contact::ACTION), Class::Text) {
            ValueGetter::Text(get) => get.read(customer, self.cx).map(str::to_owned),
            _ => None,
        };
        let outcome = usize::try_from(word(Some(Contact::OUTCOME))?).ok()?;
        let at = Instant::from_millis(word(None)?);
        Some(FoundContact { at, action: action?, outcome: *Outcome::ALL.get(outcome)? })
    }
}
