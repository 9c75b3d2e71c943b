//! Many customers and limited stock: the greedy allocation as a plain loop, in any order and on any number of threads.

use std::num::NonZeroUsize;

use crate::oracle::engine::engine;
use crate::oracle::generate::Rng;
use crate::oracle::generate::catalogue::{self, CHANNELS};
use nextbest::{
    Answer, Chosen, Consent, Currency, Decision, Effect, Engine, Instant, Money, Reason, Record, RecordSchema, Request,
    Ruleset,
};

const SHOP: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  clv money EUR?  points int? }
channel web inbound { slot hero 1  slot banner 2 }
channel email outbound needs consent email.marketing cost 0.40 EUR
tiers service > marketing
holdout universal 20% salt "2026" except service
policy contact { cap marketing on any at most 1 in any 7 days }
program trips {
  campaign sea for everyone every control 20% {
    offer cruise { value clv  cost 10% of clv  propensity 10%  treat web.hero "cruise.web"  treat email "cruise.mail" }
    offer ferry  { value 30 EUR  propensity 10%  treat web.hero "ferry.web"  treat web.banner "ferry.banner" }
  }
  campaign land for everyone every {
    offer train  { value 20 EUR  cost 3 EUR  propensity 10%  eligible when points > 3  treat web.hero "train.web"  treat web.banner "t" }
    message atlas { value 1 EUR  propensity 10%  treat web.banner "atlas"  treat email "atlas.mail" }
  }
}
program care { campaign sorry for everyone every {
  service voucher { basis contract  eligible when points < 2  treat web.banner "voucher" }
} }
"#;

fn euros(n: i64) -> Money {
    Money::new(n * 100, Currency::named("EUR").unwrap())
}

fn shop(customers: i64) -> (Engine<Record>, RecordSchema, Vec<Record>) {
    let rules = Ruleset::parse(&[("shop.nba", SHOP)]).unwrap_or_else(|problems| panic!("{problems}"));
    let engine = rules.bind_records().unwrap_or_else(|problems| panic!("{problems}"));
    let schema = rules.record_schema().unwrap();
    let customer = |n: i64| {
        let mut customer = schema.record();
        customer.set("person", format!("c{n}")).unwrap().set("points", n % 7).unwrap();
        if n % 5 != 0 {
            customer.set("clv", euros(n * 31 % 90)).unwrap();
        }
        if n % 3 != 0 {
            customer.add_consent(Consent::granted("email", "marketing", Instant::from_millis(0))).unwrap();
        }
        customer
    };
    let customers = (0..customers).map(customer).collect();
    (engine, schema, customers)
}

/// A request, and the stocks and budgets (in cents, `budget of …`) that are given with it.
struct Asked {
    request: Request,
    stocks: Vec<(String, u64)>,
}

impl Asked {
    fn new(request: Request, stocks: &[(&str, u64)]) -> Self {
        let request = stocks.iter().fold(request, |request, (path, n)| match path.strip_prefix("budget of ") {
            Some(path) => request.budget(path, Money::new(*n as i64, Currency::named("EUR").unwrap())).unwrap(),
            None => request.stock(path, *n).unwrap(),
        });
        Asked { request, stocks: stocks.iter().map(|(path, n)| ((*path).to_owned(), *n)).collect() }
    }
}

/// What a decision takes from stocks, in the order in which it does, those channels before all others, each with whether it is
/// withheld.
fn taken<'d>(decision: &'d Decision, first: &[String]) -> Vec<(&'d Chosen, bool)> {
    let mut slots: Vec<_> = decision.slots.iter().collect();
    slots.sort_by_key(|slot| first.iter().position(|name| *name == slot.channel).unwrap_or(first.len()));
    let slots = slots.into_iter().flat_map(|slot| {
        let withheld = slot.withheld.iter().map(|withheld| (&withheld.action, true));
        withheld.chain(slot.action().map(|action| (action, false)))
    });
    slots.filter(|(action, _)| reserved(action).next().is_some()).collect()
}

/// The stocks and budgets that an action is of, with how much it takes.
fn reserved(action: &Chosen) -> impl Iterator<Item = (String, u64)> {
    action.effects.iter().filter_map(|effect| match effect {
        Effect::Reserve { stock } if !stock.is_empty() => Some((stock.clone(), 1)),
        Effect::Spend { budget, amount } => Some((format!("budget of {budget}"), amount.minor as u64)),
        _ => None,
    })
}

/// Tier, priority and value the other way round, and id: the least is first.
type Rank = (usize, f64, i64, Option<String>);

