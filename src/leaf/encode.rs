//! What is read of a customer as bytes, for a digest: every value with its presence, every text with its length, so that no two
//! customers who differ write the same.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{Cx, Held, History, Leaves};

/// Hashes what is written.
pub(crate) struct Encoder(Sha256);

impl Encoder {
    /// Begins something of its own.
    pub fn new(what: &str) -> Self {
        let mut encoder = Encoder(Sha256::new());
        encoder.text(what);
        encoder
    }

    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }

    pub fn word(&mut self, word: i64) {
        self.0.update(word.to_le_bytes());
    }

    pub fn size(&mut self, size: usize) {
        self.0.update((size as u64).to_le_bytes());
    }

    pub fn text(&mut self, text: &str) {
        self.size(text.len());
        self.0.update(text);
    }

    pub fn bytes(&mut self, bytes: &[u8; 32]) {
        self.0.update(bytes);
    }

    /// What may be missing.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.0.update([u8::from(value.is_some())]);
        if let Some(value) = value {
            write(self, value);
        }
    }
}

/// Writes the values of an attribute.
pub(crate) type Write<R> = Box<dyn Fn(&R, &Cx<'_>, &mut Encoder)>;

impl Held {
    /// Writes the value.
    pub(crate) fn encode(&self, to: &mut Encoder) {
        match self {
            Held::Word(word) => to.word(*word),
            Held::Float(float) => to.word(float.to_bits() as i64),
            Held::Text(text) => to.text(text),
        }
    }
}

impl<R: 'static> Leaves<R> {
    /// Writes the values of an attribute; of maps those of these keys.
    pub(crate) fn writer(&self, keys: &[String]) -> Write<R> {
        match self {
            Leaves::Word(leaves) => {
                let get = leaves.get();
                Box::new(move |r, cx, to| to.option(get(r, cx), Encoder::word))
            }
            Leaves::Float(leaves) => {
                let get = leaves.get();
                Box::new(move |r, cx, to| to.option(get(r, cx), |to, float| to.word(float.to_bits() as i64)))
            }
            Leaves::Text(leaves) => {
                let get = leaves.get();
                Box::new(move |r, cx, to| to.option(get.read(r, cx), Encoder::text))
            }
            Leaves::List(leaves) => {
                let (leaves, len) = (Arc::clone(leaves), leaves.len());
                Box::new(move |r, cx, to| {
                    to.option(len(r, cx), Encoder::word);
                    leaves.each(r, cx, &mut |text| to.text(text));
                })
            }
            Leaves::Words(leaves) => {
                let (leaves, len) = (Arc::clone(leaves), leaves.len());
                Box::new(move |r, cx, to| {
                    to.option(len(r, cx), Encoder::word);
                    leaves.each(r, cx, &mut |word| to.word(word));
                })
            }
            Leaves::Map(leaves) => {
                let len = leaves.len();
                let items: Vec<Write<R>> = keys.iter().map(|key| leaves.at(key).writer(&[])).collect();
                Box::new(move |r, cx, to| {
                    to.option(len(r, cx), Encoder::word);
                    items.iter().for_each(|item| item(r, cx, to));
                })
            }
        }
    }
}

/// Writes a history: from when on it is complete, and all of its rows.
pub(crate) fn rows<H: History>(history: &H, cx: &Cx<'_>, leaves: &[Leaves<H>], keys: &[String], to: &mut Encoder) {
    let properties: Vec<Write<H>> = leaves.iter().map(|leaves| leaves.writer(keys)).collect();
    to.option(history.complete_since(), |to, since| to.word(since.millis()));
    to.size(history.len());
    let outer = cx.row.get();
    for row in 0..history.len() {
        cx.row.set(row);
        to.word(history.at(cx, row).millis());
        to.word(history.sequence(cx, row) as i64);
        properties.iter().for_each(|property| property(history, cx, to));
    }
    cx.row.set(outer);
}
