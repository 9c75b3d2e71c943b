//! The naive decision procedure: DESIGN §5 as plain loops over the checked tree.

use std::collections::BTreeSet;

use nextbest::check::tree::{Action, Again, Campaign, Cap, Channel, Rule};
use nextbest::syntax::ast::{ActionKind, ClauseKind, Direction};
use nextbest::{Category, ContactKind, Instant, Outcome, Period, Reason, Stage};

use super::Oracle;
use super::contact::CONTACT;
use super::customer::Row;
use super::value::{Truth, Val};

/// An action that competes.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    program: &'a str,
    campaign: &'a Campaign,
    action: &'a Action,
    /// Its place in the order of declaration.
    place: usize,
}

impl Candidate<'_> {
    fn campaign_path(&self) -> String {
        format!("{}.{}", self.program, self.campaign.name)
    }

    fn path(&self) -> String {
        format!("{}.{}", self.campaign_path(), self.action.name)
    }

    fn is_service(&self) -> bool {
        self.action.kind == ActionKind::Service
    }

    fn content(&self, channel: usize) -> Option<&str> {
        self.action.treatments.iter().find(|t| t.channel == channel).map(|t| t.content.as_str())
    }
}

/// What is decided for one channel.
#[derive(Debug, Default, PartialEq)]
pub struct Answer {
    /// The winner's path and content.
    pub chosen: Option<(String, String)>,
    /// Why there is none.
    pub reason: Option<Reason>,
    /// The candidate that got furthest, and where it left.
    pub nearest: Option<(String, Stage)>,
    /// Where every candidate left, in the order of declaration; the winner has none.
    pub left: Vec<(String, Option<Stage>)>,
}

