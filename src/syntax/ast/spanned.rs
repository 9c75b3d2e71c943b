//! A piece of the tree with its place, and what formats see of the place.

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
        #[derive(Deserialize)]
        #[serde(rename = "Spanned")]
        struct Both<T> {
            node: T,
            span: Span,
        }
        if deserializer.is_human_readable() {
            let node = T::deserialize(deserializer)?;
            return Ok(Spanned { node, span: Span::default() });
        }
        let Both { node, span } = Both::deserialize(deserializer)?;
        Ok(Spanned { node, span })
    }
}
