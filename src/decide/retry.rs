//! When a clause that blocks will no longer do so, where time alone brings that about.

use std::collections::BTreeSet;

use super::keep::{Cause, Left};
use super::pipeline::Pipeline;
use crate::compile::{Lasting, Opening, Said};
use crate::leaf::{Cx, Moment, Test};
use crate::time::{CivilWindow, Instant, Period, SETBACK, Weekday, Zone};

/// What time may undo again is looked for in the days up to each of these, so that what comes soon is found soon: a year with
/// all its days and months, and some days more.
const AHEAD: [i32; 3] = [7, 60, 400];

/// The centuries looked ahead for what may lie ahead.
const FAR: Period = Period { months: 12 * 200, days: 0, millis: 0 };

/// When a condition opens that blocks now.
struct Ahead<'o, B> {
    opening: &'o Lasting,
    zones: Vec<Zone>,
    week_start: Weekday,
    blocks: B,
}

impl<B: Fn(Instant) -> bool> Ahead<'_, B> {
    /// The first instant after `held`, at which it blocks, and before `end` at which it does not, where nothing comes up
    /// meanwhile. Then it lets pass for good but for setbacks, so that one end is found by halving, and an earlier one, undone
    /// again, can only lie before a setback shortly before.
    fn opens_between(&self, held: Instant, end: Instant) -> Option<Instant> {
        let last = end.saturating_sub_millis(1).max(held);
        let found = if (self.blocks)(last) { end } else { self.halve(held, last) };
        let mut held = held.max(found.saturating_sub_millis(SETBACK));
        for setback in self.setbacks(held, found) {
            let before = setback.saturating_sub_millis(1);
            if !(self.blocks)(before) {
                return Some(self.halve(held, before));
            }
            held = setback;
        }
        Some(found).filter(|&found| found < end)
    }

    /// Between an instant at which it blocks and one at which it does not, one at which that changes.
    fn halve(&self, mut held: Instant, mut free: Instant) -> Instant {
        while held.saturating_add_millis(1) < free {
            let middle = Instant::from_millis(held.millis().midpoint(free.millis()));
            if (self.blocks)(middle) { held = middle } else { free = middle }
        }
        free
    }

    fn setbacks(&self, after: Instant, until: Instant) -> BTreeSet<Instant> {
        let windows = self.opening.windows.iter().flat_map(|window| self.zones.iter().map(move |zone| (window, zone)));
        windows.flat_map(|(window, &zone)| window.setbacks(after, until, zone, self.week_start)).collect()
    }

    /// When all that there is up to `now` has left every window.
    fn horizon(&self, now: Instant) -> Instant {
        let spans = self.opening.windows.iter().map(|window| match *window {
            CivilWindow::Last(period) => period,
            CivilWindow::This(_) => Period::of_months(12), // At most.
            _ => Period::default(),
        });
        let longest =
            spans.chain(self.opening.far.then_some(FAR)).map(|span| now.saturating_add_millis(span.nominal_millis()));
        // Nominal months and years may be some days short.
        longest.max().unwrap_or(now).saturating_add_millis(SETBACK)
    }
}

impl<P: Send + Sync + 'static> Pipeline<'_, P> {
    /// When what removed a candidate will no longer do so. This is found out only for those who ask.
    pub fn retry_at(&self, number: usize, left: &Left<'_>) -> Option<Instant> {
        let policy = &self.inner.rules.policy;
        let candidate = self.held(self.turn_to(number)?, left);
        match left.cause? {
            Cause::Clause(number) => {
                let clause = candidate.clauses.get(number)?;
                self.opens(clause.opens.as_ref()?, &clause.passes)
            }
            Cause::Block(number) => {
                let block = self.inner.blocks.get(number)?;
                self.opens(block.opens.as_ref()?, &block.passes)
            }
            Cause::Entry { channel } => self.admits(candidate, channel).err()?.until,
            Cause::Rest(number) => {
                let rest = policy.rests.get(number)?;
                self.contacts.rested(rest, candidate.scopes.on(rest.each)).err()?.until
            }
            Cause::Cap { cap, pending } => {
                let (number, cap) = (cap, policy.caps.get(cap)?);
                let held = self.reached(number, cap, pending)??;
                self.contacts.released(cap.limit.as_ref()?, held)
            }
            Cause::Threshold { channel } => self.turns(candidate.moves.as_ref()?, |then| {
                let then = Pipeline::new(self.inner, self.customer, then, self.inputs);
                then.factors(number, candidate, channel).is_some_and(|factors| then.is_enough(&factors))
            }),
            Cause::Begins(at) => Some(at),
            Cause::Quiet(number) => {
                let quiet = policy.quiets.get(number).filter(|quiet| quiet.waits)?;
                let moment = self.cx.moment;
                Some(quiet.zone.unwrap_or(moment.zone).clock_leaves(quiet.from, quiet.to, moment.now))
            }
        }
    }

