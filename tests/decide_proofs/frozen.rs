//! 100,000 decisions, 25,000 customers and moments for four places each, as one number: the same in debug and in release, on any number of threads, on any machine.
//!
//! `cargo test --release --test decide_proofs frozen` must find the same as `cargo test` does. Rules that come to mean something
//! else on purpose change it: the failure prints the new one.

use std::fmt::Write;
use std::num::NonZeroUsize;

use nextbest::{Answer, Chosen, Decision};
use sha2::{Digest, Sha256};

use crate::oracle::generate::Rng;
use crate::shop::{DAY, noon, shop};

const CUSTOMERS: u64 = 2_500;
/// Each decision is for four places.
const MOMENTS: i64 = 10;
const FROZEN: &str = "74a6de5c080ed115051d8cada88ab0bf5016a08da36dcb02370440652c4947cd";

/// What is decided, to the last bit; not the revision, nor what decisions may come to say besides.
fn written(to: &mut String, decision: &Decision) {
    for slot in &decision.slots {
        write!(to, "{}.{:?}:", slot.channel, slot.slot).unwrap();
        match &slot.answer {
            Answer::Action(action) => chosen(to, action),
            Answer::Nothing(nothing) => {
                write!(to, "{} {:?} {:?}", nothing.reason, nothing.nearest, nothing.retry_at).unwrap();
            }
        }
        for withheld in &slot.withheld {
            write!(to, " by {} ", withheld.by).unwrap();
            chosen(to, &withheld.action);
        }
    }
}

fn chosen(to: &mut String, action: &Chosen) {
    write!(to, "{} {} {:?} {:?}", action.action, action.content, action.variant, action.language).unwrap();
    write!(to, " {:?} {:?} {:?}", action.parameters, action.effects, action.valid_until).unwrap();
    let bits = action.factors.map(|f| [f.priority, f.propensity, f.context, f.lever].map(f64::to_bits));
    write!(to, " {bits:?} {:?};", action.factors.map(|f| (f.value, f.margin))).unwrap();
}

/// The digest of all decisions, made on so many threads.
fn digest(threads: usize) -> String {
    let shop = shop();
    let mut rng = Rng::new(20_260_301);
    let customers: Vec<_> = (0..CUSTOMERS).map(|number| shop.customer(&mut rng, number)).collect();
    let mut hash = Sha256::new();
    for moment in 0..MOMENTS {
        // Many hours of the day, from before to after the change of clocks.
        let request = shop.request(noon(18).saturating_add_millis(moment * (DAY + 5 * DAY / 24)));
        let decisions = shop.engine.decide_all_on(NonZeroUsize::new(threads).unwrap(), &customers, &request);
        for decision in &decisions {
            let mut text = String::new();
            written(&mut text, decision);
            hash.update(text);
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_hundred_thousand_decisions_are_what_they_were() {
    assert_eq!(digest(2), FROZEN, "if this is meant, write the first one down");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "once is enough where it is slow; `decide_all` is held against other threads")]
fn they_are_the_same_on_other_numbers_of_threads() {
    assert_eq!(digest(1), FROZEN);
    assert_eq!(digest(8), FROZEN);
}
