//! What rules say of time, and what they look at that has a time: all that time alone can move them by.

use std::collections::BTreeSet;

use super::needs::Read;
use crate::check::tree::{Action, Again, Boost, Campaign, Constant, Decay, Expr, Kind, Part, Rules, Window};
use crate::check::walk;
use crate::schema::Type;
use crate::syntax::ast::PeriodUnit;
use crate::time::{CivilWindow, Period, TimeOfDay, Zone};

/// What rules, or one condition, say of time.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub periods: Vec<Period>,
    pub instants: Vec<i64>,
    /// Milliseconds since midnight.
    pub times: BTreeSet<i64>,
    pub zones: Vec<Zone>,
    /// What of the customer may have a time.
    pub read: Read,
    /// Whether more than amounts of time counted from instants moves it: days, and clocks.
    pub calendar: bool,
    /// Whether contacts matter, and consents.
    pub contacts: bool,
    pub consents: bool,
}

/// So many blocks of seven days are looked back at.
const ROLLING_WEEKS: i32 = 530;

impl Said {
    /// All that rules say.
    pub fn of(rules: &Rules) -> Self {
        let mut said = Self::reading(rules, Read::of(rules));
        (said.contacts, said.consents, said.calendar) = (true, true, true);
        for definition in &rules.definitions {
            definition.body.exprs().for_each(|expr| said.expr(expr));
            said.zones.extend(definition.zone);
        }
        rules.catalogue_expressions().for_each(|expr| said.expr(expr));
        let policy = &rules.policy;
        for limit in policy.caps.iter().filter_map(|cap| cap.limit) {
            said.window(limit.window);
            said.zones.extend(limit.zone);
        }
        for quiet in &policy.quiets {
            said.times.extend([quiet.from, quiet.to].map(|time| i64::from(time.millis())));
            said.zones.extend(quiet.zone);
        }
        said.periods.extend(policy.rests.iter().flat_map(|rest| [rest.length, rest.within]));
        for campaign in rules.campaigns() {
            if let Again::After(pause, _) = campaign.entry.again {
                said.periods.push(pause);
            }
            said.periods.extend(campaign.entry.goal.iter().map(|goal| goal.within));
            let actions = campaign.actions.iter();
            let boosts = campaign.boosts.iter().chain(actions.clone().flat_map(|action| &action.boosts));
            let decays = boosts.filter_map(|boost| boost.decay.as_ref());
            said.periods.extend(decays.flat_map(Decay::all));
            let levers = campaign.levers.iter().chain(actions.clone().flat_map(|action| &action.levers));
            said.instants.extend(levers.map(|lever| lever.until.millis()));
            let valid = campaign.valid.iter().chain(actions.filter_map(|action| action.valid.as_ref()));
            said.instants.extend(valid.flat_map(|valid| [valid.from.millis(), valid.until.millis()]));
        }
        said.finish(rules)
    }

    /// What one condition says, with the definitions that it rests on.
    pub fn of_condition(rules: &Rules, condition: &Expr) -> Self {
        let exprs = rules.with_definitions(condition);
        let mut said = Self::reading(rules, Read::of_all(rules, &exprs));
        exprs.into_iter().for_each(|expr| said.expr(expr));
        said.finish(rules)
    }

    /// What is said of what an action is worth; `None` where time alone cannot change that.
    pub fn of_worth(rules: &Rules, campaign: &Campaign, action: &Action) -> Option<Self> {
        let boosts = || campaign.boosts.iter().chain(&action.boosts);
        let objective = rules.objective.iter().filter(|_| !action.worth.is_empty());
        let segments = objective.flat_map(|objective| &objective.weights).filter_map(|weights| weights.segment);
        let segments = segments.filter_map(|segment| rules.definitions.get(segment));
        let exprs: Vec<&Expr> = action.amounts().chain(boosts().flat_map(Boost::exprs)).collect();
        let exprs = exprs.into_iter().chain(segments.flat_map(|segment| segment.body.exprs()));
        let exprs: Vec<&Expr> = exprs.flat_map(|expr| rules.with_definitions(expr)).collect();
        let mut said = Self::reading(rules, Read::of_all(rules, &exprs));
        exprs.into_iter().for_each(|expr| said.expr(expr));
        said.periods.extend(boosts().filter_map(|boost| boost.decay.as_ref()).flat_map(Decay::all));
        said.instants.extend(campaign.levers.iter().chain(&action.levers).map(|lever| lever.until.millis()));
        let said = said.finish(rules);
        let moves = said.calendar || said.contacts || said.consents;
        (moves || !said.periods.is_empty() || !said.instants.is_empty() || !said.read.events.is_empty()).then_some(said)
    }

