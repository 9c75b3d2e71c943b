//! Actions, ready to be decided upon: each a candidate with its own and its campaign's rules.

use super::entry::{Entry, EntryPlan};
use super::exempt::Exempt;
use super::link::Linker;
use super::lowering::Lowering;
use super::opening::{Opening, Openings};
use super::said::Said;
use super::scope::{Lineage, Scopes};
use super::treatment::{self, Treatment, TreatmentPlan};
use super::worth::{Worth, WorthPlan};
use crate::check::tree::{Action, Boost, Campaign, Decay, Lever, Promo, Rule, Rules, Share, Valid, exceptions};
use crate::diagnostic::Span;
use crate::leaf::plan::{Plan, Value};
use crate::leaf::{Cx, Get, Test};
use crate::syntax::ast::{ActionKind, ClauseKind};
use crate::time::Instant;

/// A rule of a candidate, lowered.
pub(super) struct RulePlan {
    kind: ClauseKind,
    name: Option<String>,
    plan: Plan,
    opens: Option<Opening>,
    span: Span,
    because: Option<String>,
    /// Whether the candidate does not have to pass it.
    excepted: bool,
}

/// A candidate, lowered.
pub(super) struct CandidatePlan {
    path: String,
    place: [usize; 3],
    entry: EntryPlan,
    rules: Vec<RulePlan>,
    worth: Option<WorthPlan>,
    cost: Option<Value>,
    propensity: Option<Value>,
    boosts: Vec<BoostPlan>,
    treatments: Vec<TreatmentPlan>,
}

/// A boost, lowered.
struct BoostPlan {
    when: Option<Plan>,
    /// The instant of what it decays after.
    latest: Option<Value>,
}

/// A clause that a candidate has to pass.
pub(crate) struct Clause<P> {
    pub kind: ClauseKind,
    pub name: Option<String>,
    /// Passed where definitely true; a suppression where definitely false, since unknown blocks.
    pub passes: Test<P>,
    /// Where time alone can let it pass, and then for good.
    pub opens: Option<Opening>,
    pub span: Span,
    pub because: Option<String>,
    /// Whether an exception is made from it.
    pub excepted: bool,
}

/// What makes an action more, or less, worth while.
pub(crate) struct Weight<P> {
    change: f64,
    /// Definitely true; `None` always is.
    holds: Option<Test<P>>,
    /// The instant from which it decays, and how.
    decay: Option<(Get<P, i64>, Decay)>,
    pub span: Span,
}

/// An action that competes.
pub(crate) struct Candidate<P> {
    /// `winback.come_back.gift`
    pub path: String,
    /// `winback.come_back`
    pub campaign_path: String,
    pub scopes: Lineage,
    /// The numbers of the actions that it puts together.
    pub members: Vec<usize>,
    pub kind: ActionKind,
    /// The definition of its campaign's segment; `None` is everyone.
    pub segment: Option<usize>,
    pub segment_span: Span,
    pub entry: Entry<P>,
    /// In the order of the stages, those further out before its own.
    pub clauses: Vec<Clause<P>>,
    /// What it is not held by.
    pub exempt: Exempt,
    /// What it is worth, if it is weighed.
    pub worth: Option<Worth<P>>,
    /// Money of the ruleset's currency, in minor units.
    pub cost: Option<Get<P, i64>>,
    /// A share.
    pub propensity: Option<Get<P, f64>>,
    /// What is said of all that it is worth, where time alone can change that.
    pub moves: Option<Box<Said>>,
    /// How many contacts that is trusted like.
    pub trust: Option<u32>,
    pub tier: u8,
    /// Whether it is for where nothing else is shown.
    pub fallback: bool,
    pub boosts: Vec<Weight<P>>,
    pub levers: Vec<Lever>,
    /// Of its campaign, and its own.
    pub valid: Vec<Valid>,
    pub promo: Option<Promo>,
    pub control: Option<Share>,
    /// In the order of the text; of those for one place the first that can be used counts.
    pub treatments: Vec<Treatment<P>>,
    pub span: Span,
}

