//! Trying what is not known to be best: the order of each tier is drawn, and how likely each choice was is told.
//!
//! A tier is what has passed all that comes before the ranking, so the draw changes who comes first and nothing else. What a slot
//! shows is the first in the drawn order that the policy lets through: its probability is that of coming before all others
//! of its tier that the policy would let through as well.

use super::decision::Factors;
use super::draw::Stream;
use super::pipeline::Pipeline;
use super::rank::{Ranked, computed};
use crate::check::tree::Exploration;

/// How likely each of some candidates was to be chosen, by their numbers.
pub(crate) type Chances = Vec<(usize, f64)>;

impl<'c, P: Send + Sync + 'static> Pipeline<'c, P> {
    /// What the slot draws by. Nobody is drawn for anything without an id.
    fn exploration(&self) -> Option<Exploration> {
        let explore = self.inner.rules.explore.filter(|_| !self.inputs.undrawn)?;
        self.drawn_by(None).map(|_| explore.how)
    }

    /// A bucket of the customer's in this slot: of an action, or without one of the slot itself.
    fn drawn_by(&self, action: Option<&str>) -> Option<u64> {
        let now;
        let seed = match &self.inputs.seed {
            Some(seed) => seed,
            None => {
                now = self.cx.moment.now.millis().to_string();
                &now
            }
        };
        // One slot's draw says nothing of another's.
        let slot = self.turn.to_string();
        match action {
            Some(path) => self.bucket(&["explore", seed, &slot, path]),
            None => self.bucket(&["explore", seed, &slot]),
        }
    }

    fn stream(&self, ranked: &Ranked<'c, P>) -> Stream {
        let path = self.path(ranked.candidate);
        Stream::new(self.drawn_by(Some(&path)).unwrap_or_default())
    }

    /// Draws the order of each tier of a ranking. Service is not weighed, and keeps its place.
    pub(super) fn explore(&self, ranking: Vec<Ranked<'c, P>>) -> Vec<Ranked<'c, P>> {
        let Some(how) = self.exploration() else { return ranking };
        if let Exploration::Epsilon { share, .. } = how
            && !self.drawn_by(None).is_some_and(|bucket| share.holds(bucket))
        {
            return ranking;
        }
        let mut drawn: Vec<(f64, Ranked<'c, P>)> =
            ranking.into_iter().map(|ranked| (self.key(&ranked, how), ranked)).collect();
        // Of equal ones the better comes first: the sort is stable.
        drawn.sort_by(|(a, left), (b, right)| left.tier.cmp(&right.tier).then_with(|| b.total_cmp(a)));
        drawn.into_iter().map(|(_, ranked)| ranked).collect()
    }

    /// What a candidate is put in order by, the greatest first.
    fn key(&self, ranked: &Ranked<'c, P>, how: Exploration) -> f64 {
        let Some(factors) = &ranked.factors else { return 0.0 };
        let mut stream = self.stream(ranked);
        match how {
            Exploration::Epsilon { .. } => stream.uniform(),
            Exploration::Softmax { temperature } => factors.priority / temperature + stream.gumbel(),
            Exploration::Thompson { .. } => self.supposed(ranked, factors, &mut stream),
        }
    }

    /// The priority with a chance of success as it may be: one that is trusted for n contacts is known by n of them, and by
    /// those there have been.
    fn supposed(&self, ranked: &Ranked<'c, P>, factors: &Factors, stream: &mut Stream) -> f64 {
        let trust = self.action_of(ranked.candidate).and_then(|candidate| candidate.trust);
        let Some(trust) = trust else { return factors.priority };
        let known = f64::from(trust) + factors.evidence.map_or(0.0, |evidence| evidence.contacts as f64);
        let propensity = stream.beta(factors.propensity * known, (1.0 - factors.propensity) * known);
        let priority = computed(&self.inner.rules.priority, &Factors { propensity, ..*factors });
        priority.filter(|priority| priority.is_finite()).unwrap_or(f64::NEG_INFINITY)
    }

    /// How likely each of those who could be shown comes first; `None` where nothing is left to chance.
    pub(super) fn chances(&self, mut among: Vec<&Ranked<'c, P>>) -> Option<Chances> {
        let how = self.exploration()?;
        if among.iter().any(|ranked| ranked.factors.is_none()) {
            return None;
        }
        if let [only] = among.as_slice() {
            return Some(vec![(only.candidate, 1.0)]);
        }
        // Whatever was drawn, the same numbers in the same order.
        among.sort_by(|a, b| a.order(b));
        let chances = match how {
            Exploration::Epsilon { chance, .. } => epsilon(chance, among.len()),
            Exploration::Softmax { temperature } => softmax(&among, temperature),
            Exploration::Thompson { draws } => self.estimated(&among, draws),
        };
        Some(among.iter().map(|ranked| ranked.candidate).zip(chances).collect())
    }

    /// How likely a candidate, and each of those behind it that could be shown instead, is to be chosen.
    pub(super) fn chances_of(&self, first: &Ranked<'c, P>, from: &[Ranked<'c, P>], channel: usize) -> Chances {
        if self.exploration().is_none() {
            return Vec::new();
        }
        let could = |ranked: &&Ranked<'c, P>| {
            let candidate = self.action_of(ranked.candidate);
            ranked.tier == first.tier
                && candidate.is_some_and(|c| self.held_back(c, channel).is_ok() && !self.in_control(c))
        };
        let behind = from.iter().filter(|ranked| ranked.candidate != first.candidate).filter(could);
        self.chances(std::iter::once(first).chain(behind).collect()).unwrap_or_default()
    }

    /// In what share of the draws each comes first: the first draw is the one that decides, so that no choice has none.
    fn estimated(&self, among: &[&Ranked<'c, P>], draws: u32) -> Vec<f64> {
        let mut streams: Vec<Stream> = among.iter().map(|ranked| self.stream(ranked)).collect();
        let mut first = vec![0_u32; among.len()];
        for _ in 0..draws {
            let mut best: Option<(f64, &mut u32)> = None;
            for ((ranked, stream), count) in among.iter().zip(&mut streams).zip(&mut first) {
                let priority = ranked.factors.as_ref().map_or(0.0, |factors| self.supposed(ranked, factors, stream));
                if best.as_ref().is_none_or(|(before, _)| *before < priority) {
                    best = Some((priority, count));
                }
            }
            if let Some((_, count)) = best {
                *count = count.saturating_add(1);
            }
        }
        first.into_iter().map(|count| f64::from(count) / f64::from(draws)).collect()
    }

    /// How many draws a probability is estimated by; `None` where it is exact.
    pub(super) fn draws(&self) -> Option<u32> {
        match self.exploration()? {
            Exploration::Thompson { draws } => Some(draws),
            _ => None,
        }
    }
}

/// All alike once in a while, else the best.
fn epsilon(chance: f64, among: usize) -> Vec<f64> {
    let each = chance / among as f64;
    (0..among).map(|place| if place == 0 { 1.0 - chance + each } else { each }).collect()
}

/// By the exponential of the priority; what is less than the best by far has next to none, and nothing overflows.
fn softmax<P>(among: &[&Ranked<'_, P>], temperature: f64) -> Vec<f64> {
    let priority = |ranked: &&Ranked<'_, P>| ranked.factors.map_or(0.0, |factors| factors.priority);
    let best = among.iter().map(priority).fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = among.iter().map(|ranked| libm::exp((priority(ranked) - best) / temperature)).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}
