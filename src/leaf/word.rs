//! Leaves over words: ints, money, days, instants, enums, bools.

use std::sync::Arc;

use super::float::FloatLeaves;
use super::form::{Form, WordForm};
use super::list::ListLeaves;
use super::text::TextLeaves;
use super::{Cx, Get, Test};

/// The leaves of one attribute, by the class of its values.
pub enum Leaves<R> {
    /// Words.
    Word(Box<dyn WordLeaves<R>>),
    /// Floats.
    Float(Box<dyn FloatLeaves<R>>),
    /// Texts.
    Text(Box<dyn TextLeaves<R>>),
    /// Lists of texts.
    List(Box<dyn ListLeaves<R>>),
}

impl<R> Leaves<R> {
    /// A predicate of the form's class; a form of another class, which the checker refuses, holds for nothing.
    pub(crate) fn test(&self, form: &Form) -> Test<R> {
        match (self, form) {
            (Leaves::Word(leaves), Form::Word(form)) => leaves.test(form),
            (Leaves::Float(leaves), Form::Float(form)) => leaves.test(form),
            (Leaves::Text(leaves), Form::Text(form)) => leaves.test(form),
            (Leaves::List(leaves), Form::List(form)) => leaves.test(form),
            _ => Box::new(|_, _| false),
        }
    }
}

/// What can be built from an accessor of words whose type is known only here.
pub trait WordLeaves<R>: Send + Sync {
    /// A predicate.
    fn test(&self, form: &WordForm) -> Test<R>;
    /// The value itself.
    fn get(&self) -> Get<R, i64>;
}

/// An accessor of words.
pub struct WordAccess<F>(pub Arc<F>);

impl<R: 'static, F> WordLeaves<R> for WordAccess<F>
where
    F: Fn(&R, &Cx<'_>) -> Option<i64> + Send + Sync + 'static,
{
    fn test(&self, form: &WordForm) -> Test<R> {
        let read = Arc::clone(&self.0);
        match form.clone() {
            WordForm::Interval { low, high, inside: true } => {
                // One unsigned comparison does for both ends; an empty interval holds nothing.
                if low > high {
                    return Box::new(|_, _| false);
                }
                let width = high.wrapping_sub(low) as u64;
                Box::new(move |r, cx| read(r, cx).is_some_and(|v| v.wrapping_sub(low) as u64 <= width))
            }
            WordForm::Interval { low, high, inside: false } => {
                Box::new(move |r, cx| read(r, cx).is_some_and(|v| v < low || v > high))
            }
            WordForm::Resolved { time, inside } => Box::new(move |r, cx| {
                read(r, cx).is_some_and(|v| {
                    let (low, high) = cx.time(time);
                    (low <= v && v <= high) == inside
                })
            }),
            WordForm::Set { values, inside } => match mask(&values) {
                // Small values, as enums have, are one shift and test.
                Some(mask) => Box::new(move |r, cx| {
                    read(r, cx).is_some_and(|v| ((0..64).contains(&v) && mask >> v & 1 == 1) == inside)
                }),
                None => Box::new(move |r, cx| read(r, cx).is_some_and(|v| values.binary_search(&v).is_ok() == inside)),
            },
            WordForm::Present { known } => Box::new(move |r, cx| read(r, cx).is_some() == known),
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
