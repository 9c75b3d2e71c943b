//! One person under several identities: their histories and their consents as one.

use std::collections::BTreeSet;

use super::{Consent, Event, Events};
use crate::leaf::consent_at;
use crate::time::Instant;

impl<E: Event> Events<E> {
    /// The events of several identities of one person, by (instant, sequence); of two with the same, those of `self` stand first,
    /// and then those of the others in their order. A contact's row that two identities have is there once. It is as complete
    /// as the one that lacks most.
    ///
    /// ```
    /// # use nextbest::{Event, Events, Instant};
    /// # #[derive(Event)]
    /// # struct Visit { at: Instant }
    /// # let visit = |at| Visit { at: Instant::from_millis(at) };
    /// let account = Events::new(vec![visit(1), visit(3)]).complete_since(Instant::from_millis(0));
    /// let cookie = Events::new(vec![visit(2)]);
    /// let person = account.union([cookie]);
    /// assert_eq!(person.as_slice().iter().map(|visit| visit.at.millis()).collect::<Vec<_>>(), [1, 2, 3]);
    /// assert_eq!(person.since(), Some(Instant::from_millis(0)));
    /// ```
    #[must_use]
    pub fn union(self, others: impl IntoIterator<Item = Events<E>>) -> Self {
        let mut since = self.since();
        let mut rows = self.into_rows();
        let own = rows.len();
        for other in others {
            since = since.max(other.since());
            rows.extend(other.into_rows());
        }
        if rows.len() > own {
            rows.sort_by_key(|row| (row.at(), row.sequence()));
            rows = once_each(rows);
        }
        let events = Events::new(rows);
        match since {
            Some(since) => events.complete_since(since),
            None => events,
        }
    }
}

/// Without those that repeat an earlier one at the same place.
fn once_each<E: Event>(rows: Vec<E>) -> Vec<E> {
    let mut kept: Vec<E> = Vec::with_capacity(rows.len());
    for row in rows {
        let place = (row.at(), row.sequence());
        let there = kept.iter().rev().take_while(|kept| (kept.at(), kept.sequence()) == place);
        if !there.into_iter().any(|kept| kept.repeats(&row)) {
            kept.push(row);
        }
    }
    kept
}

impl Consent {
    /// What several identities of one person allow together, by channel and purpose: at any moment it is granted where one of them
    /// grants it and none refuses it. An identity that says nothing, or no longer does, takes nothing away from the others; one
    /// that has refused it does, until it grants it again itself.
    ///
    /// ```
    /// use nextbest::{Consent, Instant};
    ///
    /// let day = |day: i64| Instant::from_millis(day * 86_400_000);
    /// let account = [Consent::granted("email", "marketing", day(1))];
    /// let cookie = [Consent::denied("email", "marketing", day(5))];
    /// assert_eq!(Consent::union([&account[..], &[]]), account);
    /// assert_eq!(
    ///     Consent::union([&account[..], &cookie]),
    ///     [account[0].clone(), Consent::denied("email", "marketing", day(5))],
    /// );
    /// ```
    pub fn union<'c>(identities: impl IntoIterator<Item = &'c [Consent]>) -> Vec<Consent> {
        let identities: Vec<&[Consent]> = identities.into_iter().collect();
        let all = || identities.iter().copied().flatten();
        let topics: BTreeSet<(&str, &str)> = all().map(|said| (said.channel.as_str(), said.purpose.as_str())).collect();
        let mut united = Vec::new();
        for (channel, purpose) in topics {
            let about = all().filter(|said| said.channel == channel && said.purpose == purpose);
            // Between these nothing changes.
            let moments: BTreeSet<Instant> =
                about.flat_map(|said| std::iter::once(said.at).chain(said.expires)).collect();
            let mut last = None;
            for at in moments {
                let said = said_together(&identities, channel, purpose, at);
                if said == last {
                    continue;
                }
                match said {
                    Some(granted) => {
                        united.push(Consent { granted, ..Consent::granted(channel, purpose, at) });
                    }
                    None => {
                        united.iter_mut().last().into_iter().for_each(|until: &mut Consent| until.expires = Some(at))
                    }
                }
                last = said;
            }
        }
        united
    }
}

/// What all of them say at a moment: a refusal of one counts before the consent of another.
fn said_together(identities: &[&[Consent]], channel: &str, purpose: &str, now: Instant) -> Option<bool> {
    identities.iter().filter_map(|said| consent_at(said, channel, purpose, now)).min()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::{Contact, ContactKind, Outcome};

    fn said() -> impl Strategy<Value = Consent> {
        let (channel, purpose) = (prop_oneof!["email", "sms"], prop_oneof!["marketing", "service"]);
        let row = (channel, purpose, any::<bool>(), 0..8i64, proptest::option::of(0..10i64));
        row.prop_map(|(channel, purpose, granted, at, expires)| {
            let (at, expires) = (Instant::from_millis(at), expires.map(Instant::from_millis));
            Consent { channel, purpose, granted, at, expires }
        })
    }

    proptest! {
        #[test]
        fn at_every_moment_one_grants_and_none_refuses(
            identities in proptest::collection::vec(proptest::collection::vec(said(), 0..6), 0..4),
            turn in 0..4usize,
        ) {
            let mut slices: Vec<&[Consent]> = identities.iter().map(Vec::as_slice).collect();
            let united = Consent::union(slices.iter().copied());
            for (channel, purpose) in [("email", "marketing"), ("email", "service"), ("sms", "marketing")] {
                for now in (-1..12).map(Instant::from_millis) {
                    let each: Vec<_> = slices.iter().map(|said| consent_at(said, channel, purpose, now)).collect();
                    let granted = each.contains(&Some(true)) && !each.contains(&Some(false));
                    prop_assert_eq!(consent_at(&united, channel, purpose, now) == Some(true), granted);
                }
            }
            let turn = turn.min(slices.len());
            slices.rotate_left(turn);
            prop_assert_eq!(Consent::union(slices.iter().copied()), united);
        }
    }

    fn row(id: &str, at: i64, outcome: Outcome) -> Contact {
        let (id, action, channel) = (id.to_owned(), "a.b.c".to_owned(), "email".to_owned());
        let at = Instant::from_millis(at);
        Contact { id, at, outcome, action, kind: ContactKind::Offer, channel, variant: None }
    }

    #[test]
    fn a_contact_that_two_identities_have_is_there_once() {
        let sent = [row("x", 1, Outcome::Sent), row("y", 1, Outcome::Sent), row("x", 1, Outcome::Clicked)];
        let account = Events::new(vec![sent[0].clone(), sent[2].clone(), row("x", 4, Outcome::Failed)]);
        let cookie = Events::new(vec![sent[1].clone(), sent[0].clone()]).complete_since(Instant::from_millis(3));
        let person = account.clone().union([cookie, Events::default()]);
        let ids: Vec<&str> = person.as_slice().iter().map(|row| row.id.as_str()).collect();
        assert_eq!((ids, person.since()), (vec!["x", "x", "y", "x"], Some(Instant::from_millis(3))));
        // What has failed has failed for both.
        assert_eq!(person.failed(&sent[0], Instant::from_millis(4)), Some(true));
        assert_eq!(account.clone().union([]), account);
    }
}
