//! Programs and contact policies from a seed, and customers with consents and contacts that they may turn on.

use std::collections::BTreeMap;

use nextbest::syntax::ast::StatementKind;
use nextbest::syntax::{Limits, parse_file};
use nextbest::{Category, Consent, ContactKind, Instant, Outcome, Sharing, Zone};

use super::Rng;
use super::clock::{any_instant, any_moment};
use super::sampling::SKUS;
use super::world::{ZONES, zone};
use super::worth::{objective, value, weights};
use crate::oracle::contact::CONTACT;
use crate::oracle::customer::{Customer, History, Row, Situation, Values};
use crate::oracle::value::Val;

pub const CONDITIONS: [&str; 22] = [
    "vip",
    "not vip",
    "age >= 18",
    "age between 18 and 30",
    "clv > 20 EUR",
    "any(order)",
    "none(order within 30 days)",
    "count(order within 1 month) >= 2",
    "sum(order.total) > 50 EUR",
    "any(complaint where open)",
    "in segment lapsed",
    "none(exposed(any) within 3 days)",
    "any(clicked(sales) within 7 days)",
    "context.weather = \"rain\" or vip",
    "in segment calm",
    "count(order within 7 days) < 2 and age >= 18",
    "count(exposed(sales) this month) = 0",
    "joined is older than 2 months",
    "time since last(order).at > 3 days",
    "age(born) >= 18",
    "now >= joined or vip",
    "at least 2 of (vip, none(complaint this week), none(exposed(any) within 36 hours))",
];

pub const AMOUNTS: [&str; 6] = ["1 EUR", "12 EUR", "3 EUR", "25% of sum(order.total)", "clv", "10% of clv"];
const CHANCES: [&str; 7] = ["5%", "20%", "100%", "30%", "chance", "50%", "fit"];
const SPANS: [&str; 7] = ["1 day", "36 hours", "7 days", "1 month", "2 weeks", "90 minutes", "30 days"];

/// The names of the channels.
pub const CHANNELS: [&str; 4] = ["web", "email", "sms", "letter"];
const PROGRAMS: [&str; 3] = ["sales", "winback", "care"];
const CAMPAIGNS: [&str; 3] = ["back", "cart", "greet"];
const ACTIONS: [&str; 4] = ["gift", "hello", "quote", "sorry"];

