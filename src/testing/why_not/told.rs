//! Changes as they are told. What has happened is told as what had to have been: nobody can bring it about.

use std::fmt;

use super::super::check::{counted, listed, written};
use super::{Answer, Change, WhyNot};
use crate::schema::{Contact, Outcome};

/// So many rows are told one by one.
const TOLD: usize = 4;

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Consent { channel, purpose } => write!(f, "consent {channel}.{purpose}"),
            Change::Later(at) => write!(f, "now {at}"),
            Change::Released => f.write_str("nothing halted or blocked"),
            Change::Restocked => f.write_str("more in stock, or to spend"),
            Change::Context { name, value } => write!(f, "context.{name} = {}", written(value)),
            Change::Attribute { name, value } => write!(f, "{name} = {}", written(value)),
            Change::Items { list, count, properties } => write!(f, "{}{}", counted(*count, list), listed(properties)),
            Change::NoItems { clause, all: true, .. } => write!(f, "no {clause}"),
            Change::NoItems { list, places, .. } => {
                let places = places.iter().map(|place| place.saturating_add(1).to_string());
                write!(f, "no {list} at place {}", few(places.collect(), " and "))
            }
            Change::NoEvents { rows, certain, .. } if rows.is_empty() => {
                write!(f, "had it been known that no {} is lacking", certain.join(" or "))
            }
            Change::NoEvents { clause, rows, all, certain } => {
                if *all {
                    write!(f, "had there been no {clause}")?;
                } else if let ([first, .., last], true) = (rows.as_slice(), rows.len() > TOLD) {
                    let many = counted(u32::try_from(rows.len()).unwrap_or(u32::MAX), &first.kind);
                    write!(f, "had there been {many} fewer, from {} to {}", first.at, last.at)?;
                } else {
                    let rows = rows.iter().map(|row| format!("{} at {}", row.kind, row.at)).collect();
                    write!(f, "had there been no {}", few(rows, " and no "))?;
                }
                f.write_str(if certain.is_empty() { "" } else { ", known of or not" })
            }
            Change::NoContacts { contacts, certain, .. } => {
                let rows: Vec<String> = contacts.iter().map(row).collect();
                match (rows.is_empty(), certain) {
                    (true, _) => f.write_str("had it been known that no contact is lacking"),
                    (false, true) => write!(f, "had {}, and were no contact lacking", few(rows, " and ")),
                    (false, false) => write!(f, "had {}", few(rows, " and ")),
                }
            }
            Change::Events { kind, count: 1, properties, at } => {
                write!(f, "had there been one {kind}{} at {at}", listed(properties))
            }
            Change::Events { kind, count, properties, at } => {
                write!(f, "had there been {}{} at {at}", counted(*count, kind), listed(properties))
            }
            Change::Contacts { outcome, action, channel, count, at, .. } => {
                let times = if *count == 1 { String::new() } else { format!(" {count} times") };
                write!(f, "had {action} been {}{times} on {channel} at {at}", done(*outcome))
            }
            Change::Without(action) => write!(f, "no {action}"),
        }
    }
}

/// `winback.come_back.gift not been sent on email at …`
fn row(contact: &Contact) -> String {
    let Contact { at, outcome, action, channel, .. } = contact;
    format!("{action} not been {} on {channel} at {at}", done(*outcome))
}

fn done(outcome: Outcome) -> String {
    if outcome == Outcome::Impression { "shown".to_owned() } else { outcome.to_string() }
}

/// All of them, or the first and how many more.
fn few(mut all: Vec<String>, between: &str) -> String {
    let more = all.len().saturating_sub(TOLD);
    all.truncate(TOLD);
    let told = all.join(between);
    if more == 0 { told } else { format!("{told}{between}{more} more") }
}

impl WhyNot {
    /// `p.c.gift would win with age = 18, had there been no order within 30 days`
    pub(in crate::testing) fn first_line(&self) -> String {
        format!("{} {}", self.action, self.told())
    }

    fn told(&self) -> String {
        let Answer::Changes(changes) = &self.answer else { return self.bare() };
        let (past, present): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| change.is_past());
        let listed = |changes: &[&Change]| changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match (present.is_empty(), past.is_empty()) {
            (true, _) => format!("would win {}", listed(&past)),
            (false, true) => format!("would win with {}", listed(&present)),
            (false, false) => format!("would win with {}, {}", listed(&present), listed(&past)),
        }
    }

    fn bare(&self) -> String {
        let WhyNot { answer, tries, most, .. } = self;
        match answer {
            Answer::Wins => "wins".to_owned(),
            Answer::Never => "does not win, whatever is changed".to_owned(),
            _ => format!("does not win with up to {most} changes, in {tries} tries, which proves nothing"),
        }
    }
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.first_line())?;
        if self.answer == Answer::Wins {
            return Ok(());
        }
        for (stage, clause) in &self.stopped {
            write!(f, "\n  left at {stage}")?;
            if !clause.is_empty() {
                write!(f, ": {clause}")?;
            }
        }
        Ok(())
    }
}
