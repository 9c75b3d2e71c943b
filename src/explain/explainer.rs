//! Explaining a condition: the same lowering as evaluation, node by node.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Truth;
use super::contact::{self, Latest};
use super::text::one_line;
use super::trace::{FoundValue, RankedBy, RankedIn, Shown, Source, Trace, Window};
use crate::check::tree::{Expr, Kind, Place, Rules};
use crate::check::{personal, walk};
use crate::compile::{Inner, Linker, Lowering, Population, Resolved, shown};
use crate::diagnostic::Sources;
use crate::leaf::plan::{Function, Plan, TimeKind, TimeSpec, Value as PlanValue};
use crate::leaf::scratch::Found;
use crate::leaf::{Cx, Program, Scratch, Test, ValueGetter, permits};
use crate::schema::{Type, Value};
use crate::time::{CivilWindow, Instant, Zone};

/// A condition with its parts: lowered to `plans` and values, or built of tests and getters.
pub(super) struct Node<T, V> {
    expr: Expr,
    text: String,
    /// Definitely true, definitely false.
    tests: [T; 2],
    values: Vec<Operand<V>>,
    contacts: Vec<Latest<V>>,
    parts: Vec<Node<T, V>>,
}

/// A value that a condition reads.
struct Operand<V> {
    expr: Expr,
    /// As written, or its name.
    text: String,
    /// Whether it is the number of events, which is no personal data.
    counted: bool,
    ty: Type,
    value: V,
}

type Lowered = Node<Plan, PlanValue>;
pub(super) type Built<P> = Node<Test<P>, Read<P>>;

/// How a value is read.
pub(super) enum Read<P> {
    Aggregate(usize),
    /// A list, whose items are written out.
    Collection,
    Getter(ValueGetter<P>),
}

/// Conditions ready to be explained, for any customer: they stand in a rule with a zone of its own, or in none.
pub(super) struct Prepared<P, N> {
    conditions: N,
    program: Program<P>,
    zone: Option<Zone>,
    /// Working memory for who comes next.
    scratch: Mutex<Option<Scratch>>,
}

impl<P: Send + Sync + 'static> Prepared<P, Built<P>> {
    /// One condition.
    pub fn one(inner: &Inner<P>, condition: &Expr, zone: Option<Zone>) -> Self {
        Prepared::of(inner, zone, |reader| reader.lower(condition), |linker, node| build(linker, node))
    }
}

impl<P: Send + Sync + 'static, K: Eq + Hash> Prepared<P, HashMap<K, Built<P>>> {
    /// Many, by a name for each.
    pub fn many<'e>(inner: &Inner<P>, conditions: impl Iterator<Item = (K, &'e Expr)>) -> Self {
        Prepared::of(
            inner,
            None,
            |reader| conditions.map(|(name, condition)| (name, reader.lower(condition))).collect::<Vec<_>>(),
            |linker, nodes| nodes.into_iter().map(|(name, node)| (name, build(linker, node))).collect(),
        )
    }
}

impl<P: Send + Sync + 'static, N> Prepared<P, N> {
    fn of<'r, L>(
        inner: &'r Inner<P>,
        zone: Option<Zone>,
        lower: impl FnOnce(&mut Reader<'r, 'r>) -> L,
        build: impl FnOnce(&Linker<'_, P>, L) -> N,
    ) -> Self {
        let rules = &*inner.rules;
        let mut reader = Reader { rules, sources: inner.sources(), lowering: Lowering::new(rules), zone };
        let lowered = lower(&mut reader);
        let plans = reader.lowering.finish();
        let linker = Linker::new(&inner.access, &plans);
        let (conditions, program) = (build(&linker, lowered), linker.program(rules, &plans));
        Prepared { conditions, program, zone, scratch: Mutex::new(None) }
    }

    fn lent(&self) -> MutexGuard<'_, Option<Scratch>> {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Explains conditions of one ruleset for one customer.
