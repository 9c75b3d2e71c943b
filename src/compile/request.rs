//! The moment and the context of a question.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::inputs::{Input, Inputs};
use super::rows::{Rows, Written};
use super::{Population, RequestError};
use crate::check::tree::{Rules, Showplace};
use crate::diagnostic::nearest;
use crate::leaf::Held;
use crate::leaf::standing::Ranking;
use crate::schema::{Attribute, Cell, Money, RecordError, Value};
use crate::time::Instant;

/// When, where and in what context a question is asked. Made by [`Engine::request`](super::Engine::request) and reused for
/// as many customers as the moment lasts.
///
/// A request also serves an engine of another revision of the rules, one swapped in meanwhile, say: its names are then
/// resolved again, and what that engine does not know is left out.
#[derive(Debug, Clone)]
pub struct Request {
    now: Instant,
    rules: Arc<Rules>,
    resolved: Resolved,
    channels: Vec<String>,
    context: Vec<(String, Value)>,
    inputs: Vec<Input>,
    /// Rows by catalog, as they were given.
    rows: Vec<(String, Arc<Vec<Written>>)>,
    population: Option<Population>,
}

/// A request's names as numbers of one ruleset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resolved {
    /// Places to fill, in the order asked for.
    pub places: Vec<Showplace>,
    pub context: Vec<Option<Held>>,
    /// What is said about actions.
    pub inputs: Inputs,
    /// What the population says to each question of the rules.
    pub rankings: Vec<Option<Arc<Ranking>>>,
}

impl Request {
    pub(super) fn new(rules: Arc<Rules>, now: Instant) -> Self {
        let inputs = Inputs { rows: Arc::new(Rows::none(&rules)), ..Inputs::default() };
        let resolved = Resolved { context: vec![None; rules.context.len()], inputs, ..Resolved::default() };
        Request {
            now,
            rules,
            resolved,
            channels: Vec::new(),
            context: Vec::new(),
            inputs: Vec::new(),
            rows: Vec::new(),
            population: None,
        }
    }

    /// Adds a channel on which something may be shown or sent, or one slot of it (`web.hero`); the first one named is
    /// preferred. A channel with slots stands for all of them, in their order.
    ///
    /// # Errors
    /// [`RequestError::UnknownChannel`], [`RequestError::UnknownSlot`].
    pub fn channel(mut self, name: &str) -> Result<Self, RequestError> {
        for place in places(&self.rules, name)? {
            if !self.resolved.places.contains(&place) {
                self.resolved.places.push(place);
            }
        }
        self.channels.push(name.to_owned());
        Ok(self)
    }

    /// Gives a value of the context.
    ///
    /// # Errors
    /// [`RequestError::Context`] for a name that the rules do not declare, or a value of another type.
    pub fn context(mut self, name: &str, value: impl Into<Value>) -> Result<Self, RequestError> {
        let value = value.into();
        let (index, held) = held(&self.rules, name, value.clone())?;
        if let Some(place) = self.resolved.context.get_mut(index) {
            *place = held;
        }
        self.context.push((name.to_owned(), value));
        Ok(self)
    }

