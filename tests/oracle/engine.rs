//! The engine's answers, and where they differ from the oracle's.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use nextbest::Attribute;
use nextbest::check::tree::{Definition, DefinitionKind, Rules};
use nextbest::{
    Contact, ContactKind, Currency, Engine, Instant, Money, Outcome, Population, Record, RecordSchema, Request,
    Ruleset, Schema, SegmentExplainer, SegmentId, Sharing, Stage, Type, Value, Variant,
};

use super::Oracle;
use super::contact::CONTACT;
use super::customer::{Crowd, Customer, History, Row, Situation, Values};
use super::value::{Truth, Val};

/// How customers are held in a program.
pub trait Held: Send + Sync + Sized + 'static {
    fn schema(records: &RecordSchema) -> Schema<Self>;
    fn of(records: &RecordSchema, rules: &Rules, customer: &Customer) -> Self;
}

impl Held for Record {
    fn schema(records: &RecordSchema) -> Schema<Self> {
        records.schema()
    }

    fn of(records: &RecordSchema, rules: &Rules, customer: &Customer) -> Self {
        record(records, rules, customer)
    }
}

/// An engine, and the schema of what a rule file declares.
pub struct Subject<P = Record> {
    engine: Engine<P>,
    schema: RecordSchema,
    /// The latest crowd and what it came to: situations mostly share one.
    crowd: RefCell<Option<(Arc<Crowd>, Population)>>,
}

/// The engine for a rule file, or why there is none.
pub fn engine(text: &str) -> Result<Subject, String> {
    engine_of(text)
}

/// The same for customers that are held in another way.
pub fn engine_of<P: Held>(text: &str) -> Result<Subject<P>, String> {
    let rules = Ruleset::parse(&[("generated.nba", text)]).map_err(|problems| problems.to_string())?;
    let schema = rules.record_schema().map_err(|problems| problems.to_string())?;
    let with = super::functions::all().into_iter().fold(P::schema(&schema), Schema::function);
    let engine = rules.bind_with(with).map_err(|problems| problems.to_string())?;
    Ok(Subject { engine, schema, crowd: RefCell::default() })
}

impl<P: Held> Subject<P> {
    pub fn rules(&self) -> &Rules {
        self.engine.rules()
    }

    fn held(&self, customer: &Customer) -> P {
        P::of(&self.schema, self.rules(), customer)
    }

    #[allow(dead_code, reason = "for decisions, which have a test file of their own")]
    pub fn engine(&self) -> &Engine<P> {
        &self.engine
    }

    /// What the engine is asked with.
    pub fn asked(&self, situation: &Situation) -> (P, Request) {
        let mut request = self.request(situation.now, &situation.context);
        if let Some(crowd) = &situation.crowd {
            request = request.population(&self.population(crowd));
        }
        (self.held(&situation.customer), request)
    }

    fn population(&self, crowd: &Arc<Crowd>) -> Population {
        let mut latest = self.crowd.borrow_mut();
        if let Some((known, population)) = &*latest
            && Arc::ptr_eq(known, crowd)
        {
            return population.clone();
        }
        let customers: Vec<P> = crowd.customers.iter().map(|customer| self.held(customer)).collect();
        // From the last to the first: their order does not matter.
        let population = self.engine.population(customers.iter().rev(), &self.request(crowd.now, &crowd.context));
        *latest = Some((Arc::clone(crowd), population.clone()));
        population
    }

    fn request(&self, now: Instant, context: &Values) -> Request {
        let mut request = self.engine.request(now);
        for (name, value) in to_values(&self.rules().context, context) {
            request = request.context(&name, value).expect("a declared context value");
        }
        request
    }
}

/// What the two say of one definition in one situation.
#[derive(Debug, Clone)]
pub struct Disagreement {
    pub definition: String,
    pub asked: &'static str,
    pub engine: String,
    pub oracle: String,
    /// Which of the situations.
    pub situation: usize,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Disagreement { definition, asked, engine, oracle, .. } = self;
        write!(f, "{definition}: `{asked}` of the engine says {engine}, the oracle {oracle}")
    }
}

/// What was compared.
#[derive(Debug, Default)]
pub struct Compared {
    /// Segments × situations.
    pub segments: usize,
    /// Of these, by the oracle's answer.
    pub truths: [usize; 3],
    /// Lets, scores and groups × situations.
    pub values: usize,
    /// Clauses of programs × situations.
    pub clauses: usize,
    pub disagreements: Vec<Disagreement>,
}