/// Lowers every action, in the order of the text.
pub(super) fn lower(lowering: &mut Lowering<'_>, rules: &Rules, openings: &Openings<'_>) -> Vec<CandidatePlan> {
    let mut candidates = Vec::new();
    for (p, program) in rules.programs.iter().enumerate() {
        for (c, campaign) in program.campaigns.iter().enumerate() {
            if let Some(segment) = campaign.segment {
                lowering.ask_condition(segment, true);
            }
            for (a, action) in campaign.actions.iter().enumerate() {
                let all = rules.clauses_of(program, campaign, action);
                let mut all: Vec<RulePlan> =
                    all.map(|(rule, exception)| lower_rule(lowering, openings, rule, exception.is_some())).collect();
                all.sort_by_key(|rule| stage_of(rule.kind));
                candidates.push(CandidatePlan {
                    path: format!("{}.{}.{}", program.name, campaign.name, action.name),
                    place: [p, c, a],
                    entry: EntryPlan::lower(lowering, &campaign.entry),
                    rules: all,
                    worth: WorthPlan::lower(lowering, action),
                    cost: action.cost.as_ref().map(|cost| lowering.value(cost, None)),
                    propensity: action.propensity.as_ref().map(|chance| lowering.value(chance, None)),
                    boosts: boosts(campaign, action).map(|boost| lower_boost(lowering, boost)).collect(),
                    treatments: action.treatments.iter().map(|t| treatment::lower(lowering, t)).collect(),
                });
            }
        }
    }
    candidates
}

impl<P> Candidate<P> {
    /// Whether it is owed, not weighed.
    pub fn is_service(&self) -> bool {
        self.kind == ActionKind::Service
    }
}

/// The boosts of a campaign, then those of the action itself.
fn boosts<'r>(campaign: &'r Campaign, action: &'r Action) -> impl Iterator<Item = &'r Boost> {
    campaign.boosts.iter().chain(&action.boosts)
}

fn lower_boost(lowering: &mut Lowering<'_>, boost: &Boost) -> BoostPlan {
    BoostPlan {
        when: boost.when.as_ref().map(|when| lowering.condition(when, true, None)),
        latest: boost.decay.as_ref().map(|decay| lowering.value(&decay.latest, None)),
    }
}

impl BoostPlan {
    fn link<P: 'static>(&self, linker: &Linker<'_, P>, boost: &Boost) -> Weight<P> {
        Weight {
            change: boost.change,
            holds: self.when.as_ref().map(|when| linker.test(when)),
            decay: self.latest.as_ref().map(|latest| linker.word(latest)).zip(boost.decay.clone()),
            span: boost.span,
        }
    }
}

impl<P> Weight<P> {
    /// The change that counts now: nothing where it does not definitely hold, or has decayed.
    pub fn counts(&self, customer: &P, cx: &Cx<'_>) -> Option<f64> {
        if !self.holds.as_ref().is_none_or(|holds| holds(customer, cx)) {
            return None;
        }
        let Some((latest, decay)) = &self.decay else { return Some(self.change) };
        let left = decay.left(Instant::from_millis(latest(customer, cx)?), cx.moment.now, cx.moment.zone);
        (left > 0).then(|| self.change * (f64::from(left) / f64::from(decay.steps)))
    }

    /// Whether the change that counts is not the one that is written.
    pub fn decays(&self) -> bool {
        self.decay.is_some()
    }
}

fn lower_rule(lowering: &mut Lowering<'_>, openings: &Openings<'_>, rule: &Rule, excepted: bool) -> RulePlan {
    let want = rule.kind != ClauseKind::Suppress;
    let plan = lowering.condition(&rule.when, want, None);
    let opens = openings.opening(&rule.when, want);
    let (name, because) = (rule.name.clone(), rule.because.clone());
    RulePlan { kind: rule.kind, name, plan, opens, span: rule.span, because, excepted }
}

/// The numbers of the members of a bundle.
fn members(rules: &Rules, bundle: &Action) -> Vec<usize> {
    let number = |member: &String| rules.actions().position(|(path, ..)| path == *member);
    bundle.members.iter().filter_map(number).collect()
}

