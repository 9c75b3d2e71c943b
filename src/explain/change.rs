//! When something will be another while nothing happens.

use super::Everyone;
use crate::compile::{Corners, Engine, Inner, Request, Resolved, Said};
use crate::decide::{Answer, Pipeline, Stage};
use crate::diagnostic::Span;
use crate::time::{Instant, Period};

/// What became of every candidate, place by place: the stage it left at, and the clause.
type State = Vec<Vec<Option<(Stage, Span)>>>;

/// Nobody is looked ahead for longer.
const LONGEST: Period = Period::of_days(3660);

impl<P: Send + Sync + 'static> Engine<P> {
    /// The first instant after the request's, up to `until`, at which something becomes of a candidate that is not what becomes of
    /// it now, though nothing happens: at which it leaves at another stage, by another clause, or wins. `None` where all stays
    /// as it is; it is looked ahead for ten years at most.
    ///
    /// Up to a millisecond before it, decisions are those of now but for what is counted in time (a promo code's end, a
    /// value made of days). What is explored is drawn as it is now. What is known of the customer stays: events and contacts that lie ahead happen when they do.
    ///
    /// Both sides of the instant have been evaluated. That nothing changes before rests on all that rules can say of time being
    /// known: windows, dates, clocks, pauses and whatever instants the customer has. Only an amount of time that a rule
    /// computes (`now` and two periods in one sum) may be passed over.
    ///
    /// ```
    /// # use nextbest::{Instant, Ruleset};
    /// # let rules = Ruleset::parse(&[("a.nba", r#"
    /// # ruleset shop { zone "Europe/Paris"  currency EUR }
    /// # profile { id id }
    /// # event order {}
    /// # channel web inbound
    /// # program p { campaign c for everyone every {
    /// #   offer again { value 9 EUR  propensity 10%  eligible when none(order within 30 days)  treat web "again" }
    /// # } }
    /// # "#)])?;
    /// # let (engine, schema) = (rules.bind_records()?, rules.record_schema()?);
    /// # let (at, later) = (Instant::parse("2026-03-10T12:00:00+01:00").unwrap(), Instant::parse("2026-12-31T00:00:00Z").unwrap());
    /// # let mut customer = schema.record();
    /// customer.add_event("order", at, [])?;
    /// let request = engine.request(at).channel("web")?;
    /// let change = engine.next_change(&customer, &request, later);
    /// assert_eq!(change, Instant::parse("2026-04-09T12:00:00+02:00"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_change(&self, customer: &P, request: &Request, until: Instant) -> Option<Instant> {
        let inner = &*self.0;
        let now = request.now();
        let mut resolved = request.resolve(&inner.rules).into_owned();
        // What is drawn by the moment stays as it is drawn now.
        resolved.inputs.seed.get_or_insert_with(|| now.millis().to_string());
        let until = until.min(inner.zone_of(customer).plus(now, LONGEST));
        let state = |at| state(inner, customer, &resolved, at);
        let mut corners = Corners::default();
        let corners = inner.with_scratch(|scratch| {
            let frame = inner.frame(customer, now, &resolved, scratch, &inner.program);
            let said = Said::of(&inner.rules);
            corners.find(inner, &said, (customer, &frame.of(customer), &resolved.inputs.rows), (now, until))
        });
        let before = state(now);
        let mut held = now;
        for &corner in corners {
            if state(corner) == before {
                held = corner;
                continue;
            }
            // It is there or, if some corner was not known, somewhere since the last one.
            let mut other = corner;
            if state(corner.saturating_sub_millis(1)) == before {
                return Some(corner);
            }
            while held.saturating_add_millis(1) < other {
                let middle = Instant::from_millis(held.millis().midpoint(other.millis()));
                if state(middle) == before { held = middle } else { other = middle }
            }
            return Some(other);
        }
        None
    }
}

/// What becomes of one candidate on one place.
pub(crate) struct Fate {
    pub channel: Option<usize>,
    /// Where it leaves; `None` where it wins.
    pub left: Option<Stage>,
    pub span: Span,
    pub retry_at: Option<Instant>,
    /// Who wins instead.
    pub winner: Option<String>,
    /// Who has been taken on the places before.
    pub before: Vec<String>,
}

impl<P: Send + Sync + 'static> Engine<P> {
    /// What becomes of an action on each place that it has something for; of one that is made of rows, of each of its candidates,
    /// or of the one with an id.
    pub(crate) fn fates(&self, customer: &P, request: &Request, action: usize, row: Option<&str>) -> Vec<Fate> {
        let inner = &*self.0;
        let resolved = request.resolve(&inner.rules);
        inner.with_scratch(|scratch| {
            let frame = inner.frame(customer, request.now(), &resolved, scratch, &inner.program);
            let cx = frame.of(customer);
            let mut pipeline = Pipeline::new(inner, customer, &cx, &resolved.inputs);
            let (mut fates, mut before) = (Vec::new(), Vec::new());
            for (_, place) in pipeline.preference(&resolved.places).order(&resolved.places) {
                pipeline.fill(place, |pipeline| {
                    let mut everyone = Everyone(vec![None; pipeline.candidates()]);
                    let filled = pipeline.explained(place, &mut everyone);
                    let chosen = match &filled.answer {
                        Answer::Action(chosen) => Some(chosen.action.clone()),
                        Answer::Nothing(_) => None,
                    };
                    for (number, left) in everyone.0.iter().enumerate() {
                        let who = resolved.inputs.rows.who(number);
                        match left {
                            _ if who.action != action || row.is_some() && who.row != row => {}
                            Some(left) if left.concerned => fates.push(Fate {
                                channel: Some(place.channel),
                                left: Some(left.stage),
                                span: left.span,
                                retry_at: pipeline.retry_at(number, left),
                                winner: chosen.clone(),
                                before: before.clone(),
                            }),
                            None if chosen.is_some() => fates.push(Fate {
                                channel: None,
                                left: None,
                                span: Span::default(),
                                retry_at: None,
                                winner: None,
                                before: Vec::new(),
                            }),
                            _ => {}
                        }
                    }
                    before.extend(chosen);
                    filled
                });
            }
            fates
        })
    }
}

fn state<P: Send + Sync + 'static>(inner: &Inner<P>, customer: &P, resolved: &Resolved, now: Instant) -> State {
    inner.with_scratch(|scratch| {
        let frame = inner.frame(customer, now, resolved, scratch, &inner.program);
        let cx = frame.of(customer);
        let mut pipeline = Pipeline::new(inner, customer, &cx, &resolved.inputs);
        let mut states = Vec::new();
        for (asked, place) in pipeline.preference(&resolved.places).order(&resolved.places) {
            pipeline.fill(place, |pipeline| {
                let mut everyone = Everyone(vec![None; pipeline.candidates()]);
                let filled = pipeline.explained(place, &mut everyone);
                let left = everyone.0.into_iter().map(|left| left.map(|left| (left.stage, left.span)));
                states.push((asked, left.collect()));
                filled
            });
        }
        // Whichever of them was filled first.
        states.sort_by_key(|(asked, _): &(usize, _)| *asked);
        states.into_iter().map(|(_, left)| left).collect()
    })
}
