//! A piece of the tree with its place, and what formats see of the place.

use std::cell::Cell;

use serde::de::Error;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::diagnostic::Span;

/// A piece of the tree together with where it stands.
///
/// In formats for people (JSON) it is the piece alone, so that whoever builds a tree need not invent places; read from
/// one, every place is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    /// What was written.
    pub node: T,
    /// Where.
    pub span: Span,
}

impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.node.serialize(serializer);
        }
        let mut both = serializer.serialize_struct("Spanned", 2)?;
        both.serialize_field("node", &self.node)?;
        both.serialize_field("span", &self.span)?;
        both.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return both(deserializer);
        }
        let levels = LEVELS.get();
        LEVELS.set(levels.checked_sub(1).ok_or_else(|| D::Error::custom("rules nest at most 64 deep"))?);
        let node = T::deserialize(deserializer);
        LEVELS.set(levels);
        node.map(|node| Spanned { node, span: Span::default() })
    }
}

/// How many levels of a tree are read from formats for people: the 64 that a rule may nest, and a statement, a condition and a
/// name around and inside. Every recursion of the tree passes here, and serde has no other way to hand a count down. Text
/// may reach twice as many, since a comparison in parentheses is two levels; such a tree is written and not read again.
const MOST: usize = 68;

thread_local! {
    /// How many more there may be.
    static LEVELS: Cell<usize> = const { Cell::new(MOST) };
}

/// Apart from the above, which is on the stack once for each level of a tree.
#[inline(never)]
fn both<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Spanned<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename = "Spanned")]
    struct Both<T> {
        node: T,
        span: Span,
    }
    Both::deserialize(deserializer).map(|Both { node, span }| Spanned { node, span })
}
