//! Rests after outcomes.

use super::contacts::{Blocked, Contacts};
use crate::check::tree::Rest;
use crate::compile::Scope;
use crate::schema::{ContactKind, Outcome};
use crate::time::Instant;

impl Contacts<'_> {
    /// Whether what has this scope may be brought forward again.
    ///
    /// Each outcome that is the nth or later of its window, without one that excuses it, begins a rest. What may be lacking
    /// counts, and excuses nothing.
    pub fn rested(&self, rest: &Rest, scope: Scope) -> Result<(), Blocked> {
        if self.rows.is_none() {
            return Err(Blocked { until: None });
        }
        let (zone, lacking) = (self.moment.zone, self.lacking());
        let rows = || self.about(scope).filter(|row| row.kind != ContactKind::Service);
        let times = |times: &mut Vec<Instant>, says: &dyn Fn(Outcome) -> bool| {
            times.clear();
            times.extend(rows().filter(|row| says(row.outcome)).map(|row| row.at));
        };
        let [mut outcomes, mut excuses] = self.instants.take();
        times(&mut outcomes, &|outcome| rest.outcome.is(outcome));
        if outcomes.is_empty() && lacking.is_none() {
            self.instants.set([outcomes, excuses]);
            return Ok(());
        }
        times(&mut excuses, &|outcome| rest.without.is_some_and(|without| without.is(outcome)));
        let least = usize::try_from(rest.count).unwrap_or(usize::MAX);
        let begins = |&&at: &&Instant| {
            let after = zone.minus(at, rest.within);
            let counted = within(&outcomes, after, at);
            let perhaps_more = lacking.is_some_and(|lacking| after < lacking);
            (counted >= least || perhaps_more) && within(&excuses, after, at) == 0
        };
        let ends = outcomes.iter().filter(begins).copied().chain(lacking).map(|at| zone.plus(at, rest.length));
        let last = ends.max();
        self.instants.set([outcomes, excuses]);
        match last {
            Some(end) if self.moment.now < end => Err(Blocked { until: Some(end) }),
            _ => Ok(()),
        }
    }
}

/// How many of these, which are in their order, lie in (after, until].
fn within(times: &[Instant], after: Instant, until: Instant) -> usize {
    let up_to = |end: Instant| times.partition_point(|&at| at <= end);
    up_to(until).saturating_sub(up_to(after))
}
