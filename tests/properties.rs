//! x
#![allow(dead_code)]
mod oracle;
#[test]
fn prints() {
    for seed in 0..3 {
        let case = oracle::generate::Case::of(seed, oracle::generate::Size::default());
        println!("{}\n{}", case.text(), case.situations[0]);
    }
}
