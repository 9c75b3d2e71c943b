//! What is read of a customer as plain values, so that a copy can be asked the same.

use std::sync::Arc;

use super::{Cx, History, Leaves};
use crate::time::Instant;

/// A value; which type it has, the shape says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Copied {
    Word(i64),
    Float(f64),
    Text(String),
    Texts(Vec<String>),
    Words(Vec<i64>),
    /// The keys that were asked for, and whether there are others.
    Map(Vec<(String, Copied)>, bool),
}

/// A history: from when on it is complete, and all of its rows.
pub(crate) struct CopiedRows {
    pub since: Option<Instant>,
    pub rows: Vec<CopiedRow>,
}

/// A row, with its properties in their order.
pub(crate) struct CopiedRow {
    pub at: Instant,
    pub sequence: u64,
    pub values: Vec<Option<Copied>>,
}

/// Copies the values of an attribute.
pub(crate) type Copier<R> = Box<dyn Fn(&R, &Cx<'_>) -> Option<Copied>>;

impl<R: 'static> Leaves<R> {
    /// Copies the values of an attribute; of maps those of these keys.
    pub(crate) fn copier(&self, keys: &[String]) -> Copier<R> {
        match self {
            Leaves::Word(leaves) => {
                let get = leaves.get();
                Box::new(move |r, cx| get(r, cx).map(Copied::Word))
            }
            Leaves::Float(leaves) => {
                let get = leaves.get();
                Box::new(move |r, cx| get(r, cx).map(Copied::Float))
            }
            Leaves::Text(leaves) => {
                let get = leaves.get();
                Box::new(move |r, cx| get.read(r, cx).map(|text| Copied::Text(text.to_owned())))
            }
            Leaves::List(leaves) => {
                let leaves = Arc::clone(leaves);
                Box::new(move |r, cx| {
                    let mut texts = Vec::new();
                    leaves.each(r, cx, &mut |text| texts.push(text.to_owned())).then_some(Copied::Texts(texts))
                })
            }
            Leaves::Words(leaves) => {
                let leaves = Arc::clone(leaves);
                Box::new(move |r, cx| {
                    let mut words = Vec::new();
                    leaves.each(r, cx, &mut |word| words.push(word)).then_some(Copied::Words(words))
                })
            }
            Leaves::Map(leaves) => {
                let len = leaves.len();
                let items: Vec<(String, Copier<R>)> =
                    keys.iter().map(|key| (key.clone(), leaves.at(key).copier(&[]))).collect();
                Box::new(move |r, cx| {
                    let len = len(r, cx)?;
                    let known = items.iter().filter_map(|(key, item)| Some((key.clone(), item(r, cx)?)));
                    let known: Vec<(String, Copied)> = known.collect();
                    let others = usize::try_from(len).is_ok_and(|len| len > known.len());
                    Some(Copied::Map(known, others))
                })
            }
        }
    }
}

/// Copies a history.
pub(crate) fn rows<H: History>(history: &H, cx: &Cx<'_>, leaves: &[Leaves<H>], keys: &[String]) -> CopiedRows {
    let properties: Vec<Copier<H>> = leaves.iter().map(|leaves| leaves.copier(keys)).collect();
    let outer = cx.row.get();
    let row = |row: usize| {
        cx.row.set(row);
        CopiedRow {
            at: history.at(cx, row),
            sequence: history.sequence(cx, row),
            values: properties.iter().map(|property| property(history, cx)).collect(),
        }
    };
    let rows = (0..history.len()).map(row).collect();
    cx.row.set(outer);
    CopiedRows { since: history.complete_since(), rows }
}