/// What stopped the nearest candidate, so that it can be asked about other moments.
#[derive(Clone, Copy)]
pub enum Stopped<'a> {
    Again(&'a Campaign, &'a str),
    Cap(&'a Cap, usize),
    Clause(&'a Rule),
}

impl<'a> Oracle<'a> {
    /// The decision for channels, in their order.
    pub fn decide(&self, channels: &[&str]) -> Vec<(Answer, Option<Stopped<'a>>)> {
        let mut taken: Vec<(usize, usize)> = Vec::new();
        let candidates = self.candidates();
        let place = |name: &&str| self.rules.channels.iter().position(|c| c.name == **name).expect("a channel");
        channels.iter().map(place).map(|channel| self.slot(&candidates, channel, &mut taken)).collect()
    }

    fn candidates(&self) -> Vec<Candidate<'a>> {
        let mut candidates = Vec::new();
        for program in &self.rules.programs {
            for campaign in &program.campaigns {
                for action in &campaign.actions {
                    candidates.push(Candidate { program: &program.name, campaign, action, place: candidates.len() });
                }
            }
        }
        candidates
    }

    fn slot(
        &self,
        candidates: &[Candidate<'a>],
        channel: usize,
        taken: &mut Vec<(usize, usize)>,
    ) -> (Answer, Option<Stopped<'a>>) {
        let mut left: Vec<Option<(Stage, Option<Stopped<'a>>)>> = Vec::new();
        let mut ranking: Vec<(Candidate<'a>, f64, i64)> = Vec::new();
        for candidate in candidates {
            match self.admitted(candidate, channel, taken) {
                Ok((priority, value)) => {
                    ranking.push((*candidate, priority, value));
                    left.push(None);
                }
                Err(stopped) => left.push(Some(stopped)),
            }
        }
        // Service before marketing; then priority, value, declaration.
        ranking.sort_by(|(a, p, v), (b, q, w)| {
            b.is_service()
                .cmp(&a.is_service())
                .then(q.partial_cmp(p).expect("no NaN"))
                .then(w.cmp(v))
                .then(a.place.cmp(&b.place))
        });
        let mut chosen = None;
        for (candidate, ..) in &ranking {
            if chosen.is_some() {
                left[candidate.place] = Some((Stage::Rank, None));
            } else if let Some((cap, pending)) = self.cap_reached(candidate, channel, candidates, taken) {
                left[candidate.place] = Some((Stage::Cap, Some(Stopped::Cap(cap, pending))));
            } else {
                let content = candidate.content(channel).expect("it was not removed");
                chosen = Some((candidate.path(), content.to_owned()));
                taken.push((candidate.place, channel));
            }
        }
        let mut stopped = None;
        let mut answer = Answer { chosen, ..Answer::default() };
        if answer.chosen.is_none() {
            // Of several that got equally far the best ranked, then the first declared.
            let by_rank = ranking.iter().map(|(candidate, ..)| candidate.place);
            let order: Vec<usize> = by_rank.chain(0..candidates.len()).collect();
            let mut nearest: Option<(bool, Stage, usize)> = None;
            for place in order {
                let (stage, _) = left[place].expect("nobody won");
                if candidates[place].content(channel).is_none() {
                    continue;
                }
                let distance = (stage.reason() != Reason::NoCandidate, stage);
                if nearest.is_none_or(|(held, at, _)| (held, at) < distance) {
                    nearest = Some((distance.0, stage, place));
                }
            }
            answer.reason = Some(nearest.map_or(Reason::NoCandidate, |(_, stage, _)| stage.reason()));
            answer.nearest = nearest.map(|(_, stage, place)| (candidates[place].path(), stage));
            stopped = nearest.and_then(|(_, _, place)| left[place].and_then(|(_, stopped)| stopped));
        }
        answer.left = candidates.iter().map(|c| (c.path(), left[c.place].map(|(stage, _)| stage))).collect();
        (answer, stopped)
    }

    /// Priority and value of a candidate that goes into the ranking, or where it left.
    fn admitted(
        &self,
        candidate: &Candidate<'a>,
        channel: usize,
        taken: &[(usize, usize)],
    ) -> Result<(f64, i64), (Stage, Option<Stopped<'a>>)> {
        let Candidate { program, campaign, action, .. } = *candidate;
        let rules = self.rules;
        let on_channel = candidate.content(channel).is_some();
        if on_channel && !candidate.is_service() && !self.consented(&rules.channels[channel]) {
            return Err((Stage::Consent, None));
        }
        if campaign.segment.is_some_and(|segment| self.truth_of(segment) != Truth::True) {
            return Err((Stage::Eligible, None));
        }
        let clauses: Vec<&'a Rule> = campaign.clauses.iter().chain(&action.clauses).collect();
        for (kind, stage) in [
            (ClauseKind::Eligible, Stage::Eligible),
            (ClauseKind::Applicable, Stage::Applicable),
            (ClauseKind::Suitable, Stage::Suitable),
        ] {
            for clause in clauses.iter().filter(|clause| clause.kind == kind) {
                if self.truth(&clause.when, self.scope(None)) != Truth::True {
                    return Err((stage, Some(Stopped::Clause(clause))));
                }
            }
        }
        if self.rests(campaign, program, self.now) {
            return Err((Stage::Journey, Some(Stopped::Again(campaign, program))));
        }
        for clause in clauses.iter().filter(|clause| clause.kind == ClauseKind::Suppress) {
            if self.truth(&clause.when, self.scope(None)) != Truth::False {
                return Err((Stage::Suppression, Some(Stopped::Clause(clause))));
            }
        }
        if !on_channel || taken.iter().any(|&(place, _)| place == candidate.place) {
            return Err((Stage::Treatment, None));
        }
        if candidate.is_service() {
            return Ok((0.0, 0));
        }
        let (priority, value) = self.worth(action).ok_or((Stage::Score, None))?;
        let enough = rules.threshold.as_ref().is_none_or(|threshold| priority >= threshold.minor as f64);
        if priority > 0.0 && enough { Ok((priority, value)) } else { Err((Stage::Threshold, None)) }
    }

    /// The latest word on the channel's consent, up to now, grants it and has not expired.
    fn consented(&self, channel: &Channel) -> bool {
        let Some((channel, purpose)) = &channel.consent else { return true };
        let said = self.customer.consents.iter().filter(|said| said.channel == *channel && said.purpose == *purpose);
        let latest = said.filter(|said| said.at <= self.now).max_by_key(|said| said.at);
        latest.is_some_and(|said| said.granted && said.expires.is_none_or(|expires| self.now < expires))
    }

    fn worth(&self, action: &Action) -> Option<(f64, i64)> {
        let scope = self.scope(None);
        let money = |value| match value {
            Some(Val::Money(minor)) => Some(minor),
            None => None,
            other => panic!("an amount is {other:?}"),
        };
        let propensity = match self.value(action.propensity.as_ref()?, scope)? {
            Val::Number(chance) if (0.0..=1.0).contains(&chance) => chance,
            Val::Number(_) => return None,
            other => panic!("a propensity is {other}"),
        };
        let value = money(self.value(action.value.as_ref()?, scope))?;
        let cost = match &action.cost {
            Some(cost) => money(self.value(cost, scope))?,
            None => 0,
        };
        Some((propensity * value.checked_sub(cost)? as f64, value))
    }

    fn contacts(&self) -> impl Iterator<Item = &'a Row> {
        self.customer.histories[CONTACT].rows.iter().filter(|row| row.at <= self.now)
    }

    /// Whether contacts later than `after` may be lacking.
    fn may_lack(&self, after: Instant) -> bool {
        self.customer.histories[CONTACT].complete_since.is_some_and(|since| after.saturating_add_millis(1) < since)
    }

    /// Whether a campaign must not address the customer again, at a moment.
    fn rests(&self, campaign: &Campaign, program: &str, at: Instant) -> bool {
        let path = format!("{program}.{}", campaign.name);
        let after = match campaign.again {
            Again::Every => return false,
            Again::Once => Instant::MIN,
            Again::After(period) => self.scope(None).zone.minus(at, period),
        };
        let exposed = |row: &&Row| self.outcome(None, Some(&path), row) != Truth::False;
        self.may_lack(after) || self.contacts().filter(exposed).any(|row| after < row.at)
    }

    /// The first cap that is reached, and how many contacts of this decision it counts.
    fn cap_reached(
        &self,
        candidate: &Candidate<'a>,
        channel: usize,
        candidates: &[Candidate<'a>],
        taken: &[(usize, usize)],
    ) -> Option<(&'a Cap, usize)> {
        if candidate.is_service() {
            return None;
        }
        let outbound = |channel: usize| self.rules.channels[channel].direction == Direction::Outbound;
        for cap in &self.rules.caps {
            let about = |channel: usize| cap.channel.map_or(outbound(channel), |capped| capped == channel);
            if !about(channel) {
                continue;
            }
            let mut pending = 0;
            for &(place, on) in taken {
                pending += usize::from(!candidates[place].is_service() && about(on) && outbound(on));
            }
            if self.capped(cap, pending, self.now) {
                return Some((cap, pending));
            }
        }
        None
    }

    /// Whether a cap is reached at a moment.
    fn capped(&self, cap: &Cap, pending: usize, at: Instant) -> bool {
        let after = self.scope(None).zone.minus(at, cap.span_of_time);
        let known = |name: &Val| self.rules.channels.iter().find(|channel| Val::Text(channel.name.clone()) == *name);
        let inbound = |row: &Row| known(&row.properties["channel"]).is_some_and(|c| c.direction == Direction::Inbound);
        let is = |row: &Row, outcome: Outcome| row.properties["outcome"] == Val::Category(outcome.index());
        let counts = |row: &Row| {
            let about = match cap.channel {
                Some(channel) => row.properties["channel"] == Val::Text(self.rules.channels[channel].name.clone()),
                None => !inbound(row),
            };
            let reached =
                is(row, Outcome::Pending) || is(row, Outcome::Sent) || inbound(row) && is(row, Outcome::Impression);
            about && reached && row.properties["kind"] != Val::Category(ContactKind::Service.index())
        };
        let text = |row: &Row| row.properties["id"].to_string();
        let ids: BTreeSet<String> = self.contacts().filter(|row| counts(row)).map(text).collect();
        let mut count = pending;
        for id in ids {
            let of_it = || self.contacts().filter(|row| text(row) == id);
            let first = of_it().filter(|row| counts(row)).min_by_key(|row| row.at).expect("one of them");
            let failed = of_it().any(|row| is(row, Outcome::Failed));
            // Where a failure may be lacking the contact counts.
            count += usize::from(!failed && after < first.at);
        }
        self.may_lack(after) || count >= cap.at_most as usize
    }

    /// Whether what stopped a candidate still does at a moment, all else as it is.
    pub fn still(&self, stopped: Stopped<'_>, at: Instant) -> bool {
        match stopped {
            Stopped::Again(campaign, program) => self.rests(campaign, program, at),
            Stopped::Cap(cap, pending) => self.capped(cap, pending, at),
            Stopped::Clause(clause) => {
                let truth = Oracle { now: at, ..*self }.truth(&clause.when, self.scope(None));
                truth != if clause.kind == ClauseKind::Suppress { Truth::False } else { Truth::True }
            }
        }
    }
}

impl Stopped<'_> {
    /// How long a time it looks back.
    pub fn span(&self) -> Option<Period> {
        match self {
            Stopped::Again(campaign, _) => match campaign.again {
                Again::After(period) => Some(period),
                Again::Once | Again::Every => None,
            },
            Stopped::Cap(cap, _) => Some(cap.span_of_time),
            Stopped::Clause(_) => None,
        }
    }
}
