//! Plans + accessors → the program of a customer type.

use std::sync::Arc;

use super::depth;
use super::lowering::Plans;
use crate::check::tree::Rules;
use crate::leaf::build::{self, Builder};
use crate::leaf::fold::sequence;
use crate::leaf::fold::stream::Stream;
use crate::leaf::plan::{Aggregate, Class, Function, Place, Plan, Value};
use crate::leaf::scratch::Found;
use crate::leaf::{
    Condition, Fold, Get, GetText, Leaves, ListLeaves, NamedValue, OnCustomer, Program, Shared, Test, ValueGetter,
};
use crate::schema::Access;

/// Builds predicates and getters for one customer type.
pub(crate) struct Linker<'a, P> {
    builder: Builder<'a, P>,
}

impl<'a, P: 'static> Linker<'a, P> {
    pub fn new(access: &'a Access<P>, plans: &'a Plans) -> Self {
        Linker {
            builder: Builder {
                attributes: &access.attributes,
                lists: &access.lists,
                kinds: &access.kinds,
                consents: access.consents.as_ref(),
                id: access.id.as_ref(),
                functions: &access.functions,
                aggregates: &plans.aggregates,
                indexes: &plans.indexes,
            },
        }
    }

    pub fn test(&self, plan: &Plan) -> Test<P> {
        build::test(&OnCustomer(&self.builder), plan)
    }

    pub fn word(&self, value: &Value) -> Get<P, i64> {
        build::word(&OnCustomer(&self.builder), value)
    }

    pub fn float(&self, value: &Value) -> Get<P, f64> {
        build::float(&OnCustomer(&self.builder), value)
    }

    /// The leaves of a list that the customer has.
    pub fn list(&self, value: &Value) -> Option<Arc<dyn ListLeaves<P>>> {
        match value {
            Value::Attribute(Place::Customer, index) => match self.builder.attributes.0.get(*index)? {
                Leaves::List(leaves) => Some(Arc::clone(leaves)),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn text(&self, value: &Value) -> GetText<P> {
        build::text(&OnCustomer(&self.builder), value)
    }

    /// The rows of a clause one by one.
    pub fn stream(&self, rows: &Aggregate) -> Option<Box<dyn Stream<P>>> {
        Some(self.builder.kinds.get(rows.kind)?.stream(&self.builder, rows))
    }

    /// What customers are ranked by.
    pub fn key(&self, value: &Value, class: Class) -> Get<P, i64> {
        build::customer::key(&self.builder, value, class)
    }

    /// A value by its class.
    pub fn getter(&self, value: &Value, class: Class) -> ValueGetter<P> {
        match class {
            Class::Word => ValueGetter::Word(self.word(value)),
            Class::Float => ValueGetter::Float(self.float(value)),
            Class::Text | Class::List | Class::Words | Class::Map => ValueGetter::Text(self.text(value)),
        }
    }

    /// The program of all that was lowered.
    pub fn program(&self, rules: &Rules, plans: &Plans) -> Program<P> {
        let first = depth::first(rules);
        let has = |id: usize, want: bool| {
            let side = if want { &plans.yes } else { &plans.no };
            side.get(id).is_some_and(Option::is_some)
        };
        let ahead = |id: usize| {
            let ids = first.get(id).map(Vec::as_slice).unwrap_or_default();
            depth::named(ids, &rules.definitions, has)
        };
        let conditions = plans.yes.iter().zip(&plans.no).enumerate().map(|(id, (yes, no))| Condition {
            yes: yes.as_ref().map(|plan| self.test(plan)),
            no: no.as_ref().map(|plan| self.test(plan)),
            keeps: yes.iter().chain(no).any(Plan::keeps),
            first: ahead(id),
        });
        let values = plans.values.iter().zip(&plans.classes).enumerate().map(|(id, (value, class))| NamedValue {
            get: value.as_ref().map(|value| self.getter(value, *class)),
            first: ahead(id),
        });
        let aggregates = plans.aggregates.iter().zip(&plans.inlined).map(|(aggregate, &inlined)| {
            let fold: Fold<P> = match (&aggregate.function, self.builder.kinds.get(aggregate.kind)) {
                (Function::Chain(chain), _) => sequence::fold(&self.builder, chain),
                (_, Some(kind)) if !inlined => kind.fold(&self.builder, aggregate),
                _ => Box::new(|_: &P, _: &crate::leaf::Cx<'_>| Found::Missing),
            };
            Shared { fold, per_row: aggregate.per_row }
        });
        Program {
            conditions: conditions.collect(),
            values: values.collect(),
            aggregates: aggregates.collect(),
            times: plans.times.clone(),
            indexes: plans.indexes.len(),
            groups: rules.groups.len(),
        }
    }
}
