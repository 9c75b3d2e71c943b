//! Checked conditions → plans in negation normal form.
//!
//! `want` says which definite answer is asked for. `not` flips it on the way down, `and` becomes `or` under it, and at the
//! leaves unknown is a plain no to either question: two-valued predicates then give three-valued logic.

use std::sync::Arc;

use super::comparison::{in_range, opposite, ordered};
use super::lowering::Lowering;
use super::order::{all, any, at_least};
use super::value::constant_word;
use crate::check::tree::{Constant, DayRelation, Expr, Kind, TextOp, Window};
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
            Kind::Outcome { outcome, action, bundles } => {
                super::outcome::outcome(*outcome, action.as_deref(), bundles, want)
            }
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
    pub(super) fn resolved(&mut self, subject: &Expr, kind: TimeKind, inside: bool, zone: Option<Zone>) -> Plan {
        let time = self.time(kind, zone);
        Plan::Test(self.value(subject, zone), Form::Word(WordForm::Resolved { time, inside }))
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
