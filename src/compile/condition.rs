//! Checked conditions → plans in negation normal form.
//!
//! `want` says which definite answer is asked for. `not` flips it on the way down, `and` becomes `or` under it, and at the
//! leaves unknown is a plain no to either question: two-valued predicates then give three-valued logic.

use std::sync::Arc;

use super::lowering::Lowering;
use super::order::{all, any, at_least};
use super::value::constant_word;
use crate::check::tree::{Body, Constant, DayRelation, Expr, Kind, TextOp, Window};
use crate::leaf::form::{Bits, Edge, FloatForm, Form, ListForm, MapForm, Pattern, TextForm, WordForm, WordsForm};
use crate::leaf::like;
use crate::leaf::plan::{Class, Counted, Order, Part, Plan, TimeKind, Value};
use crate::schema::Type;
use crate::syntax::ast::{CompareOp, Quantifier};
use crate::time::Zone;

impl<'r> Lowering<'r> {
    /// A plan that holds where the expression is definitely true (`want`) or definitely false.
    pub fn condition(&mut self, expr: &Expr, want: bool, zone: Option<Zone>) -> Plan {
        match &expr.kind {
            Kind::Constant(Constant::Bool(value)) => Plan::Const(*value == want),
            Kind::Not(inner) => self.condition(inner, !want, zone),
            Kind::And(operands) => {
                let plans = self.conditions(operands, want, zone);
                if want { all(plans) } else { any(plans) }
            }
            Kind::Or(operands) => {
                let plans = self.conditions(operands, want, zone);
                if want { any(plans) } else { all(plans) }
            }
            // False when so many are definitely false that too few are left.
            Kind::AtLeast { count, of } => {
                let enough = if want { *count } else { (of.len() + 1).saturating_sub(*count) };
                at_least(enough, self.conditions(of, want, zone))
            }
            Kind::Definition(id) if expr.ty == Type::Bool => {
                self.ask_condition(*id, want);
                Plan::Named { condition: *id, want }
            }
            Kind::Compare { op, left, right, ignoring_case } => {
                self.compare(*op, left, right, *ignoring_case, want, zone)
            }
            Kind::Between { subject, low, high } => self.between(subject, low, high, want, zone),
            Kind::In { subject, items, ignoring_case } => self.is_in(subject, items, *ignoring_case, want, zone),
            Kind::Text { op, subject, needle, ignoring_case } => {
                let needle: Arc<str> = needle.as_str().into();
                let pattern = match op {
                    TextOp::Contains => Pattern::Contains(needle),
                    TextOp::StartsWith => Pattern::StartsWith(needle),
                    TextOp::EndsWith => Pattern::EndsWith(needle),
                    TextOp::Matches => Pattern::Regex(needle),
                    // The checker has read it.
                    TextOp::Like => like::pattern(like::signs(&needle).unwrap_or_default()),
                };
                let form = TextForm::Matches { pattern, ignoring_case: *ignoring_case, want };
                Plan::Test(self.value(subject, zone), Form::Text(form))
            }
            Kind::Contains { quantifier, subject, items, ignoring_case } => {
                let form = match subject.ty.class() {
                    Class::Words => Form::Words(words_form(*quantifier, items, want)),
                    _ => Form::List(list_form(*quantifier, items, *ignoring_case, want)),
                };
                Plan::Test(self.value(subject, zone), form)
            }
            Kind::IsEmpty(subject) => {
                let form = match subject.ty.class() {
                    Class::List => Form::List(ListForm::Empty { want }),
                    Class::Words => Form::Words(WordsForm::Empty { want }),
                    Class::Map => Form::Map(MapForm::Empty { want }),
                    _ => Form::Text(TextForm::Empty { want }),
                };
                Plan::Test(self.value(subject, zone), form)
            }
            Kind::IsMissing(subject) => {
                let (subject, zone) = self.unnamed_count(subject, zone);
                // A count is a number, or so many or more; missing only where nothing at all is known of its events.
                if subject.is_count() {
                    let counted = self.word_in(subject, i64::MIN, i64::MAX, true, zone);
                    return if want { Plan::Fails(Box::new(counted)) } else { counted };
                }
                let known = !want;
                let form = match subject.ty.class() {
                    Class::Word => Form::Word(WordForm::Present { known }),
                    Class::Float => Form::Float(FloatForm::Present { known }),
                    Class::Text => Form::Text(TextForm::Present { known }),
                    Class::List => Form::List(ListForm::Present { known }),
                    Class::Words => Form::Words(WordsForm::Present { known }),
                    Class::Map => Form::Map(MapForm::Present { known }),
                };
                Plan::Test(self.value(subject, zone), form)
            }
            Kind::Consent { channel, purpose, granted } => Plan::Consent {
                channel: channel.as_str().into(),
                purpose: purpose.as_str().into(),
                granted: *granted,
                want,
            },
            Kind::OlderThan { subject, period } => {
                let kind = match subject.ty {
                    Type::Date => TimeKind::DaysAgo(*period),
                    _ => TimeKind::Ago(*period),
                };
                self.resolved(subject, kind, want, zone)
            }
            Kind::Day { relation, subject, other } => self.day(*relation, subject, other, want, zone),
            Kind::Inside { subject, region } => {
                let form = WordForm::Region { region: Arc::clone(region), inside: want };
                Plan::Test(self.value(subject, zone), Form::Word(form))
            }
            Kind::InWindow { subject, window } => self.in_window(subject, window, want, zone),
            Kind::AnyEvent(clause) => {
                let aggregate = self.clause(clause, crate::leaf::plan::Function::Count, zone);
                Plan::Count { source: Counted::Shared(aggregate), low: 1, high: i64::MAX, want }
            }
            Kind::AllEvents { clause, have } => {
                let holds = self.condition(have, true, zone);
                let aggregate = self.clause(clause, crate::leaf::plan::Function::Every(holds), zone);
                Plan::Every { aggregate, want }
            }
            Kind::Chain(chain) => Plan::Every { aggregate: self.chain(chain, zone), want },
            Kind::Outcome { outcome, action } => super::outcome::outcome(*outcome, action.as_deref(), want),
            Kind::Bucket { salt, below } => {
                Plan::Bucket { salts: [salt.as_str().into()].into(), threshold: *below, want }
            }
            // Values that are true or false by themselves: attributes, a property of the last event.
            _ => in_range(self.value(expr, zone), 1, 1, want),
        }
    }

