//! The rows that a request brings, and the candidates that are made of them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::RequestError;
use super::inputs::Who;
use super::link::Linker;
use super::lowering::Lowering;
use super::request::held_of;
use crate::check::tree::{Catalog, EachRow, Rules};
use crate::diagnostic::nearest;
use crate::leaf::encode::Encoder;
use crate::leaf::{Frame, Held, Moment, Program};
use crate::schema::{Cell, RecordError, Schema, Value};
use crate::time::Instant;

/// A row, by the numbers of its columns.
pub(crate) type Row = Box<[Option<Held>]>;

/// A row as a request says it.
pub(super) type Written = Vec<(String, Value)>;

/// Who competes: each action once, or once for each of its rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    /// The rows of all catalogs, one catalog after another, each by id: the order in which they were given means nothing.
    pub all: Vec<Row>,
    /// The ids of the same.
    ids: Vec<String>,
    /// For each catalog its rows.
    of: Vec<Range<usize>>,
    /// In the order of the actions, and of one action in that of its rows. `None`: each action once.
    entrants: Option<Vec<Entrant>>,
}

/// One who competes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entrant {
    /// The number of the action.
    pub action: usize,
    /// The number of the row that it is made of.
    pub row: Option<usize>,
}

impl Rows {
    /// No rows yet.
    pub fn none(rules: &Rules) -> Self {
        let made_of_rows = rules.actions().any(|(.., action)| action.rows.is_some());
        let mut rows = Rows { of: vec![0..0; rules.catalogs.len()], ..Rows::default() };
        if made_of_rows {
            rows.entrants = Some(rows.entrants(rules).unwrap_or_default());
        }
        rows
    }

    /// The same with these rows in a catalog instead of those it had.
    pub fn with(&self, rules: &Rules, name: &str, written: &[Written]) -> Result<Self, RequestError> {
        let Some(number) = rules.catalogs.iter().position(|catalog| catalog.name == name) else {
            let nearest = nearest(name, rules.catalogs.iter().map(|catalog| catalog.name.as_str()));
            return Err(RequestError::UnknownCatalog { name: name.to_owned(), nearest: nearest.map(str::to_owned) });
        };
        let mut rows = Rows::default();
        for (catalog, of) in self.of.iter().enumerate() {
            let first = rows.all.len();
            if catalog == number {
                rows.read(rules.catalogs.get(number), written)?;
            } else {
                rows.all.extend(self.all.get(of.clone()).unwrap_or_default().iter().cloned());
                rows.ids.extend(self.ids.get(of.clone()).unwrap_or_default().iter().cloned());
            }
            rows.of.push(first..rows.all.len());
        }
        if self.entrants.is_some() {
            rows.entrants = Some(rows.entrants(rules)?);
        }
        Ok(rows)
    }

    /// Reads the rows of a catalog.
    fn read(&mut self, catalog: Option<&Catalog>, written: &[Written]) -> Result<(), RequestError> {
        let Some(catalog) = catalog else { return Ok(()) };
        let mut read: Vec<(String, Row)> = Vec::with_capacity(written.len());
        for (row, written) in written.iter().enumerate() {
            let source = |source| RequestError::Row { catalog: catalog.name.clone(), row, source };
            let held = row_of(catalog, written).map_err(source)?;
            let lacking =
                catalog.columns.iter().zip(&held).enumerate().find(|(column, (attribute, held))| {
                    held.is_none() && (!attribute.optional || *column == catalog.id)
                });
            if let Some((_, (column, _))) = lacking {
                let (catalog, column) = (catalog.name.clone(), column.name.clone());
                return Err(RequestError::MissingColumn { catalog, row, column });
            }
            let id = match held.get(catalog.id) {
                Some(Some(Held::Text(text))) => text.clone(),
                Some(Some(Held::Word(id))) => id.to_string(),
                _ => String::new(),
            };
            read.push((id, held));
        }
        // Numbers in the order of numbers, texts byte by byte.
        read.sort_by(|(a, left), (b, right)| match (left.get(catalog.id), right.get(catalog.id)) {
            (Some(Some(Held::Word(left))), Some(Some(Held::Word(right)))) => left.cmp(right),
            _ => a.cmp(b),
        });
        let mut seen = HashSet::with_capacity(read.len());
        if let Some((id, _)) = read.iter().find(|(id, _)| !seen.insert(id.as_str())) {
            return Err(RequestError::DuplicateRow { catalog: catalog.name.clone(), id: id.clone() });
        }
        for (id, row) in read {
            self.ids.push(id);
            self.all.push(row);
        }
        Ok(())
    }