    fn reading(rules: &Rules, read: Read) -> Self {
        Said {
            periods: Vec::new(),
            instants: Vec::new(),
            times: BTreeSet::from([0]),
            zones: vec![rules.zone],
            read,
            calendar: false,
            contacts: false,
            consents: false,
        }
    }

    fn finish(mut self, rules: &Rules) -> Self {
        let read = self.read.attributes.iter().filter_map(|&index| rules.shape.attributes.get(index));
        self.periods.extend(read.clone().filter_map(|attribute| attribute.fresh()));
        self.consents |= read.clone().any(|attribute| attribute.lapses());
        self.periods.sort_unstable_by_key(|period| (period.months, period.days, period.millis));
        self.periods.dedup();
        self
    }

    fn expr(&mut self, expr: &Expr) {
        walk::each(expr, &mut |inner| {
            self.calendar |= goes_by_days(inner);
            for window in walk::clauses(inner).into_iter().filter_map(|clause| clause.window.as_ref()) {
                self.any_window(window);
            }
            match &inner.kind {
                Kind::InWindow { window, .. } => self.any_window(window),
                Kind::OlderThan { period, .. } => self.periods.push(*period),
                Kind::Lifecycle { period, twice, .. } => self.periods.extend([*period, *twice]),
                Kind::Chain(chain) => {
                    self.periods.extend(chain.steps.iter().filter_map(|step| step.within));
                    self.periods.extend(chain.tail.iter().map(|tail| tail.within));
                }
                Kind::Periods { unit: PeriodUnit::RollingWeeks, .. } => {
                    self.periods.extend((1..=ROLLING_WEEKS).map(|week| Period::of_days(7 * week)));
                }
                Kind::Part { part: Part::Hour, .. } => self.times.extend((0..24).map(|hour| hour * 3_600_000)),
                Kind::Outcome { .. } => self.contacts = true,
                Kind::Consent { .. } => self.consents = true,
                Kind::Constant(Constant::Period(period)) => self.periods.push(*period),
                Kind::Constant(Constant::Instant(at)) => self.instants.push(at.millis()),
                Kind::Constant(Constant::Time(time)) => self.time(*time),
                _ => {}
            }
        });
    }

    fn any_window(&mut self, window: &Window) {
        match window {
            Window::Civil(window) => self.window(*window),
            Window::Anchored { length, .. } => self.periods.push(*length),
        }
    }

    fn window(&mut self, window: CivilWindow) {
        self.calendar |= !matches!(
            window,
            CivilWindow::Last(_) | CivilWindow::Next(_) | CivilWindow::Ago { .. } | CivilWindow::UntilAgo(_)
        );
        window.map(|period| self.periods.push(period));
    }

    fn time(&mut self, time: TimeOfDay) {
        self.times.insert(time.millis().into());
    }
}

/// Whether an expression by itself is moved by days or clocks.
fn goes_by_days(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::InWindow { subject, .. } | Kind::OlderThan { subject, .. } | Kind::TimeSince(subject) => {
            subject.ty == Type::Date
        }
        Kind::Now | Kind::Today | Kind::Age(_) | Kind::Anniversary(_) | Kind::Part { .. } => true,
        Kind::Day { .. } | Kind::Periods { .. } | Kind::Call { .. } => true,
        Kind::Between { subject, .. } => subject.ty == Type::Time,
        _ => false,
    }
}
