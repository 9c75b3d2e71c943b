//! A decision over many campaigns in times of the hand-written twin, and its explanation; both must agree on every customer
//! before anything is timed.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::hint::black_box;

use common::customer::now;
use common::decisions::client::{Client, population};
use common::decisions::plan::{Plan, plans, text};
use common::decisions::twin::decide;
use common::turns::{Asked, times};
use nextbest::{Answer, Engine, Nothing, Request, Ruleset};

/// Customers to rotate over: each has a history of its own, so that all together are in the second-level cache.
const CUSTOMERS: usize = 64;

/// Campaigns, and events of each customer.
const SIZES: [(usize, usize); 5] = [(100, 200), (50, 200), (200, 200), (100, 100), (100, 400)];

fn main() {
    let asked = Asked::read();
    println!(
        "| campaigns | events | with an action | hand-written µs | decide µs | ratio | explain µs | in decisions |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (campaigns, events) in SIZES {
        let plans = plans(campaigns);
        let engine: Engine<Client> = Ruleset::load(&[("bench.nba", text(&plans))]).unwrap_or_else(|e| panic!("{e}"));
        let customers = population(CUSTOMERS, events, &plans);
        let request = engine.request(now()).channel("email").unwrap();
        let acting = agree(&engine, &plans, &customers, &request);
        let by_hand = |customer: &Client| black_box(decide(&plans, customer, now())).is_ok();
        let decided = |customer: &Client| black_box(engine.decide(customer, &request)).action().is_some();
        let explained = |customer: &Client| black_box(engine.explain(customer, &request)).decision.action().is_some();
        let [hand, time] = times(asked.turns, (&customers, by_hand), (&customers, decided));
        let share = 100 * acting / customers.len();
        print!("| {campaigns} | {events} | {share}% | {:.2} | {:.2} | {:.2} |", hand / 1e3, time / 1e3, time / hand);
        if asked.has("explain") {
            let [time, explained] = times(asked.turns, (&customers, decided), (&customers, explained));
            print!(" {:.1} | {:.1} |", explained / 1e3, explained / time);
        }
        println!();
    }
}

/// How many there is an action for; engine and twin find the same one, or the same reason for none.
fn agree(engine: &Engine<Client>, plans: &[Plan], customers: &[Client], request: &Request) -> usize {
    let mut acting = 0;
    for customer in customers {
        let decision = engine.decide(customer, request);
        let (chosen, twin) = (decision.action(), decide(plans, customer, now()));
        let at = format!("customer {}: {decision}", customer.id);
        match (&decision.slots[0].answer, twin) {
            (Answer::Action(chosen), Ok(show)) => {
                assert_eq!((&chosen.action, &chosen.content), (&show.action, &show.content), "{at}");
                assert_eq!(chosen.factors.map(|factors| factors.priority), Some(show.priority), "{at}");
            }
            (Answer::Nothing(Nothing { nearest: Some(nearest), .. }), Err(nothing)) => {
                assert_eq!((nearest.stage, &nearest.action), (nothing.stage, &nothing.nearest), "{at}");
            }
            _ => panic!("{at}"),
        }
        acting += usize::from(chosen.is_some());
    }
    acting
}
