//! What has happened, and might not have: events that a clause is about, contacts that a cap counts, that rest something, or that
//! entered the customer into a campaign. And contacts that might have been.

use std::collections::BTreeSet;

use super::bearing::Bearing;
use super::{Change, Happened};
use crate::check::testing::contact_kind;
use crate::check::tree::{Action, Cap, Clause, Expr, Kind, Rest, Sign, is_under};
use crate::explain::{Asking, written_at};
use crate::schema::{Contact, ContactKind, Event, Outcome, Record, Type};
use crate::syntax::ast::Level;
use crate::testing::edges::{Edges, outcome};
use crate::time::{Instant, Zone};

/// Where there are more rows than this, a clause's own are not told apart from the others of their kind.
const ROWS: usize = 300;

/// Of what an outcome can be about, so many actions are tried, each on so many channels.
const ACTIONS: usize = 2;
const CHANNELS: usize = 2;

const MINUTE: i64 = 60_000;

/// A clause that is ready to be asked.
pub(super) struct Asked<'s> {
    clause: &'s Clause,
    zone: Option<Zone>,
    asking: Asking<Record>,
}

/// Everything that clauses are about, each clause's own gone at once, and each kind as a whole.
pub(super) fn gone<'s>(bearing: &mut Bearing<'_, 's>, edges: &Edges<'s>) {
    let mut own: Vec<Change> = Vec::new();
    for &(clause, zone) in &edges.clauses {
        own.extend(bearing.matching(clause, zone));
    }
    let whole: Vec<Change> = edges.kinds.keys().filter_map(|&kind| bearing.whole(kind)).collect();
    let contacts = (!edges.outcomes.is_empty()).then(|| bearing.no_contacts("contacts", |_| true)).flatten();
    let mut seen: Vec<Change> = Vec::new();
    let all: Vec<Change> = own.into_iter().chain(whole).chain(contacts).collect();
    let known = all.iter().filter_map(known);
    for change in known.chain(all.iter().cloned()) {
        // What is gone already by another name is no other change.
        if !seen.iter().any(|other| is_same(other, &change)) {
            seen.push(change);
        }
    }
    seen.into_iter().for_each(|change| bearing.push(change));
}

/// Nothing gone, but nothing lacking either.
fn known(change: &Change) -> Option<Change> {
    match change {
        Change::NoEvents { clause, certain, .. } if !certain.is_empty() => {
            let (clause, certain) = (clause.clone(), certain.clone());
            Some(Change::NoEvents { clause, rows: Vec::new(), all: false, certain })
        }
        Change::NoContacts { clause, certain: true, .. } => {
            Some(Change::NoContacts { clause: clause.clone(), contacts: Vec::new(), certain: true })
        }
        _ => None,
    }
}

fn is_same(one: &Change, other: &Change) -> bool {
    match (one, other) {
        (Change::NoItems { list: a, places: b, .. }, Change::NoItems { list: c, places: d, .. }) => (a, b) == (c, d),
        (Change::NoEvents { rows: a, certain: b, .. }, Change::NoEvents { rows: c, certain: d, .. }) => {
            (a, b) == (c, d)
        }
        (Change::NoContacts { contacts: a, certain: b, .. }, Change::NoContacts { contacts: c, certain: d, .. }) => {
            b == d && a.iter().map(|one| &one.id).eq(c.iter().map(|one| &one.id))
        }
        _ => false,
    }
}

