//! Where a value stands among many: what a population keeps of them, and how it is looked up.
//!
//! Values of every type are held as keys, words with the same order, so that there is one search for all.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::encode::Encoder;

/// What a population keeps to answer one question about it: no more than that needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ranking {
    /// 1 + the edges passed. An edge is passed by what is greater or, if `inclusive`, equal; `descending` counts the edges
    /// that are not passed. `rests` is how many `parts`ths each edge lies above its key.
    Edges { keys: Box<[i64]>, rests: Box<[u32]>, parts: u32, inclusive: bool, descending: bool },
    /// 1 + how many piles begin at the customer or before, in the order of value and id.
    Piles { starts: Box<[(i64, RankId)]>, descending: bool },
    /// The share of these that are not greater.
    Share { sorted: Box<[i64]> },
    /// From here on upward, or (`below`) downward.
    Cut { at: i64, below: bool },
}

/// The id of a customer, by whose own type ties are broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RankId {
    /// Numbers by size.
    Int(i64),
    /// Texts byte by byte.
    Text(Box<str>),
}

/// The id of the customer who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AskedId<'a> {
    Int(i64),
    Text(&'a str),
}

impl AskedId<'_> {
    fn cmp(self, other: &RankId) -> Ordering {
        match (self, other) {
            (AskedId::Int(a), RankId::Int(b)) => a.cmp(b),
            (AskedId::Text(a), RankId::Text(b)) => a.cmp(b),
            // Of another ruleset's population; any fixed order will do.
            (AskedId::Int(_), RankId::Text(_)) => Ordering::Less,
            (AskedId::Text(_), RankId::Int(_)) => Ordering::Greater,
        }
    }

    pub fn owned(self) -> RankId {
        match self {
            AskedId::Int(id) => RankId::Int(id),
            AskedId::Text(id) => RankId::Text(id.into()),
        }
    }
}

impl Ranking {
    /// Writes it for a digest.
    pub(crate) fn encode(&self, to: &mut Encoder) {
        let words = |to: &mut Encoder, words: &[i64]| {
            to.size(words.len());
            words.iter().for_each(|&word| to.word(word));
        };
        match self {
            Ranking::Edges { keys, rests, parts, inclusive, descending } => {
                to.text("edges");
                words(to, keys);
                rests.iter().for_each(|&rest| to.word(rest.into()));
                to.word((*parts).into());
                to.word((*inclusive).into());
                to.word((*descending).into());
            }
            Ranking::Piles { starts, descending } => {
                to.text("piles");
                to.word((*descending).into());
                to.size(starts.len());
                for (key, id) in starts {
                    to.word(*key);
                    match id {
                        RankId::Int(id) => to.word(*id),
                        RankId::Text(id) => to.text(id),
                    }
                }
            }
            Ranking::Share { sorted } => {
                to.text("share");
                words(to, sorted);
            }
            Ranking::Cut { at, below } => {
                to.text("cut");
                to.word(*at);
                to.word((*below).into());
            }
        }
    }

    /// A score from 1 on; for a cut 1 inside and 0 outside. `id` is asked for only where ties are broken by it.
    pub(crate) fn score<'i>(&self, key: i64, id: impl FnOnce() -> Option<AskedId<'i>>) -> Option<i64> {
        match self {
            Ranking::Edges { keys, inclusive, descending, .. } => {
                let passed = keys.partition_point(|&edge| edge < key || (*inclusive && edge == key));
                count(if *descending { keys.len() - passed } else { passed })?.checked_add(1)
            }
            Ranking::Piles { starts, descending } => {
                let id = id()?;
                let begun = starts.partition_point(|(start, of)| {
                    let order = if *descending { start.cmp(&key) } else { key.cmp(start) };
                    order.then_with(|| id.cmp(of)).is_ge()
                });
                count(begun)?.checked_add(1)
            }
            Ranking::Cut { at, below } => Some(i64::from(if *below { key <= *at } else { key >= *at })),
            Ranking::Share { .. } => None,
        }
    }

    /// The share of the customers whose value is not greater.
    pub(crate) fn share(&self, key: i64) -> Option<f64> {
        match self {
            Ranking::Share { sorted } if !sorted.is_empty() => {
                Some(sorted.partition_point(|&other| other <= key) as f64 / sorted.len() as f64)
            }
            _ => None,
        }
    }
}

impl Ranking {
    /// The bounds for a human reader.
    pub(crate) fn bounds(&self, float: bool) -> Vec<f64> {
        let plain = |key: i64| if float { float_of(key) } else { key as f64 };
        match self {
            Ranking::Edges { keys, rests, parts, .. } => {
                keys.iter().zip(rests).map(|(&key, &rest)| plain(key) + f64::from(rest) / f64::from(*parts)).collect()
            }
            Ranking::Piles { starts, .. } => starts.iter().map(|(key, _)| plain(*key)).collect(),
            Ranking::Cut { at, .. } => vec![plain(*at)],
            Ranking::Share { .. } => Vec::new(),
        }
    }
}

fn count(number: usize) -> Option<i64> {
    i64::try_from(number).ok()
}

/// A float as a word with the same order, neighbours next to each other; both zeros are one.
pub(crate) fn key_of(value: f64) -> i64 {
    turned((value + 0.0).to_bits() as i64)
}

/// The float behind a key.
pub(crate) fn float_of(key: i64) -> f64 {
    f64::from_bits(turned(key) as u64)
}

/// Negative floats have the sign bit set and grow downward: all other bits are turned round. Its own inverse.
fn turned(bits: i64) -> i64 {
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

#[cfg(test)]
mod tests {
    use super::{float_of, key_of};

    #[test]
    fn keys_have_the_order_of_floats() {
        let floats = [f64::MIN, -1e10, -1.5, -1e-300, 0.0, f64::MIN_POSITIVE, 0.1, 1.0, 1e17, f64::MAX];
        for (i, a) in floats.into_iter().enumerate() {
            assert_eq!(float_of(key_of(a)), a);
            for b in floats.into_iter().skip(i + 1) {
                assert!(key_of(a) < key_of(b), "{a} {b}");
            }
        }
        assert_eq!(key_of(-0.0), key_of(0.0));
    }
}
