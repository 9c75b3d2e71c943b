//! Slots, experiments, control groups, a holdout and exploration, strewn into generated rules; and what is asked of them.

use nextbest::check::tree::{Content, Rules};
use nextbest::{Category, ContactKind, Outcome, Sharing};

use super::Rng;
use crate::oracle::contact::CONTACT;
use crate::oracle::customer::{Row, Situation, Values};
use crate::oracle::sample::Asked;
use crate::oracle::value::Val;

const EXPERIMENTS: [&str; 21] = [
    "halves { a 50% \"halves.a\"  b 50% \"halves.b\" }",
    "thirds { a 33.3% \"thirds.a\"  b 33.4% \"thirds.b\"  c 33.3% \"thirds.c\" }",
    "part for 40% { a 20% \"part.a\"  b 80% \"part.b\" }",
    "layered for 2.5% of layer top { a 50% \"layered.a\"  b 50% \"layered.b\" }",
    "over { a 50% \"over.a\"  b 50% \"over.b\"  stop a }",
    "less { a 25% \"less.a\"  b 30% \"less.b\"  c 12.5% \"less.c\"  d 32.5% \"less.d\"  stop d  stop a }",
    "looks \"looks\" factors { subject: [\"Hi\", \"Hello\", \"Dear\"]  image: [\"cat\", \"dog\"] }",
    "layout for 30% \"layout\" factors { color: [\"red\", \"blue\"] }",
    "mixed \"mixed\" factors { subject: [\"Hi\" 70%, \"Hello\" 0.5%, \"Dear\" 29.5%]  image: [\"cat\", \"dog\"] }",
    // As other products draw arms, and parts of the customers.
    "one using growthbook1 \"seed\" { a 22% \"one.a\"  b 47.5% \"one.b\"  c 30.5% \"one.c\" }",
    "two for 33.3% by growthbook2 \"cover\" using growthbook2 \"seed\" { a 50% \"two.a\"  b 50% \"two.b\" }",
    "leash for 60% by unleash \"gr1\" using unleash \"gr1\" { a 33.3% \"leash.a\"  b 66.7% \"leash.b\" }",
    "flag using flagd \"flag\" { a 25% \"flag.a\"  b 25% \"flag.b\"  c 50% \"flag.c\"  stop b }",
    "shards for 12.34% by eppo \"traffic\" using eppo \"split\" { a 9.99% \"shards.a\"  b 90.01% \"shards.b\" }",
    "dark using launchdarkly \"key.salt\" { a 41% \"dark.a\"  b 59% \"dark.b\" }",
    "hog for 45% by posthog \"flag\" using posthog \"flag\" { a 34% \"hog.a\"  b 33% \"hog.b\"  c 33% \"hog.c\" }",
    "banana for 52% by split \"-1667452163\" using split \"467569525\" { a 5% \"banana.a\"  b 95% \"banana.b\" }",
    "cover for 40% by growthbook1 \"cover\" { a 50% \"cover.a\"  b 50% \"cover.b\" }",
    "traffic for 50% by split \"14\" \"traffic\" factors { color: [\"red\", \"blue\"] }",
    "roll for 20% by posthog \"roll\" { a 10% \"roll.a\"  b 90% \"roll.b\" }",
    "half for 50% by eppo \"half\" using growthbook2 \"\" { a 100% \"half.a\"  b 0% \"half.b\" }",
];
const EXPLORE: [&str; 5] = ["epsilon 60%", "epsilon 0.5%", "softmax 1 EUR", "softmax 25 EUR", "thompson 12 draws"];

/// The same rules with more that is left to chance.
pub fn vary(rng: &mut Rng, rules: &str) -> String {
    let slots = rng.percent(50);
    let mut text = strewn(rng, rules, "treat ", |rng, rest| {
        let (channel, rest) = rest.split_once(' ').expect("a channel");
        let (key, rest) = rest.split_at(rest[1..].find('"').expect("a key") + 2);
        let place = match channel {
            "web" if slots => rng.pick(&["web.hero", "web.banner"]),
            other => other,
        };
        let experiment = rng.pick(&EXPERIMENTS);
        match rng.below(10) {
            0..2 => (format!("{place} experiment {experiment} "), rest),
            2 if experiment.contains(" for ") => (format!("{place} experiment {experiment} treat {place} {key}"), rest),
            _ => (format!("{place} {key}"), rest),
        }
    });
    text = strewn(rng, &text, "propensity ", |rng, rest| {
        let (chance, rest) = rest.split_once(' ').expect("a chance");
        let trust = if rng.percent(50) { rng.pick(&["trust 3 contacts ", "trust 40 contacts "]) } else { "" };
        (format!("{chance} {trust}"), rest)
    });
    text = strewn(rng, &text, "  campaign ", |rng, rest| {
        let (header, rest) = rest.split_once('{').expect("a brace");
        let control = if rng.percent(20) { rng.pick(&["control 30% ", "control 5% "]) } else { "" };
        (format!("{header}{control}{{"), rest)
    });
    if slots {
        text = text.replace("channel web    inbound", "channel web inbound { slot hero 1  slot banner 2 }");
    }
    if rng.percent(40) {
        let except = rng.pick(&["", " except service", " except message", " except offer, service"]);
        text += &format!("holdout everyone {} salt \"s\"{except}\n", rng.pick(&["15%", "50%"]));
    }
    if rng.percent(60) {
        text += &format!("explore {}\n", rng.pick(&EXPLORE));
    }
    text
}

