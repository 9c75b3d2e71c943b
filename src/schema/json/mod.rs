//! Records from JSON and back.
//!
//! Reading is strict: an unknown key, a key given twice or a value of another type is an error, and all errors are
//! reported at once, each with its place.

mod error;
mod node;
mod path;
mod policy;
mod read;
mod scalar;

#[cfg(test)]
mod tests;

pub use error::{JsonError, JsonErrors};
use node::Node;
use path::Path;
use read::Reader;

use super::{Record, RecordSchema};

impl RecordSchema {
    /// Reads one customer.
    ///
    /// A customer is an object of attributes, lists of items and events by name:
    ///
    /// ```json
    /// {
    ///   "person": "p1", "age": 31, "clv": "12.50 EUR", "birth_date": "1990-02-28", "intent": "60%", "likes": ["a"],
    ///   "cart": [{"sku": "s1", "price": "9.90 EUR"}],
    ///   "order": [{"at": "2026-03-01T10:00:00Z", "sequence": 1, "total": "10.00 EUR"}],
    ///   "complete_since": {"order": "2025-01-01T00:00:00Z", "contacts": "2025-06-01T00:00:00Z"},
    ///   "consents": [{"channel": "email", "purpose": "marketing", "granted": true, "at": "2025-01-01T00:00:00Z"}],
    ///   "contacts": [{"id": "c1", "at": "2026-03-01T10:00:00Z", "outcome": "sent", "action": "a.b.c",
    ///                 "kind": "offer", "channel": "email", "variant": {"experiment": "subject", "arm": "b"}}]
    /// }
    /// ```
    ///
    /// * Money may be `{"amount": "12.50", "currency": "EUR"}` too, and a percent the share `0.6`; a whole number may be
    ///   written `31.0`; `null` is missing, and an attribute that the schema requires must not be missing.
    /// * A list of items that the schema requires must not be missing; an item has no keys but its properties.
    /// * An unknown key, a key given twice and a value of another type are errors.
    /// * Where the schema declares a provenance, `"as_of": {"intent": "2026-03-01T10:00:00Z"}` says as of when a value is
    ///   known; the name is reserved then.
    /// * `complete_since`, `consents`, `contacts` and, where the schema has lists, `lists` are reserved, as are `at` and `sequence` in events: what a schema
    ///   calls so can be neither read nor written. Of an attribute, a list of items and a kind of event
    ///   of one name, the first is meant.
    ///
    /// ```
    /// use nextbest::{Attribute, RecordSchema, Shape, Type};
    ///
    /// let attributes = vec![Attribute::new("country", Type::Text), Attribute::new("age", Type::Int)];
    /// let schema = RecordSchema::new(Shape { attributes, ..Shape::default() });
    ///
    /// let customer = schema.record_from_json(r#"{"country": "FR", "age": 31}"#)?;
    /// assert_eq!(customer.get("age"), Some(31.into()));
    /// assert_eq!(customer.to_json(), r#"{"country":"FR","age":31}"#);
    ///
    /// let errors = schema.record_from_json(r#"{"contry": "FR", "age": 31.5}"#).unwrap_err();
    /// assert_eq!(
    ///     errors.to_string(),
    ///     "$.contry: expected a known key (did you mean `country`?), found `contry`\n\
    ///      $.age: expected a whole number, found 31.5",
    /// );
    /// # Ok::<(), nextbest::JsonErrors>(())
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn record_from_json(&self, text: &str) -> Result<Record, JsonErrors> {
        let mut reader = Reader::new(self);
        let record = reader.parse(text, None).map(|node| reader.customer(&node, &Path::Root));
        reader.finish(record.unwrap_or_else(|| self.record()))
    }

    /// Reads an array of customers.
    ///
    /// # Errors
    /// Everything that is wrong, at once; paths begin with the customer's place: `$[3].age`.
    pub fn records_from_json_array(&self, text: &str) -> Result<Vec<Record>, JsonErrors> {
        let mut reader = Reader::new(self);
        let mut records = Vec::new();
        if let Some(node) = reader.parse(text, None) {
            reader.list(&node, &Path::Root, "a list of customers", |reader, node, path| {
                records.push(reader.customer(node, path));
            });
        }
        reader.finish(records)
    }

    /// Reads customers that stand one on a line; empty lines are skipped.
    ///
    /// # Errors
    /// Everything that is wrong, at once, with the number of the line.
    pub fn records_from_json_lines(&self, text: &str) -> Result<Vec<Record>, JsonErrors> {
        let mut reader = Reader::new(self);
        let mut records = Vec::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            if let Some(node) = reader.parse(line, Some(number)) {
                records.push(reader.customer(&node, &Path::Root));
            }
        }
        reader.finish(records)
    }
}

impl Record {
    /// The record as JSON: keys in the order of the schema, what is missing left out. Reading it again with the same
    /// schema gives an equal record, if it has all attributes that the schema requires.
    pub fn to_json(&self) -> String {
        // Keys are texts and numbers are finite, so there is nothing that JSON could not express.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Reads what stands in `text`; the error says what is wrong, and on which line.
fn parse(text: &str) -> Result<Node, (usize, String)> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let message = message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message);
        (line, format!("{message} at column {column}"))
    })
}