/// Again and again the best of all that is wished for, everybody decided for from the beginning.
fn naive(engine: &Engine<Record>, customers: &[Record], asked: &Asked, id: &str, tiers: &[&str]) -> Vec<Decision> {
    let mut remaining = asked.stocks.clone();
    let mut gone: Vec<Vec<String>> = vec![Vec::new(); customers.len()];
    let mut granted = vec![0; customers.len()];
    let decide = |customer: usize, gone: &[Vec<String>]| {
        let out = gone[customer].iter();
        let request = out.fold(asked.request.clone(), |request, path| request.stock(path, 0).unwrap());
        engine.decide(&customers[customer], &request)
    };
    let first = |customer: &Record| engine.explain(customer, &asked.request).preferred.map(|first| first.channels);
    let first: Vec<Vec<String>> = customers.iter().map(|customer| first(customer).unwrap_or_default()).collect();
    // Only who came too late is decided for anew: the others would get the same.
    let mut decisions: Vec<Decision> = (0..customers.len()).map(|n| decide(n, &gone)).collect();
    loop {
        let mut best: Option<(usize, Rank)> = None;
        for (n, decision) in decisions.iter().enumerate() {
            let Some((action, _)) = taken(decision, &first[n]).get(granted[n]).copied() else { continue };
            let tier = tiers.iter().position(|tier| {
                *tier == format!("{:?}", action.kind).to_lowercase()
                    || (*tier == "marketing" && action.factors.is_some())
            });
            let factors = action.factors.as_ref();
            let key = (
                // A fallback comes last.
                if action.fallback { usize::MAX } else { tier.unwrap() },
                -factors.map_or(0.0, |factors| factors.priority),
                -factors.map_or(0, |factors| factors.value),
                customers[n].get(id).map(|id| id.to_string()),
            );
            if best.as_ref().is_none_or(|(_, before)| key.partial_cmp(before).unwrap().is_lt()) {
                best = Some((n, key));
            }
        }
        let Some((n, _)) = best else { return decisions };
        let taken = taken(&decisions[n], &first[n]);
        let (action, withheld) = taken[granted[n]];
        let takes = |of: &str| reserved(action).filter(|(path, _)| path == of).map(|(_, much)| much).max().unwrap_or(0);
        if remaining.iter().any(|(path, left)| takes(path) > *left) {
            gone[n].push(action.action.clone());
            decisions[n] = decide(n, &gone);
        } else {
            granted[n] += 1;
            if !withheld {
                remaining.iter_mut().for_each(|(path, left)| *left -= takes(path));
            }
        }
    }
}

/// Those stocks that ran out for a customer are named again by the naive procedure, so that their effects differ.
fn plain(mut decisions: Vec<Decision>) -> Vec<Decision> {
    for slot in decisions.iter_mut().flat_map(|decision| &mut decision.slots) {
        if let Answer::Action(chosen) = &mut slot.answer {
            chosen.effects.sort_by_key(|effect| format!("{effect:?}"));
            chosen.effects.dedup();
        }
    }
    decisions
}

/// In the order given, in others, and on some numbers of threads.
fn in_any_order(engine: &Engine<Record>, customers: &[Record], request: &Request, rng: &mut Rng) -> Vec<Decision> {
    let decisions = engine.decide_all(customers, request);
    for threads in [1, 2, 8] {
        let mut order: Vec<usize> = (0..customers.len()).collect();
        rng.shuffle(&mut order);
        let shuffled = order.iter().map(|&n| &customers[n]);
        let found = engine.decide_all_on(NonZeroUsize::new(threads).unwrap(), shuffled, request);
        for (place, n) in order.into_iter().enumerate() {
            assert_eq!(found[place], decisions[n], "customer {n} on {threads} threads");
        }
    }
    decisions
}

#[test]
fn stock_goes_to_those_to_whom_it_is_worth_most() {
    let (engine, _, customers) = shop(300);
    let mut rng = Rng::new(1);
    let now = Instant::parse("2026-03-10T12:00:00+01:00").unwrap();
    let ask = |channels: &[&str]| {
        channels.iter().fold(engine.request(now), |request, channel| request.channel(channel).unwrap())
    };
    let stocks: [&[(&str, u64)]; 8] = [
        &[("trips.sea.cruise", 20)],
        &[("trips.sea.cruise", 20), ("trips.sea.ferry", 30), ("trips.land.train", 5)],
        &[("trips.sea", 40), ("trips.sea.cruise", 30), ("trips", 90)],
        &[("care", 15), ("trips", 0)],
        &[("trips", 1000), ("trips.sea", 1)],
        &[("budget of trips", 5000)],
        &[("budget of trips.sea", 3000), ("trips.sea", 60), ("budget of trips.land.train", 1000)],
        &[("budget of trips.sea.cruise", 40), ("budget of trips", 2000)],
    ];
    let mut refused = 0;
    for channels in [&["web"][..], &["email"], &["email", "web.banner", "web.hero"]] {
        for stocks in stocks {
            let asked = Asked::new(ask(channels), stocks);
            let found = in_any_order(&engine, &customers, &asked.request, &mut rng);
            let expected = naive(&engine, &customers, &asked, "person", &["service", "marketing"]);
            let one_by_one: Vec<Decision> = customers.iter().map(|c| engine.decide(c, &asked.request)).collect();
            refused += found.iter().zip(&one_by_one).filter(|(found, alone)| found != alone).count();
            for (n, (found, expected)) in plain(found.clone()).iter().zip(&plain(expected)).enumerate() {
                assert_eq!(found, expected, "customer {n} on {channels:?} with {stocks:?}\n{found}\n{expected}");
            }
            for (path, most) in stocks {
                let shown = found.iter().flat_map(|d| &d.slots).filter_map(|slot| slot.action());
                let taken = shown.flat_map(reserved).filter(|(of, _)| of == path).map(|(_, much)| much);
                let taken: u64 = taken.sum();
                assert!(taken <= *most, "{taken} of {path}, of which there are {most}");
            }
        }
    }
    assert!(refused > 500, "{refused}");
}

