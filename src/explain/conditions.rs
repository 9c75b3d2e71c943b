//! The conditions of every clause that may remove a candidate, ready to be explained: built once for an engine, when an
//! explanation is first asked for.

use std::collections::HashMap;

use super::explainer::{Built, Prepared};
use crate::check::tree::{Expr, Rules};
use crate::compile::Inner;
use crate::diagnostic::Span;

/// By where the clause stands.
pub(super) type Conditions<P> = Prepared<P, HashMap<Span, Built<P>>>;

/// Those of an engine.
pub(super) fn of<P: Send + Sync + 'static>(inner: &Inner<P>) -> Option<&Conditions<P>> {
    let made = inner.explained.get_or_init(|| Box::new(Conditions::<P>::many(inner, all(&inner.rules))));
    made.downcast_ref()
}

/// The condition of the clause that stands there.
pub(crate) fn condition_of(rules: &Rules, span: Span) -> Option<&Expr> {
    all(rules).find(|(place, _)| *place == span).map(|(_, when)| when)
}

fn all(rules: &Rules) -> impl Iterator<Item = (Span, &Expr)> {
    let actions = rules.campaigns().flat_map(|campaign| &campaign.actions);
    let treatments = actions.flat_map(|action| &action.treatments).filter_map(|treatment| treatment.when.as_ref());
    let conditions = rules.clauses().map(|rule| (rule.span, &rule.when));
    let blocks = rules.policy.blocks.iter().map(|block| (block.span, &block.when));
    conditions.chain(treatments.map(|when| (when.span, when))).chain(blocks)
}
