//! Populations: what the values of many customers come to, so that one customer can be held against them.

mod rank;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::link::Linker;
use super::lowering::Lowering;
use super::{Engine, Request, Revision};
use crate::check::tree::{Measure, Rules};
use crate::leaf::Get;
use crate::leaf::plan::{Class, Value};
use crate::leaf::standing::{RankId, Ranking, float_of};
use crate::time::Instant;
use rank::Values;

/// What a group of customers came to at a moment, as far as rules ask about it: the edges of quantiles, the cuts of `top
/// 10% by …`, the values that a percentile is taken of. Immutable, cheap to clone, and serializable, so that it can be
/// computed once a night and used all day.
///
/// It is made by [`Engine::population`] and given to an evaluation by [`Request::population`]. Rules find their part of it
/// by what they rank by, so it outlives other changes of the rules; what has changed its meaning, or was not asked when
/// the population was computed, is missing.
///
/// Where the formulas come from: `quantile` has the edges of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical
/// Packages" (1996), definition 7, the default of NumPy, R and pandas' `qcut`; `ntile`, `cume_dist` and the percentile
/// are SQL:2003's window functions `NTILE` and `CUME_DIST`. Amounts, whole numbers and points in time are compared with
/// their edges exactly, numbers with decimals by their floats.
///
/// ```
/// # use nextbest::{Instant, Population, Record, Ruleset};
/// let rules = Ruleset::parse(&[("a.nba", "
///     profile { person id  clv money EUR? }
///     score value on quantile(clv, 5) { 3 if = 5, 2 if >= 3, else 1 }
///     segment best when top 10% by clv
/// ")])?;
/// # let (engine, schema) = (rules.bind_records()?, rules.record_schema()?);
/// # let eur = |n: i64| nextbest::Money::new(n * 100, nextbest::Currency::named("EUR").unwrap());
/// # let customers: Vec<Record> = (1..=50).map(|n| {
/// #     let mut record = schema.record();
/// #     record.set("person", format!("p{n}")).unwrap().set("clv", eur(n)).unwrap();
/// #     record
/// # }).collect();
/// let request = engine.request(Instant::from_millis(0));
/// // Who shall not be ranked is left out before: `customers.iter().filter(…)`.
/// let population = engine.population(&customers, &request).named("2026-11-24");
///
/// let request = request.population(&population);
/// let best = engine.segment("best")?;
/// let mut evaluator = engine.evaluator();
/// assert_eq!(customers.iter().filter(|c| evaluator.is_in(c, &request, best) == Ok(true)).count(), 5);
/// println!("{}", engine.explain_segment(&customers[49], &request, best)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Population(Arc<Snapshot>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Snapshot {
    name: String,
    now: Instant,
    revision: Revision,
    customers: u64,
    metrics: Vec<Metric>,
}

/// Something that customers were ranked by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// A hash of what it means: its text, type and zone, and the definitions that it refers to.
    fingerprint: String,
    text: String,
    ranked: u64,
    /// Whether keys are those of floats.
    float: bool,
    answers: Vec<(Measure, Arc<Ranking>)>,
}

/// Something to rank customers by, ready to run.
pub(crate) struct Ranked<P> {
    /// Its key; equal keys are equal values.
    get: Get<P, i64>,
    class: Class,
    /// The numbers of what is asked.
    standings: Vec<usize>,
    /// Whether ties are broken by id.
    by_id: bool,
}

/// The same, lowered.
pub(super) struct RankedPlan {
    value: Value,
    class: Class,
    standings: Vec<usize>,
    by_id: bool,
}

/// Lowers everything that rules rank by, each once.
pub(super) fn lower(lowering: &mut Lowering<'_>, rules: &Rules) -> Vec<RankedPlan> {
    let mut plans: Vec<RankedPlan> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (number, standing) in rules.standings.iter().enumerate() {
        let place = *places.entry(&standing.fingerprint).or_insert(plans.len());
        if place == plans.len() {
            let value = lowering.value(&standing.by, standing.zone);
            plans.push(RankedPlan { value, class: standing.by.ty.class(), standings: Vec::new(), by_id: false });
        }
        if let Some(plan) = plans.get_mut(place) {
            plan.standings.push(number);
            plan.by_id |= matches!(standing.measure, Measure::Ntile { .. });
        }
    }
    plans
}

impl RankedPlan {
    pub fn link<P: 'static>(self, linker: &Linker<'_, P>) -> Ranked<P> {
        let RankedPlan { value, class, standings, by_id } = self;
        Ranked { get: linker.key(&value, class), class, standings, by_id }
    }
}

