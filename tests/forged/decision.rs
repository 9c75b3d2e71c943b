//! A decision is made by the engine alone: a program can read it, or read it back, and not write one.

use nextbest::{Answer, Chosen, Decision, Slot};

fn of(decision: Decision, chosen: Chosen) -> (Decision, Slot) {
    let slot = Slot { channel: "email".into(), slot: None, answer: Answer::Action(chosen), withheld: Vec::new() };
    (Decision { slots: Vec::new(), ..decision }, slot)
}

fn main() {}
