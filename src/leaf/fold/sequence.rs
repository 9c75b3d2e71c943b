//! Sequences: one event after another, in one pass over the events of all kinds that take part.
//!
//! For each step what matters of all the ways to get there is one number: until when the next step may follow. A later
//! event in between, or one that a `without` forbids, only ever takes ways off at once. Events of a step are sought only where
//! the step before leaves time for one: whatever else there is changes nothing.

use std::ops::Range;

use super::place::Place;
use super::stand::Stand;
use super::stream::{Extent, Next, Stream};
use crate::leaf::Cx;
use crate::leaf::build::Builder;
use crate::leaf::plan::{Aggregate, Chain, Pin, Tail};
use crate::leaf::program::Fold;
use crate::leaf::scratch::Found;
use crate::time::{Instant, Period, Zone};

/// Where one role of a sequence (a step, the absent last one, what must not lie between) has got to in its events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor {
    /// The next event that fits, where one has been found.
    place: Option<Place>,
    /// Where to look on from in the role's own history.
    row: usize,
    end: usize,
    /// Until when none but that one fits.
    sought: i64,
    /// Instants at which events of this role may be lacking.
    lacking: Lacking,
    /// Until when a next step may follow what ends with this one, by the events that are there.
    until: i64,
    /// The same where no lacking event could change it.
    until_surely: i64,
}

/// From `low` to `high`, empty where they are reversed.
#[derive(Debug, Clone, Copy)]
struct Lacking {
    low: i64,
    high: i64,
}

impl Lacking {
    fn meets(self, from: i64, to: i64) -> bool {
        self.low.max(from) <= self.high.min(to)
    }

    fn any(self) -> bool {
        self.low <= self.high
    }
}

/// No way has got here.
const NONE: i64 = i64::MIN;

/// A sequence ready to run. Roles are the steps, then what must not lie before each of them, then the absent one.
struct Sequence<P> {
    roles: Vec<(Behind, Box<dyn Stream<P>>)>,
    steps: Vec<Step>,
    pin: Option<Pin>,
    tail: Option<Absent>,
    /// Where steps ask about the event of the first one.
    heads: Option<Heads<P>>,
    zone: Option<Zone>,
}

/// The events of a first step that later ones ask about.
struct Heads<P> {
    stream: Box<dyn Stream<P>>,
    /// The slot that one of them is kept in.
    slot: usize,
    /// Whether the first role holds just those that agree with the one in the slot.
    grouped: bool,
}

/// One of them, to begin with.
struct Only<'h, P> {
    heads: &'h Heads<P>,
    row: usize,
    /// Whether it is surely the last one.
    surely: bool,
}

/// What a role waits for: until then its events change nothing.
#[derive(Clone, Copy)]
enum Behind {
    Nothing,
    Step(usize),
    AllSteps,
}

struct Step {
    /// How long after the step before.
    gap: Option<Period>,
    /// The role of what must not lie between.
    without: Option<usize>,
}

struct Absent {
    role: usize,
    within: Period,
    /// Whether the time for it must not be over yet.
    yet: bool,
}

