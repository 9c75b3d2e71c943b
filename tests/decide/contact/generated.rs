//! Generated contacts under one line of a policy, or the header of one campaign, against plain loops: whether it holds back, and
//! that it does until just before `retry_at` and not then. `NEXTBEST_CASES` says how many, `NEXTBEST_SEED` which.

use std::collections::BTreeMap;

use nextbest::check::tree::{Again, Policy, Rules};
use nextbest::{Contact, ContactKind, Instant, Outcome, Stage, Zone};

use super::shop::{Shop, at};

/// SplitMix64.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

const ZONES: [&str; 4] = ["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];
const NOWS: [&str; 8] = [
    "2026-03-29T12:00Z",
    "2026-10-25T01:30Z",
    "2026-03-08T09:00Z",
    "2026-11-01T06:20Z",
    "2024-02-29T12:00Z",
    "2026-12-31T22:30Z",
    "2026-04-04T15:10Z",
    "2026-06-10T12:00Z",
];
const PERIODS: [&str; 7] = ["1 day", "36 hours", "3 days", "1 week", "10 days", "1 month", "2 days 5 hours"];
const ACTIONS: [&str; 4] = ["winback.back.gift", "winback.back.note", "winback.other.gift", "sales.back.gift"];

fn line(rng: &mut Rng) -> String {
    let count = 1 + rng.below(3);
    match rng.below(5) {
        0 | 1 => {
            let kind = rng.pick(&["marketing", "offer", "message"]);
            let of = rng.pick(&["", "", " of winback", " of campaign back", " of gift"]);
            let on = rng.pick(&["any", "any", "email", "web"]);
            let zone = rng.pick(&["", "", " in zone \"America/New_York\""]);
            let window = match rng.below(2) {
                0 => format!("in any {}", rng.pick(&PERIODS)),
                _ => format!("per calendar {}", rng.pick(&["day", "week", "month", "year"])),
            };
            format!("cap {kind}{of} on {on} at most {count} {window}{zone}")
        }
        2 => {
            let (from, to) = (rng.below(24), rng.below(48));
            let to = if to == 2 * from { to + 1 } else { to };
            let zone = rng.pick(&["", "", " in zone \"Europe/Paris\""]);
            format!("quiet {from:02}:00 to {:02}:{:02}{zone} on email, web else wait", to / 2, to % 2 * 30)
        }
        _ => {
            let each = rng.pick(&["action", "campaign", "program"]);
            let (length, within) = (rng.pick(&PERIODS), rng.pick(&PERIODS));
            let outcome = rng.pick(&["impressions", "exposed", "rejects", "clicks"]);
            let without = rng.pick(&["", " without click", " without accepted"]);
            format!("rest each {each} {length} after {count} {outcome} within {within}{without}")
        }
    }
}

fn header(rng: &mut Rng) -> String {
    let again = match rng.below(4) {
        0 => "once".to_owned(),
        1 => "every".to_owned(),
        _ => {
            let since = rng.pick(&["entered", "exposed", "converted"]);
            format!("again after {} since {since}", rng.pick(&PERIODS))
        }
    };
    let goal = if rng.below(2) == 0 { format!(" goal order within {}", rng.pick(&PERIODS)) } else { String::new() };
    let exit = if rng.below(3) == 0 { " exit on left" } else { "" };
    format!("{again}{goal}{exit}")
}

/// Contacts and events around a moment, none later than it. A contact is sent or shown once, and comes to something later.
fn fill(rng: &mut Rng, shop: &mut Shop) {
    let spread = rng.pick(&[40 * 24 * 60, 10 * 24 * 60, 3 * 24 * 60]);
    let now = shop.now;
    let moment = |rng: &mut Rng| now.saturating_sub_millis(rng.below(spread) as i64 * 60_000);
    for number in 0..rng.below(9) {
        let (id, action) = (format!("c{number}"), rng.pick(&ACTIONS));
        let channel = rng.pick(&["email", "sms", "web", "post"]);
        let mut when = moment(rng);
        let mut came = |rng: &mut Rng, outcome| {
            shop.row(&id, action, channel, outcome, when);
            when = when.saturating_add_millis(rng.below(4 * 24 * 60) as i64 * 60_000).min(now);
        };
        if channel != "web" && rng.below(3) == 0 {
            came(rng, Outcome::Pending);
        }
        let begun = if channel == "web" { Outcome::Impression } else { Outcome::Sent };
        let begun = if rng.below(8) == 0 { Outcome::Withheld } else { begun };
        came(rng, begun);
        for _ in 0..rng.below(3) {
            let seen = if channel == "web" { Outcome::Clicked } else { Outcome::Impression };
            let outcome = rng.pick(&[
                seen,
                seen,
                Outcome::Clicked,
                Outcome::Rejected,
                Outcome::Accepted,
                Outcome::Converted,
                Outcome::Failed,
            ]);
            came(rng, outcome);
        }
    }
    for _ in 0..rng.below(3) {
        let when = moment(rng).to_string();
        shop.order(&when);
        let when = moment(rng).to_string();
        shop.event("left", &when);
    }
}

/// What the customer's contacts are to plain loops: rows up to now of contacts that have not failed.
struct Plain<'s> {
    rows: Vec<&'s Contact>,
    zone: Zone,
}

