//! Decisions of some customers, written down so that a change of the rules shows whom it touches.

use crate::compile::{Engine, Request};
use crate::schema::{Record, RecordSchema};

/// What is decided for customers, each a line of JSON; lines without anything are left out. Each line of the answer is the
/// slots of one decision as JSON, without the revision of the rules and the versions: it changes if what is decided does.
///
/// A host keeps the answer in a file and holds the next one against it: see [`changes`].
///
/// # Errors
/// The line that is no customer, and why.
#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
pub fn freeze(
    engine: &Engine<Record>,
    records: &RecordSchema,
    customers: &str,
    request: &Request,
) -> Result<String, String> {
    let mut frozen = String::new();
    for (number, line) in (1..).zip(customers.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let customer = records.record_from_json(line).map_err(|problems| format!("customer {number}: {problems}"))?;
        let decision = engine.decide(&customer, request);
        let slots = serde_json::to_string(&decision.slots).map_err(|problem| problem.to_string())?;
        frozen.push_str(&slots);
        frozen.push('\n');
    }
    Ok(frozen)
}

/// Which decisions changed, with the numbers of their customers: before and after. `None` where none did.
#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
pub fn changes(frozen: &str, now: &str) -> Option<String> {
    let (mut before, mut after) = (frozen.lines(), now.lines());
    let mut told = String::new();
    for number in 1.. {
        let (old, new) = (before.next(), after.next());
        if old.is_none() && new.is_none() {
            break;
        }
        if old != new {
            told.push_str(&format!("customer {number}\n"));
            let line =
                |sign: char, text: Option<&str>| text.map(|text| format!("  {sign} {text}\n")).unwrap_or_default();
            told.push_str(&line('-', old));
            told.push_str(&line('+', new));
        }
    }
    (!told.is_empty()).then_some(told)
}
