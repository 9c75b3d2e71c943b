//! The rows that have a key in common with rows of clauses further out: a join by hash, one index per customer.

use super::bounds::Bounds;
use super::stand::Stand;
use crate::leaf::build::{self, Builder};
use crate::leaf::getter::{Get, GetText, Test};
use crate::leaf::history::rows;
use crate::leaf::index::{mix, mix_text};
use crate::leaf::plan::{Class, Index, Join, Value, Window};
use crate::leaf::scope::{OnCustomer, OnRows, Site};
use crate::leaf::{Cx, History};

/// Looks rows up by a key.
pub(super) struct Probe<P, H> {
    number: usize,
    /// The key, as the rows further out have it.
    key: Key<P>,
    /// The key, as the rows looked for have it.
    own: Key<H>,
    filter: Option<Test<H>>,
    bounds: Bounds<P>,
    slot: Option<usize>,
}

/// The parts of a key.
enum Key<R> {
    /// One word, which is the key.
    Word(Get<R, i64>),
    /// Any parts, of which the key is a hash: rows with the same hash are compared in full.
    Hash(Box<[Part<R>]>),
}

enum Part<R> {
    Word(Get<R, i64>),
    Text(GetText<R>),
}

impl<R: 'static> Key<R> {
    fn new(site: &dyn Site<R>, keys: &[(Value, Class)]) -> Self {
        match keys {
            [(value, class)] if *class != Class::Text => Key::Word(word(site, value, *class)),
            _ => Key::Hash(
                keys.iter()
                    .map(|(value, class)| match class {
                        Class::Text => Part::Text(build::text(site, value)),
                        class => Part::Word(word(site, value, *class)),
                    })
                    .collect(),
            ),
        }
    }

    /// `None` where a part is missing: it equals nothing then.
    fn read(&self, r: &R, cx: &Cx<'_>) -> Option<i64> {
        match self {
            Key::Word(get) => get(r, cx),
            Key::Hash(parts) => {
                let hash = parts.iter().try_fold(0, |hash, part| match part {
                    Part::Word(get) => get(r, cx).map(|word| mix(hash, word)),
                    Part::Text(get) => get.read(r, cx).map(|text| mix_text(hash, text)),
                });
                hash.map(u64::cast_signed)
            }
        }
    }
}

fn word<R: 'static>(site: &dyn Site<R>, value: &Value, class: Class) -> Get<R, i64> {
    if class != Class::Float {
        return build::word(site, value);
    }
    let float = build::float(site, value);
    // Both zeros are one number.
    Box::new(move |r, cx| float(r, cx).map(|float| (float + 0.0).to_bits().cast_signed()))
}

impl<P: 'static, H: History> Probe<P, H> {
    pub fn new(builder: &Builder<'_, P>, on_rows: &OnRows<'_, P, H>, join: &Join, index: &Index) -> Self {
        Probe {
            number: join.index,
            key: Key::new(&OnCustomer(builder), &join.keys),
            own: Key::new(on_rows, &index.keys),
            filter: index.filter.as_ref().map(|plan| build::test(on_rows, plan)),
            bounds: Bounds::new(builder, &index.window.map_or(Window::Ever, Window::Time)),
            slot: index.keeps_row,
        }
    }

    /// Hands the rows with the key of this moment to `work`, in their order.
    pub fn rows<T>(&self, p: &P, history: &H, cx: &Cx<'_>, work: impl FnOnce(&[usize]) -> T) -> T {
        match self.key.read(p, cx) {
            Some(key) => cx.scratch.look_up(self.number, key, |entry| self.build(p, history, cx, entry), work),
            None => work(&[]),
        }
    }

    fn build(&self, p: &P, history: &H, cx: &Cx<'_>, entry: &mut dyn FnMut(i64, usize)) {
        let Some((low, high)) = self.bounds.of(p, cx) else { return };
        let (first, end) = rows(history, cx, low, high);
        let stand = Stand::new(cx, self.slot);
        for row in first..end {
            stand.on(row);
            if self.filter.as_ref().is_none_or(|filter| filter(history, cx))
                && let Some(key) = self.own.read(history, cx)
            {
                entry(key, row);
            }
        }
    }
}

/// The places of those listed rows with `low <= at <= high`.
pub(super) fn between<H: History>(history: &H, cx: &Cx<'_>, listed: &[usize], low: i64, high: i64) -> (usize, usize) {
    let first = listed.partition_point(|&row| history.at(cx, row).millis() < low);
    let end = listed.partition_point(|&row| history.at(cx, row).millis() <= high);
    (first, end.max(first))
}