pub(super) struct Explainer<'a, P> {
    pub inner: &'a Inner<P>,
    pub customer: &'a P,
    pub now: Instant,
    pub resolved: &'a Resolved,
    pub population: Option<&'a Population>,
    pub reveal: bool,
}

impl<P: Send + Sync + 'static> Explainer<'_, P> {
    /// Explains conditions; what they share is evaluated once.
    pub fn with<N, T>(&self, prepared: &Prepared<P, N>, work: impl FnOnce(&Run<'_, '_, P>, &N) -> T) -> T {
        let Prepared { conditions, program, zone, .. } = prepared;
        let lent = prepared.lent().take();
        let scratch = lent.unwrap_or_else(|| program.scratch());
        let frame = self.inner.frame(self.customer, self.now, self.resolved, &scratch, program);
        let cx = frame.of(self.customer);
        let result = work(&Run { explainer: self, program, cx: &cx, zone: *zone }, conditions);
        *prepared.lent() = Some(scratch);
        result
    }
}

/// Lowers conditions that stand in a rule with a zone of its own, or in none.
struct Reader<'r, 'l> {
    rules: &'r Rules,
    sources: &'r Sources,
    lowering: Lowering<'l>,
    zone: Option<Zone>,
}

impl Reader<'_, '_> {
    /// A condition with all conditions it is made of. A definition is not opened: it has an explanation of its own.
    fn lower(&mut self, expr: &Expr) -> Lowered {
        let zone = self.zone;
        let tests = [true, false].map(|truth| self.lowering.condition(expr, truth, zone));
        // `none(…)`, `not in …` and the like are one thing to read, though checked as the negation of another.
        let asked = match &expr.kind {
            Kind::Not(inner) if inner.span == expr.span => inner,
            _ => expr,
        };
        let connective = matches!(asked.kind, Kind::Not(_) | Kind::And(_) | Kind::Or(_) | Kind::AtLeast { .. });
        let (mut values, mut parts) = (Vec::new(), Vec::new());
        if connective {
            parts.extend(walk::children(asked).into_iter().map(|part| self.lower(part)));
        } else if walk::clause(asked).is_none() {
            let operands = walk::children(asked);
            // A condition without operands is itself what was read: an attribute that is true or false.
            let read = if operands.is_empty() { vec![asked] } else { operands };
            for value in read.into_iter().flat_map(|operand| opened(operand)) {
                if readable(value) {
                    let (text, ty) = (self.text(value), value.ty.clone());
                    let value = Operand {
                        expr: value.clone(),
                        text,
                        counted: false,
                        ty,
                        value: self.lowering.value(value, zone),
                    };
                    values.push(value);
                }
            }
        } else if let Kind::AnyEvent(clause) = &asked.kind {
            let count = PlanValue::Aggregate(self.lowering.clause(clause, Function::Count, zone));
            let items = self.rules.shape.events.get(clause.event).is_some_and(|rows| rows.timeless);
            let text = if items { "number of such items" } else { "number of such events" };
            let (text, expr) = (text.to_owned(), expr.clone());
            values.push(Operand { expr, text, counted: true, ty: Type::Int, value: count });
        }
        let contacts = if connective { Vec::new() } else { contact::lower(&mut self.lowering, asked, zone) };
        Node { expr: expr.clone(), text: self.text(expr), tests, values, contacts, parts }
    }

    /// As written, on one line.
    fn text(&self, expr: &Expr) -> String {
        one_line(self.sources.slice(expr.span).unwrap_or_default())
    }
}

fn build<P: Send + Sync + 'static>(linker: &Linker<'_, P>, node: Lowered) -> Built<P> {
    let Node { expr, text, tests, values, contacts, parts } = node;
    let values = values.into_iter().map(|Operand { expr, text, counted, ty, value }| {
        let value = match value {
            PlanValue::Aggregate(id) => Read::Aggregate(id),
            _ if ty.is_collection() => Read::Collection,
            value => Read::Getter(linker.getter(&value, ty.class())),
        };
        Operand { expr, text, counted, ty, value }
    });
    Node {
        expr,
        text,
        tests: tests.map(|plan| linker.test(&plan)),
        values: values.collect(),
        contacts: contacts.into_iter().map(|latest| contact::build(linker, latest)).collect(),
        parts: parts.into_iter().map(|part| build(linker, part)).collect(),
    }
}

