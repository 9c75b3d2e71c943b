//! When time alone may change something: the instants at which a window leaves or reaches something, a clock shows another hour, a
//! date begins. All at which anything changes are among them; at most of them nothing does.

use super::Inner;
use super::rows::Rows;
use super::said::Said;
use crate::leaf::{Cx, Held, Leaves};
use crate::schema::Type;
use crate::time::{Instant, Period, SETBACK, Zone};

/// Room to find them in, which is used again.
#[derive(Debug, Default)]
pub(crate) struct Corners {
    instants: Vec<i64>,
    /// Milliseconds since midnight.
    times: Vec<i64>,
    zones: Vec<Zone>,
    found: Vec<Instant>,
}

impl Corners {
    /// The instants after `after`, up to `until`, at which anything that is said may change while nothing happens, ascending.
    pub fn find<P: Send + Sync + 'static>(
        &mut self,
        inner: &Inner<P>,
        said: &Said,
        (customer, cx, rows): (&P, &Cx<'_>, &Rows),
        (after, until): (Instant, Instant),
    ) -> &[Instant] {
        let Corners { instants, times, zones, found } = self;
        instants.clear();
        times.clear();
        zones.clear();
        found.clear();
        zones.extend(said.zones.iter().copied().chain([cx.moment.zone]));
        zones.extend(inner.program.times.iter().filter_map(|spec| spec.zone));
        zones.sort_unstable_by_key(|zone| zone.name());
        zones.dedup();
        instants.extend(&said.instants);
        times.extend(&said.times);
        inner.instants(said, customer, cx, rows, instants, times);
        // What lies behind all amounts of time comes back no more.
        let longest = said.periods.iter().map(|period| period.nominal_millis()).max().unwrap_or(0);
        let gone = after.saturating_sub_millis(longest).saturating_sub_millis(SETBACK).millis();
        instants.retain(|&at| at >= gone);
        instants.sort_unstable();
        instants.dedup();
        let mut add = |at: Instant| {
            // What holds up to an instant ends behind it.
            found.extend([at, at.saturating_add_millis(1)].into_iter().filter(|at| after < *at && *at <= until));
        };
        for &at in &*instants {
            let at = Instant::from_millis(at);
            for period in said.periods.iter().copied().chain([Period::default()]) {
                for &zone in &*zones {
                    for period in
                        [period, Period { months: -period.months, days: -period.days, millis: -period.millis }]
                    {
                        zone.each_turn(at, period, (after, until), &mut add);
                        add(zone.plus(at, period));
                    }
                }
            }
        }
        if said.calendar {
            zones.iter().for_each(|zone| zone.each_corner(times, (after, until), &mut add));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl<P: Send + Sync + 'static> Inner<P> {
    /// All instants and times of day that a customer and the request have.
    fn instants(
        &self,
        said: &Said,
        customer: &P,
        cx: &Cx<'_>,
        rows: &Rows,
        found: &mut Vec<i64>,
        times: &mut Vec<i64>,
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
                (Type::Time, Some(Held::Word(word))) => times.push(*word),
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
        if !said.contacts {
            return;
        }
        let whose = self.rules.policy.sharings().into_iter().map(Some).chain([None]);
        for contacts in whose.filter_map(|sharing| self.access.contacts(sharing, customer)) {
            found.extend(contacts.as_slice().iter().map(|contact| contact.at.millis()));
            found.extend(contacts.since().map(|since| since.millis().saturating_sub(1)));
        }
    }
}