/// Whether a sequence took place: 1, 0, or missing where events may be lacking that would change it.
pub(crate) fn fold<P: 'static>(builder: &Builder<'_, P>, chain: &Chain) -> Fold<P> {
    let mut roles = Vec::new();
    let mut role = |behind: Behind, rows: &Aggregate| {
        let stream = builder.kinds.get(rows.kind)?.stream(builder, rows);
        roles.push((behind, stream));
        Some(roles.len() - 1)
    };
    let behind = |step: usize| step.checked_sub(1).map_or(Behind::Nothing, Behind::Step);
    let alike = chain.alike.as_ref().and_then(|alike| alike.rows.as_ref());
    for (number, step) in chain.steps.iter().enumerate() {
        role(behind(number), alike.filter(|_| number == 0).unwrap_or(&step.rows));
    }
    let steps = chain.steps.iter().enumerate().map(|(number, step)| Step {
        gap: step.gap,
        without: step.without.as_ref().and_then(|rows| role(behind(number), rows)),
    });
    let steps: Vec<Step> = steps.collect();
    let tail = chain.tail.as_ref().and_then(|Tail { rows, within, yet }| {
        Some(Absent { role: role(Behind::AllSteps, rows)?, within: *within, yet: *yet })
    });
    let heads = chain.alike.as_ref().zip(chain.steps.first()).and_then(|(alike, first)| {
        let stream = builder.kinds.get(first.rows.kind)?.stream(builder, &first.rows);
        Some(Heads { stream, slot: alike.slot, grouped: alike.rows.is_some() })
    });
    let sequence = Sequence { roles, steps, pin: chain.pin, tail, heads, zone: chain.zone };
    Box::new(move |p, cx| {
        let truth = match &sequence.heads {
            None => cx.scratch.with_cursors(|cursors| sequence.took_place(p, cx, cursors, None)),
            Some(heads) => sequence.after_some(p, cx, heads),
        };
        truth.map_or(Found::Missing, |truth| Found::Known(i64::from(truth)))
    })
}

/// What the absent last event leaves open, by the events that are there, and surely.
#[derive(Clone, Copy)]
struct Pending {
    here: i64,
    surely: i64,
}

