//! The values that there are, where the form of an expression alone limits them.

use std::fmt;

use super::region::Region;
use crate::check::tree::{Body, Constant, Definition, Expr, Kind, Measure, Part};
use crate::schema::Type;
use crate::syntax::ast::AggregateFunction;

/// Displayed as a sentence.
pub(in crate::check) enum Domain<'r> {
    FromZero(&'static str),
    Between(&'static str, i64, i64),
    /// The values of a score.
    OneOf(&'r str, Vec<i64>),
    Choices(i64),
    YesOrNo,
}

impl<'r> Domain<'r> {
    pub fn of(expr: &Expr, definition: impl Fn(usize) -> Option<&'r Definition>) -> Option<Self> {
        Some(match (&expr.kind, &expr.ty) {
            (Kind::Age(_), _) => Domain::FromZero("an age"),
            (Kind::Length(_), _) => Domain::FromZero("a length"),
            (Kind::Periods { .. } | Kind::Aggregate { function: AggregateFunction::Count, .. }, _) => {
                Domain::FromZero("a count")
            }
            (Kind::Part { part: Part::Hour, .. }, _) => Domain::Between("an hour", 0, 23),
            (Kind::Part { part: Part::Month, .. }, _) => Domain::Between("a month", 1, 12),
            (Kind::Part { part: Part::Day, .. }, _) => Domain::Between("a day of the month", 1, 31),
            (Kind::Definition(id), Type::Int) => Self::of_score(definition(*id)?)?,
            (Kind::Standing { measure, .. }, _) => Self::of_standing(*measure)?,
            (_, Type::Enum(names)) => Domain::Choices(i64::try_from(names.len()).ok()?),
            (_, Type::Bool) => Domain::YesOrNo,
            _ => return None,
        })
    }

    fn of_score(score: &'r Definition) -> Option<Self> {
        let constant = |value: &Expr| match value.kind {
            Kind::Constant(Constant::Int(value)) => Some(value),
            _ => None,
        };
        match &score.body {
            Body::Score { bands, otherwise } => {
                let values = bands.iter().map(|(_, value)| value).chain([otherwise]);
                let mut values = values.map(constant).collect::<Option<Vec<i64>>>()?;
                values.sort_unstable();
                values.dedup();
                Some(Domain::OneOf(&score.name, values))
            }
            Body::Expr(Expr { kind: Kind::Standing { measure, .. }, .. }) => Self::of_standing(*measure),
            _ => None,
        }
    }

    fn of_standing(measure: Measure) -> Option<Self> {
        measure.parts().map(|parts| Domain::Between("this score", 1, parts.into()))
    }

    pub fn region(&self) -> Region {
        match self {
            Domain::FromZero(_) => Region::range(0, i64::MAX),
            Domain::Between(_, low, high) => Region::range(*low, *high),
            Domain::OneOf(_, values) => Region::points(values.iter().copied()),
            Domain::Choices(count) => Region::range(0, count.saturating_sub(1)),
            Domain::YesOrNo => Region::range(0, 1),
        }
    }
}

impl fmt::Display for Domain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Domain::FromZero(what) => write!(f, "{what} is never below 0"),
            Domain::Between(what, low, high) => write!(f, "{what} lies between {low} and {high}"),
            Domain::OneOf(name, values) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, "`{name}` is one of {}", values.join(", "))
            }
            Domain::Choices(count) => write!(f, "there are only {count} choices"),
            Domain::YesOrNo => f.write_str("there is only yes and no"),
        }
    }
}