/// Asks both about every definition in every situation, with one evaluator for all, as a host would.
pub fn compare<P: Held>(subject: &Subject<P>, situations: &[Situation]) -> Compared {
    let mut compared = Compared::default();
    let Subject { engine, .. } = subject;
    let rules = engine.rules();
    let (mut evaluator, mut indexed) = (engine.evaluator().indexed(false), engine.evaluator().indexed(true));
    let explainers: Vec<Option<_>> = rules.definitions.iter().map(|definition| explainer(engine, definition)).collect();
    for (number, situation) in situations.iter().enumerate() {
        let oracle = Oracle::new(rules, situation);
        let (record, request) = subject.asked(situation);
        let members: Vec<_> = evaluator.segments(&record, &request).to_vec();
        let found = indexed.segments(&record, &request);
        // The latest first, the other way round than `segments` goes.
        for (id, definition) in rules.definitions.iter().enumerate().rev() {
            let mut differ = |asked, engine: String, oracle: String| {
                if engine != oracle {
                    let definition = definition.name.clone();
                    compared.disagreements.push(Disagreement { definition, asked, engine, oracle, situation: number });
                }
            };
            if definition.kind == DefinitionKind::Segment {
                let truth = oracle.truth_of(id);
                let member = truth == Truth::True;
                let segment = engine.segment(&definition.name).expect("a segment of the rules");
                differ("segments", members.contains(&segment).to_string(), member.to_string());
                differ("index", found.contains(&segment).to_string(), member.to_string());
                let is_in = evaluator.is_in(&record, &request, segment).expect("a segment of this engine");
                differ("is_in", is_in.to_string(), member.to_string());
                let explained = explainers[id].as_ref().expect("a segment").explain(&record, &request);
                differ("explain", format!("{:?}", explained.truth), format!("{truth:?}"));
                compared.segments += 1;
                compared.truths[truth as usize] += 1;
            } else {
                let value = oracle.value_of(id).and_then(|value| to_value(&definition.ty, value));
                let named = engine.value(&definition.name).expect("a value of the rules");
                let found = evaluator.value(&record, &request, named).expect("a value of this engine");
                differ("value", written(found), written(value));
                compared.values += 1;
            }
        }
        assert_eq!(members, found, "one after another, and by the index");
        compared.clauses(engine, &oracle, &record, &request, number);
    }
    compared
}

/// What explains a definition, if it is a segment.
fn explainer<'e, P: Held>(engine: &'e Engine<P>, definition: &Definition) -> Option<SegmentExplainer<'e, P>> {
    let segment = (definition.kind == DefinitionKind::Segment).then(|| engine.segment(&definition.name))?;
    let explainer = segment.and_then(|id| engine.explainer(id));
    Some(explainer.expect("a segment of the rules"))
}

impl Compared {
    /// The only clause of each action that has one: whether it removed the action.
    fn clauses<P: Held>(
        &mut self,
        engine: &Engine<P>,
        oracle: &Oracle<'_>,
        record: &P,
        request: &Request,
        situation: usize,
    ) {
        // Rules without a channel have no actions either.
        let Ok(asked) = request.clone().channel("email") else { return };
        let explanation = engine.explain(record, &asked);
        for program in &engine.rules().programs {
            for (campaign, action) in program.campaigns.iter().flat_map(|c| c.actions.iter().map(move |a| (c, a))) {
                let [clause] = &action.clauses[..] else { continue };
                let path = format!("{}.{}.{}", program.name, campaign.name, action.name);
                let candidate = explanation.slots[0].candidates.iter().find(|candidate| candidate.action == path);
                let held = candidate.expect("a candidate").left != Some(Stage::Applicable);
                let truth = oracle.truth(&clause.when, oracle.scope(None));
                self.clauses += 1;
                if held != (truth == Truth::True) {
                    let (engine, oracle) = (held.to_string(), format!("{truth:?}"));
                    let definition = program.name.clone();
                    self.disagreements.push(Disagreement { definition, asked: "explain", engine, oracle, situation });
                }
            }
        }
    }
}

/// What the engine says of every segment, in the order of their definition.
pub fn truths(subject: &Subject, situation: &Situation) -> Vec<String> {
    let Subject { engine, .. } = subject;
    let (record, request) = subject.asked(situation);
    let mut evaluator = engine.evaluator();
    let segment = |definition: &&Definition| definition.kind == DefinitionKind::Segment;
    let truth = |definition: &Definition| {
        let id = engine.segment(&definition.name).expect("a segment of the rules");
        let is_in = evaluator.is_in(&record, &request, id).expect("a segment of this engine");
        format!("{is_in} {}", explained(engine, &record, &request, id))
    };
    subject.rules().definitions.iter().filter(segment).map(truth).collect()
}

/// The truth that the explanation of a membership arrives at.
fn explained(engine: &Engine<Record>, record: &Record, request: &Request, segment: SegmentId) -> String {
    let trace = engine.explain_segment(record, request, segment).expect("a segment of this engine");
    format!("{:?}", trace.truth)
}

/// Two zeros are one number.
fn written(value: Option<Value>) -> String {
    match value {
        Some(Value::Number(0.0)) => format!("{:?}", Some(Value::Number(0.0))),
        Some(Value::Percent(0.0)) => format!("{:?}", Some(Value::Percent(0.0))),
        value => format!("{value:?}"),
    }
}

