//! What an index does, for a person.

use std::fmt;

use serde::Serialize;

use super::SegmentIndex;
use super::dimension::Cells;
use super::rows::Source;
use crate::check::tree::Rules;
use crate::leaf::plan::{Place, Value};

/// How all segments of a customer are found at once: [`Engine::plan`](crate::Engine::plan).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IndexPlan {
    /// How many segments there are.
    pub segments: usize,
    /// Whether evaluators use the index unless they are told otherwise.
    pub indexed: bool,
    /// In how many ways the segments can hold: each is a row of the index.
    pub rows: usize,
    /// Segments with a row that no attribute rules out: they are tested for every customer. By name.
    pub linear: Vec<String>,
    /// The attributes that rows are looked up by, those first that most rows ask about.
    pub attributes: Vec<IndexedAttribute>,
    /// Different conditions that are tested besides, each once a customer at most.
    pub tests: usize,
    /// The rows that are left to be tested, were all cells of an attribute as likely.
    pub expected: f64,
    /// The memory of the bits, in bytes.
    pub bytes: usize,
}

/// An attribute that rows are looked up by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IndexedAttribute {
    /// Its name; of a map with the key.
    pub attribute: String,
    /// How many rows ask about it.
    pub rows: usize,
    /// Into how many cells its values are cut.
    pub cells: u32,
}

impl<P> SegmentIndex<P> {
    /// What this index does. `segments` are the numbers of its segments among the definitions.
    pub fn plan(&self, rules: &Rules, segments: &[usize], indexed: bool) -> IndexPlan {
        let mut attributes: Vec<IndexedAttribute> = self
            .dimensions
            .iter()
            .zip(&self.asked)
            .map(|(dimension, (source, rows))| IndexedAttribute {
                attribute: named(source, rules),
                rows: *rows,
                cells: Cells::len(&dimension.cells),
            })
            .collect();
        attributes.sort_by_key(|looked| std::cmp::Reverse(looked.rows));
        let name = |place: &u32| {
            let definition = segments.get(*place as usize).and_then(|&number| rules.definitions.get(number));
            Some(definition?.name.clone())
        };
        IndexPlan {
            segments: segments.len(),
            indexed,
            rows: self.rows.len().saturating_sub(1),
            linear: self.linear.iter().filter_map(name).collect(),
            attributes,
            tests: self.tests.len(),
            expected: self.expected,
            bytes: self.bits.size(),
        }
    }
}

fn named(source: &Source, rules: &Rules) -> String {
    let attribute = |place: Place, index: usize| {
        let from = if place == Place::Context { &rules.context } else { &rules.shape.attributes };
        let name = from.get(index).map(|attribute| attribute.name.as_str()).unwrap_or_default();
        format!("{}{name}", if place == Place::Context { "context." } else { "" })
    };
    match &source.value {
        Value::Attribute(place, index) => attribute(*place, *index),
        Value::Item(place, index, key) => format!("{}[{key:?}]", attribute(*place, *index)),
        other => format!("{other:?}"),
    }
}

impl fmt::Display for IndexPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.indexed { "looked up" } else { "tested one after another" };
        writeln!(f, "{} segments, {how}", self.segments)?;
        writeln!(f, "{} rows, about {:.1} of which are tested for a customer", self.rows, self.expected)?;
        writeln!(f, "{} other conditions, {} bytes of bits", self.tests, self.bytes)?;
        for IndexedAttribute { attribute, rows, cells } in &self.attributes {
            writeln!(f, "  {attribute}: {rows} rows, {cells} cells")?;
        }
        match &*self.linear {
            [] => Ok(()),
            linear => {
                let shown = linear.iter().take(10).map(String::as_str).collect::<Vec<_>>().join(", ");
                let more = if linear.len() > 10 { ", …" } else { "" };
                writeln!(f, "tested for every customer: {} ({shown}{more})", linear.len())
            }
        }
    }
}
