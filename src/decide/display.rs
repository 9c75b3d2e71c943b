//! Decisions as people read them: moments as the clocks of the customer's zone show them, where it is known.

use std::fmt;

use super::decision::{Answer, Decision, Effect, Evidence, Factors, Slot};
use crate::schema::Money;
use crate::time::Zone;

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.slots.is_empty() {
            return f.write_str("nothing: the request names no channel");
        }
        for (number, slot) in self.slots.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            slot.write(f, self.zone)?;
        }
        Ok(())
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Zone::UTC)
    }
}

impl Slot {
    /// With moments as the clocks of a zone show them.
    pub(crate) fn write(&self, f: &mut fmt::Formatter<'_>, zone: Zone) -> fmt::Result {
        f.write_str(&self.channel)?;
        if let Some(slot) = &self.slot {
            write!(f, ".{slot}")?;
        }
        f.write_str(": ")?;
        self.answer.write(f, zone)?;
        for withheld in &self.withheld {
            write!(f, "; {} withheld by {}", withheld.action.action, withheld.by)?;
        }
        Ok(())
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Zone::UTC)
    }
}

impl Answer {
    fn write(&self, f: &mut fmt::Formatter<'_>, zone: Zone) -> fmt::Result {
        match self {
            Answer::Action(chosen) => {
                write!(f, "{} \"{}\"", chosen.action, chosen.content)?;
                if let Some(variant) = &chosen.variant {
                    let crossed = if chosen.crossed { ", crossed" } else { "" };
                    write!(f, " ({} {}{crossed})", variant.experiment, variant.arm)?;
                }
                if let Some(language) = &chosen.language {
                    write!(f, " in {language}")?;
                }
                if let Some((first, more)) = chosen.parameters.split_first() {
                    write!(f, " with {first}")?;
                    more.iter().try_for_each(|parameter| write!(f, ", {parameter}"))?;
                }
                match &chosen.factors {
                    Some(factors) => write!(f, ", {factors}")?,
                    None if chosen.fallback => f.write_str(", a fallback")?,
                    None => f.write_str(", a service")?,
                }
                if chosen.probability != 1.0 {
                    let sign = if chosen.draws.is_some() { "about " } else { "" };
                    write!(f, ", probability {sign}{}%", trimmed(chosen.probability * 100.0))?;
                }
                let mut until = chosen.valid_until;
                for effect in &chosen.effects {
                    match effect {
                        Effect::Promo { code, until: expires } => {
                            until = None;
                            write!(f, ", code {code} until {}", zone.show(*expires))?;
                        }
                        Effect::Reserve { stock } => write!(f, ", one of the stock of {stock}")?,
                        Effect::Assign { experiment, arm } => write!(f, ", to be kept in {experiment} {arm}")?,
                        Effect::Spend { budget, amount } => write!(f, ", {amount} of the budget of {budget}")?,
                    }
                }
                until.map_or(Ok(()), |until| write!(f, ", until {}", zone.show(until)))
            }
            Answer::Nothing(nothing) => {
                write!(f, "nothing: {}", nothing.reason)?;
                if let Some(nearest) = &nothing.nearest {
                    write!(f, "; {} left at {}", nearest.action, nearest.stage)?;
                    if let Some(because) = &nearest.because {
                        write!(f, " because \"{because}\"")?;
                    }
                }
                match nothing.retry_at {
                    Some(at) => write!(f, "; again from {}", zone.show(at)),
                    None => Ok(()),
                }
            }
        }
    }
}

impl fmt::Display for Factors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10f64.powi(i32::try_from(self.currency.digits()).unwrap_or(0));
        write!(
            f,
            "priority {:.4} {} {} {}% of {}",
            self.priority / unit,
            self.currency,
            // Of another formula these are the factors all the same.
            if self.propensity * self.context * self.margin as f64 * self.lever == self.priority {
                "="
            } else {
                "from"
            },
            trimmed(self.propensity * 100.0),
            Money::new(self.margin, self.currency)
        )?;
        for (factor, name) in [(self.context, "context"), (self.lever, "lever")] {
            if factor != 1.0 {
                write!(f, " × {} {name}", trimmed(factor))?;
            }
        }
        if let Some(Evidence { positives, contacts }) = self.evidence {
            write!(f, ", {positives} of {contacts} before")?;
        }
        Ok(())
    }
}

/// A number with at most four decimals, without trailing zeros.
fn trimmed(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
