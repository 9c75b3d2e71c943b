//! The parts of a plan, one after another: whoever looks for something says what is looked for, not where.

/// Writes the visitor of plans that are read, and that of plans that are changed.
macro_rules! visitor {
    ($(#[$doc:meta])* $name:ident, $walk:ident, $roles:ident $(, $change:tt)?) => {
        $(#[$doc])*
        pub trait $name {
            /// Meets a condition.
            fn plan(&mut self, plan: &$($change)? Plan) {
                $walk::plan(self, plan);
            }

            /// Meets a value.
            fn value(&mut self, value: &$($change)? Value) {
                $walk::value(self, value);
            }

            /// Meets an aggregate.
            fn aggregate(&mut self, aggregate: &$($change)? Aggregate) {
                $walk::aggregate(self, aggregate);
            }

            /// Meets the number of an aggregate that stands elsewhere.
            fn shared(&mut self, _id: usize) {}
        }

        /// Visits what something is made of.
        pub mod $walk {
            use super::*;

            /// The parts of a condition.
            pub fn plan<V: $name + ?Sized>(visitor: &mut V, plan: &$($change)? Plan) {
                match plan {
                    Plan::All(plans) | Plan::Any(plans) | Plan::AtLeast(_, plans) => {
                        for plan in plans {
                            visitor.plan(plan);
                        }
                    }
                    Plan::Fails(plan) => visitor.plan(plan),
                    Plan::Test(value, _) => visitor.value(value),
                    Plan::Compare(_, _, left, right)
                    | Plan::CompareCounts(_, left, right)
                    | Plan::CompareVersions(_, left, right)
                    | Plan::SameText { left, right, .. } => {
                        visitor.value(left);
                        visitor.value(right);
                    }
                    Plan::Count { source: Counted::Here(aggregate), .. } => visitor.aggregate(aggregate),
                    Plan::Count { source: Counted::Shared(id), .. } | Plan::Every { aggregate: id, .. } => {
                        visitor.shared(*id);
                    }
                    Plan::Const(_) | Plan::Named { .. } | Plan::Bucket { .. } | Plan::Consent { .. } => {}
                }
            }

            /// The parts of a value.
            pub fn value<V: $name + ?Sized>(visitor: &mut V, value: &$($change)? Value) {
                match value {
                    Value::Arithmetic(_, left, right) | Value::Point(left, right) | Value::Distance(left, right) => {
                        visitor.value(left);
                        visitor.value(right);
                    }
                    Value::ToFloat(of) | Value::Logistic(of) | Value::Share { of, .. } | Value::Part { of, .. } | Value::Length(of) => {
                        visitor.value(of);
                    }
                    Value::Age { birth: of, .. } | Value::Anniversary { of, .. } => visitor.value(of),
                    Value::Version(_, of) | Value::Standing { by: of, .. } => visitor.value(of),
                    Value::Call { arguments, .. } => {
                        for (_, value) in arguments {
                            visitor.value(value);
                        }
                    }
                    Value::Choose { cases, otherwise, .. } => {
                        for (when, value) in cases {
                            visitor.plan(when);
                            visitor.value(value);
                        }
                        if let Some(value) = otherwise {
                            visitor.value(value);
                        }
                    }
                    Value::Truth { yes, no } => {
                        visitor.plan(yes);
                        visitor.plan(no);
                    }
                    Value::Aggregate(id) | Value::Edge { aggregate: id, .. } => visitor.shared(*id),
                    Value::Word(_) | Value::Float(_) | Value::Text(_) | Value::Attribute(..) | Value::Item(..) => {}
                    Value::Outer { .. } | Value::RowAt | Value::Named(_) | Value::Time(_) | Value::Now => {}
                }
            }

            /// The parts of an aggregate.
            pub fn aggregate<V: $name + ?Sized>(visitor: &mut V, aggregate: &$($change)? Aggregate) {
                window(visitor, aggregate);
                rows(visitor, aggregate);
            }

            /// The ends of the window of an aggregate.
            pub fn window<V: $name + ?Sized>(visitor: &mut V, aggregate: &$($change)? Aggregate) {
                if let Window::Between(ends) = & $($change)? aggregate.window {
                    for end in & $($change)? **ends {
                        visitor.value(end);
                    }
                }
            }

            /// What an aggregate asks of its rows.
            pub fn rows<V: $name + ?Sized>(visitor: &mut V, aggregate: &$($change)? Aggregate) {
                if let Some(filter) = & $($change)? aggregate.filter {
                    visitor.plan(filter);
                }
                if let Some(join) = & $($change)? aggregate.join {
                    for (value, _) in & $($change)? join.keys {
                        visitor.value(value);
                    }
                }
                match & $($change)? aggregate.function {
                    Function::Every(holds) => visitor.plan(holds),
                    Function::Chain(chain) => chain.$roles().for_each(|rows| visitor.aggregate(rows)),
                    _ => {}
                }
            }
        }
    };
}

use super::plan::{Aggregate, Counted, Function, Plan, Value, Window};

visitor! {
    /// Looks at every part of a plan; a method written anew says whether to go on, with that of the same name in [`walk`].
    Visit, walk, roles
}

visitor! {
    /// The same of plans that are changed on the way, with [`walk_mut`].
    VisitMut, walk_mut, roles_mut, mut
}
