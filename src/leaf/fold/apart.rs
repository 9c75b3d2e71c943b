//! A group of events kind by kind, for what does not depend on their order: nothing is merged then.

use super::kind::{At, Counter, Kind, Which, enough, found};
use super::merged::Source;
use super::stream::Stream;
use crate::leaf::Cx;
use crate::leaf::build::Builder;
use crate::leaf::build::customer::count_in;
use crate::leaf::copy::CopiedRows;
use crate::leaf::encode::Encoder;
use crate::leaf::getter::{GetText, Test};
use crate::leaf::plan::{Aggregate, Class, Function};
use crate::leaf::program::Fold;
use crate::leaf::scratch::Found;

/// A group as a kind of event, and each of its kinds with the group's properties.
pub(super) struct GroupOf<P> {
    pub merged: Box<dyn Kind<P>>,
    pub members: Vec<Box<dyn Kind<P>>>,
}

/// What is found in the events of two kinds together, by what is found in those of each; `None` where that does not say it.
type Together = fn(Found, Found) -> Option<Found>;

fn together(function: &Function) -> Option<Together> {
    Some(match function {
        Function::Count => |a, b| match (a, b) {
            (Found::Missing, _) | (_, Found::Missing) => None,
            (Found::Known(a), Found::Known(b)) => Some(Found::Known(a.saturating_add(b))),
            (Found::Known(a) | Found::AtLeast(a), Found::Known(b) | Found::AtLeast(b)) => {
                Some(Found::AtLeast(a.saturating_add(b)))
            }
        },
        Function::Sum(_, Class::Word) => |a, b| both(a, b, i64::checked_add),
        Function::Min(_, Class::Word) => |a, b| both(a, b, |a, b| Some(a.min(b))),
        Function::Max(_, Class::Word) => |a, b| both(a, b, |a, b| Some(a.max(b))),
        Function::Min(_, Class::Float) => |a, b| both_floats(a, b, f64::min),
        Function::Max(_, Class::Float) => |a, b| both_floats(a, b, f64::max),
        _ => return None,
    })
}

fn both(a: Found, b: Found, of: impl FnOnce(i64, i64) -> Option<i64>) -> Option<Found> {
    match (a, b) {
        (Found::Known(a), Found::Known(b)) => of(a, b).map(Found::Known),
        _ => None,
    }
}

fn both_floats(a: Found, b: Found, of: impl FnOnce(f64, f64) -> f64) -> Option<Found> {
    let float = |bits: i64| f64::from_bits(bits.cast_unsigned());
    both(a, b, |a, b| Some(of(float(a), float(b)).to_bits().cast_signed()))
}

/// Whether a row means the same in its own kind as in the group: clauses further in and indexes know it by its number.
fn stands_alone(aggregate: &Aggregate) -> bool {
    aggregate.keeps_row.is_none() && aggregate.join.is_none()
}

#[allow(private_interfaces)] // Sealed, as the trait is.
impl<P: 'static> Kind<P> for GroupOf<P> {
    fn fold(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Fold<P> {
        let merged = self.merged.fold(builder, aggregate);
        let Some(together) = together(&aggregate.function).filter(|_| stands_alone(aggregate)) else { return merged };
        let members: Vec<Fold<P>> = self.members.iter().map(|kind| kind.fold(builder, aggregate)).collect();
        Box::new(move |p, cx| {
            let mut each = members.iter().map(|member| member(p, cx));
            let whole = each.next().and_then(|first| each.try_fold(first, together));
            whole.unwrap_or_else(|| merged(p, cx))
        })
    }

    fn count_in(&self, builder: &Builder<'_, P>, aggregate: &Aggregate, low: i64, high: i64, want: bool) -> Test<P> {
        let merged = self.merged.count_in(builder, aggregate, low, high, want);
        if !stands_alone(aggregate) {
            return merged;
        }
        let members: Vec<Counter<P>> = self.members.iter().map(|kind| kind.counter(builder, aggregate)).collect();
        let enough = enough(low, high);
        Box::new(move |p, cx| {
            let (mut counted, mut open) = (0, false);
            for member in &members {
                let Some((more, lacks)) = member(p, cx, enough - counted) else { return merged(p, cx) };
                (counted, open) = (counted + more, open || lacks);
                if counted >= enough {
                    break;
                }
            }
            count_in(found(counted, open), low, high, want)
        })
    }

    fn counter(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Counter<P> {
        self.merged.counter(builder, aggregate)
    }

    fn stream(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Box<dyn Stream<P>> {
        self.merged.stream(builder, aggregate)
    }

    fn word_at(&self, property: Option<usize>) -> At<P, i64> {
        self.merged.word_at(property)
    }

    fn float_at(&self, property: usize) -> At<P, f64> {
        self.merged.float_at(property)
    }

    fn text_at(&self, property: usize, row: Which) -> GetText<P> {
        self.merged.text_at(property, row)
    }

    fn source(&self, kind: usize) -> Box<dyn Source> {
        self.merged.source(kind)
    }

    fn encode(&self, p: &P, cx: &Cx<'_>, keys: &[String], to: &mut Encoder) {
        self.merged.encode(p, cx, keys, to);
    }

    fn copy(&self, p: &P, cx: &Cx<'_>, keys: &[String]) -> Option<CopiedRows> {
        self.merged.copy(p, cx, keys)
    }

    fn instants(&self, p: &P, cx: &Cx<'_>, properties: &[usize], found: &mut Vec<i64>) {
        self.merged.instants(p, cx, properties, found);
    }

    fn newest(&self, p: &P, cx: &Cx<'_>) -> Option<i64> {
        self.merged.newest(p, cx)
    }

    fn member(&self, properties: &[usize]) -> Option<Box<dyn Kind<P>>> {
        self.merged.member(properties)
    }
}