impl<P> Sequence<P> {
    /// Whether it took place after one of the events that may begin it: those that agree in what later steps ask of them are
    /// looked at together, at the first of them.
    fn after_some(&self, p: &P, cx: &Cx<'_>, heads: &Heads<P>) -> Option<bool> {
        let Extent { first, end, lacking: (low, high) } = heads.stream.extent(p, cx);
        let stand = Stand::new(cx, Some(heads.slot));
        let (mut from, mut begun, mut unknown) = (first, false, false);
        loop {
            let next = match self.pin {
                Some(Pin::Last) => heads.stream.last(p, cx, from, end),
                _ => heads.stream.next(p, cx, from, end).map(|(row, _)| (row, true)),
            };
            let Some((row, surely)) = next else { break };
            begun = surely;
            stand.on(row);
            let together = self.roles.first().filter(|_| heads.grouped && self.pin.is_none());
            // An event that lacks what is asked for agrees with none, not even with itself.
            let eldest = together.and_then(|(_, role)| role.next(p, cx, first, end)).map(|(row, _)| row);
            if eldest.is_none_or(|eldest| eldest == row) {
                let only = if eldest.is_some() { None } else { Some(Only { heads, row, surely }) };
                match cx.scratch.with_cursors(|cursors| self.took_place(p, cx, cursors, only)) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => unknown = true,
                }
            }
            if self.pin.is_some() {
                break;
            }
            from = row + 1;
        }
        let could_begin = low <= high && !(self.pin == Some(Pin::Last) && begun);
        (!unknown && !could_begin).then_some(false)
    }

    /// Whether it took place; `only`: with this event as its first.
    fn took_place(&self, p: &P, cx: &Cx<'_>, cursors: &mut Vec<Cursor>, only: Option<Only<'_, P>>) -> Option<bool> {
        let zone = cx.zone(self.zone);
        let last_known = self.begin(p, cx, cursors, only.as_ref());
        let beginning = cursors.first().and_then(|first| first.place);
        let first_lacks = cursors.first().is_some_and(|first| first.lacking.any());
        // Where it is unknown which event is the first, or the last, so is all that follows.
        let pinned_surely = match self.pin {
            Some(Pin::First) => !first_lacks,
            Some(Pin::Last) => last_known,
            None => true,
        };
        let could_begin = first_lacks && !last_known;
        let could_go_on = beginning.is_some_and(|beginning| {
            let later = cursors.get(1..self.steps.len()).unwrap_or_default();
            later.iter().any(|step| step.lacking.meets(beginning.at, i64::MAX))
        });
        match self.run(p, cx, cursors, zone, pinned_surely) {
            Pending { surely: 1, .. } => Some(true),
            Pending { here: 1, .. } => None,
            _ if could_begin || could_go_on => None,
            _ => Some(false),
        }
    }

    /// Puts every role before its first event, and looks for that of the first step; whether the `last` event that begins it is
    /// known to be so.
    fn begin(&self, p: &P, cx: &Cx<'_>, cursors: &mut Vec<Cursor>, only: Option<&Only<'_, P>>) -> bool {
        let mut last_known = false;
        for (_, role) in &self.roles {
            let Extent { first, end, lacking: (low, high) } = role.extent(p, cx);
            let lacking = Lacking { low, high };
            cursors.push(Cursor {
                place: None,
                row: first,
                end,
                sought: NONE,
                lacking,
                until: NONE,
                until_surely: NONE,
            });
        }
        let (Some((_, role)), Some(cursor)) = (self.roles.first(), cursors.first_mut()) else { return false };
        let next = match (only, self.pin) {
            (Some(&Only { heads, row, surely }), pin) => {
                last_known = pin == Some(Pin::Last) && surely;
                heads.stream.next(p, cx, row, row + 1)
            }
            (None, Some(Pin::Last)) => {
                let last = role.last(p, cx, cursor.row, cursor.end);
                last_known = last.is_some_and(|(_, surely)| surely);
                last.and_then(|(last, _)| role.next(p, cx, last, last + 1))
            }
            (None, _) => role.next(p, cx, cursor.row, cursor.end),
        };
        cursor.place = next.map(|(_, place)| place);
        cursor.row = next.map_or(cursor.end, |(row, _)| row + 1);
        if only.is_some() || self.pin.is_some() {
            cursor.end = cursor.row;
        }
        last_known
    }

    /// One pass over all places that matter, in order.
    fn run(&self, p: &P, cx: &Cx<'_>, cursors: &mut [Cursor], zone: Zone, pinned_surely: bool) -> Pending {
        let now = cx.now();
        let mut found = Pending { here: 0, surely: 0 };
        // Of those that end with the last step and are still without the absent event: the earliest deadline.
        let mut pending = Pending { here: i64::MAX, surely: i64::MAX };
        while let Some(place) = cursors.iter().filter_map(|cursor| cursor.place).min() {
            self.sweep(cursors, place.at);
            if let Some(tail) = &self.tail {
                found.surely |= i64::from(pending.surely < place.at);
                found.here |= i64::from(pending.here < place.at);
                if is_at(cursors, tail.role, place) {
                    pending = Pending { here: i64::MAX, surely: i64::MAX };
                }
            }
            // Later steps first, so that one event never fills two.
            for number in (0..self.steps.len()).rev() {
                let reached = is_at(cursors, number, place).then(|| reached(cursors, number, place.at, pinned_surely));
                if let Some(without) = self.steps.get(number + 1).and_then(|step| step.without)
                    && is_at(cursors, without, place)
                {
                    forget(cursors, number);
                }
                match reached {
                    Some((true, surely)) if number + 1 < self.steps.len() => {
                        self.advance(cursors, number, place.at, surely, zone);
                    }
                    Some((true, surely)) => {
                        let (here, surely) = self.complete(cursors, place.at, surely, zone, now, &mut pending);
                        found.here |= i64::from(here);
                        found.surely |= i64::from(surely);
                    }
                    _ => {}
                }
            }
            if found.surely == 1 {
                return found;
            }
            for (number, (behind, role)) in self.roles.iter().enumerate() {
                let until = behind.until(cursors, pending);
                if let Some(cursor) = cursors.get_mut(number) {
                    cursor.seek(place, until, |rows, time| role.next_in(p, cx, rows, time));
                }
            }
        }
        if self.tail.is_some() {
            found.here |= i64::from(pending.here < i64::MAX);
            found.surely |= i64::from(pending.surely < i64::MAX);
        }
        found
    }

    /// Ways across a time at which a forbidden event may be lacking are no longer sure.
    fn sweep(&self, cursors: &mut [Cursor], at: i64) {
        for (number, step) in self.steps.iter().enumerate() {
            let Some(without) = step.without.and_then(|without| cursors.get_mut(without)) else { continue };
            let low = without.lacking.low;
            if without.lacking.any() && low > i64::MIN && at >= low {
                without.lacking.low = i64::MIN;
                if let Some(before) = number.checked_sub(1).and_then(|before| cursors.get_mut(before)) {
                    before.until_surely = NONE;
                }
            }
        }
    }

    /// A way has got to a step that is not the last one.
    fn advance(&self, cursors: &mut [Cursor], number: usize, at: i64, surely: bool, zone: Zone) {
        let Some(next) = self.steps.get(number + 1) else { return };
        let until = next.gap.map_or(i64::MAX, |gap| after(at, gap, zone));
        let lacking = next.without.and_then(|without| cursors.get(without)).map(|without| without.lacking);
        let surely = surely && !lacking.is_some_and(|lacking| lacking.meets(at, at));
        if let Some(cursor) = cursors.get_mut(number) {
            cursor.until = cursor.until.max(until);
            if surely {
                cursor.until_surely = cursor.until_surely.max(until);
            }
        }
    }

    /// A way has got to the last step: whether that is all, and surely.
    fn complete(
        &self,
        cursors: &[Cursor],
        at: i64,
        surely: bool,
        zone: Zone,
        now: i64,
        pending: &mut Pending,
    ) -> (bool, bool) {
        let Some(tail) = &self.tail else { return (true, surely) };
        let deadline = after(at, tail.within, zone).min(i64::MAX - 1);
        if tail.yet == (deadline <= now) {
            return (false, false);
        }
        let lacking = cursors.get(tail.role).is_some_and(|absent| absent.lacking.meets(at, deadline.min(now)));
        pending.here = pending.here.min(deadline);
        if surely && !lacking {
            pending.surely = pending.surely.min(deadline);
        }
        (false, false)
    }
}