impl<'s> Plain<'s> {
    fn of(shop: &'s Shop, zone: Zone) -> Self {
        let all = shop.customer.contacts().as_slice();
        let failed = |row: &Contact| all.iter().any(|other| other.id == row.id && other.outcome == Outcome::Failed);
        Plain { rows: all.iter().filter(|row| !failed(row)).collect(), zone }
    }

    fn caps(
        &self,
        policy: &Policy,
        rules: &Rules,
        action: &str,
        kind: ContactKind,
        channel: &str,
        now: Instant,
    ) -> bool {
        let Some(cap) = policy.caps.first() else { return false };
        let outbound = |name: &str| rules.channels.iter().find(|c| c.name == name).is_none_or(|c| c.is_outbound());
        let about = |path: &str, of: ContactKind, on: &str| {
            let kinds = match cap.kind.word() {
                "offer" => of == ContactKind::Offer,
                "message" => of == ContactKind::Message,
                _ => of != ContactKind::Service,
            };
            let here = match cap.channel {
                Some(channel) => rules.channels[channel].name == on,
                None => outbound(on),
            };
            kinds && here && cap.of.as_ref().is_none_or(|of| format!("{path}.").starts_with(&format!("{of}.")))
        };
        if !about(action, kind, channel) {
            return false;
        }
        let limit = cap.limit.unwrap();
        let after = limit.window.resolve(now, limit.zone.unwrap_or(self.zone), rules.week_start).after;
        let mut began: BTreeMap<&str, Instant> = BTreeMap::new();
        for row in &self.rows {
            let counts = matches!(row.outcome, Outcome::Pending | Outcome::Sent)
                || row.outcome == Outcome::Impression && !outbound(&row.channel);
            if counts && about(&row.action, row.kind, &row.channel) {
                let first = began.entry(&row.id).or_insert(row.at);
                *first = row.at.min(*first);
            }
        }
        began.values().filter(|&&first| first > after).count() >= limit.at_most as usize
    }

    fn quiet(&self, policy: &Policy, channel: &str, now: Instant) -> bool {
        let Some(quiet) = policy.quiets.first() else { return false };
        let shown = quiet.zone.unwrap_or(self.zone).time_of_day_millis(now);
        let (from, to) = (i64::from(quiet.from.millis()), i64::from(quiet.to.millis()));
        let inside = if from < to { from <= shown && shown < to } else { !(to <= shown && shown < from) };
        channel != "sms" && inside
    }

    fn rests(&self, policy: &Policy, action: &str, now: Instant) -> bool {
        let Some(rest) = policy.rests.first() else { return false };
        let names: Vec<&str> = action.split('.').collect();
        let scope = match rest.each.word() {
            "action" => action.to_owned(),
            "campaign" => names[..2].join("."),
            _ => names[0].to_owned(),
        };
        let rows: Vec<_> =
            self.rows.iter().filter(|row| format!("{}.", row.action).starts_with(&format!("{scope}."))).collect();
        rows.iter().filter(|row| rest.outcome.is(row.outcome)).any(|row| {
            let after = self.zone.minus(row.at, rest.within);
            let inside = |other: &&&&Contact| other.at > after && other.at <= row.at;
            let counted = rows.iter().filter(inside).filter(|other| rest.outcome.is(other.outcome)).count();
            let excused = rows.iter().filter(inside).any(|other| rest.without.is_some_and(|w| w.is(other.outcome)));
            counted >= rest.count as usize && !excused && now < self.zone.plus(row.at, rest.length)
        })
    }

