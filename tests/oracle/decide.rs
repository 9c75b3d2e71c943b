//! The naive decision procedure: DESIGN §5 as plain loops over the checked tree.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use nextbest::check::tree::{Action, Block, Cap, Quiet, Rest, Rule, Showplace};
use nextbest::syntax::ast::{ActionKind, ClauseKind};
use nextbest::{Instant, Reason, Stage, Type};

use super::Oracle;
use super::customer::Values;
use super::sample::{Asked, Worth};
use super::value::{Truth, Val};
use candidate::{Candidate, id};

mod admit;
mod candidate;
mod contacts;
mod journey;
mod policy;

/// What is decided for one channel.
#[derive(Debug, Default, PartialEq)]
pub struct Answer {
    /// The winner's path and content, with the variant that it is.
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
    Again(Candidate<'a>, usize),
    Rest(&'a Rest, String),
    Cap(&'a Cap, usize),
    Quiet(&'a Quiet),
    Clause(&'a Rule, Option<&'a Values>),
    Block(&'a Block),
    /// On this channel, with what is known of how it has done.
    Threshold(Candidate<'a>, usize, Option<(u64, u64)>),
}

impl<'a> Oracle<'a> {
    /// The decision for places, in their order.
    pub fn decide(&self, asked: &Asked) -> Vec<(Answer, Option<Stopped<'a>>)> {
        let (mut taken, mut answers) = (Taken::default(), Vec::new());
        let candidates = self.candidates();
        let places: Vec<(Showplace, u32)> = asked.places.iter().flat_map(|name| self.places(name)).collect();
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by_key(|&place| self.turn(places[place].0.channel));
        for asked_for in order {
            let (place, capacity) = places[asked_for];
            for number in 0..capacity {
                let (answer, stopped) = self.slot(&candidates, place, asked, &mut taken);
                let goes_on = answer.chosen.is_some() || answer.reason == Some(Reason::Holdout);
                // What a control group is spared is to be recorded.
                if goes_on || number == 0 || !answer.withheld.is_empty() {
                    answers.push((asked_for, answer, stopped));
                }
                if !goes_on {
                    break;
                }
            }
        }
        answers.sort_by_key(|(asked_for, ..)| *asked_for);
        answers.into_iter().map(|(_, answer, stopped)| (answer, stopped)).collect()
    }

    /// Whether a channel is filled first, next or with the rest.
    fn turn(&self, channel: usize) -> u8 {
        let Some(prefer) = &self.rules.policy.prefer else { return 2 };
        let named = match (self.value(&prefer.channel, self.scope(None)), &prefer.channel.ty) {
            (Some(Val::Text(name)), _) => Some(name),
            (Some(Val::Category(name)), Type::Enum(names)) => Some(names[name].clone()),
            _ => None,
        };
        match () {
            () if named.as_ref() == Some(&self.rules.channels[channel].name) => 0,
            () if prefer.otherwise == Some(channel) => 1,
            () => 2,
        }
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
                    for row in self.rows_of(action) {
                        candidates.push(Candidate { program, campaign, action, row, place: candidates.len() });
                    }
                }
            }
        }
        candidates
    }

    /// The members of a bundle.
    fn parts(&self, bundle: &Candidate<'a>) -> Vec<Candidate<'a>> {
        let all = self.candidates();
        let found =
            bundle.action.members.iter().map(|path| {
                *all.iter().find(|candidate| candidate.action_path() == *path).expect("a member is an action")
            });
        found.collect()
    }

    /// The rows that an action is made of, by id; of others none once.
    fn rows_of(&self, action: &Action) -> Vec<Option<&'a Values>> {
        let Some(each) = &action.rows else { return vec![None] };
        let mut passing: Vec<&'a Values> = Vec::new();
        for row in self.rows {
            let here = Oracle { made_of: Some(row), ..*self };
            let filter = each.filter.as_ref();
            if filter.is_none_or(|filter| here.truth(filter, here.scope(None)) == Truth::True) {
                passing.push(row);
            }
        }
        passing.sort_by_key(|row| id(row));
        passing.into_iter().map(Some).collect()
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
            let is_taken = candidates.iter().any(|other| taken.holds(other.place) && overlap(candidate, other));
            match (Oracle { made_of: candidate.row, ..*self }).admitted(candidate, place, asked, is_taken) {
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

    /// Whether what stopped a candidate still does at a moment, all else as it is.
    pub fn still(&self, stopped: &Stopped<'a>, at: Instant) -> bool {
        let truth_of = |condition, row| Oracle { now: at, made_of: row, ..*self }.truth(condition, self.scope(None));
        let truth = |condition| truth_of(condition, None);
        match stopped {
            Stopped::Again(candidate, channel) => self.rests(candidate, *channel, at),
            Stopped::Rest(rest, path) => self.rested(rest, path, at),
            Stopped::Cap(cap, pending) => self.capped(cap, *pending, at),
            Stopped::Quiet(quiet) => self.is_quiet(quiet, at),
            Stopped::Clause(clause, row) if clause.kind == ClauseKind::Suppress => {
                truth_of(&clause.when, *row) != Truth::False
            }
            Stopped::Clause(clause, row) => truth_of(&clause.when, *row) != Truth::True,
            Stopped::Block(block) => truth(&block.when) != Truth::False,
            Stopped::Threshold(candidate, channel, evidence) => {
                let then = Oracle { now: at, made_of: candidate.row, ..*self };
                !then
                    .worth(candidate.campaign, candidate.action, *channel, *evidence)
                    .is_some_and(|worth| then.is_enough(&worth))
            }
        }
    }
}

/// Whether one is the other, or of what it is made, or both have something in common.
fn overlap(one: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    let parts = |of: &Candidate<'_>| -> Vec<String> { of.action.members.iter().cloned().chain([of.path()]).collect() };
    let own = parts(one);
    parts(other).iter().any(|part| own.contains(part))
}

/// What earlier slots have taken.
#[derive(Debug, Default)]
pub struct Taken {
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
