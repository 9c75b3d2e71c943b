//! Measures that need the rows' values side by side: the middle one, the commonest one.

use std::cmp::Ordering;

use super::kind::{Rows, float_of, is_float, text_of, word_of};
use super::measure::{Measure, bits, kept};
use crate::leaf::build::round_half_even;
use crate::leaf::getter::{Get, GetText, Test};
use crate::leaf::plan::Class;
use crate::leaf::scope::Attributes;
use crate::leaf::scratch::Found;
use crate::leaf::{Cx, History};

/// The middle value of a property, or the mean of the two middle ones.
pub(super) fn median<H: History>(
    leaves: &Attributes<H>,
    property: usize,
    class: Class,
    money: bool,
) -> Option<Measure<H>> {
    if is_float(class) {
        let get = bits(float_of(leaves, property)?);
        return Some(of_middle(get, float, |low, high| kept(float(low).midpoint(float(high)))));
    }
    let get = word_of(leaves, property)?;
    Some(match money {
        true => of_middle(get, |word| word, |low, high| round_half_even(i128::from(low) + i128::from(high), 2)),
        false => of_middle(get, |word| word, |low, high| kept((i128::from(low) + i128::from(high)) as f64 / 2.0)),
    })
}

fn float(bits: i64) -> f64 {
    f64::from_bits(bits as u64)
}

/// Hands the two middle words, by `key`, to `mean`: twice the same one where their number is odd.
fn of_middle<H: History, K: PartialOrd>(
    get: Get<H, i64>,
    key: impl Fn(i64) -> K + Send + Sync + 'static,
    mean: impl Fn(i64, i64) -> Option<i64> + Send + Sync + 'static,
) -> Measure<H> {
    Box::new(move |rows, filter, cx| {
        rows.whole(|| {
            cx.scratch.with_buffer(|words| {
                rows.values(filter, cx, &get, |word| words.push(word));
                // NaN is missing, so any two of them compare.
                let order = |a: &i64, b: &i64| key(*a).partial_cmp(&key(*b)).unwrap_or(Ordering::Equal);
                if words.is_empty() {
                    return None;
                }
                let half = words.len() / 2;
                let odd = words.len() % 2 == 1;
                let (below, middle, _) = words.select_nth_unstable_by(half, order);
                let middle = *middle;
                let lower = if odd { Some(middle) } else { below.iter().copied().max_by(order) };
                mean(lower?, middle)
            })
        })
    })
}

/// The newest row with the commonest value of a property.
pub(super) fn most_frequent<H: History>(leaves: &Attributes<H>, property: usize, class: Class) -> Option<Measure<H>> {
    let get = match class {
        Class::Float => bits(float_of(leaves, property)?),
        _ => word_of(leaves, property)?,
    };
    Some(Box::new(move |rows, filter, cx| {
        rows.whole(|| {
            cx.scratch.with_buffer(|words| {
                rows.each(filter, cx, |row| {
                    if let Some((value, row)) = get(rows.history, cx).zip(i64::try_from(row).ok()) {
                        words.extend([value, row]);
                    }
                });
                let (pairs, _) = words.as_chunks_mut();
                pairs.sort_unstable();
                let runs = pairs.chunk_by(|[a, _], [b, _]| a == b);
                runs.filter_map(|run| run.last().map(|[_, newest]| (run.len(), *newest)))
                    .max()
                    .map(|(_, newest)| newest)
            })
        })
    }))
}

/// The same of texts, by an order that says which are equal.
pub(super) fn most_frequent_text<H: History>(
    leaves: &Attributes<H>,
    property: usize,
    order: fn(&str, &str) -> Ordering,
) -> Option<Measure<H>> {
    let get: GetText<H> = text_of(leaves, property)?;
    Some(Box::new(move |rows, filter, cx| commonest(rows, filter, cx, || get.read(rows.history, cx), order)))
}

/// Sorts row numbers by value and then by age, so that equal values are a run whose last row is its newest.
fn commonest<H: History, K: Default>(
    rows: &Rows<'_, '_, H>,
    filter: Option<&Test<H>>,
    cx: &Cx<'_>,
    read: impl Fn() -> Option<K>,
    order: impl Fn(K, K) -> Ordering,
) -> Found {
    rows.whole(|| {
        cx.scratch.with_buffer(|numbers| {
            rows.each(filter, cx, |row| {
                if read().is_some() {
                    numbers.extend(i64::try_from(row));
                }
            });
            let value = |row: i64| {
                cx.row.set(usize::try_from(row).unwrap_or(usize::MAX));
                read().unwrap_or_default()
            };
            let by_value = |a: i64, b: i64| order(value(a), value(b));
            numbers.sort_unstable_by(|&a, &b| by_value(a, b).then(a.cmp(&b)));
            let runs = numbers.chunk_by(|&a, &b| by_value(a, b).is_eq());
            runs.filter_map(|run| Some((run.len(), *run.last()?))).max().map(|(_, newest)| newest)
        })
    })
}