/// Ids of products, some of which look like more.
pub const SKUS: [&str; 5] = ["boots", "a.b", "z]", "10", "9"];

/// The rows that a request brings, in any order.
fn products(rng: &mut Rng) -> Vec<Values> {
    let mut skus = SKUS;
    rng.shuffle(&mut skus);
    let mut rows = Vec::new();
    for sku in &skus[..rng.below(6) as usize] {
        let mut row = Values::from([("sku".to_owned(), Val::Text((*sku).into()))]);
        row.insert("stock".into(), Val::Int(rng.between(0, 4)));
        if rng.percent(85) {
            row.insert("price".into(), Val::Money(rng.pick(&[100, 2_000, 2_000, 6_000, 9_999])));
        }
        if rng.percent(70) {
            row.insert("grade".into(), Val::Category(rng.below(2) as usize));
        }
        rows.push(row);
    }
    rows
}

/// A text with what follows each of these words changed.
fn strewn<'t>(
    rng: &mut Rng,
    text: &'t str,
    word: &str,
    change: impl Fn(&mut Rng, &'t str) -> (String, &'t str),
) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(word) {
        let (changed, left) = change(rng, after);
        out += &format!("{before}{word}{changed}");
        rest = left;
    }
    out + rest
}

/// What is asked, of some places.
pub fn asked(rng: &mut Rng, rules: &Rules, channels: &[&str]) -> Asked {
    let slots = rules.channels.iter().any(|channel| channel.name == "web" && !channel.slots.is_empty());
    let place = |rng: &mut Rng, name: &str| match name {
        "web" if slots => rng.pick(&["web", "web.hero", "web.banner"]).to_owned(),
        other => other.to_owned(),
    };
    let mut asked = Asked { places: channels.iter().map(|name| place(rng, name)).collect(), ..Asked::default() };
    asked.seed = rng.percent(50).then(|| format!("session {}", rng.below(1000)));
    asked.undrawn = rng.percent(5);
    asked.rows = products(rng);
    for (path, _, action) in rules.actions() {
        if action.trust.is_some() && rng.percent(40) {
            let contacts = rng.below(60);
            asked.evidence.push((path.clone(), rng.below(contacts + 1), contacts));
        }
        if action.trust.is_some() && action.rows.is_some() && rng.percent(40) {
            let contacts = rng.below(60);
            asked.evidence.push((format!("{path}[{}]", rng.pick(&SKUS)), rng.below(contacts + 1), contacts));
        }
        for treatment in &action.treatments {
            let Some(trial) = treatment.content.trial().filter(|_| rng.percent(10)) else { continue };
            let Some(arm) = some_arm(rng, &treatment.content) else { continue };
            asked.assigned.push((format!("{path}.{}", trial.name), arm));
        }
    }
    asked
}

fn some_arm(rng: &mut Rng, content: &Content) -> Option<String> {
    Some(match content {
        Content::Key(_) => return None,
        Content::Experiment(experiment) => {
            experiment.arms[rng.below(experiment.arms.len() as u64) as usize].name.clone()
        }
        Content::Factorial(factorial) => {
            let levels = factorial.factors.iter().map(|of| of.levels[rng.below(2) as usize].as_str());
            factorial.cell_name(&levels.collect::<Vec<_>>())
        }
    })
}

/// Contacts that have shown arms of the rules' experiments, some of which are no more.
pub fn shown(rng: &mut Rng, rules: &Rules, situation: &mut Situation) {
    let now = situation.now;
    let mut rows = Vec::new();
    for (path, _, action) in rules.actions() {
        for treatment in &action.treatments {
            let Some(trial) = treatment.content.trial() else { continue };
            while rng.percent(25) {
                let arm = some_arm(rng, &treatment.content).filter(|_| rng.percent(75)).unwrap_or("gone".to_owned());
                let at = now.saturating_sub_millis(rng.between(-1, 40) * 86_400_000 + rng.between(0, 86_400_000));
                let id = format!("shown {}", rows.len());
                let mut row = |outcome: Outcome| {
                    let text = |text: &str| Val::Text(text.to_owned());
                    let properties = Values::from([
                        ("id".to_owned(), text(&id)),
                        ("outcome".to_owned(), Val::Category(outcome.index())),
                        ("action".to_owned(), text(&path)),
                        ("kind".to_owned(), Val::Category(ContactKind::Offer.index())),
                        ("channel".to_owned(), text(&rules.channels[treatment.place.channel].name)),
                        ("experiment".to_owned(), text(trial.name)),
                        ("arm".to_owned(), text(&arm)),
                    ]);
                    rows.push(Row { at, sequence: 0, properties });
                };
                row(rng.pick(&[Outcome::Impression, Outcome::Sent, Outcome::Sent, Outcome::Withheld]));
                if rng.percent(15) {
                    row(Outcome::Failed);
                }
            }
        }
    }
    // The household's are the customer's too.
    let histories = &mut situation.customer.histories;
    for kind in [CONTACT, Sharing::Household.word()] {
        histories.get_mut(kind).into_iter().for_each(|history| history.rows.extend(rows.iter().cloned()));
    }
}