fn stage_of(kind: ClauseKind) -> u8 {
    match kind {
        ClauseKind::Eligible => 0,
        ClauseKind::Applicable => 1,
        ClauseKind::Suitable => 2,
        ClauseKind::Only => 3,
        ClauseKind::Suppress => 4,
    }
}

impl CandidatePlan {
    /// The conditions in it.
    pub fn conditions(&self) -> impl Iterator<Item = &Plan> {
        let treatments = self.treatments.iter().flat_map(TreatmentPlan::conditions);
        let treatments = treatments.chain(self.boosts.iter().filter_map(|boost| boost.when.as_ref()));
        self.rules.iter().map(|rule| &rule.plan).chain(treatments).chain(self.entry.filters())
    }

    /// Those that are asked of the customer, for inlining.
    pub fn conditions_mut(&mut self) -> impl Iterator<Item = &mut Plan> {
        let treatments = self.treatments.iter_mut().flat_map(TreatmentPlan::conditions_mut);
        let treatments = treatments.chain(self.boosts.iter_mut().filter_map(|boost| boost.when.as_mut()));
        self.rules.iter_mut().map(|rule| &mut rule.plan).chain(treatments)
    }

    /// The values in it.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let treatments = self.treatments.iter().flat_map(TreatmentPlan::values);
        let latest = self.boosts.iter().filter_map(|boost| boost.latest.as_ref());
        let worth = self.worth.iter().flat_map(WorthPlan::values);
        worth.chain(&self.cost).chain(&self.propensity).chain(latest).chain(treatments)
    }

    /// `winback.come_back.gift`, and where it is written.
    pub fn named(&self, rules: &Rules) -> (&str, Span) {
        let [p, c, a] = self.place;
        let campaign = rules.programs.get(p).and_then(|program| program.campaigns.get(c));
        let action = campaign.and_then(|campaign| campaign.actions.get(a));
        (&self.path, action.map_or(Span::NOWHERE, |action| action.span))
    }

    pub fn link<P: 'static>(self, linker: &Linker<'_, P>, rules: &Rules, scopes: &Scopes) -> Option<Candidate<P>> {
        let [p, c, a] = self.place;
        let program = rules.programs.get(p)?;
        let campaign = program.campaigns.get(c)?;
        let action = campaign.actions.get(a)?;
        let clauses = self.rules.into_iter().map(|rule| Clause {
            kind: rule.kind,
            name: rule.name,
            passes: linker.test(&rule.plan),
            opens: rule.opens,
            span: rule.span,
            because: rule.because,
            excepted: rule.excepted,
        });
        Some(Candidate {
            campaign_path: format!("{}.{}", program.name, campaign.name),
            scopes: scopes.around(&self.path),
            path: self.path,
            members: members(rules, action),
            kind: action.kind,
            segment: campaign.segment,
            segment_span: campaign.segment_span,
            entry: self.entry.link(linker, &campaign.entry),
            clauses: clauses.collect(),
            exempt: Exempt::of(&rules.policy, exceptions(program, campaign, action)),
            worth: self.worth.map(|worth| worth.link(linker, action, rules.objective.as_ref())),
            cost: self.cost.map(|cost| linker.word(&cost)),
            propensity: self.propensity.map(|chance| linker.float(&chance)),
            moves: Said::of_worth(rules, campaign, action).map(Box::new),
            trust: action.trust,
            tier: if action.fallback { u8::MAX } else { rules.tiers.of(action.kind) },
            fallback: action.fallback,
            boosts: self
                .boosts
                .iter()
                .zip(boosts(campaign, action))
                .map(|(plan, boost)| plan.link(linker, boost))
                .collect(),
            levers: campaign.levers.iter().chain(&action.levers).cloned().collect(),
            valid: campaign.valid.iter().chain(&action.valid).copied().collect(),
            promo: action.promo.clone(),
            control: campaign.control,
            treatments: self
                .treatments
                .into_iter()
                .zip(&action.treatments)
                .map(|(plan, treatment)| plan.link(linker, rules, treatment))
                .collect(),
            span: action.span,
        })
    }
}
