//! Sorted values → what answers a question about them. `n` is how many there are.

use crate::check::tree::Measure;
use crate::leaf::standing::{RankId, Ranking, float_of, key_of};

/// The values of all customers who have one.
#[derive(Default)]
pub(super) struct Values {
    pub keys: Vec<i64>,
    /// With the customers' ids, where ties are broken by them.
    pub ids: Vec<(i64, RankId)>,
}

impl Values {
    pub fn sort(&mut self) {
        self.keys.sort_unstable();
        self.ids.sort_unstable();
    }

    /// What answers a question; `None` about no one.
    pub fn ranking(&self, measure: Measure, float: bool) -> Option<Ranking> {
        if self.keys.is_empty() {
            return None;
        }
        match measure {
            Measure::Quantile { parts, descending } => self.quantile(parts, descending, float),
            Measure::CumeDist { parts, descending } => self.cume_dist(parts, descending),
            Measure::Ntile { parts, descending } => self.ntile(parts, descending),
            Measure::Percentile => Some(Ranking::Share { sorted: self.keys.as_slice().into() }),
            Measure::Top { numerator, denominator } => {
                let inside = self.share(numerator, denominator)?;
                Some(Ranking::Cut { at: self.at(self.keys.len().checked_sub(inside)?)?, below: false })
            }
            Measure::Bottom { numerator, denominator } => {
                let inside = self.share(numerator, denominator)?;
                Some(Ranking::Cut { at: self.at(inside.checked_sub(1)?)?, below: true })
            }
        }
    }

    fn at(&self, place: usize) -> Option<i64> {
        self.keys.get(place).copied()
    }

    /// So many are fewer than the share, and one more: the least number that is not below it.
    fn share(&self, numerator: i64, denominator: i64) -> Option<usize> {
        let n = i128::try_from(self.keys.len()).ok()?;
        let (whole, denominator) = (n * i128::from(numerator), i128::from(denominator));
        usize::try_from(whole.div_euclid(denominator) + i128::from(whole.rem_euclid(denominator) > 0)).ok()
    }

    /// Edge i is the value at place (n − 1)·i/parts, counted from 0, linearly interpolated between its neighbours.
    fn quantile(&self, parts: u32, descending: bool, float: bool) -> Option<Ranking> {
        let last = (self.keys.len() as u128).checked_sub(1)?;
        let (mut keys, mut rests) = (Vec::new(), Vec::new());
        for i in 1..parts {
            let place = last * u128::from(i);
            let (low, rest) = (usize::try_from(place / u128::from(parts)).ok()?, (place % u128::from(parts)) as u32);
            let a = self.at(low)?;
            let b = if rest == 0 { a } else { self.at(low + 1)? };
            let (key, rest) = if float { (between(a, b, rest, parts), 0) } else { edge(a, b, rest, parts)? };
            keys.push(key);
            rests.push(rest);
        }
        Some(Ranking::Edges { keys: keys.into(), rests: rests.into(), parts, inclusive: false, descending })
    }

    /// A score is above i from the first place on that more than i/parts of all come up to.
    fn cume_dist(&self, parts: u32, descending: bool) -> Option<Ranking> {
        let n = self.keys.len();
        let mut keys = Vec::new();
        for i in 1..parts {
            let place = usize::try_from(n as u128 * u128::from(i) / u128::from(parts)).ok()?;
            keys.push(self.at(if descending { n.checked_sub(1 + place)? } else { place })?);
        }
        if descending {
            keys.reverse();
        }
        let rests = vec![0; keys.len()].into();
        Some(Ranking::Edges { keys: keys.into(), rests, parts, inclusive: !descending, descending })
    }

    fn ntile(&self, parts: u32, descending: bool) -> Option<Ranking> {
        let mut all: Vec<&(i64, RankId)> = self.ids.iter().collect();
        if descending {
            all.sort_by(|(a, id), (b, other)| b.cmp(a).then_with(|| id.cmp(other)));
        }
        let parts = usize::try_from(parts).ok()?;
        let (size, larger) = (all.len().checked_div(parts)?, all.len().checked_rem(parts)?);
        let starts = (1..parts).map(|pile| pile * size + pile.min(larger));
        let starts: Vec<(i64, RankId)> =
            starts.filter_map(|start| all.get(start).map(|&first| first.clone())).collect();
        (!all.is_empty()).then(|| Ranking::Piles { starts: starts.into(), descending })
    }
}

/// `a` + (`b` − `a`)·`rest`/`parts`, exactly: the greatest whole number up to it, which whole numbers are above just where
/// they are above the edge, and how many `parts`ths it lies above that.
fn edge(a: i64, b: i64, rest: u32, parts: u32) -> Option<(i64, u32)> {
    let past = (i128::from(b) - i128::from(a)) * i128::from(rest);
    let parts = i128::from(parts);
    let whole = i64::try_from(i128::from(a) + past.div_euclid(parts)).ok()?;
    Some((whole, u32::try_from(past.rem_euclid(parts)).ok()?))
}

/// The same between floats, never beyond `b`.
fn between(a: i64, b: i64, rest: u32, parts: u32) -> i64 {
    let (a, b) = (float_of(a), float_of(b));
    let (past, width) = (f64::from(rest) / f64::from(parts), b - a);
    let edge = if width.is_finite() { a + width * past } else { a * (1.0 - past) + b * past };
    key_of(edge.min(b))
}