    fn conditions(&mut self, exprs: &[Expr], want: bool, zone: Option<Zone>) -> Vec<Plan> {
        exprs.iter().map(|expr| self.condition(expr, want, zone)).collect()
    }

    fn in_window(&mut self, subject: &Expr, window: &Window, want: bool, zone: Option<Zone>) -> Plan {
        let days = subject.ty == Type::Date;
        let (side, length, anchor) = match window {
            Window::Civil(window) if days => return self.resolved(subject, TimeKind::Days(*window), want, zone),
            Window::Civil(window) => return self.resolved(subject, TimeKind::Instants(*window), want, zone),
            Window::Anchored { side, length, anchor } => (*side, *length, anchor),
        };
        let [low, high] = self.anchored(side, length, anchor, days, zone);
        let subject = self.value(subject, zone);
        let holds = |order, left: Value, right: Value| Plan::Compare(order, Class::Word, left.into(), right.into());
        match want {
            true => {
                all(vec![holds(Order::LessOrEqual, low, subject.clone()), holds(Order::LessOrEqual, subject, high)])
            }
            false => any(vec![holds(Order::Less, subject.clone(), low), holds(Order::Less, high, subject)]),
        }
    }

    /// A point in time inside bounds that follow from `now`.
    fn resolved(&mut self, subject: &Expr, kind: TimeKind, inside: bool, zone: Option<Zone>) -> Plan {
        let time = self.time(kind, zone);
        Plan::Test(self.value(subject, zone), Form::Word(WordForm::Resolved { time, inside }))
    }

