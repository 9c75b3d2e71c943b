//! Segments → rows: the ways in which each can hold.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::ask::Ask;
use crate::leaf::form::Form;
use crate::leaf::plan::{Class, Place, Plan, Value};

/// One way in which a segment can hold.
pub(super) struct Row<'p> {
    /// Its place among the segments.
    pub segment: u32,
    /// What is asked of each dimension, by its number, and by which conditions.
    pub asks: Vec<(usize, Asked<'p>)>,
    /// What else has to hold.
    pub rest: Vec<&'p Plan>,
}

/// What a row asks of a dimension.
pub(super) struct Asked<'p> {
    pub ask: Ask,
    /// The conditions that say so.
    pub by: Vec<&'p Plan>,
}

/// A value that rules ask about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Source {
    pub value: Value,
    pub class: Class,
}

/// A segment has so many rows at most; alternatives beyond that are tested as they stand.
const WAYS: usize = 16;

/// Segments that a segment names are taken apart with it so deep, where they are no larger than this.
const DEPTH: usize = 4;
const CONDITIONS: usize = 32;

/// What fewer of a hundred rows ask about is tested, since every customer's value would have to be looked up.
const SELDOM: usize = 1;

/// So many attributes are looked up at most.
const DIMENSIONS: usize = 256;

/// Takes segments apart.
pub(super) struct Rows<'p> {
    /// The plans of definitions that definitely hold.
    yes: &'p [Option<Plan>],
    numbers: FxHashMap<Source, usize>,
    /// The dimensions, by number.
    pub sources: Vec<Source>,
    /// How many rows ask about each.
    pub asking: Vec<usize>,
    pub rows: Vec<Row<'p>>,
}

impl<'p> Rows<'p> {
    /// The rows of segments, which are given by their numbers among definitions.
    pub fn of(segments: impl Iterator<Item = usize>, yes: &'p [Option<Plan>]) -> Self {
        let mut rows =
            Rows { yes, numbers: FxHashMap::default(), sources: Vec::new(), asking: Vec::new(), rows: Vec::new() };
        for (segment, definition) in (0..).zip(segments) {
            if let Some(Some(plan)) = yes.get(definition) {
                for way in rows.ways(plan, DEPTH) {
                    rows.add(segment, way);
                }
            }
        }
        rows.narrow();
        rows
    }

    /// Leaves to be tested what few rows ask about.
    fn narrow(&mut self) {
        let mut asking = vec![0_usize; self.sources.len()];
        for (number, _) in self.rows.iter().flat_map(|row| &row.asks) {
            asking.iter_mut().skip(*number).take(1).for_each(|count| *count += 1);
        }
        let often = |&(count, _): &(usize, usize)| count * 100 >= self.rows.len() * SELDOM;
        let mut kept: Vec<(usize, usize)> = asking.into_iter().zip(0..).filter(often).collect();
        kept.sort_by_key(|&(count, number)| (Reverse(count), number));
        kept.truncate(DIMENSIONS);
        let numbers: FxHashMap<usize, usize> = kept.iter().map(|&(_, number)| number).zip(0..).collect();
        for row in &mut self.rows {
            for (number, asked) in std::mem::take(&mut row.asks) {
                match numbers.get(&number) {
                    Some(&number) => row.asks.push((number, asked)),
                    None => row.rest.extend(asked.by),
                }
            }
        }
        self.asking = kept.iter().map(|&(count, _)| count).collect();
        self.sources = kept.iter().filter_map(|&(_, number)| self.sources.get(number).cloned()).collect();
    }

    /// The ways in which a condition can hold, each as the conditions that all have to.
    fn ways(&self, plan: &'p Plan, depth: usize) -> Vec<Vec<&'p Plan>> {
        match plan {
            Plan::Const(true) => vec![Vec::new()],
            Plan::Const(false) => Vec::new(),
            Plan::All(parts) => {
                let mut ways = vec![Vec::new()];
                for part in parts {
                    let mut more = self.ways(part, depth);
                    if more.len() > 1 && more.len() * ways.len() > WAYS {
                        more = vec![vec![part]];
                    }
                    ways = both(&ways, &more);
                }
                ways
            }
            Plan::Any(parts) if parts.len() <= WAYS => {
                let ways: Vec<_> = parts.iter().flat_map(|part| self.ways(part, depth)).collect();
                if ways.len() <= WAYS { ways } else { vec![vec![plan]] }
            }
            Plan::Named { condition, want: true } if depth > 0 => match self.yes.get(*condition) {
                Some(Some(named)) if size(named) <= CONDITIONS => self.ways(named, depth - 1),
                _ => vec![vec![plan]],
            },
            _ => vec![vec![plan]],
        }
    }

    fn add(&mut self, segment: u32, conditions: Vec<&'p Plan>) {
        let mut row = Row { segment, asks: Vec::new(), rest: Vec::new() };
        for condition in conditions {
            let looked_up = match condition {
                Plan::Test(value, form) if is_read(value, form) => Ask::of(form).map(|ask| (value, form, ask)),
                _ => None,
            };
            let Some((value, form, ask)) = looked_up else {
                row.rest.push(condition);
                continue;
            };
            let number = self.number(value, form);
            match row.asks.iter_mut().find(|(known, _)| *known == number) {
                None => row.asks.push((number, Asked { ask, by: vec![condition] })),
                Some((_, asked)) => match asked.ask.and(&ask) {
                    Some(both) => {
                        asked.ask = both;
                        asked.by.push(condition);
                    }
                    None => row.rest.push(condition),
                },
            }
        }
        if !row.asks.iter().any(|(_, asked)| asked.ask.is_empty()) {
            self.rows.push(row);
        }
    }

    fn number(&mut self, value: &Value, form: &Form) -> usize {
        let class = match form {
            Form::Word(_) => Class::Word,
            Form::Float(_) => Class::Float,
            Form::Text(_) => Class::Text,
            Form::List(_) => Class::List,
            Form::Words(_) => Class::Words,
            Form::Map(_) => Class::Map,
        };
        let source = Source { value: value.clone(), class };
        *self.numbers.entry(source).or_insert_with_key(|source| {
            self.sources.push(source.clone());
            self.sources.len() - 1
        })
    }
}

/// Whether a value is read off, which is worth doing for every customer.
fn is_read(value: &Value, form: &Form) -> bool {
    match form {
        Form::List(_) => matches!(value, Value::Attribute(Place::Customer, _)),
        _ => matches!(value, Value::Attribute(Place::Customer | Place::Context, _) | Value::Item(Place::Customer, ..)),
    }
}

fn both<'p>(ways: &[Vec<&'p Plan>], more: &[Vec<&'p Plan>]) -> Vec<Vec<&'p Plan>> {
    let pairs = ways.iter().flat_map(|way| more.iter().map(move |other| (way, other)));
    pairs.map(|(way, other)| way.iter().chain(other).copied().collect()).collect()
}

/// How many conditions there are in one.
fn size(plan: &Plan) -> usize {
    match plan {
        Plan::All(parts) | Plan::Any(parts) | Plan::AtLeast(_, parts) => parts.iter().map(size).sum(),
        _ => 1,
    }
}
