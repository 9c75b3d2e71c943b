//! Rules that are bound once more with something changed in them, as tests do.

use std::sync::Arc;

use super::budget::Costs;
use super::lowered::Lowered;
use super::{Engine, Ruleset};
use crate::check::tree::{Body, Constant, Expr, Kind, Rules};
use crate::diagnostic::Diagnostics;
use crate::schema::{Record, Schema, Type};

impl Ruleset {
    /// An engine of checked rules of this ruleset in which some segments, by the numbers of their definitions, hold or do not
    /// hold whoever is asked about. They are lowered like any others, so that whatever refers to such a segment sees the same.
    pub(crate) fn rebound(&self, rules: &Rules, pinned: &[(usize, bool)], schema: Schema<Record>) -> Engine<Record> {
        let mut rules = rules.clone();
        for &(number, is_in) in pinned {
            if let Some(definition) = rules.definitions.get_mut(number) {
                let kind = Kind::Constant(Constant::Bool(is_in));
                definition.body = Body::Expr(Expr { kind, ty: Type::Bool, span: definition.span });
                definition.uses.clear();
            }
        }
        let lowered = Lowered::new(&rules);
        let costs = Costs::of(&lowered);
        let nothing = Diagnostics::new(Vec::new(), Arc::clone(self.shared_sources()));
        Engine::new(rules, schema.access(), self.revision(), lowered, costs, nothing)
    }
}