    /// Every action with the rows that it is made of.
    fn entrants(&self, rules: &Rules) -> Result<Vec<Entrant>, RequestError> {
        let mut entrants = Vec::new();
        for (action, (path, _, of)) in rules.actions().enumerate() {
            let Some(each) = &of.rows else {
                entrants.push(Entrant { action, row: None });
                continue;
            };
            let passing = self.passing(rules, each);
            if passing.len() > each.limit {
                let (catalog, rows, limit) = (self.name(rules, each), passing.len(), each.limit);
                return Err(RequestError::TooManyRows { action: path, catalog, rows, limit });
            }
            entrants.extend(passing.into_iter().map(|row| Entrant { action, row: Some(row) }));
        }
        Ok(entrants)
    }

    fn name(&self, rules: &Rules, each: &EachRow) -> String {
        rules.catalogs.get(each.catalog).map(|catalog| catalog.name.clone()).unwrap_or_default()
    }

    /// The rows that an action is made of. Its filter reads the row alone, so that anybody serves as the customer.
    fn passing(&self, rules: &Rules, each: &EachRow) -> Vec<usize> {
        let rows = self.of.get(each.catalog).cloned().unwrap_or_default();
        let Some(filter) = each.filter.as_ref().filter(|_| !rows.is_empty()) else { return rows.collect() };
        let mut lowering = Lowering::new(rules);
        let plan = lowering.condition(filter, true, None);
        let plans = lowering.finish();
        let access = Schema::<()>::new().access();
        let linker = Linker::new(&access, &plans);
        let passes = linker.test(&plan);
        let program: Program<()> = linker.program(rules, &plans);
        let scratch = program.scratch();
        let frame = Frame {
            moment: Moment { now: Instant::from_millis(0), zone: rules.zone, week_start: rules.week_start },
            context: Cow::default(),
            rows: &self.all,
            rankings: Cow::default(),
            times: &program.times,
            program: &program,
            scratch: &scratch,
        };
        let cx = frame.of(&());
        rows.filter(|row| {
            cx.made_of.set(Some(*row));
            passes(&(), &cx)
        })
        .collect()
    }

    /// How many compete, where there are so many actions.
    pub fn count(&self, actions: usize) -> usize {
        self.entrants.as_ref().map_or(actions, Vec::len)
    }

    /// One of them.
    pub fn entrant(&self, number: usize) -> Option<Entrant> {
        match &self.entrants {
            Some(entrants) => entrants.get(number).copied(),
            None => Some(Entrant { action: number, row: None }),
        }
    }

    /// The id of a row.
    fn id(&self, row: usize) -> Option<&str> {
        self.ids.get(row).map(String::as_str)
    }

    /// Who one of them is, as a request names them.
    pub fn who(&self, number: usize) -> Who<'_> {
        match self.entrant(number) {
            Some(Entrant { action, row }) => Who { action, row: row.and_then(|row| self.id(row)) },
            None => Who { action: usize::MAX, row: None },
        }
    }

    /// The rows of a catalog.
    pub fn of(&self, catalog: usize) -> &[Row] {
        self.of.get(catalog).and_then(|of| self.all.get(of.clone())).unwrap_or_default()
    }

    /// Writes all rows for a digest.
    pub fn encode(&self, rules: &Rules, to: &mut Encoder) {
        for (number, catalog) in rules.catalogs.iter().enumerate() {
            to.text(&catalog.name);
            to.size(self.of(number).len());
            for row in self.of(number) {
                for (column, held) in catalog.columns.iter().zip(row) {
                    to.text(&column.name);
                    to.option(held.as_ref(), |to, held| held.encode(to));
                }
            }
        }
    }
}

fn row_of(catalog: &Catalog, written: &Written) -> Result<Row, RecordError> {
    let mut row: Row = vec![None; catalog.columns.len()].into();
    for (name, value) in written {
        let found = catalog.columns.iter().enumerate().find(|(_, column)| column.name == *name);
        let Some((index, column)) = found else {
            let nearest = nearest(name, catalog.columns.iter().map(|column| column.name.as_str()));
            let (name, nearest) = (name.clone(), nearest.map(str::to_owned));
            return Err(RecordError::UnknownName { what: "column", name, nearest });
        };
        if let Some(place) = row.get_mut(index) {
            *place = Cell::of(column, value.clone())?.and_then(held_of);
        }
    }
    Ok(row)
}
