//! The moment and the context of a question.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::Population;
use super::inputs::{Input, Inputs};
use crate::check::tree::{Rules, Showplace};
use crate::diagnostic::nearest;
use crate::leaf::Held;
use crate::leaf::standing::Ranking;
use crate::schema::{Attribute, Cell, Currency, Money, RecordError, Value};
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

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The rules declare no such channel.
    #[error("there is no channel `{name}`{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownChannel {
        /// The name given.
        name: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// The channel has no such slot.
    #[error("the channel `{channel}` has no slot `{name}`{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownSlot {
        /// The channel.
        channel: String,
        /// The name given.
        name: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// No program, campaign, action or experiment has this path.
    #[error("nothing has the path `{name}`{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownPath {
        /// The path given.
        name: String,
        /// One that was probably meant.
        nearest: Option<String>,
    },
    /// The experiment has no such arm.
    #[error("the experiment `{experiment}` has no arm `{arm}`")]
    UnknownArm {
        /// The experiment.
        experiment: String,
        /// The arm given.
        arm: String,
    },
    /// There cannot be more successes than contacts, and only a propensity with `trust` takes evidence.
    #[error(
        "{positives} successes of {contacts} contacts are no evidence for `{path}`: there can be no more successes than contacts, and its propensity needs `trust … contacts`"
    )]
    Evidence {
        /// The action.
        path: String,
        /// Successes.
        positives: u64,
        /// Contacts.
        contacts: u64,
    },
    /// A budget is of another currency than the ruleset, or the ruleset has none.
    #[error("a budget is in the currency of the ruleset, {}, and not in {given}", ours.map_or("which it does not have", |ours| ours.code()))]
    Currency {
        /// That of the budget.
        given: Currency,
        /// That of the ruleset.
        ours: Option<Currency>,
    },
    /// The context has no such value, or not of this type.
    #[error(transparent)]
    Context(#[from] RecordError),
}

impl Request {
    pub(super) fn new(rules: Arc<Rules>, now: Instant) -> Self {
        let resolved = Resolved { context: vec![None; rules.context.len()], ..Resolved::default() };
        Request {
            now,
            rules,
            resolved,
            channels: Vec::new(),
            context: Vec::new(),
            inputs: Vec::new(),
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

    #[cold]
    fn resolve_anew(&self, rules: &Rules) -> Resolved {
        let mut resolved = Resolved {
            places: Vec::new(),
            inputs: Inputs {
                undrawn: self.resolved.inputs.undrawn,
                seed: self.resolved.inputs.seed.clone(),
                digested: self.resolved.inputs.digested,
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
    let held = Cell::of(attribute, value)?.and_then(|cell| match cell {
        Cell::Word(word) => Some(Held::Word(word)),
        Cell::Float(float) => Some(Held::Float(float)),
        Cell::Text(text) => Some(Held::Text(text)),
        Cell::Zone(_) | Cell::List(_) | Cell::Words(_) | Cell::Map(_) => None,
    });
    Ok((index, held))
}
