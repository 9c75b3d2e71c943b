//! Customers on the edges: ties, gaps, early and late events, short histories.

use std::collections::BTreeMap;
use std::sync::Arc;

use nextbest::{Category, Consent, Instant, Outcome, Point, TimeOfDay, Zone};

use super::Rng;
use super::clock::{any_date, any_instant};
use super::world::{Field, KEPT_LISTS, KEYS, Kind, Ty, World, ZONES, contact_fields, zone};
use crate::oracle::contact::CONTACT;
use crate::oracle::customer::{Crowd, Customer, History, Row, Situation, Values};
use crate::oracle::value::Val;

pub fn any(rng: &mut Rng, world: &World, now: Instant) -> Situation {
    let missing = rng.pick(&[0, 10, 35, 60]);
    let own = if rng.percent(50) { world.zone } else { zone(rng.pick(&ZONES)) };
    let mut attributes = values(rng, &world.profile, now, own, missing);
    if let Some(named) = attributes.get_mut("home_zone") {
        *named = Val::Text(own.name().into());
    }
    let dated = world.profile.iter().filter(|field| !field.provenance.is_empty());
    let mut as_of: BTreeMap<String, Instant> =
        dated.map(|field| (field.name.clone(), any_instant(rng, now, own))).collect();
    as_of.retain(|_, _| rng.percent(85));
    let mut histories: BTreeMap<String, History> =
        world.events.iter().map(|kind| (kind.name.clone(), history(rng, kind, now, own))).collect();
    histories.insert(CONTACT.into(), contacts(rng, now, own));
    let mut items: BTreeMap<String, Vec<Row>> =
        world.items.iter().map(|list| (list.name.clone(), item_list(rng, list, now, own))).collect();
    items.retain(|name, _| {
        let optional = world.items.iter().any(|list| list.name == *name && list.optional);
        !(optional && rng.percent(missing))
    });
    let mut consents: Vec<Consent> = (0..rng.below(5)).map(|_| consent(rng, now, own)).collect();
    // Of two grants at the same instant neither is the later, so there is only one of them.
    let key = |said: &Consent| (said.channel.clone(), said.purpose.clone(), said.at, said.granted);
    consents.sort_by_key(key);
    consents.dedup_by_key(|said| key(said));
    rng.shuffle(&mut consents);
    let context = values(rng, &world.context, now, own, missing);
    let lists =
        rng.percent(70).then(|| KEPT_LISTS.iter().filter(|_| rng.percent(50)).map(|&name| name.into()).collect());
    Situation { now, context, customer: Customer { attributes, as_of, histories, items, consents, lists }, crowd: None }
}

/// Puts most of the situations into a crowd, to which some of their own customers belong.
pub fn gather(rng: &mut Rng, world: &World, now: Instant, situations: &mut [Situation]) {
    let mut customers: Vec<Customer> = situations.iter().map(|situation| situation.customer.clone()).collect();
    customers.retain(|_| rng.percent(40));
    let strangers = rng.pick(&[0, 0, 1, 3, 9]);
    customers.extend((0..strangers).map(|_| any(rng, world, now).customer));
    // One of the same value, perhaps with another id.
    if let Some(twin) = rng.pick_where(&customers, |_| true).cloned() {
        let mut other = any(rng, world, now).customer;
        if let Some(id) = other.attributes.remove("person") {
            let mut double = twin.clone();
            double.attributes.insert("person".into(), id);
            customers.extend([twin, double]);
        }
    }
    let crowd = Arc::new(Crowd { now, context: any(rng, world, now).context, customers });
    for situation in situations {
        if rng.percent(85) {
            situation.crowd = Some(Arc::clone(&crowd));
        }
    }
}

fn values(rng: &mut Rng, fields: &[Field], now: Instant, own: Zone, missing: u64) -> Values {
    let mut values = Values::new();
    for field in fields {
        let value = value(rng, field.ty, now, own);
        if !(field.optional && rng.percent(missing)) {
            values.insert(field.name.clone(), value);
        }
    }
    values
}

fn value(rng: &mut Rng, ty: Ty, now: Instant, own: Zone) -> Val {
    match ty {
        Ty::Bool => Val::Bool(rng.percent(50)),
        Ty::Int => Val::Int(int(rng)),
        Ty::Number => Val::Number(number(rng)),
        Ty::Percent => Val::Number(rng.pick(&[0.0, 0.05, 0.1, 0.2, 0.25, 0.5, 0.8, 1.0, f64::NAN])),
        Ty::Money(_) => Val::Money(int(rng).saturating_mul(rng.pick(&[1, 5, 25, 100, 500]))),
        Ty::Text => Val::Text(rng.pick(&TEXTS).into()),
        Ty::Enum(names) => Val::Category(rng.below(names.len() as u64) as usize),
        Ty::Date => Val::Date(any_date(rng, now, own)),
        Ty::Instant => Val::Instant(any_instant(rng, now, own)),
        Ty::Time => Val::Time(TimeOfDay::parse(rng.pick(&TIMES)).expect("a time of day")),
        Ty::Version => Val::Text(rng.pick(&VERSIONS).into()),
        Ty::Point => Val::Point(point(rng)),
        Ty::Distance => Val::Number(rng.pick(&[0.0, 1.0, 500.0, 1_609.344, 10_000.0, 2e7, f64::NAN])),
        Ty::Id { int: true } => Val::Int(rng.between(-3, 1000)),
        Ty::Id { int: false } => Val::Text(format!("customer-{}", rng.below(1000))),
        Ty::Zone => Val::Text(rng.pick(&ZONES).into()),
        Ty::List(item) => Val::List((0..rng.below(4)).map(|_| value(rng, item.ty(), now, own)).collect()),
        Ty::Map(item) => {
            let keys: Vec<&str> = KEYS.into_iter().filter(|_| rng.percent(40)).collect();
            Val::Map(keys.into_iter().map(|key| (key.into(), value(rng, item.ty(), now, own))).collect())
        }
        Ty::Texts => Val::Texts((0..rng.below(4)).map(|_| rng.pick(&TEXTS).into()).collect()),
    }
}

