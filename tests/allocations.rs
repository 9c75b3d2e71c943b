//! An evaluation allocates nothing once its working memory has grown to what the rules and the customers need.
#![cfg(feature = "derive")]
// A counting allocator is unsafe to write; it is the only such code, and in a test program of its own.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use nextbest::{
    Category, Contact, ContactKind, Datum, Event, Events, Function, Instant, Item, Money, Outcome, Profile, Request,
    Ruleset, Schema, Type, Zone,
};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on as it is; counting touches nothing but a plain cell of this thread.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How often `work` allocates.
fn allocations<T>(work: impl FnOnce() -> T) -> usize {
    let before = ALLOCATIONS.with(Cell::get);
    drop(std::hint::black_box(work()));
    ALLOCATIONS.with(Cell::get) - before
}

#[derive(Clone, Copy, Category)]
enum Plan {
    Basic,
    Pro,
}

#[derive(Profile)]
struct Customer {
    #[profile(id)]
    id: i64,
    #[profile(zone)]
    zone: Option<Zone>,
    age: Option<i64>,
    plan: Plan,
    city: Option<String>,
    likes: Vec<String>,
    #[profile(list)]
    newsletter: Option<bool>,
    shoe_sizes: Vec<i64>,
    settings: std::collections::BTreeMap<String, bool>,
    #[profile(currency = "EUR")]
    worth: Option<Money>,
    #[profile(events)]
    orders: Events<Order>,
    #[profile(contacts)]
    contacts: Events<Contact>,
    #[profile(items)]
    cart: Option<Vec<CartItem>>,
    #[profile(events)]
    visits: Events<Visit>,
}

#[derive(Item)]
struct CartItem {
    goods: String,
    #[item(currency = "EUR")]
    price: Money,
    pieces: i64,
}

#[derive(Event)]
struct Visit {
    at: Instant,
    goods: String,
    pieces: i64,
}

#[derive(Event)]
struct Order {
    at: Instant,
    #[event(currency = "EUR")]
    total: Option<Money>,
    goods: String,
    pieces: i64,
    weight: f64,
}

const RULES: &str = r#"
ruleset shop { currency EUR zone "Europe/Berlin" }
context { weather enum(sun, rain)? place text? clock time? spot point? }

let spent = sum(orders.total within 90 days)
let goods_of_first = first(orders).goods
let lat = avg(orders.weight)
let typical = avg(orders.total within 1 year)
let load = avg(orders.weight) * 2
let kinds = count(distinct orders.goods)
let sizes = count(distinct orders.pieces where goods = "shoes" within 2 years)
let weeks = count(weeks with orders within 1 year)
let middle = median(orders.total)
let usual = most_frequent(orders.goods)
let blocks = count(rolling weeks with orders)
let stage = lifecycle(orders, 30 days)
let share = count(orders where goods = "shoes") / count(orders)
let largest = max(orders.total)
let busy = count(orders within 30 days) >= 3
score loyalty on count(orders within 1 year) { 3 if >= 20, 2 if >= 5, else 1 }

