//! Sequences: every choice of one event for each step is looked at.

use nextbest::check::tree::{Chain, Clause};
use nextbest::syntax::ast::Edge;
use nextbest::{Instant, Period};

use super::Oracle;
use super::customer::Row;
use super::interpret::Scope;
use super::value::Truth;

/// An event that a clause keeps, where it stands among all events of a customer.
#[derive(Clone, Copy)]
struct Placed<'a> {
    place: (Instant, u64, usize, usize),
    row: &'a Row,
}

/// The events of a clause, and from when to when others may be lacking.
struct Role<'a> {
    events: Vec<Placed<'a>>,
    lacking: Option<(Instant, Instant)>,
}

impl Role<'_> {
    fn may_lack_between(&self, from: Instant, to: Instant) -> bool {
        from <= to && self.lacking.is_some_and(|(first, last)| first <= to && from <= last)
    }
}

/// Whether lacking events are taken into account.
#[derive(Clone, Copy, PartialEq)]
enum Eye {
    /// What is not there did not happen.
    Here,
    /// What may be lacking may have happened.
    Surely,
}

impl<'a> Oracle<'a> {
    pub fn chain(&self, chain: &Chain, scope: Scope<'a>) -> Truth {
        let first = &chain.steps[0].clause;
        let Role { mut events, lacking } = self.role(first, scope);
        match chain.pin {
            Some(Edge::First) => events.truncate(1),
            Some(_) => events = events.last().copied().into_iter().collect(),
            None => {}
        }
        // Which event is the first, or the last, of a history that may lack others is not sure.
        let last_known = events.last().is_some_and(|last| !self.may_lack_after(first.event, last.row));
        let sure = match chain.pin {
            Some(Edge::First) => lacking.is_none(),
            Some(_) => last_known,
            None => true,
        };
        let could_begin = lacking.is_some() && (chain.pin != Some(Edge::Last) || !last_known);
        let ways = events.iter().map(|&event| self.beginning_with(chain, event, sure, scope.keeping(first, event.row)));
        let best = ways.max_by_key(|truth| [Truth::False, Truth::Unknown, Truth::True].iter().position(|t| t == truth));
        match best {
            Some(Truth::True) => Truth::True,
            Some(Truth::Unknown) => Truth::Unknown,
            _ if could_begin => Truth::Unknown,
            _ => Truth::False,
        }
    }

    /// Whether it took place with this event as its first; later steps may ask about it.
    fn beginning_with(&self, chain: &Chain, event: Placed<'a>, sure: bool, scope: Scope<'a>) -> Truth {
        let first = Role { events: vec![event], lacking: None };
        let later = chain.steps[1..].iter().map(|step| self.role(&step.clause, scope));
        let steps: Vec<Role<'a>> = std::iter::once(first).chain(later).collect();
        if sure && self.some_way(chain, &steps, &mut Vec::new(), Eye::Surely, scope) {
            return Truth::True;
        }
        // An event that may be lacking could be a step of it.
        let could_follow = |step: &Role<'_>| step.lacking.is_some_and(|(_, last)| event.row.at <= last);
        let here = self.some_way(chain, &steps, &mut Vec::new(), Eye::Here, scope);
        if here || steps[1..].iter().any(could_follow) { Truth::Unknown } else { Truth::False }
    }

    /// Whether some choice for the steps not yet chosen fulfils everything.
    fn some_way(
        &self,
        chain: &Chain,
        steps: &[Role<'a>],
        chosen: &mut Vec<Placed<'a>>,
        eye: Eye,
        scope: Scope<'a>,
    ) -> bool {
        let number = chosen.len();
        let Some(step) = steps.get(number) else {
            return self.ends(chain, *chosen.last().expect("a step"), eye, scope);
        };
        for &event in &step.events {
            if number > 0 && !self.follows(chain, number, chosen[number - 1], event, eye, scope) {
                continue;
            }
            chosen.push(event);
            let found = self.some_way(chain, steps, chosen, eye, scope);
            chosen.pop();
            if found {
                return true;
            }
        }
        false
    }

    fn follows(
        &self,
        chain: &Chain,
        number: usize,
        before: Placed<'a>,
        event: Placed<'a>,
        eye: Eye,
        scope: Scope<'a>,
    ) -> bool {
        let step = &chain.steps[number];
        let in_time = step.within.is_none_or(|within| event.row.at <= self.later(before, within, scope));
        let clear = step.without.as_ref().is_none_or(|without| {
            let others = self.role(without, scope);
            let between = |other: &Placed<'_>| before.place < other.place && other.place < event.place;
            !others.events.iter().any(between)
                && (eye == Eye::Here || !others.may_lack_between(before.row.at, event.row.at))
        });
        before.place < event.place && in_time && clear
    }

    fn ends(&self, chain: &Chain, last: Placed<'a>, eye: Eye, scope: Scope<'a>) -> bool {
        let Some(tail) = &chain.tail else { return true };
        let deadline = self.later(last, tail.within, scope);
        let over = deadline <= self.now;
        let others = self.role(&tail.clause, scope);
        let follows = |other: &Placed<'_>| last.place < other.place && other.row.at <= deadline;
        over != tail.yet
            && !others.events.iter().any(follows)
            && (eye == Eye::Here || !others.may_lack_between(last.row.at, deadline.min(self.now)))
    }

    fn later(&self, event: Placed<'_>, period: Period, scope: Scope<'_>) -> Instant {
        scope.zone.plus(event.row.at, period)
    }

    fn role(&self, clause: &Clause, scope: Scope<'a>) -> Role<'a> {
        // Counted from a moment that is not known, anything may have happened.
        let Some(kept) = self.kept(clause, scope) else {
            return Role { events: Vec::new(), lacking: Some((Instant::MIN, Instant::MAX)) };
        };
        let all = self.placed(clause.event);
        let placed = |row: &'a Row| {
            let (place, row) = *all.iter().find(|(_, other)| std::ptr::eq(*other, row)).expect("a row of this kind");
            Placed { place, row }
        };
        Role { events: kept.rows.iter().map(|row| placed(row)).collect(), lacking: kept.lacking }
    }
}
