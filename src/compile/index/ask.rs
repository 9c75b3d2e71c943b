//! What a rule asks of one value, as the set of values that pass.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::leaf::form::{FloatForm, Form, ListForm, Pattern, TextForm, WordForm};

/// The values that pass. A missing one passes only where that is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ask {
    /// Words, and floats in the order of [`ordered`]: intervals with both ends, ascending and apart.
    Words { within: Vec<(i64, i64)>, missing: bool },
    /// One of these texts, or (`inside` false) any other.
    Texts { named: BTreeSet<Arc<str>>, inside: bool, missing: bool },
    /// A list with one of these at least.
    Items(BTreeSet<Arc<str>>),
}

/// Whole numbers in the order of floats; both zeros are one.
pub(super) fn ordered(float: f64) -> i64 {
    let bits = (float + 0.0).to_bits() as i64;
    // Of negative floats the greater bits are the lesser number.
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

impl Ask {
    /// What a form asks; `None` where that cannot be looked up.
    pub fn of(form: &Form) -> Option<Ask> {
        match form {
            Form::Word(form) => word(form),
            Form::Float(form) => Some(float(form)),
            Form::Text(form) => text(form),
            Form::List(ListForm::AnyOf { items, ignoring_case: false, want: true }) => {
                Some(Ask::Items(items.iter().cloned().collect()))
            }
            _ => None,
        }
    }

    /// Both; `None` where both together cannot be looked up.
    pub fn and(&self, other: &Ask) -> Option<Ask> {
        match (self, other) {
            (Ask::Words { within: a, missing: m }, Ask::Words { within: b, missing: n }) => {
                let both = a.iter().flat_map(|&(low, high)| b.iter().map(move |&(l, h)| (low.max(l), high.min(h))));
                Some(Ask::Words { within: both.filter(|(low, high)| low <= high).collect(), missing: *m && *n })
            }
            (Ask::Texts { named: a, inside: i, missing: m }, Ask::Texts { named: b, inside: j, missing: n }) => {
                let named: BTreeSet<_> = match (i, j) {
                    (true, true) => a & b,
                    (true, false) => a - b,
                    (false, true) => b - a,
                    (false, false) => a | b,
                };
                Some(Ask::Texts { named, inside: *i || *j, missing: *m && *n })
            }
            _ => None,
        }
    }

    /// Whether nothing passes.
    pub fn is_empty(&self) -> bool {
        match self {
            Ask::Words { within, missing } => within.is_empty() && !missing,
            Ask::Texts { named, inside, missing } => *inside && named.is_empty() && !missing,
            Ask::Items(items) => items.is_empty(),
        }
    }
}

fn word(form: &WordForm) -> Option<Ask> {
    Some(match form {
        WordForm::Interval { low, high, inside } => intervals(&[(*low, *high)], *inside),
        WordForm::Set { values, inside } => {
            let ones: Vec<_> = values.iter().map(|&value| (value, value)).collect();
            intervals(&ones, *inside)
        }
        WordForm::Present { known } => present(*known),
        WordForm::Resolved { .. } | WordForm::Region { .. } | WordForm::Circle { .. } => return None,
    })
}

fn float(form: &FloatForm) -> Ask {
    match form {
        FloatForm::Interval { low, high, inside } => {
            let (low, high) = (low.low(), high.high());
            // What excludes a bound beyond the last float holds nothing.
            let ends = if low <= high { (ordered(low), ordered(high)) } else { (1, 0) };
            intervals(&[ends], *inside)
        }
        FloatForm::Set { values, inside } => {
            let mut ones: Vec<_> = values.iter().map(|value| ordered(value.get())).map(|one| (one, one)).collect();
            ones.sort_unstable();
            intervals(&ones, *inside)
        }
        FloatForm::Present { known } => present(*known),
    }
}

fn text(form: &TextForm) -> Option<Ask> {
    Some(match form {
        TextForm::Matches { pattern: Pattern::OneOf(items), ignoring_case: false, want } => {
            Ask::Texts { named: items.iter().cloned().collect(), inside: *want, missing: false }
        }
        TextForm::Empty { want } => Ask::Texts { named: BTreeSet::from(["".into()]), inside: *want, missing: false },
        TextForm::Present { known } => Ask::Texts { named: BTreeSet::new(), inside: !known, missing: !known },
        TextForm::Matches { .. } => return None,
    })
}

fn present(known: bool) -> Ask {
    let all = known.then_some((i64::MIN, i64::MAX));
    Ask::Words { within: all.into_iter().collect(), missing: !known }
}

/// Inside of ascending intervals, or outside of all; those that hold nothing or touch are joined.
fn intervals(ascending: &[(i64, i64)], inside: bool) -> Ask {
    let mut within: Vec<(i64, i64)> = Vec::new();
    for &(low, high) in ascending.iter().filter(|(low, high)| low <= high) {
        match within.last_mut() {
            Some((_, end)) if low <= end.saturating_add(1) => *end = high.max(*end),
            _ => within.push((low, high)),
        }
    }
    if !inside {
        let mut outside = Vec::new();
        let mut next = Some(i64::MIN);
        for (low, high) in within {
            outside.extend(next.filter(|&from| from < low).map(|from| (from, low - 1)));
            next = high.checked_add(1);
        }
        outside.extend(next.map(|from| (from, i64::MAX)));
        within = outside;
    }
    Ask::Words { within, missing: false }
}
