//! What the benches share: customers of a fixed seed, and the rules with their hand-written twins.
#![allow(dead_code, missing_docs, clippy::unwrap_used)] // Each bench takes its part; a panic ends a bench, as it should.

pub mod cases;
pub mod customer;
pub mod decisions;
pub mod random;
pub mod segments;
pub mod shopper;
pub mod turns;

/// SplitMix64: small, seedable, the same on every machine.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Rng(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// In [low, high].
    pub fn int(&mut self, low: i64, high: i64) -> i64 {
        low + (self.bits() % (high - low + 1) as u64) as i64
    }

    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// One of them, the first ones far more often.
    pub fn zipf<T: Copy>(&mut self, from: &[T]) -> T {
        let total: f64 = (1..=from.len()).map(|k| 1.0 / k as f64).sum();
        let mut left = self.unit() * total;
        for (k, &item) in from.iter().enumerate() {
            left -= 1.0 / (k + 1) as f64;
            if left <= 0.0 {
                return item;
            }
        }
        from[from.len() - 1]
    }

    /// Up to `most` different ones, at least one.
    pub fn some<T: Copy + PartialEq>(&mut self, from: &[T], most: i64) -> Vec<T> {
        let wanted = self.int(1, most) as usize;
        let mut some = Vec::new();
        while some.len() < wanted {
            let one = self.zipf(from);
            if !some.contains(&one) {
                some.push(one);
            }
        }
        some
    }
}