    /// When a condition will let pass that time alone can bring about.
    fn opens(&self, opening: &Opening, passes: &Test<P>) -> Option<Instant> {
        match opening {
            Opening::Lasting(lasting) => self.opens_for_good(lasting, passes),
            Opening::Turning(_, Some(kinds)) if !self.lies_ahead(kinds) => None,
            Opening::Turning(said, _) => self.turns(said, |then| passes(self.customer, then)),
        }
    }

    /// The first instant at which anything changes that it says, and at which it lets pass.
    fn turns(&self, said: &Said, passes: impl Fn(&Cx<'_>) -> bool) -> Option<Instant> {
        let Moment { now, zone, .. } = self.cx.moment;
        let opens = |&&at: &&Instant| self.inner.at(self.customer, self.cx, at, &passes);
        let asked = (self.customer, self.cx, &*self.inputs.rows);
        let Ok(mut corners) = self.corners.try_borrow_mut() else { return None };
        let mut after = now;
        // Of amounts of time alone there are few corners, and none that a day brings about.
        let ahead = AHEAD.into_iter().skip(if said.calendar { 0 } else { AHEAD.len() - 1 });
        ahead.into_iter().find_map(|days| {
            let until = zone.plus(now, Period::of_days(days));
            let between = (std::mem::replace(&mut after, until), until);
            corners.find(self.inner, said, asked, between).iter().find(opens).copied()
        })
    }

    fn opens_for_good(&self, opening: &Lasting, passes: &Test<P>) -> Option<Instant> {
        let Moment { now, zone, week_start } = self.cx.moment;
        let mut zones: Vec<_> = self.inner.program.times.iter().filter_map(|spec| spec.zone).chain([zone]).collect();
        zones.sort_unstable_by_key(|zone| zone.name());
        zones.dedup();
        let blocks = |now| !self.inner.at(self.customer, self.cx, now, |cx| passes(self.customer, cx));
        let ahead = Ahead { opening, zones, week_start, blocks };
        let mut held = now;
        for comes in self.to_come(opening) {
            let opens = ahead.opens_between(held, comes).or_else(|| (!(ahead.blocks)(comes)).then_some(comes));
            if opens.is_some() {
                return opens;
            }
            held = comes;
        }
        ahead.opens_between(held, ahead.horizon(held))
    }

    /// Whether there are events of these kinds that lie ahead.
    fn lies_ahead(&self, kinds: &[usize]) -> bool {
        let newest = |&kind: &usize| self.inner.access.kinds.get(kind)?.newest(self.customer, self.cx);
        kinds.iter().filter_map(newest).any(|at| at > self.cx.moment.now.millis())
    }

    /// When events come to be seen that lie ahead.
    fn to_come(&self, opening: &Lasting) -> BTreeSet<Instant> {
        let mut found = Vec::new();
        if !self.lies_ahead(&opening.kinds) {
            return BTreeSet::new();
        }
        for kind in opening.kinds.iter().filter_map(|&kind| self.inner.access.kinds.get(kind)) {
            kind.instants(self.customer, self.cx, &[], &mut found);
        }
        found.into_iter().map(Instant::from_millis).filter(|&at| at > self.cx.moment.now).collect()
    }
}
