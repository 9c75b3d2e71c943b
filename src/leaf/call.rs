//! Calls of functions that the host gave.

use std::sync::Arc;

use super::Cx;
use super::build::{float, text, word};
use super::getter::{Get, GetText, ReadText};
use super::plan::{Class, Value};
use super::scope::Site;

/// The most values that a function can take.
pub(crate) const MOST: usize = 6;

/// A value on its way into a function or out of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Given<'a> {
    /// Held as a word.
    Word(i64),
    /// Held as a float.
    Float(f64),
    /// A text.
    Text(&'a str),
}

/// A function as it is called: no more values than [`MOST`], none of them missing.
pub(crate) type Function = Arc<dyn for<'a> Fn(&[Given<'a>]) -> Option<Given<'a>> + Send + Sync>;

enum Argument<R> {
    Word(Get<R, i64>),
    Float(Get<R, f64>),
    Text(GetText<R>),
}

impl<R> Argument<R> {
    fn read<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<Given<'r>> {
        match self {
            Argument::Word(get) => get(r, cx).map(Given::Word),
            Argument::Float(get) => get(r, cx).map(Given::Float),
            Argument::Text(get) => get.read(r, cx).map(Given::Text),
        }
    }
}

/// A function with the getters of what it is given.
pub(crate) struct Call<R> {
    function: Function,
    arguments: Box<[Argument<R>]>,
}

impl<R: 'static> Call<R> {
    pub fn new(site: &dyn Site<R>, function: Function, arguments: &[(Class, Value)]) -> Self {
        let argument = |(class, value): &(Class, Value)| match class {
            Class::Float => Argument::Float(float(site, value)),
            Class::Text => Argument::Text(text(site, value)),
            // Collections are not passed.
            Class::Word | Class::List | Class::Words | Class::Map => Argument::Word(word(site, value)),
        };
        Call { function, arguments: arguments.iter().map(argument).collect() }
    }

    /// What it gives; missing where anything that it is given is.
    fn run<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<Given<'r>> {
        let mut given = [Given::Word(0); MOST];
        for (place, argument) in given.iter_mut().zip(&self.arguments) {
            *place = argument.read(r, cx)?;
        }
        (self.function)(given.get(..self.arguments.len())?)
    }

    pub fn word(&self, r: &R, cx: &Cx<'_>) -> Option<i64> {
        match self.run(r, cx)? {
            Given::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn float(&self, r: &R, cx: &Cx<'_>) -> Option<f64> {
        match self.run(r, cx)? {
            Given::Float(float) if float.is_finite() => Some(float),
            _ => None,
        }
    }
}

impl<R: 'static> ReadText<R> for Call<R> {
    fn read<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<&'r str> {
        match self.run(r, cx)? {
            Given::Text(text) => Some(text),
            _ => None,
        }
    }
}
