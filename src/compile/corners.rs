//! When time alone may change something: the instants at which a window leaves or reaches something, a clock shows another hour, a
//! date begins. All at which anything changes are among them; at most of them nothing does.

use std::collections::BTreeSet;

use super::Inner;
use super::rows::Rows;
use super::said::Said;
use crate::leaf::{Cx, Held, Leaves};
use crate::schema::Type;
use crate::time::{Instant, Period};

impl<P: Send + Sync + 'static> Inner<P> {
    /// The instants after `after`, up to `until`, at which anything that is said may change while nothing happens.
    pub(crate) fn corners(
        &self,
        said: &Said,
        customer: &P,
        cx: &Cx<'_>,
        rows: &Rows,
        (after, until): (Instant, Instant),
    ) -> BTreeSet<Instant> {
        let mut zones = said.zones.clone();
        zones.push(cx.moment.zone);
        zones.extend(self.program.times.iter().filter_map(|spec| spec.zone));
        zones.sort_unstable_by_key(|zone| zone.name());
        zones.dedup();
        let (mut instants, mut times) = (said.instants.clone(), said.times.clone());
        self.instants(said, customer, cx, rows, &mut instants, &mut times);
        instants.sort_unstable();
        instants.dedup();
        let mut corners = BTreeSet::new();
        let mut add = |at: Instant| {
            // What holds up to an instant ends behind it.
            corners.extend([at, at.saturating_add_millis(1)].into_iter().filter(|at| after < *at && *at <= until));
        };
        let no_time = [Period::default()];
        for &at in &instants {
            let at = Instant::from_millis(at);
            for &period in said.periods.iter().chain(&no_time) {
                for &zone in &zones {
                    let ahead = Period { months: -period.months, days: -period.days, millis: -period.millis };
                    for period in [period, ahead] {
                        zone.turns(at, period, after, until).into_iter().for_each(&mut add);
                        add(zone.plus(at, period));
                    }
                }
            }
        }
        let times: Vec<i64> = times.into_iter().collect();
        for &zone in &zones {
            zone.corners(&times, after, until).into_iter().for_each(&mut add);
        }
        corners
    }

    /// All instants and times of day that a customer and the request have.
    fn instants(
        &self,
        said: &Said,
        customer: &P,
        cx: &Cx<'_>,
        rows: &Rows,
        found: &mut Vec<i64>,
        times: &mut BTreeSet<i64>,
    ) {
        let (shape, read) = (&self.rules.shape, &said.read);
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
        let consents = self.access.consents.as_ref().filter(|_| said.consents);
        let consents = consents.map(|consents| consents(customer)).unwrap_or_default();
        found.extend(consents.iter().flat_map(|said| said.expires.into_iter().chain([said.at])).map(Instant::millis));
        let whose = self.rules.policy.sharings().into_iter().map(Some).chain([None]);
        for contacts in whose.filter(|_| said.contacts).filter_map(|sharing| self.access.contacts(sharing, customer)) {
            found.extend(contacts.as_slice().iter().map(|contact| contact.at.millis()));
            found.extend(contacts.since().map(|since| since.millis().saturating_sub(1)));
        }
    }
}
