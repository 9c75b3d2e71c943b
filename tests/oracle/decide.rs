//! The naive decision procedure: DESIGN §5 as plain loops over the checked tree.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use nextbest::check::tree::{
    Action, Again, Block, Campaign, Cap, Channel, Content, Excepted, Exception, Limit, Program, Quiet, Rest, Rule,
    Showplace,
};
use nextbest::syntax::ast::{ActionKind, ClauseKind, Contacted, Direction, Level, LineKind, Since};
use nextbest::{Category, CivilWindow, ContactKind, Instant, Outcome, Reason, Stage};

use super::Oracle;
use super::contact::CONTACT;
use super::customer::{Row, Values};
use super::sample::{Asked, Worth};
use super::value::{Truth, Val};

/// An action that competes.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    program: &'a Program,
    campaign: &'a Campaign,
    action: &'a Action,
    /// The row that it is made of.
    row: Option<&'a Values>,
    /// Its place in the order of declaration, and of the rows' ids.
    place: usize,
}

impl Candidate<'_> {
    fn campaign_path(&self) -> String {
        format!("{}.{}", self.program.name, self.campaign.name)
    }

    fn action_path(&self) -> String {
        format!("{}.{}", self.campaign_path(), self.action.name)
    }

    fn path(&self) -> String {
        match self.row {
            Some(row) => format!("{}[{}]", self.action_path(), id(row)),
            None => self.action_path(),
        }
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

    fn is_shown(&self, place: Showplace) -> bool {
        self.action.treatments.iter().any(|treatment| treatment.place == place)
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
            Level::Action => self.action_path(),
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
    /// How likely each that could be shown was to be, in billionths; nobody where nothing is left to chance.
    pub chances: BTreeMap<String, i64>,
    /// What is withheld, where, and how likely it was.
    pub withheld: Vec<(String, Stage, i64)>,
    /// Why there is none.
    pub reason: Option<Reason>,
    /// The candidate that got furthest, and where it left.
    pub nearest: Option<(String, Stage)>,
    /// Where every candidate left, in the order of declaration; the winner has none.
    pub left: Vec<(String, Option<Stage>)>,
}

/// What stopped the nearest candidate, so that it can be asked about other moments.
#[derive(Debug, Clone)]
pub enum Stopped<'a> {
    Again(&'a Campaign, &'a str),
    Rest(&'a Rest, String),
    Cap(&'a Cap, usize),
    Quiet(&'a Quiet),
    Clause(&'a Rule, Option<&'a Values>),
    Block(&'a Block),
}

impl<'a> Oracle<'a> {
    /// The decision for places, in their order.
    pub fn decide(&self, asked: &Asked) -> Vec<(Answer, Option<Stopped<'a>>)> {
        let (mut taken, mut answers) = (Taken::default(), Vec::new());
        let candidates = self.candidates();
        for (place, capacity) in asked.places.iter().flat_map(|name| self.places(name)) {
            for number in 0..capacity {
                let (answer, stopped) = self.slot(&candidates, place, asked, &mut taken);
                let goes_on = answer.chosen.is_some() || answer.reason == Some(Reason::Holdout);
                // What a control group is spared is to be recorded.
                if goes_on || number == 0 || !answer.withheld.is_empty() {
                    answers.push((answer, stopped));
                }
                if !goes_on {
                    break;
                }
            }
        }
        answers
    }

    /// What a name stands for, each place with how many actions it shows.
    fn places(&self, name: &str) -> Vec<(Showplace, u32)> {
        let mut places = Vec::new();
        for (number, channel) in self.rules.channels.iter().enumerate() {
            if channel.slots.is_empty() && channel.name == name {
                places.push((Showplace { channel: number, slot: None }, 1));
            }
            for (slot, declared) in channel.slots.iter().enumerate() {
                if channel.name == name || format!("{}.{}", channel.name, declared.name) == name {
                    places.push((Showplace { channel: number, slot: Some(slot) }, declared.capacity));
                }
            }
        }
        places
    }

    fn candidates(&self) -> Vec<Candidate<'a>> {
        let mut candidates = Vec::new();
        for program in &self.rules.programs {
            for campaign in &program.campaigns {
                for action in &campaign.actions {
                    let mut rows: Vec<Option<&'a Values>> = vec![None];
                    if let Some(each) = &action.rows {
                        let mut passing: Vec<&'a Values> = Vec::new();
                        for row in self.rows {
                            let here = Oracle { made_of: Some(row), ..*self };
                            let filter = each.filter.as_ref();
                            if filter.is_none_or(|filter| here.truth(filter, here.scope(None)) == Truth::True) {
                                passing.push(row);
                            }
                        }
                        passing.sort_by_key(|row| id(row));
                        rows = passing.into_iter().map(Some).collect();
                    }
                    for row in rows {
                        candidates.push(Candidate { program, campaign, action, row, place: candidates.len() });
                    }
                }
            }
        }
        candidates
    }

    fn slot(
        &self,
        candidates: &[Candidate<'a>],
        place: Showplace,
        asked: &Asked,
        taken: &mut Taken,
    ) -> (Answer, Option<Stopped<'a>>) {
        let channel = place.channel;
        let draw = self.draw(asked, taken.shown.len() + taken.controls.len());
        let mut left: Vec<Option<(Stage, Option<Stopped<'a>>)>> = Vec::new();
        let mut ranking: Vec<(Candidate<'a>, Worth, String)> = Vec::new();
        for candidate in candidates {
            match (Oracle { made_of: candidate.row, ..*self }).admitted(candidate, place, asked, taken) {
                Ok((worth, content)) => {
                    ranking.push((*candidate, worth, content));
                    left.push(None);
                }
                Err(stopped) => left.push(Some(stopped)),
            }
        }
        // By tier; then priority, value, declaration.
        let tier = |candidate: &Candidate<'_>| match candidate.action.kind {
            _ if candidate.action.fallback => u8::MAX,
            ActionKind::Offer => self.rules.tiers.offer,
            ActionKind::Message => self.rules.tiers.message,
            ActionKind::Service => self.rules.tiers.service,
        };
        ranking.sort_by(|(a, v, _), (b, w, _)| {
            let priority = w.priority().partial_cmp(&v.priority()).expect("no NaN");
            tier(a).cmp(&tier(b)).then(priority).then(w.value.cmp(&v.value)).then(a.place.cmp(&b.place))
        });
        // Who could be shown, whatever comes before.
        let counted = taken.shown.clone();
        let held = |candidate: &Candidate<'a>| {
            let cap = self.cap_reached(candidate, channel, candidates, &counted);
            let enough = self.shown_enough(candidate, candidates, &counted);
            enough || cap.is_some() || self.quiet(candidate, channel).is_some()
        };
        let control = |candidate: &Candidate<'a>| {
            let drawn = self.is_control(asked, &candidate.campaign_path(), candidate.campaign.control);
            drawn && !candidate.is_service() && !self.holds_out(candidate, asked)
        };
        let unweighed = |candidate: &Candidate<'a>| candidate.is_service() || candidate.action.fallback;
        let by_worth = ranking.clone();
        // How likely each is to be chosen, if one of them is this one.
        let chances = |one: &Candidate<'a>| -> BTreeMap<String, i64> {
            let Some(draw) = draw.as_ref().filter(|_| !unweighed(one)) else { return BTreeMap::new() };
            let mut among = Vec::new();
            for (other, worth, _) in &by_worth {
                let could = other.place == one.place || !held(other) && !control(other);
                if tier(other) == tier(one) && could {
                    among.push((other.path(), worth));
                }
            }
            let competitors: Vec<(&str, &Worth)> = among.iter().map(|(path, worth)| (path.as_str(), *worth)).collect();
            let chances = draw.chances(&competitors);
            among.iter().zip(chances).map(|((path, _), chance)| (path.clone(), billionths(chance))).collect()
        };
        if let Some(draw) = &draw {
            let paths: Vec<String> = ranking.iter().map(|(candidate, ..)| candidate.path()).collect();
            let all: Vec<(&str, &Worth)> =
                paths.iter().map(String::as_str).zip(by_worth.iter().map(|(_, worth, _)| worth)).collect();
            if let Some(keys) = draw.keys(&all) {
                let mut keyed: Vec<_> = keys.into_iter().zip(ranking).collect();
                keyed.sort_by(|(k, (a, ..)), (l, (b, ..))| {
                    let drawn = if unweighed(a) { Ordering::Equal } else { l.partial_cmp(k).expect("no NaN") };
                    tier(a).cmp(&tier(b)).then(drawn)
                });
                ranking = keyed.into_iter().map(|(_, ranked)| ranked).collect();
            }
        }
        let (mut chosen, mut held_out, mut withheld) = (None, None, Vec::new());
        let mut told = BTreeMap::new();
        for (candidate, _, content) in &ranking {
            if chosen.is_some() || held_out.is_some() {
                left[candidate.place] = Some((Stage::Rank, None));
            } else if self.shown_enough(candidate, candidates, &counted) {
                left[candidate.place] = Some((Stage::Cap, None));
            } else if let Some((cap, pending)) = self.cap_reached(candidate, channel, candidates, &counted) {
                left[candidate.place] = Some((Stage::Cap, Some(Stopped::Cap(cap, pending))));
            } else if let Some(quiet) = self.quiet(candidate, channel) {
                left[candidate.place] = Some((Stage::Quiet, Some(Stopped::Quiet(quiet))));
            } else if control(candidate) {
                left[candidate.place] = Some((Stage::Control, None));
                let chance = chances(candidate).get(&candidate.path()).copied();
                withheld.push((candidate.path(), Stage::Control, chance.unwrap_or(billionths(1.0))));
                taken.controls.push(candidate.place);
            } else {
                told = chances(candidate);
                taken.shown.push((candidate.place, channel));
                if self.holds_out(candidate, asked) {
                    left[candidate.place] = Some((Stage::Holdout, None));
                    let chance = told.get(&candidate.path()).copied();
                    withheld.push((candidate.path(), Stage::Holdout, chance.unwrap_or(billionths(1.0))));
                    held_out = Some(candidate.path());
                } else {
                    chosen = Some((candidate.path(), content.clone()));
                }
            }
        }
        let mut stopped = None;
        let mut answer = Answer { chosen, withheld, chances: told, ..Answer::default() };
        if let Some(path) = held_out {
            answer.reason = Some(Reason::Holdout);
            answer.nearest = Some((path, Stage::Holdout));
        } else if answer.chosen.is_none() {
            // Of several that got equally far the best ranked, then the first declared.
            let by_rank = ranking.iter().map(|(candidate, ..)| candidate.place);
            let order: Vec<usize> = by_rank.chain(0..candidates.len()).collect();
            let mut nearest: Option<(bool, Stage, usize)> = None;
            for number in order {
                let stage = left[number].as_ref().expect("nobody won").0;
                if !candidates[number].is_shown(place) {
                    continue;
                }
                let distance = (stage.reason() != Reason::NoCandidate, stage);
                if nearest.is_none_or(|(held, at, _)| (held, at) < distance) {
                    nearest = Some((distance.0, stage, number));
                }
            }
            answer.reason = Some(nearest.map_or(Reason::NoCandidate, |(_, stage, _)| stage.reason()));
            answer.nearest = nearest.map(|(_, stage, place)| (candidates[place].path(), stage));
            stopped = nearest.and_then(|(_, _, place)| left[place].clone()).and_then(|(_, stopped)| stopped);
        }
        answer.left = candidates.iter().map(|c| (c.path(), left[c.place].as_ref().map(|(stage, _)| *stage))).collect();
        (answer, stopped)
    }

    /// Whether the holdout withholds it.
    fn holds_out(&self, candidate: &Candidate<'_>, asked: &Asked) -> bool {
        let Some(holdout) = &self.rules.holdout else { return false };
        let excepted = candidate.is_service()
            || holdout.kinds.contains(&candidate.action.kind)
            || holdout.paths.iter().any(|path| part(&candidate.path(), path));
        !excepted && self.is_held_out(asked)
    }

    /// What a candidate shows at a place: the first content that is for the customer, `None` where there is none, or where it leaves.
    fn content(&self, candidate: &Candidate<'a>, place: Showplace, asked: &Asked) -> Shown {
        let mut passed_over = false;
        for treatment in candidate.action.treatments.iter().filter(|treatment| treatment.place == place) {
            match &treatment.content {
                Content::Key(key) => return Ok(Some(Some(key.clone()))),
                Content::Experiment(experiment) if self.exposed(asked, &candidate.action_path(), experiment) => {
                    let arm = self.arm_of(asked, &candidate.action_path(), experiment);
                    return Ok(Some(arm.map(|arm| arm.content.clone())));
                }
                Content::Experiment(_) => passed_over = true,
            }
        }
        if passed_over { Err(Stage::ExperimentArm) } else { Ok(None) }
    }

    /// Worth and content of a candidate that goes into the ranking, or where it left.
    fn admitted(
        &self,
        candidate: &Candidate<'a>,
        place: Showplace,
        asked: &Asked,
        taken: &Taken,
    ) -> Result<(Worth, String), (Stage, Option<Stopped<'a>>)> {
        let channel = place.channel;
        let Candidate { program, campaign, action, .. } = *candidate;
        let rules = self.rules;
        if campaign.valid.iter().chain(&action.valid).any(|valid| self.now < valid.from || valid.until < self.now) {
            return Err((Stage::Availability, None));
        }
        let on_channel = candidate.is_shown(place);
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
                    return Err((stage, Some(Stopped::Clause(clause, candidate.row))));
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
                return Err((Stage::Suppression, Some(Stopped::Clause(clause, candidate.row))));
            }
        }
        for block in &rules.policy.blocks {
            let held = candidate.is_about(block.kind) && !candidate.passes_line(&block.policy, LineKind::Block);
            if held && self.truth(&block.when, self.scope(None)) != Truth::False {
                return Err((Stage::Block, Some(Stopped::Block(block))));
            }
        }
        let content = match self.content(candidate, place, asked) {
            Err(stage) => return Err((stage, None)),
            Ok(found) => found.filter(|_| !taken.holds(candidate.place)).ok_or((Stage::Treatment, None))?,
        };
        // Who has no id is in no arm.
        let Some(content) = content else {
            return Err((Stage::ExperimentArm, None));
        };
        if candidate.is_service() || candidate.action.fallback {
            let nothing = Worth { propensity: 0.0, known: None, context: 1.0, margin: 0, lever: 1.0, value: 0 };
            return Ok((nothing, content));
        }
        // What is known of the row, else of all rows together.
        let known = |path: String| asked.evidence.iter().find(|(of, ..)| *of == path);
        let evidence = known(candidate.path()).or_else(|| known(candidate.action_path()));
        let evidence = evidence.map(|&(_, positives, contacts)| (positives, contacts));
        let worth = self.worth(campaign, action, channel, evidence).ok_or((Stage::Score, None))?;
        let priority = worth.priority();
        let enough = rules.threshold.as_ref().is_none_or(|threshold| priority >= threshold.minor as f64);
        if priority > 0.0 && enough { Ok((worth, content)) } else { Err((Stage::Threshold, None)) }
    }

    /// The latest word on the channel's consent, up to now, grants it and has not expired.
    fn consented(&self, channel: &Channel) -> bool {
        let Some((channel, purpose)) = &channel.consent else { return true };
        let said = self.customer.consents.iter().filter(|said| said.channel == *channel && said.purpose == *purpose);
        let latest = said.filter(|said| said.at <= self.now).max_by_key(|said| said.at);
        latest.is_some_and(|said| said.granted && said.expires.is_none_or(|expires| self.now < expires))
    }

    /// `propensity * context * margin * lever`, and the value.
    fn worth(
        &self,
        campaign: &Campaign,
        action: &Action,
        channel: usize,
        evidence: Option<(u64, u64)>,
    ) -> Option<Worth> {
        let scope = self.scope(None);
        let money = |value| match value {
            Some(Val::Money(minor)) => Some(minor),
            None => None,
            other => panic!("an amount is {other:?}"),
        };
        let start = match self.value(action.propensity.as_ref()?, scope)? {
            Val::Number(chance) if (0.0..=1.0).contains(&chance) => chance,
            Val::Number(_) => return None,
            other => panic!("a propensity is {other}"),
        };
        let trust = action.trust.map(f64::from);
        let (positives, contacts) = evidence.unwrap_or((0, 0));
        let propensity = match (trust, evidence) {
            (Some(trust), Some(_)) => (trust * start + positives as f64) / (trust + contacts as f64),
            _ => start,
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
        let known = trust.map(|trust| trust + contacts as f64);
        Some(Worth { propensity, known, context, margin, lever, value })
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

    /// Whether the slots so far show as many of its campaign or program as a decision may.
    fn shown_enough(&self, candidate: &Candidate<'a>, candidates: &[Candidate<'a>], taken: &[(usize, usize)]) -> bool {
        self.rules.policy.limits.iter().any(|limit| {
            let mut shown = 0;
            for &(place, _) in taken {
                let other = &candidates[place];
                shown += u32::from(!other.is_service() && other.path_of(limit.each) == candidate.path_of(limit.each));
            }
            let held = !candidate.is_service() && !candidate.passes_line(&limit.policy, LineKind::Limit);
            held && shown >= limit.most
        })
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
        let truth_of = |condition, row| Oracle { now: at, made_of: row, ..*self }.truth(condition, self.scope(None));
        let truth = |condition| truth_of(condition, None);
        match stopped {
            Stopped::Again(campaign, program) => self.rests(campaign, program, at),
            Stopped::Rest(rest, path) => self.rested(rest, path, at),
            Stopped::Cap(cap, pending) => self.capped(cap, *pending, at),
            Stopped::Quiet(quiet) => self.is_quiet(quiet, at),
            Stopped::Clause(clause, row) if clause.kind == ClauseKind::Suppress => {
                truth_of(&clause.when, *row) != Truth::False
            }
            Stopped::Clause(clause, row) => truth_of(&clause.when, *row) != Truth::True,
            Stopped::Block(block) => truth(&block.when) != Truth::False,
        }
    }
}

/// What an action shows at a place: of an experiment the arm's content, if the customer is in one.
type Shown = Result<Option<Option<String>>, Stage>;

/// What earlier slots have taken.
#[derive(Debug, Default)]
struct Taken {
    /// Shown or held out, each on a channel.
    shown: Vec<(usize, usize)>,
    /// Left to a control group.
    controls: Vec<usize>,
}

impl Taken {
    fn holds(&self, candidate: usize) -> bool {
        self.controls.contains(&candidate) || self.shown.iter().any(|&(place, _)| place == candidate)
    }
}

/// A probability, so that two can be compared.
pub fn billionths(chance: f64) -> i64 {
    (chance * 1e9).round() as i64
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

/// Whether a path is another one, or goes on from it; a row is part of its action.
fn part(path: &str, of: &str) -> bool {
    path == of || path.starts_with(&format!("{of}.")) || path.starts_with(&format!("{of}["))
}

/// The id of a row.
fn id(row: &Values) -> String {
    match &row["sku"] {
        Val::Text(id) => id.clone(),
        other => panic!("an id is {other}"),
    }
}