impl<'s> Bearing<'_, 's> {
    /// What a clause is about, gone: each row is asked about as if it were the only one.
    fn matching(&self, clause: &'s Clause, zone: Option<Zone>) -> Option<Change> {
        let rules = self.search.rules;
        let text = written_at(self.search.engine.0.sources(), clause.span);
        if rules.contacts() == Some(clause.event) {
            let mut alone = self.customer.clone();
            let ids: BTreeSet<&str> = self.search.customer.all_contacts().map(|row| row.id.as_str()).collect();
            let ids: BTreeSet<&str> = match ids.len() {
                0..=ROWS => ids
                    .into_iter()
                    .filter(|id| {
                        alone.only_contact(self.search.customer, id);
                        self.holds(clause, zone, &alone)
                    })
                    .collect(),
                _ => return None,
            };
            return self.no_contacts(&text, |row| ids.contains(row.id.as_str()));
        }
        let kinds = self.kinds(clause.event);
        let mut alone = self.customer.clone();
        kinds.iter().for_each(|kind| alone.keep_events(kind, true, |_| false));
        let all = kinds.iter().map(|kind| self.search.customer.rows_of(kind).len()).sum::<usize>();
        if all > ROWS {
            return None;
        }
        let mut rows: Vec<(&str, usize)> = Vec::new();
        for &kind in &kinds {
            for (place, row) in self.search.customer.rows_of(kind).iter().enumerate() {
                alone.only_event(kind, row);
                rows.extend(self.holds(clause, zone, &alone).then_some((kind, place)));
            }
            for (place, item) in self.search.customer.items_of(kind).iter().enumerate() {
                alone.only_item(kind, item);
                rows.extend(self.holds(clause, zone, &alone).then_some((kind, place)));
            }
            alone.keep_events(kind, true, |_| false);
        }
        self.without(&text, &kinds, &rows)
    }

    /// All of a kind, gone.
    fn whole(&self, kind: usize) -> Option<Change> {
        let kinds = self.kinds(kind);
        let rows = kinds.iter().flat_map(|&kind| {
            let customer = self.search.customer;
            let rows = customer.rows_of(kind).len().max(customer.items_of(kind).len());
            (0..rows).map(move |place| (kind, place))
        });
        let rows: Vec<(&str, usize)> = rows.collect();
        let name = &self.search.rules.shape.events.get(kind)?.name;
        self.without(name, &kinds, &rows)
    }

    /// The names of the kinds behind a number.
    fn kinds(&self, event: usize) -> Vec<&'s str> {
        let rules = self.search.rules;
        let members = rules.group(event).map_or_else(|| vec![event], |group| group.members.clone());
        let named = members.into_iter().filter_map(|kind| rules.shape.events.get(kind));
        named.map(|kind| kind.name.as_str()).collect()
    }

    /// Rows of some kinds gone, none of which may be lacking then; nothing where that changes nothing, or may not be.
    fn without(&self, clause: &str, kinds: &[&str], rows: &[(&str, usize)]) -> Option<Change> {
        let customer = self.search.customer;
        let timeless = |kind: &str| self.search.rules.shape.events.iter().any(|e| e.name == kind && e.timeless);
        let certain: Vec<String> =
            kinds.iter().filter(|kind| customer.may_lack(kind)).map(|&kind| kind.to_owned()).collect();
        if kinds.iter().any(|kind| self.search.is_fixed(kind)) || rows.is_empty() && certain.is_empty() {
            return None;
        }
        let clause = clause.to_owned();
        if let Some(list) = kinds.first().filter(|kind| timeless(kind)) {
            let places = rows.iter().map(|(_, place)| *place).collect();
            return Some(Change::NoItems { list: (*list).to_owned(), clause, places, all: true });
        }
        let happened = |&(kind, place): &(&str, usize)| {
            let at = customer.rows_of(kind).get(place)?.at();
            Some(Happened { kind: kind.to_owned(), place, at })
        };
        let rows = rows.iter().filter_map(happened).collect();
        Some(Change::NoEvents { clause, rows, all: true, certain })
    }

    fn holds(&self, clause: &'s Clause, zone: Option<Zone>, customer: &Record) -> bool {
        let mut asked = self.search.asked.borrow_mut();
        let known = asked.iter().position(|known| std::ptr::eq(known.clause, clause) && known.zone == zone);
        let place = known.unwrap_or_else(|| {
            let any = Expr { kind: Kind::AnyEvent(clause.clone()), ty: Type::Bool, span: clause.span };
            let asking = self.search.engine.asking(&any, zone);
            asked.push(Asked { clause, zone, asking });
            asked.len().saturating_sub(1)
        });
        asked.get(place).is_some_and(|asked| self.search.engine.holds(&asked.asking, customer, &self.request))
    }

    /// Contacts gone with all that came of them, those of which some row up to now is meant.
    fn no_contacts(&self, clause: &str, means: impl Fn(&Contact) -> bool) -> Option<Change> {
        let customer = self.search.customer;
        let mut contacts: Vec<&Contact> = Vec::new();
        for row in customer.all_contacts().filter(|row| row.at <= self.now() && means(row)) {
            if contacts.iter().all(|other| other.id != row.id) {
                contacts.push(row);
            }
        }
        contacts.sort_by_key(|row| row.at);
        let certain = customer.may_lack_contacts();
        let fixed = self.search.is_fixed("contacts");
        let contacts: Vec<Contact> = contacts.into_iter().cloned().collect();
        let changes = !fixed && (certain || !contacts.is_empty());
        changes.then(|| Change::NoContacts { clause: clause.to_owned(), contacts, certain })
    }

    /// Contacts gone, or only none lacking.
    fn either(&mut self, gone: Option<Change>) {
        let known = gone.as_ref().and_then(known);
        known.into_iter().chain(gone).for_each(|change| self.push(change));
    }

    /// Those that a cap counts.
    pub fn capped(&mut self, cap: &Cap) {
        let rules = self.search.rules;
        let text = written_at(self.search.engine.0.sources(), cap.span);
        let gone = self.no_contacts(&text, |row| cap.counts(row, &rules.channels));
        self.either(gone);
    }

    /// Those that entered the customer into the campaign, or converted the customer.
    pub fn no_entries(&mut self) {
        let (path, span) = (self.part(Level::Campaign), self.search.campaign.entry.again_span);
        let text = written_at(self.search.engine.0.sources(), span);
        let enters =
            |outcome| matches!(outcome, Outcome::Sent | Outcome::Impression | Outcome::Withheld | Outcome::Converted);
        let gone = self.no_contacts(&text, |row| is_under(&row.action, path) && enters(row.outcome));
        self.either(gone);
    }

    /// An entry that had just begun: while it is open the customer belongs to the campaign.
    pub fn entered(&mut self) {
        let Action { kind, treatments, .. } = self.search.action;
        for place in treatments.iter().map(|treatment| treatment.place) {
            let ago = self.now().saturating_sub_millis(MINUTE);
            self.one_more(None, (self.search.path, contact_kind(*kind)), place.channel, 1, ago);
        }
    }

    /// Those after which something rests, and what would have excused the last of them.
    pub fn rested(&mut self, rest: &Rest) {
        let path = self.part(rest.each);
        let text = written_at(self.search.engine.0.sources(), rest.span);
        let begins = |row: &Contact| {
            row.kind != ContactKind::Service && is_under(&row.action, path) && rest.outcome.is(row.outcome)
        };
        let gone = self.no_contacts(&text, begins);
        self.either(gone);
        let Some(without) = rest.without.filter(|_| !self.search.is_fixed("contacts")) else { return };
        let (customer, now) = (self.search.customer, self.now());
        let rows = customer.contacts().as_slice().iter().filter(|row| row.at <= now && begins(row));
        for row in rows.rev().take(2) {
            let outcome = match without {
                Sign::Outcome(outcome) => outcome,
                Sign::Exposed => Outcome::Sent,
            };
            self.push(Change::Contacts {
                outcome,
                action: row.action.clone(),
                kind: row.kind,
                channel: row.channel.clone(),
                id: Some(row.id.clone()),
                count: 1,
                at: row.at,
            });
        }
    }

    /// The action's path, or that of its campaign or program.
    fn part(&self, level: Level) -> &'s str {
        let path = self.search.path;
        let up = |path: &'s str| path.rsplit_once('.').map_or(path, |(up, _)| up);
        match level {
            Level::Action => path,
            Level::Campaign => up(path),
            Level::Program => up(up(path)),
        }
    }

    fn one_more(
        &mut self,
        asked: Option<Outcome>,
        (action, kind): (&str, ContactKind),
        channel: usize,
        count: u32,
        at: Instant,
    ) {
        let Some(channel) = self.search.rules.channels.get(channel) else { return };
        let exposed = if channel.is_outbound() { Outcome::Sent } else { Outcome::Impression };
        if !self.search.is_fixed("contacts") {
            let (action, channel) = (action.to_owned(), channel.name.clone());
            let outcome = asked.unwrap_or(exposed);
            self.push(Change::Contacts { outcome, action, kind, channel, id: None, count, at });
        }
    }
}

/// Contacts that had been, with what clauses ask to have come of them.
pub(super) fn contacts<'s>(bearing: &mut Bearing<'_, 's>, edges: &Edges<'s>) {
    let rules = bearing.search.rules;
    let moments = edges.telling_moments();
    let counts = || edges.counts.iter().copied().filter(|count| (1..=3).contains(count));
    for (asked, path) in &edges.outcomes {
        let about = |full: &str| path.as_deref().is_none_or(|path| is_under(full, path));
        for (full, _, action) in rules.actions().filter(|(full, ..)| about(full)).take(ACTIONS) {
            let channels: BTreeSet<usize> = action.treatments.iter().map(|treatment| treatment.place.channel).collect();
            for channel in channels.into_iter().take(CHANNELS) {
                for count in counts() {
                    for &at in &moments {
                        let of = (full.as_str(), contact_kind(action.kind));
                        bearing.one_more(outcome(*asked), of, channel, count, at);
                    }
                }
            }
        }
    }
}