    fn journeys(&self, shop: &Shop, action: &str, channel: &str, now: Instant) -> bool {
        let rules = shop.engine.rules();
        let entry = &rules.programs[0].campaigns[0].entry;
        let campaign: Vec<&&Contact> = self.rows.iter().filter(|row| row.action.starts_with("winback.back.")).collect();
        let exposes = |row: &Contact| matches!(row.outcome, Outcome::Sent | Outcome::Impression | Outcome::Withheld);
        let events = |kind: &str, used: bool| -> Vec<Instant> {
            let rows = shop.customer.events(kind).unwrap().as_slice();
            rows.iter().filter(|_| used).map(nextbest::Event::at).collect()
        };
        let (goals, exits) = (events("order", entry.goal.is_some()), events("left", !entry.exits.is_empty()));
        // When an entry closes, and whether by its goal.
        let close = |opened: Instant| -> Option<(Instant, bool)> {
            if goals.is_empty() && exits.is_empty() && !entry.lasts() {
                return Some((opened, false));
            }
            let first = |times: &[Instant]| times.iter().copied().filter(|&time| time > opened).min();
            let end = entry.goal.as_ref().map(|goal| self.zone.plus(opened, goal.within));
            let closed = first(&goals).into_iter().chain(first(&exits)).chain(end).min()?;
            Some((closed, first(&goals) == Some(closed)))
        };
        let mut began: BTreeMap<&str, Instant> = BTreeMap::new();
        for row in campaign.iter().filter(|row| exposes(row)) {
            let first = began.entry(&row.id).or_insert(row.at);
            *first = row.at.min(*first);
        }
        let mut contacts: Vec<Instant> = began.into_values().collect();
        contacts.sort();
        let mut entries: Vec<Instant> = Vec::new();
        for contact in contacts {
            let open = entries.last().is_some_and(|&opened| close(opened).is_none_or(|(closed, _)| closed > contact));
            if !open {
                entries.push(contact);
            }
        }
        if let Some(&opened) = entries.last()
            && close(opened).is_none_or(|(closed, _)| closed > now)
        {
            let sent = |row: &&&&Contact| row.action == action && row.channel == channel && row.at >= opened;
            return channel != "web" && campaign.iter().filter(sent).any(|row| exposes(row));
        }
        let converted = campaign.iter().filter(|row| row.outcome == Outcome::Converted).map(|row| row.at);
        let reached = entries.iter().filter_map(|&opened| close(opened)).filter(|&(at, goal)| goal && at <= now);
        let (pause, since) = match entry.again {
            Again::Every => return false,
            Again::Once => return !entries.is_empty(),
            Again::After(pause, since) => (pause, since),
        };
        let latest = match since.word() {
            "entered" => entries.last().copied(),
            "exposed" => campaign.iter().filter(|row| exposes(row)).map(|row| row.at).max(),
            _ => converted.chain(reached.map(|(at, _)| at)).max(),
        };
        latest.is_some_and(|latest| now < self.zone.plus(latest, pause))
    }
}

const WINBACK: &str = r#"{
    offer gift { value 20 EUR propensity 10%  treat email "a" treat sms "a" treat web "a" }
    message note { value 10 EUR propensity 10%  treat email "b" treat sms "b" treat web "b" }
  }
}
program sales { campaign back for everyone every { offer gift { value 1 EUR propensity 1% treat email "c" } } }
"#;

fn cases(rng: &mut Rng, rules: &str, customers: usize) -> Vec<Shop> {
    let empty = Shop::with(rules, "2026-03-10T12:00Z");
    let cases = (0..customers).map(|_| {
        let zone = rng.pick(&ZONES);
        let mut shop = Shop { now: at(rng.pick(&NOWS)), ..empty.clone() }.zone(zone);
        shop.now = shop.now.saturating_add_millis(rng.below(90) as i64 * 60_000);
        fill(rng, &mut shop);
        shop
    });
    cases.collect()
}

