//! Which channel's places are filled first.

use super::evaluator::shown;
use super::link::Linker;
use crate::check::personal;
use crate::check::tree::{Prefer, Rules, Showplace};
use crate::diagnostic::Span;
use crate::leaf::plan::Value as PlanValue;
use crate::leaf::{Cx, ValueGetter};
use crate::schema::{Type, Value};

/// Reads which channel comes first.
pub(crate) struct Preferring<P> {
    get: ValueGetter<P>,
    ty: Type,
    /// The channel that each name of an enum is.
    channels: Vec<Option<usize>>,
    otherwise: Option<usize>,
    /// Whether it shows personal data.
    pub personal: bool,
    pub span: Span,
}

/// Which channels come first, for one customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Preference {
    pub first: Option<usize>,
    pub next: Option<usize>,
}

impl Preference {
    /// Places in the order in which they are filled, each with its number among those asked for.
    pub fn order(self, places: &[Showplace]) -> impl Iterator<Item = (usize, Showplace)> + '_ {
        let turns = if self == Self::default() { 2..3 } else { 0..3 };
        turns.flat_map(move |turn| {
            let places = places.iter().copied().enumerate();
            places.filter(move |(_, place)| self.turn(place.channel) == turn)
        })
    }

    fn turn(self, channel: usize) -> u8 {
        match Some(channel) {
            first if self.first == first => 0,
            next if self.next == next => 1,
            _ => 2,
        }
    }
}

impl<P: 'static> Preferring<P> {
    pub(super) fn link(linker: &Linker<'_, P>, rules: &Rules, value: &PlanValue, prefer: &Prefer) -> Self {
        let ty = prefer.channel.ty.clone();
        let named = |name: &String| rules.channels.iter().position(|channel| channel.name == *name);
        Preferring {
            get: linker.getter(value, ty.class()),
            channels: match &ty {
                Type::Enum(names) => names.iter().map(named).collect(),
                _ => Vec::new(),
            },
            ty,
            otherwise: prefer.otherwise,
            personal: personal::reads(rules, &prefer.channel),
            span: prefer.span,
        }
    }

    /// Which channels come first for a customer.
    pub fn of(&self, rules: &Rules, p: &P, cx: &Cx<'_>) -> Preference {
        let first = match &self.get {
            ValueGetter::Word(get) => get(p, cx).and_then(|word| *self.channels.get(usize::try_from(word).ok()?)?),
            ValueGetter::Text(get) => {
                get.read(p, cx).and_then(|name| rules.channels.iter().position(|channel| channel.name == name))
            }
            ValueGetter::Float(_) => None,
        };
        Preference { first, next: self.otherwise }
    }

    /// The value itself.
    pub fn value(&self, p: &P, cx: &Cx<'_>) -> Option<Value> {
        match &self.get {
            ValueGetter::Word(get) => get(p, cx).and_then(|word| shown(&self.ty, word)),
            ValueGetter::Text(get) => get.read(p, cx).map(|text| Value::Text(text.to_owned())),
            ValueGetter::Float(_) => None,
        }
    }
}