    /// Gives the rows of a catalog, each of them values by the names of its columns, instead of those it had. An action that is
    /// made of rows is a candidate for each that its `where` lets pass, by the name `program.campaign.action[id]`; without rows it
    /// is none. The order of the rows means nothing.
    ///
    /// ```
    /// # use nextbest::{Currency, Instant, Money, Ruleset, Value};
    /// # let rules = Ruleset::parse(&[("a.nba", r#"
    /// ruleset shop { currency EUR }
    /// profile { id id }
    /// catalog products { sku id  price money EUR  stock int }
    /// channel web inbound
    /// program p { campaign c for everyone every {
    ///   offer pick for product in products where product.stock > 0 limit 50 {
    ///     value product.price   propensity 4%   treat web "pick" with { sku: product.sku }
    ///   }
    /// } }
    /// # "#)])?;
    /// # let (engine, schema) = (rules.bind_records()?, rules.record_schema()?);
    /// # let customer = schema.record();
    /// # let euros = |amount: i64| Value::from(Money::new(amount * 100, Currency::named("EUR").unwrap()));
    /// let request = engine.request(Instant::from_millis(0)).channel("web")?.rows("products", [
    ///     [("sku", Value::from("boots")), ("price", euros(60)), ("stock", Value::from(3))],
    ///     [("sku", Value::from("skis")), ("price", euros(300)), ("stock", Value::from(0))],
    /// ])?;
    /// let decision = engine.decide(&customer, &request);
    /// assert_eq!(decision.action().map(|chosen| &*chosen.action), Some("p.c.pick[boots]"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`RequestError::UnknownCatalog`], [`RequestError::Row`], [`RequestError::MissingColumn`], [`RequestError::DuplicateRow`];
    /// [`RequestError::TooManyRows`] where an action would be made of more rows than its limit.
    pub fn rows<R, K, V>(self, catalog: &str, rows: impl IntoIterator<Item = R>) -> Result<Self, RequestError>
    where
        R: IntoIterator<Item = (K, V)>,
        K: Into<String>,
        V: Into<Value>,
    {
        let written = rows.into_iter().map(|row| {
            let row = row.into_iter().map(|(name, value)| (name.into(), value.into()));
            row.collect::<Written>()
        });
        self.written(catalog, written.collect())
    }

    /// The same from a JSON array of objects, whose values are written as those of
    /// [customers](crate::RecordSchema::record_from_json) are.
    ///
    /// # Errors
    /// [`RequestError::Json`] for what cannot be read, all of it at once; else as [`rows`](Self::rows).
    #[cfg(feature = "json")]
    #[cfg_attr(docsrs, doc(cfg(feature = "json")))]
    pub fn rows_from_json(self, catalog: &str, text: &str) -> Result<Self, RequestError> {
        let columns = self.rules.catalogs.iter().find(|known| known.name == catalog);
        let attributes = columns.map(|known| known.columns.clone()).unwrap_or_default();
        let schema = crate::schema::RecordSchema::new(crate::schema::Shape { attributes, ..Default::default() });
        let read = schema.records_from_json_array(text);
        // A catalog that is not declared is told before anything of its rows.
        let records = match read {
            Err(errors) if columns.is_some() => {
                return Err(RequestError::Json { catalog: catalog.to_owned(), errors });
            }
            read => read.unwrap_or_default(),
        };
        let names = || schema.shape().attributes.iter().map(|column| column.name.as_str());
        let row = |record: &crate::schema::Record| -> Written {
            names().filter_map(|name| Some((name.to_owned(), record.get(name)?))).collect()
        };
        let written = records.iter().map(row).collect();
        self.written(catalog, written)
    }

    fn written(mut self, catalog: &str, rows: Vec<Written>) -> Result<Self, RequestError> {
        let all = self.resolved.inputs.rows.with(&self.rules, catalog, &rows)?;
        self.resolved.inputs.rows = Arc::new(all);
        self.rows.retain(|(known, _)| known != catalog);
        self.rows.push((catalog.to_owned(), Arc::new(rows)));
        Ok(self)
    }

    /// Stops a program, a campaign or an action, by its path: the kill switch.
    ///
    /// # Errors
    /// [`RequestError::UnknownPath`].
    pub fn halt(self, path: &str) -> Result<Self, RequestError> {
        self.input(Input::Halt(path.to_owned()))
    }

    /// Stops a channel: what is unsubscribed from for good, or has an address that is not valid. Service does not pass it either.
    ///
    /// # Errors
    /// [`RequestError::UnknownChannel`].
    pub fn block_channel(self, name: &str) -> Result<Self, RequestError> {
        self.input(Input::Block(name.to_owned()))
    }

    /// Says how many more times an action, or all of a campaign or program together, can be chosen.
    ///
    /// # Errors
    /// [`RequestError::UnknownPath`].
    pub fn stock(self, path: &str, remaining: u64) -> Result<Self, RequestError> {
        self.input(Input::Stock(path.to_owned(), remaining))
    }

