//! The lines of a policy: rests, quiet hours, limits and caps.

use std::collections::BTreeSet;

use nextbest::check::tree::{Cap, Limit, Quiet, Rest};
use nextbest::syntax::ast::{Contacted, Direction, LineKind};
use nextbest::{Category, CivilWindow, ContactKind, Instant, Outcome};

use super::candidate::{Candidate, part};
use super::contacts::is;
use crate::oracle::Oracle;
use crate::oracle::contact::CONTACT;
use crate::oracle::customer::Row;
use crate::oracle::value::Val;

impl<'a> Oracle<'a> {
    /// Whether a rest after outcomes goes on at a moment.
    pub fn rested(&self, rest: &Rest, path: &str, at: Instant) -> bool {
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
    pub fn quiet(&self, candidate: &Candidate<'a>, channel: usize) -> Option<&'a Quiet> {
        let outbound = self.rules.channels[channel].direction == Direction::Outbound;
        let here = |quiet: &&Quiet| match &quiet.channels[..] {
            [] => outbound,
            named => named.contains(&channel),
        };
        let held = |quiet: &&Quiet| !candidate.passes_line(&quiet.policy, LineKind::Quiet);
        let mut quiets = self.rules.policy.quiets.iter().filter(here).filter(held);
        quiets.find(|quiet| !candidate.is_service() && self.is_quiet(quiet, self.now))
    }

    pub fn is_quiet(&self, quiet: &Quiet, at: Instant) -> bool {
        let clock = quiet.zone.unwrap_or(self.scope(None).zone).time_of_day(at);
        match quiet.from < quiet.to {
            true => quiet.from <= clock && clock < quiet.to,
            false => quiet.from <= clock || clock < quiet.to,
        }
    }

    /// Whether the slots so far show as many of its campaign or program as a decision may.
    pub fn shown_enough(
        &self,
        candidate: &Candidate<'a>,
        candidates: &[Candidate<'a>],
        taken: &[(usize, usize)],
    ) -> bool {
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
    pub fn cap_reached(
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
                let paths: Vec<String> = candidate.action.members.iter().cloned().chain([candidate.path()]).collect();
                let of = cap.of.as_ref().is_none_or(|path| paths.iter().any(|own| part(own, path)));
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
    pub fn capped(&self, cap: &Cap, pending: usize, at: Instant) -> bool {
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
            let of = cap.of.as_ref().is_none_or(|path| self.is_about(row, path));
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
}
