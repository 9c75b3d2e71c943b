//! What is made of the kept rows of a window.

use std::cmp::Ordering;

use super::kind::{Rows, float_of, found, is_float, text_of, word_of};
use super::{lifecycle, rank};
use crate::leaf::build::round_half_even;
use crate::leaf::getter::{Get, GetText, Test};
use crate::leaf::matcher::order_ignoring_case;
use crate::leaf::plan::{CalendarPeriod, Class, Function, Sameness};
use crate::leaf::scope::Attributes;
use crate::leaf::scratch::Found;
use crate::leaf::version::order_of_versions;
use crate::leaf::{Cx, History};
use crate::time::{Instant, Weeks, Zone};

/// Rows, filter, evaluation → what was found.
pub(crate) type Measure<H> = Box<dyn Fn(&Rows<'_, '_, H>, Option<&Test<H>>, &Cx<'_>) -> Found + Send + Sync>;

/// Builds the measure of a function; `every` is the built condition of [`Function::Every`].
pub(crate) fn measure<H: History>(leaves: &Attributes<H>, function: &Function, every: Option<Test<H>>) -> Measure<H> {
    let measure = match function {
        Function::Count => Some(count()),
        Function::DistinctTexts(property, same) => {
            text_of(leaves, *property).map(|get| distinct_texts(get, order_of(*same)))
        }
        Function::Distinct(property, class) if is_float(*class) => {
            float_of(leaves, *property).map(|get| distinct(bits(get)))
        }
        Function::Distinct(property, _) => word_of(leaves, *property).map(distinct),
        Function::Periods(period, zone) => Some(periods(*period, *zone)),
        Function::Sum(property, class) if is_float(*class) => float_of(leaves, *property).map(sum_floats),
        Function::Sum(property, _) => word_of(leaves, *property).map(sum_words),
        Function::Average { property, class, .. } if is_float(*class) => {
            float_of(leaves, *property).map(average_floats)
        }
        Function::Average { property, money, .. } => {
            let money = *money;
            word_of(leaves, *property).map(|get| average_words(get, money))
        }
        Function::Median { property, class, money } => rank::median(leaves, *property, *class, *money),
        Function::MostFrequentText(property, same) => rank::most_frequent_text(leaves, *property, order_of(*same)),
        Function::MostFrequent(property, class) => rank::most_frequent(leaves, *property, *class),
        Function::Min(property, class) => extreme(leaves, *property, *class, false),
        Function::Max(property, class) => extreme(leaves, *property, *class, true),
        Function::First => Some(first()),
        Function::Last => Some(last()),
        Function::Lifecycle { recent, previous } => Some(lifecycle::lifecycle(*recent, *previous)),
        // Sequences are no measure of one kind of event: see `super::sequence`.
        Function::Chain(_) => None,
        Function::Every(_) => every.map(all_rows),
    };
    // A property of another class than the checker saw: nothing is known.
    measure.unwrap_or_else(|| Box::new(|_, _, _| Found::Missing))
}

/// An order in which the same texts are equal.
fn order_of(same: Sameness) -> fn(&str, &str) -> Ordering {
    match same {
        Sameness::Bytes => Ord::cmp,
        Sameness::IgnoringCase => order_ignoring_case,
        Sameness::Version => order_of_versions,
    }
}

impl<H: History> Rows<'_, '_, H> {
    /// Hands the kept rows to `visit`, oldest first.
    pub(super) fn each(&self, filter: Option<&Test<H>>, cx: &Cx<'_>, mut visit: impl FnMut(usize)) {
        let mut look = |row| {
            self.stand.on(row);
            if filter.is_none_or(|filter| filter(self.history, cx)) {
                visit(row);
            }
        };
        match self.listed {
            None => (self.first..self.end).for_each(look),
            Some(listed) => listed.iter().take(self.end).skip(self.first).for_each(|&row| look(row)),
        }
    }

    /// The kept rows' values of a property, oldest first; rows without one are skipped.
    pub(super) fn values<T>(&self, filter: Option<&Test<H>>, cx: &Cx<'_>, get: &Get<H, T>, mut visit: impl FnMut(T)) {
        self.each(filter, cx, |_| {
            if let Some(value) = get(self.history, cx) {
                visit(value);
            }
        });
    }

    /// The oldest kept row.
    fn oldest(&self, filter: Option<&Test<H>>, cx: &Cx<'_>) -> Option<usize> {
        match self.listed {
            None => self.find(filter, cx, self.first..self.end),
            Some(listed) => self.find(filter, cx, listed.get(self.first..self.end)?.iter().copied()),
        }
    }

    /// The newest kept row.
    fn newest(&self, filter: Option<&Test<H>>, cx: &Cx<'_>) -> Option<usize> {
        match self.listed {
            None => self.find(filter, cx, (self.first..self.end).rev()),
            Some(listed) => self.find(filter, cx, listed.get(self.first..self.end)?.iter().rev().copied()),
        }
    }

    /// The first kept row of a direction.
    pub(super) fn find(
        &self,
        filter: Option<&Test<H>>,
        cx: &Cx<'_>,
        mut rows: impl Iterator<Item = usize>,
    ) -> Option<usize> {
        rows.find(|&row| {
            self.stand.on(row);
            filter.is_none_or(|filter| filter(self.history, cx))
        })
    }

    /// A count, honest about a history that starts late.
    fn counted(&self, n: usize) -> Found {
        found(n, self.open)
    }

    /// A value that needs all rows of the window.
    pub(super) fn whole(&self, compute: impl FnOnce() -> Option<i64>) -> Found {
        if self.open { Found::Missing } else { compute().map_or(Found::Missing, Found::Known) }
    }
}

fn count<H: History>() -> Measure<H> {
    Box::new(|rows, filter, cx| {
        let mut n = 0;
        match filter {
            None => n = rows.end - rows.first,
            Some(_) => rows.each(filter, cx, |_| n += 1),
        }
        rows.counted(n)
    })
}

fn distinct<H: History>(get: Get<H, i64>) -> Measure<H> {
    Box::new(move |rows, filter, cx| {
        let n = cx.scratch.with_buffer(|seen| {
            rows.values(filter, cx, &get, |value| seen.push(value));
            different(seen)
        });
        rows.counted(n)
    })
}

fn different(seen: &mut Vec<i64>) -> usize {
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

fn distinct_texts<H: History>(get: GetText<H>, order: fn(&str, &str) -> Ordering) -> Measure<H> {
    Box::new(move |rows, filter, cx| {
        // Row numbers are kept, not texts: the buffer holds words only.
        let n = cx.scratch.with_buffer(|seen| {
            rows.each(filter, cx, |row| {
                if get.read(rows.history, cx).is_some() {
                    seen.extend(i64::try_from(row));
                }
            });
            let read = |row: i64| {
                cx.row.set(usize::try_from(row).unwrap_or(usize::MAX));
                get.read(rows.history, cx)
            };
            let compare = |a: i64, b: i64| order(read(a).unwrap_or_default(), read(b).unwrap_or_default());
            seen.sort_unstable_by(|&a, &b| compare(a, b));
            seen.dedup_by(|a, b| compare(*a, *b).is_eq());
            seen.len()
        });
        rows.counted(n)
    })
}

fn periods<H: History>(period: CalendarPeriod, zone: Option<Zone>) -> Measure<H> {
    Box::new(move |rows, filter, cx| {
        let zone = cx.zone(zone);
        match period {
            CalendarPeriod::RollingWeeks => {
                let mut weeks = Weeks::before(cx.moment.now, zone);
                numbered(rows, filter, cx, |at| weeks.number_of(at))
            }
            CalendarPeriod::Days => numbered(rows, filter, cx, |at| zone.date_of(at).days().into()),
            CalendarPeriod::Weeks(start) => {
                numbered(rows, filter, cx, |at| zone.date_of(at).first_of_week(start).days().into())
            }
            CalendarPeriod::Months => numbered(rows, filter, cx, |at| {
                let day = zone.date_of(at);
                i64::from(day.year()) * 12 + i64::from(day.month())
            }),
        }
    })
}

/// How many different numbers the instants of the kept rows have.
fn numbered<H: History>(
    rows: &Rows<'_, '_, H>,
    filter: Option<&Test<H>>,
    cx: &Cx<'_>,
    mut number_of: impl FnMut(Instant) -> i64,
) -> Found {
    let n = cx.scratch.with_buffer(|seen| {
        rows.each(filter, cx, |row| {
            let number = number_of(rows.history.at(cx, row));
            if seen.last() != Some(&number) {
                seen.push(number);
            }
        });
        // Sorted all the same: where clocks go back over midnight, a day can come twice.
        different(seen)
    });
    rows.counted(n)
}

fn sum_words<H: History>(get: Get<H, i64>) -> Measure<H> {
    Box::new(move |rows, filter, cx| {
        rows.whole(|| {
            let mut sum = 0i128;
            rows.values(filter, cx, &get, |value| sum += i128::from(value));
            i64::try_from(sum).ok()
        })
    })
}

fn sum_floats<H: History>(get: Get<H, f64>) -> Measure<H> {
    Box::new(move |rows, filter, cx| {
        rows.whole(|| {
            let mut sum = 0.0;
            rows.values(filter, cx, &get, |value| sum += value);
            kept(sum)
        })
    })
}

fn average_words<H: History>(get: Get<H, i64>, money: bool) -> Measure<H> {
    Box::new(move |rows, filter, cx| {
        rows.whole(|| {
            let (mut sum, mut n) = (0i128, 0i128);
            rows.values(filter, cx, &get, |value| {
                sum += i128::from(value);
                n += 1;
            });
            if n == 0 {
                return None;
            }
            if money { round_half_even(sum, n) } else { kept(sum as f64 / n as f64) }
        })
    })
}

fn average_floats<H: History>(get: Get<H, f64>) -> Measure<H> {
    Box::new(move |rows, filter, cx| {
        rows.whole(|| {
            let (mut sum, mut n) = (0.0, 0.0);
            rows.values(filter, cx, &get, |value| {
                sum += value;
                n += 1.0;
            });
            // Nothing summed: 0 / 0 is NaN, which is missing.
            kept(sum / n)
        })
    })
}

/// A float as the word that slots keep; overflow and NaN are missing.
pub(super) fn kept(value: f64) -> Option<i64> {
    value.is_finite().then(|| (value + 0.0).to_bits() as i64)
}

pub(super) fn bits<H: 'static>(get: Get<H, f64>) -> Get<H, i64> {
    Box::new(move |history, cx| get(history, cx).map(|value| (value + 0.0).to_bits() as i64))
}

fn extreme<H: History>(leaves: &Attributes<H>, property: usize, class: Class, most: bool) -> Option<Measure<H>> {
    if is_float(class) {
        let get = float_of(leaves, property)?;
        return Some(Box::new(move |rows, filter, cx| {
            rows.whole(|| {
                let mut best: Option<f64> = None;
                rows.values(filter, cx, &get, |value| {
                    best = Some(best.map_or(value, |best| if most { best.max(value) } else { best.min(value) }));
                });
                best.and_then(kept)
            })
        }));
    }
    let get = word_of(leaves, property)?;
    Some(Box::new(move |rows, filter, cx| {
        rows.whole(|| {
            let mut best: Option<i64> = None;
            rows.values(filter, cx, &get, |value| {
                best = Some(best.map_or(value, |best| if most { best.max(value) } else { best.min(value) }));
            });
            best
        })
    }))
}

fn row_found(row: Option<usize>) -> Option<i64> {
    row.and_then(|row| i64::try_from(row).ok())
}

fn first<H: History>() -> Measure<H> {
    Box::new(|rows, filter, cx| rows.whole(|| row_found(rows.oldest(filter, cx))))
}

/// Known if any row is in the window, however late the history starts; of a group, if no other kind may lack a later one.
fn last<H: History>() -> Measure<H> {
    Box::new(|rows, filter, cx| {
        let newest = rows.newest(filter, cx);
        let surely =
            newest.filter(|&row| !rows.history.as_merged().is_some_and(|merged| merged.may_lack_after(cx, row)));
        row_found(surely).map_or(Found::Missing, Found::Known)
    })
}

/// One row that is not definitely so makes it false, whatever rows are lacking; none at all is false too.
fn all_rows<H: History>(holds: Test<H>) -> Measure<H> {
    Box::new(move |rows, filter, cx| {
        let (mut kept, mut failing) = (0, false);
        rows.each(filter, cx, |row| {
            kept += 1;
            rows.stand.on(row);
            failing = failing || !holds(rows.history, cx);
        });
        match (failing, rows.open) {
            (true, _) => Found::Known(0),
            (false, true) => Found::Missing,
            (false, false) => Found::Known(i64::from(kept > 0)),
        }
    })
}
