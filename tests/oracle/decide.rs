//! The naive decision procedure: DESIGN §5 as plain loops over the checked tree.

use std::collections::BTreeSet;

use nextbest::check::tree::{
    Action, Again, Block, Campaign, Cap, Channel, Content, Excepted, Exception, Limit, Program, Quiet, Rest, Rule,
};
use nextbest::syntax::ast::{ActionKind, ClauseKind, Contacted, Direction, Level, LineKind, Since};
use nextbest::{Category, CivilWindow, ContactKind, Instant, Outcome, Reason, Stage};

use super::Oracle;
use super::contact::CONTACT;
use super::customer::Row;
use super::value::{Truth, Val};

/// An action that competes.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    program: &'a Program,
    campaign: &'a Campaign,
    action: &'a Action,
    /// Its place in the order of declaration.
    place: usize,
}

impl Candidate<'_> {
    fn campaign_path(&self) -> String {
        format!("{}.{}", self.program.name, self.campaign.name)
    }

    fn path(&self) -> String {
        format!("{}.{}", self.campaign_path(), self.action.name)
    }

    /// Whether an exception is made for it from a rule of this name.
    fn passes_rule(&self, rule: &Rule) -> bool {
        self.exceptions().any(|one| matches!((&one.of, &rule.name), (Excepted::Rule(of), Some(name)) if of == name))
    }

    /// Whether an exception is made for it from lines of this kind of a policy.
    fn passes_line(&self, policy: &str, kind: LineKind) -> bool {
        self.exceptions().any(|one| match &one.of {
            Excepted::Policy { policy: of, line } => of == policy && (line.is_none() || *line == Some(kind)),
            Excepted::Rule(_) => false,
        })
    }

    fn exceptions(&self) -> impl Iterator<Item = &Exception> {
        [&self.program.exceptions, &self.campaign.exceptions, &self.action.exceptions].into_iter().flatten()
    }

    fn is_service(&self) -> bool {
        self.action.kind == ActionKind::Service
    }

    fn content(&self, channel: usize) -> Option<&str> {
        let treatment = self.action.treatments.iter().find(|t| t.place.channel == channel)?;
        match &treatment.content {
            Content::Key(key) => Some(key),
            Content::Experiment(_) => panic!("experiments are not generated"),
        }
    }

    fn is_about(&self, kind: Contacted) -> bool {
        match kind {
            Contacted::Marketing => !self.is_service(),
            Contacted::Offer => self.action.kind == ActionKind::Offer,
            Contacted::Message => self.action.kind == ActionKind::Message,
        }
    }

    fn path_of(&self, level: Level) -> String {
        match level {
            Level::Action => self.path(),
            Level::Campaign => self.campaign_path(),
            Level::Program => self.program.name.clone(),
        }
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
#[derive(Clone)]
pub enum Stopped<'a> {
    Again(&'a Campaign, &'a str),
    Rest(&'a Rest, String),
    Cap(&'a Cap, usize),
    Quiet(&'a Quiet),
    Clause(&'a Rule),
    Block(&'a Block),
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
                    candidates.push(Candidate { program, campaign, action, place: candidates.len() });
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
        // By tier; then priority, value, declaration.
        let tier = |candidate: &Candidate<'_>| match candidate.action.kind {
            ActionKind::Offer => self.rules.tiers.offer,
            ActionKind::Message => self.rules.tiers.message,
            ActionKind::Service => self.rules.tiers.service,
        };
        ranking.sort_by(|(a, p, v), (b, q, w)| {
            tier(a).cmp(&tier(b)).then(q.partial_cmp(p).expect("no NaN")).then(w.cmp(v)).then(a.place.cmp(&b.place))
        });
        let mut chosen = None;
        for (candidate, ..) in &ranking {
            if chosen.is_some() {
                left[candidate.place] = Some((Stage::Rank, None));
            } else if let Some((cap, pending)) = self.cap_reached(candidate, channel, candidates, taken) {
                left[candidate.place] = Some((Stage::Cap, Some(Stopped::Cap(cap, pending))));
            } else if let Some(quiet) = self.quiet(candidate, channel) {
                left[candidate.place] = Some((Stage::Quiet, Some(Stopped::Quiet(quiet))));
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
                let stage = left[place].as_ref().expect("nobody won").0;
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
            stopped = nearest.and_then(|(_, _, place)| left[place].clone()).and_then(|(_, stopped)| stopped);
        }
        answer.left = candidates.iter().map(|c| (c.path(), left[c.place].as_ref().map(|(stage, _)| *stage))).collect();
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
        if campaign.valid.iter().chain(&action.valid).any(|valid| self.now < valid.from || valid.until < self.now) {
            return Err((Stage::Availability, None));
        }
        let on_channel = candidate.content(channel).is_some();
        if on_channel && !candidate.is_service() && !self.consented(&rules.channels[channel]) {
            return Err((Stage::Consent, None));
        }
        if campaign.segment.is_some_and(|segment| self.truth_of(segment) != Truth::True) {
            return Err((Stage::Eligible, None));
        }
        let mut clauses: Vec<&'a Rule> = Vec::new();
        for level in [&rules.clauses, &program.clauses, &campaign.clauses, &action.clauses] {
            clauses.extend(level.iter().filter(|rule| !candidate.passes_rule(rule)));
        }
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
        if self.rests(campaign, &program.name, self.now) {
            return Err((Stage::Journey, Some(Stopped::Again(campaign, &program.name))));
        }
        for rest in &rules.policy.rests {
            let path = candidate.path_of(rest.each);
            let held = !candidate.is_service() && !candidate.passes_line(&rest.policy, LineKind::Rest);
            if held && self.rested(rest, &path, self.now) {
                return Err((Stage::Journey, Some(Stopped::Rest(rest, path))));
            }
        }
        for clause in clauses.iter().filter(|clause| clause.kind == ClauseKind::Suppress) {
            if self.truth(&clause.when, self.scope(None)) != Truth::False {
                return Err((Stage::Suppression, Some(Stopped::Clause(clause))));
            }
        }
        for block in &rules.policy.blocks {
            let held = candidate.is_about(block.kind) && !candidate.passes_line(&block.policy, LineKind::Block);
            if held && self.truth(&block.when, self.scope(None)) != Truth::False {
                return Err((Stage::Block, Some(Stopped::Block(block))));
            }
        }
        if !on_channel || taken.iter().any(|&(place, _)| place == candidate.place) {
            return Err((Stage::Treatment, None));
        }
        if candidate.is_service() {
            return Ok((0.0, 0));
        }
        let (priority, value) = self.worth(campaign, action, channel).ok_or((Stage::Score, None))?;
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

    /// `propensity * context * margin * lever`, and the value.
    fn worth(&self, campaign: &Campaign, action: &Action, channel: usize) -> Option<(f64, i64)> {
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
        let margin = value.checked_sub(cost)?.checked_sub(self.rules.channels[channel].cost)?;
        let (mut context, mut lever) = (1.0, 1.0);
        let (mut boosts, mut levers) = (0.0, 0.0);
        for boost in campaign.boosts.iter().chain(&action.boosts) {
            if self.truth(&boost.when, scope) == Truth::True {
                boosts += boost.change;
            }
        }
        for decreed in campaign.levers.iter().chain(&action.levers) {
            if self.now <= decreed.until {
                levers += decreed.change;
            }
        }
        context += boosts;
        lever += levers;
        Some((propensity * context * margin as f64 * lever, value))
    }

    fn contacts(&self) -> impl Iterator<Item = &'a Row> {
        self.customer.histories[CONTACT].rows.iter().filter(|row| row.at <= self.now)
    }

    /// Whether contacts later than `after` may be lacking.
    fn may_lack(&self, after: Instant) -> bool {
        self.customer.histories[CONTACT].complete_since.is_some_and(|since| after.saturating_add_millis(1) < since)
    }

    /// The last instant of which contacts may be lacking.
    fn lacking(&self) -> Option<Instant> {
        self.customer.histories[CONTACT].complete_since.map(|since| since.saturating_sub_millis(1))
    }

    /// The contacts up to now about a path, of which none is known to have failed.
    fn about(&self, path: &str) -> impl Iterator<Item = &'a Row> {
        let failed = |row: &Row| {
            self.contacts().any(|other| other.properties["id"] == row.properties["id"] && is(other, Outcome::Failed))
        };
        self.contacts().filter(|row| under(row, path) && !failed(row)).collect::<Vec<_>>().into_iter()
    }

    /// Whether a campaign must not address the customer again, at a moment. None of its entries stays open.
    fn rests(&self, campaign: &Campaign, program: &str, at: Instant) -> bool {
        let path = format!("{program}.{}", campaign.name);
        let rows = |outcomes: &[Outcome]| {
            let rows = self.about(&path).filter(|row| outcomes.iter().any(|&outcome| is(row, outcome)));
            rows.collect::<Vec<_>>()
        };
        let latest = |rows: &[&Row]| rows.iter().map(|row| row.at).chain(self.lacking()).max();
        // Those of a control group enter as others do.
        let exposures = rows(&[Outcome::Sent, Outcome::Impression, Outcome::Withheld]);
        let exposed = latest(&exposures);
        // A contact enters once, when it is first seen.
        let first = |row: &&Row| !exposures.iter().any(|o| o.properties["id"] == row.properties["id"] && o.at < row.at);
        let entered = latest(&exposures.iter().copied().filter(first).collect::<Vec<_>>());
        match campaign.entry.again {
            Again::Every => false,
            Again::Once => exposed.is_some(),
            Again::After(pause, since) => {
                let from = match since {
                    Since::Entered => entered,
                    Since::Exposed => exposed,
                    Since::Converted => latest(&rows(&[Outcome::Converted])),
                };
                from.is_some_and(|from| at < self.scope(None).zone.plus(from, pause))
            }
        }
    }

    /// Whether a rest after outcomes goes on at a moment.
    fn rested(&self, rest: &Rest, path: &str, at: Instant) -> bool {
        let zone = self.scope(None).zone;
        let marketing = |row: &&Row| row.properties["kind"] != Val::Category(ContactKind::Service.index());
        let rows: Vec<&Row> = self.about(path).filter(marketing).collect();
        let says =
            |row: &Row, sign: nextbest::check::tree::Sign| Outcome::ALL.iter().any(|&o| sign.is(o) && is(row, o));
        let goes_on = |begun: Instant| at < zone.plus(begun, rest.length);
        if self.lacking().is_some_and(goes_on) {
            return true;
        }
        for row in rows.iter().filter(|row| says(row, rest.outcome)) {
            let after = zone.minus(row.at, rest.within);
            let times = |sign| rows.iter().filter(|r| after < r.at && r.at <= row.at && says(r, sign)).count();
            let enough = times(rest.outcome) >= rest.count as usize || self.may_lack(after);
            if enough && rest.without.is_none_or(|without| times(without) == 0) && goes_on(row.at) {
                return true;
            }
        }
        false
    }

    /// The first quiet hours that hold a candidate back.
    fn quiet(&self, candidate: &Candidate<'a>, channel: usize) -> Option<&'a Quiet> {
        let outbound = self.rules.channels[channel].direction == Direction::Outbound;
        let here = |quiet: &&Quiet| match &quiet.channels[..] {
            [] => outbound,
            named => named.contains(&channel),
        };
        let held = |quiet: &&Quiet| !candidate.passes_line(&quiet.policy, LineKind::Quiet);
        let mut quiets = self.rules.policy.quiets.iter().filter(here).filter(held);
        quiets.find(|quiet| !candidate.is_service() && self.is_quiet(quiet, self.now))
    }

    fn is_quiet(&self, quiet: &Quiet, at: Instant) -> bool {
        let clock = quiet.zone.unwrap_or(self.scope(None).zone).time_of_day(at);
        match quiet.from < quiet.to {
            true => quiet.from <= clock && clock < quiet.to,
            false => quiet.from <= clock || clock < quiet.to,
        }
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
        for cap in &self.rules.policy.caps {
            let about = |candidate: &Candidate<'_>, channel: usize| {
                let of = cap.of.as_ref().is_none_or(|path| part(&candidate.path(), path));
                let here = cap.channel.map_or(outbound(channel), |capped| capped == channel);
                of && here && candidate.is_about(cap.kind)
            };
            if !about(candidate, channel) || candidate.passes_line(&cap.policy, LineKind::Cap) {
                continue;
            }
            let counted = taken.iter().filter(|&&(place, on)| about(&candidates[place], on) && outbound(on));
            let pending = counted.count();
            if self.capped(cap, pending, self.now) {
                return Some((cap, pending));
            }
        }
        None
    }

    /// Whether a cap is reached at a moment.
    fn capped(&self, cap: &Cap, pending: usize, at: Instant) -> bool {
        let Some(limit) = &cap.limit else { return true };
        // What the customer wishes counts where it is less.
        let wish = cap.own.as_ref().and_then(|own| self.value(own, self.scope(None)));
        let most = match wish {
            Some(Val::Int(wish)) if wish < i64::from(limit.at_most) => wish.max(0) as usize,
            _ => limit.at_most as usize,
        };
        // Nothing is known of others, then the customer is alone.
        let mut customer = self.customer.clone();
        if let Some(shared) = cap.per.and_then(|sharing| customer.histories.get(sharing.word()).cloned()) {
            customer.histories.insert(CONTACT.into(), shared);
        }
        most == 0 || Oracle { customer: &customer, ..*self }.counted_up_to(cap, limit, most, pending, at)
    }

    fn counted_up_to(&self, cap: &Cap, limit: &Limit, most: usize, pending: usize, at: Instant) -> bool {
        let zone = limit.zone.unwrap_or(self.scope(None).zone);
        let after = match limit.window {
            CivilWindow::Last(period) => zone.minus(at, period),
            CivilWindow::This(unit) => {
                let first = zone.date_of(at).first_of(unit, self.rules.week_start);
                zone.start_of_day(first).saturating_sub_millis(1)
            }
            other => panic!("a cap over {other:?}"),
        };
        let known = |name: &Val| self.rules.channels.iter().find(|channel| Val::Text(channel.name.clone()) == *name);
        let inbound = |row: &Row| known(&row.properties["channel"]).is_some_and(|c| c.direction == Direction::Inbound);
        let counts = |row: &Row| {
            let here = match cap.channel {
                Some(channel) => row.properties["channel"] == Val::Text(self.rules.channels[channel].name.clone()),
                None => !inbound(row),
            };
            let kind = |kind: ContactKind| row.properties["kind"] == Val::Category(kind.index());
            let kind = match cap.kind {
                Contacted::Marketing => !kind(ContactKind::Service),
                Contacted::Offer => kind(ContactKind::Offer),
                Contacted::Message => kind(ContactKind::Message),
            };
            let of = cap.of.as_ref().is_none_or(|path| under(row, path));
            let reached =
                is(row, Outcome::Pending) || is(row, Outcome::Sent) || inbound(row) && is(row, Outcome::Impression);
            here && kind && of && reached
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
        self.may_lack(after) || count >= most
    }

    /// Whether what stopped a candidate still does at a moment, all else as it is.
    pub fn still(&self, stopped: &Stopped<'_>, at: Instant) -> bool {
        let truth = |condition| Oracle { now: at, ..*self }.truth(condition, self.scope(None));
        match stopped {
            Stopped::Again(campaign, program) => self.rests(campaign, program, at),
            Stopped::Rest(rest, path) => self.rested(rest, path, at),
            Stopped::Cap(cap, pending) => self.capped(cap, *pending, at),
            Stopped::Quiet(quiet) => self.is_quiet(quiet, at),
            Stopped::Clause(clause) if clause.kind == ClauseKind::Suppress => truth(&clause.when) != Truth::False,
            Stopped::Clause(clause) => truth(&clause.when) != Truth::True,
            Stopped::Block(block) => truth(&block.when) != Truth::False,
        }
    }
}

fn is(row: &Row, outcome: Outcome) -> bool {
    row.properties["outcome"] == Val::Category(outcome.index())
}

fn under(row: &Row, path: &str) -> bool {
    match &row.properties["action"] {
        Val::Text(action) => part(action, path),
        other => panic!("an action is {other}"),
    }
}

/// Whether a path is another one, or goes on from it.
fn part(path: &str, of: &str) -> bool {
    path == of || path.starts_with(&format!("{of}."))
}
