//! Where a plan is built: on the customer, or on the rows of a history.

use super::build::{self, Builder};
use super::getter::ReadText;
use super::plan::{Place, Plan, Value};
use super::{Call, Cx, Get, GetText, History, Leaves, Test};

/// The leaves of every attribute of `R`, in the order of its description.
pub struct Attributes<R>(pub Vec<Leaves<R>>);

/// What building needs to know of the thing that tests read.
pub(crate) trait Site<R> {
    /// The leaves of an attribute that stands on `R` itself.
    fn own(&self, place: Place, index: usize) -> Option<&Leaves<R>>;
    /// The instant of the row, on rows.
    fn row_at(&self) -> Option<Get<R, i64>>;
    /// A function of the host.
    fn function(&self, index: usize) -> Option<Call>;
    /// A condition about the customer.
    fn lift_test(&self, plan: &Plan) -> Test<R>;
    /// A shared count, as the interval that it is known to lie in.
    fn lift_count(&self, aggregate: usize) -> Get<R, (i64, i64)>;
    /// A word about the customer.
    fn lift_word(&self, value: &Value) -> Get<R, i64>;
    /// A float about the customer.
    fn lift_float(&self, value: &Value) -> Get<R, f64>;
    /// A text about the customer.
    fn lift_text(&self, value: &Value) -> GetText<R>;
}

/// On the customer.
pub(crate) struct OnCustomer<'a, P>(pub &'a Builder<'a, P>);

impl<P: 'static> Site<P> for OnCustomer<'_, P> {
    fn own(&self, place: Place, index: usize) -> Option<&Leaves<P>> {
        match place {
            Place::Customer => self.0.attributes.0.get(index),
            Place::List => self.0.lists.0.get(index),
            Place::Context | Place::Catalog | Place::Row => None,
        }
    }

    fn row_at(&self) -> Option<Get<P, i64>> {
        None
    }

    fn function(&self, index: usize) -> Option<Call> {
        self.0.functions.get(index).cloned()
    }

    fn lift_test(&self, plan: &Plan) -> Test<P> {
        build::customer::test(self.0, plan)
    }

    fn lift_count(&self, aggregate: usize) -> Get<P, (i64, i64)> {
        build::customer::count(aggregate)
    }

    fn lift_word(&self, value: &Value) -> Get<P, i64> {
        build::customer::word(self.0, value)
    }

    fn lift_float(&self, value: &Value) -> Get<P, f64> {
        build::customer::float(self.0, value)
    }

    fn lift_text(&self, value: &Value) -> GetText<P> {
        build::customer::text(self.0, value)
    }
}

/// On the rows of a history; what concerns the customer is built there and looks outward when run.
pub(crate) struct OnRows<'a, P, H> {
    pub builder: &'a Builder<'a, P>,
    pub leaves: &'a Attributes<H>,
}

impl<P: 'static, H: History> Site<H> for OnRows<'_, P, H> {
    fn own(&self, place: Place, index: usize) -> Option<&Leaves<H>> {
        if place == Place::Row { self.leaves.0.get(index) } else { None }
    }

    fn row_at(&self) -> Option<Get<H, i64>> {
        Some(Box::new(|history, cx| Some(history.at(cx, cx.row()).millis())))
    }

    fn function(&self, index: usize) -> Option<Call> {
        self.builder.functions.get(index).cloned()
    }

    fn lift_test(&self, plan: &Plan) -> Test<H> {
        let test = build::test(&OnCustomer(self.builder), plan);
        Box::new(move |_, cx| cx.customer::<P>().is_some_and(|p| test(p, cx)))
    }

    fn lift_count(&self, aggregate: usize) -> Get<H, (i64, i64)> {
        let get = build::customer::count::<P>(aggregate);
        Box::new(move |_, cx| cx.customer::<P>().and_then(|p| get(p, cx)))
    }

    fn lift_word(&self, value: &Value) -> Get<H, i64> {
        let get = build::word(&OnCustomer(self.builder), value);
        Box::new(move |_, cx| cx.customer::<P>().and_then(|p| get(p, cx)))
    }

    fn lift_float(&self, value: &Value) -> Get<H, f64> {
        let get = build::float(&OnCustomer(self.builder), value);
        Box::new(move |_, cx| cx.customer::<P>().and_then(|p| get(p, cx)))
    }

    fn lift_text(&self, value: &Value) -> GetText<H> {
        Box::new(Outward(build::text(&OnCustomer(self.builder), value)))
    }
}

/// A text of the customer, read from where only a row is at hand.
struct Outward<P>(GetText<P>);

impl<P: 'static, H> ReadText<H> for Outward<P> {
    fn read<'r>(&'r self, _: &'r H, cx: &'r Cx<'_>) -> Option<&'r str> {
        self.0.read(cx.customer::<P>()?, cx)
    }
}