#[test]
fn generated_rules_share_as_the_plain_loop_does() {
    let mut shared = 0;
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let text = catalogue::rules(&mut rng);
        let subject = engine(&text).unwrap_or_else(|problems| panic!("case {seed}\n{text}\n{problems}"));
        let rules = subject.rules();
        let paths: Vec<String> = rules.actions().map(|(path, ..)| path).collect();
        if paths.is_empty() {
            continue;
        }
        let situations: Vec<_> = (0..14).map(|_| catalogue::situation(&mut rng, rules.zone)).collect();
        let mut customers: Vec<Record> = Vec::new();
        for (n, situation) in situations.iter().enumerate() {
            let (mut record, _) = subject.asked(situation);
            record.set("person", format!("c{n:02}")).unwrap();
            customers.push(record);
        }
        let mut request = subject.asked(&situations[0]).1;
        for channel in CHANNELS {
            request = request.channel(channel).unwrap();
        }
        let budgets: Vec<String> = paths.iter().map(|path| format!("budget of {path}")).collect();
        let mut stocks: Vec<(&str, u64)> = paths.iter().map(|path| (path.as_str(), rng.below(4))).collect();
        stocks.extend(budgets.iter().map(|path| (path.as_str(), 5 * rng.below(12))));
        stocks.retain(|_| rng.percent(60));
        let asked = Asked::new(request, &stocks);
        let line = text.lines().find_map(|line| line.strip_prefix("tiers "));
        let tiers: Vec<&str> = line.unwrap_or("service > marketing").split(" > ").collect();
        let found = in_any_order(subject.engine(), &customers, &asked.request, &mut rng);
        let expected = naive(subject.engine(), &customers, &asked, "person", &tiers);
        let alone: Vec<Decision> = customers.iter().map(|c| subject.engine().decide(c, &asked.request)).collect();
        shared += usize::from(alone != found);
        assert_eq!(plain(found), plain(expected), "case {seed} with {stocks:?}\n{text}");
    }
    assert!(shared > 15, "{shared}");
}

#[test]
fn who_comes_too_late_is_told_so_and_the_queue_knows_its_ties() {
    let (engine, schema, _) = shop(0);
    let now = Instant::parse("2026-03-10T12:00:00+01:00").unwrap();
    let request = engine.request(now).undrawn().channel("web.hero").unwrap();
    let like = |id: Option<&str>| {
        let mut customer = schema.record();
        customer.set("points", 0).unwrap().set("clv", euros(70)).unwrap();
        if let Some(id) = id {
            customer.set("person", id).unwrap();
        }
        customer
    };
    let customers = [like(None), like(Some("bob")), like(Some("ann")), like(None)];
    let who = |stock: u64| -> Vec<bool> {
        let request = request.clone().stock("trips", stock).unwrap();
        engine.decide_all(&customers, &request).iter().map(|decision| decision.action().is_some()).collect()
    };
    assert_eq!(who(1), [false, false, true, false]);
    assert_eq!(who(2), [false, true, true, false]);
    assert_eq!(who(3), [true, true, true, false], "of those without an id who was given first");
    let late = &engine.decide_all(&customers, &request.clone().stock("trips", 1).unwrap())[1];
    assert_eq!(late.reason(), Some(Reason::Capacity));
    let first = &engine.decide_all(&customers, &request.stock("trips", 1).unwrap())[2];
    assert_eq!(first.action().unwrap().effects, [Effect::Reserve { stock: "trips".into() }]);
    assert!(first.to_string().ends_with(", one of the stock of trips"), "{first}");
    assert!(engine.decide_all([], &engine.request(now)).is_empty());
}
