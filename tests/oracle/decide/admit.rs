//! The stages before the ranking, and what a candidate is worth.

use nextbest::Stage;
use nextbest::check::tree::{Action, Campaign, Channel, Content, Decay, Expr, Rule, Showplace, Weights};
use nextbest::syntax::ast::{ClauseKind, LineKind};
use nextbest::time::Period;

use super::Stopped;
use super::candidate::{Candidate, part};
use crate::oracle::Oracle;
use crate::oracle::history::divide_half_even;
use crate::oracle::sample::{Asked, Worth, variant};
use crate::oracle::value::{Truth, Val};

/// What an action shows at a place: of an experiment the arm's content, if the customer is in one.
type Shown = Result<Option<Option<String>>, Stage>;

impl<'a> Oracle<'a> {
    /// Whether the holdout withholds it.
    pub fn holds_out(&self, candidate: &Candidate<'_>, asked: &Asked) -> bool {
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
            let path = candidate.action_path();
            if !self.exposed(asked, &path, &treatment.content) {
                passed_over = true;
                continue;
            }
            return Ok(Some(match &treatment.content {
                Content::Key(key) => Some(key.clone()),
                Content::Experiment(experiment) => {
                    let arm = self.arm_of(asked, &path, experiment);
                    arm.map(|arm| variant(&arm.content, &experiment.name, &arm.name))
                }
                Content::Factorial(factorial) => {
                    let cell = self.cell_of(asked, &path, factorial);
                    cell.map(|cell| variant(&factorial.content, &factorial.name, &cell))
                }
            }));
        }
        if passed_over { Err(Stage::ExperimentArm) } else { Ok(None) }
    }

    /// Worth and content of a candidate that goes into the ranking, or where it left.
    pub fn admitted(
        &self,
        candidate: &Candidate<'a>,
        place: Showplace,
        asked: &Asked,
        is_taken: bool,
    ) -> Result<(Worth, String), (Stage, Option<Stopped<'a>>)> {
        let channel = place.channel;
        let Candidate { campaign, action, .. } = *candidate;
        let rules = self.rules;
        // A bundle and its members.
        let together: Vec<Candidate<'a>> = std::iter::once(*candidate).chain(self.parts(candidate)).collect();
        for one in &together {
            let mut dates = one.campaign.valid.iter().chain(&one.action.valid);
            if dates.any(|valid| self.now < valid.from || valid.until < self.now) {
                return Err((Stage::Availability, None));
            }
        }
        let on_channel = candidate.is_shown(place);
        if on_channel && !candidate.is_service() && !self.consented(&rules.channels[channel]) {
            return Err((Stage::Consent, None));
        }
        let mut clauses: Vec<&'a Rule> = Vec::new();
        for one in &together {
            let belongs = one.campaign.segment.is_none_or(|segment| self.truth_of(segment) == Truth::True);
            if !belongs && !self.is_entered(one) {
                return Err((Stage::Eligible, None));
            }
            for level in [&rules.clauses, &one.program.clauses, &one.campaign.clauses, &one.action.clauses] {
                clauses.extend(level.iter().filter(|rule| !one.passes_rule(rule)));
            }
        }
        for (kind, stage) in [
            (ClauseKind::Eligible, Stage::Eligible),
            (ClauseKind::Applicable, Stage::Applicable),
            (ClauseKind::Suitable, Stage::Suitable),
            (ClauseKind::Only, Stage::Journey),
        ] {
            for clause in clauses.iter().filter(|clause| clause.kind == kind) {
                if self.truth(&clause.when, self.scope(None)) != Truth::True {
                    return Err((stage, Some(Stopped::Clause(clause, candidate.row))));
                }
            }
        }
        if self.rests(candidate, channel, self.now) {
            return Err((Stage::Journey, Some(Stopped::Again(*candidate, channel))));
        }
        for one in &together {
            for rest in &rules.policy.rests {
                let path = one.path_of(rest.each);
                let held = !one.is_service() && !one.passes_line(&rest.policy, LineKind::Rest);
                if held && self.rested(rest, &path, self.now) {
                    return Err((Stage::Journey, Some(Stopped::Rest(rest, path))));
                }
            }
        }
        for clause in clauses.iter().filter(|clause| clause.kind == ClauseKind::Suppress) {
            if self.truth(&clause.when, self.scope(None)) != Truth::False {
                return Err((Stage::Suppression, Some(Stopped::Clause(clause, candidate.row))));
            }
        }
        for one in &together {
            for block in &rules.policy.blocks {
                let held = one.is_about(block.kind) && !one.passes_line(&block.policy, LineKind::Block);
                if held && self.truth(&block.when, self.scope(None)) != Truth::False {
                    return Err((Stage::Block, Some(Stopped::Block(block))));
                }
            }
        }
        let content = match self.content(candidate, place, asked) {
            Err(stage) => return Err((stage, None)),
            Ok(found) => found.filter(|_| !is_taken).ok_or((Stage::Treatment, None))?,
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
        if self.is_enough(&worth) {
            return Ok((worth, content));
        }
        Err((Stage::Threshold, Some(Stopped::Threshold(*candidate, channel, evidence))))
    }

    /// Whether it beats doing nothing, and reaches the threshold.
    pub fn is_enough(&self, worth: &Worth) -> bool {
        let priority = worth.priority();
        priority > 0.0 && self.rules.threshold.as_ref().is_none_or(|threshold| priority >= threshold.minor as f64)
    }

    /// The latest word on the channel's consent, up to now, grants it and has not expired.
    fn consented(&self, channel: &Channel) -> bool {
        let Some((channel, purpose)) = &channel.consent else { return true };
        let said = self.customer.consents.iter().filter(|said| said.channel == *channel && said.purpose == *purpose);
        let latest = said.filter(|said| said.at <= self.now).max_by_key(|said| said.at);
        latest.is_some_and(|said| said.granted && said.expires.is_none_or(|expires| self.now < expires))
    }

    /// What an action earns towards all aims of the objective, as the first weights have it that are for the customer.
    fn earned(&self, action: &Action) -> Option<i64> {
        let objective = self.rules.objective.as_ref().filter(|_| !action.worth.is_empty())?;
        let ours = |weights: &&Weights| match weights.segment {
            Some(segment) => self.truth_of(segment) == Truth::True,
            None => true,
        };
        let weights = objective.weights.iter().find(ours).expect("weights for everybody");
        let mut sum = 0_i64;
        for worth in &action.worth {
            // What is only known to be so many or more is no amount.
            let known = |value: &Val| !matches!(value, Val::AtLeast(_));
            let amount = |expr: &Expr| self.value(expr, self.scope(None)).filter(known);
            let amount = amount(&worth.amount).or_else(|| amount(worth.otherwise.as_ref()?))?;
            let minor = match (amount, objective.aims[worth.aim].point) {
                (Val::Money(minor), None) => minor,
                (Val::Int(points), Some(point)) => points.checked_mul(point)?,
                (Val::Number(points), Some(point)) => (points * point as f64).round_ties_even() as i64,
                other => panic!("an aim is worth {other:?}"),
            };
            let (numerator, denominator) = weights.shares[worth.aim];
            let weighed = divide_half_even(i128::from(minor) * i128::from(numerator), denominator.into());
            sum = sum.checked_add(i64::try_from(weighed).ok()?)?;
        }
        Some(sum)
    }

    /// The part of a boost that is left, step by step from the latest event on.
    fn left(&self, decay: &Decay) -> f64 {
        let scope = self.scope(None);
        let latest = match self.value(&decay.latest, scope) {
            Some(Val::Instant(latest)) => latest,
            None => return 0.0,
            other => panic!("an event is at {other:?}"),
        };
        let Period { months, days, millis } = decay.step;
        let ends =
            (1..=decay.steps).map(|n| Period { months: months * n, days: days * n, millis: millis * i64::from(n) });
        let ahead = ends.filter(|&end| self.now < scope.zone.plus(latest, end)).count();
        ahead as f64 / f64::from(decay.steps)
    }

    /// `propensity * context * margin * lever`, and the value.
    pub fn worth(
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
        let value = match &action.value {
            Some(value) => money(self.value(value, scope))?,
            None => self.earned(action)?,
        };
        let cost = match &action.cost {
            Some(cost) => money(self.value(cost, scope))?,
            None => 0,
        };
        let margin = value.checked_sub(cost)?.checked_sub(self.rules.channels[channel].cost)?;
        let (mut context, mut lever) = (1.0, 1.0);
        let (mut boosts, mut levers) = (0.0, 0.0);
        for boost in campaign.boosts.iter().chain(&action.boosts) {
            if boost.when.as_ref().is_none_or(|when| self.truth(when, scope) == Truth::True) {
                boosts += boost.change * boost.decay.as_ref().map_or(1.0, |decay| self.left(decay));
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
}
