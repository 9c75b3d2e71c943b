//! The native scheme is uniform, and one list of salts says nothing of another.
//!
//! A slice runs each time; `NEXTBEST_IDS=1000000 NEXTBEST_SALTS=100 cargo test --release --test buckets -- --nocapture` is the long run.
//! Hashes do not change, so what passes once passes always.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[allow(dead_code, reason = "only settings are used here")]
#[path = "support/parallel.rs"]
mod parallel;

use nextbest::bucket::bucket;
use parallel::setting;

/// How far counts are from equal ones, in standard deviations of χ² with so many degrees of freedom less one.
fn deviations(counts: &[u64], total: u64) -> f64 {
    let expected = total as f64 / counts.len() as f64;
    let squared: f64 = counts.iter().map(|&count| (count as f64 - expected).powi(2) / expected).sum();
    let freedom = counts.len() as f64 - 1.0;
    (squared - freedom) / (2.0 * freedom).sqrt()
}

#[test]
fn buckets_are_uniform_and_independent_of_each_other() {
    let ids = setting("NEXTBEST_IDS").unwrap_or(20_000);
    let salts = setting("NEXTBEST_SALTS").unwrap_or(12) as usize;
    // The first and the last eight bits of each bucket.
    let mut drawn: Vec<Vec<u8>> = Vec::new();
    let (mut worst, mut last) = (0.0_f64, vec![0; 256]);
    for salt in 0..salts {
        let salt = format!("salt-{salt}");
        let mut counts = vec![0; 256];
        let of_id = (0..ids).map(|id| {
            let bucket = bucket(&["experiment", &salt], &format!("customer-{id}"));
            last[(bucket & 0xff) as usize] += 1;
            counts[(bucket >> 56) as usize] += 1;
            (bucket >> 56) as u8
        });
        drawn.push(of_id.collect());
        worst = worst.max(deviations(&counts, ids).abs());
    }
    let low = deviations(&last, ids * salts as u64).abs();
    assert!(worst < 6.0 && low < 6.0, "{worst} and {low} standard deviations from uniform");
    let mut together = 0.0_f64;
    for (number, one) in drawn.iter().enumerate() {
        for other in &drawn[..number] {
            // Eight parts by eight.
            let mut counts = vec![0; 64];
            one.iter().zip(other).for_each(|(a, b)| counts[usize::from(a >> 5) * 8 + usize::from(b >> 5)] += 1);
            together = together.max(deviations(&counts, ids));
        }
    }
    println!("{ids} ids under {salts} salts: at most {worst:.2}, of pairs {together:.2} standard deviations");
    assert!(together < 7.0, "{together} standard deviations from independent");
}