segment adult when age between 18 and 70
segment urban when city in ["Berlin", "Paris", "A rather long name of a city, which is compared as a text"]
segment loose when city contains "ERL" ignoring case or city matches "^P.*s$"
list towns ["Paris", "Rome"]
segment reader when in list newsletter
segment sized when shoe_sizes contains any of [3, 9] and length(shoe_sizes) > 2
segment called when settings["calls"] and settings["post"] is missing
segment townsman when city not in list towns ignoring case or city in list towns
segment likes_shoes when likes contains any of ["shoes", "boots"] and not likes contains all of ["hats", "caps"] ignoring case
segment fan when any(orders where goods starts with "sh" within 60 days) and not in segment adult
segment buyer when count(orders where total >= 10 EUR within 30 days) >= 2
segment rich when spent > worth and typical >= 20 EUR
segment curious when (kinds >= 3 and sizes >= 2) or weeks > 10
segment most_shoes when share > 0.25 and load > 1
segment last_shoes when last(orders).goods = "shoes" and first(orders).pieces >= 2
segment loyal when loyalty = 3 and in segment urban
segment every_big when all(orders within 30 days have pieces < 4)
segment again when count(orders as o where any(orders where goods = o.goods and pieces = o.pieces and at < o.at)) >= 2
segment pairs when any(orders as o where any(orders where pieces = o.pieces within 3 days before o.at))
segment early when none(orders where total > 5 EUR within 9 days after first(orders))
segment rainy when context.weather = "rain" and context.place = city
segment night when time(last(orders)) between 22:00 and 12:30 and context.clock < 09:00
segment newer when lenient_version(goods_of_first) >= version("3.10.0-rc.1") or lenient_version(goods_of_first) > lenient_version(city)
region town { point(0.0, 0.0) point(0.0, 90.0) point(60.0, 90.0) point(60.0, 0.0) hole { point(1.0, 1.0) point(1.0, 2.0) point(2.0, 1.0) } }
segment inner when point(lat, 13.4) is inside "town" or context.spot is not inside "town" or context.spot is within 3 km of point(52.0, 13.0)
segment close when point(lat, 13.4) is within 5400 km of context.spot and distance(context.spot, point(lat, lat)) > 1 km
segment shaped when city like "B_r%n" or city like "%R_S" ignoring case
segment half when bucket("half") < 50%
segment placed when top 40% by worth and quantile(spent, 5) >= 3 and ntile(kinds, 4) descending <= 3
segment above when percentile(load) > 50% or cume_dist(count(orders within 30 days), 4) = 4
segment followed when (orders where goods = "shoes") then orders within 1 month then (orders where pieces > 1) without (orders where pieces > 3)
segment awaited when last orders then not orders within 2 days or (orders within 60 days) then not yet orders within 3 days
segment unrepeated when (orders as o within 300 days) then not (orders where goods = o.goods) within 30 days
segment usually when usual = "shoes" and middle > 10 EUR and blocks > 2 and stage != "never"
segment shown when any(exposed(reminder) within 20 days) and count(exposed(winback)) < 9
segment unmoved when none(clicked(gift) within 30 days) and any(exposed(any) as e where none(clicked(any) where id = e.id))
segment returned when exposed(reminder) then orders within 3 days then not clicked(any) within 1 day
segment hosted when longer(city, age) or any(orders where initial(goods) = "s" and longer(goods, pieces))
event engaged = orders | visits
segment engaging when count(engaged within 20 days) >= 3 and sum(engaged.pieces within 60 days) > 5
segment engaged_last when last(engaged where pieces > 1).goods = "shoes" or none(engaged where goods = "hats" within 9 days)
segment engaged_again when any(engaged as e where any(visits where goods = e.goods within 3 days after e.at))
segment engaged_first when (engaged as e within 200 days) then (orders where goods = e.goods) without visits within 9 days
segment stopping when stopped(orders, 5 days, 60 days) or restarted(visits, 2 days, 6 days)
segment later when any(orders as o where none(orders where goods = o.goods and at > o.at) within 20 days)
segment patterned when city like "N%w%k" or city like "B%n"
segment filled when sum(cart.price where pieces > 1) > 20 EUR and last(cart).goods = "hats"
segment varied when count(distinct cart.goods) >= 2 and most_frequent(cart.goods) = "hats" and median(cart.pieces) < 3.0
segment single when all(cart have pieces < 3) or none(cart where price > 3 EUR)
segment bought when any(cart as c where any(orders where goods = c.goods within 30 days)) and cart is not empty
segment wanted when any(orders as o where any(cart where goods = o.goods and pieces > o.pieces)) or cart is missing
segment some when at least 2 of (age > 30, plan = "pro", busy, largest > 80 EUR)
channel email outbound needs consent email.marketing
program winback {
  campaign back for everyone every {
    service reminder { basis contract treat email "a" }
    service gift { basis contract treat email "b" }
  }
}
"#;