/// An operand, or what it is about where it only has a meaning in its comparison.
fn opened(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        Kind::TimeSince(since) => Some(since),
        _ => Some(expr),
    }
}

/// Whether an operand is a value worth showing: not a constant, nor something that only a row has.
fn readable(expr: &Expr) -> bool {
    match expr.kind {
        Kind::Constant(_)
        | Kind::Consent { .. }
        | Kind::Bucket { .. }
        | Kind::RowAt
        | Kind::OuterAt { .. }
        | Kind::Outcome { .. } => false,
        // A map is asked about by key.
        Kind::Attribute(..) if matches!(expr.ty, Type::Map(_)) => false,
        Kind::Attribute(place, _) | Kind::Item { place, .. } => {
            matches!(place, Place::Customer | Place::Context | Place::Catalog(_) | Place::List)
        }
        Kind::Definition(_) => expr.ty != Type::Bool,
        _ => true,
    }
}

/// Runs what was built.
pub(super) struct Run<'b, 'a, P> {
    pub(super) explainer: &'b Explainer<'a, P>,
    program: &'b Program<P>,
    pub(super) cx: &'b Cx<'b>,
    zone: Option<Zone>,
}

impl<P: Send + Sync + 'static> Run<'_, '_, P> {
    /// The same for a candidate that is made of a row.
    pub fn trace_of(&self, node: &Built<P>, row: Option<usize>) -> Trace {
        self.cx.made_of.set(row);
        self.trace(node)
    }

    /// Whether it is definitely true.
    pub fn is_true(&self, node: &Built<P>) -> bool {
        let [yes, _] = &node.tests;
        self.holds(yes)
    }

    pub fn trace(&self, node: &Built<P>) -> Trace {
        let [yes, no] = &node.tests;
        let truth = match (self.holds(yes), self.holds(no)) {
            (true, _) => Truth::True,
            (false, true) => Truth::False,
            (false, false) => Truth::Unknown,
        };
        let values = node.values.iter().map(|operand| self.shown(operand));
        Trace {
            text: node.text.clone(),
            span: node.expr.span,
            truth,
            values: values.collect(),
            contacts: node.contacts.iter().filter_map(|latest| self.contact(latest)).collect(),
            windows: if node.parts.is_empty() { self.windows(&node.expr) } else { Vec::new() },
            rankings: if node.parts.is_empty() { self.rankings(&node.expr) } else { Vec::new() },
            parts: node.parts.iter().map(|part| self.trace(part)).collect(),
        }
    }

    fn holds(&self, test: &Test<P>) -> bool {
        test(self.explainer.customer, self.cx)
    }

    fn shown(&self, operand: &Operand<Read<P>>) -> Shown {
        let found = match operand.counted || self.may_show(&operand.expr) {
            true => self.found(operand),
            false => FoundValue::Redacted,
        };
        Shown { text: operand.text.clone(), found, source: self.source(&operand.expr) }
    }

    /// Whence the value of an attribute is.
    fn source(&self, expr: &Expr) -> Option<Source> {
        let (Kind::Attribute(Place::Customer, index) | Kind::Item { place: Place::Customer, index, .. }) = expr.kind
        else {
            return None;
        };
        let Inner { rules, access, .. } = self.explainer.inner;
        let provenance = rules.shape.attributes.get(index)?.provenance.clone()?;
        let as_of = access.as_of(index).and_then(|as_of| as_of(self.explainer.customer));
        let stale = provenance.fresh.is_some_and(|period| {
            let kind = TimeKind::Events(CivilWindow::Last(period));
            let (low, high) = self.cx.bounds(&TimeSpec { kind, zone: None });
            !as_of.is_some_and(|at| (low..=high).contains(&at.millis()))
        });
        let consents = access.consents.as_ref().map(|consents| consents(self.explainer.customer)).unwrap_or_default();
        let forbidden =
            provenance.purpose.as_ref().is_some_and(|purpose| !permits(consents, purpose, self.cx.moment.now));
        Some(Source { provenance, as_of, stale, forbidden })
    }

    fn found(&self, operand: &Operand<Read<P>>) -> FoundValue {
        let (customer, ty) = (self.explainer.customer, &operand.ty);
        let found = match &operand.value {
            Read::Aggregate(id) => match self.program.aggregate(customer, self.cx, *id) {
                Found::Missing => None,
                Found::AtLeast(n) => return FoundValue::AtLeast(n),
                Found::Known(word) => shown(ty, word),
            },
            Read::Collection => self.list(&operand.expr),
            Read::Getter(ValueGetter::Word(get)) => get(customer, self.cx).and_then(|word| shown(ty, word)),
            Read::Getter(ValueGetter::Float(get)) => {
                get(customer, self.cx).and_then(|float| shown(ty, float.to_bits() as i64))
            }
            Read::Getter(ValueGetter::Text(get)) => {
                get.read(customer, self.cx).map(|text| Value::Text(text.to_owned()))
            }
        };
        found.map_or(FoundValue::Missing, FoundValue::Value)
    }

    fn list(&self, expr: &Expr) -> Option<Value> {
        let Kind::Attribute(Place::Customer, index) = expr.kind else { return None };
        let item = |word: i64| match &expr.ty {
            Type::List(held) => shown(held, word),
            _ => None,
        };
        self.explainer.inner.access.list(index, self.explainer.customer, self.cx, &item)
    }

    fn may_show(&self, expr: &Expr) -> bool {
        self.explainer.reveal || !personal::reads(&self.explainer.inner.rules, expr)
    }

    /// The rankings that a condition looks up.
    fn rankings(&self, expr: &Expr) -> Vec<RankedBy> {
        let mut rankings = Vec::new();
        walk::each(expr, &mut |inner| {
            let Kind::Standing { by, text, measure } = &inner.kind else { return };
            let standings = &self.explainer.inner.rules.standings;
            let asked = standings.iter().find(|s| s.text == *text && s.zone == self.zone && s.measure == *measure);
            let population = asked.and_then(|asked| {
                let population = self.explainer.population?;
                let metric = population.metric(&asked.fingerprint)?;
                Some(RankedIn {
                    name: population.name().to_owned(),
                    now: population.now(),
                    ranked: metric.ranked(),
                    cut: metric.cut(*measure).filter(|_| self.may_show(by)).and_then(|word| shown(&by.ty, word)),
                })
            });
            let ranking = RankedBy { text: text.clone(), population };
            if !rankings.contains(&ranking) {
                rankings.push(ranking);
            }
        });
        rankings
    }

    /// The windows of a condition and of the values in it, resolved.
    fn windows(&self, expr: &Expr) -> Vec<Window> {
        let mut windows = Vec::new();
        walk::each(expr, &mut |inner| {
            let found: Vec<_> = match &inner.kind {
                Kind::InWindow { window, subject } if subject.ty == Type::Instant => {
                    window.civil().map(|window| (TimeKind::Instants(window), window)).into_iter().collect()
                }
                _ => {
                    let windows = walk::clauses(inner).into_iter().filter_map(|clause| clause.window.as_ref());
                    windows.filter_map(|w| w.civil()).map(|window| (TimeKind::Events(window), window)).collect()
                }
            };
            for (kind, window) in found {
                let (low, high) = self.cx.bounds(&TimeSpec { kind, zone: self.zone });
                let (after, until) = (Instant::from_millis(low.saturating_sub(1)), Instant::from_millis(high));
                let window = Window { text: window.to_string(), after, until };
                if !windows.contains(&window) {
                    windows.push(window);
                }
            }
        });
        windows
    }
}