/// NFC, as hosts give them; several fold to one another.
pub const TEXTS: [&str; 20] = [
    "",
    "a",
    "A",
    "shoes",
    "Shoes",
    "SHOES",
    "bikes",
    "été",
    "Été",
    "ß",
    "ẞ",
    "ss",
    "ς",
    "Σ",
    "ſhoes",
    "BK-12",
    "3.10.0",
    "v3.10",
    "03.10.0-rc.1",
    "1.2.3.4",
];

/// Times of day, some of them on edges.
pub const TIMES: [&str; 8] = ["00:00", "00:00:00.001", "06:00", "09:30", "12:00", "22:00", "23:59", "23:59:59.999"];

/// What customers' programs say of themselves.
pub const VERSIONS: [&str; 12] = [
    "3.10.0",
    "3.9.9",
    "3.10.0-rc.1",
    "3.10.0-rc.11",
    "3.10.0-beta",
    "3.10.0+7",
    "4.0.0",
    "0.0.0",
    "3.10",
    "v3.10.0",
    "latest",
    "3.010.0",
];

/// Points that literals can name: near each other, at the poles and on both sides of the date line.
pub const POINTS: [(f64, f64); 10] = [
    (48.8566, 2.3522),
    (48.8606, 2.3376),
    (48.9, 2.3522),
    (51.5074, -0.1278),
    (37.7749, -122.4194),
    (0.0, 180.0),
    (0.0, -180.0),
    (-17.5, 179.99),
    (90.0, 12.0),
    (-90.0, 0.0),
];

fn point(rng: &mut Rng) -> Point {
    let (lat, lon) = rng.pick(&POINTS);
    let near = |rng: &mut Rng, of: f64, most: f64| (of + rng.between(-40, 40) as f64 / 1000.0).clamp(-most, most);
    let (lat, lon) = if rng.percent(40) { (lat, lon) } else { (near(rng, lat, 90.0), near(rng, lon, 180.0)) };
    Point::new(lat, lon).expect("a point")
}

fn int(rng: &mut Rng) -> i64 {
    match rng.below(40) {
        0 => i64::MAX,
        1 => i64::MIN,
        2 => rng.between(-100_000, 100_000),
        _ => rng.between(-3, 12),
    }
}

fn number(rng: &mut Rng) -> f64 {
    match rng.below(20) {
        0 => f64::NAN,
        1 => -0.0,
        2 => 1e308,
        3 => -1e308,
        4 => 1e-300,
        5 => 0.1,
        6 => 1e17,
        _ => rng.between(-8, 40) as f64 / 4.0,
    }
}

fn history(rng: &mut Rng, kind: &Kind, now: Instant, own: Zone) -> History {
    let count = rng.pick(&[0, 0, 1, 1, 2, 3, 4, 6, 9]);
    let missing = rng.pick(&[0, 20, 50]);
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..count {
        let tied = rows.last().map(|row| row.at).filter(|_| rng.percent(20));
        let at = tied.unwrap_or_else(|| any_instant(rng, now, own));
        let sequence = if rng.percent(50) { rng.below(3) } else { 0 };
        rows.push(Row { at, sequence, properties: values(rng, &kind.fields, now, own, missing) });
    }
    let complete_since = rng.percent(40).then(|| any_instant(rng, now, own));
    History { rows, complete_since }
}

fn item_list(rng: &mut Rng, list: &Kind, now: Instant, own: Zone) -> Vec<Row> {
    let missing = rng.pick(&[0, 20, 50]);
    let count = rng.pick(&[0, 1, 1, 2, 3, 5]);
    let row = |_| Row { at: Instant::MIN, sequence: 0, properties: values(rng, &list.fields, now, own, missing) };
    (0..count).map(row).collect()
}

/// What contacts were about, of which the rules do not know all.
const ACTIONS: [&str; 7] = [
    "spring.welcome.gift",
    "spring.welcome.reminder",
    "spring.again.reminder",
    "autumn.welcome.gift",
    "autumn.welcome.gifts",
    "springs",
    "spring",
];

/// Few contacts with several outcomes each, of which some failed, before or after.
fn contacts(rng: &mut Rng, now: Instant, own: Zone) -> History {
    let kind = Kind::of_events(CONTACT, contact_fields());
    let mut history = history(rng, &kind, now, own);
    for row in &mut history.rows {
        let id = rng.pick(&TEXTS[1..5]);
        let outcome = match rng.below(8) {
            0..3 => Outcome::Sent,
            3 => Outcome::Failed,
            4 => Outcome::Impression,
            _ => rng.pick(&Outcome::ALL),
        };
        let action = rng.pick(&ACTIONS);
        row.sequence = 0; // Contacts have none.
        row.properties.insert("id".into(), Val::Text(id.into()));
        row.properties.insert("outcome".into(), Val::Category(outcome.index()));
        row.properties.insert("action".into(), Val::Text(action.into()));
        row.properties.insert("channel".into(), Val::Text(rng.pick(&["email", "shoes"]).into()));
    }
    history
}

fn consent(rng: &mut Rng, now: Instant, own: Zone) -> Consent {
    Consent {
        channel: rng.pick(&["email", "email", "sms"]).into(),
        purpose: rng.pick(&["marketing", "marketing", "service"]).into(),
        granted: rng.percent(60),
        at: any_instant(rng, now, own),
        expires: rng.percent(40).then(|| any_instant(rng, now, own)),
    }
}
