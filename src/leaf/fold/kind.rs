//! One kind of event of one customer type.

use std::sync::Arc;

use super::bounds::{Bounds, within};
use super::measure;
use super::merged::{Source, SourceOf};
use super::probe::{Probe, between};
use super::stand::Stand;
use super::stream::{Kept, Stream};
use crate::leaf::build::customer::count_in;
use crate::leaf::build::{self, Builder};
use crate::leaf::copy::{self, CopiedRows};
use crate::leaf::encode::{self, Encoder};
use crate::leaf::getter::{Get, GetText, ReadText, Test};
use crate::leaf::history::{count_against, end, open, rows};
use crate::leaf::plan::{Aggregate, Class, Function};
use crate::leaf::program::{Fold, program};
use crate::leaf::scope::{Attributes, OnRows};
use crate::leaf::scratch::Found;
use crate::leaf::word::Leaves;
use crate::leaf::{Cx, History};

/// A word read from one row, given by number.
pub(crate) type At<P, T> = Box<dyn Fn(&P, &Cx<'_>, usize) -> Option<T> + Send + Sync>;

/// As many as are enough → how many rows are kept, and whether earlier ones may be lacking; `None` where nothing is known.
pub(crate) type Counter<P> = Box<dyn Fn(&P, &Cx<'_>, usize) -> Option<(usize, bool)> + Send + Sync>;

/// What can be built from a kind of event whose history type is known only here.
#[allow(private_interfaces)] // Sealed: hosts describe kinds through the schema builder and never implement this.
pub trait Kind<P>: Send + Sync {
    /// A shared aggregate.
    fn fold(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Fold<P>;
    /// Whether a count is in `low ..= high`, stopping as soon as that is settled.
    fn count_in(&self, builder: &Builder<'_, P>, aggregate: &Aggregate, low: i64, high: i64, want: bool) -> Test<P>;
    /// How many rows are kept, looked at until there are enough.
    fn counter(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Counter<P>;
    /// The rows of a role in a sequence.
    fn stream(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Box<dyn Stream<P>>;
    /// A property of a row; `None` is its instant.
    fn word_at(&self, property: Option<usize>) -> At<P, i64>;
    /// A property of a row.
    fn float_at(&self, property: usize) -> At<P, f64>;
    /// A property of a row.
    fn text_at(&self, property: usize, row: Which) -> GetText<P>;
    /// Its rows, to be merged with those of other kinds; its number among the kinds.
    fn source(&self, kind: usize) -> Box<dyn Source>;
    /// Writes all of its rows, with the values of these keys where a property is a map.
    fn encode(&self, p: &P, cx: &Cx<'_>, keys: &[String], to: &mut Encoder);
    /// Copies all of its rows, likewise; `None` where nothing is known of them.
    fn copy(&self, p: &P, cx: &Cx<'_>, keys: &[String]) -> Option<CopiedRows>;
    /// All instants that rows have, also as these properties, and the last of which rows may be lacking.
    fn instants(&self, p: &P, cx: &Cx<'_>, properties: &[usize], found: &mut Vec<i64>);
    /// The last instant of a row, or at which rows may be lacking, however far ahead it lies.
    fn newest(&self, p: &P, cx: &Cx<'_>) -> Option<i64>;
    /// The same events with these properties, in this order: as a group that they are of has them.
    fn member(&self, properties: &[usize]) -> Option<Box<dyn Kind<P>>>;
}

/// A row that something else has found.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    /// The row that the evaluation stands on.
    Current,
    /// The row that an aggregate finds.
    Found(usize),
    /// The row that a clause further out keeps in a slot.
    Kept(usize),
}

/// A kind of event read by `G` from a customer; a customer without the history knows nothing of these events.
pub struct KindOf<G, H> {
    history: Arc<G>,
    leaves: Arc<Attributes<H>>,
}

impl<G, H> KindOf<G, H> {
    /// Joins an accessor of the history with the leaves of its rows.
    pub fn new<P>(history: G, leaves: Attributes<H>) -> Self
    where
        G: for<'r> Fn(&'r P, &'r Cx<'_>) -> Option<&'r H>,
    {
        KindOf { history: Arc::new(history), leaves: Arc::new(leaves) }
    }
}

/// A window's rows in a history.
pub(crate) struct Rows<'h, 'a, H> {
    pub history: &'h H,
    pub first: usize,
    pub end: usize,
    /// Where not all rows are looked at: those that are, of which `first` and `end` then count the places.
    pub listed: Option<&'h [usize]>,
    /// Earlier rows of the window may be lacking.
    pub open: bool,
    pub stand: Stand<'h, 'a>,
}

#[allow(private_interfaces)] // Sealed, as the trait is.
impl<P: 'static, H: History, G> Kind<P> for KindOf<G, H>
where
    G: for<'r> Fn(&'r P, &'r Cx<'_>) -> Option<&'r H> + Send + Sync + 'static,
{
    fn fold(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Fold<P> {
        let history = Arc::clone(&self.history);
        let filter = self.filter(builder, aggregate);
        let every = match &aggregate.function {
            Function::Every(plan) => Some(build::test(&self.on_rows(builder), plan)),
            _ => None,
        };
        let (bounds, within) = (Bounds::new(builder, &aggregate.window), within(builder, &aggregate.within));
        let probe = self.probe(builder, aggregate);
        let slot = aggregate.keeps_row;
        let measure = measure::measure(&self.leaves, &aggregate.function, every);
        Box::new(move |p, cx| {
            let (Some(history), Some((low, high))) = (history(p, cx), bounds.of(p, cx)) else { return Found::Missing };
            let open = open(history, low, high);
            let (low, high) = within.as_ref().map_or((low, high), |within| within(p, cx, (low, high)));
            let stand = Stand::new(cx, slot);
            let Some(probe) = &probe else {
                let (first, end) = rows(history, cx, low, high);
                let rows = Rows { history, first, end, listed: None, open, stand };
                return measure(&rows, filter.as_ref(), cx);
            };
            probe.rows(p, history, cx, |listed| {
                let (first, end) = between(history, cx, listed, low, high);
                let rows = Rows { history, first, end, listed: Some(listed), open, stand };
                measure(&rows, filter.as_ref(), cx)
            })
        })
    }

    fn count_in(&self, builder: &Builder<'_, P>, aggregate: &Aggregate, low: i64, high: i64, want: bool) -> Test<P> {
        if aggregate.filter.is_some() || aggregate.join.is_some() {
            let (counter, enough) = (self.counting(builder, aggregate), enough(low, high));
            return Box::new(move |p, cx| {
                counter(p, cx, enough).is_some_and(|(counted, open)| count_in(found(counted, open), low, high, want))
            });
        }
        let history = Arc::clone(&self.history);
        let (bounds, within) = (Bounds::new(builder, &aggregate.window), within(builder, &aggregate.within));
        Box::new(move |p, cx| {
            let (Some(history), Some((from, to))) = (history(p, cx), bounds.of(p, cx)) else { return false };
            let open = open(history, from, to);
            let (from, to) = within.as_ref().map_or((from, to), |within| within(p, cx, (from, to)));
            let counted = count_against(history, cx, from, end_of(history, cx, from, to), [low, high]);
            let found = if open { Found::AtLeast(counted) } else { Found::Known(counted) };
            count_in(found, low, high, want)
        })
    }

    fn counter(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Counter<P> {
        Box::new(self.counting(builder, aggregate))
    }

    fn stream(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Box<dyn Stream<P>> {
        let (bounds, filter) = (Bounds::new(builder, &aggregate.window), self.filter(builder, aggregate));
        let (history, kind) = (Arc::clone(&self.history), aggregate.kind);
        let probe = self.probe(builder, aggregate);
        Box::new(Kept { history, kind, bounds, probe, filter, slot: aggregate.keeps_row })
    }

    fn word_at(&self, property: Option<usize>) -> At<P, i64> {
        let history = Arc::clone(&self.history);
        let Some(property) = property else {
            return Box::new(move |p, cx, row| {
                let history = history(p, cx)?;
                (row < history.len()).then(|| history.at(cx, row).millis())
            });
        };
        match self.leaves.0.get(property) {
            Some(Leaves::Word(leaves)) => at_row(history, leaves.get()),
            _ => Box::new(|_, _, _| None),
        }
    }

    fn float_at(&self, property: usize) -> At<P, f64> {
        match self.leaves.0.get(property) {
            Some(Leaves::Float(leaves)) => at_row(Arc::clone(&self.history), leaves.get()),
            _ => Box::new(|_, _, _| None),
        }
    }

    fn text_at(&self, property: usize, row: Which) -> GetText<P> {
        match self.leaves.0.get(property) {
            Some(Leaves::Text(leaves)) => {
                Box::new(RowText { history: Arc::clone(&self.history), text: leaves.get(), row })
            }
            _ => Box::new(crate::leaf::getter::NoText),
        }
    }

    fn source(&self, kind: usize) -> Box<dyn Source> {
        Box::new(SourceOf::<P, G, H>::new(Arc::clone(&self.history), kind))
    }

    fn encode(&self, p: &P, cx: &Cx<'_>, keys: &[String], to: &mut Encoder) {
        to.option((self.history)(p, cx), |to, history| encode::rows(history, cx, &self.leaves.0, keys, to));
    }

    fn copy(&self, p: &P, cx: &Cx<'_>, keys: &[String]) -> Option<CopiedRows> {
        Some(copy::rows((self.history)(p, cx)?, cx, &self.leaves.0, keys))
    }

    fn instants(&self, p: &P, cx: &Cx<'_>, properties: &[usize], found: &mut Vec<i64>) {
        let Some(history) = (self.history)(p, cx) else { return };
        found.extend(history.complete_since().map(|since| since.millis().saturating_sub(1)));
        let properties: Vec<_> = properties.iter().filter_map(|&property| word_of(&self.leaves, property)).collect();
        let outer = cx.row.get();
        for row in 0..history.len() {
            cx.row.set(row);
            found.push(history.at(cx, row).millis());
            found.extend(properties.iter().filter_map(|property| property(history, cx)));
        }
        cx.row.set(outer);
    }

    fn newest(&self, p: &P, cx: &Cx<'_>) -> Option<i64> {
        let history = (self.history)(p, cx)?;
        let since = history.complete_since().map(|since| since.millis());
        let row = history.len().checked_sub(1).map(|row| history.at(cx, row).millis());
        since.max(row)
    }

    fn member(&self, properties: &[usize]) -> Option<Box<dyn Kind<P>>> {
        let leaves = properties.iter().map(|&property| self.leaves.0.get(property).cloned());
        let leaves = Arc::new(Attributes(leaves.collect::<Option<_>>()?));
        Some(Box::new(KindOf { history: Arc::clone(&self.history), leaves }))
    }
}

impl<G, H: History> KindOf<G, H> {
    /// See [`Kind::counter`].
    fn counting<P: 'static>(
        &self,
        builder: &Builder<'_, P>,
        aggregate: &Aggregate,
    ) -> impl Fn(&P, &Cx<'_>, usize) -> Option<(usize, bool)> + Send + Sync + 'static
    where
        G: for<'r> Fn(&'r P, &'r Cx<'_>) -> Option<&'r H> + Send + Sync + 'static,
    {
        let history = Arc::clone(&self.history);
        let filter = self.filter(builder, aggregate);
        let (bounds, within) = (Bounds::new(builder, &aggregate.window), within(builder, &aggregate.within));
        let probe = self.probe(builder, aggregate);
        let slot = aggregate.keeps_row;
        move |p, cx, enough| {
            let (history, (from, to)) = (history(p, cx)?, bounds.of(p, cx)?);
            let open = open(history, from, to);
            let (from, to) = within.as_ref().map_or((from, to), |within| within(p, cx, (from, to)));
            let stand = Stand::new(cx, slot);
            let passes = |row| {
                stand.on(row);
                filter.as_ref().is_none_or(|filter| filter(history, cx))
            };
            let counted = match &probe {
                Some(probe) => probe.rows(p, history, cx, |listed| {
                    let (first, end) = between(history, cx, listed, from, to);
                    let listed = listed.get(first..end).unwrap_or_default().iter().rev();
                    listed.filter(|&&row| passes(row)).take(enough).count()
                }),
                None => newest_first(history, cx, from, end_of(history, cx, from, to), enough, passes),
            };
            Some((counted, open))
        }
    }

    fn on_rows<'a, P>(&'a self, builder: &'a Builder<'a, P>) -> OnRows<'a, P, H> {
        OnRows { builder, leaves: &self.leaves }
    }

    fn probe<P: 'static>(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Option<Probe<P, H>> {
        let join = aggregate.join.as_ref()?;
        Some(Probe::new(builder, &self.on_rows(builder), join, builder.indexes.get(join.index)?))
    }

    fn filter<P: 'static>(&self, builder: &Builder<'_, P>, aggregate: &Aggregate) -> Option<Test<H>> {
        aggregate.filter.as_ref().map(|plan| build::test(&self.on_rows(builder), plan))
    }
}

fn end_of<H: History>(history: &H, cx: &Cx<'_>, low: i64, high: i64) -> usize {
    if low > high { 0 } else { end(history, cx, high) }
}

/// From this count on, whether it is in `low ..= high` no longer changes.
pub(super) fn enough(low: i64, high: i64) -> usize {
    let enough = if high == i64::MAX { low } else { high.saturating_add(1) };
    usize::try_from(enough).unwrap_or(0)
}

/// A count, honest about a history that starts late.
pub(super) fn found(counted: usize, open: bool) -> Found {
    let counted = i64::try_from(counted).unwrap_or(i64::MAX);
    if open { Found::AtLeast(counted) } else { Found::Known(counted) }
}

/// Counts the rows of a window that pass, from the newest on, until there are enough.
fn newest_first<H: History>(
    history: &H,
    cx: &Cx<'_>,
    low: i64,
    end: usize,
    enough: usize,
    passes: impl Fn(usize) -> bool,
) -> usize {
    let (mut counted, mut row) = (0, end);
    while row > 0 && counted < enough {
        row -= 1;
        if history.at(cx, row).millis() < low {
            break;
        }
        counted += usize::from(passes(row));
    }
    counted
}

fn at_row<P: 'static, H: History, G, T: 'static>(history: Arc<G>, get: Get<H, T>) -> At<P, T>
where
    G: for<'r> Fn(&'r P, &'r Cx<'_>) -> Option<&'r H> + Send + Sync + 'static,
{
    Box::new(move |p, cx, row| {
        let history = history(p, cx)?;
        let outer = cx.row.replace(row);
        let value = get(history, cx);
        cx.row.set(outer);
        value
    })
}

/// A text of a row that something else has found.
struct RowText<G, H> {
    history: Arc<G>,
    text: GetText<H>,
    row: Which,
}

impl<P: 'static, H: History, G> ReadText<P> for RowText<G, H>
where
    G: for<'r> Fn(&'r P, &'r Cx<'_>) -> Option<&'r H> + Send + Sync + 'static,
{
    fn read<'r>(&'r self, p: &'r P, cx: &'r Cx<'_>) -> Option<&'r str> {
        let row = match self.row {
            Which::Current => cx.row(),
            Which::Kept(slot) => cx.scratch.row_in(slot),
            Which::Found(aggregate) => match program(cx)?.aggregate(p, cx, aggregate) {
                Found::Known(row) => usize::try_from(row).ok()?,
                Found::Missing | Found::AtLeast(_) => return None,
            },
        };
        let outer = cx.row.replace(row);
        let text = self.text.read((self.history)(p, cx)?, cx);
        cx.row.set(outer);
        text
    }
}

/// Words, floats and texts of properties, for measures.
pub(crate) fn word_of<H: 'static>(leaves: &Attributes<H>, property: usize) -> Option<Get<H, i64>> {
    match leaves.0.get(property) {
        Some(Leaves::Word(leaves)) => Some(leaves.get()),
        _ => None,
    }
}

pub(crate) fn float_of<H: 'static>(leaves: &Attributes<H>, property: usize) -> Option<Get<H, f64>> {
    match leaves.0.get(property) {
        Some(Leaves::Float(leaves)) => Some(leaves.get()),
        _ => None,
    }
}

pub(crate) fn text_of<H: 'static>(leaves: &Attributes<H>, property: usize) -> Option<GetText<H>> {
    match leaves.0.get(property) {
        Some(Leaves::Text(leaves)) => Some(leaves.get()),
        _ => None,
    }
}

pub(crate) fn is_float(class: Class) -> bool {
    class == Class::Float
}