impl Behind {
    /// Until when an event of the role could change anything, by what has happened so far.
    fn until(self, cursors: &[Cursor], pending: Pending) -> i64 {
        match self {
            Behind::Nothing => i64::MAX,
            Behind::Step(step) => cursors.get(step).map_or(NONE, |step| step.until),
            Behind::AllSteps if pending.here == i64::MAX => NONE,
            Behind::AllSteps if pending.surely == i64::MAX => pending.here,
            Behind::AllSteps => pending.surely,
        }
    }
}

impl Cursor {
    /// Goes on to the first event after `place`, and not later than `until`.
    fn seek(&mut self, place: Place, until: i64, next_in: impl Fn(Range<usize>, (i64, i64)) -> Next) {
        if self.place.is_some_and(|own| own > place) {
            return;
        }
        self.place = None;
        while self.place.is_none() && self.sought < until && self.row < self.end {
            let Next { row, place: next } = next_in(self.row..self.end, (place.at, until));
            self.row = row;
            match next {
                // At the same instant, but before.
                Some(next) if next <= place => {}
                Some(next) => self.place = Some(next),
                None => self.sought = until,
            }
        }
    }
}

fn is_at(cursors: &[Cursor], role: usize, place: Place) -> bool {
    cursors.get(role).is_some_and(|cursor| cursor.place == Some(place))
}

/// Whether an event at a time can be this step of some way, and of one that is sure.
fn reached(cursors: &[Cursor], number: usize, at: i64, pinned_surely: bool) -> (bool, bool) {
    match number.checked_sub(1) {
        None => (true, pinned_surely),
        Some(before) => cursors.get(before).map_or((false, false), |before| {
            (before.until != NONE && at <= before.until, before.until_surely != NONE && at <= before.until_surely)
        }),
    }
}

fn forget(cursors: &mut [Cursor], number: usize) {
    if let Some(cursor) = cursors.get_mut(number) {
        (cursor.until, cursor.until_surely) = (NONE, NONE);
    }
}

fn after(at: i64, period: Period, zone: Zone) -> i64 {
    match period.is_exact() {
        true => at.saturating_add(period.millis),
        false => zone.plus(Instant::from_millis(at), period).millis(),
    }
}