impl<P: Send + Sync + 'static> Engine<P> {
    /// Ranks customers by everything that the rules rank by, in one pass over them, at the request's moment and in its
    /// context. Their order does not matter. Customers whose value is missing are not ranked by it.
    pub fn population<'c>(&self, customers: impl IntoIterator<Item = &'c P>, request: &Request) -> Population {
        let inner = &*self.0;
        let mut values: Vec<Values> = inner.ranked.iter().map(|_| Values::default()).collect();
        let mut evaluator = self.evaluator();
        let mut within = evaluator.within(request);
        let mut count = 0;
        for customer in customers {
            count += 1;
            let cx = within.of(customer);
            for (ranked, values) in inner.ranked.iter().zip(&mut values) {
                let Some(key) = (ranked.get)(customer, &cx) else { continue };
                values.keys.push(key);
                if ranked.by_id {
                    values.ids.extend(inner.rank_id(customer, &cx).map(|id: RankId| (key, id)));
                }
            }
        }
        let standings = &inner.rules.standings;
        let metrics = inner.ranked.iter().zip(values).filter_map(|(ranked, mut values)| {
            values.sort();
            let float = ranked.class == Class::Float;
            let asked = ranked.standings.iter().filter_map(|&number| standings.get(number));
            let answers = asked.clone().filter_map(|standing| {
                let ranking = values.ranking(standing.measure, float)?;
                Some((standing.measure, Arc::new(ranking)))
            });
            let (first, answers) = (asked.clone().next()?, answers.collect());
            let (fingerprint, text) = (first.fingerprint.clone(), first.text.clone());
            Some(Metric { fingerprint, text, ranked: values.keys.len() as u64, float, answers })
        });
        Population(Arc::new(Snapshot {
            name: String::new(),
            now: request.now(),
            revision: inner.revision,
            customers: count,
            metrics: metrics.collect(),
        }))
    }
}

impl Population {
    /// The same under a name of the host's choice, for explanations and logs.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).name = name.into();
        self
    }

    /// Its name; empty unless given.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The moment at which it was computed.
    pub fn now(&self) -> Instant {
        self.0.now
    }

    /// The rules that it was computed for.
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// How many customers were looked at.
    pub fn customers(&self) -> u64 {
        self.0.customers
    }

    /// What they were ranked by.
    pub fn metrics(&self) -> &[Metric] {
        &self.0.metrics
    }

    /// For each question of the rules the part of the population that answers it.
    pub(super) fn rankings(&self, rules: &Rules) -> Vec<Option<Arc<Ranking>>> {
        let metrics: HashMap<&str, &Metric> = self.0.metrics.iter().map(|m| (m.fingerprint.as_str(), m)).collect();
        let answer = |fingerprint: &str, measure| metrics.get(fingerprint)?.answer(measure).cloned();
        rules.standings.iter().map(|standing| answer(&standing.fingerprint, standing.measure)).collect()
    }

    /// What customers were ranked by under a fingerprint.
    pub(crate) fn metric(&self, fingerprint: &str) -> Option<&Metric> {
        self.0.metrics.iter().find(|metric| metric.fingerprint == fingerprint)
    }
}

impl Metric {
    /// As the rules write it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many customers have a value.
    pub fn ranked(&self) -> u64 {
        self.ranked
    }

    /// What was asked, each with the bounds that answer it: the edges between scores from the least on, or the cut.
    /// Amounts are in minor units, dates in days and moments in milliseconds since 1970. A percentile has no bounds.
    pub fn bounds(&self) -> impl Iterator<Item = (Measure, Vec<f64>)> + '_ {
        self.answers.iter().map(|(measure, ranking)| (*measure, ranking.bounds(self.float)))
    }

    /// The bound of a top or a bottom, as a word of the metric's type.
    pub(crate) fn cut(&self, measure: Measure) -> Option<i64> {
        match **self.answer(measure)? {
            Ranking::Cut { at, .. } => Some(if self.float { float_of(at).to_bits() as i64 } else { at }),
            _ => None,
        }
    }

    fn answer(&self, measure: Measure) -> Option<&Arc<Ranking>> {
        self.answers.iter().find(|(of, _)| *of == measure).map(|(_, ranking)| ranking)
    }
}

/// Without its values, which can be many.
impl fmt::Debug for Population {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Snapshot { name, now, revision, customers, metrics } = &*self.0;
        let metrics: Vec<&str> = metrics.iter().map(Metric::text).collect();
        f.debug_struct("Population")
            .field("name", name)
            .field("now", now)
            .field("revision", revision)
            .field("customers", customers)
            .field("metrics", &metrics)
            .finish()
    }
}
