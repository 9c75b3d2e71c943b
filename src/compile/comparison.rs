//! Comparisons → plans: of words, counts, floats, texts, versions and distances, against fixed bounds or each other.

use std::sync::Arc;

use super::lowering::Lowering;
use super::order::{all, any};
use super::value::constant_word;
use crate::check::tree::{Body, Constant, Expr, Kind};
use crate::leaf::form::{Bits, Edge, FloatForm, Form, Pattern, TextForm, WordForm};
use crate::leaf::plan::{Class, Counted, Order, Plan, TimeKind, Value};
use crate::schema::Type;
use crate::syntax::ast::CompareOp;
use crate::time::Zone;

impl<'r> Lowering<'r> {
    pub(super) fn compare(
        &mut self,
        op: CompareOp,
        left: &Expr,
        right: &Expr,
        ignoring_case: bool,
        want: bool,
        zone: Option<Zone>,
    ) -> Plan {
        if let (Kind::TimeSince(since), Kind::Constant(Constant::Period(period))) = (&left.kind, &right.kind) {
            return self.since(op, since, *period, want, zone);
        }
        if let (Kind::Constant(_), false) = (&left.kind, matches!(right.kind, Kind::Constant(_))) {
            return self.compare(op.mirrored(), right, left, ignoring_case, want, zone);
        }
        let asked = if want { op } else { opposite(op) };
        let ((left, zone), (right, right_zone)) = (self.unnamed_count(left, zone), self.unnamed_count(right, zone));
        match (left.ty.class(), &right.kind) {
            (Class::Word, Kind::Constant(constant)) => {
                let bound = constant_word(constant);
                let (low, high, inside) = interval(op, bound);
                self.word_in(left, low, high, inside == want, zone)
            }
            (Class::Word, _) => {
                let counts = left.is_count() || right.is_count();
                let (left, right) = (self.value(left, zone), self.value(right, right_zone));
                let (order, left, right) = ordered(asked, left, right);
                match counts {
                    true => Plan::CompareCounts(order, Box::new(left), Box::new(right)),
                    false => Plan::Compare(order, Class::Word, Box::new(left), Box::new(right)),
                }
            }
            (Class::Float, Kind::Constant(Constant::Number(bound))) => {
                if let Some(plan) = self.around(left, asked, *bound, zone) {
                    return plan;
                }
                Plan::Test(self.value(left, zone), Form::Float(float_form(asked, *bound)))
            }
            (Class::Float, _) => {
                let (order, left, right) = ordered(asked, self.value(left, zone), self.value(right, zone));
                Plan::Compare(order, Class::Float, Box::new(left), Box::new(right))
            }
            (Class::Text, Kind::Constant(Constant::Version(bound))) => self.version(left, asked, bound, zone),
            (Class::Text, _) if left.ty == Type::Version => {
                let (order, left, right) = ordered(asked, self.value(left, zone), self.value(right, zone));
                Plan::CompareVersions(order, Box::new(left), Box::new(right))
            }
            (Class::Text, Kind::Constant(Constant::Text(text))) => {
                let pattern = Pattern::OneOf([Arc::clone(text)].into());
                let form = TextForm::Matches { pattern, ignoring_case, want: asked == CompareOp::Equal };
                Plan::Test(self.value(left, zone), Form::Text(form))
            }
            (Class::Text, _) => Plan::SameText {
                left: Box::new(self.value(left, zone)),
                right: Box::new(self.value(right, zone)),
                ignoring_case,
                want: asked == CompareOp::Equal,
            },
            (Class::List | Class::Words | Class::Map, _) => Plan::Const(false),
        }
    }

    /// A distance from a fixed point against a fixed one, as a circle.
    pub(super) fn around(&mut self, apart: &Expr, op: CompareOp, bound: f64, zone: Option<Zone>) -> Option<Plan> {
        let Kind::Distance(from, to) = &apart.kind else { return None };
        let (centre, other) = match (&from.kind, &to.kind) {
            (_, Kind::Constant(Constant::Point(centre))) => (*centre, from),
            (Kind::Constant(Constant::Point(centre)), _) => (*centre, to),
            _ => return None,
        };
        let (metres, inside) = match op {
            CompareOp::LessOrEqual => (bound, true),
            CompareOp::Greater => (bound, false),
            CompareOp::Less => (bound.next_down(), true),
            CompareOp::GreaterOrEqual => (bound.next_down(), false),
            CompareOp::Equal | CompareOp::NotEqual => return None,
        };
        let form = WordForm::Circle { centre, metres: Bits::new(metres), inside };
        Some(Plan::Test(self.value(other, zone), Form::Word(form)))
    }

    /// A version against a fixed one.
    pub(super) fn version(&mut self, subject: &Expr, op: CompareOp, bound: &Arc<str>, zone: Option<Zone>) -> Plan {
        let (order, want) = match op {
            CompareOp::Equal => (Order::Equal, true),
            CompareOp::NotEqual => (Order::Equal, false),
            CompareOp::Less => (Order::Less, true),
            CompareOp::GreaterOrEqual => (Order::Less, false),
            CompareOp::LessOrEqual => (Order::LessOrEqual, true),
            CompareOp::Greater => (Order::LessOrEqual, false),
        };
        let pattern = Pattern::Version(order, Arc::clone(bound));
        let form = TextForm::Matches { pattern, ignoring_case: false, want };
        Plan::Test(self.value(subject, zone), Form::Text(form))
    }

