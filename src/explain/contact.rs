//! The contact that a condition found, where it asks what came of contacts.

use std::fmt;

use serde::Serialize;

use super::explainer::{Read, Run};
use crate::check::tree::{Expr, Kind};
use crate::check::walk;
use crate::compile::{Linker, Lowering};
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

/// How the instant, the action and the outcome of a contact are read.
pub(super) type Latest<V> = [V; 3];

/// For each clause about contacts in a condition, or in a value that it compares, the latest of them. Of a sequence it takes
/// more than one event to tell.
pub(super) fn lower(lowering: &mut Lowering<'_>, expr: &Expr, zone: Option<Zone>) -> Vec<Latest<Value>> {
    if matches!(expr.kind, Kind::Chain(_)) {
        return Vec::new();
    }
    let operands = walk::children(expr).into_iter().filter(|_| walk::clause(expr).is_none());
    let clauses = std::iter::once(expr).chain(operands).filter_map(walk::clause);
    let (contacts, mut found) = (lowering.contacts(), Vec::new());
    for clause in clauses.filter(|clause| contacts == Some(clause.event)) {
        let aggregate = lowering.clause(clause, Function::Last, zone);
        let properties = [None, Some(Contact::ACTION), Some(Contact::OUTCOME)];
        found.push(properties.map(|property| Value::Edge { aggregate, property }));
    }
    found
}

pub(super) fn build<P: Send + Sync + 'static>(linker: &Linker<'_, P>, latest: Latest<Value>) -> Latest<Read<P>> {
    let [at, action, outcome] = latest;
    [(at, Class::Word), (action, Class::Text), (outcome, Class::Word)]
        .map(|(value, class)| Read::Getter(linker.getter(&value, class)))
}

impl<P: Send + Sync + 'static> Run<'_, '_, P> {
    pub(super) fn contact(&self, latest: &Latest<Read<P>>) -> Option<FoundContact> {
        let customer = self.explainer.customer;
        let [
            Read::Getter(ValueGetter::Word(at)),
            Read::Getter(ValueGetter::Text(action)),
            Read::Getter(ValueGetter::Word(outcome)),
        ] = latest
        else {
            return None;
        };
        Some(FoundContact {
            at: Instant::from_millis(at(customer, self.cx)?),
            action: action.read(customer, self.cx)?.to_owned(),
            outcome: *Outcome::ALL.get(usize::try_from(outcome(customer, self.cx)?).ok()?)?,
        })
    }
}