/// The record of a customer.
pub fn record(schema: &RecordSchema, rules: &Rules, customer: &Customer) -> Record {
    let mut record = schema.record();
    for (name, value) in to_values(&rules.shape.attributes, &customer.attributes) {
        record.set(&name, value).expect("a value of the attribute's type");
    }
    for (name, at) in &customer.as_of {
        record.set_as_of(name, *at).expect("an attribute with a provenance");
    }
    for kind in &rules.shape.events {
        if let Some(items) = customer.items.get(&kind.name).filter(|_| kind.timeless) {
            let item = |row: &Row| Value::Map(to_values(&kind.properties, &row.properties).into_iter().collect());
            record.set(&kind.name, items.iter().map(item).collect::<Vec<_>>()).expect("a list of items");
        }
        let Some(history) = customer.histories.get(&kind.name) else { continue };
        if kind.name == CONTACT {
            add_contacts(&mut record, history, |record, contact| _ = record.add_contact(contact).expect("contacts"));
            if let Some(since) = history.complete_since {
                record.contacts_complete_since(since).expect("records hold contacts");
            }
            continue;
        }
        for row in &history.rows {
            let properties = to_values(&kind.properties, &row.properties);
            let properties = properties.iter().map(|(name, value)| (name.as_str(), value.clone()));
            record.add_event_with_sequence(&kind.name, row.at, row.sequence, properties).expect("an event");
        }
        if let Some(since) = history.complete_since {
            record.complete_since(&kind.name, since).expect("a kind of event");
        }
    }
    for sharing in Sharing::ALL {
        if let Some(history) = customer.histories.get(sharing.word()) {
            add_contacts(&mut record, history, |record, contact| {
                record.add_shared_contact(sharing, contact).expect("records hold contacts of others");
            });
        }
    }
    if let Some(lists) = &customer.lists {
        record.set_lists(lists.iter().map(String::as_str)).expect("lists that are declared");
    }
    for consent in &customer.consents {
        record.add_consent(consent.clone()).expect("records hold consents");
    }
    record
}

fn add_contacts(record: &mut Record, history: &History, add: impl Fn(&mut Record, Contact)) {
    for row in &history.rows {
        let text = |name: &str| match row.properties.get(name) {
            Some(Val::Text(text)) => text.clone(),
            other => panic!("a contact's {name} is {other:?}"),
        };
        let index = |name: &str| match row.properties.get(name) {
            Some(Val::Category(index)) => *index,
            other => panic!("a contact's {name} is {other:?}"),
        };
        let (outcome, kind) = (Outcome::ALL[index("outcome")], KINDS[index("kind")]);
        let variant = row.properties.contains_key("arm").then(|| Variant::new(text("experiment"), text("arm")));
        let (id, action, channel) = (text("id"), text("action"), text("channel"));
        let contact = Contact { id, at: row.at, outcome, action, kind, channel, variant };
        add(record, contact);
    }
}

const KINDS: [ContactKind; 3] = [ContactKind::Offer, ContactKind::Message, ContactKind::Service];

/// The values of declared attributes; others are left out.
pub fn to_values(attributes: &[Attribute], values: &Values) -> Vec<(String, Value)> {
    let of = |attribute: &Attribute| {
        let value = to_value(&attribute.ty, values.get(&attribute.name)?.clone())?;
        Some((attribute.name.clone(), value))
    };
    attributes.iter().filter_map(of).collect()
}

/// A value as a host gives it.
pub fn to_value(ty: &Type, value: Val) -> Option<Value> {
    Some(match (value, ty) {
        (Val::Bool(value), _) => Value::Bool(value),
        (Val::Int(value), _) => Value::Int(value),
        (Val::Number(value), Type::Percent) => Value::Percent(value),
        (Val::Number(metres), Type::Distance) => Value::Distance(metres),
        (Val::Number(value), _) => Value::Number(value),
        (Val::Money(minor), Type::Money(currency)) => Value::Money(Money::new(minor, *currency)),
        (Val::Money(minor), _) => Value::Money(Money::new(minor, Currency::named("EUR")?)),
        (Val::Text(name), Type::Zone) => Value::Zone(nextbest::Zone::named(&name)?),
        (Val::Text(text) | Val::Version(text), _) => Value::Text(text),
        (Val::Time(time), _) => Value::Time(time),
        (Val::Point(point), _) => Value::Point(point),
        (Val::Texts(texts), _) => Value::Texts(texts),
        (Val::List(list), Type::List(item)) => {
            Value::List(list.into_iter().filter_map(|held| to_value(item, held)).collect())
        }
        (Val::Map(map), Type::Map(item)) => {
            Value::Map(map.into_iter().filter_map(|(key, held)| Some((key, to_value(item, held)?))).collect())
        }
        (Val::List(_) | Val::Map(_), _) => return None,
        (Val::Category(index), Type::Enum(names)) => Value::Text(names.get(index)?.clone()),
        (Val::Date(date), _) => Value::Date(date),
        (Val::Instant(instant), _) => Value::Instant(instant),
        (Val::Category(_) | Val::Period(_) | Val::AtLeast(_), _) => return None,
    })
}