    /// Says how much an action, or all of a campaign or program together, may still cost: what is chosen takes its cost and that of
    /// its channel. One whose cost is missing is not chosen.
    ///
    /// # Errors
    /// [`RequestError::UnknownPath`]; [`RequestError::Currency`] for money that is not of the ruleset's currency.
    pub fn budget(self, path: &str, remaining: Money) -> Result<Self, RequestError> {
        let ours = self.rules.currency;
        if ours != Some(remaining.currency) {
            return Err(RequestError::Currency { given: remaining.currency, ours });
        }
        self.input(Input::Budget(path.to_owned(), u64::try_from(remaining.minor).unwrap_or(0)))
    }

    /// Says how an action has done: its propensity is then (trust · start + positives) / (trust + contacts).
    ///
    /// # Errors
    /// [`RequestError::UnknownPath`]; [`RequestError::Evidence`] for more successes than contacts, or an action whose propensity
    /// is not to be trusted for a number of contacts.
    pub fn evidence(self, path: &str, positives: u64, contacts: u64) -> Result<Self, RequestError> {
        self.input(Input::Evidence { path: path.to_owned(), positives, contacts })
    }

    /// Keeps customers in an arm of an experiment, `program.campaign.action.experiment`, whatever its shares are now. Who has been
    /// shown another one first, as their contacts say, stays in that one.
    ///
    /// # Errors
    /// [`RequestError::UnknownPath`], [`RequestError::UnknownArm`].
    pub fn assigned(self, experiment: &str, arm: &str) -> Result<Self, RequestError> {
        self.input(Input::Assigned { experiment: experiment.to_owned(), arm: arm.to_owned() })
    }

    /// What `explore` draws by, beside the customer's id and the action: the id of a session or a decision, say. Without one it is the
    /// moment, so that each moment draws anew; with the same one, the same customer is shown the same again.
    #[must_use]
    pub fn seed(mut self, seed: impl Into<String>) -> Self {
        self.resolved.inputs.seed = Some(seed.into());
        self
    }

    /// Draws nobody for anything: no holdout, no control group, the first arm of each experiment, and no exploration. For
    /// previews and tests.
    #[must_use]
    pub fn undrawn(mut self) -> Self {
        self.resolved.inputs.undrawn = true;
        self
    }

    /// Makes decisions carry a digest of what they were made of, see [`Engine::digest`](super::Engine::digest).
    #[must_use]
    pub fn digested(mut self) -> Self {
        self.resolved.inputs.digested = true;
        self
    }

    /// The same without what is halted or blocked.
    pub(crate) fn released(self) -> Self {
        self.without(|input| matches!(input, Input::Halt(_) | Input::Block(_)))
    }

    /// The same with no end of anything.
    pub(crate) fn restocked(self) -> Self {
        self.without(|input| matches!(input, Input::Stock(..) | Input::Budget(..)))
    }

    fn without(mut self, gone: impl Fn(&Input) -> bool) -> Self {
        self.inputs.retain(|input| !gone(input));
        let rules = Arc::clone(&self.rules);
        self.resolved = self.resolve_anew(&rules);
        self
    }

    fn input(mut self, input: Input) -> Result<Self, RequestError> {
        self.resolved.inputs.add(&self.rules, &input)?;
        self.inputs.push(input);
        Ok(self)
    }

    /// Gives the population that customers are held against by `quantile(…)`, `top 10% by …` and the like. Without one,
    /// these are missing; so is what a population of other rules does not know, since it was not asked.
    #[must_use]
    pub fn population(mut self, population: &Population) -> Self {
        self.resolved.rankings = population.rankings(&self.rules);
        self.resolved.inputs.ranked = OnceLock::new();
        self.population = Some(population.clone());
        self
    }

    /// The same request at another moment.
    #[must_use]
    pub fn at(mut self, now: Instant) -> Self {
        self.now = now;
        self
    }

    /// The moment.
    #[inline]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The population, where there is one.
    pub(crate) fn asked_population(&self) -> Option<&Population> {
        self.population.as_ref()
    }