    fn compare(
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
    fn around(&mut self, apart: &Expr, op: CompareOp, bound: f64, zone: Option<Zone>) -> Option<Plan> {
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
    fn version(&mut self, subject: &Expr, op: CompareOp, bound: &Arc<str>, zone: Option<Zone>) -> Plan {
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
    fn unnamed_count<'e>(&self, expr: &'e Expr, zone: Option<Zone>) -> (&'e Expr, Option<Zone>)
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
    fn word_in(&mut self, subject: &Expr, low: i64, high: i64, inside: bool, zone: Option<Zone>) -> Plan {
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
    fn since(
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

    fn between(&mut self, subject: &Expr, low: &Expr, high: &Expr, want: bool, zone: Option<Zone>) -> Plan {
        match (&low.kind, &high.kind, subject.ty.class()) {
            (Kind::Constant(low), Kind::Constant(high), Class::Word) if constant_word(low) > constant_word(high) => {
                // Only times of day may be the wrong way round: what lies between is what is not outside.
                let (after, before) = (constant_word(high).saturating_add(1), constant_word(low).saturating_sub(1));
                self.word_in(subject, after, before, !want, zone)
            }
            (Kind::Constant(low), Kind::Constant(high), Class::Word) => {
                self.word_in(subject, constant_word(low), constant_word(high), want, zone)
            }
            (Kind::Constant(Constant::Number(low)), Kind::Constant(Constant::Number(high)), Class::Float) => {
                let (low, high) = (Edge::Including(Bits::new(*low)), Edge::Including(Bits::new(*high)));
                let form = FloatForm::Interval { low, high, inside: want };
                Plan::Test(self.value(subject, zone), Form::Float(form))
            }
            _ if subject.ty == Type::Time => self.around_midnight(subject, low, high, want, zone),
            _ => {
                let from = self.compare(CompareOp::GreaterOrEqual, subject, low, false, want, zone);
                let to = self.compare(CompareOp::LessOrEqual, subject, high, false, want, zone);
                if want { all(vec![from, to]) } else { any(vec![from, to]) }
            }
        }
    }

    /// Times of day between bounds that only an evaluation knows. Every case reads all three, so that one missing settles
    /// nothing.
    fn around_midnight(&mut self, subject: &Expr, low: &Expr, high: &Expr, want: bool, zone: Option<Zone>) -> Plan {
        let mut is = |op, left: &Expr, right: &Expr| self.compare(op, left, right, false, true, zone);
        let (at_most, less) = (CompareOp::LessOrEqual, CompareOp::Less);
        let mut cases = Vec::new();
        if want {
            cases.push(vec![is(at_most, low, high), is(at_most, low, subject), is(at_most, subject, high)]);
            cases.push(vec![is(less, high, low), is(at_most, low, subject)]);
            cases.push(vec![is(less, high, low), is(at_most, subject, high)]);
        } else {
            cases.push(vec![is(at_most, low, high), is(less, subject, low)]);
            cases.push(vec![is(at_most, low, high), is(less, high, subject)]);
            cases.push(vec![is(less, high, low), is(less, high, subject), is(less, subject, low)]);
        }
        any(cases.into_iter().map(all).collect())
    }

    fn is_in(
        &mut self,
        subject: &Expr,
        items: &[Constant],
        ignoring_case: bool,
        want: bool,
        zone: Option<Zone>,
    ) -> Plan {
        let (subject, zone) = self.unnamed_count(subject, zone);
        match subject.ty.class() {
            Class::Word if subject.is_count() => {
                let tests = items.iter().map(|item| {
                    let word = constant_word(item);
                    self.word_in(subject, word, word, want, zone)
                });
                let tests: Vec<Plan> = tests.collect();
                if want { any(tests) } else { all(tests) }
            }
            Class::Word => {
                let mut values: Vec<i64> = items.iter().map(constant_word).collect();
                values.sort_unstable();
                values.dedup();
                let value = self.value(subject, zone);
                match values.as_slice() {
                    [one] => in_range(value, *one, *one, want),
                    _ => Plan::Test(value, Form::Word(WordForm::Set { values: values.into(), inside: want })),
                }
            }
            Class::Float => {
                let values = items.iter().filter_map(|item| match item {
                    Constant::Number(number) => Some(Bits::new(*number)),
                    _ => None,
                });
                let form = FloatForm::Set { values: values.collect(), inside: want };
                Plan::Test(self.value(subject, zone), Form::Float(form))
            }
            Class::Text if subject.ty == Type::Version => {
                let op = if want { CompareOp::Equal } else { CompareOp::NotEqual };
                let tests = items.iter().filter_map(|item| match item {
                    Constant::Version(version) => Some(self.version(subject, op, version, zone)),
                    _ => None,
                });
                let tests: Vec<Plan> = tests.collect();
                if want { any(tests) } else { all(tests) }
            }
            Class::Text | Class::List | Class::Words | Class::Map => {
                let mut texts: Vec<Arc<str>> = items
                    .iter()
                    .filter_map(|item| match item {
                        Constant::Text(text) => Some(Arc::clone(text)),
                        _ => None,
                    })
                    .collect();
                texts.sort_unstable();
                texts.dedup();
                let form = TextForm::Matches { pattern: Pattern::OneOf(texts.into()), ignoring_case, want };
                Plan::Test(self.value(subject, zone), Form::Text(form))
            }
        }
    }

    fn day(&mut self, relation: DayRelation, subject: &Expr, other: &Expr, want: bool, zone: Option<Zone>) -> Plan {
        if let (Type::Instant, Kind::Constant(Constant::Date(day))) = (&subject.ty, &other.kind) {
            let (kind, inside) = match relation {
                DayRelation::Before => (TimeKind::BeforeDay(*day), want),
                DayRelation::After => (TimeKind::AfterDay(*day), want),
                DayRelation::On => (TimeKind::OfDay(*day), want),
                DayRelation::OnOrBefore => (TimeKind::AfterDay(*day), !want),
                DayRelation::OnOrAfter => (TimeKind::BeforeDay(*day), !want),
            };
            return self.resolved(subject, kind, inside, zone);
        }
        let op = match relation {
            DayRelation::Before => CompareOp::Less,
            DayRelation::After => CompareOp::Greater,
            DayRelation::On => CompareOp::Equal,
            DayRelation::OnOrBefore => CompareOp::LessOrEqual,
            DayRelation::OnOrAfter => CompareOp::GreaterOrEqual,
        };
        if subject.ty == other.ty {
            return self.compare(op, subject, other, false, want, zone);
        }
        // An instant against a day that is computed: the instant's own day, in the zone.
        let asked = if want { op } else { opposite(op) };
        let day = Value::Part { part: Part::DateOf, of: Box::new(self.value(subject, zone)), zone };
        let (order, left, right) = ordered(asked, day, self.value(other, zone));
        Plan::Compare(order, Class::Word, Box::new(left), Box::new(right))
    }
}

fn words_form(quantifier: Quantifier, items: &[Constant], want: bool) -> WordsForm {
    let mut values: Vec<i64> = items.iter().map(constant_word).collect();
    values.sort_unstable();
    values.dedup();
    let values = values.into();
    match quantifier {
        Quantifier::Any => WordsForm::AnyOf { values, want },
        Quantifier::None => WordsForm::AnyOf { values, want: !want },
        Quantifier::All => WordsForm::AllOf { values, want },
    }
}

fn list_form(quantifier: Quantifier, items: &[Constant], ignoring_case: bool, want: bool) -> ListForm {
    let texts = items.iter().filter_map(|item| match item {
        Constant::Text(text) => Some(Arc::clone(text)),
        _ => None,
    });
    let items = texts.collect();
    match quantifier {
        Quantifier::Any => ListForm::AnyOf { items, ignoring_case, want },
        Quantifier::None => ListForm::AnyOf { items, ignoring_case, want: !want },
        Quantifier::All => ListForm::AllOf { items, ignoring_case, want },
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
fn ordered(op: CompareOp, left: Value, right: Value) -> (Order, Value, Value) {
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
fn opposite(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Equal => CompareOp::NotEqual,
        CompareOp::NotEqual => CompareOp::Equal,
        CompareOp::Less => CompareOp::GreaterOrEqual,
        CompareOp::LessOrEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual => CompareOp::Less,
    }
}