fn customers() -> Vec<Customer> {
    let eur = nextbest::Currency::named("EUR").unwrap();
    let now = now();
    (0..300i64)
        .map(|id| Customer {
            id,
            zone: [None, Zone::named("Asia/Tokyo"), Zone::named("America/New_York")][(id % 3) as usize],
            age: (id % 7 != 0).then_some(id % 90),
            plan: if id % 2 == 0 { Plan::Basic } else { Plan::Pro },
            city: (id % 5 != 0).then(|| ["Berlin", "Paris", "New York"][(id % 3) as usize].to_owned()),
            shoe_sizes: (0..id % 5).collect(),
            settings: [("calls".to_owned(), id % 2 == 0)].into_iter().take((id % 3) as usize).collect(),
            newsletter: [None, Some(false), Some(true)].get((id % 3) as usize).copied().flatten(),
            likes: ["shoes", "hats", "CAPS"].iter().take((id % 4) as usize).map(|&like| like.to_owned()).collect(),
            worth: (id % 11 != 0).then(|| Money::new(id * 100, eur)),
            cart: (id % 6 != 0).then(|| {
                (0..id % 9)
                    .map(|n| CartItem {
                        goods: ["hats", "shoes", "hats", "socks"][((n + id) % 4) as usize].to_owned(),
                        price: Money::new(n * 400, eur),
                        pieces: (n + id) % 4,
                    })
                    .collect()
            }),
            orders: (0..id % 60)
                .map(|n| Order {
                    at: now.saturating_sub_millis(n * (id % 13 + 1) * 86_400_000),
                    total: (n % 9 != 0).then(|| Money::new(n * 250, eur)),
                    goods: ["shoes", "hats", "shirts", "v3.11"][(n % 4) as usize].to_owned(),
                    pieces: n % 5,
                    weight: n as f64 / 3.0,
                })
                .collect(),
            visits: (0..id % 40)
                .map(|n| Visit {
                    at: now.saturating_sub_millis(n * (id % 11 + 1) * 50_000_000 + 1),
                    goods: ["shoes", "hats"][(n % 2) as usize].to_owned(),
                    pieces: n % 3,
                })
                .collect(),
            contacts: contacts(id, now),
        })
        .collect()
}

fn contacts(id: i64, now: Instant) -> Events<Contact> {
    let outcomes = [Outcome::Sent, Outcome::Clicked, Outcome::Impression, Outcome::Failed, Outcome::Sent];
    (0..id % 23)
        .map(|n| Contact {
            id: format!("{}", n / 3),
            at: now.saturating_sub_millis(n * (id % 9 + 1) * 86_400_000),
            outcome: outcomes[((n + id) % 5) as usize],
            action: ["winback.back.reminder", "winback.back.gift"][(n % 2) as usize].to_owned(),
            kind: ContactKind::Service,
            channel: "email".to_owned(),
            variant: None,
        })
        .collect()
}

fn functions() -> [Function; 2] {
    let longer = Function::new("longer", [Type::Text, Type::Int], Type::Bool, |given| match given {
        [Datum::Text(text), Datum::Int(length)] => Some(Datum::Bool(text.len() as i64 > *length)),
        _ => None,
    });
    let initial = Function::new("initial", [Type::Text], Type::Text, |given| match given {
        [Datum::Text(text)] => text.get(..1).map(Datum::Text),
        _ => None,
    });
    [longer, initial]
}

fn now() -> Instant {
    Instant::parse("2026-03-10T12:00:00+01:00").unwrap()
}