    /// The numbers of the request's names in the rules of an engine.
    #[inline]
    pub(crate) fn resolve(&self, rules: &Arc<Rules>) -> Cow<'_, Resolved> {
        if Arc::ptr_eq(rules, &self.rules) {
            Cow::Borrowed(&self.resolved)
        } else {
            Cow::Owned(self.resolve_anew(rules))
        }
    }

    /// The rows in other rules; of a catalog that these do not know as it was given, none.
    fn rows_of(&self, rules: &Rules) -> Rows {
        if std::ptr::eq(rules, &*self.rules) {
            return Rows::clone(&self.resolved.inputs.rows);
        }
        self.rows
            .iter()
            .fold(Rows::none(rules), |rows, (catalog, written)| rows.with(rules, catalog, written).unwrap_or(rows))
    }

    #[cold]
    fn resolve_anew(&self, rules: &Rules) -> Resolved {
        let mut resolved = Resolved {
            places: Vec::new(),
            inputs: Inputs {
                undrawn: self.resolved.inputs.undrawn,
                seed: self.resolved.inputs.seed.clone(),
                digested: self.resolved.inputs.digested,
                rows: Arc::new(self.rows_of(rules)),
                ..Inputs::default()
            },
            rankings: self.population.as_ref().map_or(Vec::new(), |population| population.rankings(rules)),
            context: vec![None; rules.context.len()],
        };
        // What these rules do not know is left out.
        for input in &self.inputs {
            let _ = resolved.inputs.add(rules, input);
        }
        for place in self.channels.iter().filter_map(|name| places(rules, name).ok()).flatten() {
            if !resolved.places.contains(&place) {
                resolved.places.push(place);
            }
        }
        for (name, value) in &self.context {
            if let Ok((index, held)) = held(rules, name, value.clone())
                && let Some(place) = resolved.context.get_mut(index)
            {
                *place = held;
            }
        }
        resolved
    }
}

/// The places that `web` or `web.hero` stands for.
fn places(rules: &Rules, name: &str) -> Result<Vec<Showplace>, RequestError> {
    let (channel, slot) = name.split_once('.').map_or((name, None), |(channel, slot)| (channel, Some(slot)));
    let found = rules.channels.iter().enumerate().find(|(_, known)| known.name == channel);
    let Some((index, declared)) = found else {
        let nearest = nearest(channel, rules.channels.iter().map(|channel| channel.name.as_str()));
        return Err(RequestError::UnknownChannel { name: channel.to_owned(), nearest: nearest.map(str::to_owned) });
    };
    let place = |slot| Showplace { channel: index, slot };
    match slot {
        None if declared.slots.is_empty() => Ok(vec![place(None)]),
        None => Ok((0..declared.slots.len()).map(|slot| place(Some(slot))).collect()),
        Some(name) => match declared.slots.iter().position(|slot| slot.name == name) {
            Some(slot) => Ok(vec![place(Some(slot))]),
            None => {
                let nearest = nearest(name, declared.slots.iter().map(|slot| slot.name.as_str()));
                let (channel, nearest) = (channel.to_owned(), nearest.map(str::to_owned));
                Err(RequestError::UnknownSlot { channel, name: name.to_owned(), nearest })
            }
        },
    }
}

fn held(rules: &Rules, name: &str, value: Value) -> Result<(usize, Option<Held>), RecordError> {
    let found = rules.context.iter().enumerate().find(|(_, attribute)| attribute.name == name);
    let Some((index, attribute)) = found else {
        let nearest = nearest(name, rules.context.iter().map(|attribute: &Attribute| attribute.name.as_str()));
        return Err(RecordError::UnknownName {
            what: "context value",
            name: name.to_owned(),
            nearest: nearest.map(str::to_owned),
        });
    };
    Ok((index, Cell::of(attribute, value)?.and_then(held_of)))
}

/// A single value, as requests hold it.
pub(super) fn held_of(cell: Cell) -> Option<Held> {
    match cell {
        Cell::Word(word) => Some(Held::Word(word)),
        Cell::Float(float) => Some(Held::Float(float)),
        Cell::Text(text) => Some(Held::Text(text)),
        Cell::Zone(_) | Cell::List(_) | Cell::Words(_) | Cell::Map(_) => None,
    }
}