/// A rule file.
pub fn rules(rng: &mut Rng) -> String {
    let mut text = format!(
        "ruleset shop {{ zone \"{}\"  currency EUR }}
profile {{ person id  zone zone?  age int?  mails int?  vip bool?  clv money EUR?  chance percent?  born date?  joined instant?  favourite text? }}
context {{ weather enum(sun, rain)?  reach enum(email, web, fax)? }}
event order {{ total money EUR? }}
event complaint {{ open bool? }}
catalog products {{ sku id  price money EUR?  stock int  grade enum(a, b)? }}
score rainy on context.weather {{ 1 if = \"rain\", else 0 }}
let fit = logistic(1.25 * number(rainy) - 12.5 + 0.5 * number(age))
segment lapsed when any(order) and none(order within 30 days)
segment calm when none(complaint within 1 month) and not (count(order in the last 2 weeks) > 1)
{}channel web    inbound
channel email  outbound needs consent email.marketing
channel sms    outbound needs consent sms.marketing
channel letter outbound needs consent letter.marketing cost 0.10 EUR
",
        rng.pick(&ZONES),
        stages(rng)
    );
    if rng.percent(60) {
        text += &format!("threshold priority >= {}\n", rng.pick(&["0.05 EUR", "1 EUR", "0.01 EUR"]));
    }
    if rng.percent(50) {
        let tiers = ["service > marketing", "marketing > service", "offer > service > message"];
        text += &format!("tiers {}\n", rng.pick(&tiers));
    }
    if rng.percent(80) {
        let mut lines: Vec<String> = (0..=rng.below(5)).map(|_| policy_line(rng)).collect();
        if rng.percent(40) {
            let of = rng.pick(&["favourite", "context.reach", "favourite", "\"sms\""]);
            lines.push(format!("prefer channel {of}{}", rng.pick(&["", " else email", " else web"])));
        }
        text += &format!("policy contact {{ {} }}\n", lines.join("\n  "));
    } else {
        text += "policy contact {}\n";
    }
    if rng.percent(15) {
        text += &format!("policy legal {{ {} }}\n", policy_line(rng));
    } else {
        text += "policy legal {}\n";
    }
    text += &objective(rng);
    text += &format!("{}\n", named_clauses(rng, 3, &["everywhere"]));
    let head = text.clone();
    for program in PROGRAMS {
        let own = named_clauses(rng, 5, &["common", "ours"])
            + &only(rng, 6, "far ")
            + &exceptions(rng, &["everywhere"], &head);
        let above = format!("{head}{own}");
        let campaigns: Vec<String> =
            some(rng, &CAMPAIGNS, 45).into_iter().map(|name| campaign(rng, name, &above)).collect();
        text += &format!("program {program} {{ {own}\n{}\n}}\n", campaigns.join("\n"));
    }
    let bundle = bundle(rng, &text, &head);
    text + &bundle
}

/// The path of the bundle that there may be.
const BUNDLE: &str = "packs.both.pair";

/// A bundle of some actions that the rules have.
fn bundle(rng: &mut Rng, text: &str, above: &str) -> String {
    let file = parse_file(text, 0, &Limits::default(), &mut Vec::new());
    let mut all = Vec::new();
    for statement in &file.statements {
        let StatementKind::Program { name, campaigns, .. } = &statement.node else { continue };
        for campaign in campaigns {
            let own = campaign.actions.iter().filter(|action| action.rows.is_none());
            all.extend(own.map(|action| format!("{}.{}.{}", name.node, campaign.name.node, action.name.node)));
        }
    }
    if all.len() < 2 || rng.percent(50) {
        return String::new();
    }
    rng.shuffle(&mut all);
    let members = all.into_iter().take(2 + rng.below(2) as usize).collect::<Vec<_>>().join(", ");
    let action = one_action(rng, "pair", above).replacen(" pair {", &format!(" pair bundles {members} {{"), 1);
    let again = rng.pick(&["every", "every", "once", "again after 3 days since exposed"]);
    format!("program packs {{\n  campaign both for everyone {again} {{ {action} }}\n}}\n")
}

/// Two lists of stages that share a name.
fn stages(rng: &mut Rng) -> String {
    let conditions = [
        "any(order)",
        "none(order within 30 days)",
        "any(order within 7 days)",
        "count(order within 1 month) < 2",
        "joined is older than 2 months",
        "none(exposed(any) within 3 days)",
        "time since last(order).at > 3 days",
        "vip",
        "any(complaint where open)",
        "count(order) >= 2",
    ];
    let first = rng.pick(&["", " when joined is older than 2 months", " when any(order)"]);
    let mut row = |stage: &str| format!("{stage} when {}", rng.pick(&conditions));
    let (keen, owner, calm) = (row("keen"), row("owner"), row("calm"));
    format!("stages mood {{ calm{first} {keen} {owner} }}\nstages load {{ {calm} {} }}\n", row("busy"))
}

/// `only in stage …`, of one of them, perhaps under a name.
fn only(rng: &mut Rng, chance: u64, name: &str) -> String {
    if !rng.percent(chance) {
        return String::new();
    }
    let stages = rng.pick(&["keen", "keen, owner", "mood.calm", "mood.calm, keen", "load.calm", "busy", "owner"]);
    let name = rng.pick(&["", name]);
    format!("only {name}in stage {stages}{}\n", rng.pick(&["", " because \"so far\""]))
}

/// Clauses, some of which have one of these names.
fn named_clauses(rng: &mut Rng, chance: u64, names: &[&str]) -> String {
    let mut text = String::new();
    for name in names {
        if rng.percent(chance) {
            let kind = rng.pick(&["eligible", "applicable", "suitable", "suppress"]);
            text += &format!("{kind} {name} when {} because \"so\"\n", rng.pick(&CONDITIONS));
        }
    }
    text + &clauses(rng, chance / 2)
}

/// Exceptions from policies, and from those of the named rules that the text has.
fn exceptions(rng: &mut Rng, names: &[&str], text: &str) -> String {
    let mut exceptions = String::new();
    for name in names {
        if (text.contains(&format!(" {name} when")) || text.contains(&format!("only {name} in"))) && rng.percent(60) {
            exceptions += &format!("except {name} because \"it must\" ");
        }
    }
    if rng.percent(8) {
        let lines = rng.pick(&["", "", "cap of ", "quiet of ", "rest of ", "block of ", "limit of "]);
        let policy = rng.pick(&["contact", "contact", "contact", "legal"]);
        exceptions += &format!("except {lines}policy {policy} because \"it may\" ");
    }
    exceptions
}

/// Each of them so many times in a hundred.
fn some(rng: &mut Rng, names: &[&'static str], chance: u64) -> Vec<&'static str> {
    names.iter().copied().filter(|_| rng.percent(chance)).collect()
}

fn policy_line(rng: &mut Rng) -> String {
    let zone = if rng.percent(15) { format!(" in zone \"{}\"", rng.pick(&ZONES)) } else { String::new() };
    let kind = rng.pick(&["marketing", "marketing", "offer", "message"]);
    match rng.below(10) {
        0..5 => {
            let of = rng.pick(&["", "", "", " of sales", " of program winback"]);
            let on = rng.pick(&["any", "any", "email", "sms", "web", "letter"]);
            let wish = rng.pick(&["", "", "", " or mails"]);
            let per = rng.pick(&["", "", "", " per household", " per person"]);
            let limit = match rng.below(12) {
                0 => "never".to_owned(),
                1..6 => {
                    let unit = rng.pick(&["day", "week", "month", "quarter", "year"]);
                    format!("at most {}{wish} per calendar {unit}{zone}{per}", rng.between(1, 3))
                }
                _ => format!("at most {}{wish} in any {}{zone}{per}", rng.between(1, 3), rng.pick(&SPANS)),
            };
            format!("cap {kind}{of} on {on} {limit}")
        }
        5..7 => {
            let (from, to) =
                rng.pick(&[("21:00", "09:00"), ("12:00", "14:30"), ("00:00", "06:00"), ("23:30", "02:30")]);
            let on = rng.pick(&["any", "email", "sms, letter", "web"]);
            format!("quiet {from} to {to}{zone} on {on} else {}", rng.pick(&["wait", "wait", "drop"]))
        }
        7..9 => {
            let each = rng.pick(&["action", "campaign", "program"]);
            let (count, outcome) = (rng.between(1, 2), rng.pick(&["reject", "impression", "click", "open"]));
            let plural = if count == 1 { "" } else { "s" };
            let without = rng.pick(&["", " without click"]);
            let (length, within) = (rng.pick(&SPANS), rng.pick(&SPANS));
            format!("rest each {each} {length} after {count} {outcome}{plural} within {within}{without}")
        }
        9 if rng.percent(50) => {
            format!("limit each {} {} per decision", rng.pick(&["campaign", "program"]), rng.between(1, 2))
        }
        _ => format!("block {kind} while {} because \"first\"", rng.pick(&CONDITIONS)),
    }
}

fn campaign(rng: &mut Rng, name: &str, above: &str) -> String {
    let segment = rng.pick(&["everyone", "everyone", "lapsed"]);
    let again = match rng.below(4) {
        0 => "once".to_owned(),
        1 | 2 => "every".to_owned(),
        _ => format!("again after {} since {}", rng.pick(&SPANS), rng.pick(&["exposed", "entered", "converted"])),
    };
    let ends = ends(rng);
    let clauses = weights(rng)
        + &named_clauses(rng, 7, &["mine"])
        + &exceptions(rng, &["everywhere", "common", "ours", "far"], above);
    let above = format!("{above}{clauses}");
    let actions: Vec<String> = some(rng, &ACTIONS, 40).into_iter().map(|name| action(rng, name, &above)).collect();
    format!("  campaign {name} for {segment} {again}{ends} {{ {clauses} {} }}", actions.join(" "))
}

/// What an entry is for, and what ends it.
fn ends(rng: &mut Rng) -> String {
    let event = |rng: &mut Rng| {
        rng.pick(&[
            "order",
            "complaint",
            "(order where total > 20 EUR)",
            "(complaint where open)",
            "(order where customer.vip)",
        ])
    };
    let mut ends = String::new();
    if rng.percent(35) {
        ends += &format!(" goal {} within {}", event(rng), rng.pick(&SPANS));
    }
    for _ in 0..rng.pick(&[0, 0, 0, 1, 1, 2]) {
        ends += &format!(" exit on {}", event(rng));
    }
    ends
}

fn clauses(rng: &mut Rng, chance: u64) -> String {
    let mut clauses = String::new();
    for kind in ["eligible", "applicable", "suitable", "suppress"] {
        if rng.percent(chance) {
            let because = if kind == "suppress" || rng.percent(30) { " because \"so\"" } else { "" };
            // As a statement of its own each begins a line.
            clauses += &format!("{kind} when {}{because}\n", rng.pick(&CONDITIONS));
        }
    }
    clauses
}

/// What an action can ask that is made of products.
const OF_ROWS: [&str; 9] = [
    "product.price > 20 EUR",
    "product.grade = \"a\"",
    "product.grade is missing or product.stock >= 2",
    "any(order where total > product.price within 30 days)",
    "count(order where total < product.price) >= 1",
    "none(order where total = product.price)",
    "sum(order.total where total >= product.price) > 50 EUR",
    "clv > product.price and vip",
    "product.sku in [\"boots\", \"10\"] or vip",
];
const FILTERS: [&str; 5] = [
    "",
    "",
    "where product.stock > 0 ",
    "where product.price < 90 EUR or product.price is missing ",
    "where not (product.grade = \"b\") ",
];
const PRICES: [&str; 4] = ["product.price", "25% of product.price", "product.price + 1 EUR", "5 EUR"];

/// An action, as it is or made of products.
fn action(rng: &mut Rng, name: &str, above: &str) -> String {
    if rng.percent(70) {
        return one_action(rng, name, above);
    }
    let filter = rng.pick(&FILTERS);
    let text = one_action(rng, name, above);
    let mut text =
        text.replacen(&format!(" {name} {{"), &format!(" {name} for product in products {filter}limit 5 {{"), 1);
    for amount in AMOUNTS {
        if rng.percent(60) {
            let price = rng.pick(&PRICES);
            text = text.replacen(&format!("value {amount} "), &format!("value {price} "), 1);
            text = text.replacen(&format!("revenue: {amount}"), &format!("revenue: {price}"), 1);
        }
    }
    let end = text.rfind('}').expect("a brace");
    for _ in 0..rng.below(3) {
        let kind = rng.pick(&["eligible", "applicable", "suitable", "suppress"]);
        text.insert_str(end, &format!("{kind} when {} because \"so\" ", rng.pick(&OF_ROWS)));
    }
    text
}

fn one_action(rng: &mut Rng, name: &str, above: &str) -> String {
    let aims = above.contains("objective ");
    let kind = rng.pick(&["offer", "offer", "message", "message", "service"]);
    let fallback = if kind != "service" && rng.percent(12) { "fallback " } else { "" };
    let worth = match kind {
        _ if !fallback.is_empty() => String::new(),
        "service" => "basis contract".to_owned(),
        _ if rng.percent(40) => {
            let more = weights(rng);
            format!("{}{more} propensity {}", value(rng, aims), rng.pick(&CHANCES))
        }
        _ => {
            let cost = if rng.percent(30) { format!("cost {} ", rng.pick(&AMOUNTS)) } else { String::new() };
            format!("{}{cost}propensity {}", value(rng, aims), rng.pick(&CHANCES))
        }
    };
    let treatments: Vec<String> = CHANNELS
        .iter()
        .filter(|_| rng.percent(55))
        .map(|channel| format!("treat {channel} \"{name}.{channel}\""))
        .collect();
    let exceptions = exceptions(rng, &["everywhere", "common", "ours", "mine", "far"], above);
    format!(
        "\n    {fallback}{kind} {name} {{ {worth} {} {exceptions} {} }}",
        clauses(rng, 7) + &only(rng, 7, ""),
        treatments.join(" ")
    )
}

/// A customer at a moment.
pub fn situation(rng: &mut Rng, ruleset: Zone) -> Situation {
    let own = if rng.percent(50) { ruleset } else { zone(rng.pick(&ZONES)) };
    let now = any_moment(rng, own);
    let mut attributes = Values::new();
    let mut give = |rng: &mut Rng, name: &str, value: Val| {
        if rng.percent(75) {
            attributes.insert(name.into(), value);
        }
    };
    give(rng, "zone", Val::Text(own.name().into()));
    let age = Val::Int(rng.between(10, 40));
    give(rng, "age", age);
    let mails = Val::Int(rng.between(-1, 3));
    give(rng, "mails", mails);
    let vip = Val::Bool(rng.percent(50));
    give(rng, "vip", vip);
    let clv = Val::Money(rng.between(-500, 9_000));
    give(rng, "clv", clv);
    let chance = Val::Number(rng.pick(&[0.0, 0.07, 0.5, 1.0, 1.5, -0.1, f64::NAN]));
    give(rng, "chance", chance);
    let favourite = Val::Text(rng.pick(&["web", "email", "sms", "letter", "pigeon"]).into());
    give(rng, "favourite", favourite);
    let joined = any_instant(rng, now, own);
    give(rng, "joined", Val::Instant(joined));
    let years = rng.pick(&[18, 18, 40]);
    let born = own.date_of(any_instant(rng, now, own)).plus_months(-12 * years).expect("in the calendar");
    give(rng, "born", Val::Date(born));
    attributes.insert("person".into(), Val::Text(format!("c{}", rng.below(1000))));
    let mut histories = BTreeMap::new();
    let total = |rng: &mut Rng| ("total", Val::Money(rng.between(0, 8_000)));
    histories.insert("order".into(), history(rng, now, own, total));
    let open = |rng: &mut Rng| ("open", Val::Bool(rng.percent(50)));
    histories.insert("complaint".into(), history(rng, now, own, open));
    let mine = contacts(rng, now, own);
    if rng.percent(60) {
        let mut household = mine.clone();
        for mut row in contacts(rng, now, own).rows {
            // Of others; contacts are told apart by their ids.
            if let Some(Val::Text(id)) = row.properties.get_mut("id") {
                id.insert_str(0, "other ");
            }
            household.rows.push(row);
        }
        histories.insert(Sharing::Household.word().into(), household);
    }
    histories.insert(CONTACT.into(), mine);
    let consents = some(rng, &CHANNELS[1..], 92).into_iter().map(|channel| consent(rng, channel, now, own)).collect();
    let mut context = Values::new();
    if rng.percent(70) {
        context.insert("weather".into(), Val::Category(rng.below(2) as usize));
    }
    if rng.percent(70) {
        context.insert("reach".into(), Val::Category(rng.below(3) as usize));
    }
    Situation {
        now,
        context,
        customer: Customer { attributes, histories, consents, ..Customer::default() },
        crowd: None,
    }
}

fn history(rng: &mut Rng, now: Instant, own: Zone, property: impl Fn(&mut Rng) -> (&'static str, Val)) -> History {
    let rows = (0..rng.pick(&[0, 1, 2, 3, 5])).map(|_| {
        let (name, value) = property(rng);
        let properties = if rng.percent(90) { Values::from([(name.to_owned(), value)]) } else { Values::new() };
        Row { at: any_instant(rng, now, own), sequence: 0, properties }
    });
    let rows = rows.collect();
    History { rows, complete_since: rng.percent(15).then(|| any_instant(rng, now, own)) }
}

/// Contacts of several rows each, most of them about actions that the rules may have.
fn contacts(rng: &mut Rng, now: Instant, own: Zone) -> History {
    let mut rows = Vec::new();
    // Most are of one campaign, so that its entries follow one another.
    let home = (rng.pick(&PROGRAMS), rng.pick(&CAMPAIGNS));
    for number in 0..rng.pick(&[0, 0, 1, 2, 3, 5, 8]) {
        let (program, campaign) = if rng.percent(60) { home } else { (rng.pick(&PROGRAMS), rng.pick(&CAMPAIGNS)) };
        let row = if rng.percent(20) { format!("[{}]", rng.pick(&SKUS)) } else { String::new() };
        let action = match rng.below(8) {
            0 => BUNDLE.to_owned(),
            _ => format!("{program}.{campaign}.{}{row}", rng.pick(&ACTIONS)),
        };
        let channel = rng.pick(&["web", "email", "email", "sms", "letter", "fax"]);
        let kind = rng.pick(&[ContactKind::Offer, ContactKind::Offer, ContactKind::Message, ContactKind::Service]);
        let first = match (channel, rng.below(8)) {
            ("web", 0..6) => Outcome::Impression,
            (_, 0..5) => Outcome::Sent,
            (_, 5) => Outcome::Pending,
            _ => rng.pick(&Outcome::ALL),
        };
        let mut outcome = |rng: &mut Rng, outcome: Outcome, at: Instant| {
            let text = |text: &str| Val::Text(text.into());
            let properties = Values::from([
                ("id".to_owned(), text(&format!("k{}", if rng.percent(95) { number } else { 0 }))),
                ("outcome".to_owned(), Val::Category(outcome.index())),
                ("action".to_owned(), text(&action)),
                ("kind".to_owned(), Val::Category(kind.index())),
                ("channel".to_owned(), text(channel)),
            ]);
            rows.push(Row { at, sequence: 0, properties });
        };
        let at = any_instant(rng, now, own);
        outcome(rng, first, at);
        while rng.percent(40) {
            let later = at.saturating_add_millis(rng.between(0, 3 * 86_400_000));
            let what = rng.pick(&[
                Outcome::Failed,
                Outcome::Clicked,
                Outcome::Opened,
                Outcome::Rejected,
                Outcome::Sent,
                Outcome::Converted,
            ]);
            outcome(rng, what, later);
        }
    }
    // A host knows its contacts up to now.
    History { rows, complete_since: rng.percent(15).then(|| any_instant(rng, now, own).min(now)) }
}

fn consent(rng: &mut Rng, channel: &str, now: Instant, own: Zone) -> Consent {
    let at = if rng.percent(70) { now.saturating_sub_millis(90 * 86_400_000) } else { any_instant(rng, now, own) };
    Consent {
        channel: channel.into(),
        purpose: rng.pick(&["marketing", "marketing", "marketing", "service"]).into(),
        granted: rng.percent(90),
        at,
        expires: rng.percent(15).then(|| any_instant(rng, now, own)),
    }
}
