//! When time alone may change something: the instants at which a window leaves or reaches something, a clock shows another hour, a
//! date begins. All at which anything changes are among them; at most of them nothing does.

use std::collections::BTreeSet;

use super::Inner;
use super::needs::Read;
use super::rows::Rows;
use crate::check::tree::{Again, Constant, Expr, Kind, Part, Rules, Window};
use crate::check::walk;
use crate::leaf::{Cx, Held, Leaves};
use crate::schema::Type;
use crate::syntax::ast::PeriodUnit;
use crate::time::{CivilWindow, Instant, Period, TimeOfDay, Zone};

/// What rules say of time.
#[derive(Default)]
struct Said {
    periods: Vec<Period>,
    instants: Vec<i64>,
    /// Milliseconds since midnight.
    times: BTreeSet<i64>,
    zones: Vec<Zone>,
}

/// So many blocks of seven days are looked back at.
const ROLLING_WEEKS: i32 = 530;

impl Said {
    fn of(rules: &Rules) -> Self {
        let mut said = Said { zones: vec![rules.zone], times: BTreeSet::from([0]), ..Said::default() };
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
            said.periods.extend(decays.flat_map(|decay| (1..=decay.steps).map(|step| decay.after(step))));
            let levers = campaign.levers.iter().chain(actions.clone().flat_map(|action| &action.levers));
            said.instants.extend(levers.map(|lever| lever.until.millis()));
            let valid = campaign.valid.iter().chain(actions.filter_map(|action| action.valid.as_ref()));
            said.instants.extend(valid.flat_map(|valid| [valid.from.millis(), valid.until.millis()]));
        }
        let fresh = rules.shape.attributes.iter().filter_map(|attribute| attribute.fresh());
        said.periods.extend(fresh);
        said.periods.sort_unstable_by_key(|period| (period.months, period.days, period.millis));
        said.periods.dedup();
        said
    }

    fn expr(&mut self, expr: &Expr) {
        walk::each(expr, &mut |inner| {
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
        window.map(|period| self.periods.push(period));
    }

    fn time(&mut self, time: TimeOfDay) {
        self.times.insert(time.millis().into());
    }
}

impl<P: Send + Sync + 'static> Inner<P> {
    /// The instants after now, up to `until`, at which anything about a customer may change while nothing happens.
    pub(crate) fn corners(&self, customer: &P, cx: &Cx<'_>, rows: &Rows, until: Instant) -> BTreeSet<Instant> {
        let (rules, now) = (&*self.rules, cx.moment.now);
        let mut said = Said::of(rules);
        said.zones.push(cx.moment.zone);
        said.zones.extend(self.program.times.iter().filter_map(|spec| spec.zone));
        said.zones.sort_unstable_by_key(|zone| zone.name());
        said.zones.dedup();
        let mut instants = said.instants.clone();
        self.instants(customer, cx, rows, &mut instants, &mut said.times);
        instants.sort_unstable();
        instants.dedup();
        let mut corners = BTreeSet::new();
        let mut add = |at: Instant| {
            // What holds up to an instant ends behind it.
            corners.extend([at, at.saturating_add_millis(1)].into_iter().filter(|at| now < *at && *at <= until));
        };
        let no_time = [Period::default()];
        for &at in &instants {
            let at = Instant::from_millis(at);
            for &period in said.periods.iter().chain(&no_time) {
                for &zone in &said.zones {
                    let ahead = Period { months: -period.months, days: -period.days, millis: -period.millis };
                    for period in [period, ahead] {
                        zone.turns(at, period, now, until).into_iter().for_each(&mut add);
                        add(zone.plus(at, period));
                    }
                }
            }
        }
        let times: Vec<i64> = said.times.iter().copied().collect();
        for &zone in &said.zones {
            zone.corners(&times, now, until).into_iter().for_each(&mut add);
        }
        corners
    }

    /// All instants and times of day that a customer and the request have.
    fn instants(&self, customer: &P, cx: &Cx<'_>, rows: &Rows, found: &mut Vec<i64>, times: &mut BTreeSet<i64>) {
        let (shape, read) = (&self.rules.shape, self.reads.get_or_init(|| Read::of(&self.rules)));
        for &index in &read.attributes {
            let (Some(attribute), Some(leaves)) = (shape.attributes.get(index), self.access.attributes.0.get(index))
            else {
                continue;
            };
            match (&attribute.ty, leaves) {
                (Type::Instant, Leaves::Word(leaves)) => found.extend(leaves.get()(customer, cx)),
                (Type::Time, Leaves::Word(leaves)) => times.extend(leaves.get()(customer, cx)),
                (Type::List(item), Leaves::Words(leaves)) if **item == Type::Instant => {
                    leaves.each(customer, cx, &mut |word| found.push(word));
                }
                (Type::Map(item), Leaves::Map(map)) if **item == Type::Instant => {
                    for leaves in read.keys.iter().map(|key| map.at(key)) {
                        if let Leaves::Word(leaves) = leaves {
                            found.extend(leaves.get()(customer, cx));
                        }
                    }
                }
                _ => {}
            }
            let as_of = self.access.as_of(index).and_then(|as_of| as_of(customer));
            found.extend(as_of.map(Instant::millis));
        }
        let rows = self.rules.catalogs.iter().enumerate().flat_map(|(number, catalog)| {
            rows.of(number).iter().flat_map(|row| catalog.columns.iter().zip(row.iter()))
        });
        for (attribute, held) in self.rules.context.iter().zip(cx.context.iter()).chain(rows) {
            match (&attribute.ty, held) {
                (Type::Instant, Some(Held::Word(word))) => found.push(*word),
                (Type::Time, Some(Held::Word(word))) => drop(times.insert(*word)),
                _ => {}
            }
        }
        for &kind in &read.events {
            let Some(event) = shape.events.get(kind) else { continue };
            let properties = event.properties.iter().enumerate();
            let properties = properties.filter(|(_, property)| property.ty == Type::Instant).map(|(index, _)| index);
            let rows = self.access.kinds.get(kind);
            rows.into_iter()
                .for_each(|rows| rows.instants(customer, cx, &properties.clone().collect::<Vec<_>>(), found));
        }
        let consents = self.access.consents.as_ref().map(|consents| consents(customer)).unwrap_or_default();
        found.extend(consents.iter().flat_map(|said| said.expires.into_iter().chain([said.at])).map(Instant::millis));
        let whose = self.rules.policy.sharings().into_iter().map(Some).chain([None]);
        for contacts in whose.filter_map(|sharing| self.access.contacts(sharing, customer)) {
            found.extend(contacts.as_slice().iter().map(|contact| contact.at.millis()));
            found.extend(contacts.since().map(|since| since.millis().saturating_sub(1)));
        }
    }
}