/// Holds one action of a shop against plain loops at its moment, and around `retry_at`.
fn hold(shop: &Shop, rules: &str, channel: &str, stages: &[Stage], expected: impl Fn(Instant) -> bool) -> bool {
    let trace = shop.trace("winback.back.gift", channel);
    let is_held = |left: Option<Stage>| left.is_some_and(|left| stages.contains(&left));
    let told =
        || format!("{rules}\nat {} on {channel}: {trace:?}\n{:#?}", shop.now, shop.customer.contacts().as_slice());
    assert_eq!(is_held(trace.left), expected(shop.now), "{}", told());
    let Some(retry) = trace.retry_at.filter(|_| is_held(trace.left)) else { return is_held(trace.left) };
    let left = |now| is_held(shop.later(now).left("winback.back.gift", channel));
    assert!(retry > shop.now, "{}", told());
    let span = retry.millis() - shop.now.millis();
    for part in 0..16 {
        assert!(expected(shop.now.saturating_add_millis(span / 16 * part)), "it holds until then\n{}", told());
    }
    let before = retry.saturating_sub_millis(1);
    assert!(left(before) && expected(before), "it holds just before\n{}", told());
    assert!(!left(retry) && !expected(retry), "it holds no longer\n{}", told());
    true
}

/// With fewer contacts known, and said to be so, nobody is reached who would not be.
fn fails_closed(rng: &mut Rng, shop: &Shop, rules: &str, channel: &str, stages: &[Stage], held: bool) {
    let since = shop.now.saturating_sub_millis(rng.below(12 * 24 * 60) as i64 * 60_000);
    let mut late = shop.uncontacted();
    for row in shop.customer.contacts().as_slice().iter().filter(|row| row.at >= since) {
        late.customer.add_contact(row.clone()).unwrap();
    }
    late.customer.contacts_complete_since(since).unwrap();
    let left = late.trace("winback.back.gift", channel).left;
    let all = shop.customer.contacts().as_slice();
    let told =
        || format!("{rules} on {channel} at {} in {}, since {since}: {left:?}\n{all:#?}", shop.now, shop.own_zone());
    assert!(!held || left.is_some_and(|left| stages.contains(&left)), "{}", told());
}

fn set(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

fn count() -> usize {
    set("NEXTBEST_CASES", 3_000) as usize
}

#[test]
fn lines_of_a_policy_hold_back_what_plain_loops_do() {
    let (mut rng, mut held) = (Rng(set("NEXTBEST_SEED", 1)), 0);
    for _ in 0..count() / 20 {
        let line = line(&mut rng);
        let rules = format!(
            "policy contact {{ {line} }}\nprogram winback {{ campaign other for everyone every {{ message gift {{ value 1 EUR \
             propensity 1% treat sms \"x\" }} }} campaign back for everyone every {WINBACK}"
        )
        .replace("of gift", "of winback.back.gift")
        .replace("of campaign back", "of campaign winback.back");
        for shop in cases(&mut rng, &rules, 20) {
            let channel = rng.pick(&["email", "sms", "web"]);
            let plain = Plain::of(&shop, shop.own_zone());
            let (all, action) = (shop.engine.rules(), "winback.back.gift");
            let stages = [Stage::Journey, Stage::Cap, Stage::Quiet];
            let is_held = hold(&shop, &line, channel, &stages, |now| {
                plain.caps(&all.policy, all, action, ContactKind::Offer, channel, now)
                    || plain.quiet(&all.policy, channel, now)
                    || plain.rests(&all.policy, action, now)
            });
            held += usize::from(is_held);
            fails_closed(&mut rng, &shop, &line, channel, &stages, is_held);
        }
    }
    assert!(held > count() / 10, "only {held} were held back");
}

#[test]
fn journeys_hold_back_what_plain_loops_do() {
    let (mut rng, mut held) = (Rng(set("NEXTBEST_SEED", 2)), 0);
    for _ in 0..count() / 20 {
        let header = header(&mut rng);
        let rules = format!("program winback {{ campaign back for everyone {header} {WINBACK}");
        for shop in cases(&mut rng, &rules, 20) {
            let channel = rng.pick(&["email", "sms", "web"]);
            let plain = Plain::of(&shop, shop.own_zone());
            let stages = [Stage::Journey];
            let is_held =
                hold(&shop, &header, channel, &stages, |now| plain.journeys(&shop, "winback.back.gift", channel, now));
            held += usize::from(is_held);
            fails_closed(&mut rng, &shop, &header, channel, &stages, is_held);
        }
    }
    assert!(held > count() / 10, "only {held} were held back");
}
