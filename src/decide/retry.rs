//! When a clause that blocks will no longer do so, where time alone brings that about.

use super::keep::Left;
use super::pipeline::Pipeline;
use crate::leaf::Moment;
use crate::time::{Instant, Period};

/// The first instant after now at which `blocks` no longer holds; it can only end as what has happened leaves a window of
/// `span`.
pub(super) fn first_free(moment: Moment, span: Period, blocks: impl Fn(Instant) -> bool) -> Option<Instant> {
    let Moment { now, zone, .. } = moment;
    // Some days of slack, since calendar arithmetic there and back can differ by a clock change or a month's end.
    let slack = Period { days: 4, ..Period::default() };
    let (mut held, mut free) = (now, zone.plus(zone.plus(now, span), slack));
    if blocks(free) {
        return None;
    }
    while held.saturating_add_millis(1) < free {
        let middle = Instant::from_millis(held.millis().midpoint(free.millis()));
        if blocks(middle) { held = middle } else { free = middle }
    }
    Some(free)
}

impl<P: Send + Sync + 'static> Pipeline<'_, P> {
    /// When what removed a candidate will no longer do so. Of clauses this is found out only for those who ask.
    pub fn retry_at(&self, candidate: usize, left: &Left<'_>) -> Option<Instant> {
        let clause = left.clause.and_then(|clause| self.inner.candidates.get(candidate)?.clauses.get(clause));
        let Some((clause, span)) = clause.and_then(|clause| Some((clause, clause.opens?))) else { return left.until };
        let passes = |now| self.inner.at(self.customer, self.cx, now, |cx| (clause.passes)(self.customer, cx));
        first_free(self.cx.moment, span, |now| !passes(now))
    }
}
