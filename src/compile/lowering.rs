//! Checked rules → plans: what the rules ask for, each thing once.

use std::collections::HashMap;
use std::hash::Hash;

use crate::check::tree::{Body, Definition, DefinitionKind, Expr, Kind, Measure, Rules};
use crate::leaf::form::{Form, WordForm};
use crate::leaf::plan::{Aggregate, Class, Index, Plan, TimeKind, TimeSpec, Value};
use crate::schema::Type;
use crate::time::{CivilWindow, Zone};

/// Numbers for things, equal things having one number.
struct Interner<T> {
    numbers: HashMap<T, usize>,
    all: Vec<T>,
}

impl<T: Clone + Eq + Hash> Interner<T> {
    fn new() -> Self {
        Interner { numbers: HashMap::new(), all: Vec::new() }
    }

    fn number(&mut self, thing: T) -> usize {
        if let Some(&number) = self.numbers.get(&thing) {
            return number;
        }
        self.all.push(thing.clone());
        self.numbers.insert(thing, self.all.len() - 1);
        self.all.len() - 1
    }
}

/// Lowers what is asked for, and then what that refers to, until nothing is missing.
pub(crate) struct Lowering<'r> {
    pub(super) rules: &'r Rules,
    times: Interner<TimeSpec>,
    /// The attributes that grow stale, each with the time in which it must have been known.
    limits: Vec<(usize, usize)>,
    aggregates: Interner<Aggregate>,
    indexes: Interner<Index>,
    /// How often each aggregate is asked for.
    uses: Vec<usize>,
    /// For each definition the one that it is another name of, perhaps itself: `let a = b` needs no getter of its own.
    sources: Vec<usize>,
    /// The numbers of what is asked about a population.
    standings: HashMap<(&'r str, Option<Zone>, Measure), usize>,
    /// Definitions still to lower.
    queue: Vec<(usize, bool)>,
    yes: Vec<Lowered<Plan>>,
    no: Vec<Lowered<Plan>>,
    values: Vec<Lowered<Value>>,
}

/// A definition's plan: not asked for, asked for, or there.
#[derive(Clone)]
enum Lowered<T> {
    Unasked,
    Asked,
    Done(T),
}

/// Everything lowered, by the numbers of definitions, aggregates and times.
pub(crate) struct Plans {
    pub yes: Vec<Option<Plan>>,
    pub no: Vec<Option<Plan>>,
    pub values: Vec<Option<Value>>,
    /// The class of each definition's value.
    pub classes: Vec<Class>,
    pub aggregates: Vec<Aggregate>,
    /// How often each aggregate is asked for.
    pub uses: Vec<usize>,
    /// Aggregates that are counted where they are asked for, and nowhere else.
    pub inlined: Vec<bool>,
    pub times: Vec<TimeSpec>,
    /// Rows by keys.
    pub indexes: Vec<Index>,
}

impl<'r> Lowering<'r> {
    pub fn new(rules: &'r Rules) -> Self {
        let n = rules.definitions.len();
        let mut times = Interner::new();
        // Numbered before all others, so that the accessors made for evaluation serve explanations too.
        let limits = rules.shape.attributes.iter().enumerate().filter_map(|(index, attribute)| {
            let kind = TimeKind::Events(CivilWindow::Last(attribute.fresh()?));
            Some((index, times.number(TimeSpec { kind, zone: None })))
        });
        Lowering {
            rules,
            limits: limits.collect(),
            times,
            aggregates: Interner::new(),
            indexes: Interner::new(),
            uses: Vec::new(),
            sources: sources(rules),
            standings: rules
                .standings
                .iter()
                .zip(0..)
                .map(|(s, i)| ((s.text.as_str(), s.zone, s.measure), i))
                .collect(),
            queue: Vec::new(),
            yes: vec![Lowered::Unasked; n],
            no: vec![Lowered::Unasked; n],
            values: vec![Lowered::Unasked; n],
        }
    }

    pub(super) fn time(&mut self, kind: TimeKind, zone: Option<Zone>) -> usize {
        self.times.number(TimeSpec { kind, zone })
    }

    /// The attributes that grow stale, each with the time in which it must have been known. They are missing at the same
    /// moment whichever rule asks, so it is the customer's zone that counts, not one written in a rule.
    pub fn limits(&self) -> &[(usize, usize)] {
        &self.limits
    }

    /// The kind of event that contacts are.
    pub fn contacts(&self) -> Option<usize> {
        self.rules.contacts()
    }

    pub(super) fn index(&mut self, index: Index) -> usize {
        self.indexes.number(index)
    }

    /// The aggregates so far, by number.
    pub(super) fn aggregates(&self) -> &[Aggregate] {
        &self.aggregates.all
    }

    pub(super) fn aggregate(&mut self, aggregate: Aggregate) -> usize {
        let number = self.aggregates.number(aggregate);
        if number == self.uses.len() {
            self.uses.push(0);
        }
        if let Some(uses) = self.uses.get_mut(number) {
            *uses += 1;
        }
        number
    }

    /// The number of a question about a population; it is among those that the checker has collected.
    pub(super) fn standing(&self, text: &str, zone: Option<Zone>, measure: Measure) -> usize {
        self.standings.get(&(text, zone, measure)).copied().unwrap_or(usize::MAX)
    }

