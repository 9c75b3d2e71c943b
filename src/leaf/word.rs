//! Leaves over words: ints, money, days, instants, enums, bools.

use std::sync::Arc;

use super::float::FloatLeaves;
use super::form::{Form, WordForm};
use super::getter::{and, then};
use super::list::ListLeaves;
use super::map::MapLeaves;
use super::text::TextLeaves;
use super::words::WordsLeaves;
use super::{Cx, Get, Next, Test};
use crate::geo::{Circle, Point};

/// The leaves of one attribute, by the class of its values.
pub enum Leaves<R> {
    /// Words.
    Word(Arc<dyn WordLeaves<R>>),
    /// Floats.
    Float(Arc<dyn FloatLeaves<R>>),
    /// Texts.
    Text(Arc<dyn TextLeaves<R>>),
    /// Lists of texts.
    List(Arc<dyn ListLeaves<R>>),
    /// Lists of words.
    Words(Arc<dyn WordsLeaves<R>>),
    /// Maps.
    Map(Arc<dyn MapLeaves<R>>),
}

impl<R> Clone for Leaves<R> {
    fn clone(&self) -> Self {
        match self {
            Leaves::Word(leaves) => Leaves::Word(Arc::clone(leaves)),
            Leaves::Float(leaves) => Leaves::Float(Arc::clone(leaves)),
            Leaves::Text(leaves) => Leaves::Text(Arc::clone(leaves)),
            Leaves::List(leaves) => Leaves::List(Arc::clone(leaves)),
            Leaves::Words(leaves) => Leaves::Words(Arc::clone(leaves)),
            Leaves::Map(leaves) => Leaves::Map(Arc::clone(leaves)),
        }
    }
}

impl<R> Leaves<R> {
    /// A predicate of the form's class; a form of another class, which the checker refuses, holds for nothing.
    pub(crate) fn test(&self, form: &Form, next: Next<R>) -> Test<R> {
        match (self, form) {
            (Leaves::Word(leaves), Form::Word(form)) => leaves.test(form, next),
            (Leaves::Float(leaves), Form::Float(form)) => leaves.test(form, next),
            (Leaves::Text(leaves), Form::Text(form)) => leaves.test(form, next),
            (Leaves::List(leaves), Form::List(form)) => leaves.test(form, next),
            (Leaves::Words(leaves), Form::Words(form)) => leaves.test(form, next),
            (Leaves::Map(leaves), Form::Map(form)) => leaves.test(form, next),
            _ => Box::new(|_, _| false),
        }
    }
}

impl<R: 'static> Leaves<R> {
    /// How many values a list or a map holds.
    pub(crate) fn len(&self) -> Option<Get<R, i64>> {
        match self {
            Leaves::List(leaves) => Some(leaves.len()),
            Leaves::Words(leaves) => Some(leaves.len()),
            Leaves::Map(leaves) => Some(leaves.len()),
            _ => None,
        }
    }
}

/// What can be built from an accessor of words whose type is known only here.
pub trait WordLeaves<R>: Send + Sync {
    /// A predicate, and what follows it.
    fn test(&self, form: &WordForm, next: Next<R>) -> Test<R>;
    /// The value itself.
    fn get(&self) -> Get<R, i64>;
}

/// An accessor of words.
pub struct WordAccess<F>(pub Arc<F>);

impl<R: 'static, F> WordLeaves<R> for WordAccess<F>
where
    F: Fn(&R, &Cx<'_>) -> Option<i64> + Send + Sync + 'static,
{
    fn test(&self, form: &WordForm, next: Next<R>) -> Test<R> {
        let read = Arc::clone(&self.0);
        match form.clone() {
            // An empty interval holds nothing.
            WordForm::Interval { low, high, inside } if low > high => {
                and(Box::new(move |r, cx| !inside && read(r, cx).is_some()), next)
            }
            WordForm::Interval { low, high, inside } => {
                // One unsigned comparison does for both ends.
                let width = high.wrapping_sub(low) as u64;
                then(move |r, cx| read(r, cx).is_some_and(|v| (v.wrapping_sub(low) as u64 <= width) == inside), next)
            }
            WordForm::Resolved { time, inside } => and(
                Box::new(move |r, cx| {
                    read(r, cx).is_some_and(|v| {
                        let (low, high) = cx.time(time);
                        (low <= v && v <= high) == inside
                    })
                }),
                next,
            ),
            WordForm::Set { values, inside } => match mask(&values) {
                // Small values, as enums have, are one shift and test.
                Some(mask) => {
                    let has = move |v: i64| (0..64).contains(&v) && mask >> v & 1 == 1;
                    then(move |r, cx| read(r, cx).is_some_and(|v| has(v) == inside), next)
                }
                None => and(
                    Box::new(move |r, cx| read(r, cx).is_some_and(|v| values.binary_search(&v).is_ok() == inside)),
                    next,
                ),
            },
            WordForm::Region { region, inside } => and(
                Box::new(move |r, cx| read(r, cx).is_some_and(|v| region.contains(Point::of_word(v)) == inside)),
                next,
            ),
            WordForm::Circle { centre, metres, inside } => {
                let circle = Circle::new(centre, metres.get());
                and(
                    Box::new(move |r, cx| read(r, cx).is_some_and(|v| circle.contains(Point::of_word(v)) == inside)),
                    next,
                )
            }
            WordForm::Present { known } => and(Box::new(move |r, cx| read(r, cx).is_some() == known), next),
        }
    }

    fn get(&self) -> Get<R, i64> {
        let read = Arc::clone(&self.0);
        Box::new(move |r, cx| read(r, cx))
    }
}

fn mask(values: &[i64]) -> Option<u64> {
    values.iter().try_fold(0u64, |mask, &v| (0..64).contains(&v).then(|| mask | 1 << v))
}