    /// A count behind a name: naming it must not turn the interval that a late history makes of it into something missing.
    pub(super) fn unnamed_count<'e>(&self, expr: &'e Expr, zone: Option<Zone>) -> (&'e Expr, Option<Zone>)
    where
        'r: 'e,
    {
        let (mut inner, mut inner_zone) = (expr, zone);
        // Definitions refer to earlier ones only, so this ends.
        while let Kind::Definition(id) = inner.kind {
            match self.rules.definitions.get(id).map(|definition| (&definition.body, definition.zone)) {
                Some((Body::Expr(body), zone)) => (inner, inner_zone) = (body, zone),
                _ => return (expr, zone),
            }
        }
        if inner.is_count() { (inner, inner_zone) } else { (expr, zone) }
    }

    /// A word, or a count, in `low ..= high` (or, where `inside` is false, not in it).
    pub(super) fn word_in(&mut self, subject: &Expr, low: i64, high: i64, inside: bool, zone: Option<Zone>) -> Plan {
        let (subject, zone) = self.unnamed_count(subject, zone);
        let value = self.value(subject, zone);
        match value {
            Value::Aggregate(aggregate) if subject.is_count() => {
                Plan::Count { source: Counted::Shared(aggregate), low, high, want: inside }
            }
            value => in_range(value, low, high, inside),
        }
    }

    /// `time since x` against a period: `x` against `now` − the period.
    pub(super) fn since(
        &mut self,
        op: CompareOp,
        since: &Expr,
        period: crate::time::Period,
        want: bool,
        zone: Option<Zone>,
    ) -> Plan {
        match op {
            CompareOp::GreaterOrEqual => self.resolved(since, TimeKind::Ago(period), want, zone),
            CompareOp::Less => self.resolved(since, TimeKind::Ago(period), !want, zone),
            CompareOp::Greater => self.resolved(since, TimeKind::BeforeAgo(period), want, zone),
            CompareOp::LessOrEqual => self.resolved(since, TimeKind::BeforeAgo(period), !want, zone),
            CompareOp::Equal | CompareOp::NotEqual => {
                let equal = (op == CompareOp::Equal) == want;
                let not_later = self.resolved(since, TimeKind::Ago(period), equal, zone);
                let not_earlier = self.resolved(since, TimeKind::BeforeAgo(period), !equal, zone);
                let both = vec![not_later, not_earlier];
                if equal { all(both) } else { any(both) }
            }
        }
    }
}

/// A word in `low ..= high`, or known and not in it; settled at once for a constant.
pub(super) fn in_range(value: Value, low: i64, high: i64, inside: bool) -> Plan {
    match value {
        Value::Word(word) => Plan::Const((low <= word && word <= high) == inside),
        value => {
            // A half-line is the inside of another one: ranges on one value can then be merged.
            let (low, high, inside) = match (inside, low, high) {
                (false, low, i64::MAX) if low > i64::MIN => (i64::MIN, low - 1, true),
                (false, i64::MIN, high) if high < i64::MAX => (high + 1, i64::MAX, true),
                _ => (low, high, inside),
            };
            Plan::Test(value, Form::Word(WordForm::Interval { low, high, inside }))
        }
    }
}

/// The words for which `word op bound`, as an interval and whether they lie inside of it.
fn interval(op: CompareOp, bound: i64) -> (i64, i64, bool) {
    match op {
        CompareOp::Equal => (bound, bound, true),
        CompareOp::NotEqual => (bound, bound, false),
        CompareOp::Less => (bound, i64::MAX, false),
        CompareOp::LessOrEqual => (i64::MIN, bound, true),
        CompareOp::Greater => (i64::MIN, bound, false),
        CompareOp::GreaterOrEqual => (bound, i64::MAX, true),
    }
}

fn float_form(op: CompareOp, bound: f64) -> FloatForm {
    let bound = Bits::new(bound);
    let (low, high) = match op {
        CompareOp::Equal => return FloatForm::Set { values: [bound].into(), inside: true },
        CompareOp::NotEqual => return FloatForm::Set { values: [bound].into(), inside: false },
        CompareOp::Less => (Edge::Open, Edge::Excluding(bound)),
        CompareOp::LessOrEqual => (Edge::Open, Edge::Including(bound)),
        CompareOp::Greater => (Edge::Excluding(bound), Edge::Open),
        CompareOp::GreaterOrEqual => (Edge::Including(bound), Edge::Open),
    };
    FloatForm::Interval { low, high, inside: true }
}

/// The comparison in one of the four orders that plans have.
pub(super) fn ordered(op: CompareOp, left: Value, right: Value) -> (Order, Value, Value) {
    match op {
        CompareOp::Equal => (Order::Equal, left, right),
        CompareOp::NotEqual => (Order::NotEqual, left, right),
        CompareOp::Less => (Order::Less, left, right),
        CompareOp::LessOrEqual => (Order::LessOrEqual, left, right),
        CompareOp::Greater => (Order::Less, right, left),
        CompareOp::GreaterOrEqual => (Order::LessOrEqual, right, left),
    }
}

/// The comparison that holds where both sides are known and this one does not.
pub(super) fn opposite(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Equal => CompareOp::NotEqual,
        CompareOp::NotEqual => CompareOp::Equal,
        CompareOp::Less => CompareOp::GreaterOrEqual,
        CompareOp::LessOrEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual => CompareOp::Less,
    }
}