    /// Asks for a definition's definite truth or falsehood.
    pub fn ask_condition(&mut self, id: usize, want: bool) {
        let side = if want { &mut self.yes } else { &mut self.no };
        if let Some(place @ Lowered::Unasked) = side.get_mut(id) {
            *place = Lowered::Asked;
            self.queue.push((id, want));
        }
    }

    /// The definition behind names of names.
    pub(super) fn source(&self, id: usize) -> usize {
        self.sources.get(id).copied().unwrap_or(id)
    }

    /// Asks for a definition's value.
    pub fn ask_value(&mut self, id: usize) {
        if let Some(place @ Lowered::Unasked) = self.values.get_mut(id) {
            *place = Lowered::Asked;
            self.queue.push((id, true));
        }
    }

    /// Lowers all that has been asked for.
    pub fn finish(mut self) -> Plans {
        while let Some((id, want)) = self.queue.pop() {
            let Some(definition) = self.rules.definitions.get(id) else { continue };
            if definition.ty == Type::Bool {
                let plan = self.definition_condition(definition, want);
                let side = if want { &mut self.yes } else { &mut self.no };
                if let Some(place) = side.get_mut(id) {
                    *place = Lowered::Done(plan);
                }
            } else {
                let value = self.definition_value(definition);
                if let Some(place) = self.values.get_mut(id) {
                    *place = Lowered::Done(value);
                }
            }
        }
        Plans {
            yes: self.yes.into_iter().map(Lowered::done).collect(),
            no: self.no.into_iter().map(Lowered::done).collect(),
            values: self.values.into_iter().map(Lowered::done).collect(),
            classes: self.rules.definitions.iter().map(|definition| definition.ty.class()).collect(),
            inlined: vec![false; self.aggregates.all.len()],
            aggregates: self.aggregates.all,
            uses: self.uses,
            times: self.times.all,
            indexes: self.indexes.all,
        }
    }

    fn definition_condition(&mut self, definition: &'r Definition, want: bool) -> Plan {
        match &definition.body {
            Body::Expr(expr) => self.condition(expr, want, definition.zone),
            Body::Score { .. } | Body::Group { .. } | Body::Stages(_) => Plan::Const(false),
        }
    }

    fn definition_value(&mut self, definition: &'r Definition) -> Value {
        let zone = definition.zone;
        match &definition.body {
            Body::Expr(expr) => self.value(expr, zone),
            Body::Score { bands, otherwise } => {
                let cases = bands
                    .iter()
                    .map(|(when, value)| (self.condition(when, true, zone), self.value(value, zone)))
                    .collect();
                let otherwise = Some(Box::new(self.value(otherwise, zone)));
                Value::Choose { class: Class::Word, cases, otherwise }
            }
            Body::Group { on, rows, otherwise } => {
                let mut cases: Vec<(Plan, Value)> =
                    rows.iter().map(|row| (self.group_row(on, &row.cells), word(row.name))).collect();
                // The rest are all others whose scores are known.
                cases.extend(otherwise.map(|name| (self.group_row(on, &[]), word(name))));
                Value::Choose { class: Class::Word, cases, otherwise: None }
            }
            // The last that holds is the first from behind.
            Body::Stages(stages) => {
                let (mut cases, mut otherwise) = (Vec::with_capacity(stages.len()), None);
                for (stage, when) in stages.iter().enumerate().rev() {
                    match when {
                        Some(when) => cases.push((self.condition(when, true, zone), word(stage))),
                        None => otherwise = Some(Box::new(word(stage))),
                    }
                }
                Value::Choose { class: Class::Word, cases, otherwise }
            }
        }
    }

    /// A row; one without cells holds for all whose scores are known.
    fn group_row(&mut self, on: &[usize], cells: &[Option<(i64, i64)>]) -> Plan {
        let cells = cells.iter().copied().chain(std::iter::repeat(None));
        let tests = on.iter().zip(cells).filter_map(|(&score, cell)| {
            // A `score` is never missing; a place in a population may be.
            let sure = self.rules.definitions.get(score).is_some_and(|d| d.kind == DefinitionKind::Score);
            if cell.is_none() && sure {
                return None;
            }
            self.ask_value(score);
            Some(match cell {
                Some((low, high)) => super::comparison::in_range(Value::Named(score), low, high, true),
                None => Plan::Test(Value::Named(score), Form::Word(WordForm::Present { known: true })),
            })
        });
        Plan::All(tests.collect())
    }
}

/// Definitions refer to earlier ones only, so one pass follows chains of any length.
fn sources(rules: &Rules) -> Vec<usize> {
    let mut sources: Vec<usize> = Vec::with_capacity(rules.definitions.len());
    for (id, definition) in rules.definitions.iter().enumerate() {
        let source = match &definition.body {
            Body::Expr(Expr { kind: Kind::Definition(other), ty, .. }) if *ty != Type::Bool => {
                sources.get(*other).copied()
            }
            _ => None,
        };
        sources.push(source.unwrap_or(id));
    }
    sources
}

impl<T> Lowered<T> {
    fn done(self) -> Option<T> {
        match self {
            Lowered::Done(value) => Some(value),
            _ => None,
        }
    }
}

fn word(index: usize) -> Value {
    Value::Word(i64::try_from(index).unwrap_or(i64::MAX))
}
