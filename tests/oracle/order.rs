//! How two values stand to each other.

use std::cmp::Ordering;

use nextbest::syntax::ast::CompareOp;

use super::text;
use super::value::{Truth, Val};
use super::version;

/// `left op right`; missing on either side is unknown.
pub fn compare(op: CompareOp, left: Option<&Val>, right: Option<&Val>, ignoring_case: bool) -> Truth {
    let (Some(left), Some(right)) = (left, right) else { return Truth::Unknown };
    if let (Val::Text(left), Val::Text(right)) = (left, right) {
        let same = text::equal(left, right, ignoring_case);
        return match op {
            CompareOp::Equal => same.into(),
            CompareOp::NotEqual => (!same).into(),
            _ => panic!("texts have no order"),
        };
    }
    let possible = orderings(left, right);
    assert!(!possible.is_empty(), "{left} and {right} cannot be compared");
    let holds = possible.iter().filter(|&&ordering| satisfies(op, ordering)).count();
    match holds {
        0 => Truth::False,
        all if all == possible.len() => Truth::True,
        _ => Truth::Unknown,
    }
}

fn satisfies(op: CompareOp, ordering: Ordering) -> bool {
    match op {
        CompareOp::Equal => ordering.is_eq(),
        CompareOp::NotEqual => ordering.is_ne(),
        CompareOp::Less => ordering.is_lt(),
        CompareOp::LessOrEqual => ordering.is_le(),
        CompareOp::Greater => ordering.is_gt(),
        CompareOp::GreaterOrEqual => ordering.is_ge(),
    }
}

/// The ways in which `left` may stand to `right`: one, but for counts that are only known to be *at least* something.
fn orderings(left: &Val, right: &Val) -> Vec<Ordering> {
    if let (Some((left_low, left_high)), Some((right_low, right_high))) = (range(left), range(right)) {
        let mut possible = Vec::new();
        if left_low < right_high {
            possible.push(Ordering::Less);
        }
        if left_low <= right_high && right_low <= left_high {
            possible.push(Ordering::Equal);
        }
        if left_high > right_low {
            possible.push(Ordering::Greater);
        }
        return possible;
    }
    exact(left, right).into_iter().collect()
}

/// The whole numbers that a value may be, both ends included.
fn range(value: &Val) -> Option<(i128, i128)> {
    match value {
        Val::Int(value) => Some((i128::from(*value), i128::from(*value))),
        // A count is an int, so it ends where ints do.
        Val::AtLeast(count) => Some((i128::from(*count), i128::from(i64::MAX))),
        _ => None,
    }
}

/// How two values of one type stand to each other; `None` for values of different types.
pub fn exact(left: &Val, right: &Val) -> Option<Ordering> {
    Some(match (left, right) {
        (Val::Bool(left), Val::Bool(right)) => left.cmp(right),
        (Val::Int(left), Val::Int(right)) => left.cmp(right),
        // 0.0 and -0.0 are equal, and NaN was read as missing.
        (Val::Number(left), Val::Number(right)) => left.partial_cmp(right)?,
        (Val::Money(left), Val::Money(right)) => left.cmp(right),
        (Val::Text(left), Val::Text(right)) => left.cmp(right),
        (Val::Texts(left), Val::Texts(right)) => left.cmp(right),
        (Val::Category(left), Val::Category(right)) => left.cmp(right),
        (Val::Date(left), Val::Date(right)) => left.cmp(right),
        (Val::Instant(left), Val::Instant(right)) => left.cmp(right),
        (Val::Time(left), Val::Time(right)) => left.cmp(right),
        (Val::Version(left), Val::Version(right)) => version::order(left, right)?,
        (Val::Point(left), Val::Point(right)) => left.cmp(right),
        _ => return None,
    })
}
