//! Splitting the filter of a clause that asks about rows further out: what makes the key, what the index keeps, and what is
//! left to ask of each row found.

use super::lowering::Lowering;
use super::order::all;
use super::reads::{Reads, bit};
use crate::leaf::plan::{Aggregate, Class, Function, Index, Join, Order, Plan, Value, Window};
use crate::leaf::visit::Visit;

/// What a part of a filter reads.
#[derive(PartialEq)]
enum Side {
    /// The clause's own row only.
    Own,
    /// Rows further out, or the customer.
    Other,
    /// Both.
    Both,
}

impl Lowering<'_> {
    /// The same aggregate with its rows found by a key, where its filter asks for one.
    pub(super) fn joined(&mut self, mut aggregate: Aggregate) -> Aggregate {
        if !aggregate.per_row || matches!(aggregate.function, Function::Lifecycle { .. }) {
            return aggregate;
        }
        let conjuncts = match aggregate.filter.take() {
            Some(Plan::All(plans)) => plans,
            other => other.into_iter().collect(),
        };
        let slot = aggregate.keeps_row;
        aggregate.within = self.within(&conjuncts, slot);
        let (mut own, mut others, mut inside, mut left) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for plan in conjuncts {
            match self.equality(&plan, slot) {
                Some((mine, other)) => {
                    own.push(mine);
                    others.push(other);
                    left.push(plan);
                }
                None if self.side(slot, |reads| reads.plan(&plan)) == Side::Own => inside.push(plan),
                None => left.push(plan),
            }
        }
        // A single word is the key itself: rows found by it need not be compared again.
        if let [(_, class)] = own.as_slice()
            && *class != Class::Text
        {
            left.retain(|plan| self.equality(plan, slot).is_none());
        }
        let some = |plans: Vec<Plan>| if plans.is_empty() { None } else { Some(all(plans)) };
        if own.is_empty() {
            left.extend(inside);
            return Aggregate { filter: some(left), ..aggregate };
        }
        let window = match aggregate.window {
            Window::Time(time) => Some(time),
            Window::Ever | Window::Between(_) => None,
        };
        let index = Index { kind: aggregate.kind, window, filter: some(inside), keys: own, keeps_row: slot };
        let join = Join { index: self.index(index), keys: others };
        Aggregate { filter: some(left), join: Some(join), ..aggregate }
    }

    /// `at > o.at`, `at <= o.at`: the ends of the time in which a row can pass. Both conditions stay, for what lies at an end.
    fn within(&self, conjuncts: &[Plan], slot: Option<usize>) -> [Option<Value>; 2] {
        let (mut low, mut high) = (None, None);
        for plan in conjuncts {
            let Plan::Compare(Order::Less | Order::LessOrEqual, Class::Word, less, more) = plan else { continue };
            let (end, value) = match (&**less, &**more) {
                (value, Value::RowAt) => (&mut low, value),
                (Value::RowAt, value) => (&mut high, value),
                _ => continue,
            };
            if self.side(slot, |reads| reads.value(value)) == Side::Other {
                *end = Some(value.clone());
            }
        }
        [low, high]
    }

    /// `product = o.product`: its own side, and the other.
    fn equality(&self, plan: &Plan, slot: Option<usize>) -> Option<((Value, Class), (Value, Class))> {
        let (class, left, right) = match plan {
            Plan::Compare(Order::Equal, class, left, right) => (*class, &**left, &**right),
            Plan::SameText { left, right, ignoring_case: false, want: true } => (Class::Text, &**left, &**right),
            _ => return None,
        };
        let side = |value: &Value| self.side(slot, |reads| reads.value(value));
        let (own, other) = match (side(left), side(right)) {
            (Side::Own, Side::Other) => (left, right),
            (Side::Other, Side::Own) => (right, left),
            _ => return None,
        };
        Some(((own.clone(), class), (other.clone(), class)))
    }

    fn side(&self, slot: Option<usize>, read: impl FnOnce(&mut Reads<'_>)) -> Side {
        let mut reads = Reads::new(self.aggregates());
        read(&mut reads);
        let mine = slot.map_or(0, bit);
        match (reads.row || reads.outer & mine != 0, reads.outer & !mine != 0) {
            (true, true) => Side::Both,
            (true, false) => Side::Own,
            (false, _) => Side::Other,
        }
    }
}