#[test]
fn nothing_is_allocated_after_the_first_round() {
    let rules = Ruleset::parse(&[("shop.nba", RULES)]).unwrap_or_else(|errors| panic!("{errors}"));
    let schema = functions().into_iter().fold(Customer::describe(Schema::new()), Schema::function);
    let engine = rules.bind_with(schema).unwrap_or_else(|errors| panic!("{errors}"));
    let request = engine.request(now()).context("weather", "rain").unwrap().context("place", "Paris").unwrap();
    let request = request.context("clock", nextbest::TimeOfDay::new(8, 30, 0).unwrap()).unwrap();
    let request = request.context("spot", nextbest::Point::new(52.5, 13.4).unwrap()).unwrap();
    let population = engine.population(&customers(), &request);
    let request = request.population(&population);
    let later = request.clone().at(now().saturating_sub_millis(-86_400_000));
    let values = ["spent", "typical", "load", "kinds", "sizes", "weeks", "share", "largest", "busy", "loyalty"]
        .map(|name| engine.value(name).unwrap());
    let segments: Vec<_> = engine.segments().collect();
    let customers = customers();
    let mut evaluator = engine.evaluator();

    let mut round = |request: &Request| {
        let mut members = vec![0; segments.len()];
        let counted = allocations(|| {
            for customer in &customers {
                let found = evaluator.segments(customer, request).len();
                let mut one_by_one = 0;
                for (count, &segment) in members.iter_mut().zip(&segments) {
                    let is_in = evaluator.is_in(customer, request, segment) == Ok(true);
                    *count += usize::from(is_in);
                    one_by_one += usize::from(is_in);
                }
                assert_eq!(found, one_by_one);
                for value in values {
                    assert!(evaluator.value(customer, request, value).is_ok());
                }
            }
            let mut within = evaluator.within(request);
            for customer in &customers {
                within.segments(customer);
            }
            // One segment at a time is the same.
            for (&segment, &count) in segments.iter().zip(&members) {
                let mut only = evaluator.within(request).only(segment).unwrap();
                assert_eq!(customers.iter().filter(|customer| only.is_in(customer)).count(), count);
            }
        });
        (counted, members)
    };
    round(&request);
    // Another moment resolves every window anew, and allocates no more for it.
    for request in [&request, &later, &request] {
        let (counted, members) = round(request);
        assert_eq!(counted, 0);
        // The rules do say something: each segment has members, and none has all customers.
        assert!(members.iter().all(|&count| 0 < count && count < 300), "{members:?}");
    }
}

/// A catalogue of so many campaigns, under a policy.
fn catalogue(campaigns: usize) -> String {
    let campaign = |n: usize| {
        format!(
            "campaign c{n} for buyer again after 30 days since exposed {{ offer o {{ value revenue: {n}.50 EUR, love: count(orders) points cost 20% of spent
               propensity 5% eligible when age > {} only in stage fresh, buying suppress when city = \"Rome\" because \"closed\" boost +10% when urban boost +20% after orders decaying over 9 days
               treat till \"c{n}\" treat mail \"c{n}\" }} }}\n",
            n % 30
        )
    };
    format!(
        "ruleset shop {{ currency EUR zone \"Europe/Berlin\" }}
         let spent = sum(orders.total within 90 days)
         let urban = city in [\"Berlin\", \"Paris\"]
         segment buyer when count(orders within 60 days) >= 2
         objective growth {{
           revenue in money  love in points of 1 EUR
           weights revenue 90%, love 10%  weights revenue 100% for city_buyer
         }}
         segment city_buyer when urban and in segment buyer
         stages shopper {{ fresh  buying when count(orders within 9 days) >= 2  rich when spent > 5000 EUR }}
         channel till inbound
         channel mail outbound needs consent mail.marketing
         policy contact {{
           cap marketing on till at most 1 in any 2 days
           quiet 21:00 to 09:00 on mail else wait
           rest each action 10 days after 2 rejects within 30 days
           block marketing while spent > 900 EUR because \"enough\"
           prefer channel \"mail\" else till
         }}
         program shop {{ {} campaign both for everyone every {{ offer pair bundles c1.o, c2.o {{
           value revenue: 900 EUR propensity 5% treat till \"pair\" treat mail \"pair\" }} }} }}",
        (1..=campaigns).map(campaign).collect::<String>()
    )
}

#[test]
fn a_decision_allocates_its_result_for_any_number_of_campaigns() {
    let customers = customers();
    for campaigns in [20, 400] {
        let rules = Ruleset::parse(&[("shop.nba", catalogue(campaigns))]).unwrap_or_else(|errors| panic!("{errors}"));
        let engine = rules.bind::<Customer>().unwrap_or_else(|errors| panic!("{errors}"));
        // The places are filled the other way round.
        let request = engine.request(now()).channel("till").unwrap().channel("mail").unwrap();
        // Grows the working memory.
        let decisions: Vec<_> = customers.iter().map(|customer| engine.decide(customer, &request)).collect();
        let acting = decisions.iter().filter(|decision| decision.action().is_some()).count();
        assert!((50..250).contains(&acting), "{acting}");
        let besides = customers.iter().zip(&decisions).map(|(customer, decision)| {
            allocations(|| engine.decide(customer, &request)) - allocations(|| decision.clone())
        });
        assert_eq!(besides.max(), Some(0));
    }
}
